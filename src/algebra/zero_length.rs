//! Zero-length paths, which connect a term to itself
//! ([SPARQL 1.1, 18.4](https://www.w3.org/TR/sparql11-query/#PropertyPathPatterns)). They match any constant of the
//! query, but for a variable only the subjects and objects of the data.

use super::walk::walk;
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::{TermPattern, Variable};

/// Returns whether a path may have length zero.
pub(crate) fn may_be_zero_length(path: &PropertyPathExpression) -> bool {
    match path {
        PropertyPathExpression::NamedNode(_) | PropertyPathExpression::NegatedPropertySet(_) => {
            false
        }
        PropertyPathExpression::ZeroOrMore(_) | PropertyPathExpression::ZeroOrOne(_) => true,
        PropertyPathExpression::Reverse(inner) | PropertyPathExpression::OneOrMore(inner) => {
            may_be_zero_length(inner)
        }
        PropertyPathExpression::Sequence(first, second) => {
            may_be_zero_length(first) && may_be_zero_length(second)
        }
        PropertyPathExpression::Alternative(first, second) => {
            may_be_zero_length(first) || may_be_zero_length(second)
        }
    }
}

/// Returns whether a pattern may match more with a constant than with a variable bound to it. It may if the variable
/// ends a path that may have length zero, and no triple requires it to be in the data.
pub(crate) fn is_less_than_its_value(pattern: &GraphPattern, variable: &Variable) -> bool {
    let is_it = |term: &TermPattern| matches!(term, TermPattern::Variable(v) if v == variable);
    let mut is_less = false;
    walk(pattern, &mut |pattern| {
        if let GraphPattern::Path { subject, path, object } = pattern {
            is_less = is_less || (may_be_zero_length(path) && (is_it(subject) || is_it(object)));
        }
    });
    is_less && !needs_triple_of(pattern, &is_it)
}

/// Returns whether each solution of a pattern has a triple with a term as its subject or object.
fn needs_triple_of(pattern: &GraphPattern, is_it: &dyn Fn(&TermPattern) -> bool) -> bool {
    match pattern {
        GraphPattern::Bgp { patterns } => {
            patterns.iter().any(|triple| is_it(&triple.subject) || is_it(&triple.object))
        }
        GraphPattern::Join { left, right } | GraphPattern::Lateral { left, right } => {
            needs_triple_of(left, is_it) || needs_triple_of(right, is_it)
        }
        GraphPattern::LeftJoin { left: inner, .. }
        | GraphPattern::Minus { left: inner, .. }
        | GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. } => needs_triple_of(inner, is_it),
        _ => false,
    }
}
