//! Errors of RDF/XML, whose parser tells no places.

use super::in_words;
use crate::error::{Excerpt, Problem};
use crate::store::RdfFile;
use crate::vocabulary::well_known;
use std::io::BufRead;
use std::ops::Range;

/// What the parser of RDF/XML says, as a problem.
pub(super) fn xml_in_words(message: &str) -> Problem {
    if message.contains("not balanced") {
        return Problem::new("an element is never closed").help("each `<a>` ends with `</a>`");
    }
    if let Some(prefix) = unknown_prefix(message) {
        let namespace = well_known(prefix).unwrap_or("…");
        return Problem::new(format!("the prefix `{prefix}:` is not declared"))
            .help(format!("write into the first element: `xmlns:{prefix}=\"{namespace}\"`"));
    }
    if message.contains("XML namespaces are required") {
        return Problem::new("a name has no namespace")
            .help("declare the prefix in the first element: `xmlns:ex=\"http://example.com/\"`");
    }
    let problem = in_words(message.trim_start_matches("ill-formed document: "));
    if message.starts_with("Unexpected text event") {
        let words = message.split('\'').nth(1).unwrap_or_default().trim();
        return Problem::new(format!("the text `{words}` stands where an element is expected"))
            .help("put the text into an element that is a property");
    }
    problem
}

/// The prefix that the parser of RDF/XML does not know.
fn unknown_prefix(message: &str) -> Option<&str> {
    let prefix = message.split_once("nknown prefix ")?.1;
    Some(prefix.trim_matches(['\'', '"', '`', ' ']).trim_end_matches(':'))
}

/// The problem with a file of RDF/XML that breaks off inside an element, which its parser does not mind.
pub(in crate::store) fn broken_off(file: &RdfFile) -> Option<Problem> {
    let text = std::str::from_utf8(&file.source.bytes).ok()?;
    if text.trim().is_empty() {
        let message =
            format!("`{}` is empty, and RDF/XML has an element at least", file.source.path);
        return Some(Problem::new(message).help("a file without triples can be one of `….nt`"));
    }
    let span = open_element(text).ok().flatten()?;
    let element = &text[span.clone()];
    let problem = Problem::new("the file ends inside this element");
    let name = element.trim_start_matches('<');
    Some(
        problem
            .at(Excerpt::new(&file.source.path, text, span))
            .help(format!("it ends with `</{name}>`")),
    )
}

/// Whether a text of XML ends inside an element, or before the first one.
pub(in crate::store) fn is_broken_off(text: impl BufRead) -> bool {
    let mut reader = quick_xml::Reader::from_reader(text);
    let (mut event, mut depth, mut is_empty) = (Vec::new(), 0_usize, true);
    loop {
        match reader.read_event_into(&mut event) {
            Ok(quick_xml::events::Event::Eof) => return depth > 0 || is_empty,
            Ok(quick_xml::events::Event::Start(_)) => depth += 1,
            Ok(quick_xml::events::Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(_) => {}
            // Its parser has read all of it.
            Err(_) => return false,
        }
        is_empty = false;
        event.clear();
    }
}

/// The last element that a text of XML begins and does not end; where it is not well-formed, the place.
fn open_element(text: &str) -> Result<Option<Range<usize>>, Range<usize>> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut open = Vec::new();
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(quick_xml::events::Event::Start(_)) => open.push(start),
            Ok(quick_xml::events::Event::End(_)) => {
                open.pop();
            }
            Ok(_) => {}
            Err(_) => {
                let start = usize::try_from(reader.error_position()).unwrap_or(text.len());
                return Err(start..start + 1);
            }
        }
    }
    Ok(open.last().map(|start| {
        let element = text.get(*start..).unwrap_or_default();
        let length = element.find(|c: char| c == '>' || c == '/' || c.is_whitespace());
        *start..start + length.unwrap_or(element.len())
    }))
}

/// Where an RDF/XML file is broken, which its parser does not tell: where a prefix stands that is not declared, else
/// where the XML is not well-formed, else where the words stand that the message quotes.
pub(super) fn xml_place(text: &str, message: &str) -> Option<Range<usize>> {
    if let Some(prefix) = unknown_prefix(message) {
        let start =
            text.find(&format!("<{prefix}:")).or_else(|| text.find(&format!(" {prefix}:")))? + 1;
        return Some(start..start + prefix.len() + 1);
    }
    match open_element(text) {
        Err(place) | Ok(Some(place)) => return Some(place),
        Ok(None) => {}
    }
    let quoted = message.split('\'').nth(1).map(str::trim).filter(|quoted| !quoted.is_empty())?;
    let start = text.find(quoted)?;
    Some(start..start + quoted.len())
}
