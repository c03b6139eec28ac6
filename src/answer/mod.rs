//! An answer: what a query gives on a store, up to a limit, and what each part of it rests on.

mod cited_rows;
mod page;
pub mod write;

pub use cited_rows::CitedRows;
pub use page::Page;

use crate::budget::Limits;
use crate::cite::{Citation, Citer, Options};
use crate::diagnose::aggregates;
use crate::engine::plan::Wanted;
use crate::engine::{EngineQuery, Store, prepare};
use crate::error::{Error, Result};
use oxigraph::model::{Literal, Term, Triple};
use oxigraph::sparql::{QueryResults, QuerySolution, Variable};
use page::until_failed;
use spargebra::Query;
use std::collections::HashSet;

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
        /// How many triples were found. If they were stopped, only the first of them are cited.
        found: usize,
        /// Why there are no more triples, if the store's [limits](crate::budget) ended them.
        stopped: Option<Error>,
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
    /// It has rows of counts, sums and their like, and these are all zero or have no value.
    AllZero,
}

impl Nothing {
    /// Whether the answer is empty: no, no rows or no triples. Counts of zero are not empty.
    pub const fn is_empty(self) -> bool {
        !matches!(self, Self::AllZero)
    }
}

/// How many triples are cited once the time is over: few enough for a moment.
const MOST_CITED_LATE: usize = 200;

/// How many rows are looked at to see whether all their counts are zero.
const MOST_ZEROS: usize = 1_000;

impl Answer {
    /// Whether there is nothing in the answer to a query. Of its results, no more are read than that takes; an error
    /// among them is not nothing.
    pub fn nothing(&mut self, query: &Query) -> Option<Nothing> {
        match self {
            Self::Boolean(value) => (!*value).then_some(Nothing::No),
            Self::Graph(triples) => {
                let is_empty = triples.ahead(1)?.is_empty() && !triples.has_more();
                is_empty.then_some(Nothing::NoTriples)
            }
            Self::Solutions { solutions, .. } => {
                let aggregates = aggregates(query);
                let Some(first) = solutions.ahead(1)?.front() else {
                    return (!solutions.has_more()).then_some(Nothing::NoRows);
                };
                if !is_zero(first, &aggregates) {
                    return None;
                }
                let rows = solutions.ahead(MOST_ZEROS)?;
                let all_zero =
                    rows.len() < MOST_ZEROS && rows.iter().all(|r| is_zero(r, &aggregates));
                (all_zero && !solutions.has_more()).then_some(Nothing::AllZero)
            }
        }
    }
}

impl CitedAnswer {
    /// The same as [`Answer::nothing`].
    ///
    /// # Errors
    /// If the citing fails.
    pub fn nothing(&mut self, query: &Query) -> Result<Option<Nothing>> {
        Ok(match self {
            Self::Boolean(value, _) => (!*value).then_some(Nothing::No),
            Self::Graph { triples, has_more, stopped, .. } => (triples.is_empty() && !*has_more)
                .then_some(Nothing::NoTriples)
                .filter(|_| stopped.is_none()),
            Self::Solutions { rows, .. } => {
                let aggregates = aggregates(query);
                let Some(ahead) = rows.ahead()? else { return Ok(None) };
                let kind = if ahead.is_empty() { Nothing::NoRows } else { Nothing::AllZero };
                let all_zero = ahead.iter().all(|(row, _)| is_zero(row, &aggregates));
                let is_whole = ahead.len() < CitedRows::BATCH && !rows.has_more();
                (all_zero && is_whole).then_some(kind)
            }
        })
    }
}

/// Whether a row has counts, sums and their like, all of them zero or without a value.
fn is_zero(row: &QuerySolution, aggregates: &[Variable]) -> bool {
    let zero = Term::from(Literal::from(0));
    !aggregates.is_empty() && aggregates.iter().all(|one| row.get(one).is_none_or(|v| *v == zero))
}

/// Asks a store.
///
/// # Arguments
/// `limit` is how many solutions or triples are wanted, none for all of them; the order is the query's.
///
/// # Errors
/// If the query cannot be evaluated. What fails half-way is an error of the iterators.
pub fn answer(store: &Store, query: &Query, limit: Option<usize>) -> Result<Answer> {
    evaluate(store, prepare(query), limit)
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
    let query = prepare(query);
    let answer = evaluate(store, query.clone(), limit)?;
    let citer = Citer::new(store.clone(), &query, options);
    Ok(match answer {
        Answer::Solutions { variables, solutions } => {
            CitedAnswer::Solutions { variables, rows: Box::new(CitedRows::new(solutions, citer)) }
        }
        Answer::Boolean(value) => CitedAnswer::Boolean(value, citer.boolean(value)?),
        Answer::Graph(mut page) => {
            let (mut triples, failed) = until_failed(page.by_ref());
            let stopped = match failed {
                Some(error) if !error.kind.is_stop() => return Err(error),
                stopped => stopped,
            };
            let is_over = store.limits().cancellation.stopped().is_some()
                && !store.capabilities().asks_by_request;
            let all = triples.len();
            if is_over {
                triples.truncate(MOST_CITED_LATE);
            }
            let mut seen = HashSet::new();
            triples.retain(|triple| seen.insert(triple.clone()));
            let found = if is_over { all } else { triples.len() };
            let citations = if is_over {
                let store = store.limited(&Limits::default());
                Citer::new(store, &query, options).triples(&triples)?
            } else {
                citer.triples(&triples)?
            };
            let triples = triples.into_iter().zip(citations).collect();
            CitedAnswer::Graph { triples, has_more: page.has_more(), found, stopped }
        }
    })
}

