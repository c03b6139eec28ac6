//! What conditions and other expressions rest on: the EXISTS in them.

use super::scope::ExpressionScope;
use super::tracing::{Tracing, always, graph_key};
use super::{Absent, Alternative, Leaf, Support};
use crate::algebra::{in_graph, named_variable, variables, walk_expression};
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, Variable};
use std::collections::BTreeSet;

impl Tracing {
    /// What a condition that holds rests on: its EXISTS have a match, its NOT EXISTS have none, and of the sides of an
    /// OR one that holds is enough.
    pub(super) fn condition(
        &mut self,
        condition: &Expression,
        graph: Option<&NamedNodePattern>,
        scope: &mut ExpressionScope,
        leaves: &mut Vec<Leaf>,
    ) {
        self.holds(condition, true, graph, scope, leaves);
    }

    /// What it rests on that a condition is true or, if `is_true` does not hold, false. Of what is negated AND and OR
    /// change places; so they do where a part fails
    /// ([SPARQL 1.1, 17.2](https://www.w3.org/TR/sparql11-query/#evaluation)).
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

    /// What an expression that has EXISTS in it rests on: whichever of them have a match.
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

    /// What an inner pattern is asked with: pairs of a variable of it and the one that has the value which the solutions
    /// of an outer pattern have at that place.
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

    /// A pattern that nothing matches, in the graph in which it is asked for.
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

    /// A pattern of which any match is enough, or must be there.
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

/// The patterns of the EXISTS in an expression.
fn all_exists(expression: &Expression) -> Vec<&GraphPattern> {
    let mut patterns = Vec::new();
    walk_expression(expression, &mut |inner| {
        if let Expression::Exists(pattern) = inner {
            patterns.push(pattern.as_ref());
        }
    });
    patterns
}

/// What an OR is of or, if `is_or` does not hold, an AND, however it is nested.
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
