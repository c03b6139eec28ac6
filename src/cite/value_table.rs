//! Restricting a pattern to solutions with given values, with a VALUES in the right places.
//!
//! Substituting constants would change what a MINUS removes, and with a VALUES beside a sub-query or a union the engine
//! would compute all their solutions first.

use crate::algebra::{certain, variables, walk};
use oxigraph::model::Term;
use spargebra::algebra::GraphPattern;
use spargebra::term::{GroundTerm, Variable};
use std::collections::BTreeSet;

/// Rows of values for some variables, all of them bound: a VALUES clause.
#[derive(Debug, Clone)]
pub(super) struct ValueTable {
    /// The variables.
    pub variables: Vec<Variable>,
    /// The rows.
    pub values: Vec<Vec<GroundTerm>>,
}

impl ValueTable {
    /// Joins the rows to a pattern.
    pub(super) fn join_to(&self, pattern: GraphPattern) -> GraphPattern {
        if self.variables.is_empty() {
            return pattern;
        }
        let values = GraphPattern::Values {
            variables: self.variables.clone(),
            bindings: self
                .values
                .iter()
                .map(|row| row.iter().cloned().map(Some).collect())
                .collect(),
        };
        if pattern == GraphPattern::default() {
            return values;
        }
        GraphPattern::Join { left: values.into(), right: pattern.into() }
    }

    /// Returns the rows without the variables that a part of a pattern mentions but need not bind. Such a part must not
    /// see bindings from elsewhere.
    fn harmless_in(&self, pattern: &GraphPattern) -> Self {
        let (certain, mentioned) = (certain(pattern), variables(pattern));
        let is_harmless =
            |variable: &&Variable| certain.contains(*variable) || !mentioned.contains(*variable);
        if self.variables.iter().all(|variable| is_harmless(&variable)) {
            return self.clone();
        }
        self.projected(&self.variables.iter().filter(is_harmless).cloned().collect())
    }

    /// Returns the rows restricted to some variables, without duplicates.
    fn projected(&self, variables: &BTreeSet<Variable>) -> Self {
        let places: Vec<usize> =
            (0..self.variables.len()).filter(|&i| variables.contains(&self.variables[i])).collect();
        let mut values: Vec<Vec<GroundTerm>> = Vec::new();
        for row in &self.values {
            let row: Vec<GroundTerm> = places.iter().map(|&i| row[i].clone()).collect();
            if self.values.len() == 1 || !values.contains(&row) {
                values.push(row);
            }
        }
        Self { variables: places.iter().map(|&i| self.variables[i].clone()).collect(), values }
    }
}

/// Returns a term as a constant of a query, or `None` for a blank node, which would act as a variable.
pub(super) fn constant(term: &Term) -> Option<GroundTerm> {
    GroundTerm::try_from(term.clone()).ok()
}

/// Restricts a pattern to solutions with the values of one of the rows. The variables must be [`certain`] in the
/// pattern: then the join can move to where they are first bound without changing the solutions.
pub(super) fn restrict(pattern: GraphPattern, rows: &ValueTable) -> GraphPattern {
    let binds_some = |pattern: &GraphPattern| {
        let certain = certain(pattern);
        rows.variables.iter().any(|variable| certain.contains(variable))
    };
    match pattern {
        GraphPattern::Join { left, right } if binds_some(&left) => {
            let rows = rows.harmless_in(&left);
            GraphPattern::Join { left: restrict(*left, &rows).into(), right }
        }
        GraphPattern::Join { left, right } if binds_some(&right) => {
            let rows = rows.harmless_in(&right);
            GraphPattern::Join { left, right: restrict(*right, &rows).into() }
        }
        GraphPattern::LeftJoin { left, right, expression } => {
            GraphPattern::LeftJoin { left: restrict(*left, rows).into(), right, expression }
        }
        GraphPattern::Minus { left, right } => {
            GraphPattern::Minus { left: restrict(*left, rows).into(), right }
        }
        GraphPattern::Union { left, right } => GraphPattern::Union {
            left: restrict(*left, rows).into(),
            right: restrict(*right, rows).into(),
        },
        GraphPattern::Filter { expr, inner } => {
            GraphPattern::Filter { expr, inner: restrict(*inner, rows).into() }
        }
        GraphPattern::Extend { inner, variable, expression } => {
            GraphPattern::Extend { inner: restrict(*inner, rows).into(), variable, expression }
        }
        pattern => rows.join_to(pattern),
    }
}

/// Restricts the pattern of an EXISTS to the bindings in the rows. Like the engine, which passes the bindings into
/// every group of the pattern, it puts the values into every group, so that conditions see them too.
///
/// A sub-query sees only the variables that it selects. A grouping sub-query must be restricted to one row at a time.
pub(super) fn correlate(pattern: GraphPattern, rows: &ValueTable) -> GraphPattern {
    let inside = |pattern: Box<GraphPattern>| Box::new(correlate(*pattern, rows));
    match pattern {
        GraphPattern::Join { left, right } => {
            GraphPattern::Join { left: inside(left), right: inside(right) }
        }
        GraphPattern::Lateral { left, right } => {
            GraphPattern::Lateral { left: inside(left), right: inside(right) }
        }
        GraphPattern::LeftJoin { left, right, expression } => {
            GraphPattern::LeftJoin { left: inside(left), right: inside(right), expression }
        }
        GraphPattern::Minus { left, right } => {
            GraphPattern::Minus { left: inside(left), right: inside(right) }
        }
        GraphPattern::Union { left, right } => {
            GraphPattern::Union { left: inside(left), right: inside(right) }
        }
        GraphPattern::Filter { expr, inner } => GraphPattern::Filter { expr, inner: inside(inner) },
        GraphPattern::Extend { inner, variable, expression } => {
            GraphPattern::Extend { inner: inside(inner), variable, expression }
        }
        GraphPattern::OrderBy { inner, expression } => {
            GraphPattern::OrderBy { inner: inside(inner), expression }
        }
        GraphPattern::Distinct { inner } => GraphPattern::Distinct { inner: inside(inner) },
        GraphPattern::Reduced { inner } => GraphPattern::Reduced { inner: inside(inner) },
        GraphPattern::Slice { inner, start, length } => {
            GraphPattern::Slice { inner: inside(inner), start, length }
        }
        GraphPattern::Graph { name, inner } => {
            rows.join_to(GraphPattern::Graph { name, inner: inside(inner) })
        }
        GraphPattern::Project { inner, variables } => {
            let rows = rows.projected(&variables.iter().cloned().collect());
            GraphPattern::Project { inner: correlate(*inner, &rows).into(), variables }
        }
        GraphPattern::Group { inner, variables, aggregates } => {
            let rows = rows.projected(&variables.iter().cloned().collect());
            GraphPattern::Group { inner: correlate(*inner, &rows).into(), variables, aggregates }
        }
        pattern => rows.join_to(pattern),
    }
}

/// Returns whether a part of a pattern is evaluated as a whole, whatever it is joined with, so that inserting values
/// may change its solutions.
pub(super) fn has_barrier(pattern: &GraphPattern) -> bool {
    let mut found = false;
    walk(pattern, &mut |pattern| {
        found = found
            || matches!(
                pattern,
                GraphPattern::Minus { .. }
                    | GraphPattern::Group { .. }
                    | GraphPattern::Slice { .. }
            );
    });
    found
}
