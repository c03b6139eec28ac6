//! Writes [RDF/XML](https://www.w3.org/TR/rdf-syntax-grammar/). Rejects anything that XML 1.0 cannot name or encode.
//!
//! Oxigraph's serializer writes elements without a name if an IRI does not end in one, and does not escape control
//! characters and carriage returns. Other programs reject such XML or misread it.

use crate::diagnostic::{Diagnostic, Error, WriteError};
use crate::vocabulary::{Prefixes, direction_of, rdf, xsd};
use crate::write_whole::WriteWhole;
use oxigraph::model::{BlankNode, NamedNode, NamedOrBlankNode, Quad, Term};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::io;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// A document without triples.
pub(super) const EMPTY: &str =
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"/>\n";

/// The end of a document.
const END: &str = "</rdf:RDF>\n";

/// The element of a node whose class cannot be an element name.
const DESCRIPTION: &str = "rdf:Description";

/// The names of the RDF namespace with another meaning as elements
/// ([RDF/XML, 6.2.2 to 6.2.7](https://www.w3.org/TR/rdf-syntax-grammar/#section-Namespace)).
const SYNTAX: [&str; 12] = [
    "RDF",
    "ID",
    "about",
    "parseType",
    "resource",
    "nodeID",
    "datatype",
    "Description",
    "li",
    "aboutEach",
    "aboutEachPrefix",
    "bagID",
];

/// The reserved namespaces ([Namespaces in XML, 3](https://www.w3.org/TR/xml-names/#xmlReserved)).
const RESERVED: [&str; 2] =
    ["http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/"];

/// Writes distinct triples, subject by subject: the types of a subject first, then the rest by name. Declares only the
/// prefixes that properties and classes use.
///
/// # Errors
/// If the writer fails, or if XML has no name or character for a part of a triple.
pub(super) fn write(
    mut quads: Vec<Quad>,
    prefixes: &Prefixes,
    out: &mut dyn WriteWhole,
) -> Result<(), WriteError> {
    quads.sort_by_cached_key(|quad| {
        let is_other = quad.predicate.as_ref() != rdf::TYPE;
        let (subject, object) = (quad.subject.to_string(), quad.object.to_string());
        (subject, is_other, quad.predicate.to_string(), object)
    });
    quads.dedup();
    let names = quads.iter().flat_map(|quad| [Some(&quad.predicate), class(quad)]).flatten();
    let mut writer = RdfXml::new(used(names, prefixes), out)?;
    for quad in &quads {
        writer.write(quad)?;
    }
    Ok(writer.finish()?)
}

/// A streaming writer of the triples of a graph. Consecutive triples with the same subject share one element.
pub(super) struct RdfXml<'a> {
    out: &'a mut dyn WriteWhole,
    /// The prefixes by namespace.
    prefixes: HashMap<&'a str, &'a str>,
    /// The subject whose element is open, and the name of the element.
    open: Option<(NamedOrBlankNode, String)>,
}

