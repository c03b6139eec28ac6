//! Lookup of the named graphs that state a triple. Rows of an answer share triples, and pages share rows, so the
//! results are cached.
//!
//! Where there is an index, triples are looked up by the numbers of their terms, many at a time: to hash and to compare
//! the texts of three terms takes longer than all the rest.

use super::Store;
use super::index::TripleIndex;
use super::index_queries::{number, triple};
use crate::cache::Cache;
use crate::diagnostic::Result;
use crate::vocabulary::push;
use oxigraph::model::{GraphName, NamedNode, TermRef, Triple};
use std::sync::{Arc, Mutex, PoisonError};

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
pub(super) struct StatingGraphsCache {
    pub by_triple: Cache<Arc<Triple>, StatingGraphs>,
    by_place: Arc<Mutex<Option<PlaceCache>>>,
}

/// A cache by the places of triples in an index.
struct PlaceCache {
    index: Arc<TripleIndex>,
    found: Cache<u32, StatingGraphs>,
}

impl Default for StatingGraphsCache {
    fn default() -> Self {
        Self { by_triple: Cache::new(MOST_TRIPLES), by_place: Arc::default() }
    }
}

impl StatingGraphsCache {
    /// Returns the cache by places in an index.
    fn of(&self, index: &Arc<TripleIndex>) -> Cache<u32, StatingGraphs> {
        let mut by_place = self.by_place.lock().unwrap_or_else(PoisonError::into_inner);
        match &*by_place {
            Some(known) if Arc::ptr_eq(&known.index, index) => known.found.clone(),
            _ => {
                let found = Cache::new(MOST_TRIPLES);
                *by_place = Some(PlaceCache { index: Arc::clone(index), found: found.clone() });
                found
            }
        }
    }
}

/// The triples of the default graph, by the numbers of their terms.
pub(crate) struct NumberedTriples {
    store: Store,
    index: Arc<TripleIndex>,
    known: Cache<u32, StatingGraphs>,
}

impl NumberedTriples {
    /// Returns the number of a term, or `None` if no triple has it.
    pub(crate) fn number(&self, term: TermRef<'_>) -> Option<u32> {
        number(&self.index, term)
    }

    /// Looks up which named graphs state some triples. The result for a triple is `None` if it is not in the data.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn stating_graphs(
        &self,
        triples: &[[u32; 3]],
    ) -> Result<Vec<Option<StatingGraphs>>> {
        let places: Vec<Option<u32>> =
            triples.iter().map(|&triple| self.index.position(triple)).collect();
        let mut found = self.known.get_each(&places);
        for ((found, place), numbers) in found.iter_mut().zip(places).zip(triples) {
            if let (None, Some(place)) = (&found, place)
                && let Some(triple) = triple(&self.index, *numbers)
            {
                let stated = self.store.found_in(&Arc::new(triple))?;
                self.known.keep(place, stated.clone());
                *found = Some(stated);
            }
        }
        Ok(found)
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
    /// Returns the triples of the default graph by numbers, or `None` if there is no index.
    pub(crate) fn numbered_triples(&self) -> Option<NumberedTriples> {
        let index = self.backend.embedded()?.index()?;
        let known = self.stating_graphs.of(&index);
        Some(NumberedTriples { store: self.clone(), index, known })
    }

    /// Looks up whether a triple is in the data, and which named graphs state it.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn stating_graphs(&self, triple: &Arc<Triple>) -> Result<StatingGraphs> {
        self.stating_graphs.by_triple.get_or_find(triple, || {
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
