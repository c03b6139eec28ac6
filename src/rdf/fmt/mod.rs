//! Formats Turtle, TriG, N-Triples and N-Quads in the layout of [`export`](super::write), preserving their comments.
//!
//! ```text
//!   directive              prefixes and the base
//!      │
//!   parser ── frame        statements of Turtle and TriG, with their comments; open subjects and lists
//!      │      lines        the same line by line, in N-Triples and N-Quads
//!      └──┬─────┘
//!       syntax             the tokens, comments and terms of the text
//! ```
//!
//! Nothing goes through the store. The output is parsed again: it must have the same statements as the input, except
//! for the labels of blank nodes, and the same comments. Otherwise formatting fails.
//!
//! - The order of subjects, predicates and objects is preserved, and so are the labels of blank nodes. Statements are
//!   not merged. When sorted, all of this is as in an export, and comments move with their statements.
//! - A comment at the end of a line stays with what ends there. A comment on its own line stays with what follows it.
//!   Comments before the first statement that an empty line separates from it stay at the head.
//! - `@prefix` and `@base` are at the top: the prefixes in their order, then those of the layout. Unused directives
//!   without comments are removed. Relative IRIs stay relative; if a document has several bases, they are resolved.

mod directive;
mod frame;
mod lines;
mod parser;

use super::diff::DatasetDiff;
use super::read::{RdfFile, read_file};
use super::syntax::{TokenReader, comments_of};
use super::write::{Layout, write_written};
use crate::diagnostic::{Diagnostic, Error, Excerpt, Result, error};
use crate::dossier::SourceFile;
use crate::format::GraphFormat;
use std::borrow::Cow;
use std::collections::HashMap;

/// Formats a file. `is_sorted` sorts it into the order of an export; `layout` provides that order, and prefixes in
/// addition to those of the file.
///
/// # Errors
/// If the format is RDF/XML or JSON-LD; if the file is invalid, or brackets are nested too deep; if a comment would be
/// lost; if the output cannot be verified to have the same statements.
pub fn format(file: &RdfFile, layout: &Layout<'_>, is_sorted: bool) -> Result<String> {
    let name = file.source.path.as_str();
    let graph_format = file.format.graph_format();
    if matches!(graph_format, GraphFormat::RdfXml | GraphFormat::JsonLd) {
        let format = file.format.name();
        return Err(error!("format-not-laid-out", "`{name}`: cannot format {format}")
            .help(format!(
                "`format` supports turtle, trig, ntriples and nquads; rewrite the data with `dossier convert {name} -o FILE.{}`",
                graph_format.extension()
            ))
            .usage());
    }
    let (quads, _) = read_file(file)?;
    let text = file.source.text().map_err(Diagnostic::input)?;
    let reader = TokenReader::new(name, text, is_sorted).map_err(Diagnostic::input)?;
    let formatted = if matches!(graph_format, GraphFormat::NTriples | GraphFormat::NQuads) {
        lines::lay_out(reader, is_sorted).map_err(Diagnostic::input)?
    } else {
        let written = parser::parse(reader).map_err(Diagnostic::input)?;
        let mut out = Vec::new();
        write_written(&written, layout, is_sorted, &mut out)
            .map_err(|error| Diagnostic::new(format!("`{name}`: {error}")).input())?;
        String::from_utf8_lossy(&out).into_owned()
    };
    if let Some(lost) = lost_comment(text, &formatted) {
        return Err(error!("comment-without-place", "this comment has no place in the new layout")
            .at(Excerpt::new(name, text, lost))
            .help("move it above a statement")
            .input());
    }
    let bytes = Cow::Owned(formatted.clone().into_bytes());
    let source = SourceFile { path: name.to_owned(), bytes };
    let again = RdfFile { base: file.base.clone(), ..RdfFile::of(source, file.format) };
    match read_file(&again) {
        Ok((again, _)) if again == quads => Ok(formatted),
        Ok((again, _)) => match DatasetDiff::between(&quads, &again) {
            diff if diff.is_empty() => Ok(formatted),
            diff if diff.is_smallest_unknown => Err(changed(
                name,
                "its blank nodes are too similar to verify the new layout",
                "give them different types or labels",
            )),
            _ => Err(changed(
                name,
                "the new layout would change the data",
                "this is a bug in dossier: please report it with the file",
            )),
        },
        Err(_) => Err(changed(
            name,
            "the new layout could not be read again",
            "this is a bug in dossier: please report it with the file",
        )),
    }
}

fn changed(name: &str, message: &str, help: &str) -> Error {
    Diagnostic::new(format!("`{name}` is unchanged: {message}")).help(help).input()
}

/// Returns the span of the first comment of a text that another one lacks.
fn lost_comment(text: &str, other: &str) -> Option<std::ops::Range<usize>> {
    let mut there: HashMap<&str, usize> = HashMap::new();
    for span in comments_of(other) {
        *there.entry(other.get(span)?).or_default() += 1;
    }
    comments_of(text).find(|span| {
        let comment = text.get(span.clone()).unwrap_or_default();
        match there.get_mut(comment) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        }
    })
}
