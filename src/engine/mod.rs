//! The store that is asked: Oxigraph in memory or on disk, and what goes into it; or an endpoint.
//!
//! A quad of a named graph keeps its graph, and its triple also stands once in the default graph; a triple outside a
//! named graph stands in the default graph only. So plain queries need no `GRAPH`, and counts are right although two
//! claims state the same triple. Whether it is so behind an endpoint is for those to say who filled it.

mod bulk;
mod disk;
mod folder;
pub mod index;
mod index_queries;
mod load;
mod lookup;
mod passages;
pub mod plan;
mod planning;
mod prefetch;
mod quirks;
mod quotation;
mod run;
mod sidecar;
mod stating_graphs;
mod survey;
#[cfg(feature = "disk")]
mod tables;

pub use bulk::Filled;
pub use load::{
    Loaded, load_dossier, load_files, load_files_leniently, read_dossier, read_ontology,
};
pub use passages::{PASSAGES, is_place_of_quote};
pub use quirks::{Respelled, SORT_KEY};
pub use quotation::{Misplaced, Quotation};
pub use run::Run;
pub use stating_graphs::StatedIn;

use crate::algebra::for_engine;
use crate::budget::Limits;
use crate::dossier::Document;
use crate::endpoint::{Address, Endpoint};
use crate::error::{Error, ErrorKind, Problem, Result, reason};
use index_queries::Indexed;
use oxigraph::model::{Quad, Term};
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults};
use oxigraph::store::StorageError;
use plan::{Wanted, has_joins};
use planning::Planning;
use prefetch::LookedUp;
use quirks::{LongDecimal, prepared};
use run::fused;
use spargebra::Query;
use stating_graphs::Stated;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A store, in memory or on disk, or an endpoint that is asked like one. Clones are of the same store.
#[derive(Clone)]
pub struct Store {
    place: Place,
    /// Where it is kept on disk.
    folder: Option<Arc<PathBuf>>,
    /// What keeps others from writing to a store on disk while it is read.
    #[expect(dead_code, reason = "the lock holds as long as the file lives")]
    lock: Option<Arc<File>>,
    /// What notices that a store on disk is damaged.
    #[cfg(feature = "disk")]
    guard: Option<tables::Guard>,
    limits: Limits,
    planning: Planning,
    stated: Stated,
    looked_up: LookedUp,
    /// Whether it may have numbers beyond those of the engine. Of what was loaded from files, it is known.
    may_have_long_numbers: bool,
}

/// Where the quads are.
#[derive(Clone)]
enum Place {
    /// In a store of our own.
    Here(oxigraph::store::Store),
    /// Behind an endpoint.
    There(Arc<Endpoint>),
}

impl Store {
    /// An empty store.
    pub fn new() -> Result<Self> {
        Ok(Self::with(Place::Here(oxigraph::store::Store::new().map_err(failed)?)))
    }

    /// The data behind an endpoint. Nothing is asked yet.
    pub fn at_endpoint(address: Address) -> Self {
        Self::with(Place::There(Endpoint::new(address).into()))
    }

    fn with(place: Place) -> Self {
        let (limits, planning) = (Limits::default(), Planning::default());
        let (stated, looked_up) = (Stated::default(), LookedUp::default());
        Self {
            place,
            folder: None,
            lock: None,
            #[cfg(feature = "disk")]
            guard: None,
            limits,
            planning,
            stated,
            looked_up,
            may_have_long_numbers: true,
        }
    }

    /// The store of our own: the message says what cannot be done with an endpoint, the help what can.
    fn here(&self, message: &str, help: &str) -> Result<&oxigraph::store::Store> {
        match &self.place {
            Place::Here(store) => Ok(store),
            Place::There(_) => Err(Problem::new(message).help(help).usage()),
        }
    }

    /// The same store under limits: what is read from it ends with an error when its cancellation says so.
    #[must_use]
    pub fn limited(&self, limits: &Limits) -> Self {
        Self { limits: limits.clone(), ..self.clone() }
    }

