//! A group as a sequence of steps, and patterns made of some of them.

use crate::algebra::{conjuncts, variables};
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::Variable;
use std::collections::BTreeSet;

/// An element of a group, as an operation on the solutions before it. A step never creates solutions from none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum GroupStep {
    /// A join with a pattern: one triple, or something larger.
    Match(GraphPattern),
    /// OPTIONAL.
    Optional(GraphPattern, Option<Expression>),
    /// MINUS.
    Minus(GraphPattern),
    /// LATERAL.
    Lateral(GraphPattern),
    /// BIND.
    Bind(Variable, Expression),
    /// One condition of a FILTER.
    Filter(Expression),
}

impl GroupStep {
    /// Returns the pattern that applies the step to another pattern.
    fn after(&self, before: GraphPattern) -> GraphPattern {
        let left = Box::new(before);
        match self.clone() {
            Self::Match(right) if *left == GraphPattern::default() => right,
            Self::Match(right) => GraphPattern::Join { left, right: right.into() },
            Self::Optional(right, expression) => {
                GraphPattern::LeftJoin { left, right: right.into(), expression }
            }
            Self::Minus(right) => GraphPattern::Minus { left, right: right.into() },
            Self::Lateral(right) => GraphPattern::Lateral { left, right: right.into() },
            Self::Bind(variable, expression) => {
                GraphPattern::Extend { inner: left, variable, expression }
            }
            Self::Filter(expr) => GraphPattern::Filter { expr, inner: left },
        }
    }

    /// Returns the variables that it mentions.
    pub(crate) fn variables(&self) -> BTreeSet<Variable> {
        variables(&self.after(GraphPattern::default())).into_iter().cloned().collect()
    }

    /// Returns the variables that it uses without binding them: those of its expression.
    pub(crate) fn looks_at(&self) -> BTreeSet<Variable> {
        match self {
            Self::Filter(_) => self.variables(),
            Self::Bind(variable, _) => {
                let mut variables = self.variables();
                variables.remove(variable);
                variables
            }
            Self::Optional(_, Some(expression)) => Self::Filter(expression.clone()).variables(),
            _ => BTreeSet::new(),
        }
    }

    /// Returns the variables that it may bind.
    pub(crate) fn gives(&self) -> BTreeSet<Variable> {
        match self {
            Self::Match(pattern) | Self::Optional(pattern, _) | Self::Lateral(pattern) => {
                crate::algebra::in_scope(pattern)
            }
            Self::Bind(variable, _) => BTreeSet::from([variable.clone()]),
            Self::Minus(_) | Self::Filter(_) => BTreeSet::new(),
        }
    }
}

/// Returns the steps of a group. Their [`pattern`] has the same solutions as the group.
pub(super) fn steps(group: &GraphPattern) -> Vec<GroupStep> {
    // The left sides come first. A loop descends into them, because a group can be long.
    let mut reversed = Vec::new();
    let mut rest = group;
    loop {
        rest = match rest {
            GraphPattern::Filter { expr, inner } => {
                let conditions = conjuncts(expr).into_iter().rev().cloned();
                reversed.extend(conditions.map(GroupStep::Filter));
                inner
            }
            GraphPattern::Extend { inner, variable, expression } => {
                reversed.push(GroupStep::Bind(variable.clone(), expression.clone()));
                inner
            }
            GraphPattern::Minus { left, right } => {
                reversed.push(GroupStep::Minus((**right).clone()));
                left
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                reversed.push(GroupStep::Optional((**right).clone(), expression.clone()));
                left
            }
            GraphPattern::Lateral { left, right } => {
                reversed.push(GroupStep::Lateral((**right).clone()));
                left
            }
            GraphPattern::Join { left, right } => {
                joined(right, &mut reversed);
                left
            }
            last => {
                joined(last, &mut reversed);
                break;
            }
        };
    }
    reversed.reverse();
    reversed
}

/// Adds the steps of a joined pattern, the last one first.
fn joined(pattern: &GraphPattern, reversed: &mut Vec<GroupStep>) {
    match pattern {
        GraphPattern::Bgp { patterns } => reversed.extend(
            patterns
                .iter()
                .rev()
                .map(|t| GroupStep::Match(GraphPattern::Bgp { patterns: vec![t.clone()] })),
        ),
        // Pure joins are associative.
        GraphPattern::Join { left, right } if is_join_of_basics(pattern) => {
            joined(right, reversed);
            joined(left, reversed);
        }
        pattern => reversed.push(GroupStep::Match(pattern.clone())),
    }
}

fn is_join_of_basics(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => true,
        GraphPattern::Join { left, right } => is_join_of_basics(left) && is_join_of_basics(right),
        _ => false,
    }
}

/// Returns the pattern of some steps, in their order.
pub(super) fn pattern<'a>(steps: impl IntoIterator<Item = &'a GroupStep>) -> GraphPattern {
    steps.into_iter().fold(GraphPattern::default(), |before, step| step.after(before))
}
