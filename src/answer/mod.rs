//! Answers: the results of a query on a store, up to a limit, with citations.

mod graph;
mod page;
mod rows;
pub(crate) mod write;

pub use graph::{Graph, WholeGraph};
pub use rows::{Row, Rows};

use crate::cite::{Citation, CitationOptions, Citer};
use crate::diagnose::{Diagnosis, aggregates};
use crate::diagnostic::Result;
use crate::engine::plan::RowGoal;
use crate::engine::{Store, prepare};
use graph::TripleCiter;
use oxigraph::model::{Literal, Term};
use oxigraph::sparql::{QueryResults, QuerySolution, Variable};
use page::Page;
use spargebra::Query;

/// The result of a query.
pub struct Answer {
    /// The results, in the form that the query asks for.
    pub form: Form,
    /// The diagnosis of an empty answer, if one was made.
    pub diagnosis: Option<Diagnosis>,
}

/// The form of an answer, with citations if they were requested.
pub enum Form {
    /// The solutions of a SELECT. They and their order are the same with and without citations.
    Rows(Rows),
    /// The answer of an ASK.
    Boolean(bool, Option<Citation>),
    /// The triples of a CONSTRUCT or a DESCRIBE.
    Graph(Graph),
}

/// The ways in which an answer can be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {
    /// It is false.
    No,
    /// It has no rows.
    NoRows,
    /// It has no triples.
    NoTriples,
    /// It has only rows of aggregates, all of which are zero or unbound.
    AllZero,
}

impl Nothing {
    /// Returns whether the answer is empty: false, no rows or no triples. Counts of zero are not empty.
    pub const fn is_empty(self) -> bool {
        !matches!(self, Self::AllZero)
    }
}

/// The most rows that are checked for counts of zero.
const MOST_ZEROS: usize = 1_000;

impl Answer {
    /// Returns how an unread answer to a query is empty, or `None` if it is not. Reads no more results than necessary.
    /// An error among them does not count as empty.
    pub fn nothing(&mut self, query: &Query) -> Option<Nothing> {
        match &mut self.form {
            Form::Boolean(value, _) => (!*value).then_some(Nothing::No),
            Form::Graph(graph) => graph.is_empty()?.then_some(Nothing::NoTriples),
            Form::Rows(rows) => {
                let aggregates = aggregates(query);
                let Some(first) = rows.ahead(1)?.front() else {
                    return (!rows.has_more()).then_some(Nothing::NoRows);
                };
                if !is_zero(first, &aggregates) {
                    return None;
                }
                let ahead = rows.ahead(MOST_ZEROS)?;
                let all_zero =
                    ahead.len() < MOST_ZEROS && ahead.iter().all(|r| is_zero(r, &aggregates));
                (all_zero && !rows.has_more()).then_some(Nothing::AllZero)
            }
        }
    }

    /// Returns the rows, or `None` if the answer has another form.
    pub fn rows(self) -> Option<Rows> {
        match self.form {
            Form::Rows(rows) => Some(rows),
            Form::Boolean(..) | Form::Graph(_) => None,
        }
    }
}

/// Returns whether a row has aggregates, all of which are zero or unbound.
fn is_zero(row: &QuerySolution, aggregates: &[Variable]) -> bool {
    let zero = Term::from(Literal::from(0));
    !aggregates.is_empty() && aggregates.iter().all(|one| row.get(one).is_none_or(|v| *v == zero))
}

/// Evaluates a query on a store.
///
/// # Arguments
/// `limit` is the most solutions or triples, or `None` for all; the order is the query's. `citing` says how the answer
/// is cited, or `None` for no citations.
///
/// # Errors
/// Fails if the query cannot be evaluated, or the answer of an ASK cannot be cited. Later failures are errors of the
/// rows or the graph.
pub fn answer(
    store: &Store,
    query: &Query,
    limit: Option<usize>,
    citing: Option<CitationOptions>,
) -> Result<Answer> {
    let query = prepare(query);
    let wanted = match (limit, store.limits().rows) {
        (Some(limit), rows) => RowGoal::First(rows.map_or(limit, |rows| rows.min(limit))),
        (None, Some(rows)) => RowGoal::AtMost(rows),
        (None, None) => RowGoal::All,
    };
    let results = store.evaluate(query.clone(), wanted)?;
    let citer = |options| Citer::new(store.clone(), &query, options);
    let form = match results {
        QueryResults::Solutions(solutions) => {
            let variables = solutions.variables().to_vec();
            let solutions = Page::new(solutions, limit, store);
            Form::Rows(Rows::new(variables, solutions, citing.map(citer)))
        }
        QueryResults::Boolean(value) => {
            let citation = citing.map(|options| citer(options).boolean(value)).transpose()?;
            Form::Boolean(value, citation)
        }
        QueryResults::Graph(triples) => {
            let triples = Page::new(triples, limit, store);
            let store = store.clone();
            Form::Graph(Graph::new(
                triples,
                citing.map(|options| TripleCiter { store, query, options }),
            ))
        }
    };
    Ok(Answer { form, diagnosis: None })
}

