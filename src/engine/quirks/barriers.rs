//! Groups that must not see the bindings of a join, although the engine would pass these in with a loop join. They are
//! groups with an EXISTS condition that mentions a variable which the group does not always bind, and an OPTIONAL with
//! a MINUS inside. They become sub-queries, into which the engine passes no bindings.

use crate::algebra::{
    certain, for_each_inner, in_scope, pattern_of_mut, variables, walk, walk_expression,
};
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::Variable;
use std::collections::BTreeSet;

/// Hides the bindings of joins from the groups of a query that must not see them. Each name must have one meaning in
/// the query.
pub(super) fn keep_bindings_out(query: &mut Query) {
    enclose(pattern_of_mut(query));
}

fn enclose(pattern: &mut GraphPattern) {
    for_each_inner(pattern, &mut enclose);
    let needs_barrier = match pattern {
        GraphPattern::Filter { expr: expression, inner }
        | GraphPattern::Extend { expression, inner, .. } => {
            asks_for_more(expression, &in_scope(inner), &certain(inner))
        }
        GraphPattern::LeftJoin { left, right, expression } => {
            let both = |of: fn(&GraphPattern) -> BTreeSet<Variable>| -> BTreeSet<Variable> {
                of(left).into_iter().chain(of(right)).collect()
            };
            let asks = |expression| asks_for_more(expression, &both(in_scope), &both(certain));
            expression.as_ref().is_some_and(asks) || has_minus(right)
        }
        _ => false,
    };
    if needs_barrier {
        // Not only the variables in scope. Each name has one meaning, so the others can be bound only by the solution
        // for which an enclosing EXISTS is evaluated, and that binding must reach the inside.
        let mut variables: Vec<Variable> = variables(pattern).into_iter().cloned().collect();
        variables.sort();
        *pattern = GraphPattern::Project { inner: std::mem::take(pattern).into(), variables };
    }
}

/// Returns whether an EXISTS in an expression mentions a variable that may be bound but need not be.
fn asks_for_more(
    expression: &Expression,
    possible: &BTreeSet<Variable>,
    certain: &BTreeSet<Variable>,
) -> bool {
    let mut asks = false;
    walk_expression(expression, &mut |inner| {
        if let Expression::Exists(pattern) = inner {
            let is_open =
                |variable: &Variable| possible.contains(variable) && !certain.contains(variable);
            asks = asks || variables(pattern).into_iter().any(is_open);
        }
    });
    asks
}

fn has_minus(pattern: &GraphPattern) -> bool {
    let mut found = false;
    walk(pattern, &mut |pattern| found = found || matches!(pattern, GraphPattern::Minus { .. }));
    found
}
