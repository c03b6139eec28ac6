//! The store that is asked: Oxigraph in memory, and what goes into it.
//!
//! A quad of a named graph keeps its graph, and its triple also stands once in the default graph; a triple outside a
//! named graph stands in the default graph only. So plain queries need no `GRAPH`, and counts are right although two
//! claims state the same triple.

mod ahead;
mod batch;
mod bulk;
mod canonical;
mod compression;
mod disk;
mod folder;
mod kept_statistics;
mod labels;
mod lines;
mod load;
mod passages;
mod planning;
mod quotation;
mod rdf_error;
mod rdf_file;
mod rdf_input;
mod rdf_stream;
mod stated;
mod statements;

pub use ahead::ReadAhead;
pub use batch::Skipped;
pub use bulk::Filled;
pub use canonical::Respelled;
pub use compression::Compression;
pub use labels::BlankNodeNames;
pub use load::{Loaded, load_dossier, load_files, read_dossier, read_file, read_ontology};
pub use passages::{PASSAGES, is_place_of_quote};
pub use planning::Run;
pub use quotation::{Misplaced, Quotation};
pub use rdf_file::{RdfFile, format_of};
pub use rdf_input::{Again, Origin, RdfInput, unreadable};
pub use rdf_stream::{RdfStream, Reading};
pub use stated::StatedIn;

use crate::dossier::Document;
use crate::error::{Error, ErrorKind, Problem, Result};
use crate::limits::Limits;
use crate::plan::has_joins;
use crate::vocabulary::{Prefixes, rdf, rdfs, sh};
use oxigraph::model::{
    GraphName, GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad,
    Term, TermRef, Triple,
};
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults, SparqlEvaluator};
use oxigraph::store::StorageError;
use planning::Planning;
use spargebra::Query;
use stated::Stated;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A store, in memory or on disk. Clones are of the same store.
#[derive(Clone)]
pub struct Store {
    inner: oxigraph::store::Store,
    /// Where it is kept on disk.
    folder: Option<Arc<PathBuf>>,
    /// What keeps others from writing to a store on disk while it is read.
    #[expect(dead_code, reason = "the lock holds as long as the file lives")]
    lock: Option<Arc<File>>,
    limits: Limits,
    planning: Planning,
    stated: Stated,
}

impl Store {
    /// An empty store.
    pub fn new() -> Result<Self> {
        Ok(Self::with(oxigraph::store::Store::new().map_err(failed)?))
    }

    fn with(inner: oxigraph::store::Store) -> Self {
        let (limits, planning) = (Limits::default(), Planning::default());
        let stated = Stated::default();
        Self { inner, folder: None, lock: None, limits, planning, stated }
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
        let query = if self.is_worth_planning(&query)? { self.plan(&query)?.query } else { query };
        self.evaluate_as_it_is(query)
    }

