//! The server that receives the data: where it accepts data, what it has, and how much of an earlier push.

use super::PushTarget;
use super::addresses::candidates;
use super::errors::{self, Tried};
use super::queries::{about, default_pattern, marks, parsed};
use super::survey::ServerLayout;
use crate::budget::Limits;
use crate::diagnostic::Result;
use crate::endpoint::{Address, Insertion, WriteFault, WriteMethod, Writer, drop_graph};
use crate::engine::Store;
use crate::vocabulary::push;
use oxigraph::model::{NamedNode, Term};
use oxigraph::sparql::{QueryResults, QuerySolution};
use spargebra::{GraphUpdateOperation, Query};

/// The number of names in a query.
pub(super) const NAMES: usize = 500;

/// A server.
pub(super) struct Server<'a> {
    store: Store,
    target: &'a PushTarget,
    limits: Limits,
}

/// The addresses of a server that accept data.
pub(super) struct Writers {
    /// The one that receives the data.
    pub data: Writer,
    /// Those that may run updates.
    updates: Vec<Writer>,
}

/// How much of an earlier push a server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unfinished {
    /// The number of quads.
    pub sent: u64,
    /// Whether the server's default graph was empty before.
    pub is_fresh: bool,
}

impl<'a> Server<'a> {
    /// Returns the server at the addresses of a push. Checks that it answers queries.
    ///
    /// # Errors
    /// Fails if it does not.
    pub(super) fn connect(target: &'a PushTarget, limits: &Limits) -> Result<Self> {
        let store = Store::at_endpoint(target.endpoint.clone()).with_limits(limits);
        let server = Self { store, target, limits: limits.clone() };
        server.ask(&parsed("ASK {}")?)?;
        Ok(server)
    }

    /// Returns the data that the server shows.
    pub(super) const fn store(&self) -> &Store {
        &self.store
    }

