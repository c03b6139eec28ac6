//! Traverses every pattern and expression of a query, also inside EXISTS.

use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern, Variable};
use std::collections::HashSet;

/// Returns the graph pattern of a query.
pub fn pattern_of(query: &Query) -> &GraphPattern {
    match query {
        Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => pattern,
    }
}

/// Returns the graph pattern of a query, mutably.
pub(crate) const fn pattern_of_mut(query: &mut Query) -> &mut GraphPattern {
    match query {
        Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => pattern,
    }
}

/// Wraps a pattern in its graph, or returns it unchanged for the default graph.
pub(crate) fn in_graph(pattern: GraphPattern, name: Option<&NamedNodePattern>) -> GraphPattern {
    match name {
        Some(name) => GraphPattern::Graph { name: name.clone(), inner: pattern.into() },
        None => pattern,
    }
}

/// Calls back with a pattern and every pattern inside it, outer ones first.
pub(crate) fn walk<'a>(pattern: &'a GraphPattern, visit: &mut dyn FnMut(&'a GraphPattern)) {
    visit(pattern);
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Values { .. } => {}
        GraphPattern::Join { left, right }
        | GraphPattern::LeftJoin { left, right, .. }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right } => {
            walk(left, visit);
            walk(right, visit);
        }
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Graph { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. }
        | GraphPattern::Group { inner, .. }
        | GraphPattern::Service { inner, .. } => walk(inner, visit),
    }
    for expression in expressions(pattern) {
        walk_expression(expression, &mut |inner| {
            if let Expression::Exists(pattern) = inner {
                walk(pattern, visit);
            }
        });
    }
}

/// Calls back with a pattern and every pattern inside it, outer ones first. The callback may change each of them. If it
/// returns `false`, the traversal skips the patterns inside.
pub(crate) fn change(pattern: &mut GraphPattern, visit: &mut dyn FnMut(&mut GraphPattern) -> bool) {
    if visit(pattern) {
        for_each_inner(pattern, &mut |inner| change(inner, visit));
    }
}

/// Calls back with the direct children of a pattern, including those of EXISTS in its expressions.
pub(crate) fn for_each_inner(pattern: &mut GraphPattern, visit: &mut dyn FnMut(&mut GraphPattern)) {
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Values { .. } => {}
        GraphPattern::Join { left, right }
        | GraphPattern::LeftJoin { left, right, .. }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right } => {
            visit(left);
            visit(right);
        }
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Graph { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. }
        | GraphPattern::Group { inner, .. }
        | GraphPattern::Service { inner, .. } => visit(inner),
    }
    for_each_expression(pattern, &mut |expression| for_each_exists(expression, visit));
}

/// Calls back with the expressions of one layer of a pattern.
pub(crate) fn for_each_expression(
    pattern: &mut GraphPattern,
    visit: &mut dyn FnMut(&mut Expression),
) {
    match pattern {
        GraphPattern::Filter { expr: expression, .. }
        | GraphPattern::LeftJoin { expression: Some(expression), .. }
        | GraphPattern::Extend { expression, .. } => visit(expression),
        GraphPattern::OrderBy { expression, .. } => {
            for order in expression {
                let (OrderExpression::Asc(expression) | OrderExpression::Desc(expression)) = order;
                visit(expression);
            }
        }
        GraphPattern::Group { aggregates, .. } => {
            for (_, aggregate) in aggregates {
                if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                    visit(expr);
                }
            }
        }
        _ => {}
    }
}

/// Calls back with the patterns inside the EXISTS of an expression.
pub(crate) fn for_each_exists(
    expression: &mut Expression,
    visit: &mut dyn FnMut(&mut GraphPattern),
) {
    match expression {
        Expression::Exists(pattern) => visit(pattern),
        _ => for_each_operand(expression, &mut |operand| for_each_exists(operand, visit)),
    }
}

/// Calls back with the direct operands of an expression, in order. Patterns inside EXISTS are not operands.
pub(crate) fn for_each_operand(
    expression: &mut Expression,
    visit: &mut dyn FnMut(&mut Expression),
) {
    match expression {
        Expression::NamedNode(_)
        | Expression::Literal(_)
        | Expression::Variable(_)
        | Expression::Bound(_)
        | Expression::Exists(_) => {}
        Expression::Or(a, b)
        | Expression::And(a, b)
        | Expression::Equal(a, b)
        | Expression::SameTerm(a, b)
        | Expression::Greater(a, b)
        | Expression::GreaterOrEqual(a, b)
        | Expression::Less(a, b)
        | Expression::LessOrEqual(a, b)
        | Expression::Add(a, b)
        | Expression::Subtract(a, b)
        | Expression::Multiply(a, b)
        | Expression::Divide(a, b) => [a, b].into_iter().for_each(|operand| visit(operand)),
        Expression::UnaryPlus(a) | Expression::UnaryMinus(a) | Expression::Not(a) => visit(a),
        Expression::If(a, b, c) => [a, b, c].into_iter().for_each(|operand| visit(operand)),
        Expression::In(needle, list) => {
            visit(needle);
            list.iter_mut().for_each(visit);
        }
        Expression::Coalesce(list) | Expression::FunctionCall(_, list) => {
            list.iter_mut().for_each(visit);
        }
    }
}

