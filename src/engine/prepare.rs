//! The stages of a query on its way to the engine: as it is bound, as the engine evaluates it rightly, as it is planned.

use super::plan::Plan;
use super::quirks;
use spargebra::Query;
use spargebra::algebra::GraphPattern;

/// A query in the form in which the engine evaluates it rightly, and in the one that it was asked in.
#[derive(Debug, Clone)]
pub struct EngineQuery {
    rewritten: Query,
    /// None: it was asked in that form.
    bound: Option<Query>,
}

/// Prepares a query: rewrites what the engine would evaluate wrongly, as the list of [quirks](super::QUIRKS) says.
pub fn prepare(query: &Query) -> EngineQuery {
    let mut rewritten = query.clone();
    quirks::rewrite(&mut rewritten);
    EngineQuery { rewritten, bound: Some(query.clone()) }
}

impl EngineQuery {
    /// A query that is made of parts of one that was prepared, or that has nothing which needs it.
    pub const fn of_parts(query: Query) -> Self {
        Self { rewritten: query, bound: None }
    }

    /// A query in which parts of one that was prepared are joined anew, with one another or with other parts.
    pub(crate) fn of_joined_parts(mut query: Query) -> Self {
        quirks::rewrite_again(&mut query);
        Self::of_parts(query)
    }

    /// The query as the engine of ours evaluates it.
    pub const fn rewritten(&self) -> &Query {
        &self.rewritten
    }

    /// The query as it was asked, for an engine that does not need the rewriting.
    pub(super) fn into_bound(self) -> Query {
        self.bound.unwrap_or(self.rewritten)
    }
}

/// A query as it is handed to a backend: its joins stand in the order in which they are evaluated.
pub struct Planned {
    pub(super) query: Query,
    /// How many rows parts of it were expected to give; none if it was not planned.
    pub(super) expected: Option<Vec<(Vec<GraphPattern>, f64)>>,
}

impl Planned {
    /// The order stays as the query has it.
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
