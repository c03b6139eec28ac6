//! Compiles a pattern of the algebra to operators.
//!
//! A pattern is compiled on an input, whose rows it is joined with, or on none. Only the columns that are needed later
//! are made, so a pattern that is only counted makes none.

mod expressions;
mod groups;
mod joins;
mod paths;
mod safety;
mod triples;

use super::branch::AT_ONCE;
use super::condition::{Condition, Filter};
use super::lookup::Source;
use super::operator::{Context, Pieces, Plan, PlanColumn};
use super::order::Order;
use super::rows::{Columns, Distinct, Slice};
use super::trace::{self, Trace, Traced};
use crate::algebra::{
    conjuncts, fresh, in_scope, set_time, variables, with_variables_for_blank_nodes,
};
use expressions::variables_of_expression;
use joins::joined;
use oxigraph::model::{Literal, Variable};
use oxsdatatypes::DateTime;
use safety::is_safe;
use spargebra::algebra::{Expression, GraphPattern, OrderExpression};
use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

type Variables = BTreeSet<Variable>;

/// Compiles the patterns of a query. All methods return `None` for a pattern that is left to the engine.
pub(super) struct Compiler<'a> {
    context: &'a Context,
    taken: HashSet<Variable>,
    /// The traces of the parts of the current pattern that have been compiled.
    traces: Vec<Rc<Trace>>,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(context: &'a Context) -> Self {
        Self { context, taken: HashSet::new(), traces: Vec::new() }
    }

    /// Compiles the pattern of a query of which some variables are wanted.
    pub(super) fn whole(mut self, pattern: &GraphPattern, wanted: &[Variable]) -> Option<Plan> {
        let mut pattern = with_variables_for_blank_nodes(pattern);
        set_time(&mut pattern, &Literal::from(DateTime::now()));
        self.taken = variables(&pattern).into_iter().cloned().collect();
        self.pattern(&pattern, None, &wanted.iter().cloned().collect())
    }

    fn pattern(
        &mut self,
        pattern: &GraphPattern,
        input: Option<Plan>,
        needed: &Variables,
    ) -> Option<Plan> {
        self.traced(pattern, input, |compiler, input| compiler.compiled(pattern, input, needed))
    }

    /// Compiles a pattern, with a trace of what its operator does if that is wanted.
    fn traced(
        &mut self,
        pattern: &GraphPattern,
        input: Option<Plan>,
        compile: impl FnOnce(&mut Self, Option<Plan>) -> Option<Plan>,
    ) -> Option<Plan> {
        if !self.context.is_traced {
            return compile(self, input);
        }
        // The trace of the input becomes a part of that of the first operator that reads it.
        let of_input = input.as_ref().and_then(|input| input.trace.clone());
        let is_of_input =
            |trace: &Rc<Trace>| of_input.as_ref().is_some_and(|other| Rc::ptr_eq(trace, other));
        self.traces.retain(|trace| !is_of_input(trace));
        let outer = std::mem::replace(&mut self.traces, of_input.clone().into_iter().collect());
        let plan = compile(self, input);
        let mut parts = std::mem::replace(&mut self.traces, outer);
        let plan = plan?;
        let Some(name) = trace::name(pattern) else {
            self.traces.append(&mut parts);
            return Some(plan);
        };
        let traces = match of_input {
            Some(input) if parts.iter().any(|part| Rc::ptr_eq(part, &input)) => {
                parts.retain(|part| !Rc::ptr_eq(part, &input));
                Trace::per_row(name, parts, input).into()
            }
            _ => vec![Rc::new(Trace::new(name, parts))],
        };
        let trace = traces.last().cloned();
        self.traces.extend(trace.clone());
        let operator = Box::new(Traced { operator: plan.operator, traces });
        Some(Plan { operator, trace, ..plan })
    }

    fn compiled(
        &mut self,
        pattern: &GraphPattern,
        input: Option<Plan>,
        needed: &Variables,
    ) -> Option<Plan> {
        match pattern {
            GraphPattern::Bgp { patterns } => match patterns.as_slice() {
                [triple] => Some(self.triple(triple, input, needed)),
                patterns => self.triples(patterns, input, needed),
            },
            GraphPattern::Values { variables, bindings } => {
                let values = self.values(variables, bindings)?;
                match input {
                    Some(input) => joined(input, values, needed),
                    None => Some(values),
                }
            }
            GraphPattern::Join { left, right } => self.join(left, right, input, needed),
            GraphPattern::Lateral { left, right } => {
                let left = self.pattern(left, input, &with(needed, &in_scope(right)))?;
                let bound = columns_of(&left);
                if !is_safe(right, &bound) {
                    return None;
                }
                self.pattern(right, Some(left), needed)
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                self.left_join(left, right, expression.as_ref(), input, needed)
            }
            GraphPattern::Minus { left, right } => self.minus(left, right, input, needed),
            GraphPattern::Union { left, right } => self.union(left, right, input, needed),
            GraphPattern::Filter { expr, inner } => {
                let seen = variables_of_expression(expr);
                let mut input = self.pattern(inner, input, &with(needed, &seen))?;
                let mut conditions = Vec::new();
                for expression in conjuncts(expr) {
                    let condition;
                    (input, condition) = self.with_values_of_exists(input, expression, true)?;
                    conditions.push(self.condition(&condition, &input)?);
                }
                conditions.sort_by_key(Condition::cost);
                let Plan { operator, columns, .. } = input;
                let input = Pieces::of_at_most(AT_ONCE, operator);
                Some(Plan::new(Filter { input, conditions }, columns))
            }
            GraphPattern::Extend { inner, variable, expression } => {
                if !needed.contains(variable) {
                    return self.pattern(inner, input, needed);
                }
                let seen = variables_of_expression(expression);
                let mut needed = with(needed, &seen);
                needed.remove(variable);
                let input = self.pattern(inner, input, &needed)?;
                self.extended(input, variable, expression)
            }
            GraphPattern::Project { inner, variables } => {
                let needed = shown(needed, inner, variables);
                let plan = self.pattern(inner, input, &needed)?;
                Some(restricted(plan, &needed))
            }
            // The engine also removes all duplicates for REDUCED.
            GraphPattern::Distinct { inner } | GraphPattern::Reduced { inner }
                if input.is_none() =>
            {
                let scope = in_scope(inner);
                let plan = self.pattern(inner, None, &scope)?;
                let columns = scope.iter().filter_map(|variable| plan.column(variable)).collect();
                Some(Plan::new(
                    Distinct::new(plan.operator, columns, self.context.index.terms()),
                    plan.columns,
                ))
            }
            GraphPattern::Slice { inner, start, length } if input.is_none() => {
                let most = length.map(|length| start.saturating_add(length));
                let plan = self.up_to(most, inner, needed)?;
                let rest = length.unwrap_or(usize::MAX);
                let slice = Slice { input: plan.operator, skip: *start, rest };
                Some(Plan::new(slice, plan.columns))
            }
            GraphPattern::OrderBy { .. } if input.is_none() => {
                self.compiled_up_to(None, pattern, needed)
            }
            GraphPattern::Group { inner, variables, aggregates } if input.is_none() => {
                self.group(inner, variables, aggregates)
            }
            GraphPattern::Path { subject, path, object } => {
                self.path([subject, object], path, input, needed)
            }
            GraphPattern::Distinct { .. }
            | GraphPattern::Reduced { .. }
            | GraphPattern::Slice { .. }
            | GraphPattern::OrderBy { .. }
            | GraphPattern::Group { .. }
            | GraphPattern::Graph { .. }
            | GraphPattern::Service { .. } => None,
        }
    }

    /// Compiles a pattern of which only the first rows are wanted.
    fn up_to(
        &mut self,
        most: Option<usize>,
        pattern: &GraphPattern,
        needed: &Variables,
    ) -> Option<Plan> {
        self.traced(pattern, None, |compiler, _| compiler.compiled_up_to(most, pattern, needed))
    }

    fn compiled_up_to(
        &mut self,
        most: Option<usize>,
        pattern: &GraphPattern,
        needed: &Variables,
    ) -> Option<Plan> {
        match pattern {
            GraphPattern::Project { inner, variables } => {
                let needed = shown(needed, inner, variables);
                let plan = self.up_to(most, inner, &needed)?;
                Some(restricted(plan, &needed))
            }
            GraphPattern::OrderBy { inner, expression } => {
                let mut needed = needed.clone();
                for order in expression {
                    needed.extend(variables_of_expression(of_order(order).0));
                }
                let mut plan = self.pattern(inner, None, &needed)?;
                let mut by = Vec::new();
                for order in expression {
                    let (expression, is_descending) = of_order(order);
                    let column = match expression {
                        Expression::Variable(variable) if plan.column(variable).is_none() => {
                            continue;
                        }
                        Expression::Variable(variable) => plan.column(variable)?,
                        expression => {
                            let variable = fresh("order", &mut self.taken);
                            plan = self.extended(plan, &variable, expression)?;
                            plan.column(&variable)?
                        }
                    };
                    by.push((column, is_descending));
                }
                let order = Order::new(plan.operator, by, most.unwrap_or(usize::MAX));
                Some(Plan::new(order, plan.columns))
            }
            pattern => self.compiled(pattern, None, needed),
        }
    }
}

