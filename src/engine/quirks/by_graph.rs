//! GRAPH with a variable: its pattern is evaluated in each named graph by itself, and the variable is the name of that
//! graph ([SPARQL 1.1, 18.6](https://www.w3.org/TR/sparql11-query/#defn_evalGraph)).
//!
//! Oxigraph 0.5 takes the variable as one that each triple pattern inside has. So a sub-query, which does not select
//! it, sees all graphs as one, and where no triple is asked for nobody tells which graph it is: not to an EXISTS, a
//! MINUS or an OPTIONAL beside it either. And where an OPTIONAL inside has the variable, too, it takes what does not fit
//! the graph for nothing, where such a solution is none.

use crate::algebra::{
    asks_exists, change, for_each_inner, fresh, in_scope, named_variable, pattern_of_mut, renamed,
    variables, walk,
};
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::Variable;
use std::collections::HashSet;

/// Makes each GRAPH of a query go graph by graph, however the engine understands it.
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

/// Has a GRAPH bind its variable, and what is inside one of its own: the two are the same where it is bound.
fn compared(pattern: &mut GraphPattern, variable: &Variable, taken: &mut HashSet<Variable>) {
    // Not only those of its scope: see `barriers`.
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

/// Has a GRAPH be asked in each graph by itself.
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

/// Whether a variable that a pattern has in scope is bound in it by an OPTIONAL, a BIND or an aggregate. Where triples or
/// VALUES bind it, the engine joins them with the graph.
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

/// Makes sub-queries select a variable, and group by it: all that is in one graph has the same value for it.
fn selecting(pattern: &mut GraphPattern, variable: &Variable) {
    change(pattern, &mut |pattern| {
        match pattern {
            GraphPattern::Project { variables, .. } if !variables.contains(variable) => {
                variables.push(variable.clone());
            }
            // All of the solutions are one group even where there is none: it has no keys.
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

/// Whether each graph must be asked by itself: something in a pattern is of all its solutions together, or depends on
/// what else is in the graph where no triple tells which one that is.
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

/// Whether each solution of a pattern has a triple of the graph, or its name.
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
        // Without keys there is a group even of nothing.
        GraphPattern::Group { inner, variables, .. } => {
            !variables.is_empty() && asks_for_a_triple(inner)
        }
        GraphPattern::Graph { .. } | GraphPattern::Values { .. } | GraphPattern::Service { .. } => {
            false
        }
    }
}
