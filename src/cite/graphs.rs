//! Where triples stand: which named graphs state a triple, and which triples lead from a thing to the next.

use super::citation::CitedTriple;
use crate::error::Result;
use crate::store::{StatedIn, Store};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term, Triple};
use spargebra::algebra::QueryDataset;
use std::sync::Arc;

/// The graphs of a store, as a query sees them.
pub struct Graphs {
    store: Store,
    /// What the query says of its graphs: none if they are the store's.
    dataset: Option<Arc<QueryDataset>>,
}

impl Graphs {
    /// The graphs of a store for a query with these FROM and FROM NAMED.
    pub fn new(store: Store, dataset: Option<&QueryDataset>) -> Self {
        Self { store, dataset: dataset.cloned().map(Arc::new) }
    }

    /// What the query says of its graphs: none if they are the store's.
    pub const fn dataset(&self) -> Option<&Arc<QueryDataset>> {
        self.dataset.as_ref()
    }

    /// The graphs that FROM merges into the default graph: none if it is the store's.
    fn merged(&self) -> Option<&[NamedNode]> {
        self.dataset.as_ref().map(|dataset| dataset.default.as_slice())
    }

    /// A triple of the default graph with the named graphs that state it, in order. None of them: it is background.
    pub fn cite(&self, triple: &Arc<Triple>) -> Result<CitedTriple> {
        let StatedIn { triple, graphs, has_nameless } = self.store.stated_in(triple)?;
        Ok(match self.merged() {
            None => {
                let is_nameless = has_nameless && graphs.is_empty();
                CitedTriple { triple, graphs, is_nameless }
            }
            Some(merged) => {
                let graphs = graphs.iter().filter(|graph| merged.contains(graph)).cloned();
                CitedTriple { triple, graphs: graphs.collect(), is_nameless: false }
            }
        })
    }

    /// The triples that lead from a thing, or to it if `is_reverse`, in a named graph or in the default graph.
    pub fn edges<'b>(
        &'b self,
        thing: &'b Term,
        predicate: Option<&'b NamedNode>,
        is_reverse: bool,
        graph: Option<&'b NamedNode>,
    ) -> impl Iterator<Item = Result<Triple>> + 'b {
        let subject = match thing {
            Term::NamedNode(iri) if !is_reverse => Some(NamedOrBlankNode::from(iri.clone())),
            Term::BlankNode(node) if !is_reverse => Some(node.clone().into()),
            _ => None,
        };
        let object = is_reverse.then_some(thing);
        let graphs: Vec<Option<&NamedNode>> = match (graph, self.merged()) {
            // No literal is a subject.
            _ if subject.is_none() && object.is_none() => Vec::new(),
            (None, Some(merged)) => merged.iter().map(Some).collect(),
            (graph, _) => vec![graph],
        };
        graphs.into_iter().flat_map(move |graph| {
            self.store.triples(
                subject.as_ref().map(NamedOrBlankNode::as_ref),
                predicate.map(NamedNode::as_ref),
                object.map(Term::as_ref),
                graph.map(NamedNode::as_ref),
            )
        })
    }

    /// A triple that mentions a thing, in a named graph or in the default graph.
    pub fn mention(&self, thing: &Term, graph: Option<&NamedNode>) -> Result<Option<Triple>> {
        for is_reverse in [false, true] {
            if let Some(triple) = self.edges(thing, None, is_reverse, graph).next() {
                return triple.map(Some);
            }
        }
        Ok(None)
    }

    /// A triple of a named graph: none if the graph is empty.
    pub fn any_of(&self, graph: &NamedNode) -> Result<Option<Triple>> {
        self.store.any_triple(None, None, None, Some(graph.as_ref()))
    }
}
