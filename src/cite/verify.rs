//! Verification: evaluates the query again on the cited data alone.

use super::citation::Derivation;
use super::quads;
use crate::algebra::{pattern_of, walk};
use crate::budget::Limits;
use crate::diagnostic::Result;
use crate::engine::{EngineQuery, Store};
use oxigraph::model::{Term, Triple};
use oxigraph::sparql::{QueryResults, QuerySolution};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, GraphPattern};
use spargebra::term::Variable;
use std::collections::HashMap;

/// A query that is evaluated again, without its outermost LIMIT and OFFSET, which would select other rows from a part
/// of the data.
pub(super) struct Verifier {
    query: Query,
    limits: Limits,
    /// The variables with the value of a `GROUP_CONCAT`, each with its separator. The order in which it concatenates
    /// the members of a group is undefined (SPARQL 1.1, 18.5.1.7), and may differ in the second evaluation.
    concatenated: Vec<(Variable, String)>,
}

impl Verifier {
    pub(super) fn new(query: &Query, limits: &Limits) -> Self {
        let mut query = query.clone();
        match &mut query {
            Query::Select { pattern, .. }
            | Query::Construct { pattern, .. }
            | Query::Describe { pattern, .. }
            | Query::Ask { pattern, .. } => {
                while let GraphPattern::Slice { inner, .. } | GraphPattern::OrderBy { inner, .. } =
                    pattern
                {
                    *pattern = std::mem::take(inner);
                }
            }
        }
        let concatenated = concatenated(pattern_of(&query));
        Self { query, limits: limits.clone(), concatenated }
    }

    /// Returns whether a SELECT returns a row.
    pub(super) fn gives_row(&self, row: &[Option<Term>], derivation: &Derivation) -> Result<bool> {
        let store = self.store_of(derivation)?;
        let QueryResults::Solutions(solutions) = self.ask(&store)? else { return Ok(false) };
        for solution in solutions {
            let solution = solution.map_err(|error| store.evaluation_failed(error))?;
            if solution.values() == row || self.is_same_but_for_order(&solution, row) {
                return Ok(true);
            }
        }
        self.limits.cancellation.check()?;
        Ok(false)
    }

    /// Returns whether a solution equals a row, ignoring the order of the parts of a `GROUP_CONCAT`.
    fn is_same_but_for_order(&self, solution: &QuerySolution, row: &[Option<Term>]) -> bool {
        let is_same = |(i, variable): (usize, &Variable)| {
            let (given, wanted) = (&solution.values()[i], &row[i]);
            let separator = self.concatenated.iter().find(|(name, _)| name == variable);
            match (given, wanted, separator) {
                (Some(Term::Literal(given)), Some(Term::Literal(wanted)), Some((_, separator))) => {
                    given.datatype() == wanted.datatype()
                        && given.language() == wanted.language()
                        && parts(given.value(), separator) == parts(wanted.value(), separator)
                }
                _ => given == wanted,
            }
        };
        !self.concatenated.is_empty() && solution.variables().iter().enumerate().all(is_same)
    }

    /// Returns whether an ASK returns true.
    pub(super) fn gives_true(&self, derivation: &Derivation) -> Result<bool> {
        Ok(matches!(self.ask(&self.store_of(derivation)?)?, QueryResults::Boolean(true)))
    }

    /// Returns whether a CONSTRUCT returns a triple. Each evaluation creates new blank nodes, so any blank node matches
    /// any other.
    pub(super) fn gives_triple(&self, triple: &Triple, derivation: &Derivation) -> Result<bool> {
        let store = self.store_of(derivation)?;
        let QueryResults::Graph(triples) = self.ask(&store)? else { return Ok(false) };
        let is_same = |a: Term, b: Term| a == b || (a.is_blank_node() && b.is_blank_node());
        for given in triples {
            let given = given.map_err(|error| store.evaluation_failed(error))?;
            if given.predicate == triple.predicate
                && is_same(given.subject.into(), triple.subject.clone().into())
                && is_same(given.object, triple.object.clone())
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn store_of(&self, derivation: &Derivation) -> Result<Store> {
        Ok(Store::of(quads(derivation))?.with_limits(&self.limits))
    }

    fn ask(&self, store: &Store) -> Result<QueryResults<'static>> {
        store.evaluate_unplanned(EngineQuery::of_parts(self.query.clone()))
    }
}

/// Returns the variables with the value of a `GROUP_CONCAT`, each with its separator.
fn concatenated(pattern: &GraphPattern) -> Vec<(Variable, String)> {
    let mut separators: HashMap<&Variable, &str> = HashMap::new();
    walk(pattern, &mut |pattern| {
        let GraphPattern::Group { aggregates, .. } = pattern else { return };
        for (variable, aggregate) in aggregates {
            if let AggregateExpression::FunctionCall {
                name: AggregateFunction::GroupConcat { separator },
                ..
            } = aggregate
            {
                separators.insert(variable, separator.as_deref().unwrap_or(" "));
            }
        }
    });
    let mut found: Vec<(Variable, String)> = Vec::new();
    walk(pattern, &mut |pattern| {
        if let GraphPattern::Extend {
            variable, expression: Expression::Variable(aggregate), ..
        } = pattern
            && let Some(separator) = separators.get(aggregate)
        {
            found.push((variable.clone(), (*separator).to_owned()));
        }
    });
    found
}

/// Returns the parts between separators in alphabetical order, including duplicates.
fn parts<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let mut parts: Vec<&str> = text.split(separator).collect();
    parts.sort_unstable();
    parts
}