impl<'a> RdfXml<'a> {
    /// Begins a document and declares those prefixes that XML allows.
    ///
    /// # Errors
    /// If the writer fails.
    pub(super) fn new(
        prefixes: impl IntoIterator<Item = (&'a str, &'a str)>,
        out: &'a mut dyn WriteWhole,
    ) -> io::Result<Self> {
        write!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF xmlns:rdf=\"{RDF}\"")?;
        let mut declared = HashMap::from([(RDF, "rdf")]);
        for (prefix, namespace) in prefixes {
            let can_be_declared = is_name(prefix)
                && !matches!(prefix, "rdf" | "xml" | "xmlns")
                && !RESERVED.contains(&namespace);
            if can_be_declared && !declared.contains_key(namespace) {
                write!(out, "\n    xmlns:{prefix}=\"{}\"", escaped(namespace))?;
                declared.insert(namespace, prefix);
            }
        }
        out.write_all(b">\n")?;
        out.whole(None, END)?;
        Ok(Self { out, prefixes: declared, open: None })
    }

    /// Writes a triple.
    ///
    /// # Errors
    /// If the writer fails, or if XML has no name or character for a part of the triple.
    pub(super) fn write(&mut self, quad: &Quad) -> Result<(), WriteError> {
        let property = self.element(&quad.predicate).ok_or_else(|| {
            let iri = &quad.predicate;
            let message =
                format!("cannot write the property {iri} as rdfxml: it does not end in a name");
            refusal(Diagnostic::error("property-not-in-xml", message))
        })?;
        if self.open.as_ref().is_none_or(|(subject, _)| *subject != quad.subject) {
            self.close()?;
            let class = class(quad).and_then(|class| self.element(class));
            let is_class_said = class.is_some();
            let Element { name, namespace } =
                class.unwrap_or_else(|| Element { name: DESCRIPTION.to_owned(), namespace: None });
            write!(self.out, "  <{name}")?;
            self.declare(namespace)?;
            match &quad.subject {
                NamedOrBlankNode::NamedNode(iri) => {
                    writeln!(self.out, " rdf:about=\"{}\">", escaped(iri.as_str()))?;
                }
                NamedOrBlankNode::BlankNode(node) => {
                    writeln!(self.out, " rdf:nodeID=\"{}\">", node_id(node))?;
                }
            }
            self.open = Some((quad.subject.clone(), name));
            if is_class_said {
                return Ok(());
            }
        }
        self.property(property, &quad.object)
    }

    fn property(&mut self, element: Element<'_>, object: &Term) -> Result<(), WriteError> {
        let Element { name, namespace } = element;
        write!(self.out, "    <{name}")?;
        self.declare(namespace)?;
        match object {
            Term::NamedNode(iri) => {
                writeln!(self.out, " rdf:resource=\"{}\"/>", escaped(iri.as_str()))?;
            }
            Term::BlankNode(node) => writeln!(self.out, " rdf:nodeID=\"{}\"/>", node_id(node))?,
            Term::Literal(literal) => {
                let value = literal.value();
                if let Some(character) = value.chars().find(|c| !is_character(*c)) {
                    let code = u32::from(character);
                    let message =
                        format!("cannot write a literal with the character U+{code:04X} as rdfxml");
                    return Err(refusal(Diagnostic::error("character-not-in-xml", message)).into());
                }
                if direction_of(literal.as_ref()).is_some() {
                    let message = "cannot write text with a base direction as rdfxml".to_owned();
                    return Err(refusal(Diagnostic::error("rdf-12-not-written", message)).into());
                }
                if let Some(language) = literal.language() {
                    write!(self.out, " xml:lang=\"{language}\"")?;
                } else if literal.datatype() != xsd::STRING {
                    let datatype = literal.datatype();
                    write!(self.out, " rdf:datatype=\"{}\"", escaped(datatype.as_str()))?;
                }
                writeln!(self.out, ">{}</{name}>", escaped(value))?;
            }
            #[cfg(feature = "rdf-12")]
            Term::Triple(_) => {
                let message = "cannot write triple terms as rdfxml".to_owned();
                return Err(refusal(Diagnostic::error("rdf-12-not-written", message)).into());
            }
        }
        Ok(())
    }

    /// Declares the namespace of an element on the element itself.
    fn declare(&mut self, namespace: Option<&str>) -> io::Result<()> {
        match namespace {
            Some(namespace) => write!(self.out, " xmlns=\"{}\"", escaped(namespace)),
            None => Ok(()),
        }
    }

    fn close(&mut self) -> io::Result<()> {
        match self.open.take() {
            Some((_, name)) => {
                writeln!(self.out, "  </{name}>")?;
                self.out.whole(None, END)
            }
            None => Ok(()),
        }
    }

    /// Ends the document.
    ///
    /// # Errors
    /// If the writer fails.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.close()?;
        self.out.write_all(END.as_bytes())?;
        self.out.whole(None, "")
    }

    /// Returns the element for an IRI, or `None` if the IRI does not end in a name or the name has another meaning.
    fn element<'i>(&self, iri: &'i NamedNode) -> Option<Element<'i>> {
        let iri = iri.as_str();
        let end = iri
            .rfind(|c| !is_in_name(c))
            .map_or(0, |last| last + iri[last..].chars().next().map_or(0, char::len_utf8));
        let (namespace, local) = iri.split_at(end + iri[end..].find(starts_name)?);
        if RESERVED.contains(&namespace) || (namespace == RDF && SYNTAX.contains(&local)) {
            return None;
        }
        Some(match self.prefixes.get(namespace) {
            Some(prefix) => Element { name: format!("{prefix}:{local}"), namespace: None },
            None => Element { name: local.to_owned(), namespace: Some(namespace) },
        })
    }
}

/// An element name, with its namespace unless a prefix denotes it.
struct Element<'i> {
    name: String,
    namespace: Option<&'i str>,
}

/// Returns the prefixes whose namespaces some IRIs begin with.
fn used<'p, 'i>(
    iris: impl Iterator<Item = &'i NamedNode>,
    prefixes: &'p Prefixes,
) -> Vec<(&'p str, &'p str)> {
    let iris: BTreeSet<&str> = iris.map(NamedNode::as_str).collect();
    prefixes
        .iter()
        .filter(|(_, namespace)| {
            iris.range(*namespace..).next().is_some_and(|iri| iri.starts_with(namespace))
        })
        .collect()
}

/// Returns the class, if a triple states a type.
fn class(quad: &Quad) -> Option<&NamedNode> {
    match &quad.object {
        Term::NamedNode(class) if quad.predicate.as_ref() == rdf::TYPE => Some(class),
        _ => None,
    }
}

fn refusal(diagnostic: Diagnostic) -> Error {
    diagnostic.help("use one of turtle, trig, ntriples, nquads, jsonld").usage()
}

/// Returns the `rdf:nodeID` of a blank node. XML does not allow a label such as `1`, so it gets a `_` prefix. Labels
/// that begin with `_` get one too, so that all labels stay distinct.
fn node_id(node: &BlankNode) -> Cow<'_, str> {
    let label = node.as_str();
    if label.starts_with(|c| c != '_' && starts_name(c)) {
        label.into()
    } else {
        format!("_{label}").into()
    }
}

/// Escapes text for an element or an attribute. XML readers turn an unescaped carriage return into a line feed
/// ([XML 1.0, 2.11](https://www.w3.org/TR/xml/#sec-line-ends)).
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\r']) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("&#xD;"),
            other => escaped.push(other),
        }
    }
    escaped.into()
}

/// Matches [`NCName`](https://www.w3.org/TR/xml-names/#NT-NCName).
fn is_name(text: &str) -> bool {
    text.starts_with(starts_name) && text.chars().all(is_in_name)
}

/// Matches [`NameStartChar`](https://www.w3.org/TR/xml/#NT-NameStartChar), without the colon.
const fn starts_name(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

/// Matches [`NameChar`](https://www.w3.org/TR/xml/#NT-NameChar), without the colon.
const fn is_in_name(c: char) -> bool {
    starts_name(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// Matches [`Char`](https://www.w3.org/TR/xml/#NT-Char).
const fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
