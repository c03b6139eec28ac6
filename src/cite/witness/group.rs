//! What the rows of groups rest on.

use super::scope::ExpressionScope;
use super::tracing::{Tracing, graph_key};
use super::{GroupMembers, Support};
use crate::algebra::{in_graph, in_scope};
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, Variable};

impl Tracing {
    /// Returns what the row of a group rests on: all of its members or, if the aggregates see only the distinct values,
    /// one member for each value.
    pub(super) fn members(
        &mut self,
        inner: &GraphPattern,
        keys: &[Variable],
        aggregates: &[(Variable, AggregateExpression)],
        graph: Option<&NamedNodePattern>,
        outer: &mut ExpressionScope,
    ) -> Support {
        let mut witness = self.witness(inner, graph);
        let mut scope = ExpressionScope::of(inner);
        // The graph name is the same for the whole group, and may be bound only outside it.
        let name = graph_key(graph);
        let keys = keys.iter().filter(|key| Some(*key) != name.as_ref());
        let key = |key: &Variable| (key.clone(), outer.as_seen(key, &mut self.taken));
        let mut keys: Vec<_> = keys.map(key).collect();
        keys.extend(name.map(|name| (name.clone(), name)));
        for (_, aggregate) in aggregates {
            if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                self.each_exists(expr, graph, &mut scope, &mut witness.leaves);
            }
        }
        witness.pattern = scope.remembering(witness.pattern);
        witness.variables = in_scope(&witness.pattern).into_iter().collect();
        let pattern = in_graph(inner.clone(), graph).into();
        if let [(aggregate, AggregateExpression::FunctionCall { name, expr, .. })] = aggregates
            && matches!(
                name,
                AggregateFunction::Min | AggregateFunction::Max | AggregateFunction::Sample
            )
            && let Expression::Variable(variable) = expr
        {
            let mut pairs = keys.clone();
            pairs.push((variable.clone(), aggregate.clone()));
            let members = GroupMembers { witness: witness.clone(), pattern, keys, distinct: None };
            let (witness, otherwise) = (witness.into(), Some(members.into()));
            return Support::Any { witness, keys: pairs, otherwise };
        }
        if aggregates.is_empty() {
            // The group exists if it has any member.
            let (witness, keys) = (witness.into(), keys);
            return Support::Any { witness, keys, otherwise: None };
        }
        let distinct = aggregates
            .iter()
            .map(|(_, aggregate)| match aggregate {
                AggregateExpression::FunctionCall {
                    distinct: true,
                    expr: Expression::Variable(variable),
                    ..
                } => Some(variable.clone()),
                _ => None,
            })
            .collect::<Option<Vec<_>>>();
        Support::All(GroupMembers { witness, pattern, keys, distinct })
    }
}
