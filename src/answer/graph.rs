//! The triples of a CONSTRUCT or a DESCRIBE, with their citations if they are cited.

use super::page::{Page, until_failed};
use crate::budget::Limits;
use crate::cite::{Citation, CitationOptions, Citer};
use crate::diagnostic::{Error, Result};
use crate::engine::{EngineQuery, Store};
use oxigraph::model::Triple;
use std::collections::HashSet;

/// How many triples are cited once the time is over: few enough for a moment.
const MOST_CITED_LATE: usize = 200;

/// The triples of a graph, one by one; one may come twice.
pub struct Graph {
    triples: Page<Triple>,
    citing: Option<Box<TripleCiter>>,
}

/// Cites the triples of a graph once all of them are read.
pub(super) struct TripleCiter {
    pub store: Store,
    pub query: EngineQuery,
    pub options: CitationOptions,
}

/// All triples of a graph.
#[derive(Debug, Clone)]
pub struct WholeGraph {
    /// The triples; of a graph that is cited each once.
    pub triples: Vec<Triple>,
    /// What each of them rests on, if that was asked for.
    pub citations: Option<Vec<Citation>>,
    /// Whether there are triples behind the limit.
    pub has_more: bool,
    /// How many triples were found. If they were stopped, only the first of them are cited, and the others left out.
    pub found: usize,
    /// Why there are no more triples, if the store's [limits](crate::Limits) ended them.
    pub stopped: Option<Error>,
}

impl Graph {
    pub(super) fn new(triples: Page<Triple>, citing: Option<TripleCiter>) -> Self {
        Self { triples, citing: citing.map(Box::new) }
    }

    /// Whether the triples are cited once they are read.
    pub const fn is_cited(&self) -> bool {
        self.citing.is_some()
    }

    /// Whether there are triples behind the limit. Known once they have come to their end.
    pub const fn has_more(&self) -> bool {
        self.triples.has_more()
    }

    /// Whether there are no triples. Nothing: the first is an error, and comes in its turn.
    pub(super) fn is_empty(&mut self) -> Option<bool> {
        Some(self.triples.ahead(1)?.is_empty() && !self.triples.has_more())
    }

    /// Reads all triples, and cites them if that was asked for.
    ///
    /// # Errors
    /// If the query or the citing fails; not if the triples are stopped.
    pub fn read(mut self) -> Result<WholeGraph> {
        let (triples, failed) = until_failed(self.triples.by_ref());
        let stopped = match failed {
            Some(error) if !error.kind.is_stop() => return Err(error),
            stopped => stopped,
        };
        let found = triples.len();
        let mut whole =
            WholeGraph { triples, citations: None, has_more: self.has_more(), found, stopped };
        if let Some(citing) = self.citing {
            whole.cite(&citing)?;
        }
        Ok(whole)
    }
}

impl Iterator for Graph {
    type Item = Result<Triple>;

    fn next(&mut self) -> Option<Self::Item> {
        self.triples.next()
    }
}

impl WholeGraph {
    fn cite(&mut self, TripleCiter { store, query, options }: &TripleCiter) -> Result<()> {
        let is_over = store.limits().cancellation.stopped().is_some();
        let is_late = is_over && !store.capabilities().asks_by_request;
        if is_late {
            self.triples.truncate(MOST_CITED_LATE);
        }
        let mut seen = HashSet::new();
        self.triples.retain(|triple| seen.insert(triple.clone()));
        let store = if is_late {
            store.with_limits(&Limits::default())
        } else {
            self.found = self.triples.len();
            store.clone()
        };
        self.citations = Some(Citer::new(store, query, *options).triples(&self.triples)?);
        Ok(())
    }
}