fn evaluate(store: &Store, query: EngineQuery, limit: Option<usize>) -> Result<Answer> {
    let wanted = match (limit, store.limits().rows) {
        (Some(limit), rows) => Wanted::First(rows.map_or(limit, |rows| rows.min(limit))),
        (None, Some(rows)) => Wanted::AtMost(rows),
        (None, None) => Wanted::All,
    };
    Ok(match store.evaluate(query, wanted)? {
        QueryResults::Solutions(solutions) => Answer::Solutions {
            variables: solutions.variables().to_vec(),
            solutions: Page::new(solutions, limit, store),
        },
        QueryResults::Boolean(value) => Answer::Boolean(value),
        QueryResults::Graph(triples) => Answer::Graph(Page::new(triples, limit, store)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::{Cancellation, Limits, Stop};
    use crate::error::ErrorKind;
    use oxigraph::model::{GraphName, NamedNode, Quad};

    /// A store of so many triples.
    fn store(triples: usize) -> Store {
        let iri = |local: String| NamedNode::new_unchecked(format!("http://example.com/{local}"));
        let quad = |i| {
            let (subject, object) = (iri(format!("s{i}")), iri(format!("o{i}")));
            Quad::new(subject, iri("p".into()), object, GraphName::DefaultGraph)
        };
        Store::of((0..triples).map(quad)).unwrap()
    }

    fn query(text: &str) -> Query {
        crate::sparql::parse("query", text, &crate::vocabulary::Prefixes::default()).unwrap()
    }

    fn rows(store: &Store, text: &str, limit: Option<usize>) -> (usize, Option<ErrorKind>) {
        let Answer::Solutions { solutions, .. } = answer(store, &query(text), limit).unwrap()
        else {
            panic!("{text} has no rows")
        };
        let (rows, failed) = until_failed(solutions);
        (rows.len(), failed.map(|error| error.kind))
    }

    #[test]
    fn more_rows_than_the_limit_are_an_error() {
        let store = store(5);
        for (most, expected) in
            [(4, (4, Some(ErrorKind::Limit))), (5, (5, None)), (0, (0, Some(ErrorKind::Limit)))]
        {
            let limited = store.limited(&Limits { rows: Some(most), ..Limits::default() });
            assert_eq!(rows(&limited, "SELECT * { ?s ?p ?o }", None), expected);
        }
        let limited = store.limited(&Limits { rows: Some(4), ..Limits::default() });
        assert_eq!(rows(&limited, "SELECT * { ?s ?p ?o }", Some(3)), (3, None));
    }

    #[test]
    fn rows_before_the_limit_are_cited() {
        let select = query("SELECT * { ?s ?p ?o }");
        let batch = CitedRows::BATCH;
        for most in [3, batch, batch + 1, 2 * batch] {
            let limited =
                store(3 * batch).limited(&Limits { rows: Some(most), ..Limits::default() });
            let plain = answer(&limited, &select, Some(most)).unwrap();
            let Answer::Solutions { solutions, .. } = plain else { panic!("no rows") };
            let plain: Vec<QuerySolution> = solutions.collect::<Result<_>>().unwrap();
            let cited = cited_answer(&limited, &select, None, Options::default()).unwrap();
            let CitedAnswer::Solutions { rows, .. } = cited else { panic!("no rows") };
            let (rows, failed) = until_failed(rows);
            assert_eq!(failed.unwrap().kind, ErrorKind::Limit);
            assert!(rows.iter().all(|(_, citation)| !citation.derivations.is_empty()));
            let rows: Vec<QuerySolution> = rows.into_iter().map(|(row, _)| row).collect();
            assert_eq!(rows, plain);
        }
    }

    #[test]
    fn what_is_stopped_ends_with_its_reason() {
        let cancellation = Cancellation::default();
        let limits = Limits { cancellation: cancellation.clone(), rows: None };
        let limited = store(50).limited(&limits);
        let text = "SELECT * { ?a ?b ?c . ?d ?e ?f }";
        let Answer::Solutions { mut solutions, .. } = answer(&limited, &query(text), None).unwrap()
        else {
            panic!("{text} has no rows")
        };
        assert!(solutions.next().unwrap().is_ok());
        cancellation.stop(Stop::Interrupted);
        assert_eq!(solutions.next().unwrap().unwrap_err().kind, ErrorKind::Interrupted);
        assert!(solutions.next().is_none());
        let asked = answer(&limited, &query("ASK { ?s ?p ?o }"), None);
        assert_eq!(asked.err().map(|error| error.kind), Some(ErrorKind::Interrupted));
        // A MINUS takes the error of its right side for an end: its rows must not come out as if it had matched nothing.
        let minus = "SELECT * { VALUES ?x { 1 } MINUS { ?s ?p ?o BIND(1 AS ?x) } }";
        let stopped = match answer(&limited, &query(minus), None) {
            Ok(Answer::Solutions { solutions, .. }) => until_failed(solutions),
            Ok(_) => panic!("{minus} has no rows"),
            Err(error) => (Vec::new(), Some(error)),
        };
        assert!(stopped.0.is_empty() && stopped.1.is_some());
        assert!(limited.triples(None, None, None, None).all(|triple| triple.is_err()));
        // The store itself is as it was.
        assert_eq!(rows(&limited.limited(&Limits::default()), text, None), (2_500, None));
    }
}
