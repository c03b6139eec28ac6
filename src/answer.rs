//! An answer: what a query gives on a store, up to a limit, and what each part of it rests on.

use crate::cite::{Citation, Citer, Options};
use crate::diagnose::counts;
use crate::error::{Error, Result};
use crate::query::for_engine;
use crate::store::{Store, evaluation_failed};
use oxigraph::model::{Literal, Term, Triple};
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
    },
}

/// How an answer has nothing in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {
    /// It is a no.
    No,
    /// It has no rows.
    NoRows,
    /// It has no triples.
    NoTriples,
    /// It has rows of counts, and these are all zero.
    AllZero,
}

/// How many rows are looked at to see whether all their counts are zero.
const MOST_ZEROS: usize = 1_000;

impl Answer {
    /// Whether there is nothing in the answer to a query. Of its results, no more are read than that takes.
    ///
    /// # Errors
    /// If the evaluation fails.
    pub fn nothing(&mut self, query: &Query) -> Result<Option<Nothing>> {
        Ok(match self {
            Self::Boolean(value) => (!*value).then_some(Nothing::No),
            Self::Graph(triples) => {
                let is_empty = triples.ahead(1)?.is_empty() && !triples.has_more();
                is_empty.then_some(Nothing::NoTriples)
            }
            Self::Solutions { solutions, .. } => {
                let counts = counts(query);
                let Some(first) = solutions.ahead(1)?.front() else {
                    return Ok((!solutions.has_more()).then_some(Nothing::NoRows));
                };
                if !is_zero(first, &counts) {
                    return Ok(None);
                }
                let rows = solutions.ahead(MOST_ZEROS)?;
                let all_zero = rows.len() < MOST_ZEROS && rows.iter().all(|r| is_zero(r, &counts));
                (all_zero && !solutions.has_more()).then_some(Nothing::AllZero)
            }
        })
    }
}

impl CitedAnswer {
    /// The same as [`Answer::nothing`].
    ///
    /// # Errors
    /// If the evaluation or the citing fails.
    pub fn nothing(&mut self, query: &Query) -> Result<Option<Nothing>> {
        Ok(match self {
            Self::Boolean(value, _) => (!*value).then_some(Nothing::No),
            Self::Graph { triples, has_more } => {
                (triples.is_empty() && !*has_more).then_some(Nothing::NoTriples)
            }
            Self::Solutions { rows, .. } => {
                let counts = counts(query);
                let ahead = rows.ahead()?;
                let kind = if ahead.is_empty() { Nothing::NoRows } else { Nothing::AllZero };
                let all_zero = ahead.iter().all(|(row, _)| is_zero(row, &counts));
                let is_whole = ahead.len() < CitedRows::BATCH && !rows.has_more();
                (all_zero && is_whole).then_some(kind)
            }
        })
    }
}

/// Whether a row has counts, all of them zero.
fn is_zero(row: &QuerySolution, counts: &[Variable]) -> bool {
    let zero = Term::from(Literal::from(0));
    !counts.is_empty() && counts.iter().all(|count| row.get(count) == Some(&zero))
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
            rows: Box::new(CitedRows { solutions, citer, ready: VecDeque::new() }),
        },
        Answer::Boolean(value) => CitedAnswer::Boolean(value, citer.boolean(value)?),
        Answer::Graph(mut page) => {
            let mut triples = page.by_ref().collect::<Result<Vec<_>>>()?;
            let mut seen = std::collections::HashSet::new();
            triples.retain(|triple| seen.insert(triple.clone()));
            let citations = citer.triples(&triples)?;
            let triples = triples.into_iter().zip(citations).collect();
            CitedAnswer::Graph { triples, has_more: page.has_more() }
        }
    })
}

fn evaluate(store: &Store, query: Query, limit: Option<usize>) -> Result<Answer> {
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
    ahead: VecDeque<T>,
}

impl<T> Page<T> {
    fn new(
        results: impl Iterator<Item = std::result::Result<T, QueryEvaluationError>> + 'static,
        limit: Option<usize>,
    ) -> Self {
        Self { results: Box::new(results), left: limit, has_more: false, ahead: VecDeque::new() }
    }

    /// Whether there are results behind the limit. Known once the page has come to its end.
    pub const fn has_more(&self) -> bool {
        self.has_more
    }

    /// The next results, at most so many, which are still to come.
    ///
    /// # Errors
    /// If one of them is an error.
    pub fn ahead(&mut self, most: usize) -> Result<&VecDeque<T>> {
        while self.ahead.len() < most {
            match self.read() {
                Some(result) => self.ahead.push_back(result?),
                None => break,
            }
        }
        Ok(&self.ahead)
    }

    fn read(&mut self) -> Option<Result<T>> {
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

impl<T> Iterator for Page<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.ahead.pop_front().map(Ok).or_else(|| self.read())
    }
}

/// Solutions with their citations, made as they are asked for, many at a time.
pub struct CitedRows {
    solutions: Page<QuerySolution>,
    citer: Citer,
    ready: VecDeque<(QuerySolution, Citation)>,
}

impl CitedRows {
    /// How many rows are cited at a time.
    const BATCH: usize = 256;

    /// Whether there are results behind the limit. Known once the rows have come to their end.
    pub const fn has_more(&self) -> bool {
        self.solutions.has_more()
    }

    /// The next rows, some of those which are still to come: none if none are.
    ///
    /// # Errors
    /// If one of them is an error.
    pub fn ahead(&mut self) -> Result<&VecDeque<(QuerySolution, Citation)>> {
        if self.ready.is_empty() {
            self.fill()?;
        }
        Ok(&self.ready)
    }

    fn fill(&mut self) -> Result<()> {
        let rows = self.solutions.by_ref().take(Self::BATCH).collect::<Result<Vec<_>>>()?;
        let citations = self.citer.solutions(&rows)?;
        self.ready = rows.into_iter().zip(citations).collect();
        Ok(())
    }
}

impl Iterator for CitedRows {
    type Item = Result<(QuerySolution, Citation)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty()
            && let Err(error) = self.fill()
        {
            return Some(Err(error));
        }
        self.ready.pop_front().map(Ok)
    }
}
