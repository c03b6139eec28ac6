//! Errors of N-Triples and N-Quads.

use super::{RDF_1_1, in_words};
use crate::diagnostic::{Diagnostic, error};

/// Turns a message of the N-Triples and N-Quads parser, about the text from `start` on, into a diagnostic.
pub(super) fn line_in_words(message: &str, text: &str, start: usize) -> Diagnostic {
    const MESSAGES: [(&str, &str, &str); 9] = [
        (
            "Quads must be followed by",
            "missing `.` at the end of the line",
            "write one triple on each line, and end it with `.`",
        ),
        (
            "Triples must be followed by",
            "missing `.` at the end of the line",
            "write one triple on each line, and end it with `.`",
        ),
        (
            "Only a single",
            "a second triple begins on this line",
            "write one triple on each line, and end it with `.`",
        ),
        (
            "line jumps are not allowed",
            "the line ends in the middle of a triple",
            "write one triple on each line, and end it with `.`",
        ),
        (
            "Line jumps are not allowed in string",
            "the line ends inside a string",
            "close the string with `\"`; write a new line inside it as `\\n`",
        ),
        (
            "The subject of",
            "expected an IRI in angle brackets or a blank node as the subject",
            NAMES,
        ),
        ("The predicate of", "expected an IRI in angle brackets as the property", NAMES),
        (
            "The object of",
            "expected an IRI in angle brackets, a blank node or a string as the object",
            NAMES,
        ),
        ("A literal datatype", "expected an IRI in angle brackets as the datatype", NAMES),
    ];
    const NAMES: &str =
        "this format has no prefixes, numbers or `a`: write full IRIs, or name the file `….ttl`";
    if let Some(problem) = newer(message, text.get(start..).unwrap_or_default()) {
        return problem;
    }
    if message.starts_with("Unexpected end") {
        let is_string = text.lines().last().is_some_and(|line| line.matches('"').count() % 2 == 1);
        return if is_string {
            error!("string-unclosed", "unclosed string").help("close it with `\"` on the same line")
        } else {
            error!("line-syntax", "the file ends in the middle of a line")
                .help("write one triple on each line, and end it with `.`")
        };
    }
    match MESSAGES.iter().find(|(begin, ..)| message.starts_with(begin)) {
        Some((_, message, help)) => Diagnostic::error("line-syntax", *message).help(*help),
        None => in_words(message),
    }
}

/// Returns the diagnostic for a line of RDF 1.2.
fn newer(message: &str, rest: &str) -> Option<Diagnostic> {
    let what = if rest.starts_with("<<") {
        "a triple inside a triple is"
    } else if rest.starts_with("VERSION") {
        "RDF 1.2 is"
    } else if message.contains("base direction") {
        "text directions are"
    } else {
        return None;
    };
    Some(error!("rdf-1-2", "{what} not supported").help(RDF_1_1))
}
