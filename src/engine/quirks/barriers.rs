//! Groups that must not see what a join binds, and that the engine joins by a loop that hands the bindings in: a condition
//! with an EXISTS that mentions a variable which its own group does not always bind, and an OPTIONAL with a MINUS inside.
//! They become sub-queries, which nothing is handed into.

use crate::algebra::{
    certain, for_each_inner, in_scope, pattern_of_mut, variables, walk, walk_expression,
};
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::Variable;
use std::collections::BTreeSet;

/// Keeps what a join binds out of the groups of a query that must not see it. Each name means one thing in the query.
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
        // Not only those of its scope: as each name means one thing, nobody else binds the others but the solution that
        // an EXISTS around it is asked for, and that has to reach what stands inside.
        let mut variables: Vec<Variable> = variables(pattern).into_iter().cloned().collect();
        variables.sort();
        *pattern = GraphPattern::Project { inner: std::mem::take(pattern).into(), variables };
    }
}

/// Whether an EXISTS in an expression mentions a variable that may be bound and need not be.
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
