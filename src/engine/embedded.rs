//! Oxigraph in this process: a store of quads in memory or on disk, the index of its default graph, and the statistics
//! for planning.

use super::backend::{Backend, Capabilities, Gather, QuadPattern, Quads};
use super::index::TripleIndex;
use super::index_queries::{IndexDataset, matching};
use super::plan::{RowGoal, has_joins};
use super::planning::Planning;
use super::prepare::{EngineQuery, Planned};
use super::quirks::{self, LongDecimal, stored_term};
use super::run::{fused, until_error};
use super::{executor, failed, folder};
use crate::algebra::pattern_of;
use crate::budget::Cancellation;
use crate::diagnostic::{Result, error, reason};
use oxigraph::model::{
    GraphName, GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNodeRef, Quad, Term,
};
use oxigraph::sparql::{PreparedSparqlQuery, QueryEvaluationError, QueryResults};
use spargebra::Query;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A store of quads in this process. Clones share the data.
#[derive(Clone)]
pub struct Embedded {
    pub(super) store: oxigraph::store::Store,
    /// The folder of a store on disk.
    pub(super) folder: Option<Arc<PathBuf>>,
    /// The lock that prevents others from writing to a store on disk while it is read.
    #[expect(dead_code, reason = "the lock holds as long as the file lives")]
    pub(super) lock: Option<Arc<File>>,
    /// The guard that detects damage to a store on disk.
    #[cfg(feature = "disk")]
    pub(super) guard: Option<super::tables::Guard>,
    pub(super) planning: Planning,
    /// Whether the data may have numbers that exceed the engine's types. After loading from files, this is exact.
    pub(super) may_have_long_numbers: bool,
}

impl Embedded {
    /// Creates an empty store in memory.
    ///
    /// # Errors
    /// Fails if the engine fails.
    pub fn new() -> Result<Self> {
        Ok(Self::with(oxigraph::store::Store::new().map_err(failed)?))
    }

    pub(super) fn with(store: oxigraph::store::Store) -> Self {
        Self {
            store,
            folder: None,
            lock: None,
            #[cfg(feature = "disk")]
            guard: None,
            planning: Planning::default(),
            may_have_long_numbers: true,
        }
    }

    /// Creates a store in memory with exactly these quads.
    ///
    /// # Errors
    /// Fails if the engine fails.
    pub fn of(quads: impl IntoIterator<Item = Quad>) -> Result<Self> {
        let mut embedded = Self::new()?;
        let mut may_have_long_numbers = false;
        let quads = quads.into_iter().inspect(|quad| {
            may_have_long_numbers |= matches!(&quad.object, Term::Literal(literal) if LongDecimal::is_needed_for(literal));
        });
        embedded.store.extend(quads).map_err(failed)?;
        embedded.may_have_long_numbers = may_have_long_numbers;
        Ok(embedded)
    }

    /// Returns whether the store has no quads.
    ///
    /// # Errors
    /// Fails if the engine fails.
    pub fn is_empty(&self) -> Result<bool> {
        self.store.is_empty().map_err(failed)
    }

    /// Returns a number that grows each time the store is opened for writing, or 0 for a store in memory.
    ///
    /// # Errors
    /// Fails if the folder cannot be read.
    pub(crate) fn generation(&self) -> Result<u64> {
        let Some(folder) = &self.folder else { return Ok(0) };
        folder::manifest_number(folder).map_err(|error| {
            let why = reason(&error);
            error!("store-unreadable", "cannot read the store `{}`: {why}", folder.display())
                .store()
        })
    }

    /// Adds quads to the default graph of a store in memory.
    pub(super) fn add(&self, quads: &[Quad]) -> Result<()> {
        let added = self.store.extend(quads.iter().cloned()).map_err(failed);
        match &added {
            Ok(()) => self.planning.note_addition(quads),
            Err(_) => self.planning.note_change(),
        }
        added
    }

    /// Returns whether the store has any named graph.
    pub(super) fn has_named_graphs(&self) -> Result<bool> {
        self.store.named_graphs().next().transpose().map(|name| name.is_some()).map_err(failed)
    }

    /// Returns a query that is ready to be evaluated until work is stopped by `until`, and the index it is evaluated on, or
    /// `None` if it is evaluated on the store.
    ///
    /// # Errors
    /// Fails if the query is too large, or the store is known to be damaged.
    pub(super) fn prepared(
        &self,
        mut query: Query,
        cancellation: &Cancellation,
        until: &Cancellation,
    ) -> Result<(PreparedSparqlQuery, Option<Arc<TripleIndex>>)> {
        quirks::check_size(&query)?;
        self.add_zero_length_paths(&mut query, cancellation);
        let index = self.index_for(&query);
        if index.is_none() {
            self.watch(cancellation)?;
        }
        Ok((quirks::prepared(query, until, self.may_have_long_numbers), index))
    }

