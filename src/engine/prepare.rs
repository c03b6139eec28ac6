//! The stages of a query on its way to the engine: as bound, as rewritten for the engine, and as planned.

use super::plan::Plan;
use super::quirks;
use spargebra::Query;
use spargebra::algebra::GraphPattern;

/// A query rewritten for the engine, together with the query as it was written.
#[derive(Debug, Clone)]
pub struct EngineQuery {
    rewritten: Query,
    /// `None` if the rewriting changed nothing.
    bound: Option<Query>,
}

/// Prepares a query: rewrites what the engine would evaluate wrongly, according to the list of [quirks](super::QUIRKS).
pub fn prepare(query: &Query) -> EngineQuery {
    let mut rewritten = query.clone();
    #[cfg(feature = "rdf-12")]
    crate::algebra::open_triple_terms(&mut rewritten);
    quirks::rewrite(&mut rewritten);
    EngineQuery { rewritten, bound: Some(query.clone()) }
}

impl EngineQuery {
    /// Wraps a query that consists of parts of a prepared query, or that needs no rewriting.
    pub const fn of_parts(query: Query) -> Self {
        Self { rewritten: query, bound: None }
    }

    /// Wraps a query that joins parts of a prepared query with one another or with other parts.
    pub(crate) fn of_joined_parts(mut query: Query) -> Self {
        quirks::rewrite_again(&mut query);
        Self::of_parts(query)
    }

    /// Returns the query as the embedded engine evaluates it.
    pub const fn rewritten(&self) -> &Query {
        &self.rewritten
    }

    /// Returns the query as it was written, for an engine that needs no rewriting.
    pub(super) fn into_bound(self) -> Query {
        self.bound.unwrap_or(self.rewritten)
    }
}

/// A query as a backend receives it: its joins are written in evaluation order.
pub struct Planned {
    pub(super) query: Query,
    /// The patterns with their estimated rows, or `None` if the query was not planned.
    pub(super) expected: Option<Vec<(Vec<GraphPattern>, f64)>>,
}

impl Planned {
    /// Keeps the join order of the query.
    pub(super) const fn as_it_is(query: Query) -> Self {
        Self { query, expected: None }
    }
}

impl From<EngineQuery> for Planned {
    fn from(query: EngineQuery) -> Self {
        Self::as_it_is(query.rewritten)
    }
}

impl From<Plan> for Planned {
    fn from(Plan { query, expected }: Plan) -> Self {
        Self { query, expected: Some(expected) }
    }
}
