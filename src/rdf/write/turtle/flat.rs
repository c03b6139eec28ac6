//! What is written in one line: terms, and nodes that are small enough.

use super::TermContext;
use super::statement_order::StatementOrder;
use super::term::is_short;
use crate::rdf::write::blank::TermForm;
use crate::rdf::write::dataset::Id;
use crate::vocabulary::{rdf, xsd};
use oxigraph::model::TermRef;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Nested nodes, written in one line each: their order is that of these lines.
pub(super) type NodeTexts = FxHashMap<Id, String>;

/// What a node says, in one line.
pub(super) struct Flat<'a, 's> {
    pub arranged: &'s StatementOrder<'a>,
    pub terms: TermContext<'a>,
    /// The lines of the nodes inside, if they are written already.
    pub texts: Option<&'s NodeTexts>,
    /// How long the text may get.
    pub room: usize,
}

impl Flat<'_, '_> {
    /// Writes a term where it is mentioned. False if it does not fit: then a part of it stands there.
    pub(super) fn term(&self, id: Id, out: &mut String) -> bool {
        if let Some(text) = self.texts.and_then(|texts| texts.get(&id)) {
            out.push_str(text);
            return true;
        }
        match self.terms.place(id) {
            TermForm::Name => self.terms.write(id, out),
            _ => return self.node(id, out),
        }
        out.len() <= self.room
    }

    /// Writes a nested node. It recurses as deep as nodes nest, which is bounded.
    pub(super) fn node(&self, id: Id, out: &mut String) -> bool {
        if let TermForm::List(_) = self.terms.place(id) {
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

    /// Writes objects, each with the space before it.
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
    /// Writes the predicate of statements that share it.
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

    /// The IRI for which a term needs a prefix.
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
