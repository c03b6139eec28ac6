//! Diagnostics for invalid RDF files: the location, the expectation and the remedy, independent of parsers' messages.

mod json;
mod lines;
mod xml;

pub(super) use xml::{empty, xml_in_words};

use super::compression::Compression;
use super::file::RdfFile;
use crate::diagnostic::{
    Diagnostic, Excerpt, Fault, did_you_mean, error, lower_first, nearest, reason,
};
use crate::dossier::utf_16;
use crate::format::{GraphFormat, InputFormat};
use crate::sparql::explain_turtle;
use crate::sparql::lexer::token_from;
pub(crate) use json::json_problem;
use json::{context_place, json_ld_in_words, json_ld_place};
use lines::line_in_words;
use oxigraph::io::{RdfParseError, RdfSyntaxError};
use std::io;
use std::ops::Range;
use std::path::Path;
use xml::xml_place;

/// Returns the diagnostic for a file whose content does not match its name, whatever its parser reports.
fn otherwise(file: &RdfFile, text: &str) -> Option<Diagnostic> {
    let bytes = &file.source.bytes;
    let path = &file.source.path;
    let at = |span| Excerpt::new(path, text, span);
    if let Some(problem) = no_text(path, bytes) {
        return Some(problem);
    }
    if let Some(problem) = utf_16(path, bytes) {
        return Some(problem);
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        let start = error.valid_up_to();
        return Some(
            error!("not-utf-8", "this is not UTF-8")
                .at(at(start..start + 1))
                .help("save the file as UTF-8"),
        );
    }
    let InputFormat::Graph(format) = file.format else { return None };
    let problem = other_format(format, text)?;
    let start = text.len() - without_comments(text).len();
    Some(problem.at(at(start..start + text[start..].lines().next().unwrap_or_default().len())))
}

/// Returns the diagnostic for an RDF/XML file that its parser rejects, or that stopped being passed to the parser
/// because of a fault.
pub(super) fn broken_xml(
    file: &RdfFile,
    fault: Option<Fault>,
    at: Range<usize>,
    error: &RdfParseError,
) -> Diagnostic {
    let text = String::from_utf8_lossy(&file.source.bytes);
    if let Some(problem) = otherwise(file, &text) {
        return problem;
    }
    let (span, problem) = match (fault, error) {
        (Some(fault), _) => (Some(fault.span), *fault.diagnostic),
        (None, RdfParseError::Syntax(error)) => {
            let message = error.to_string();
            let message = without_position(&message);
            (xml_place(&text, message, at), xml_in_words(message))
        }
        (None, RdfParseError::Io(error)) => return unreadable(&file.source.path, error),
    };
    in_file(file, &text, span, problem)
}

/// Locates a diagnostic at some bytes of a file, or at the whole file.
fn in_file(
    file: &RdfFile,
    text: &str,
    span: Option<Range<usize>>,
    problem: Diagnostic,
) -> Diagnostic {
    let path = &file.source.path;
    match span {
        Some(span) => problem.at(Excerpt::new(path, text, span)),
        None => Diagnostic { message: format!("`{path}`: {}", problem.message), ..problem },
    }
}

/// Returns the diagnostic for JSON-LD that its parser rejects. `json` are the bytes that are parsed, each at its position
/// in the file.
pub(super) fn broken_json(file: &RdfFile, json: &[u8], error: &RdfSyntaxError) -> Diagnostic {
    let text = String::from_utf8_lossy(&file.source.bytes);
    if let Some(problem) = otherwise(file, &text) {
        return problem;
    }
    let json = String::from_utf8_lossy(json);
    let message = error.to_string();
    let message = without_position(&message);
    let (span, problem) = match json_problem(&json) {
        Some((span, problem)) => (Some(span), problem),
        None => {
            let location = located(error, json.len());
            (location.or_else(|| json_ld_place(&json, message)), json_ld_in_words(message))
        }
    };
    in_file(file, &text, span, problem)
}

/// Returns the diagnostic for JSON-LD that names a context that is not known.
pub(super) fn unknown_context(file: &RdfFile, json: &[u8], address: &str) -> Diagnostic {
    let text = String::from_utf8_lossy(&file.source.bytes);
    let place = context_place(&String::from_utf8_lossy(json), address);
    in_file(file, &text, place, file.contexts.unknown(address))
}

/// Returns the place of a parser's error in a text of this length. Offsets are in bytes.
fn located(error: &RdfSyntaxError, length: usize) -> Option<Range<usize>> {
    let offset = |offset| usize::try_from(offset).unwrap_or(usize::MAX).min(length);
    let location = error.location()?;
    Some(offset(location.start.offset)..offset(location.end.offset))
}

