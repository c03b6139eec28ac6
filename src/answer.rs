//! An answer: what a query gives on a store, up to a limit, and what each part of it rests on.

use crate::cite::{Citation, Citer, Options};
use crate::error::{Error, Result};
use crate::limits::Stop;
use crate::query::for_engine;
use crate::store::Store;
use oxigraph::model::Triple;
use oxigraph::sparql::{QueryEvaluationError, QueryResults, QuerySolution, Variable};
use spargebra::Query;
use std::collections::VecDeque;

/// What a query gives.
pub enum Answer {
    /// The solutions of a SELECT.
    Solutions {
        /// The variables, in the order of the SELECT.
        variables: Vec<Variable>,
        /// The solutions, one by one.
        solutions: Page<QuerySolution>,
    },
    /// The answer of an ASK.
    Boolean(bool),
    /// The triples of a CONSTRUCT or a DESCRIBE, one by one; one may come twice.
    Graph(Page<Triple>),
}

/// What a query gives, and what it rests on.
pub enum CitedAnswer {
    /// The solutions of a SELECT, the same as without citations and in the same order.
    Solutions {
        /// The variables, in the order of the SELECT.
        variables: Vec<Variable>,
        /// The solutions with their citations.
        rows: Box<CitedRows>,
    },
    /// The answer of an ASK.
    Boolean(bool, Citation),
    /// The triples of a CONSTRUCT or a DESCRIBE.
    Graph {
        /// The triples with their citations, each triple once.
        triples: Vec<(Triple, Citation)>,
        /// Whether there are triples behind the limit.
        has_more: bool,
        /// Why there are no more triples, if the store's [limits](crate::limits) ended them.
        stopped: Option<Error>,
    },
}

/// Asks a store.
///
/// # Arguments
/// `limit` is how many solutions or triples are wanted, none for all of them; the order is the query's.
///
/// # Errors
/// If the query cannot be evaluated. What fails half-way is an error of the iterators.
pub fn answer(store: &Store, query: &Query, limit: Option<usize>) -> Result<Answer> {
    evaluate(store, for_engine(query), limit)
}

/// Asks a store, and cites what it answers.
///
/// # Arguments
/// `limit` is how many solutions or triples are wanted, none for all of them; the order is the query's.
///
/// # Errors
/// If the query cannot be evaluated. What fails half-way is an error of the iterator.
pub fn cited_answer(
    store: &Store,
    query: &Query,
    limit: Option<usize>,
    options: Options,
) -> Result<CitedAnswer> {
    let query = for_engine(query);
    let answer = evaluate(store, query.clone(), limit)?;
    let citer = Citer::new(store.clone(), query, options);
    Ok(match answer {
        Answer::Solutions { variables, solutions } => CitedAnswer::Solutions {
            variables,
            rows: Box::new(CitedRows { solutions, citer, ready: VecDeque::new(), failed: None }),
        },
        Answer::Boolean(value) => CitedAnswer::Boolean(value, citer.boolean(value)?),
        Answer::Graph(mut page) => {
            let (mut triples, failed) = until_failed(page.by_ref());
            let stopped = match failed {
                Some(error) if !error.kind.is_stop() => return Err(error),
                stopped => stopped,
            };
            let mut seen = std::collections::HashSet::new();
            triples.retain(|triple| seen.insert(triple.clone()));
            let citations = citer.triples(&triples)?;
            let triples = triples.into_iter().zip(citations).collect();
            CitedAnswer::Graph { triples, has_more: page.has_more(), stopped }
        }
    })
}

fn evaluate(store: &Store, query: Query, limit: Option<usize>) -> Result<Answer> {
    Ok(match store.evaluate(query)? {
        QueryResults::Solutions(solutions) => Answer::Solutions {
            variables: solutions.variables().to_vec(),
            solutions: Page::new(solutions, limit, store),
        },
        QueryResults::Boolean(value) => Answer::Boolean(value),
        QueryResults::Graph(triples) => Answer::Graph(Page::new(triples, limit, store)),
    })
}

/// What comes before an error, and the error.
fn until_failed<T>(results: impl Iterator<Item = Result<T>>) -> (Vec<T>, Option<Error>) {
    let mut failed = None;
    let good = results.map_while(|result| result.map_err(|error| failed = Some(error)).ok());
    let good = good.collect();
    (good, failed)
}

/// The first results of a query, up to a limit, and whether there are more.
///
/// What the store's [limits](crate::limits) end, ends with an error.
pub struct Page<T> {
    results: Box<dyn Iterator<Item = std::result::Result<T, QueryEvaluationError>>>,
    store: Store,
    left: Option<usize>,
    given: usize,
    has_more: bool,
}

impl<T> Page<T> {
    fn new(
        results: impl Iterator<Item = std::result::Result<T, QueryEvaluationError>> + 'static,
        limit: Option<usize>,
        store: &Store,
    ) -> Self {
        let results = Box::new(results);
        Self { results, store: store.clone(), left: limit, given: 0, has_more: false }
    }

    /// Whether there are results behind the limit. Known once the page has come to its end.
    pub const fn has_more(&self) -> bool {
        self.has_more
    }
}

impl<T> Iterator for Page<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.left {
            Some(0) => {
                self.has_more = self.has_more || self.results.next().is_some();
                return None;
            }
            Some(left) => *left -= 1,
            None => {}
        }
        let result = self.results.next();
        let limits = self.store.limits();
        // Some steps of the engine take the error of a cancelled one for an end, and their results are wrong.
        if let Err(stop) = limits.cancellation.check() {
            return Some(Err(stop));
        }
        let result = result?;
        if let Some(rows) = limits.rows
            && self.given >= rows
        {
            return Some(Err(Stop::Rows(rows).error()));
        }
        self.given += 1;
        Some(result.map_err(|error| self.store.evaluation_failed(error)))
    }
}

/// Solutions with their citations, made as they are asked for, many at a time.
pub struct CitedRows {
    solutions: Page<QuerySolution>,
    citer: Citer,
    ready: VecDeque<(QuerySolution, Citation)>,
    failed: Option<Error>,
}

impl CitedRows {
    /// How many rows are cited at a time.
    const BATCH: usize = 256;

    /// Whether there are results behind the limit. Known once the rows have come to their end.
    pub const fn has_more(&self) -> bool {
        self.solutions.has_more()
    }

    fn fill(&mut self) -> Result<()> {
        let (rows, failed) = until_failed(self.solutions.by_ref().take(Self::BATCH));
        self.failed = failed;
        let citations = self.citer.solutions(&rows)?;
        self.ready = rows.into_iter().zip(citations).collect();
        Ok(())
    }
}

impl Iterator for CitedRows {
    type Item = Result<(QuerySolution, Citation)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty()
            && self.failed.is_none()
            && let Err(error) = self.fill()
        {
            return Some(Err(error));
        }
        match self.ready.pop_front() {
            Some(row) => Some(Ok(row)),
            None => self.failed.take().map(Err),
        }
    }
}
