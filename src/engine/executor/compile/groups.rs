//! GROUP BY and aggregates.

use super::expressions::{is_volatile, variables_of_expression};
use super::{Compiler, Variables};
use crate::algebra::{fresh, in_scope};
use crate::engine::executor::group::{Aggregate, Counts, Fold, Group};
use crate::engine::executor::key_table::KeyTable;
use crate::engine::executor::operator::{Plan, PlanColumn};
use oxigraph::model::Variable;
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, GraphPattern};

impl Compiler<'_> {
    pub(super) fn group(
        &mut self,
        inner: &GraphPattern,
        variables: &[Variable],
        aggregates: &[(Variable, AggregateExpression)],
    ) -> Option<Plan> {
        let mut needed: Variables = variables.iter().cloned().collect();
        for (_, aggregate) in aggregates {
            match aggregate {
                AggregateExpression::CountSolutions { distinct: true } => {
                    needed.extend(in_scope(inner));
                }
                AggregateExpression::CountSolutions { distinct: false } => {}
                AggregateExpression::FunctionCall { expr, .. } => {
                    needed.extend(variables_of_expression(expr));
                }
            }
        }
        let mut plan = self.pattern(inner, None, &needed)?;
        let terms = self.context.index.terms();
        // The values of a single group need no number of the group.
        let pairs =
            || if variables.is_empty() { KeyTable::of_terms(1, terms) } else { KeyTable::new(2) };
        let mut compiled = Vec::new();
        for (_, aggregate) in aggregates {
            compiled.push(match aggregate {
                AggregateExpression::CountSolutions { distinct: false } => {
                    Aggregate::Rows(Counts::default())
                }
                AggregateExpression::CountSolutions { distinct: true } => {
                    let scope = in_scope(inner);
                    let columns = scope.iter().filter_map(|variable| plan.column(variable));
                    Aggregate::distinct_rows(columns.collect())
                }
                AggregateExpression::FunctionCall { name, expr, distinct } => {
                    let variable = match expr {
                        Expression::Variable(variable) if plan.column(variable).is_some() => {
                            variable.clone()
                        }
                        // The engine counts nothing at all if the expression has an error in one row.
                        _ if *name == AggregateFunction::Count => return None,
                        expression if is_volatile(expression) => return None,
                        expression => {
                            let variable = fresh("value", &mut self.taken);
                            plan = self.extended(plan, &variable, expression)?;
                            variable
                        }
                    };
                    let column = plan.column(&variable)?;
                    match name {
                        AggregateFunction::Count if *distinct => {
                            Aggregate::distinct_values(column, pairs())
                        }
                        AggregateFunction::Count => Aggregate::Values(column, Counts::default()),
                        AggregateFunction::Sample => Aggregate::Sample(column, Vec::new()),
                        AggregateFunction::Custom(_) => return None,
                        name => {
                            let (name, expr) = (name.clone(), variable.clone().into());
                            let of_variable = AggregateExpression::FunctionCall {
                                name,
                                expr,
                                distinct: *distinct,
                            };
                            Aggregate::Fold(Fold::new(column, of_variable, variable, pairs()))
                        }
                    }
                }
            });
        }
        let mut keys = Vec::new();
        let mut columns = Vec::new();
        for variable in variables {
            // A variable that is never bound has the same value in all rows.
            if let Some(column) = plan.column(variable) {
                keys.push(column);
                columns.push(plan.columns.get(column)?.clone());
            }
        }
        if keys.is_empty() && !variables.is_empty() {
            return None;
        }
        let is_certain = |aggregate: &AggregateExpression| match aggregate {
            AggregateExpression::CountSolutions { .. } => true,
            AggregateExpression::FunctionCall { name, .. } => *name == AggregateFunction::Count,
        };
        columns.extend(aggregates.iter().map(|(variable, aggregate)| PlanColumn {
            variable: variable.clone(),
            is_certain: is_certain(aggregate),
        }));
        Some(Plan::new(Group::new(plan.operator, keys, compiled, terms), columns))
    }
}