/// Returns the needed variables without those that a projection of a pattern hides.
fn shown(needed: &Variables, inner: &GraphPattern, variables: &[Variable]) -> Variables {
    let scope = in_scope(inner);
    let is_hidden = |variable: &Variable| scope.contains(variable) && !variables.contains(variable);
    needed.iter().filter(|variable| !is_hidden(variable)).cloned().collect()
}

const fn of_order(order: &OrderExpression) -> (&Expression, bool) {
    match order {
        OrderExpression::Asc(expression) => (expression, false),
        OrderExpression::Desc(expression) => (expression, true),
    }
}

fn with(variables: &Variables, more: &Variables) -> Variables {
    variables.union(more).cloned().collect()
}

fn columns_of(plan: &Plan) -> Variables {
    plan.columns.iter().map(|column| column.variable.clone()).collect()
}

/// Returns the columns of a lookup for each row of an input, with where they come from: those of the input that are
/// needed, then those of the variables that are found at some positions.
fn looked_up(
    input: &Plan,
    found: &[(&Variable, usize)],
    needed: &Variables,
) -> (Vec<Source>, Vec<PlanColumn>) {
    let mut sources = Vec::new();
    let mut columns = Vec::new();
    for (place, column) in input.columns.iter().enumerate() {
        let is_found = found.iter().any(|(variable, _)| **variable == column.variable);
        if needed.contains(&column.variable) && (column.is_certain || !is_found) {
            sources.push(Source::Input(place));
            columns.push(column.clone());
        }
    }
    for &(variable, position) in found {
        if needed.contains(variable) && !input.is_certain(variable) {
            sources.push(Source::Found(position));
            columns.push(PlanColumn { variable: variable.clone(), is_certain: true });
        }
    }
    (sources, columns)
}

/// Returns a plan with exactly these columns.
fn aligned(plan: Plan, columns: &[PlanColumn]) -> Plan {
    let sources: Vec<Option<usize>> =
        columns.iter().map(|column| plan.column(&column.variable)).collect();
    let is_same = sources.len() == plan.columns.len()
        && sources.iter().enumerate().all(|(place, source)| *source == Some(place));
    if is_same {
        return plan;
    }
    let operator = Columns { input: plan.operator, columns: sources };
    Plan { trace: plan.trace, ..Plan::new(operator, columns.to_vec()) }
}

/// Returns a plan with the needed columns alone.
fn restricted(plan: Plan, needed: &Variables) -> Plan {
    let columns = plan.columns.iter().filter(|column| needed.contains(&column.variable));
    let columns: Vec<PlanColumn> = columns.cloned().collect();
    aligned(plan, &columns)
}
