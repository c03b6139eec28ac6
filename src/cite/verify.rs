//! Verifying: asking the query again, on what a row rests on alone.

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

/// A query that is asked again, without the LIMIT and OFFSET of the whole: on a part of the data they would choose
/// other rows.
pub(super) struct Verifier {
    query: Query,
    limits: Limits,
    /// The variables that have the value of a `GROUP_CONCAT`, with the separator of each. In which order it takes the
    /// members of a group is left open (SPARQL 1.1, 18.5.1.7), and may be another one when it is asked again.
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

    /// Whether a SELECT gives a row.
    pub(super) fn gives_row(&self, row: &[Option<Term>], derivation: &Derivation) -> Result<bool> {
        let store = self.store_of(derivation)?;
        let QueryResults::Solutions(solutions) = self.ask(&store)? else { return Ok(false) };
        for solution in solutions {
            let solution = solution.map_err(|error| store.evaluation_failed(error))?;
            if solution.values() == row || self.is_same_but_for_order(&solution, row) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a solution is a row, if the parts that a `GROUP_CONCAT` put together may come in any order.
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

    /// Whether an ASK gives yes.
    pub(super) fn gives_true(&self, derivation: &Derivation) -> Result<bool> {
        Ok(matches!(self.ask(&self.store_of(derivation)?)?, QueryResults::Boolean(true)))
    }

    /// Whether a CONSTRUCT gives a triple. Each time it makes blank nodes of its own, so any will do for another.
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

/// Returns the variables that have the value of a `GROUP_CONCAT`, each with its separator.
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

/// Returns the parts between separators in alphabetical order, each as often as it stands there.
fn parts<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let mut parts: Vec<&str> = text.split(separator).collect();
    parts.sort_unstable();
    parts
}