    /// Evaluates a query, its joins in the order that the engine gives them.
    ///
    /// # Errors
    /// If the query asks for what the engine does not have, such as another endpoint.
    pub fn evaluate_as_it_is(&self, query: Query) -> Result<QueryResults<'static>> {
        let results = SparqlEvaluator::new()
            .with_cancellation_token(self.limits.cancellation.token())
            .for_query(query)
            .on_store(&self.inner)
            .execute()
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
            Some(statistics) if has_joins(&query) => self.plan_by(&statistics, &query)?.query,
            _ => query,
        };
        SparqlEvaluator::new()
            .with_cancellation_token(token.clone())
            .for_query(query)
            .on_store(&self.inner)
            .execute()
            .map_err(evaluation_failed)
    }

    /// Whether an IRI stands anywhere in the store: as subject, predicate, object or name of a graph.
    pub fn mentions(&self, iri: NamedNodeRef<'_>) -> Result<bool> {
        let found = [
            self.scan(Some(iri.into()), None, None, None).next(),
            self.scan(None, Some(iri), None, None).next(),
            self.scan(None, None, Some(iri.into()), None).next(),
        ];
        match found.into_iter().flatten().next() {
            Some(quad) => quad.map(|_| true),
            None => self.inner.contains_named_graph(iri).map_err(failed),
        }
    }

    /// The values of a property of a thing, in the default graph.
    pub fn objects(
        &self,
        subject: NamedOrBlankNodeRef<'_>,
        property: NamedNodeRef<'_>,
    ) -> Result<Vec<Term>> {
        self.default_graph(Some(subject), Some(property), None)
            .map(|quad| Ok(quad?.object))
            .collect()
    }

    /// The things that have a value for a property, in the default graph.
    pub fn subjects(
        &self,
        property: NamedNodeRef<'_>,
        object: TermRef<'_>,
    ) -> Result<Vec<NamedOrBlankNode>> {
        self.default_graph(None, Some(property), Some(object))
            .map(|quad| Ok(quad?.subject))
            .collect()
    }

    /// The pairs that a property connects, in the default graph.
    pub fn pairs(&self, property: NamedNodeRef<'_>) -> Result<Vec<(NamedOrBlankNode, Term)>> {
        self.default_graph(None, Some(property), None)
            .map(|quad| quad.map(|quad| (quad.subject, quad.object)))
            .collect()
    }

    /// The named graphs that a triple stands in.
    pub fn graphs_of(&self, triple: &Triple) -> Result<Vec<NamedOrBlankNode>> {
        let triple = triple.as_ref();
        let mut graphs = Vec::new();
        for quad in
            self.scan(Some(triple.subject), Some(triple.predicate), Some(triple.object), None)
        {
            match quad?.graph_name {
                GraphName::NamedNode(name) => graphs.push(name.into()),
                GraphName::BlankNode(name) => graphs.push(name.into()),
                GraphName::DefaultGraph => {}
            }
        }
        Ok(graphs)
    }

    /// The triples of a named graph, or of the default graph, that match a pattern.
    pub fn triples(
        &self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        predicate: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
        graph: Option<NamedNodeRef<'_>>,
    ) -> impl Iterator<Item = Result<Triple>> + use<> {
        let graph = graph.map_or(GraphNameRef::DefaultGraph, GraphNameRef::from);
        self.scan(subject, predicate, object, Some(graph)).map(|quad| quad.map(Triple::from))
    }

    /// A store with these quads and no others.
    pub fn of(quads: impl IntoIterator<Item = Quad>) -> Result<Self> {
        let store = Self::new()?;
        store.inner.extend(quads).map_err(failed)?;
        Ok(store)
    }

    /// The triples of a named graph, in no order.
    pub fn graph(&self, name: NamedNodeRef<'_>) -> Result<Vec<Triple>> {
        self.triples(None, None, None, Some(name)).collect()
    }

    /// Whether there is a named graph.
    pub fn has_named_graphs(&self) -> Result<bool> {
        self.inner.named_graphs().next().transpose().map(|name| name.is_some()).map_err(failed)
    }

    /// Whether a folder is that of a store on disk.
    pub fn is_at(folder: &Path) -> bool {
        folder::is_of_a_store(folder)
    }

    /// Whether the store is kept on disk. Nothing is computed into such a store when something asks for it.
    pub const fn is_on_disk(&self) -> bool {
        self.folder.is_some()
    }

    /// The prefixes that the store's data declares.
    pub fn declared_prefixes(&self) -> Result<Prefixes> {
        let mut quads = Vec::new();
        for property in [sh::DECLARE, sh::PREFIX, sh::NAMESPACE] {
            for quad in self.default_graph(None, Some(property), None) {
                quads.push(quad?);
            }
        }
        Ok(Prefixes::declared_in(&quads))
    }

    /// How many quads there are, those of the default graph included.
    pub fn size(&self) -> Result<u64> {
        self.inner.len().map(|size| size as u64).map_err(failed)
    }

    /// Every quad, those of the default graph included.
    pub fn quads(&self) -> impl Iterator<Item = Result<Quad>> {
        self.scan(None, None, None, None)
    }

    /// The things of a class and of its subclasses, each once.
    pub fn instances(&self, class: &NamedNode) -> Result<Vec<NamedNode>> {
        let mut classes = vec![class.clone()];
        let mut things = Vec::new();
        let mut next = 0;
        while let Some(class) = classes.get(next).cloned() {
            next += 1;
            for subclass in self.subjects(rdfs::SUB_CLASS_OF, class.as_ref().into())? {
                if let NamedOrBlankNode::NamedNode(subclass) = subclass
                    && !classes.contains(&subclass)
                {
                    classes.push(subclass);
                }
            }
            for thing in self.subjects(rdf::TYPE, class.as_ref().into())? {
                if let NamedOrBlankNode::NamedNode(thing) = thing {
                    things.push(thing);
                }
            }
        }
        things.sort();
        things.dedup();
        Ok(things)
    }

    /// Adds the passages of some documents, and which passages each claim and omission quotes.
    pub fn add_passages(&self, documents: &[(String, Document)]) -> Result<()> {
        let quads = passages::quads(self, documents)?;
        self.planning.note_change();
        self.inner.extend(quads).map_err(failed)
    }

    fn default_graph(
        &self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        property: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
    ) -> impl Iterator<Item = Result<Quad>> {
        self.scan(subject, property, object, Some(GraphNameRef::DefaultGraph))
    }

    fn scan(
        &self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        property: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
        graph: Option<GraphNameRef<'_>>,
    ) -> impl Iterator<Item = Result<Quad>> + use<> {
        let cancellation = self.limits.cancellation.clone();
        self.inner.quads_for_pattern(subject, property, object, graph).map(move |quad| {
            cancellation.check()?;
            quad.map_err(failed)
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn failed(error: StorageError) -> Error {
    if is_full(&error) {
        return full("make room on its disk").store();
    }
    Problem::new(format!("the store failed: {error}")).store()
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
        QueryEvaluationError::Cancelled => {
            Error { kind: ErrorKind::Interrupted, problems: vec![Problem::new("interrupted")] }
        }
        error => Problem::new(format!("the query could not be evaluated: {error}")).store(),
    }
}
