//! A claim with what it states, as it is told in the vocabularies of other programs.

use super::Claim;
use crate::vocabulary::skos;
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term, Triple};
use std::collections::HashMap;

/// A claim, with what is to be told of it in other vocabularies.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// What it states.
    pub triples: &'a [Triple],
    /// What is said of things in terms of other vocabularies.
    pub said: &'a HashMap<NamedNode, Vec<(NamedNode, Term)>>,
}

impl Statement<'_> {
    /// The claim's triples in its graph.
    pub(super) fn graph(self) -> impl Iterator<Item = Quad> {
        let name = GraphName::from(self.claim.name.clone());
        self.triples.iter().map(move |triple| triple.clone().in_graph(name.clone()))
    }

    /// The document that all quotes are of, if there is one.
    pub(super) fn document(&self) -> Option<&NamedNode> {
        match self.claim.documents.as_slice() {
            [document] => Some(document),
            _ => None,
        }
    }

    /// The name of something that belongs to the claim: a fragment of the claim's.
    pub(super) fn part(&self, part: &str) -> NamedNode {
        let name = self.claim.name.as_str();
        let separator = if name.contains('#') { '/' } else { '#' };
        NamedNode::new_unchecked(format!("{name}{separator}{part}"))
    }

    /// The name of something that belongs to one of the quotes, counted from 0.
    pub(super) fn part_of_quote(&self, part: &str, quote: usize) -> NamedNode {
        match quote {
            0 => self.part(part),
            quote => self.part(&format!("{part}-{}", quote + 1)),
        }
    }

    /// Says of the claim what is said of it already, and what was read into its quotes.
    pub(super) fn repeat_claim(self, graph: &mut GraphTriples) {
        self.repeat(&self.claim.name, graph);
        for note in &self.claim.notes {
            graph.say(&self.claim.name, skos::EDITORIAL_NOTE, text(note));
        }
    }

    /// Says of a thing what is said of it already.
    pub(super) fn repeat(self, thing: &NamedNode, graph: &mut GraphTriples) {
        for (property, value) in self.said.get(thing).into_iter().flatten() {
            graph.say(thing, property.as_ref(), value.clone());
        }
    }
}

/// Triples in one graph.
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
