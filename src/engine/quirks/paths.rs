//! Property paths that consist of several paths. An alternative is a UNION, a sequence a join and a negated set a
//! condition ([SPARQL 1.1, 18.2.2.4](https://www.w3.org/TR/sparql11-query/#sparqlTranslatePathPatterns)), so their
//! duplicates count. The engine returns each pair of ends once; for a negated set it does so if both ends are bound.

use crate::algebra::{change, fresh, pattern_of_mut, variables};
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern, Variable};
use std::collections::HashSet;

/// Replaces the non-repeated paths of a query by the patterns that define them.
pub(super) fn open_paths(query: &mut Query) {
    let pattern = pattern_of_mut(query);
    let mut taken = variables(pattern).into_iter().cloned().collect();
    change(pattern, &mut |pattern| {
        if let GraphPattern::Path { subject, path, object } = pattern {
            *pattern = opened(subject, path, object, &mut taken);
        }
        true
    });
}

/// Returns a path with its alternatives as unions, its sequences as joins and its negated sets as conditions, except
/// inside repetitions.
fn opened(
    subject: &TermPattern,
    path: &PropertyPathExpression,
    object: &TermPattern,
    taken: &mut HashSet<Variable>,
) -> GraphPattern {
    match path {
        PropertyPathExpression::NamedNode(predicate) => step(subject, predicate.clone(), object),
        PropertyPathExpression::NegatedPropertySet(excluded) => {
            let predicate = fresh("predicate", taken);
            let list = excluded.iter().cloned().map(Expression::from).collect();
            let is_excluded = Expression::In(Box::new(predicate.clone().into()), list);
            GraphPattern::Filter {
                expr: Expression::Not(is_excluded.into()),
                inner: step(subject, predicate, object).into(),
            }
        }
        PropertyPathExpression::Reverse(inner) => opened(object, inner, subject, taken),
        PropertyPathExpression::Sequence(first, second) => {
            let between = TermPattern::from(fresh("between", taken));
            GraphPattern::Join {
                left: opened(subject, first, &between, taken).into(),
                right: opened(&between, second, object, taken).into(),
            }
        }
        PropertyPathExpression::Alternative(first, second) => GraphPattern::Union {
            left: opened(subject, first, object, taken).into(),
            right: opened(subject, second, object, taken).into(),
        },
        PropertyPathExpression::ZeroOrMore(_)
        | PropertyPathExpression::OneOrMore(_)
        | PropertyPathExpression::ZeroOrOne(_) => GraphPattern::Path {
            subject: subject.clone(),
            path: path.clone(),
            object: object.clone(),
        },
    }
}

fn step(
    subject: &TermPattern,
    predicate: impl Into<NamedNodePattern>,
    object: &TermPattern,
) -> GraphPattern {
    let (subject, predicate, object) = (subject.clone(), predicate.into(), object.clone());
    GraphPattern::Bgp { patterns: vec![TriplePattern { subject, predicate, object }] }
}