    fn results(&self, query: &Query) -> Result<QueryResults<'static>> {
        self.store.evaluate_unplanned(crate::engine::prepare(query))
    }

    /// Asks a question that the server answers with yes or no.
    pub(super) fn ask(&self, query: &Query) -> Result<bool> {
        Ok(matches!(self.results(query)?, QueryResults::Boolean(true)))
    }

    /// Returns the solutions of a query.
    pub(super) fn solutions(&self, query: &Query) -> Result<Vec<QuerySolution>> {
        let QueryResults::Solutions(solutions) = self.results(query)? else {
            return Ok(Vec::new());
        };
        solutions
            .map(|solution| solution.map_err(|error| self.store.evaluation_failed(error)))
            .collect()
    }

    /// Returns the value of `?n` in the first solution.
    pub(super) fn count(&self, query: &Query) -> Result<u64> {
        let solutions = self.solutions(query)?;
        Ok(solutions.first().and_then(|solution| number(solution.get("n")?)).unwrap_or_default())
    }

    /// Returns how much of an earlier push with this marker the server has, or `None` if there is no such push.
    pub(super) fn unfinished(&self, marker: &NamedNode) -> Result<Option<Unfinished>> {
        let text = format!("SELECT ?p ?o {{ GRAPH {marker} {{ {marker} ?p ?o }} }}");
        let mut unfinished = None;
        for solution in self.solutions(&parsed(&text)?)? {
            let (Some(Term::NamedNode(property)), Some(value)) =
                (solution.get("p"), solution.get("o"))
            else {
                continue;
            };
            let known = unfinished.get_or_insert(Unfinished { sent: 0, is_fresh: false });
            if property.as_ref() == push::SENT {
                known.sent = known.sent.max(number(value).unwrap_or_default());
            } else if property.as_ref() == push::FRESH {
                known.is_fresh = is_true(value);
            }
        }
        Ok(unfinished)
    }

    /// Returns those of some named graphs that the server has.
    pub(super) fn existing(&self, graphs: &[NamedNode]) -> Result<Vec<NamedNode>> {
        if !self.ask(&parsed("ASK { GRAPH ?g { ?s ?p ?o } }")?)? {
            return Ok(Vec::new());
        }
        let text = "SELECT DISTINCT ?g { VALUES ?g { <x:g> } GRAPH ?g { ?s ?p ?o } }";
        let mut existing = Vec::new();
        for names in graphs.chunks(NAMES) {
            for solution in self.solutions(&about(text, names)?)? {
                if let Some(Term::NamedNode(name)) = solution.get("g") {
                    existing.push(name.clone());
                }
            }
        }
        existing.sort();
        existing.dedup();
        Ok(existing)
    }

    /// Returns whether the default graph, or the graph in its place, has no triples.
    pub(super) fn has_no_triples(&self, layout: ServerLayout) -> Result<bool> {
        Ok(!self.ask(&parsed(&format!("ASK {{ {} }}", default_pattern(layout)))?)?)
    }

    /// Finds where the server accepts data, by having it accept the mark that a push begins. Returns the addresses and
    /// the layout.
    pub(super) fn open(&self, marker: &NamedNode) -> Result<(Writers, ServerLayout)> {
        let PushTarget { endpoint, update, graph_store, .. } = self.target;
        let is_given = update.is_some() || graph_store.is_some();
        let by = |address: &Option<Address>, method| address.clone().map(|a| (a, method));
        let given = by(graph_store, WriteMethod::GraphStore)
            .into_iter()
            .chain(by(update, WriteMethod::Update));
        let conventional = candidates(endpoint);
        let tried: Vec<(Address, WriteMethod)> =
            if is_given { given.collect() } else { conventional.clone() };
        let mut failures = Vec::new();
        for (address, method) in tried {
            let writer = Writer::new(address, method);
            let fault =
                match writer.insert(&marks(marker, 0, None), &self.limits.cancellation.token()) {
                    Ok(()) if self.shows(marker)? => {
                        let updates = self.updates(&conventional);
                        return Ok((Writers { data: writer, updates }, self.layout(marker)?));
                    }
                    Ok(()) => Tried::Elsewhere,
                    Err(WriteFault::Stopped) => return Err(self.stopped()),
                    Err(fault) => Tried::Failed(fault),
                };
            failures.push((writer, fault));
        }
        Err(errors::nowhere(endpoint, &failures, is_given))
    }

    /// Returns the writers that may run updates: the one that is named, or else those by convention.
    fn updates(&self, conventional: &[(Address, WriteMethod)]) -> Vec<Writer> {
        let given = self.target.update.iter().cloned();
        let known = conventional
            .iter()
            .filter(|(_, method)| *method == WriteMethod::Update && self.target.update.is_none())
            .map(|(address, _)| address.clone());
        given.chain(known).map(|address| Writer::new(address, WriteMethod::Update)).collect()
    }

    fn shows(&self, marker: &NamedNode) -> Result<bool> {
        Ok(self.unfinished(marker)?.is_some())
    }

    /// Returns the layout: a marker that stands in a named graph alone shows whether the default graph is their union.
    pub(super) fn layout(&self, marker: &NamedNode) -> Result<ServerLayout> {
        let is_union = self.ask(&parsed(&format!("ASK {{ {marker} ?p ?o }}"))?)?;
        Ok(if is_union { ServerLayout::Union } else { ServerLayout::Merged })
    }

    /// Adds quads, in one request.
    pub(super) fn insert(&self, writers: &Writers, quads: &Insertion) -> Result<(), WriteFault> {
        writers.data.insert(quads, &self.limits.cancellation.token())
    }

    /// Runs operations at the first address that runs updates.
    ///
    /// # Errors
    /// Fails if none does.
    pub(super) fn update(
        &self,
        writers: &mut Writers,
        operations: &[GraphUpdateOperation],
    ) -> Result<()> {
        let mut failures = Vec::new();
        while let Some(writer) = writers.updates.first() {
            match writer.update(operations, &self.limits.cancellation.token()) {
                Ok(()) => return Ok(()),
                Err(WriteFault::Stopped) => return Err(self.stopped()),
                Err(fault) => {
                    failures.push((writers.updates.remove(0), Tried::Failed(fault)));
                }
            }
        }
        Err(errors::no_updates(&self.target.endpoint, &failures))
    }

    /// Removes the marker of a push.
    pub(super) fn remove(&self, writers: &mut Writers, marker: &NamedNode) -> Result<()> {
        self.update(writers, &[drop_graph(marker)])
    }

    /// Returns the error of the work that was stopped.
    pub(super) fn stopped(&self) -> crate::diagnostic::Error {
        let stop = self.limits.cancellation.stopped();
        stop.unwrap_or(crate::budget::Stop::Interrupted).error()
    }
}

/// Returns a number from the results of a server.
pub(super) fn number(term: &Term) -> Option<u64> {
    match term {
        Term::Literal(literal) => literal.value().parse().ok(),
        _ => None,
    }
}

fn is_true(term: &Term) -> bool {
    matches!(term, Term::Literal(literal) if matches!(literal.value(), "true" | "1"))
}
