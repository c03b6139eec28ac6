//! The open elements with their namespaces, their base and their permitted content.

use oxiri::Iri;
use std::rc::Rc;

/// The RDF namespace.
pub(super) const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// The namespace of the prefix `xml`.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The content of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Nodes, in `rdf:RDF` or a collection.
    Nodes,
    /// Properties, in a node.
    Properties,
    /// The value of a property: text or one node.
    Value {
        /// Whether there is already a value other than text.
        is_given: bool,
    },
    /// XML, in an XML literal.
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
    /// The number of namespaces declared outside of the element.
    outside: usize,
    /// The base outside of the element.
    base: Option<Rc<Iri<String>>>,
}

impl OpenElements {
    pub(super) fn new(base: Option<Iri<String>>) -> Self {
        Self { base: base.map(Rc::new), namespaces: Vec::new(), open: Vec::new() }
    }

    /// Enters an element that begins at byte `start`. Later declarations belong to it.
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

    /// Returns the name and the start of the innermost element.
    pub(super) fn innermost(&self) -> Option<(&str, usize)> {
        self.open.last().map(|open| (open.name.as_str(), open.start))
    }

    /// Returns the content of the innermost element.
    pub(super) fn content(&mut self) -> Option<&mut Content> {
        self.open.last_mut().map(|open| &mut open.content)
    }

    /// Declares a prefix, or the default namespace.
    pub(super) fn declare(&mut self, prefix: &str, namespace: String) {
        self.namespaces.push((prefix.to_owned(), namespace));
    }

    /// Returns the namespace of a prefix, or the default namespace for an empty prefix.
    pub(super) fn namespace(&self, prefix: &str) -> Option<&str> {
        if prefix == "xml" {
            return Some(XML);
        }
        let declared = self.namespaces.iter().rev().find(|(declared, _)| declared == prefix);
        declared.map(|(_, namespace)| namespace.as_str())
    }

    /// Returns a prefix of the RDF namespace.
    pub(super) fn rdf_prefix(&self) -> Option<&str> {
        let mut prefixes = self.namespaces.iter().rev().map(|(prefix, _)| prefix.as_str());
        prefixes.find(|prefix| !prefix.is_empty() && self.namespace(prefix) == Some(RDF))
    }

    /// Sets the base of an element and returns it as an absolute IRI, if it is one.
    pub(super) fn rebase(&mut self, base: &str) -> Option<&str> {
        let base = match &self.base {
            Some(outside) => outside.resolve(base),
            None => Iri::parse(base.to_owned()),
        };
        self.base = Some(Rc::new(base.ok()?));
        self.base.as_ref().map(|base| base.as_str())
    }
}
