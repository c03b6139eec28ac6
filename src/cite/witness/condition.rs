//! What conditions and other expressions rest on: their EXISTS patterns.

use super::scope::ExpressionScope;
use super::tracing::{Tracing, always, graph_key};
use super::{Absent, Alternative, Leaf, Support};
use crate::algebra::{in_graph, named_variable, variables, walk_expression};
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, Variable};
use std::collections::BTreeSet;

impl Tracing {
    /// Adds what a true condition rests on: each EXISTS has a match, each NOT EXISTS has none, and one true side of an
    /// OR is enough.
    pub(super) fn condition(
        &mut self,
        condition: &Expression,
        graph: Option<&NamedNodePattern>,
        scope: &mut ExpressionScope,
        leaves: &mut Vec<Leaf>,
    ) {
        self.holds(condition, true, graph, scope, leaves);
    }

    /// Adds what the truth of a condition rests on or, unless `is_true`, its falsity. Negation swaps AND and OR; that
    /// also holds if a part is an error ([SPARQL 1.1, 17.2](https://www.w3.org/TR/sparql11-query/#evaluation)).
    fn holds(
        &mut self,
        condition: &Expression,
        is_true: bool,
        graph: Option<&NamedNodePattern>,
        scope: &mut ExpressionScope,
        leaves: &mut Vec<Leaf>,
    ) {
        match (condition, is_true) {
            (Expression::Not(negated), _) => self.holds(negated, !is_true, graph, scope, leaves),
            (Expression::And(left, right), true) | (Expression::Or(left, right), false) => {
                self.holds(left, is_true, graph, scope, leaves);
                self.holds(right, is_true, graph, scope, leaves);
            }
            (Expression::Or(..), true) | (Expression::And(..), false)
                if scope.remembers_conditions() && !all_exists(condition).is_empty() =>
            {
                let mut alternatives = Vec::new();
                for side in sides(condition, is_true) {
                    let value =
                        if is_true { side.clone() } else { Expression::Not(side.clone().into()) };
                    let holds = scope.whether(value, &mut self.taken);
                    let mut leaves = Vec::new();
                    self.holds(side, is_true, graph, scope, &mut leaves);
                    alternatives.push(Alternative { holds, leaves });
                }
                leaves.push(always(Support::Either(alternatives)));
            }
            (Expression::Exists(pattern), true) => {
                leaves.push(self.exists(pattern, graph, scope, true));
            }
            (Expression::Exists(pattern), false) => {
                leaves.push(always(self.absence(pattern, graph, scope, Absent::Exists)));
            }
            (condition, _) => self.each_exists(condition, graph, scope, leaves),
        }
    }

    /// Adds what an expression with EXISTS rests on: whichever patterns have a match.
    pub(super) fn each_exists(
        &mut self,
        expression: &Expression,
        graph: Option<&NamedNodePattern>,
        scope: &mut ExpressionScope,
        leaves: &mut Vec<Leaf>,
    ) {
        for pattern in all_exists(expression) {
            leaves.push(self.exists(pattern, graph, scope, false));
        }
    }

    /// Returns the keys of an inner pattern: pairs of an inner variable and the outer variable with the value that it
    /// has at this place.
    fn keys(
        &mut self,
        pattern: &GraphPattern,
        graph: Option<&NamedNodePattern>,
        scope: &mut ExpressionScope,
    ) -> Vec<(Variable, Variable)> {
        let mentions: BTreeSet<Variable> =
            variables(pattern).into_iter().chain(graph.and_then(named_variable)).cloned().collect();
        let mut keys = Vec::new();
        for variable in mentions {
            if scope.possible.contains(&variable) {
                let outer = scope.as_seen(&variable, &mut self.taken);
                keys.push((variable, outer));
            } else if self.visible.contains(&variable)
                || graph_key(graph).as_ref() == Some(&variable)
            {
                keys.push((variable.clone(), variable));
            }
        }
        keys
    }

    /// Returns a pattern without matches, in its graph.
    pub(super) fn absence(
        &mut self,
        pattern: &GraphPattern,
        graph: Option<&NamedNodePattern>,
        scope: &mut ExpressionScope,
        of: Absent,
    ) -> Support {
        let keys = self.keys(pattern, graph, scope);
        let pattern = in_graph(pattern.clone(), graph).into();
        Support::Absence { pattern, keys, of }
    }

    /// Returns a pattern of which any match is enough, or a required one.
    pub(super) fn exists(
        &mut self,
        pattern: &GraphPattern,
        graph: Option<&NamedNodePattern>,
        scope: &mut ExpressionScope,
        is_required: bool,
    ) -> Leaf {
        let keys = self.keys(pattern, graph, scope);
        let inner = keys.iter().map(|(inner, _)| inner.clone());
        let visible = self.visible.iter().cloned().chain(inner).collect();
        let outside = std::mem::replace(&mut self.visible, visible);
        let witness = self.witness(pattern, graph).into();
        self.visible = outside;
        let pattern = in_graph(pattern.clone(), graph).into();
        always(Support::Exists { witness, pattern, keys, is_required })
    }
}

/// Returns the patterns of the EXISTS in an expression.
fn all_exists(expression: &Expression) -> Vec<&GraphPattern> {
    let mut patterns = Vec::new();
    walk_expression(expression, &mut |inner| {
        if let Expression::Exists(pattern) = inner {
            patterns.push(pattern.as_ref());
        }
    });
    patterns
}

/// Returns the flattened operands of an OR or, unless `is_or`, of an AND.
fn sides(condition: &Expression, is_or: bool) -> Vec<&Expression> {
    match (condition, is_or) {
        (Expression::Or(left, right), true) | (Expression::And(left, right), false) => {
            let mut both = sides(left, is_or);
            both.extend(sides(right, is_or));
            both
        }
        (condition, _) => vec![condition],
    }
}
