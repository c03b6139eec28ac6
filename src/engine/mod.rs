//! The queried store: Oxigraph in memory or on disk and what is loaded into it, or an endpoint.
//!
//! A quad of a named graph keeps its graph, and its triple is also stored once in the default graph. A triple outside
//! named graphs is stored in the default graph only. So plain queries need no `GRAPH`, and counts are right even if two
//! claims state the same triple. Behind an endpoint, the layout is up to whoever filled it.

mod backend;
mod built_in;
mod bulk;
mod disk;
mod embedded;
mod executor;
mod folder;
mod identities;
pub(crate) mod index;
mod index_queries;
mod load;
mod lookup;
pub(crate) mod plan;
mod planning;
mod prefetch;
mod prepare;
mod query_terms;
mod quirks;
mod remote;
mod run;
mod sidecar;
mod stating_graphs;
mod survey;
#[cfg(feature = "disk")]
mod tables;

pub(crate) use backend::Capabilities;
pub(crate) use bulk::BulkLoad;
pub use embedded::Embedded;
pub(crate) use embedded::is_store;
pub use load::{LoadSummary, load_files};
pub(crate) use load::{
    load_dossier, load_files_leniently, prefixes_of, read_dossier, read_ontology,
};
pub use prepare::{EngineQuery, prepare};
pub(crate) use quirks::{LiteralForms, SORT_KEY};
pub use quirks::{QUIRKS, Workaround};
pub(crate) use run::Execution;
pub(crate) use stating_graphs::{NumberedTriples, StatingGraphs};

use crate::algebra::nearest_date_bound;
use crate::budget::{Cancellation, Limits, Stop};
use crate::diagnostic::{Diagnostic, Error, Result, error};
use crate::endpoint::{Address, Endpoint};
use backend::{Backend, Gather};
use oxigraph::model::Quad;
use oxigraph::sparql::{QueryEvaluationError, QueryResults};
use oxigraph::store::StorageError;
use plan::{RowGoal, Statistics};
use prefetch::LookupCache;
use prepare::Planned;
use spargebra::Query;
use stating_graphs::StatingGraphsCache;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// The queried data, under limits: a store in memory or on disk, or an endpoint. Clones share the data.
#[derive(Clone)]
pub struct Store {
    backend: Arc<dyn Backend>,
    limits: Limits,
    stating_graphs: StatingGraphsCache,
    lookups: LookupCache,
}

impl From<Embedded> for Store {
    fn from(embedded: Embedded) -> Self {
        Self::with(Arc::new(embedded))
    }
}

impl Store {
    /// Opens a store on disk for reading. Others may read it at the same time, but nobody may write to it.
    ///
    /// # Errors
    /// Fails if there is no store, or another process writes to it.
    pub fn open(folder: &Path) -> Result<Self> {
        Embedded::open(folder).map(Self::from)
    }

    /// Returns the data behind an endpoint. Sends no request yet.
    pub fn at_endpoint(address: Address) -> Self {
        Self::with(Arc::new(Endpoint::new(address)))
    }

    /// Creates a store in memory with exactly these quads.
    ///
    /// # Errors
    /// Fails if the engine fails.
    pub fn of(quads: impl IntoIterator<Item = Quad>) -> Result<Self> {
        Embedded::of(quads).map(Self::from)
    }

    fn with(backend: Arc<dyn Backend>) -> Self {
        Self {
            backend,
            limits: Limits::default(),
            stating_graphs: StatingGraphsCache::default(),
            lookups: LookupCache::default(),
        }
    }

    /// Returns the same store under limits: reading ends with an error once the cancellation is triggered.
    #[must_use]
    pub fn with_limits(&self, limits: &Limits) -> Self {
        Self { limits: limits.clone(), ..self.clone() }
    }

