//! Streams Turtle and TriG in the order of the quads. Consecutive quads with the same subject form one statement.

use super::term::{PrefixTable, is_short};
use crate::vocabulary::{Prefixes, rdf, xsd};
use crate::write_whole::WriteWhole;
use oxigraph::model::{GraphName, GraphNameRef, NamedNodeRef, NamedOrBlankNode, Quad, TermRef};
use std::io;

/// The number of quads to scan for prefixes before the first is written.
const LOOKED_THROUGH: usize = 1000;

/// The number of bytes to buffer before writing.
const KEPT: usize = 1 << 16;

/// Streams Turtle or TriG in the order of the quads.
pub(in crate::rdf::write) struct TurtleStream<'a> {
    names: PrefixTable<'a>,
    out: &'a mut dyn WriteWhole,
    text: String,
    is_declared: Vec<bool>,
    /// The first quads, buffered until they are scanned.
    first: Vec<Quad>,
    has_begun: bool,
    /// The previous quad, whose statement is still open.
    last: Option<Quad>,
}

impl<'a> TurtleStream<'a> {
    pub(crate) fn new(prefixes: &'a Prefixes, out: &'a mut dyn WriteWhole) -> Self {
        let names = PrefixTable::of(prefixes.iter());
        Self {
            is_declared: vec![false; names.len()],
            names,
            out,
            text: String::with_capacity(2 * KEPT),
            first: Vec::new(),
            has_begun: false,
            last: None,
        }
    }

    pub(crate) fn write(&mut self, quad: Quad) -> io::Result<()> {
        if self.has_begun {
            self.next(quad)
        } else {
            self.first.push(quad);
            if self.first.len() < LOOKED_THROUGH { Ok(()) } else { self.begin() }
        }
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        if !self.has_begun {
            self.begin()?;
        }
        self.end_graph();
        self.out.write_all(self.text.as_bytes())?;
        self.out.whole(None, "")?;
        self.out.flush()
    }

    fn begin(&mut self) -> io::Result<()> {
        self.has_begun = true;
        let first = std::mem::take(&mut self.first);
        for quad in &first {
            self.declare(quad);
        }
        if !self.text.is_empty() && !first.is_empty() {
            self.text.push('\n');
        }
        first.into_iter().try_for_each(|quad| self.next(quad))
    }

    fn next(&mut self, quad: Quad) -> io::Result<()> {
        self.declare(&quad);
        let last = self.last.take();
        let indent = if quad.graph_name == GraphName::DefaultGraph { "" } else { "    " };
        match last {
            Some(last) if last.graph_name == quad.graph_name && last.subject == quad.subject => {
                if last.predicate == quad.predicate {
                    self.text.push_str(", ");
                } else {
                    self.text.push_str(" ;\n    ");
                    self.text.push_str(indent);
                    self.predicate(&quad);
                }
            }
            last => {
                let goes_on = last.as_ref().is_some_and(|last| last.graph_name == quad.graph_name);
                self.last = last;
                if goes_on {
                    self.end_statement();
                } else {
                    self.end_graph();
                    self.begin_graph(&quad);
                }
                self.text.push_str(indent);
                self.node(&quad.subject);
                self.text.push(' ');
                self.predicate(&quad);
            }
        }
        self.term(quad.object.as_ref());
        let is_in_graph = quad.graph_name != GraphName::DefaultGraph;
        self.last = Some(quad);
        if self.text.len() > KEPT {
            self.out.write_all(self.text.as_bytes())?;
            self.out.whole(None, if is_in_graph { " .\n}\n" } else { " .\n" })?;
            self.text.clear();
        }
        Ok(())
    }

    fn end_statement(&mut self) {
        if self.last.is_some() {
            self.text.push_str(" .\n");
        }
    }

    fn end_graph(&mut self) {
        self.end_statement();
        if self.last.take().is_some_and(|last| last.graph_name != GraphName::DefaultGraph) {
            self.text.push_str("}\n");
        }
    }

    fn begin_graph(&mut self, quad: &Quad) {
        match quad.graph_name.as_ref() {
            GraphNameRef::DefaultGraph => return,
            GraphNameRef::NamedNode(name) => self.iri(name),
            GraphNameRef::BlankNode(name) => self.term(name.into()),
        }
        self.text.push_str(" {\n");
    }

    /// Declares the prefixes that a quad is the first to use.
    fn declare(&mut self, quad: &Quad) {
        if self.is_declared.iter().all(|declared| *declared) {
            return;
        }
        self.need(match &quad.subject {
            NamedOrBlankNode::NamedNode(iri) => Some(iri.as_ref()),
            NamedOrBlankNode::BlankNode(_) => None,
        });
        self.need(Some(quad.predicate.as_ref()).filter(|iri| *iri != rdf::TYPE));
        self.need_of(quad.object.as_ref());
        self.need(match quad.graph_name.as_ref() {
            GraphNameRef::NamedNode(iri) => Some(iri),
            _ => None,
        });
    }

    /// Declares the prefix of an object.
    fn need_of(&mut self, object: TermRef<'_>) {
        #[cfg(feature = "rdf-12")]
        if let TermRef::Triple(triple) = object {
            if let NamedOrBlankNode::NamedNode(iri) = &triple.subject {
                self.need(Some(iri.as_ref()));
            }
            self.need(Some(triple.predicate.as_ref()));
            return self.need_of(triple.object.as_ref());
        }
        self.need(match object {
            TermRef::NamedNode(iri) => Some(iri).filter(|iri| *iri != rdf::NIL),
            TermRef::Literal(literal) => {
                let is_plain = literal.language().is_some() || literal.datatype() == xsd::STRING;
                (!is_plain && !is_short(literal)).then(|| literal.datatype())
            }
            _ => None,
        });
    }

    fn need(&mut self, iri: Option<NamedNodeRef<'_>>) {
        let Some((number, _)) = iri.and_then(|iri| self.names.split(iri.as_str())) else { return };
        let Some(declared) = self.is_declared.get_mut(number) else { return };
        if !std::mem::replace(declared, true)
            && let Some((prefix, namespace)) = self.names.get(number)
        {
            self.end_graph();
            super::layout::declare(prefix, 0, namespace, &mut self.text);
        }
    }

    fn node(&mut self, node: &NamedOrBlankNode) {
        match node {
            NamedOrBlankNode::NamedNode(iri) => self.iri(iri.as_ref()),
            NamedOrBlankNode::BlankNode(node) => self.term(node.as_ref().into()),
        }
    }

    /// Writes a predicate and a space.
    fn predicate(&mut self, quad: &Quad) {
        if quad.predicate.as_ref() == rdf::TYPE {
            self.text.push('a');
        } else {
            self.iri(quad.predicate.as_ref());
        }
        self.text.push(' ');
    }

    fn iri(&mut self, iri: NamedNodeRef<'_>) {
        self.names.iri(iri.as_str(), &mut self.text);
    }

    fn term(&mut self, term: TermRef<'_>) {
        match term {
            TermRef::NamedNode(iri) if iri == rdf::NIL => self.text.push_str("()"),
            TermRef::NamedNode(iri) => self.iri(iri),
            TermRef::Literal(literal) => self.names.literal(literal, &mut self.text),
            TermRef::BlankNode(node) => {
                self.text.push_str("_:");
                self.text.push_str(node.as_str());
            }
            #[cfg(feature = "rdf-12")]
            TermRef::Triple(triple) => self.names.triple_term(triple, &mut self.text),
        }
    }
}
