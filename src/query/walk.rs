//! Walking over a query: every pattern and expression in it, also those inside EXISTS.

use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression};
use spargebra::term::{NamedNodePattern, TermPattern, Variable};
use std::collections::HashSet;

/// The graph pattern of a query.
pub fn pattern_of(query: &Query) -> &GraphPattern {
    match query {
        Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => pattern,
    }
}

/// Calls back with a pattern and every pattern inside it, the outer ones first.
pub fn walk<'a>(pattern: &'a GraphPattern, visit: &mut dyn FnMut(&'a GraphPattern)) {
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

/// Calls back with an expression and every expression inside it, the outer ones first. It does not go into EXISTS.
pub fn walk_expression<'a>(expression: &'a Expression, visit: &mut dyn FnMut(&'a Expression)) {
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

/// The expressions of one layer of the algebra.
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

/// Every variable that a pattern mentions, whether or not it is in scope.
pub fn variables(pattern: &GraphPattern) -> HashSet<&Variable> {
    let mut variables = HashSet::new();
    walk(pattern, &mut |pattern| {
        match pattern {
            GraphPattern::Bgp { patterns } => {
                for triple in patterns {
                    variables.extend(term_variable(&triple.subject));
                    variables.extend(name_variable(&triple.predicate));
                    variables.extend(term_variable(&triple.object));
                }
            }
            GraphPattern::Path { subject, object, .. } => {
                variables.extend(term_variable(subject));
                variables.extend(term_variable(object));
            }
            GraphPattern::Graph { name, .. } | GraphPattern::Service { name, .. } => {
                variables.extend(name_variable(name));
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

fn term_variable(term: &TermPattern) -> Option<&Variable> {
    match term {
        TermPattern::Variable(variable) => Some(variable),
        _ => None,
    }
}

fn name_variable(name: &NamedNodePattern) -> Option<&Variable> {
    match name {
        NamedNodePattern::Variable(variable) => Some(variable),
        NamedNodePattern::NamedNode(_) => None,
    }
}