    /// Returns the limits for reading.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    const fn cancellation(&self) -> &Cancellation {
        &self.limits.cancellation
    }

    /// Returns what the backend can do, and what it costs.
    pub(crate) fn capabilities(&self) -> Capabilities {
        self.backend.capabilities()
    }

    /// Returns the embedded engine. For an endpoint, fails with a message that says what is impossible and a help text
    /// with an alternative.
    fn embedded(&self, message: &str, help: &str) -> Result<&Embedded> {
        self.backend
            .embedded()
            .ok_or_else(|| error!("endpoint-unsupported", "{message}").help(help).usage())
    }

    /// Returns the same store with query planning disabled.
    #[must_use]
    pub fn without_planning(self) -> Self {
        match self.backend.embedded() {
            Some(embedded) => {
                Self { backend: Arc::new(embedded.clone().without_planning()), ..self }
            }
            None => self,
        }
    }

    /// Plans and evaluates a query. Solutions are computed lazily.
    ///
    /// # Errors
    /// Fails if the query uses something that the engine does not support, such as another endpoint.
    pub fn evaluate(&self, query: EngineQuery, wanted: RowGoal) -> Result<QueryResults<'static>> {
        self.evaluate_planned(self.plan(query, wanted)?)
    }

    /// Evaluates a query with the join order that the engine chooses.
    ///
    /// # Errors
    /// Fails if the query uses something that the engine does not support, such as another endpoint.
    pub fn evaluate_unplanned(&self, query: EngineQuery) -> Result<QueryResults<'static>> {
        self.evaluate_planned(query.into())
    }

    /// Returns a query as [`evaluate`](Self::evaluate) passes it to the backend.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub fn plan(&self, query: EngineQuery, wanted: RowGoal) -> Result<Planned> {
        self.backend.plan(query, wanted, Gather::Needed, self.cancellation())
    }

    fn evaluate_planned(&self, query: Planned) -> Result<QueryResults<'static>> {
        let results = self
            .backend
            .evaluate(query, self.cancellation(), self.cancellation())
            .map_err(|error| self.evaluation_failed(error))?;
        // Some operators of the engine treat the error of a cancelled one as the end of its rows.
        self.cancellation().check()?;
        Ok(results)
    }

    /// Evaluates a query until it is stopped, after which evaluation ends with an error. A running EXISTS may instead
    /// end as if it had a match, so the results are valid only if it is not stopped.
    ///
    /// The query is planned only if statistics exist already, because gathering them cannot be cancelled.
    ///
    /// # Errors
    /// Fails if the query uses something that the engine does not support, or it is stopped.
    pub(crate) fn evaluate_until(
        &self,
        query: EngineQuery,
        until: &Cancellation,
    ) -> Result<QueryResults<'static>> {
        let planned = self.backend.plan(query, RowGoal::All, Gather::Known, self.cancellation())?;
        self.backend.evaluate(planned, self.cancellation(), until).map_err(failed_evaluation)
    }

    /// Returns the error for an evaluation that could not start or failed halfway.
    pub(crate) fn evaluation_failed(&self, error: QueryEvaluationError) -> Error {
        evaluation_failed(error, self.cancellation())
    }

    /// Returns the statistics of the default graph, gathered again if the store has changed.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub fn statistics(&self) -> Result<Arc<Statistics>> {
        self.embedded(
            "statistics of an endpoint are not available: they would need all of its triples",
            "count what you need: `dossier query 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o }' --endpoint URL`",
        )?
        .statistics(self.cancellation())
    }

    /// Returns the statistics of the default graph if they were gathered already, perhaps from an earlier state.
    /// Returns `None` if planning is disabled.
    pub(crate) fn known_statistics(&self) -> Option<Arc<Statistics>> {
        self.backend.embedded()?.known_statistics()
    }

    /// Gathers the statistics if the evaluation of a query will need them.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn gather_statistics_for(&self, query: &Query) -> Result<()> {
        match self.backend.embedded() {
            Some(embedded) if embedded.is_worth_planning(query, self.cancellation())? => {
                embedded.gather_statistics(self.cancellation()).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Returns whether queries are evaluated without planning or without an index although the store is large enough
    /// for both. That happens if another program has written to a store on disk, or a load was interrupted. Statistics
    /// and index are not built for a query, which would have to wait for them.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn lacks_index(&self) -> Result<bool> {
        let embedded = self.backend.embedded();
        embedded.map_or(Ok(false), |embedded| embedded.lacks_index(self.cancellation()))
    }

    /// Evaluates a query to its end, or up to a limit of results, and returns how the engine evaluated it.
    ///
    /// # Errors
    /// Fails if the query cannot be evaluated.
    pub fn run(&self, query: EngineQuery, limit: Option<usize>) -> Result<Execution> {
        self.embedded(
            "an endpoint does not report how it evaluates a query",
            "remove `--explain`, or query local data",
        )?
        .run(query, limit, self.cancellation())
    }

    /// Adds quads to the default graph.
    ///
    /// # Errors
    /// Fails if the store fails or does not accept additions.
    pub fn add(&self, quads: &[Quad]) -> Result<()> {
        if quads.is_empty() {
            return Ok(());
        }
        self.embedded(
            "an endpoint is read-only",
            "write to a store on disk: `dossier load FILE… --store DIR`",
        )?
        .add(quads)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn failed(error: StorageError) -> Error {
    if is_full(&error) {
        return full("free some space on its disk").store();
    }
    damage(&error).unwrap_or_else(|| error!("store-failed", "the store failed: {error}").store())
}

/// Returns the error for a damaged file of a store on disk, or `None` if the engine's error is something else.
fn damage(error: &dyn std::error::Error) -> Option<Error> {
    #[cfg(feature = "disk")]
    return tables::found_by_engine(&error.to_string());
    #[cfg(not(feature = "disk"))]
    {
        let _ = error;
        None
    }
}

/// Returns the diagnostic for a full disk.
fn full(help: impl Into<String>) -> Diagnostic {
    error!("store-unwritable", "cannot write the store: no space left on device").help(help)
}

/// Returns whether a store failed because its disk is full.
fn is_full(error: &StorageError) -> bool {
    matches!(error, StorageError::Io(error) if error.kind() == io::ErrorKind::StorageFull)
}

/// Returns the error for an evaluation that could not start or failed halfway: the reason for the cancellation, if it
/// was cancelled.
fn evaluation_failed(error: QueryEvaluationError, cancellation: &Cancellation) -> Error {
    match cancellation.check() {
        Err(stop) => stop,
        Ok(()) => failed_evaluation(error),
    }
}

fn failed_evaluation(error: QueryEvaluationError) -> Error {
    match error {
        QueryEvaluationError::UnsupportedService(name) => error!(
            "service-unsupported",
            "this query uses another endpoint, {name}, which is not supported"
        )
        .help("remove the SERVICE clause from the query")
        .input(),
        QueryEvaluationError::UnsupportedCustomFunction(name) => {
            error!("function-unknown", "unknown function {name}")
                .suggest(
                    nearest_date_bound(name.as_ref()),
                    || "use a function of SPARQL 1.1, or a constructor such as `xsd:integer(…)`",
                )
                .input()
        }
        QueryEvaluationError::UnsupportedCustomFunctionArity { .. } => {
            error!("argument-count", "{error}").input()
        }
        QueryEvaluationError::UnboundService | QueryEvaluationError::InvalidServiceName(_) => {
            error!("service-unsupported", "{error}").input()
        }
        // An error of an endpoint, or of a store that is known to be damaged.
        QueryEvaluationError::Service(source) if source.is::<Error>() => {
            source.downcast().map_or_else(|source| evaluation_broke(&*source), |error| *error)
        }
        QueryEvaluationError::Cancelled => Stop::Interrupted.error(),
        error => evaluation_broke(&error),
    }
}

fn evaluation_broke(error: &dyn std::error::Error) -> Error {
    damage(error)
        .unwrap_or_else(|| error!("store-failed", "cannot evaluate the query: {error}").store())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_engine_says_stands_in_the_error() {
        for (id, message, error) in [
            (
                "store-failed",
                "the store failed: it is gone",
                failed(StorageError::Other("it is gone".into())),
            ),
            (
                "store-unwritable",
                "cannot write the store: no space left on device",
                failed(StorageError::Io(io::ErrorKind::StorageFull.into())),
            ),
            ("interrupted", "interrupted", failed_evaluation(QueryEvaluationError::Cancelled)),
        ] {
            let [problem] = error.problems.as_slice() else { panic!("{error}") };
            assert_eq!((problem.id.as_deref(), problem.message.as_str()), (Some(id), message));
        }
    }
}
