//! Claims and their quotes in vocabularies that other programs know.
//!
//! Each mapping is a function from a claim to quads; it sees no store and no text. A claim's triples stay as they are,
//! in the graph of the claim's own name. Nothing is said that the dossier does not say or that does not follow from the
//! text: of a quote that does not stand in its document no place is given, nor that it is quoted from there.

mod nanopub;
mod oa;
mod prov;

use crate::vocabulary::skos;
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term, Triple};
use std::ops::Range;

/// A claim, with what is known of its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its name, which is that of its graph.
    pub name: NamedNode,
    /// What it states.
    pub triples: Vec<Triple>,
    /// The documents that it quotes, each with what is said of it. A sound claim has one.
    pub documents: Vec<Document>,
    /// Its quotes. A sound claim has one.
    pub quotes: Vec<Quote>,
    /// What had to be read into the quotes.
    pub readings: Vec<String>,
    /// What else is said of it, in terms of other vocabularies.
    pub said: Vec<(NamedNode, Term)>,
}

/// A document, with what is said of it in terms of other vocabularies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its name.
    pub name: NamedNode,
    /// What is said of it.
    pub said: Vec<(NamedNode, Term)>,
}

/// Words that a claim quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The words.
    pub words: String,
    /// What stands right before them, if it is known.
    pub prefix: Option<String>,
    /// What stands right after them, if it is known.
    pub suffix: Option<String>,
    /// Where they stand.
    pub standing: Standing,
}

/// Where a quote stands in the text of its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Here: characters (Unicode code points) of the text, the end exclusive.
    At(Range<usize>),
    /// It is not known: the text is not here, or it has the words more than once.
    Unknown,
    /// Nowhere: the text does not have the words.
    Nowhere,
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
    pub fn quads(self, claim: &Claim) -> Option<Vec<Quad>> {
        match self {
            Self::Prov => Some(prov::quads(claim)),
            Self::Oa => oa::quads(claim),
            Self::Nanopub => nanopub::quads(claim),
        }
    }
}

impl Claim {
    /// The claim's triples in its graph.
    fn graph(&self) -> impl Iterator<Item = Quad> {
        let name = GraphName::from(self.name.clone());
        self.triples.iter().map(move |triple| triple.clone().in_graph(name.clone()))
    }

    /// The document that all quotes are of, if there is one.
    fn document(&self) -> Option<&Document> {
        match self.documents.as_slice() {
            [document] => Some(document),
            _ => None,
        }
    }

    /// The name of something that belongs to the claim: a fragment of the claim's.
    fn part(&self, part: &str) -> NamedNode {
        let name = self.name.as_str();
        let separator = if name.contains('#') { '/' } else { '#' };
        NamedNode::new_unchecked(format!("{name}{separator}{part}"))
    }

    /// The name of something that belongs to one of the quotes, counted from 0.
    fn part_of_quote(&self, part: &str, quote: usize) -> NamedNode {
        match quote {
            0 => self.part(part),
            quote => self.part(&format!("{part}-{}", quote + 1)),
        }
    }
}

/// Triples in one graph.
struct Graph {
    name: GraphName,
    quads: Vec<Quad>,
}

impl Graph {
    fn new(name: impl Into<GraphName>) -> Self {
        Self { name: name.into(), quads: Vec::new() }
    }

    fn say(&mut self, subject: &NamedNode, property: NamedNodeRef<'_>, value: impl Into<Term>) {
        self.quads.push(Quad::new(
            subject.clone(),
            property.into_owned(),
            value,
            self.name.clone(),
        ));
    }

    /// Says what is said of a thing already, and, of a claim, what was read into its quotes.
    fn repeat(&mut self, thing: &NamedNode, said: &[(NamedNode, Term)], readings: &[String]) {
        for (property, value) in said {
            self.say(thing, property.as_ref(), value.clone());
        }
        for reading in readings {
            self.say(thing, skos::EDITORIAL_NOTE, text(reading));
        }
    }
}

fn text(text: &str) -> Literal {
    Literal::new_simple_literal(text)
}
