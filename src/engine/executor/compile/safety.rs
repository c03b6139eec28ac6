//! Which patterns can be evaluated for the rows of others.

use super::Variables;
use super::expressions::{is_volatile, variables_of_expression};
use crate::algebra::{certain, in_scope, variables};
use oxigraph::model::Variable;
use spargebra::algebra::GraphPattern;

/// Returns whether the pattern of an EXISTS can be evaluated for rows that bind some variables. In all of the pattern,
/// these variables stand for their values, so its expressions see them.
pub(super) fn is_safe_in_exists(pattern: &GraphPattern, bound: &Variables) -> bool {
    match pattern {
        GraphPattern::Filter { expr, inner } => {
            !is_volatile(expr) && is_safe_in_exists(inner, bound)
        }
        GraphPattern::Extend { inner, variable, expression } => {
            !is_volatile(expression) && !bound.contains(variable) && is_safe_in_exists(inner, bound)
        }
        GraphPattern::Union { left, right } => {
            is_safe_in_exists(left, bound) && is_safe_in_exists(right, bound)
        }
        GraphPattern::Join { left, right } | GraphPattern::Lateral { left, right } => {
            let bound = bound.union(&in_scope(left)).cloned().collect();
            is_safe_in_exists(left, &bound) && is_safe(right, &bound)
        }
        pattern => is_safe(pattern, bound),
    }
}

/// Returns whether a pattern can be evaluated for the rows of another one, which bind some variables, with the same
/// results as if it were evaluated for itself and then joined with them. Its operators must return to their initial
/// state at the end of their input.
pub(super) fn is_safe(pattern: &GraphPattern, bound: &Variables) -> bool {
    let sees_only_bound = |seen: &Variables, inner: &GraphPattern| {
        let certain = certain(inner);
        seen.iter().all(|variable| !bound.contains(variable) || certain.contains(variable))
    };
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Values { .. } => true,
        GraphPattern::Join { left, right }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right } => is_safe(left, bound) && is_safe(right, bound),
        GraphPattern::Filter { expr: expression, .. }
        | GraphPattern::Extend { expression, .. }
        | GraphPattern::LeftJoin { expression: Some(expression), .. }
            if is_volatile(expression) =>
        {
            false
        }
        GraphPattern::Filter { expr, inner } => {
            is_safe(inner, bound) && sees_only_bound(&variables_of_expression(expr), inner)
        }
        GraphPattern::Extend { inner, variable, expression } => {
            is_safe(inner, bound)
                && !bound.contains(variable)
                && sees_only_bound(&variables_of_expression(expression), inner)
        }
        GraphPattern::LeftJoin { left, right, expression } => {
            let mut seen: Variables = variables(right).into_iter().cloned().collect();
            seen.extend(expression.iter().flat_map(variables_of_expression));
            is_safe(left, bound) && sees_only_bound(&seen, left)
        }
        GraphPattern::Minus { left, right } => {
            let seen = variables(right).into_iter().cloned().collect();
            is_safe(left, bound) && sees_only_bound(&seen, left)
        }
        GraphPattern::Project { inner, variables: shown } => {
            let is_hidden = |variable: &&Variable| !shown.contains(variable);
            is_safe(inner, bound)
                && !variables(inner).into_iter().filter(is_hidden).any(|v| bound.contains(v))
        }
        GraphPattern::Distinct { .. }
        | GraphPattern::Reduced { .. }
        | GraphPattern::Slice { .. }
        | GraphPattern::OrderBy { .. }
        | GraphPattern::Group { .. }
        | GraphPattern::Graph { .. }
        | GraphPattern::Service { .. } => false,
    }
}
