//! Writes terms, and nodes that are short enough, on one line.

use super::TermContext;
use super::statement_order::StatementOrder;
use super::term::is_short;
use crate::rdf::write::blank::TermForm;
use crate::rdf::write::dataset::Id;
use crate::vocabulary::{rdf, xsd};
use oxigraph::model::TermRef;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// The one-line texts of nested nodes, which determine their order.
pub(super) type NodeTexts = FxHashMap<Id, String>;

/// Writes the statements about a node on one line.
pub(super) struct Flat<'a, 's> {
    pub arranged: &'s StatementOrder<'a>,
    pub terms: TermContext<'a>,
    /// The texts of the nested nodes, if they are available.
    pub texts: Option<&'s NodeTexts>,
    /// The maximum length of the text.
    pub room: usize,
}

impl Flat<'_, '_> {
    /// Writes a term as an object. Returns `false` if it does not fit; `out` then ends with a part of it.
    pub(super) fn term(&self, id: Id, out: &mut String) -> bool {
        if let Some(text) = self.texts.and_then(|texts| texts.get(&id)) {
            out.push_str(text);
            return true;
        }
        match self.terms.form(id) {
            TermForm::Name => self.terms.write(id, out),
            _ => return self.node(id, out),
        }
        out.len() <= self.room
    }

    /// Writes a nested node. The recursion is bounded by the nesting depth.
    pub(super) fn node(&self, id: Id, out: &mut String) -> bool {
        if let TermForm::List(_) = self.terms.form(id) {
            out.push('(');
            for (place, item) in self.arranged.items(id) {
                out.push(' ');
                if self.arranged.comments.at(place).is_some() || !self.term(item, out) {
                    return false;
                }
            }
            out.push_str(" )");
            return out.len() <= self.room;
        }
        let statements = self.arranged.about(id);
        if statements.is_empty() {
            out.push_str("[]");
            return out.len() <= self.room;
        }
        if self.arranged.has_comments(statements.clone()) {
            return false;
        }
        out.push_str("[ ");
        let fits = self.properties(statements, out);
        out.push_str(" ]");
        fits && out.len() <= self.room
    }

    fn properties(&self, statements: Range<usize>, out: &mut String) -> bool {
        for (i, same) in self.arranged.properties(statements).enumerate() {
            if i > 0 {
                out.push_str(" ; ");
            }
            self.arranged.write_predicate(&same, out);
            if !self.objects(same, out) {
                return false;
            }
        }
        true
    }

    /// Writes objects, each after a space.
    pub(super) fn objects(&self, statements: Range<usize>, out: &mut String) -> bool {
        for (i, statement) in self.arranged.statements(statements).iter().enumerate() {
            out.push_str(if i > 0 { ", " } else { " " });
            if !self.term(statement.object, out) {
                return false;
            }
        }
        true
    }
}

impl StatementOrder<'_> {
    /// Writes the predicate that some statements share.
    pub(super) fn write_predicate(&self, same: &Range<usize>, out: &mut String) {
        if let Some(first) = self.statements.get(same.start) {
            self.terms.predicate(first.predicate, out);
        }
    }
}

impl TermContext<'_> {
    /// Writes a term by its name or its label.
    pub(super) fn write(&self, id: Id, out: &mut String) {
        match self.dataset.term(id) {
            TermRef::NamedNode(iri) if iri == rdf::NIL => out.push_str("()"),
            TermRef::NamedNode(iri) => self.names.iri(iri.as_str(), out),
            TermRef::Literal(literal) => self.names.literal(literal, out),
            TermRef::BlankNode(node) => match self.labels {
                Some(labels) => out.push_str(&labels.label(id)),
                None => {
                    out.push_str("_:");
                    out.push_str(node.as_str());
                }
            },
            #[cfg(feature = "rdf-12")]
            TermRef::Triple(triple) => self.names.triple_term(triple, out),
        }
    }

    pub(super) fn predicate(&self, id: Id, out: &mut String) {
        match self.dataset.term(id) {
            TermRef::NamedNode(iri) if iri == rdf::TYPE => out.push('a'),
            TermRef::NamedNode(iri) => self.names.iri(iri.as_str(), out),
            _ => {}
        }
    }

    pub(super) fn graph(&self, id: Id, out: &mut String) {
        match self.dataset.term(id) {
            TermRef::NamedNode(iri) => self.names.iri(iri.as_str(), out),
            _ => self.write(id, out),
        }
    }

    /// Returns the IRI for which a term needs a prefix.
    pub(super) fn short_iri(&self, id: Id) -> Option<&str> {
        match self.dataset.term(id) {
            TermRef::NamedNode(iri) => Some(iri.as_str()),
            TermRef::Literal(literal)
                if literal.language().is_none()
                    && literal.datatype() != xsd::STRING
                    && !is_short(literal) =>
            {
                Some(literal.datatype().as_str())
            }
            _ => None,
        }
    }
}
