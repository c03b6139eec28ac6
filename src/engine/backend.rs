//! Where the data of a store is: a store of quads in this process, or an endpoint.

use super::Embedded;
use super::plan::RowGoal;
use super::prepare::{EngineQuery, Planned};
use crate::budget::Cancellation;
use crate::diagnostic::Result;
use oxigraph::model::{GraphNameRef, NamedNodeRef, NamedOrBlankNodeRef, Quad, TermRef};
use oxigraph::sparql::{QueryEvaluationError, QueryResults};

/// The quads of a backend, as a lazy iterator.
pub(super) type Quads = Box<dyn Iterator<Item = Result<Quad>>>;

/// The source of the data behind a [`Store`](super::Store).
pub(super) trait Backend: Send + Sync {
    /// Returns what can be done with the data, and what it costs.
    fn capabilities(&self) -> Capabilities;

    /// Plans a prepared query.
    ///
    /// # Errors
    /// Fails if the statistics for planning cannot be gathered.
    fn plan(
        &self,
        query: EngineQuery,
        wanted: RowGoal,
        statistics: Gather,
        cancellation: &Cancellation,
    ) -> Result<Planned>;

    /// Evaluates a query until work is stopped by `until`. Solutions are computed lazily.
    ///
    /// # Errors
    /// Fails if the query uses something that the backend does not support, or the backend fails.
    fn evaluate(
        &self,
        query: Planned,
        cancellation: &Cancellation,
        until: &Cancellation,
    ) -> Result<QueryResults<'static>, QueryEvaluationError>;

    /// Reads the quads that match a pattern. The caller reads at most `most` of them.
    fn quads(
        &self,
        pattern: QuadPattern<'_>,
        most: Option<usize>,
        cancellation: &Cancellation,
    ) -> Quads;

    /// Returns the engine in this process, or `None` if the backend is something else. Used for what only the embedded
    /// engine can do.
    fn embedded(&self) -> Option<&Embedded> {
        None
    }
}

/// What can be done with the data of a backend, and what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub(crate) struct Capabilities {
    /// Whether all data can be scanned, in order to count or export it.
    pub can_scan: bool,
    /// Whether blank nodes of an answer can be looked up.
    pub can_ask_about_blank_nodes: bool,
    /// Whether derived quads can be added on demand.
    pub can_derive: bool,
    /// Whether each lookup is a request. If so, lookups are batched and cached, nothing unnecessary is requested, and a
    /// request may remain unanswered.
    pub asks_by_request: bool,
}

/// Whether statistics may be gathered for a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gather {
    /// Plan with known statistics, or not at all.
    Known,
    /// Gather statistics if they are not known.
    Needed,
}

/// The terms that quads must have; `None` matches any term.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct QuadPattern<'a> {
    pub subject: Option<NamedOrBlankNodeRef<'a>>,
    pub predicate: Option<NamedNodeRef<'a>>,
    pub object: Option<TermRef<'a>>,
    pub graph: Option<GraphNameRef<'a>>,
}

impl QuadPattern<'_> {
    /// Returns whether a quad matches the pattern.
    pub(super) fn matches(&self, quad: &Quad) -> bool {
        self.subject.is_none_or(|subject| subject == quad.subject.as_ref())
            && self.predicate.is_none_or(|predicate| predicate == quad.predicate.as_ref())
            && self.object.is_none_or(|object| object == quad.object.as_ref())
            && self.graph.is_none_or(|graph| graph == quad.graph_name.as_ref())
    }
}
