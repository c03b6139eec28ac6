//! One file of RDF: its quads, or where it is broken.

use crate::dossier::Source;
use crate::error::{Excerpt, Problem, Result, lower_first};
use crate::format::GraphFormat;
use crate::vocabulary::Prefixes;
use oxigraph::io::{RdfParser, RdfSyntaxError};
use oxigraph::model::{BlankNode, GraphName, NamedOrBlankNode, Quad, Term};
use std::collections::HashMap;

/// A file of RDF that is to be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RdfFile {
    /// The file.
    pub source: Source,
    /// What it is written in.
    pub format: GraphFormat,
    /// What relative IRIs are relative to, if the file does not say so itself.
    pub base: Option<String>,
}

impl RdfFile {
    /// A file without a base IRI, in the format that its extension tells.
    ///
    /// # Errors
    /// If the extension is that of no format.
    pub fn new(source: Source) -> Result<Self, Problem> {
        let format = format_of(&source.path, source.extension())?;
        Ok(Self { source, format, base: None })
    }

    /// Calls back with each quad of the file, in its order, and adds the prefixes that the file declares.
    ///
    /// Blank nodes are named `b<number>-<n>` in the order in which they stand in the file, so that they are the same
    /// every time and different from those of any other file.
    ///
    /// # Errors
    /// The first error of the file, with its place. The quads before it have been handed out by then.
    pub(crate) fn read(
        &self,
        number: usize,
        prefixes: &mut Prefixes,
        mut on_quad: impl FnMut(Quad),
    ) -> Result<(), Problem> {
        let mut parser = RdfParser::from_format(self.format.into());
        if let Some(base) = &self.base {
            parser = parser.with_base_iri(base).map_err(|error| {
                Problem::new(format!(
                    "`{base}` cannot be the base IRI of `{}`: {error}",
                    self.source.path
                ))
            })?;
        }
        if self.format == GraphFormat::JsonLd && is_too_deep(&self.source.bytes) {
            return Err(Problem::new(format!(
                "`{}`: its objects stand too deep inside each other",
                self.source.path
            ))
            .help(format!("no more than {DEEPEST} levels are read")));
        }
        let mut blank_nodes = BlankNodes::of(number);
        let mut quads = parser.for_slice(&self.source.bytes);
        for quad in quads.by_ref() {
            let mut quad = quad.map_err(|error| self.broken(&error))?;
            blank_nodes.rename(&mut quad);
            on_quad(quad);
        }
        for (prefix, namespace) in quads.prefixes() {
            prefixes.add(prefix, namespace);
        }
        Ok(())
    }

    fn broken(&self, error: &RdfSyntaxError) -> Problem {
        let text = String::from_utf8_lossy(&self.source.bytes);
        let message = error.to_string();
        let (message, help) = match message.split_once(": ") {
            Some((position, message)) if position.starts_with("Parser error") => in_words(message),
            _ => in_words(&message),
        };
        let place = error.location().map(|location| {
            // Offsets are of the bytes of the file: they hold as long as all before them is UTF-8.
            let valid = std::str::from_utf8(&self.source.bytes)
                .map_or_else(|error| error.valid_up_to(), str::len);
            let offset = |offset| usize::try_from(offset).unwrap_or(usize::MAX).min(valid);
            offset(location.start.offset)..offset(location.end.offset)
        });
        let place = place.or_else(|| match self.format {
            GraphFormat::RdfXml => xml_place(&text, &message),
            _ => None,
        });
        let path = &self.source.path;
        let problem = Problem::new(match place {
            Some(_) => message,
            None => format!("`{path}`: {message}"),
        });
        let problem = match place {
            Some(span) => problem.at(Excerpt::new(path, &text, span)),
            None => problem,
        };
        match help {
            Some(help) => problem.help(help),
            None => problem,
        }
    }
}

/// The format that the extension of a file tells.
///
/// # Errors
/// If it is that of no format.
pub fn format_of(name: &str, extension: &str) -> Result<GraphFormat, Problem> {
    GraphFormat::from_extension(extension).ok_or_else(|| {
        let names: Vec<_> = GraphFormat::ALL.iter().map(|format| format.name()).collect();
        Problem::new(format!("`{name}`: its name does not tell its format"))
            .help(format!("say which with `--from {}`", names.join("|")))
    })
}

/// What a parser says, and what to do about it, in words that are no parser's own.
fn in_words(message: &str) -> (String, Option<&'static str>) {
    if message.starts_with("Invalid UTF-8") {
        ("this is not UTF-8".to_owned(), Some("save the file as UTF-8"))
    } else if message.contains("LoadDocumentCallback") {
        let message = "its context is another document, and no document is fetched".to_owned();
        (message, Some("put the context itself into the file"))
    } else if message.contains("No scheme found") {
        (lower_first(message), Some("a relative IRI needs an `@base` in the file"))
    } else {
        (lower_first(message), None)
    }
}

/// How many levels of JSON are read: its reader recurses.
const DEEPEST: usize = 1_000;

/// Whether the brackets of a JSON text stand too deep inside each other.
fn is_too_deep(json: &[u8]) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// Where an RDF/XML file is broken, which its parser does not tell: where the XML is not well-formed, else where the
/// words stand that the message quotes.
fn xml_place(text: &str, message: &str) -> Option<std::ops::Range<usize>> {
    let mut reader = quick_xml::Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(_) => {}
            Err(_) => {
                let start = usize::try_from(reader.error_position()).unwrap_or(text.len());
                return Some(start..start + 1);
            }
        }
    }
    let quoted = message.split('\'').nth(1).filter(|quoted| !quoted.is_empty())?;
    let start = text.find(quoted)?;
    Some(start..start + quoted.len())
}

/// The names of the blank nodes of one file: `b<number>-<n>`.
pub(super) struct BlankNodes {
    prefix: String,
    names: HashMap<BlankNode, BlankNode>,
}

impl BlankNodes {
    /// The names of those of the file with this number.
    pub fn of(number: usize) -> Self {
        Self { prefix: format!("b{number}"), names: HashMap::new() }
    }

    /// The names of those of a file that is added to others: `b<load>-<number>-<n>`.
    pub fn of_load(load: u64, number: usize) -> Self {
        Self { prefix: format!("b{load}-{number}"), names: HashMap::new() }
    }

    /// Names the blank nodes of a quad.
    pub fn rename(&mut self, quad: &mut Quad) {
        each_blank_node(quad, |node| *node = self.name(node));
    }

    fn name(&mut self, node: &BlankNode) -> BlankNode {
        if let Some(name) = self.names.get(node) {
            return name.clone();
        }
        let name = BlankNode::new_unchecked(format!("{}-{}", self.prefix, self.names.len() + 1));
        self.names.insert(node.clone(), name.clone());
        name
    }
}

/// Changes the blank nodes of a quad.
pub(super) fn each_blank_node(quad: &mut Quad, mut change: impl FnMut(&mut BlankNode)) {
    if let NamedOrBlankNode::BlankNode(node) = &mut quad.subject {
        change(node);
    }
    if let Term::BlankNode(node) = &mut quad.object {
        change(node);
    }
    if let GraphName::BlankNode(node) = &mut quad.graph_name {
        change(node);
    }
}
