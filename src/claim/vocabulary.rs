//! Claims and their quotes in vocabularies that other programs know.
//!
//! Each mapping is a function from a claim to quads; it sees no store and no text. A claim's triples stay as they are,
//! in the graph of the claim's own name. Nothing is said that the dossier does not say or that does not follow from the
//! text: of a quote that does not stand in its document no place is given, nor that it is quoted from there.

use super::{Claim, nanopub, oa, prov};
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

/// What claims are mapped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vocabulary {
    /// [PROV-O](https://www.w3.org/TR/prov-o/): entities, quoted and derived.
    Prov,
    /// [Web Annotations](https://www.w3.org/TR/annotation-model/), whose bodies are the claims.
    Oa,
    /// [Nanopublications](https://nanopub.net/guidelines/working_draft/), whose assertions are the claims.
    Nanopub,
}

impl Vocabulary {
    /// All of them, in the order in which help lists them.
    pub const ALL: [Self; 3] = [Self::Prov, Self::Oa, Self::Nanopub];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prov => "prov",
            Self::Oa => "oa",
            Self::Nanopub => "nanopub",
        }
    }

    /// The prefixes that the mapping uses, with their namespaces.
    pub const fn prefixes(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Prov => &[("prov", "http://www.w3.org/ns/prov#")],
            Self::Oa => &[("oa", "http://www.w3.org/ns/oa#")],
            Self::Nanopub => {
                &[("np", "http://www.nanopub.org/nschema#"), ("prov", "http://www.w3.org/ns/prov#")]
            }
        }
    }

    /// The quads for a claim: nothing if the vocabulary has no valid form for it. An annotation needs a document that
    /// it is about, a nanopublication a triple that it asserts.
    pub fn quads(self, statement: Statement<'_>) -> Option<Vec<Quad>> {
        match self {
            Self::Prov => Some(prov::quads(statement)),
            Self::Oa => oa::quads(statement),
            Self::Nanopub => nanopub::quads(statement),
        }
    }
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
    pub(super) fn repeat_claim(self, graph: &mut Graph) {
        self.repeat(&self.claim.name, graph);
        for note in &self.claim.notes {
            graph.say(&self.claim.name, skos::EDITORIAL_NOTE, text(note));
        }
    }

    /// Says of a thing what is said of it already.
    pub(super) fn repeat(self, thing: &NamedNode, graph: &mut Graph) {
        for (property, value) in self.said.get(thing).into_iter().flatten() {
            graph.say(thing, property.as_ref(), value.clone());
        }
    }
}

/// Triples in one graph.
pub(super) struct Graph {
    name: GraphName,
    pub(super) quads: Vec<Quad>,
}

impl Graph {
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
