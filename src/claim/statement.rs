//! A claim with its statements, in a form for mappings to other vocabularies.

use super::Claim;
use crate::vocabulary::skos;
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term, Triple};
use std::collections::HashMap;

/// A claim with the data that other vocabularies describe.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// Its statements.
    pub triples: &'a [Triple],
    /// Descriptions of things in terms of other vocabularies.
    pub said: &'a HashMap<NamedNode, Vec<(NamedNode, Term)>>,
}

impl Statement<'_> {
    /// Returns the claim's triples in its graph.
    pub(super) fn graph(self) -> impl Iterator<Item = Quad> {
        let name = GraphName::from(self.claim.name.clone());
        self.triples.iter().map(move |triple| triple.clone().in_graph(name.clone()))
    }

    /// Returns the document of all quotes, if there is only one.
    pub(super) fn document(&self) -> Option<&NamedNode> {
        match self.claim.documents.as_slice() {
            [document] => Some(document),
            _ => None,
        }
    }

    /// Names a part of the claim by a fragment of the claim's IRI.
    pub(super) fn part(&self, part: &str) -> NamedNode {
        let name = self.claim.name.as_str();
        let separator = if name.contains('#') { '/' } else { '#' };
        NamedNode::new_unchecked(format!("{name}{separator}{part}"))
    }

    /// Names a part of one of the quotes, counted from 0.
    pub(super) fn part_of_quote(&self, part: &str, quote: usize) -> NamedNode {
        match quote {
            0 => self.part(part),
            quote => self.part(&format!("{part}-{}", quote + 1)),
        }
    }

    /// Adds the existing descriptions of the claim and its readings.
    pub(super) fn repeat_claim(self, graph: &mut GraphTriples) {
        self.repeat(&self.claim.name, graph);
        for note in &self.claim.notes {
            graph.say(&self.claim.name, skos::EDITORIAL_NOTE, text(note));
        }
    }

    /// Adds the existing descriptions of a thing.
    pub(super) fn repeat(self, thing: &NamedNode, graph: &mut GraphTriples) {
        for (property, value) in self.said.get(thing).into_iter().flatten() {
            graph.say(thing, property.as_ref(), value.clone());
        }
    }
}

/// A collection of triples in one graph.
pub(super) struct GraphTriples {
    name: GraphName,
    pub(super) quads: Vec<Quad>,
}

impl GraphTriples {
    pub(super) fn new(name: impl Into<GraphName>) -> Self {
        Self { name: name.into(), quads: Vec::new() }
    }

    pub(super) fn say(
        &mut self,
        subject: &NamedNode,
        property: NamedNodeRef<'_>,
        value: impl Into<Term>,
    ) {
        self.quads.push(Quad::new(
            subject.clone(),
            property.into_owned(),
            value,
            self.name.clone(),
        ));
    }
}

pub(super) fn text(text: &str) -> Literal {
    Literal::new_simple_literal(text)
}