    /// The limits that the store is read under.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Evaluates a query, planned. Solutions come one by one, as they are asked for.
    ///
    /// # Errors
    /// If the query asks for what the engine does not have, such as another endpoint.
    pub fn evaluate(&self, query: Query) -> Result<QueryResults<'static>> {
        self.evaluate_planned(query, Wanted::All)
    }

    /// Evaluates a query, planned so that it comes soon to its first solutions: no more than `most` are wanted.
    ///
    /// # Errors
    /// As those of [`evaluate`](Self::evaluate).
    pub fn evaluate_first(&self, query: Query, most: usize) -> Result<QueryResults<'static>> {
        self.evaluate_planned(query, Wanted::First(most))
    }

    fn evaluate_planned(&self, query: Query, wanted: Wanted) -> Result<QueryResults<'static>> {
        let is_planned = self.is_worth_planning(&query)?;
        let query = if is_planned { self.plan(&query, wanted)?.query } else { query };
        self.evaluate_as_it_is(query)
    }

    /// The store of our own, to write to it.
    fn to_write(&self) -> Result<&oxigraph::store::Store> {
        self.here(
            "an endpoint is only asked, and not written to",
            "write to a store on disk: `dossier load FILE… --store DIR`",
        )
    }

    /// A query as the store is asked it: [for our own engine](for_engine), or as it stands.
    pub fn as_asked(&self, query: &Query) -> Query {
        match self.place {
            Place::Here(_) => for_engine(query),
            Place::There(_) => query.clone(),
        }
    }

    /// Evaluates a query, its joins in the order that the engine gives them.
    ///
    /// # Errors
    /// If the query asks for what the engine does not have, such as another endpoint.
    pub fn evaluate_as_it_is(&self, query: Query) -> Result<QueryResults<'static>> {
        let results = self
            .execute(query, &self.limits.cancellation.token())
            .map_err(|error| self.evaluation_failed(error))?;
        // Some steps of the engine take the error of a cancelled one for an end.
        self.limits.cancellation.check()?;
        Ok(results)
    }

    /// The error for an evaluation that could not be started or went wrong half-way.
    pub fn evaluation_failed(&self, error: QueryEvaluationError) -> Error {
        match self.limits.cancellation.check() {
            Err(stop) => stop,
            Ok(()) => evaluation_failed(error),
        }
    }

    /// Evaluates a query until the token is cancelled. What is evaluated then ends with an error; where an EXISTS is
    /// under way it may end as if there were a match, so that an answer counts only if the token is not cancelled.
    ///
    /// It is planned if there are statistics already: to gather them cannot be cancelled.
    ///
    /// # Errors
    /// If the query asks for what the engine does not have, or the token is cancelled.
    pub fn evaluate_until(
        &self,
        query: Query,
        token: &CancellationToken,
    ) -> Result<QueryResults<'static>> {
        let query = match self.known_statistics() {
            Some(statistics) if has_joins(&query) => {
                self.plan_by(&statistics, &query, Wanted::All)?.query
            }
            _ => query,
        };
        self.execute(query, token).map_err(evaluation_failed)
    }

    fn execute(
        &self,
        mut query: Query,
        token: &CancellationToken,
    ) -> Result<QueryResults<'static>, QueryEvaluationError> {
        match &self.place {
            Place::Here(store) => {
                quirks::check_size(&query)
                    .map_err(|error| QueryEvaluationError::Service(error.into()))?;
                self.add_zero_length_paths(&mut query);
                let index = self.index_for(&query);
                let prepared = prepared(query, token.clone(), self.may_have_long_numbers);
                match index {
                    Some(index) => prepared.on_queryable_dataset(Indexed(index)).execute(),
                    None => {
                        self.watch()
                            .map_err(|error| QueryEvaluationError::Service(error.into()))?;
                        let results = prepared.on_store(store).execute()?;
                        Ok(if self.folder.is_some() { fused(results) } else { results })
                    }
                }
            }
            Place::There(endpoint) => endpoint.ask(&query, token),
        }
    }

    /// A store with these quads and no others.
    pub fn of(quads: impl IntoIterator<Item = Quad>) -> Result<Self> {
        let store = oxigraph::store::Store::new().map_err(failed)?;
        let mut may_have_long_numbers = false;
        let quads = quads.into_iter().inspect(|quad| {
            may_have_long_numbers |= matches!(&quad.object, Term::Literal(literal) if LongDecimal::is_needed_for(literal));
        });
        store.extend(quads).map_err(failed)?;
        Ok(Self { may_have_long_numbers, ..Self::with(Place::Here(store)) })
    }

    /// Whether a folder is that of a store on disk.
    pub fn is_at(folder: &Path) -> bool {
        folder::is_of_a_store(folder)
    }

    /// A number that is a greater one each time the store is opened to write; 0 of one in memory.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn generation(&self) -> Result<u64> {
        let Some(folder) = &self.folder else { return Ok(0) };
        folder::manifest_number(folder).map_err(|error| {
            let why = reason(&error);
            Problem::new(format!("the store `{}` cannot be read: {why}", folder.display())).store()
        })
    }

    /// Whether nothing is computed into the store when something asks for it: it is kept on disk, or is an endpoint.
    pub const fn is_kept(&self) -> bool {
        self.folder.is_some() || self.is_endpoint()
    }

    /// Whether each question to the store is a request to an endpoint.
    pub const fn is_endpoint(&self) -> bool {
        matches!(self.place, Place::There(_))
    }

    /// Adds the passages of some documents, and which passages each claim and omission quotes.
    pub fn add_passages(&self, documents: &[(String, Document)]) -> Result<()> {
        let quads = passages::quads(self, documents)?;
        if quads.is_empty() {
            return Ok(());
        }
        let added = self.to_write()?.extend(quads.iter().cloned()).map_err(failed);
        match &added {
            Ok(()) => self.planning.note_addition(&quads),
            Err(_) => self.planning.note_change(),
        }
        added
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn failed(error: StorageError) -> Error {
    if is_full(&error) {
        return full("make room on its disk").store();
    }
    damage(&error).unwrap_or_else(|| Problem::new(format!("the store failed: {error}")).store())
}

/// The error for a damaged file of a store on disk, if that is what the engine says.
fn damage(error: &dyn std::error::Error) -> Option<Error> {
    #[cfg(feature = "disk")]
    return tables::found_by_engine(&error.to_string());
    #[cfg(not(feature = "disk"))]
    {
        let _ = error;
        None
    }
}

/// The problem that there is no room for a store.
fn full(help: impl Into<String>) -> Problem {
    Problem::new("the store cannot be written: no space left on device").help(help)
}

/// Whether a store fails because its disk is full.
fn is_full(error: &StorageError) -> bool {
    matches!(error, StorageError::Io(error) if error.kind() == io::ErrorKind::StorageFull)
}

/// The error for an evaluation that could not be started or went wrong half-way.
pub fn evaluation_failed(error: QueryEvaluationError) -> Error {
    match error {
        QueryEvaluationError::UnsupportedService(name) => Problem::new(format!(
            "this query asks another endpoint, {name}, which is not supported"
        ))
        .help("take the SERVICE part out of the query")
        .input(),
        QueryEvaluationError::UnsupportedCustomFunction(name) => {
            Problem::new(format!("there is no function {name}"))
                .help("use a function of SPARQL 1.1, or a constructor such as `xsd:integer(…)`")
                .input()
        }
        QueryEvaluationError::UnsupportedCustomFunctionArity { .. }
        | QueryEvaluationError::UnboundService
        | QueryEvaluationError::InvalidServiceName(_) => Problem::new(error.to_string()).input(),
        // Of an endpoint, or of a store that is known to be damaged.
        QueryEvaluationError::Service(source) if source.is::<Error>() => {
            source.downcast().map_or_else(|source| evaluation_broke(&*source), |error| *error)
        }
        QueryEvaluationError::Cancelled => {
            Error { kind: ErrorKind::Interrupted, problems: vec![Problem::new("interrupted")] }
        }
        error => evaluation_broke(&error),
    }
}

fn evaluation_broke(error: &dyn std::error::Error) -> Error {
    damage(error).unwrap_or_else(|| {
        Problem::new(format!("the query could not be evaluated: {error}")).store()
    })
}
