//! The data: claims, which are named graphs, and background triples.

use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{GraphName, NamedNode, Quad, Triple};
use std::collections::BTreeSet;

/// Claims and background. The default graph is the set of all their triples; the named graphs are the claims.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    triples: Vec<Triple>,
    /// For each triple the claims that state it.
    claims_of: Vec<BTreeSet<usize>>,
    /// The triples that stand outside of any claim.
    background: BTreeSet<usize>,
    claims: Vec<NamedNode>,
}

impl Dataset {
    /// From quads: those of the default graph are background, each named graph is a claim.
    pub fn new(quads: impl IntoIterator<Item = Quad>) -> Self {
        let mut dataset = Self::default();
        for quad in quads {
            let triple = Triple::new(quad.subject, quad.predicate, quad.object);
            let index = dataset.triples.iter().position(|known| *known == triple);
            let index = index.unwrap_or_else(|| {
                dataset.triples.push(triple);
                dataset.claims_of.push(BTreeSet::new());
                dataset.triples.len() - 1
            });
            match quad.graph_name {
                GraphName::NamedNode(name) => {
                    let claim = dataset.claim(&name).unwrap_or_else(|| {
                        dataset.claims.push(name);
                        dataset.claims.len() - 1
                    });
                    dataset.claims_of[index].insert(claim);
                }
                GraphName::DefaultGraph => {
                    dataset.background.insert(index);
                }
                GraphName::BlankNode(name) => panic!("the graph {name} has no IRI"),
            }
        }
        dataset
    }

    /// From `TriG`.
    pub fn parse(trig: &str) -> Self {
        Self::new(RdfParser::from_format(RdfFormat::TriG).for_slice(trig).map(Result::unwrap))
    }

    /// The distinct triples: a `Provenance` names them by their index here.
    pub fn triples(&self) -> &[Triple] {
        &self.triples
    }

    /// The claims: a `Provenance` names them by their index here.
    pub fn claims(&self) -> &[NamedNode] {
        &self.claims
    }

    /// The index of a claim.
    pub fn claim(&self, name: &NamedNode) -> Option<usize> {
        self.claims.iter().position(|claim| claim == name)
    }

    /// The claims that state a triple.
    pub fn claims_of(&self, triple: usize) -> &BTreeSet<usize> {
        &self.claims_of[triple]
    }

    /// Whether a triple stands in the background.
    pub fn is_background(&self, triple: usize) -> bool {
        self.background.contains(&triple)
    }

    /// Whether the background or any of these claims states a triple.
    pub fn is_stated(&self, triple: usize, claims: &BTreeSet<usize>) -> bool {
        self.is_background(triple) || !self.claims_of[triple].is_disjoint(claims)
    }

    /// The index of every claim.
    pub fn all_claims(&self) -> BTreeSet<usize> {
        (0..self.claims.len()).collect()
    }

    /// The quads that it was made of, each once.
    pub fn quads(&self) -> Vec<Quad> {
        self.quads_of(&self.all_claims())
    }

    /// Only these claims, and the background. The indices of the new dataset are its own.
    pub fn restricted_to(&self, claims: &BTreeSet<usize>) -> Self {
        Self::new(self.quads_of(claims))
    }

    /// Only these triples, by their index, in all the places where they are stated.
    pub fn only(&self, triples: &BTreeSet<usize>) -> Self {
        let is_kept = |quad: &Quad| {
            let triple = Triple::from(quad.clone());
            triples.iter().any(|index| self.triples[*index] == triple)
        };
        Self::new(self.quads().into_iter().filter(is_kept))
    }

    /// The quads with each triple of a claim also in the default graph, which is how they are stored.
    pub fn materialised(&self) -> Vec<Quad> {
        let triples = self.triples.iter();
        let merged = triples.map(|triple| triple.clone().in_graph(GraphName::DefaultGraph));
        let quads = self.quads().into_iter().filter(|quad| !quad.graph_name.is_default_graph());
        merged.chain(quads).collect()
    }

    fn quads_of(&self, claims: &BTreeSet<usize>) -> Vec<Quad> {
        let mut quads = Vec::new();
        for (index, triple) in self.triples.iter().enumerate() {
            if self.is_background(index) {
                quads.push(triple.clone().in_graph(GraphName::DefaultGraph));
            }
            for claim in self.claims_of[index].intersection(claims) {
                quads.push(triple.clone().in_graph(self.claims[*claim].clone()));
            }
        }
        quads
    }
}
