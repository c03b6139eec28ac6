//! The triples of a CONSTRUCT or a DESCRIBE, with citations if requested.

use super::page::{Page, until_failed};
use crate::budget::Limits;
use crate::cite::{Citation, CitationOptions, Citer};
use crate::diagnostic::{Error, Result};
use crate::engine::{EngineQuery, Store};
use oxigraph::model::Triple;
use std::collections::HashSet;

/// The most triples that are cited after the time is over, which takes only a moment.
const MOST_CITED_LATE: usize = 200;

/// The triples of a graph, read lazily, possibly with duplicates.
pub struct Graph {
    triples: Page<Triple>,
    citing: Option<Box<TripleCiter>>,
}

/// Cites the triples of a graph after all of them are read.
pub(super) struct TripleCiter {
    pub store: Store,
    pub query: EngineQuery,
    pub options: CitationOptions,
}

/// All triples of a graph.
#[derive(Debug, Clone)]
pub struct WholeGraph {
    /// The triples. In a cited graph, each occurs once.
    pub triples: Vec<Triple>,
    /// What each triple rests on, if citations were requested.
    pub citations: Option<Vec<Citation>>,
    /// Whether there are triples beyond the limit.
    pub has_more: bool,
    /// The number of triples found. If reading was stopped, only the first ones are cited and returned.
    pub found: usize,
    /// Why reading was stopped, if the store's [limits](crate::Limits) did so.
    pub stopped: Option<Error>,
}

impl Graph {
    pub(super) fn new(triples: Page<Triple>, citing: Option<TripleCiter>) -> Self {
        Self { triples, citing: citing.map(Box::new) }
    }

    /// Returns whether the triples will be cited.
    pub const fn is_cited(&self) -> bool {
        self.citing.is_some()
    }

    /// Returns whether there are triples beyond the limit. It is known only at the end.
    pub const fn has_more(&self) -> bool {
        self.triples.has_more()
    }

    /// Returns whether there are no triples, or `None` if the first one is an error, which is returned in its turn.
    pub(super) fn is_empty(&mut self) -> Option<bool> {
        Some(self.triples.ahead(1)?.is_empty() && !self.triples.has_more())
    }

    /// Reads all triples, and cites them if requested.
    ///
    /// # Errors
    /// Fails if the query or the citing fails, but not if the limits stop reading.
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
