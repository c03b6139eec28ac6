//! An answer: what a query gives on a store, up to a limit.

use crate::error::{Error, Result};
use crate::store::{Store, evaluation_failed};
use oxigraph::model::Triple;
use oxigraph::sparql::{QueryEvaluationError, QueryResults, QuerySolution, Variable};
use spargebra::Query;

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

/// Asks a store.
///
/// # Arguments
/// `limit` is how many solutions or triples are wanted, none for all of them; the order is the query's.
///
/// # Errors
/// If the query cannot be evaluated. What fails half-way is an error of the iterators.
pub fn answer(store: &Store, query: Query, limit: Option<usize>) -> Result<Answer> {
    Ok(match store.evaluate(query)? {
        QueryResults::Solutions(solutions) => Answer::Solutions {
            variables: solutions.variables().to_vec(),
            solutions: Page::new(solutions, limit),
        },
        QueryResults::Boolean(value) => Answer::Boolean(value),
        QueryResults::Graph(triples) => Answer::Graph(Page::new(triples, limit)),
    })
}

/// The first results of a query, up to a limit, and whether there are more.
pub struct Page<T> {
    results: Box<dyn Iterator<Item = std::result::Result<T, QueryEvaluationError>>>,
    left: Option<usize>,
    has_more: bool,
}

impl<T> Page<T> {
    fn new(
        results: impl Iterator<Item = std::result::Result<T, QueryEvaluationError>> + 'static,
        limit: Option<usize>,
    ) -> Self {
        Self { results: Box::new(results), left: limit, has_more: false }
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
        self.results.next().map(|result| result.map_err(evaluation_failed))
    }
}
