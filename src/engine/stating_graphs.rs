//! Lookup of the named graphs that state a triple. Rows of an answer share triples, and pages share rows, so the
//! results are cached.

use super::Store;
use crate::cache::Cache;
use crate::diagnostic::Result;
use crate::vocabulary::push;
use oxigraph::model::{GraphName, NamedNode, Triple};
use std::sync::Arc;

/// The capacity of the cache: the triples of 60,000 rows with four triples each, at a few hundred bytes per triple.
const MOST_TRIPLES: usize = 1 << 18;

/// The named graphs that state a triple.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatingGraphs {
    /// The triple as the data has it, since a query may write its literals in another form. All users of the cached
    /// value share it.
    pub triple: Arc<Triple>,
    /// Whether the data contains the triple.
    pub is_there: bool,
    /// The graphs whose names are IRIs, sorted.
    pub graphs: Arc<[NamedNode]>,
    /// Whether there may also be graphs that cannot be named: their names are blank nodes or, behind an endpoint, the
    /// triple has a blank node and cannot be queried.
    pub has_nameless: bool,
}

/// A cache of stating graphs. The named graphs of a store do not change once it is queried.
#[derive(Clone)]
pub(super) struct StatingGraphsCache(pub(super) Cache<Arc<Triple>, StatingGraphs>);

impl Default for StatingGraphsCache {
    fn default() -> Self {
        Self(Cache::new(MOST_TRIPLES))
    }
}

impl StatingGraphs {
    /// Builds the result from all graphs that contain a triple. If there are none, the triple is not in the data.
    pub(super) fn of(triple: Arc<Triple>, all: Vec<GraphName>) -> Self {
        let is_there = !all.is_empty();
        let mut graphs = Vec::new();
        let mut has_nameless = false;
        for graph in all {
            match graph {
                // The graph that a server without a default graph of its own has instead.
                GraphName::NamedNode(graph) if graph.as_ref() == push::BACKGROUND => {}
                GraphName::NamedNode(graph) => graphs.push(graph),
                GraphName::BlankNode(_) => has_nameless = true,
                GraphName::DefaultGraph => {}
            }
        }
        graphs.sort();
        Self { triple, is_there, graphs: graphs.into(), has_nameless }
    }
}

impl Store {
    /// Looks up whether a triple is in the data, and which named graphs state it.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn stating_graphs(&self, triple: &Arc<Triple>) -> Result<StatingGraphs> {
        self.stating_graphs.0.get_or_find(triple, || {
            let is_requested = self.capabilities().asks_by_request;
            let stated = if is_requested { self.request_graphs(&[triple])?.pop() } else { None };
            let stated = match stated {
                Some(stated) => stated,
                None => self.found_in(triple)?,
            };
            Ok((Arc::clone(triple), stated))
        })
    }

    fn found_in(&self, triple: &Arc<Triple>) -> Result<StatingGraphs> {
        let mut graphs = Vec::new();
        let mut as_stored = Arc::clone(triple);
        for quad in self.standing(triple) {
            let quad = quad?;
            if graphs.is_empty() && quad.object != triple.object {
                as_stored = Triple::from(quad.clone()).into();
            }
            graphs.push(quad.graph_name);
        }
        Ok(StatingGraphs::of(as_stored, graphs))
    }
}