/// Returns the diagnostic for a file that its parser rejects.
pub(super) fn broken(file: &RdfFile, error: &RdfSyntaxError) -> Diagnostic {
    let text = String::from_utf8_lossy(&file.source.bytes);
    if let Some(problem) = otherwise(file, &text) {
        return problem;
    }
    let location = located(error, text.len());
    let message = error.to_string();
    let message = without_position(&message);
    let format = file.format.graph_format();
    let (span, problem) = match format {
        GraphFormat::Turtle | GraphFormat::TriG => {
            let has_graphs = format == GraphFormat::TriG;
            let near = location.clone().unwrap_or_default();
            let known = (has_graphs, file.base.is_some());
            if let Some(problem) = explain_turtle(&file.source.path, &text, near, known) {
                return problem;
            }
            (location, in_words(message))
        }
        GraphFormat::NTriples | GraphFormat::NQuads => {
            // A missing dot is reported at the end of its line, not at the beginning of the next one.
            let location = location.map(|location| {
                let end = text.get(..location.start).map_or(0, |before| before.trim_end().len());
                if message.contains("followed by a dot") { end..end } else { location }
            });
            let start = location.as_ref().map_or(0, |location| location.start);
            (location, line_in_words(message, &text, start))
        }
        GraphFormat::RdfXml | GraphFormat::JsonLd => (location, xml_in_words(message)),
    };
    in_file(file, &text, span, problem)
}

/// Returns the diagnostic for a file that cannot be read, or not to its end.
pub(crate) fn unreadable(name: &str, error: &io::Error) -> Diagnostic {
    let problem = error!("file-unreadable", "cannot read `{name}`: {}", reason(error));
    match error.kind() {
        io::ErrorKind::UnexpectedEof => problem.help("it is incomplete: download it again"),
        io::ErrorKind::InvalidData => {
            problem.help("download it again, or rename it if it is not compressed")
        }
        io::ErrorKind::NotFound => match missing_help(Path::new(name)) {
            Some(help) => problem.help(help),
            None => problem,
        },
        _ => problem,
    }
}

/// Returns what to do about a file that does not exist: its folder is missing, or it has nearly the name of another one.
fn missing_help(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.exists()) {
        return Some(format!("there is no folder `{}`", folder.display()));
    }
    let entries = folder.unwrap_or(Path::new(".")).read_dir().ok()?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    let near = nearest(path.file_name()?.to_str()?, names.iter().map(String::as_str))?;
    Some(did_you_mean(path.with_file_name(near).display()))
}

/// Returns the location of a parser's error, in a part that begins after `lines` lines, and its message.
pub(super) fn place_and_message(error: &RdfSyntaxError, lines: u64) -> (String, String) {
    let location = error.location().map_or_else(String::new, |location| {
        format!(":{}:{}", location.start.line + lines + 1, location.start.column + 1)
    });
    (location, lower_first(without_position(&error.to_string())))
}

/// Returns a parser's message without the location.
fn without_position(message: &str) -> &str {
    match message.split_once(": ") {
        Some((position, message)) if position.starts_with("Parser error") => message,
        _ => message,
    }
}

/// Returns the diagnostic for a file that is not text, judged by its first bytes.
fn no_text(name: &str, bytes: &[u8]) -> Option<Diagnostic> {
    const SIGNATURES: [(&[u8], &str); 6] = [
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"%PDF-", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\0\0\0\0", "a file of zeros"),
    ];
    const COMPRESSED: [(&[u8], Compression); 4] = [
        (b"\x1f\x8b", Compression::Gzip),
        (b"BZh", Compression::Bzip2),
        (b"\xfd7zXZ\0", Compression::Xz),
        (b"\x28\xb5\x2f\xfd", Compression::Zstandard),
    ];
    if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) {
        return None;
    }
    if let Some((_, compression)) = COMPRESSED.iter().find(|(start, _)| bytes.starts_with(start)) {
        let extension = compression.extension();
        return Some(
            error!("file-compressed", "`{name}` is compressed")
                .help(format!("name it `….{extension}`, or decompress standard input")),
        );
    }
    let (_, what) = SIGNATURES.iter().find(|(start, _)| bytes.starts_with(start))?;
    Some(
        error!("not-rdf", "`{name}` is {what}, not RDF")
            .help("check that it is the right file, and that its download is complete"),
    )
}

