//! Runs a query to its end, and reports how the engine evaluated it.

use super::backend::{Backend as _, Gather};
use super::index_queries::IndexDataset;
use super::plan::RowGoal;
use super::prepare::{EngineQuery, Planned};
use super::{Embedded, evaluation_failed, failed, quirks};
use crate::budget::Cancellation;
use crate::diagnostic::Result;
use oxigraph::sparql::{QueryEvaluationError, QueryResults, QuerySolutionIter, QueryTripleIter};
use spargebra::algebra::GraphPattern;
use std::time::{Duration, Instant};

/// How a query was evaluated: its counts, times and plan.
pub struct Execution {
    /// The number of solutions or triples; 1 for a boolean.
    pub count: usize,
    /// The time to obtain statistics: short if they existed already.
    pub gathering: Duration,
    /// The planning time.
    pub planning: Duration,
    /// The evaluation time.
    pub time: Duration,
    /// The estimates of the plan, or `None` if the query was not planned.
    pub expected: Option<Vec<(Vec<GraphPattern>, f64)>>,
    /// Whether it was evaluated on the numbers of the index, and not by the engine.
    pub is_on_numbers: bool,
    /// The report about the operators, as JSON in the engine's form.
    pub report: Vec<u8>,
}

impl Embedded {
    /// Evaluates a query to its end, or up to a limit of results, and returns how the engine evaluated it.
    ///
    /// # Errors
    /// Fails if the query cannot be evaluated.
    pub(super) fn run(
        &self,
        query: EngineQuery,
        limit: Option<usize>,
        cancellation: &Cancellation,
    ) -> Result<Execution> {
        let wanted = limit.map_or(RowGoal::All, RowGoal::First);
        let start = Instant::now();
        self.gather_for(query.rewritten(), wanted, cancellation)?;
        let gathering = start.elapsed();
        let start = Instant::now();
        let Planned { query, expected } = self.plan(query, wanted, Gather::Needed, cancellation)?;
        let planning = start.elapsed();
        let most = limit.unwrap_or(usize::MAX);
        let time = || start.elapsed().saturating_sub(planning);
        quirks::check_size(&query)?;
        if let Some(execution) = self.execution(&query, cancellation, true) {
            let (count, report) =
                execution.explain(most).map_err(|error| evaluation_failed(error, cancellation))?;
            let time = time();
            return Ok(Execution {
                count,
                gathering,
                planning,
                time,
                expected,
                is_on_numbers: true,
                report,
            });
        }
        let (prepared, index) = self.prepared(query, cancellation, cancellation)?;
        let (results, explanation) = match index {
            Some(index) => prepared
                .on_queryable_dataset(IndexDataset::new(index, cancellation))
                .compute_statistics()
                .explain(),
            None => prepared.on_store(&self.store).compute_statistics().explain(),
        };
        let end = |error: Option<QueryEvaluationError>| {
            error.map_or(Ok(()), |e| Err(evaluation_failed(e, cancellation)))
        };
        let mut count = 0;
        match results.map_err(|error| evaluation_failed(error, cancellation))? {
            QueryResults::Boolean(_) => count = 1,
            QueryResults::Solutions(solutions) => {
                let failed =
                    solutions.take(most).inspect(|_| count += 1).find_map(std::result::Result::err);
                end(failed)?;
            }
            QueryResults::Graph(triples) => {
                let failed =
                    triples.take(most).inspect(|_| count += 1).find_map(std::result::Result::err);
                end(failed)?;
            }
        }
        // Stopped steps end as if they had no more rows.
        cancellation.check()?;
        let time = time();
        let mut report = Vec::new();
        explanation.write_in_json(&mut report).map_err(|error| failed(error.into()))?;
        let is_on_numbers = false;
        Ok(Execution { count, gathering, planning, time, expected, is_on_numbers, report })
    }
}

/// Ends results after their first error, because an engine on a damaged store repeats it endlessly.
pub(super) fn fused(results: QueryResults<'static>) -> QueryResults<'static> {
    match results {
        QueryResults::Boolean(value) => QueryResults::Boolean(value),
        QueryResults::Solutions(solutions) => {
            let variables = solutions.variables().into();
            QueryResults::Solutions(QuerySolutionIter::new(variables, until_error(solutions)))
        }
        QueryResults::Graph(triples) => {
            QueryResults::Graph(QueryTripleIter::new(until_error(triples)))
        }
    }
}

/// Ends an iterator after its first error, which is included.
pub(super) fn until_error<T, E>(
    items: impl Iterator<Item = Result<T, E>>,
) -> impl Iterator<Item = Result<T, E>> {
    let mut has_failed = false;
    items.take_while(move |item| !std::mem::replace(&mut has_failed, item.is_err()))
}
