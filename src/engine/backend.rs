//! What a store stands on: a store of quads in this process, or an endpoint.

use super::Embedded;
use super::plan::RowGoal;
use super::prepare::{EngineQuery, Planned};
use crate::budget::Cancellation;
use crate::diagnostic::Result;
use oxigraph::model::{GraphNameRef, NamedNodeRef, NamedOrBlankNodeRef, Quad, TermRef};
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults};

/// Quads of a backend, one by one.
pub(super) type Quads = Box<dyn Iterator<Item = Result<Quad>>>;

/// Where the data is that a [`Store`](super::Store) asks.
pub(super) trait Backend: Send + Sync {
    /// Says what can be done with the data, and what it costs.
    fn capabilities(&self) -> Capabilities;

    /// Makes of a prepared query the one that is evaluated.
    ///
    /// # Errors
    /// If the statistics that it is planned by cannot be gathered.
    fn plan(
        &self,
        query: EngineQuery,
        wanted: RowGoal,
        statistics: Gather,
        cancellation: &Cancellation,
    ) -> Result<Planned>;

    /// Evaluates a query until the token is cancelled. Solutions come one by one, as they are asked for.
    ///
    /// # Errors
    /// If the query asks for what the backend does not have, or the backend fails.
    fn evaluate(
        &self,
        query: Planned,
        cancellation: &Cancellation,
        token: &CancellationToken,
    ) -> Result<QueryResults<'static>, QueryEvaluationError>;

    /// Reads the quads that match a pattern. No more than `most` of them are wanted.
    fn quads(
        &self,
        pattern: QuadPattern<'_>,
        most: Option<usize>,
        cancellation: &Cancellation,
    ) -> Quads;

    /// The engine in this process, if it is one: what only it can do is asked of it.
    fn embedded(&self) -> Option<&Embedded> {
        None
    }
}

/// What can be done with the data of a backend, and what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub(crate) struct Capabilities {
    /// Whether all of it can be gone through, to be counted or exported.
    pub can_scan: bool,
    /// Whether a blank node of an answer can be asked about.
    pub can_ask_about_blank_nodes: bool,
    /// Whether quads that follow from the others can be added when something asks for them.
    pub can_derive: bool,
    /// Whether each question is a request: many things are asked for at once and remembered, nothing is asked that is not
    /// needed, and no answer may come.
    pub asks_by_request: bool,
}

/// Whether statistics may be gathered for the sake of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gather {
    /// It is planned by those that are known, or not at all.
    Known,
    /// They are gathered if they are not known.
    Needed,
}

/// The terms that quads have to have, as far as they are given.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct QuadPattern<'a> {
    pub subject: Option<NamedOrBlankNodeRef<'a>>,
    pub predicate: Option<NamedNodeRef<'a>>,
    pub object: Option<TermRef<'a>>,
    pub graph: Option<GraphNameRef<'a>>,
}

impl QuadPattern<'_> {
    /// Returns whether a quad has the terms.
    pub(super) fn matches(&self, quad: &Quad) -> bool {
        self.subject.is_none_or(|subject| subject == quad.subject.as_ref())
            && self.predicate.is_none_or(|predicate| predicate == quad.predicate.as_ref())
            && self.object.is_none_or(|object| object == quad.object.as_ref())
            && self.graph.is_none_or(|graph| graph == quad.graph_name.as_ref())
    }
}