/// Returns the diagnostic for a file in another format than its name says.
fn other_format(format: GraphFormat, text: &str) -> Option<Diagnostic> {
    let text = without_comments(text);
    let begins =
        |word: &str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let is_lines = matches!(format, GraphFormat::NTriples | GraphFormat::NQuads);
    let is_terse = matches!(format, GraphFormat::Turtle | GraphFormat::TriG);
    let inside = text.get(1..).unwrap_or_default().trim_start();
    if begins("<!doctype html") || begins("<html") {
        return Some(
            error!("not-rdf", "this is a web page, not RDF")
                .help("download the data that it links to, or read its JSON-LD: name it `….html`"),
        );
    }
    if let Some(syntax) = owl_syntax(text) {
        return Some(error!("not-rdf", "this is OWL in {syntax}, not RDF").help(
            "save the ontology as Turtle or RDF/XML in an OWL editor, or use `robot convert`",
        ));
    }
    let found = if begins("<?xml") || begins("<rdf:RDF") || begins("<!DOCTYPE rdf") {
        GraphFormat::RdfXml
    } else if text.starts_with(['{', '['])
        && inside.starts_with(['"', '{'])
        && (text.contains("\"@") || !is_terse)
    {
        GraphFormat::JsonLd
    } else if begins("@prefix") || begins("@base") || begins("PREFIX ") {
        if is_terse {
            return None;
        }
        GraphFormat::Turtle
    } else {
        return None;
    };
    if found == format || (is_lines && found == GraphFormat::JsonLd && !text.contains("\"@")) {
        return None;
    }
    let (extension, name) = (found.extension(), found.name());
    Some(
        error!("format-mismatch", "this is {}, not {}", written(found), written(format))
            .help(format!("name the file `….{extension}`, or use `--from {name}`")),
    )
}

/// Returns a text without the Turtle comments at its beginning.
fn without_comments(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}');
    token_from(text, 0).map_or("", |token| &text[token.span.start..])
}

/// Returns the name of the OWL syntax of a text, if it is in one that is not RDF.
fn owl_syntax(text: &str) -> Option<&'static str> {
    let begins = |words: [&str; 2]| words.iter().any(|word| text.starts_with(word));
    let element = text.split_once("<Ontology").map(|(_, element)| element);
    if begins(["Prefix:", "Ontology:"]) {
        Some("Manchester syntax")
    } else if begins(["Prefix(", "Ontology("]) {
        Some("functional syntax")
    } else if text.starts_with('<')
        && !text.contains("<rdf:RDF")
        && element.is_some_and(|element| element.contains("\"http://www.w3.org/2002/07/owl#\""))
    {
        Some("XML")
    } else {
        None
    }
}

/// Returns the name of a format in its specification.
const fn written(format: GraphFormat) -> &'static str {
    match format {
        GraphFormat::Turtle => "Turtle",
        GraphFormat::TriG => "TriG",
        GraphFormat::NTriples => "N-Triples",
        GraphFormat::NQuads => "N-Quads",
        GraphFormat::RdfXml => "RDF/XML",
        GraphFormat::JsonLd => "JSON-LD",
    }
}

/// The help for an RDF 1.2 file.
const RDF_1_1: &str = "this build knows RDF 1.1 only: build `dossier` with the feature `rdf-12`";

/// Turns a parser's message into a diagnostic.
fn in_words(message: &str) -> Diagnostic {
    if message.contains("No scheme found") {
        error!("iri-relative", "relative IRI without a base")
            .help("write the whole IRI, with its `http://`")
    } else if message.starts_with("Invalid IRI") || message.contains("IRI") {
        Diagnostic::error("iri-invalid", lower_first(message))
            .help("write the character as `%` and its code, such as `%20` for a space")
    } else {
        Diagnostic::error("rdf-syntax", lower_first(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::SourceFile;
    use crate::vocabulary::Prefixes;
    use std::borrow::Cow;

    #[test]
    fn files_are_refused_with_ids() {
        const ENTITY: &[u8] = b"<!DOCTYPE a>\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">&b;</rdf:RDF>";
        for (id, name, bytes, base) in [
            ("base-iri-invalid", "data.ttl", b"".as_slice(), Some("nowhere")),
            ("file-compressed", "data.ttl", b"\x1f\x8b\x08\x00\xff", None),
            ("not-utf-8", "data.ttl", b"<x:a> <x:b> '\xff' .", None),
            ("xml-entity", "data.rdf", ENTITY, None),
            ("literal-as-subject", "data.ttl", b"'a' a 'b' .", None),
        ] {
            let source = SourceFile { path: name.to_owned(), bytes: Cow::Borrowed(bytes) };
            let mut file = RdfFile::new(source).unwrap();
            file.base = base.map(str::to_owned);
            let refused = file.read(1, &mut Prefixes::default(), |_| {}).expect_err(id);
            assert_eq!(refused.id.as_deref(), Some(id), "{refused}");
        }
    }
}
