//! Nested negations: if a pattern that must not match contains a negation itself, then with fewer claims it could match
//! more. The claims of the inner part block that match, so the row rests on them.

use crate::algebra::conjuncts;
use spargebra::algebra::{Expression, GraphPattern};

/// Returns the patterns that would match but for one negation, joined with what that negation matches. Returns an empty
/// list if the pattern has no negation in a supported place.
pub(super) fn blockers(pattern: &GraphPattern) -> Vec<GraphPattern> {
    let rebuilt = |inner: &GraphPattern, build: &dyn Fn(Box<GraphPattern>) -> GraphPattern| {
        blockers(inner).into_iter().map(|blocked| build(blocked.into())).collect::<Vec<_>>()
    };
    match pattern {
        GraphPattern::Filter { expr, inner } => {
            let mut variants = Vec::new();
            let (negated, others): (Vec<_>, Vec<_>) =
                conjuncts(expr).into_iter().partition(|conjunct| negation(conjunct).is_some());
            let kept = others.into_iter().cloned().reduce(and);
            for exists in negated.into_iter().filter_map(negation) {
                let expr = kept.iter().cloned().fold(exists.clone(), and);
                variants.push(GraphPattern::Filter { expr, inner: inner.clone() });
            }
            variants.extend(rebuilt(inner, &|inner| match &kept {
                Some(expr) => GraphPattern::Filter { expr: expr.clone(), inner },
                None => *inner,
            }));
            variants
        }
        GraphPattern::Minus { left, right } => {
            let expr = Expression::Exists(right.clone());
            let mut variants = vec![GraphPattern::Filter { expr, inner: left.clone() }];
            variants.extend(blockers(left));
            variants
        }
        GraphPattern::Join { left, right } => {
            let mut variants =
                rebuilt(left, &|left| GraphPattern::Join { left, right: right.clone() });
            variants
                .extend(rebuilt(right, &|right| GraphPattern::Join { left: left.clone(), right }));
            variants
        }
        GraphPattern::LeftJoin { left, .. } => blockers(left),
        GraphPattern::Union { left, right } => {
            let mut variants = blockers(left);
            variants.extend(blockers(right));
            variants
        }
        GraphPattern::Graph { name, inner } => {
            rebuilt(inner, &|inner| GraphPattern::Graph { name: name.clone(), inner })
        }
        GraphPattern::Extend { inner, variable, expression } => {
            rebuilt(inner, &|inner| GraphPattern::Extend {
                inner,
                variable: variable.clone(),
                expression: expression.clone(),
            })
        }
        GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner } => blockers(inner),
        _ => Vec::new(),
    }
}

/// Returns the EXISTS that a condition negates.
fn negation(condition: &Expression) -> Option<&Expression> {
    match condition {
        Expression::Not(negated) if matches!(**negated, Expression::Exists(_)) => Some(negated),
        _ => None,
    }
}

fn and(left: Expression, right: Expression) -> Expression {
    Expression::And(left.into(), right.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparql::pattern_to_text;
    use crate::vocabulary::Prefixes;

    fn variants(group: &str) -> Vec<String> {
        let prefixes = Prefixes::default();
        let query = crate::sparql::parse("q", &format!("ASK {group}"), &prefixes).unwrap();
        let mut pattern = crate::algebra::pattern_of(&query);
        while let GraphPattern::Project { inner, .. } = pattern {
            pattern = inner;
        }
        blockers(pattern).iter().map(|pattern| pattern_to_text(pattern, None, &prefixes)).collect()
    }

    #[test]
    fn each_negation_is_turned_by_itself() {
        assert!(variants("{ ?x <x:p> ?y FILTER EXISTS { ?y <x:q> 1 } }").is_empty());
        assert_eq!(
            variants("{ ?x <x:p> ?y FILTER NOT EXISTS { ?y <x:q> 1 } }"),
            ["{ ?x <x:p> ?y . FILTER (EXISTS { ?y <x:q> 1 . }) }"]
        );
        assert_eq!(
            variants(
                "{ ?x <x:p> ?y MINUS { ?y <x:q> 1 } FILTER(?y > 1 && NOT EXISTS { ?y <x:r> 2 }) }"
            ),
            [
                "{ ?x <x:p> ?y . MINUS { ?y <x:q> 1 . } FILTER ((EXISTS { ?y <x:r> 2 . } && (?y > 1))) }",
                "{ { ?x <x:p> ?y . FILTER (EXISTS { ?y <x:q> 1 . }) } FILTER ((?y > 1)) }",
            ]
        );
    }
}
