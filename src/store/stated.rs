//! Which named graphs state a triple. Rows of an answer share triples, and pages share rows: what was looked up is kept.

use super::Store;
use crate::error::Result;
use crate::remembered::Remembered;
use oxigraph::model::{NamedNode, NamedOrBlankNode, Triple};
use std::sync::Arc;

/// How many triples are kept: those of 60,000 rows of four, of some hundred bytes each.
const MOST_TRIPLES: usize = 1 << 18;

/// The named graphs that state a triple.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedIn {
    /// The triple. All who ask for it share it.
    pub triple: Arc<Triple>,
    /// The graphs whose names are IRIs, in order.
    pub graphs: Arc<[NamedNode]>,
    /// Whether there are also graphs that cannot be named: their names are blank nodes or, behind an endpoint, the triple
    /// has one and nobody can ask about it.
    pub has_nameless: bool,
}

/// What was looked up. No named graph of a store changes once it is asked.
#[derive(Clone)]
pub(super) struct Stated(pub(super) Remembered<Arc<Triple>, StatedIn>);

impl Default for Stated {
    fn default() -> Self {
        Self(Remembered::new(MOST_TRIPLES))
    }
}

impl StatedIn {
    /// A triple with the graphs that state it.
    pub(super) fn of(triple: &Arc<Triple>, all: Vec<NamedOrBlankNode>) -> Self {
        let mut graphs = Vec::new();
        let mut has_nameless = false;
        for graph in all {
            match graph {
                NamedOrBlankNode::NamedNode(graph) => graphs.push(graph),
                NamedOrBlankNode::BlankNode(_) => has_nameless = true,
            }
        }
        graphs.sort();
        Self { triple: Arc::clone(triple), graphs: graphs.into(), has_nameless }
    }
}

impl Store {
    /// The named graphs that state a triple.
    ///
    /// # Errors
    /// If the store fails.
    pub fn stated_in(&self, triple: &Arc<Triple>) -> Result<StatedIn> {
        self.stated.0.get_or_find(triple, || {
            let stated =
                if self.is_endpoint() { self.requested_graphs(&[triple])?.pop() } else { None };
            let stated = match stated {
                Some(stated) => stated,
                None => StatedIn::of(triple, self.graphs_of(triple)?),
            };
            Ok((Arc::clone(triple), stated))
        })
    }
}