#[cfg(test)]
mod tests {
    use super::page::until_failed;
    use super::*;
    use crate::budget::{Cancellation, Limits, Stop};
    use crate::diagnostic::ErrorKind;
    use oxigraph::model::{GraphName, NamedNode, Quad};

    /// Creates a store with a number of triples.
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

    fn solutions(
        store: &Store,
        query: &Query,
        limit: Option<usize>,
        citing: Option<CitationOptions>,
    ) -> Rows {
        answer(store, query, limit, citing).unwrap().rows().unwrap()
    }

    fn rows(store: &Store, text: &str, limit: Option<usize>) -> (usize, Option<ErrorKind>) {
        let (rows, failed) = until_failed(solutions(store, &query(text), limit, None));
        (rows.len(), failed.map(|error| error.kind))
    }

    #[test]
    fn more_rows_than_the_limit_are_an_error() {
        let store = store(5);
        for (most, expected) in
            [(4, (4, Some(ErrorKind::Limit))), (5, (5, None)), (0, (0, Some(ErrorKind::Limit)))]
        {
            let limited = store.with_limits(&Limits { rows: Some(most), ..Limits::default() });
            assert_eq!(rows(&limited, "SELECT * { ?s ?p ?o }", None), expected);
        }
        let limited = store.with_limits(&Limits { rows: Some(4), ..Limits::default() });
        assert_eq!(rows(&limited, "SELECT * { ?s ?p ?o }", Some(3)), (3, None));
    }

    #[test]
    fn rows_before_the_limit_are_cited() {
        let select = query("SELECT * { ?s ?p ?o }");
        let batch = Rows::BATCH;
        for most in [3, batch, batch + 1, 2 * batch] {
            let limited =
                store(3 * batch).with_limits(&Limits { rows: Some(most), ..Limits::default() });
            let plain = solutions(&limited, &select, Some(most), None);
            let plain: Vec<QuerySolution> = plain.map(|row| row.unwrap().solution).collect();
            let cited = solutions(&limited, &select, None, Some(CitationOptions::default()));
            let (rows, failed) = until_failed(cited);
            assert_eq!(failed.unwrap().kind, ErrorKind::Limit);
            let is_cited =
                |row: &Row| row.citation.as_ref().is_some_and(|c| !c.derivations.is_empty());
            assert!(rows.iter().all(is_cited));
            let rows: Vec<QuerySolution> = rows.into_iter().map(|row| row.solution).collect();
            assert_eq!(rows, plain);
        }
    }

    #[test]
    fn what_is_stopped_ends_with_its_reason() {
        let cancellation = Cancellation::default();
        let limits = Limits { cancellation: cancellation.clone(), rows: None };
        let limited = store(50).with_limits(&limits);
        let text = "SELECT * { ?a ?b ?c . ?d ?e ?f }";
        let mut found = solutions(&limited, &query(text), None, None);
        assert!(found.next().unwrap().is_ok());
        cancellation.stop(Stop::Interrupted);
        assert_eq!(found.next().unwrap().unwrap_err().kind, ErrorKind::Interrupted);
        assert!(found.next().is_none());
        let asked = answer(&limited, &query("ASK { ?s ?p ?o }"), None, None);
        assert_eq!(asked.err().map(|error| error.kind), Some(ErrorKind::Interrupted));
        // A MINUS treats the error of its right side as the end of its rows. The left rows must not appear as if
        // nothing had matched.
        let minus = "SELECT * { VALUES ?x { 1 } MINUS { ?s ?p ?o BIND(1 AS ?x) } }";
        let stopped = match answer(&limited, &query(minus), None, None) {
            Ok(answer) => until_failed(answer.rows().unwrap()),
            Err(error) => (Vec::new(), Some(error)),
        };
        assert!(stopped.0.is_empty() && stopped.1.is_some());
        assert!(limited.triples(None, None, None, None).all(|triple| triple.is_err()));
        // The store itself is unchanged.
        assert_eq!(rows(&limited.with_limits(&Limits::default()), text, None), (2_500, None));
    }
}
