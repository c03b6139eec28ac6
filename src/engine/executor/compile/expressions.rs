//! Expressions and conditions.

use super::safety::is_safe_in_exists;
use super::{Compiler, Variables, columns_of};
use crate::algebra::{for_each_operand, fresh, variables, walk_expression};
use crate::engine::executor::block::UNBOUND;
use crate::engine::executor::branch::AT_ONCE;
use crate::engine::executor::condition::{Condition, TruthOf};
use crate::engine::executor::evaluator::Evaluator;
use crate::engine::executor::operator::{Pieces, Plan, PlanColumn};
use crate::engine::executor::rows::{Computation, Copy};
use crate::engine::index::TermKind;
use crate::engine::index_queries::MOST_FED;
use oxigraph::model::Variable;
use spargebra::algebra::{Expression, Function, GraphPattern};

impl Compiler<'_> {
    /// Returns the plan with the value of an expression in a column of its own.
    pub(super) fn extended(
        &mut self,
        input: Plan,
        variable: &Variable,
        expression: &Expression,
    ) -> Option<Plan> {
        if input.column(variable).is_some() {
            return None;
        }
        let copied = match expression {
            Expression::Variable(other) => Some((Ok(input.column(other)), input.is_certain(other))),
            Expression::NamedNode(term) => Some((Err(term.clone().into()), true)),
            Expression::Literal(term) => Some((Err(term.clone().into()), true)),
            _ => None,
        };
        let mut columns = input.columns.clone();
        if let Some((source, is_certain)) = copied {
            let column = match source {
                Ok(column) => column.ok_or(UNBOUND),
                Err(term) => Err(self.context.terms.number(term).ok()?),
            };
            columns.push(PlanColumn { variable: variable.clone(), is_certain });
            return Some(Plan::new(Copy { input: input.operator, column }, columns));
        }
        let (input, expression) = self.with_values_of_exists(input, expression, false)?;
        let (evaluator, places) = self.evaluator(expression, &input)?;
        let mut columns = input.columns.clone();
        columns.push(PlanColumn { variable: variable.clone(), is_certain: false });
        let input = Pieces::new(input.operator);
        Some(Plan::new(Computation { input, evaluator, columns: places }, columns))
    }

    /// Returns the evaluator of an expression on the rows of a plan, and the columns of its variables.
    fn evaluator(&self, expression: Expression, plan: &Plan) -> Option<(Evaluator, Vec<usize>)> {
        if has_exists(&expression) {
            return None;
        }
        let is_volatile = is_volatile(&expression);
        let mut variables = variables_of_expression(&expression);
        variables.retain(|variable| plan.column(variable).is_some());
        if variables.len() > MOST_FED {
            return None;
        }
        let columns = plan.all_columns(&variables)?;
        let variables = variables.into_iter().collect();
        let mut evaluator = Evaluator::new(expression, variables, self.context)?;
        evaluator.is_volatile = is_volatile;
        Some((evaluator, columns))
    }

    /// Adds a column for the value of each EXISTS of an expression, unless it stands where a condition is evaluated by
    /// itself. Returns the plan and the expression that reads these columns.
    pub(super) fn with_values_of_exists(
        &mut self,
        mut plan: Plan,
        expression: &Expression,
        is_condition: bool,
    ) -> Option<(Plan, Expression)> {
        let mut expression = expression.clone();
        if !has_exists(&expression) {
            return Some((plan, expression));
        }
        let mut patterns = Vec::new();
        replace_exists(&mut expression, is_condition, &mut |pattern| {
            let variable = fresh("exists", &mut self.taken);
            patterns.push((variable.clone(), pattern));
            variable
        });
        for (variable, pattern) in patterns {
            let condition = self.condition(&Expression::Exists(pattern.into()), &plan)?;
            let mut columns = plan.columns;
            columns.push(PlanColumn { variable, is_certain: true });
            let input = Pieces::of_at_most(AT_ONCE, plan.operator);
            plan = Plan::new(TruthOf { input, condition }, columns);
        }
        Some((plan, expression))
    }

    pub(super) fn condition(&mut self, condition: &Expression, plan: &Plan) -> Option<Condition> {
        Some(match condition {
            Expression::And(a, b) => {
                Condition::And(vec![self.condition(a, plan)?, self.condition(b, plan)?])
            }
            Expression::Or(a, b) => {
                Condition::Or(vec![self.condition(a, plan)?, self.condition(b, plan)?])
            }
            Expression::Not(inner) => Condition::Not(self.condition(inner, plan)?.into()),
            Expression::Bound(variable) => {
                plan.column(variable).map_or(Condition::Constant(Some(false)), Condition::Bound)
            }
            Expression::Equal(a, b) | Expression::SameTerm(a, b) => match (&**a, &**b) {
                (Expression::Variable(variable), Expression::NamedNode(term))
                | (Expression::NamedNode(term), Expression::Variable(variable)) => {
                    let number = self.context.terms.number(term.clone().into()).ok()?;
                    let column = plan.column(variable);
                    column.map_or(Condition::Constant(None), |c| Condition::Is(c, number))
                }
                _ => self.of_expression(condition, plan)?,
            },
            Expression::Exists(pattern) => {
                let bound = columns_of(plan);
                if !is_safe_in_exists(pattern, &bound) {
                    return None;
                }
                let seen = variables(pattern).into_iter();
                let shared = seen.filter(|&variable| bound.contains(variable)).cloned().collect();
                let (matcher, _) = self.looked_up(plan, pattern, &shared, &Variables::new())?;
                Condition::Exists(matcher.into())
            }
            Expression::FunctionCall(
                function @ (Function::IsIri | Function::IsBlank | Function::IsLiteral),
                arguments,
            ) => match arguments.as_slice() {
                [Expression::Variable(variable)] => {
                    let kind = match function {
                        Function::IsIri => TermKind::NamedNode,
                        Function::IsBlank => TermKind::BlankNode,
                        _ => TermKind::Literal,
                    };
                    let column = plan.column(variable);
                    column.map_or(Condition::Constant(None), |c| Condition::HasKind(c, kind))
                }
                _ => self.of_expression(condition, plan)?,
            },
            condition => self.of_expression(condition, plan)?,
        })
    }

    fn of_expression(&self, condition: &Expression, plan: &Plan) -> Option<Condition> {
        let [is_true, is_false] =
            [true, false].map(|value| Expression::Literal(value.into()).into());
        let value = Expression::If(Box::new(condition.clone()), is_true, is_false);
        let (evaluator, columns) = self.evaluator(value, plan)?;
        Some(Condition::Expression(evaluator.into(), columns))
    }
}