/// Calls back with an expression and every expression inside it, outer ones first. Does not enter EXISTS.
pub(crate) fn walk_expression<'a>(
    expression: &'a Expression,
    visit: &mut dyn FnMut(&'a Expression),
) {
    visit(expression);
    match expression {
        Expression::NamedNode(_)
        | Expression::Literal(_)
        | Expression::Variable(_)
        | Expression::Bound(_)
        | Expression::Exists(_) => {}
        Expression::Or(a, b)
        | Expression::And(a, b)
        | Expression::Equal(a, b)
        | Expression::SameTerm(a, b)
        | Expression::Greater(a, b)
        | Expression::GreaterOrEqual(a, b)
        | Expression::Less(a, b)
        | Expression::LessOrEqual(a, b)
        | Expression::Add(a, b)
        | Expression::Subtract(a, b)
        | Expression::Multiply(a, b)
        | Expression::Divide(a, b) => {
            walk_expression(a, visit);
            walk_expression(b, visit);
        }
        Expression::UnaryPlus(a) | Expression::UnaryMinus(a) | Expression::Not(a) => {
            walk_expression(a, visit);
        }
        Expression::If(a, b, c) => {
            for expression in [a, b, c] {
                walk_expression(expression, visit);
            }
        }
        Expression::In(needle, list) => {
            walk_expression(needle, visit);
            for element in list {
                walk_expression(element, visit);
            }
        }
        Expression::Coalesce(list) | Expression::FunctionCall(_, list) => {
            for element in list {
                walk_expression(element, visit);
            }
        }
    }
}

/// Splits a condition into the conditions that must all hold.
pub(crate) fn conjuncts(condition: &Expression) -> Vec<&Expression> {
    match condition {
        Expression::And(left, right) => {
            let mut both = conjuncts(left);
            both.extend(conjuncts(right));
            both
        }
        condition => vec![condition],
    }
}

/// Returns the expressions of one layer of the algebra.
fn expressions(pattern: &GraphPattern) -> Vec<&Expression> {
    match pattern {
        GraphPattern::Filter { expr, .. } => vec![expr],
        GraphPattern::LeftJoin { expression, .. } => expression.iter().collect(),
        GraphPattern::Extend { expression, .. } => vec![expression],
        GraphPattern::OrderBy { expression, .. } => expression
            .iter()
            .map(|(OrderExpression::Asc(e) | OrderExpression::Desc(e))| e)
            .collect(),
        GraphPattern::Group { aggregates, .. } => aggregates
            .iter()
            .filter_map(|(_, aggregate)| match aggregate {
                AggregateExpression::FunctionCall { expr, .. } => Some(expr),
                AggregateExpression::CountSolutions { .. } => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Calls back with the expressions of one layer of a pattern and every expression inside them. Does not enter EXISTS;
/// [`walk`] does.
pub(crate) fn walk_expressions<'a>(
    pattern: &'a GraphPattern,
    visit: &mut dyn FnMut(&'a Expression),
) {
    for expression in expressions(pattern) {
        walk_expression(expression, visit);
    }
}

/// Returns whether an expression of this layer contains an EXISTS.
pub(crate) fn asks_exists(pattern: &GraphPattern) -> bool {
    let mut asks = false;
    walk_expressions(pattern, &mut |inner| asks = asks || matches!(inner, Expression::Exists(_)));
    asks
}

/// Returns the distinct variables of a triple, in order.
pub(crate) fn variables_of_triple(triple: &TriplePattern) -> Vec<&Variable> {
    let mut variables = Vec::with_capacity(3);
    add_variables(triple, &mut variables);
    variables
}

fn add_variables<'a>(triple: &'a TriplePattern, variables: &mut Vec<&'a Variable>) {
    let mut add = |variable: Option<&'a Variable>| {
        if let Some(variable) = variable.filter(|variable| !variables.contains(variable)) {
            variables.push(variable);
        }
    };
    add(term_variable(&triple.subject));
    add(named_variable(&triple.predicate));
    add(term_variable(&triple.object));
    #[cfg(feature = "rdf-12")]
    for term in [&triple.subject, &triple.object] {
        if let TermPattern::Triple(inner) = term {
            add_variables(inner, variables);
        }
    }
}

/// Returns every variable that a pattern mentions, whether or not it is in scope.
pub(crate) fn variables(pattern: &GraphPattern) -> HashSet<&Variable> {
    let mut variables = HashSet::new();
    walk(pattern, &mut |pattern| {
        match pattern {
            GraphPattern::Bgp { patterns } => {
                variables.extend(patterns.iter().flat_map(variables_of_triple));
            }
            GraphPattern::Path { subject, object, .. } => {
                variables.extend(term_variable(subject));
                variables.extend(term_variable(object));
            }
            GraphPattern::Graph { name, .. } | GraphPattern::Service { name, .. } => {
                variables.extend(named_variable(name));
            }
            GraphPattern::Extend { variable, .. } => {
                variables.insert(variable);
            }
            GraphPattern::Values { variables: named, .. }
            | GraphPattern::Project { variables: named, .. } => variables.extend(named),
            GraphPattern::Group { variables: keys, aggregates, .. } => {
                variables.extend(keys);
                variables.extend(aggregates.iter().map(|(variable, _)| variable));
            }
            _ => {}
        }
        for expression in expressions(pattern) {
            walk_expression(expression, &mut |inner| {
                if let Expression::Variable(variable) | Expression::Bound(variable) = inner {
                    variables.insert(variable);
                }
            });
        }
    });
    variables
}

/// Returns the variable, if a term of a pattern is one.
pub(crate) fn term_variable(term: &TermPattern) -> Option<&Variable> {
    match term {
        TermPattern::Variable(variable) => Some(variable),
        _ => None,
    }
}

/// Returns the variable, if a name in a pattern is one.
pub(crate) fn named_variable(name: &NamedNodePattern) -> Option<&Variable> {
    match name {
        NamedNodePattern::Variable(variable) => Some(variable),
        NamedNodePattern::NamedNode(_) => None,
    }
}
