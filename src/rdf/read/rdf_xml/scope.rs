//! What holds inside the elements that are open: their namespaces, their base, and what may stand in them.

use oxiri::Iri;
use std::rc::Rc;

/// The namespace of RDF's own names.
pub(super) const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// The namespace of the prefix `xml`.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// What stands in an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Nodes: it is `rdf:RDF` or a collection.
    Nodes,
    /// Properties: it is a node.
    Properties,
    /// The value of a property: a text or a node, once.
    Value {
        /// Whether there is a value already that is no text.
        is_given: bool,
    },
    /// XML.
    Xml,
}

/// The stack of open elements.
pub(super) struct OpenElements {
    base: Option<Rc<Iri<String>>>,
    /// Prefixes and their namespaces, the innermost last.
    namespaces: Vec<(String, String)>,
    open: Vec<Open>,
}

struct Open {
    name: String,
    start: usize,
    content: Content,
    /// How many namespaces there are outside.
    outside: usize,
    /// The base outside.
    base: Option<Rc<Iri<String>>>,
}

impl OpenElements {
    pub(super) fn new(base: Option<Iri<String>>) -> Self {
        Self { base: base.map(Rc::new), namespaces: Vec::new(), open: Vec::new() }
    }

    /// Enters an element that begins at some byte. What is declared afterwards is declared by it.
    pub(super) fn enter(&mut self, name: &str, start: usize) {
        self.open.push(Open {
            name: name.to_owned(),
            start,
            content: Content::Xml,
            outside: self.namespaces.len(),
            base: self.base.clone(),
        });
    }

    /// Leaves the innermost element.
    pub(super) fn leave(&mut self) {
        if let Some(open) = self.open.pop() {
            self.namespaces.truncate(open.outside);
            self.base = open.base;
        }
    }

    /// The innermost element: its name, and where it begins.
    pub(super) fn innermost(&self) -> Option<(&str, usize)> {
        self.open.last().map(|open| (open.name.as_str(), open.start))
    }

    /// What stands in the innermost element.
    pub(super) fn content(&mut self) -> Option<&mut Content> {
        self.open.last_mut().map(|open| &mut open.content)
    }

    /// Declares a prefix, or the default namespace.
    pub(super) fn declare(&mut self, prefix: &str, namespace: String) {
        self.namespaces.push((prefix.to_owned(), namespace));
    }

    /// The namespace of a prefix; of the default namespace if it is empty.
    pub(super) fn namespace(&self, prefix: &str) -> Option<&str> {
        if prefix == "xml" {
            return Some(XML);
        }
        let declared = self.namespaces.iter().rev().find(|(declared, _)| declared == prefix);
        declared.map(|(_, namespace)| namespace.as_str())
    }

    /// A prefix of the namespace of RDF.
    pub(super) fn rdf_prefix(&self) -> Option<&str> {
        let mut prefixes = self.namespaces.iter().rev().map(|(prefix, _)| prefix.as_str());
        prefixes.find(|prefix| !prefix.is_empty() && self.namespace(prefix) == Some(RDF))
    }

    /// The base that an element states, if it is one, as a whole IRI.
    pub(super) fn rebase(&mut self, base: &str) -> Option<&str> {
        let base = match &self.base {
            Some(outside) => outside.resolve(base),
            None => Iri::parse(base.to_owned()),
        };
        self.base = Some(Rc::new(base.ok()?));
        self.base.as_ref().map(|base| base.as_str())
    }
}