/// Returns all variables of an expression, including those of the patterns in it.
pub(super) fn variables_of_expression(expression: &Expression) -> Variables {
    let filter =
        GraphPattern::Filter { expr: expression.clone(), inner: Box::<GraphPattern>::default() };
    variables(&filter).into_iter().cloned().collect()
}

/// Replaces each EXISTS of an expression by a variable, except where a condition is evaluated by itself.
fn replace_exists(
    expression: &mut Expression,
    is_condition: bool,
    replace: &mut dyn FnMut(GraphPattern) -> Variable,
) {
    match expression {
        Expression::Exists(pattern) if !is_condition => {
            *expression = replace(std::mem::take(&mut **pattern)).into();
        }
        Expression::Exists(_) => {}
        Expression::And(..) | Expression::Or(..) | Expression::Not(_) => {
            for_each_operand(expression, &mut |inner| replace_exists(inner, is_condition, replace));
        }
        _ => for_each_operand(expression, &mut |inner| replace_exists(inner, false, replace)),
    }
}

fn has_exists(expression: &Expression) -> bool {
    let mut has = false;
    walk_expression(expression, &mut |inner| has |= matches!(inner, Expression::Exists(_)));
    has
}

/// Returns whether an expression has other values at each evaluation, or in each query.
pub(super) fn is_volatile(expression: &Expression) -> bool {
    let mut is_volatile = false;
    walk_expression(expression, &mut |inner| {
        is_volatile |= matches!(
            inner,
            Expression::FunctionCall(
                Function::Rand
                    | Function::Uuid
                    | Function::StrUuid
                    | Function::BNode
                    | Function::Now,
                _
            )
        );
    });
    is_volatile
}
