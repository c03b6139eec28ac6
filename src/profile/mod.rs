//! How a query was evaluated: which step came after which, how many rows each gave, how long it took, and how many rows
//! the plan had expected.

mod account;
mod words;
mod write;

pub(crate) use write::{write_json, write_text};

use crate::diagnostic::{Diagnostic, Result};
use crate::engine::{Store, prepare};
use crate::vocabulary::Prefixes;
use account::Account;
use serde::Serialize;
use spargebra::Query;
use std::time::Duration;

/// How a query was evaluated.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// How many rows or triples it gave.
    pub rows: usize,
    /// How long the evaluation took.
    #[serde(rename = "milliseconds", serialize_with = "write::milliseconds")]
    pub time: Duration,
    /// How long planning took. None: the query was not planned, since there is nothing to plan or too little data.
    #[serde(rename = "planningMilliseconds", serialize_with = "write::maybe_milliseconds")]
    pub planning: Option<Duration>,
    /// How long it took to gather statistics of the data, once for all queries.
    #[serde(rename = "statisticsMilliseconds", serialize_with = "write::maybe_milliseconds")]
    pub gathering: Option<Duration>,
    /// The steps, in their order.
    pub steps: Vec<Step>,
}

/// One step: it takes the rows of the one before and gives rows.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// What is done, such as `match` or `filter`.
    pub what: &'static str,
    /// To what: a pattern, a condition, variables.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// How many rows it gave in all.
    pub rows: u64,
    /// How many rows the plan expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
    /// How long it took by itself.
    #[serde(rename = "milliseconds", serialize_with = "write::milliseconds")]
    pub time: Duration,
    /// What it takes besides the rows of the step before: the sides of a join by a hash table, the branches of a union,
    /// and so on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Vec<Step>>,
}

/// Evaluates a query to its end, or to a limit of results, and tells how.
///
/// # Errors
/// If the query cannot be evaluated.
pub fn explain(
    store: &Store,
    query: &Query,
    limit: Option<usize>,
    prefixes: &Prefixes,
) -> Result<Explanation> {
    let run = store.run(prepare(query), limit)?;
    let account: Account = serde_json::from_slice(&run.engine).map_err(|_| {
        Diagnostic::new("the engine did not report how it evaluated the query").store()
    })?;
    let is_planned = run.expected.is_some();
    let expected = account::expectations(run.expected.unwrap_or_default());
    Ok(Explanation {
        rows: run.count,
        time: run.time,
        planning: is_planned.then_some(run.planning),
        gathering: is_planned.then_some(run.gathering),
        steps: account.steps(&expected, prefixes),
    })
}
