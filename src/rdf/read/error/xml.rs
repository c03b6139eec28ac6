//! Errors of RDF/XML.

use super::in_words;
use crate::diagnostic::{Diagnostic, error};
use crate::rdf::read::file::RdfFile;
use crate::vocabulary::well_known;
use std::ops::Range;

/// Turns a message of the RDF/XML parser into a diagnostic.
pub(in crate::rdf::read) fn xml_in_words(message: &str) -> Diagnostic {
    if let Some(prefix) = unknown_prefix(message) {
        let namespace = well_known(prefix).unwrap_or("…");
        return error!("prefix-undeclared", "the prefix `{prefix}:` is not declared")
            .help(format!("add to the first element: `xmlns:{prefix}=\"{namespace}\"`"));
    }
    if message.contains("XML namespaces are required") {
        return error!("prefix-undeclared", "a name has no namespace")
            .help("declare the prefix in the first element: `xmlns:ex=\"http://example.com/\"`");
    }
    let problem = in_words(message.trim_start_matches("ill-formed document: "));
    if message.starts_with("Unexpected text event") {
        let words = message.split('\'').nth(1).unwrap_or_default().trim();
        return error!("rdf-xml-structure", "expected an element, but found the text `{words}`")
            .help("put the text in a property element");
    }
    problem
}

/// Returns the prefix that the RDF/XML parser does not know.
fn unknown_prefix(message: &str) -> Option<&str> {
    let prefix = message.split_once("nknown prefix ")?.1;
    Some(prefix.trim_matches(['\'', '"', '`', ' ']).trim_end_matches(':'))
}

/// Returns the diagnostic for an empty RDF/XML file.
pub(in crate::rdf::read) fn empty(file: &RdfFile) -> Option<Diagnostic> {
    let is_empty = file.source.bytes.trim_ascii().is_empty();
    is_empty.then(|| {
        let name = &file.source.path;
        error!("rdf-xml-structure", "`{name}` is empty, but RDF/XML needs at least one element")
            .help("to write a file without triples, use `….nt`")
    })
}

/// Returns the range of the error in a rejected event: an undeclared prefix, otherwise the whole event.
pub(super) fn xml_place(text: &str, message: &str, event: Range<usize>) -> Option<Range<usize>> {
    let words = text.get(event.clone())?;
    if let Some(prefix) = unknown_prefix(message) {
        let found = ["<", " ", "\n", "\t"]
            .iter()
            .find_map(|before| words.find(&format!("{before}{prefix}:")));
        let start = event.start + found? + 1;
        return Some(start..start + prefix.len() + 1);
    }
    let start = event.start + (words.len() - words.trim_start().len());
    Some(start..start + words.trim().len())
}
