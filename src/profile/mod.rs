//! How a query was evaluated: the sequence of its steps, and the rows, time and estimated rows of each.

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
    /// The number of rows or triples.
    pub rows: usize,
    /// The evaluation time.
    #[serde(rename = "milliseconds", serialize_with = "write::milliseconds")]
    pub time: Duration,
    /// The planning time, or `None` if the query was not planned because there was nothing to plan or too little data.
    #[serde(rename = "planningMilliseconds", serialize_with = "write::maybe_milliseconds")]
    pub planning: Option<Duration>,
    /// The time to gather the statistics of the data, once for all queries.
    #[serde(rename = "statisticsMilliseconds", serialize_with = "write::maybe_milliseconds")]
    pub gathering: Option<Duration>,
    /// Whether it was evaluated on the numbers of the index. Otherwise the engine evaluated it.
    #[serde(rename = "onNumbers")]
    pub is_on_numbers: bool,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// One step, which consumes the rows of the previous one and returns rows.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// The operation, such as `match` or `filter`.
    pub what: &'static str,
    /// Its operand: a pattern, a condition, variables.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The total number of its rows.
    pub rows: u64,
    /// The number of rows that the plan estimated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
    /// Its time, without that of other steps.
    #[serde(rename = "milliseconds", serialize_with = "write::milliseconds")]
    pub time: Duration,
    /// Further inputs besides the rows of the previous step: the sides of a hash join, the branches of a union, and so
    /// on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Vec<Step>>,
}

/// Evaluates a query to its end, or up to a limit of results, and returns how it was evaluated.
///
/// # Errors
/// Fails if the query cannot be evaluated.
pub fn explain(
    store: &Store,
    query: &Query,
    limit: Option<usize>,
    prefixes: &Prefixes,
) -> Result<Explanation> {
    let run = store.run(prepare(query), limit)?;
    let account: Account = serde_json::from_slice(&run.report).map_err(|_| {
        Diagnostic::new("the engine did not report how it evaluated the query").store()
    })?;
    let is_planned = run.expected.is_some();
    let expected = account::expectations(run.expected.unwrap_or_default());
    Ok(Explanation {
        rows: run.count,
        time: run.time,
        planning: is_planned.then_some(run.planning),
        gathering: is_planned.then_some(run.gathering),
        is_on_numbers: run.is_on_numbers,
        steps: account.steps(&expected, prefixes),
    })
}
