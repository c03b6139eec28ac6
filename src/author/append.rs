//! Appends statements to a Turtle or TriG file without changing what is in it.

use crate::diagnostic::{Diagnostic, Result, error};
use crate::dossier::SourceFile;
use crate::format::GraphFormat;
use crate::rdf::diff::DatasetDiff;
use crate::rdf::read::{LanguageTags, RdfFile};
use crate::rdf::write::{Layout, write_quads};
use crate::sparql::declared_prefixes;
use crate::sparql::lexer::{Token, TokenKind, tokens};
use crate::vocabulary::{Ontology, Prefixes};
use oxigraph::model::{BlankNode, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A file with more statements at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Appended {
    /// Its whole text.
    pub text: String,
    /// Where each block stands in the text.
    pub blocks: Vec<Range<usize>>,
}

/// Adds statements at the end of a Turtle or TriG file, one block after the other. Statements of named graphs make it
/// TriG. The file keeps its prefixes; others of `prefixes` are declared where they are needed.
///
/// # Errors
/// If the file is broken, or if the statements cannot be written or would mean something else in it: it declares a prefix
/// twice, or uses the same labels for blank nodes.
pub(super) fn append(
    path: &str,
    text: &str,
    blocks: &[Vec<Quad>],
    prefixes: &Prefixes,
    ontology: &Ontology,
) -> Result<Appended> {
    let mut names = declared_prefixes(text);
    let declared: BTreeSet<String> = names.iter().map(|(prefix, _)| prefix.to_owned()).collect();
    names.complete(prefixes);
    let layout = Layout { prefixes: &names, ontology };
    let (mut missing, mut bodies) = (BTreeSet::new(), Vec::new());
    let mut taken: BTreeSet<String> =
        labels(text).map(|label| text[label].trim_end_matches('.').to_owned()).collect();
    for block in blocks {
        let (directives, body) = written(block, &layout)?;
        let body = relabelled(&body, &mut taken);
        missing.extend(directives.lines().filter(|line| !line.is_empty()).filter_map(|line| {
            let prefix = line.strip_prefix("@prefix ")?.split_once(':')?.0;
            (!declared.contains(prefix)).then(|| single_spaced(line))
        }));
        bodies.push(body);
    }
    let appended = joined(text, &missing, &bodies);
    let read = |text: &str| -> Result<Vec<Quad>> {
        let path = if path.ends_with(".ttl") { path } else { "data.trig" };
        let source = SourceFile { path: path.to_owned(), bytes: text.as_bytes().to_vec().into() };
        let file = RdfFile::new(source).map_err(Diagnostic::input)?;
        let (tags, mut quads) = (LanguageTags::new(true), Vec::new());
        file.read_with(&tags, 1, &mut Prefixes::default(), |quad| quads.push(quad))
            .map_err(Diagnostic::input)?;
        Ok(quads)
    };
    let mut expected = read(text)?;
    expected.extend(distinct(blocks));
    if read(&appended.text).is_ok_and(|quads| DatasetDiff::between(&expected, &quads).is_empty()) {
        Ok(appended)
    } else {
        Err(error!(
            "file-not-appendable",
            "what is added to `{path}` would not mean the same there"
        )
        .help("declare each prefix once, at the head of the file, or add to another file")
        .input())
    }
}

/// Writes a block. Returns its prefixes and its statements.
fn written(block: &[Quad], layout: &Layout<'_>) -> Result<(String, String)> {
    let mut written = Vec::new();
    write_quads(GraphFormat::TriG, block.to_vec(), layout, &mut written)
        .map_err(|error| Diagnostic::new(error.to_string()).input())?;
    let written = String::from_utf8_lossy(&written);
    // The writer declares each prefix on a line of its own, before everything else.
    let head = |line: &&str| line.starts_with("@prefix ") || line.is_empty();
    let lines = written.split_inclusive('\n');
    let length = lines.take_while(|line| head(&line.trim_end())).map(str::len).sum();
    let (directives, body) = written.split_at(length);
    Ok((directives.to_owned(), body.trim_end().to_owned()))
}

/// Returns where the labels of blank nodes stand in a text.
fn labels(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_label =
        |token: &Token| token.kind == TokenKind::Word && text[token.span.clone()].starts_with("_:");
    tokens(text).into_iter().filter(is_label).map(|token| token.span)
}

/// Returns a block whose blank nodes have no label that is taken: the writer numbers those of each block from 0.
fn relabelled(body: &str, taken: &mut BTreeSet<String>) -> String {
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    let (mut out, mut done) = (String::new(), 0);
    for span in labels(body) {
        let label = &body[span.clone()];
        let name = names.entry(label).or_insert_with(|| {
            let numbered = (2..).map(|number: usize| format!("{label}x{number}"));
            let mut free = std::iter::once(label.to_owned()).chain(numbered);
            free.find(|name| !taken.contains(name)).unwrap_or_default()
        });
        out.push_str(&body[done..span.start]);
        out.push_str(name);
        done = span.end;
    }
    out.push_str(&body[done..]);
    taken.extend(names.into_values());
    out
}

/// Joins the text of a file, the prefixes that it lacks, and the new blocks.
fn joined(text: &str, missing: &BTreeSet<String>, bodies: &[String]) -> Appended {
    let (head, rest) = text.split_at(end_of_directives(text));
    let mut out = head.to_owned();
    if !head.is_empty() && !head.ends_with('\n') {
        out.push('\n');
    }
    for directive in missing {
        out.push_str(directive);
        out.push('\n');
    }
    let rest = if out.is_empty() { rest.trim_start_matches('\n') } else { rest };
    if rest.trim().is_empty() {
        if !out.is_empty() {
            out.push('\n');
        }
    } else {
        if head.is_empty() && !missing.is_empty() {
            out.push('\n');
        }
        out.push_str(rest.trim_end());
        out.push_str("\n\n");
    }
    let mut blocks = Vec::new();
    for (number, body) in bodies.iter().enumerate() {
        if number > 0 {
            out.push_str("\n\n");
        }
        blocks.push(out.len()..out.len() + body.len());
        out.push_str(body);
    }
    out.push('\n');
    Appended { text: out, blocks }
}

/// Returns the quads of all blocks, with blank nodes of their own for each block.
fn distinct(blocks: &[Vec<Quad>]) -> impl Iterator<Item = Quad> {
    blocks.iter().enumerate().flat_map(|(number, block)| {
        let renamed = move |node: &BlankNode| {
            BlankNode::new_unchecked(format!("block{number}-{}", node.as_str()))
        };
        block.iter().map(move |quad| {
            let mut quad = quad.clone();
            if let NamedOrBlankNode::BlankNode(node) = &quad.subject {
                quad.subject = renamed(node).into();
            }
            if let Term::BlankNode(node) = &quad.object {
                quad.object = renamed(node).into();
            }
            quad
        })
    })
}

/// Returns the end of the last line of the prefixes at the head of a file.
fn end_of_directives(text: &str) -> usize {
    let (mut end, mut position) = (0, 0);
    for line in text.split_inclusive('\n') {
        position += line.len();
        let words = line.trim_start();
        let is = |keyword: &str| {
            words.get(..keyword.len()).is_some_and(|start| start.eq_ignore_ascii_case(keyword))
        };
        if is("@prefix") || is("@base") || is("PREFIX ") || is("BASE ") {
            end = position;
        } else if !words.is_empty() && !words.starts_with('#') {
            break;
        }
    }
    end
}

/// The writer aligns the namespaces of several prefixes.
fn single_spaced(directive: &str) -> String {
    directive.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{dcterms, dos, rdf};
    use oxigraph::model::{GraphName, Literal, NamedNode};

    fn quads() -> Vec<Quad> {
        let thing = NamedNode::new_unchecked("https://example.com/tea/history");
        let graph = GraphName::DefaultGraph;
        vec![
            Quad::new(thing.clone(), rdf::TYPE, dos::DOCUMENT_CLASS, graph.clone()),
            Quad::new(thing, dcterms::TITLE, Literal::new_simple_literal("Tea"), graph),
        ]
    }

    fn appended(text: &str) -> String {
        let mut prefixes = Prefixes::default();
        prefixes.add("dos", "https://w3id.org/dossier/ontology#");
        prefixes.add("dcterms", "http://purl.org/dc/terms/");
        prefixes.add("tea", "https://example.com/tea/");
        append("a.ttl", text, &[quads()], &prefixes, &Ontology::default()).unwrap().text
    }

    #[test]
    fn missing_prefixes_are_declared_behind_the_others() {
        assert_eq!(
            appended(
                "# Tea.\n@prefix t: <https://example.com/tea/> .\n\n# Background.\nt:a t:b t:c . # last\n"
            ),
            "# Tea.\n@prefix t: <https://example.com/tea/> .\n\
             @prefix dcterms: <http://purl.org/dc/terms/> .\n\
             @prefix dos: <https://w3id.org/dossier/ontology#> .\n\n\
             # Background.\nt:a t:b t:c . # last\n\n\
             t:history a dos:Document ;\n    dcterms:title \"Tea\" .\n"
        );
    }

    #[test]
    fn a_file_may_be_empty_or_have_no_prefixes() {
        let directives = "@prefix dcterms: <http://purl.org/dc/terms/> .\n\
            @prefix dos: <https://w3id.org/dossier/ontology#> .\n\
            @prefix tea: <https://example.com/tea/> .\n\n";
        let statements = "tea:history a dos:Document ;\n    dcterms:title \"Tea\" .\n";
        assert_eq!(appended(""), format!("{directives}{statements}"));
        assert_eq!(
            appended("<x:a> <x:b> <x:c> ."),
            format!("{directives}<x:a> <x:b> <x:c> .\n\n{statements}")
        );
    }
}
