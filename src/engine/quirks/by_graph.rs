//! GRAPH with a variable: its pattern is evaluated in each named graph separately, and the variable is bound to the
//! name of that graph ([SPARQL 1.1, 18.6](https://www.w3.org/TR/sparql11-query/#defn_evalGraph)).
//!
//! Oxigraph 0.5 treats the variable as one that each triple pattern inside binds. A sub-query that does not select the
//! variable therefore sees all graphs as one. A part without a triple pattern does not know its graph, and neither does
//! an EXISTS, a MINUS or an OPTIONAL beside it. If an OPTIONAL inside also binds the variable, a value that differs
//! from the graph counts as no match, where it should remove the solution.

use crate::algebra::{
    asks_exists, change, for_each_inner, fresh, in_scope, named_variable, pattern_of_mut, renamed,
    variables, walk,
};
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::Variable;
use std::collections::HashSet;

/// Makes the engine evaluate each GRAPH of a query graph by graph.
pub(super) fn graph_by_graph(query: &mut Query) {
    let pattern = pattern_of_mut(query);
    let mut taken = variables(pattern).into_iter().cloned().collect();
    each(pattern, &mut taken);
}

fn each(pattern: &mut GraphPattern, taken: &mut HashSet<Variable>) {
    for_each_inner(pattern, &mut |inner| each(inner, taken));
    let GraphPattern::Graph { name, inner } = pattern else { return };
    match named_variable(name).cloned() {
        Some(variable) if may_be_unbound_or_computed(inner, &variable) => {
            compared(pattern, &variable, taken);
        }
        _ => knowing_its_graph(pattern),
    }
}

/// Renames a GRAPH's variable inside its pattern, and compares the two where the inner one is bound.
fn compared(pattern: &mut GraphPattern, variable: &Variable, taken: &mut HashSet<Variable>) {
    // Not only the variables in scope: see `barriers`.
    let mut visible: Vec<Variable> = variables(pattern).into_iter().cloned().collect();
    visible.sort();
    let GraphPattern::Graph { inner, .. } = pattern else { return };
    let own = fresh(variable.as_str(), taken);
    **inner = renamed(inner, variable, &own, taken);
    knowing_its_graph(pattern);
    let is_free = Expression::Not(Expression::Bound(own.clone()).into());
    let is_same = Expression::SameTerm(
        Box::new(own.into()),
        Box::new(Expression::Variable(variable.clone())),
    );
    let inner = GraphPattern::Filter {
        expr: Expression::Or(is_free.into(), is_same.into()),
        inner: Box::new(std::mem::take(pattern)),
    };
    *pattern = GraphPattern::Project { inner: inner.into(), variables: visible };
}

/// Rewrites a GRAPH so that it is evaluated in each graph separately.
fn knowing_its_graph(pattern: &mut GraphPattern) {
    let GraphPattern::Graph { name, inner } = pattern else { return };
    let graph = GraphPattern::Graph { name: name.clone(), inner: Box::default() };
    if let Some(variable) = named_variable(name).cloned() {
        selecting(inner, &variable);
        if must_know_its_graph(inner) {
            let right = Box::new(std::mem::take(pattern));
            *pattern = GraphPattern::Lateral { left: graph.into(), right };
            return;
        }
    }
    if !asks_for_a_triple(inner) {
        let right = Box::new(std::mem::take(pattern));
        *pattern = GraphPattern::Join { left: graph.into(), right };
    }
}

/// Returns whether an OPTIONAL, a BIND or an aggregate binds a variable that is in scope of a pattern. A variable that
/// triples or VALUES bind is joined with the graph by the engine.
fn may_be_unbound_or_computed(pattern: &GraphPattern, variable: &Variable) -> bool {
    if !in_scope(pattern).contains(variable) {
        return false;
    }
    let mut found = false;
    walk(pattern, &mut |pattern| {
        found = found
            || match pattern {
                GraphPattern::LeftJoin { right, .. } => in_scope(right).contains(variable),
                GraphPattern::Extend { variable: bound, .. } => bound == variable,
                GraphPattern::Group { aggregates, .. } => {
                    aggregates.iter().any(|(bound, _)| bound == variable)
                }
                _ => false,
            };
    });
    found
}

/// Makes sub-queries select a variable and group by it. The variable has one value within a graph, so the groups stay
/// the same.
fn selecting(pattern: &mut GraphPattern, variable: &Variable) {
    change(pattern, &mut |pattern| {
        match pattern {
            GraphPattern::Project { variables, .. } if !variables.contains(variable) => {
                variables.push(variable.clone());
            }
            // Without keys, there is one group even if there are no solutions.
            GraphPattern::Group { variables, .. }
                if !variables.is_empty() && !variables.contains(variable) =>
            {
                variables.push(variable.clone());
            }
            _ => {}
        }
        !matches!(pattern, GraphPattern::Graph { .. })
    });
}

/// Returns whether each graph must be evaluated separately, because the pattern aggregates or slices all its solutions,
/// or depends on the contents of a graph that no triple pattern identifies.
fn must_know_its_graph(pattern: &GraphPattern) -> bool {
    let mut found = false;
    walk(pattern, &mut |pattern| {
        found = found
            || match pattern {
                GraphPattern::Slice { .. } => true,
                GraphPattern::Group { inner, variables, .. } => {
                    variables.is_empty() || asks_exists(pattern) && !asks_for_a_triple(inner)
                }
                GraphPattern::LeftJoin { left, .. } | GraphPattern::Minus { left, .. } => {
                    !asks_for_a_triple(left)
                }
                GraphPattern::Filter { inner, .. } | GraphPattern::Extend { inner, .. } => {
                    asks_exists(pattern) && !asks_for_a_triple(inner)
                }
                _ => false,
            };
    });
    found
}

/// Returns whether each solution of a pattern involves a triple of the graph, or its name.
fn asks_for_a_triple(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => true,
        GraphPattern::Join { left, right } | GraphPattern::Lateral { left, right } => {
            asks_for_a_triple(left) || asks_for_a_triple(right)
        }
        GraphPattern::Union { left, right } => asks_for_a_triple(left) && asks_for_a_triple(right),
        GraphPattern::LeftJoin { left: inner, .. }
        | GraphPattern::Minus { left: inner, .. }
        | GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Slice { inner, .. } => asks_for_a_triple(inner),
        // Without keys, there is a group even if there are no solutions.
        GraphPattern::Group { inner, variables, .. } => {
            !variables.is_empty() && asks_for_a_triple(inner)
        }
        GraphPattern::Graph { .. } | GraphPattern::Values { .. } | GraphPattern::Service { .. } => {
            false
        }
    }
}