    /// Returns a query compiled for the index, to be evaluated until work is stopped by `until`, or `None` if the engine has to evaluate it.
    pub(super) fn execution(
        &self,
        query: &Query,
        until: &Cancellation,
        is_traced: bool,
    ) -> Option<executor::Execution> {
        let index = self.index_for(query)?;
        let may_have_long_numbers =
            self.may_have_long_numbers || quirks::has_long_numbers(pattern_of(query));
        let context = executor::Context::new(index, until, may_have_long_numbers);
        executor::Execution::new(query, context, is_traced)
    }

    /// Returns the quads that match a pattern, in the named graph `graph` or else in the default graph.
    pub(super) fn triples(
        &self,
        (subject, predicate, object): super::planning::PatternTerms<'_>,
        graph: Option<NamedNodeRef<'_>>,
        cancellation: &Cancellation,
    ) -> Quads {
        let graph = Some(graph.map_or(GraphNameRef::DefaultGraph, GraphNameRef::from));
        self.quads(QuadPattern { subject, predicate, object, graph }, None, cancellation)
    }
}

impl Backend for Embedded {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            can_scan: true,
            can_ask_about_blank_nodes: true,
            can_derive: self.folder.is_none(),
            asks_by_request: false,
        }
    }

    fn plan(
        &self,
        query: EngineQuery,
        wanted: RowGoal,
        gather: Gather,
        cancellation: &Cancellation,
    ) -> Result<Planned> {
        let statistics = match gather {
            Gather::Known => self.known_statistics().filter(|_| has_joins(query.rewritten())),
            // Slightly outdated numbers do not make a plan worse.
            Gather::Needed => self.gather_for(query.rewritten(), wanted, cancellation)?,
        };
        match statistics {
            Some(statistics) => self.plan_by(&statistics, query.rewritten(), wanted, cancellation),
            None => Ok(query.into()),
        }
    }

    fn evaluate(
        &self,
        Planned { query, .. }: Planned,
        cancellation: &Cancellation,
        until: &Cancellation,
    ) -> Result<QueryResults<'static>, QueryEvaluationError> {
        let refused = |error: crate::diagnostic::Error| QueryEvaluationError::Service(error.into());
        quirks::check_size(&query).map_err(refused)?;
        if let Some(execution) = self.execution(&query, until, false) {
            return execution.evaluate();
        }
        let (prepared, index) = self.prepared(query, cancellation, until).map_err(refused)?;
        if let Some(index) = index {
            return prepared.on_queryable_dataset(IndexDataset::new(index, until)).execute();
        }
        let results = prepared.on_store(&self.store).execute()?;
        Ok(if self.folder.is_some() { fused(results) } else { results })
    }

    fn quads(
        &self,
        pattern: QuadPattern<'_>,
        _most: Option<usize>,
        cancellation: &Cancellation,
    ) -> Quads {
        let QuadPattern { subject, predicate, object, graph } = pattern;
        let cancellation = cancellation.clone();
        if graph == Some(GraphNameRef::DefaultGraph)
            && let Some(index) = self.index()
        {
            let triples = matching(index, subject, predicate, object);
            return Box::new(triples.map(move |triple| {
                cancellation.check()?;
                Ok(triple.in_graph(GraphName::DefaultGraph))
            }));
        }
        let quads = self.store.quads_for_pattern(subject, predicate, object, graph);
        let quads = quads.map(move |quad| {
            cancellation.check()?;
            quad.map_err(failed)
        });
        if self.folder.is_none() {
            return Box::new(quads);
        }
        // Oxigraph 0.5 reads too far in a store on disk if the search prefix ends in a byte of ones.
        let subject = subject.map(NamedOrBlankNodeRef::into_owned);
        let predicate = predicate.map(NamedNodeRef::into_owned);
        let object = object.map(stored_term);
        let graph = graph.map(GraphNameRef::into_owned);
        Box::new(until_error(quads).filter(move |quad| {
            let pattern = QuadPattern {
                subject: subject.as_ref().map(Into::into),
                predicate: predicate.as_ref().map(NamedNode::as_ref),
                object: object.as_ref().map(Into::into),
                graph: graph.as_ref().map(Into::into),
            };
            quad.as_ref().map_or(true, |quad| pattern.matches(quad))
        }))
    }

    fn embedded(&self) -> Option<&Embedded> {
        Some(self)
    }
}

/// Returns whether a folder holds a store on disk.
pub(crate) fn is_store(folder: &Path) -> bool {
    folder::is_of_a_store(folder)
}
