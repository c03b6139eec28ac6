//! Compiles a pattern of the algebra to operators.
//!
//! A pattern is compiled on an input, whose rows it is joined with, or on none. Only the columns that are needed later
//! are made, so a pattern that is only counted makes none.

use super::block::{Block, Column, UNBOUND};
use super::condition::{Condition, Filter};
use super::evaluator::Evaluator;
use super::group::{Aggregate, Fold, Group};
use super::join::{
    AT_ONCE, AntiJoin, Branch, Handed, HandedMatcher, HandedUnion, HashedMatcher, Join, JoinColumn,
    JoinKind, Matcher, Slot,
};
use super::operator::{Context, Operator, Pieces, Plan, PlanColumn};
use super::order::Order;
use super::rows::{Columns, Computation, Concatenation, Constant, Copy, Distinct, Slice};
use super::scan::{Lookup, Occurrences, Place, RunScan, Scan, Source};
use super::trace::{self, Trace, Traced};
use crate::algebra::{
    certain, conjuncts, fresh, in_scope, variables, variables_of_triple, walk_expression,
    with_variables_for_blank_nodes,
};
use crate::engine::index::TermKind;
use crate::engine::index_queries::{MOST_FED, number};
use oxigraph::model::{TermRef, Variable};
use spargebra::algebra::{
    AggregateExpression, AggregateFunction, Expression, Function, GraphPattern, OrderExpression,
};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern, TriplePattern};
use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

/// The most shared variables of a join.
const MOST_SHARED: usize = 64;

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
        let pattern = with_variables_for_blank_nodes(pattern);
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
                [triple] => self.triple(triple, input, needed),
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
                let input = self.pattern(inner, input, &with(needed, &seen))?;
                let mut conditions = Vec::new();
                for condition in conjuncts(expr) {
                    conditions.push(self.condition(condition, &input)?);
                }
                conditions.sort_by_key(Condition::cost);
                let Plan { operator, columns, .. } = input;
                let input = Pieces::of_at_most(AT_ONCE, operator);
                Some(Plan::new(Filter { input, conditions }, columns))
            }
            GraphPattern::Extend { inner, variable, expression } => {
                if is_volatile(expression) {
                    return None;
                }
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
                let hidden: Variables =
                    in_scope(inner).into_iter().filter(|v| !variables.contains(v)).collect();
                let needed = needed.iter().filter(|v| !hidden.contains(v)).cloned().collect();
                let plan = self.pattern(inner, input, &needed)?;
                Some(restricted(plan, &needed))
            }
            GraphPattern::Distinct { inner } if input.is_none() => {
                let scope = in_scope(inner);
                let plan = self.pattern(inner, None, &scope)?;
                let columns = scope.iter().filter_map(|variable| plan.column(variable)).collect();
                Some(Plan::new(Distinct::new(plan.operator, columns), plan.columns))
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
            GraphPattern::Distinct { .. }
            | GraphPattern::Reduced { .. }
            | GraphPattern::Slice { .. }
            | GraphPattern::OrderBy { .. }
            | GraphPattern::Group { .. }
            | GraphPattern::Path { .. }
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
                let hidden: Variables =
                    in_scope(inner).into_iter().filter(|v| !variables.contains(v)).collect();
                let needed = needed.iter().filter(|v| !hidden.contains(v)).cloned().collect();
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
                        expression if is_volatile(expression) => return None,
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

    fn triples(
        &mut self,
        patterns: &[TriplePattern],
        input: Option<Plan>,
        needed: &Variables,
    ) -> Option<Plan> {
        let mut rest: Vec<&TriplePattern> = patterns.iter().collect();
        let mut plan = input;
        while !rest.is_empty() {
            let triple = rest.remove(self.next(&rest, plan.as_ref()));
            let later = rest.iter().flat_map(|triple| variables_of_triple(triple)).cloned();
            let needed = with(needed, &later.collect());
            let pattern = GraphPattern::Bgp { patterns: vec![triple.clone()] };
            plan = Some(self.pattern(&pattern, plan, &needed)?);
        }
        Some(plan.unwrap_or_else(|| {
            let block = Block { rows: 1, columns: Vec::new() };
            Plan::new(Constant(Some(block)), Vec::new())
        }))
    }

    /// Returns the place of the triple pattern to look up next: one that shares a variable with those before, and has
    /// the fewest triples.
    fn next(&self, rest: &[&TriplePattern], plan: Option<&Plan>) -> usize {
        let cost = |triple: &TriplePattern| {
            let is_bound =
                |variable: &&Variable| plan.is_some_and(|p| p.column(variable).is_some());
            let shared = variables_of_triple(triple).iter().filter(|v| is_bound(v)).count();
            let known =
                known(triple).map(|term| term.map(|term| number(&self.context.index, term)));
            let count = match known {
                [Some(None), ..] | [_, Some(None), _] | [.., Some(None)] => 0,
                [s, p, o] => {
                    let index = &self.context.index;
                    let found = index.find(s.flatten(), p.flatten(), o.flatten());
                    found.count(index, 1_000).0
                }
            };
            (shared == 0, count)
        };
        let places = rest.iter().enumerate();
        places.min_by_key(|(_, triple)| cost(triple)).map_or(0, |(place, _)| place)
    }

    fn triple(
        &self,
        triple: &TriplePattern,
        input: Option<Plan>,
        needed: &Variables,
    ) -> Option<Plan> {
        let mut places = [Place::Free; 3];
        let mut equal = Vec::new();
        // The first position of each variable.
        let mut found: Vec<(&Variable, usize)> = Vec::new();
        let terms = known(triple);
        for (position, variable) in variables_at(triple).into_iter().enumerate() {
            let (Some(place), Some(term)) = (places.get_mut(position), terms.get(position)) else {
                continue;
            };
            if let Some(term) = term {
                match number(&self.context.index, *term) {
                    Some(number) => *place = Place::Known(number),
                    None => return Some(nothing(needed, triple, input)),
                }
            }
            let Some(variable) = variable else { continue };
            if let Some(column) = input.as_ref().and_then(|input| input.column(variable)) {
                *place = Place::Bound(column);
            }
            match found.iter().find(|(other, _)| *other == variable) {
                Some(&(_, first)) => equal.push([first, position]),
                None => found.push((variable, position)),
            }
        }
        let Some(input) = input else {
            return Some(self.scan(places, equal, &found, needed));
        };
        let mut sources = Vec::new();
        let mut columns = Vec::new();
        for (place, column) in input.columns.iter().enumerate() {
            let is_found = found.iter().any(|(variable, _)| **variable == column.variable);
            if needed.contains(&column.variable) && (column.is_certain || !is_found) {
                sources.push(Source::Input(place));
                columns.push(column.clone());
            }
        }
        for &(variable, position) in &found {
            if needed.contains(variable) && !input.is_certain(variable) {
                sources.push(Source::Found(position));
                columns.push(PlanColumn { variable: variable.clone(), is_certain: true });
            }
        }
        Some(Plan::new(Lookup::new(input.operator, places, equal, sources), columns))
    }

    fn scan(
        &self,
        places: [Place; 3],
        equal: Vec<[usize; 2]>,
        found: &[(&Variable, usize)],
        needed: &Variables,
    ) -> Plan {
        let wanted: Vec<&(&Variable, usize)> =
            found.iter().filter(|(variable, _)| needed.contains(variable)).collect();
        let columns = wanted
            .iter()
            .map(|(variable, _)| PlanColumn { variable: (*variable).clone(), is_certain: true })
            .collect();
        let positions: Vec<usize> = wanted.iter().map(|&&(_, position)| position).collect();
        let [subject, property, object] = places.map(|place| match place {
            Place::Known(number) => Some(number),
            Place::Bound(_) | Place::Free => None,
        });
        let range = self.context.index.find(subject, property, object);
        let is_free = !range.is_run() && equal.is_empty();
        if let (true, &[position]) = (is_free, positions.as_slice()) {
            return Plan::new(Occurrences::new(position), columns);
        }
        let scan = Scan::new(range, positions, equal);
        if range.is_run() { Plan::new(RunScan(scan), columns) } else { Plan::new(scan, columns) }
    }

    fn values(&self, variables: &[Variable], bindings: &[Vec<Option<GroundTerm>>]) -> Option<Plan> {
        let mut columns = vec![Vec::with_capacity(bindings.len()); variables.len()];
        for row in bindings {
            for (column, value) in columns.iter_mut().zip(row) {
                column.push(match value {
                    Some(term) => self.context.terms.number(term.clone().into()).ok()?,
                    None => UNBOUND,
                });
            }
        }
        let variables = variables.iter().zip(&columns).map(|(variable, numbers)| PlanColumn {
            variable: variable.clone(),
            is_certain: numbers.iter().all(|&number| number != UNBOUND),
        });
        let variables = variables.collect();
        let columns = columns.into_iter().map(Column::Each).collect();
        Some(Plan::new(Constant(Some(Block { rows: bindings.len(), columns })), variables))
    }

    fn join(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        input: Option<Plan>,
        needed: &Variables,
    ) -> Option<Plan> {
        let (left, right) = match left {
            // Rows that are few and known come first.
            _ if matches!(right, GraphPattern::Values { .. }) && input.is_none() => (right, left),
            _ => (left, right),
        };
        let shared = in_scope(right);
        let left = self.pattern(left, input, &with(needed, &shared))?;
        let is_sub_query = matches!(right, GraphPattern::Project { .. });
        if !is_sub_query && is_safe(right, &columns_of(&left)) {
            return self.pattern(right, Some(left), needed);
        }
        let shared = shared.into_iter().filter(|v| left.column(v).is_some()).collect();
        let right = self.pattern(right, None, &with(needed, &shared))?;
        joined(left, right, needed)
    }

    fn left_join(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        condition: Option<&Expression>,
        input: Option<Plan>,
        needed: &Variables,
    ) -> Option<Plan> {
        let needed =
            condition.map_or_else(|| needed.clone(), |c| with(needed, &variables_of_expression(c)));
        let left = self.pattern(left, input, &with(&needed, &in_scope(right)))?;
        let wanted = in_scope(right).intersection(&needed).cloned().collect();
        let (matcher, found) = self.matcher(&left, right, &wanted, false)?;
        let (sources, mut columns) = join_columns(&left, &found, &needed);
        for column in &mut columns {
            column.is_certain = left.is_certain(&column.variable);
        }
        let condition = match condition {
            Some(condition) => {
                let joined = Plan::new(Constant(None), columns.clone());
                Some(self.condition(condition, &joined)?)
            }
            None => None,
        };
        let join = Join::new(left.operator, matcher, JoinKind::Left(condition), sources);
        Some(Plan::new(join, columns))
    }

    fn minus(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        input: Option<Plan>,
        needed: &Variables,
    ) -> Option<Plan> {
        let shared: Variables = in_scope(left).intersection(&in_scope(right)).cloned().collect();
        let left = self.pattern(left, input, &with(needed, &shared))?;
        if shared.is_empty() {
            return Some(left);
        }
        let (right, _) = self.matcher_of(&left, right, &shared, &Variables::new(), true)?;
        let Plan { operator, columns, .. } = left;
        let left = Pieces::of_at_most(AT_ONCE, operator);
        Some(Plan::new(AntiJoin { left, right }, columns))
    }

    fn union(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        input: Option<Plan>,
        needed: &Variables,
    ) -> Option<Plan> {
        let Some(input) = input else {
            let (left, right) =
                (self.pattern(left, None, needed)?, self.pattern(right, None, needed)?);
            let columns = united([&left, &right], needed);
            let inputs = [left, right].map(|plan| aligned(plan, &columns).operator);
            return Some(Plan::new(Concatenation(inputs.into()), columns));
        };
        let mut plans = Vec::new();
        for pattern in [left, right] {
            let slot = Slot::default();
            let handed = Plan::new(Handed(Slot::clone(&slot)), input.columns.clone());
            plans.push((slot, self.pattern(pattern, Some(handed), needed)?));
        }
        let columns = united(plans.iter().map(|(_, plan)| plan), needed);
        let branches = plans.into_iter().map(|(slot, plan)| {
            let operator = aligned(plan, &columns).operator;
            Branch { slot, operator }
        });
        let branches = branches.collect();
        let union = HandedUnion { input: input.operator, branches, current: None };
        Some(Plan::new(union, columns))
    }

    /// Returns the plan with the value of an expression in a column of its own.
    fn extended(&self, input: Plan, variable: &Variable, expression: &Expression) -> Option<Plan> {
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
        let (evaluator, places) = self.evaluator(expression.clone(), &input)?;
        columns.push(PlanColumn { variable: variable.clone(), is_certain: false });
        let input = Pieces::new(input.operator);
        Some(Plan::new(Computation { input, evaluator, columns: places }, columns))
    }

    /// Returns the evaluator of an expression on the rows of a plan, and the columns of its variables.
    fn evaluator(&self, expression: Expression, plan: &Plan) -> Option<(Evaluator, Vec<usize>)> {
        if is_volatile(&expression) || has_exists(&expression) {
            return None;
        }
        let mut variables = variables_of_expression(&expression);
        variables.retain(|variable| plan.column(variable).is_some());
        if variables.len() > MOST_FED {
            return None;
        }
        let columns = plan.all_columns(&variables)?;
        let variables = variables.into_iter().collect();
        Some((Evaluator::new(expression, variables, self.context)?, columns))
    }

    fn condition(&mut self, condition: &Expression, plan: &Plan) -> Option<Condition> {
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
                if !is_safe(pattern, &bound) {
                    return None;
                }
                let shared = in_scope(pattern).intersection(&bound).cloned().collect();
                let matcher = self.handed(plan, pattern, &shared, &Variables::new())?.0;
                Condition::Exists(Matcher::Handed(matcher).into())
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

    /// Returns what finds the matches of rows in a pattern, and the columns of a match.
    fn matcher(
        &mut self,
        left: &Plan,
        right: &GraphPattern,
        wanted: &Variables,
        needs_common: bool,
    ) -> Option<(Matcher, Vec<PlanColumn>)> {
        let shared = in_scope(right).into_iter().filter(|v| left.column(v).is_some()).collect();
        self.matcher_of(left, right, &shared, wanted, needs_common)
    }

    fn matcher_of(
        &mut self,
        left: &Plan,
        right: &GraphPattern,
        shared: &Variables,
        wanted: &Variables,
        needs_common: bool,
    ) -> Option<(Matcher, Vec<PlanColumn>)> {
        let has_common = || certain(right).iter().any(|v| shared.contains(v) && left.is_certain(v));
        if is_safe(right, &columns_of(left)) && (!needs_common || has_common()) {
            let (matcher, columns) = self.handed(left, right, shared, wanted)?;
            return Some((Matcher::Handed(matcher), columns));
        }
        let right = self.pattern(right, None, &with(wanted, shared))?;
        hashed(left, right, shared, wanted, needs_common)
    }

    fn handed(
        &mut self,
        left: &Plan,
        right: &GraphPattern,
        shared: &Variables,
        wanted: &Variables,
    ) -> Option<(HandedMatcher, Vec<PlanColumn>)> {
        let number = fresh("row", &mut self.taken);
        let handed = left.all_columns(shared)?;
        let mut columns = vec![PlanColumn { variable: number.clone(), is_certain: true }];
        columns.extend(handed.iter().filter_map(|&column| left.columns.get(column)).cloned());
        let slot = Slot::default();
        let input = Plan::new(Handed(Slot::clone(&slot)), columns);
        let mut needed = wanted.clone();
        needed.insert(number.clone());
        let plan = self.pattern(right, Some(input), &needed)?;
        let wanted: Vec<usize> = wanted.iter().filter_map(|v| plan.column(v)).collect();
        let columns =
            wanted.iter().filter_map(|&column| plan.columns.get(column)).cloned().collect();
        let number = plan.column(&number)?;
        let branch = Branch { slot, operator: plan.operator };
        Some((HandedMatcher { branch, handed, number, wanted }, columns))
    }

    fn group(
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
        let mut compiled = Vec::new();
        for (_, aggregate) in aggregates {
            compiled.push(match aggregate {
                AggregateExpression::CountSolutions { distinct: false } => {
                    Aggregate::Rows(Default::default())
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
                        AggregateFunction::Count if *distinct => Aggregate::distinct_values(column),
                        AggregateFunction::Count => Aggregate::Values(column, Default::default()),
                        AggregateFunction::Sample => Aggregate::Sample(column, Vec::new()),
                        AggregateFunction::Custom(_) => return None,
                        name => {
                            let (name, expr) = (name.clone(), variable.clone().into());
                            let of_variable = AggregateExpression::FunctionCall {
                                name,
                                expr,
                                distinct: *distinct,
                            };
                            Aggregate::Fold(Fold::new(column, of_variable, variable))
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
        Some(Plan::new(Group::new(plan.operator, keys, compiled), columns))
    }
}

/// Joins the rows of two plans by a hash table of the second.
fn joined(left: Plan, right: Plan, needed: &Variables) -> Option<Plan> {
    let shared = columns_of(&left).intersection(&columns_of(&right)).cloned().collect();
    let wanted = columns_of(&right).intersection(needed).cloned().collect();
    let (matcher, found) = hashed(&left, right, &shared, &wanted, false)?;
    let (sources, columns) = join_columns(&left, &found, needed);
    Some(Plan::new(Join::new(left.operator, matcher, JoinKind::Inner, sources), columns))
}

fn hashed(
    left: &Plan,
    right: Plan,
    shared: &Variables,
    wanted: &Variables,
    needs_common: bool,
) -> Option<(Matcher, Vec<PlanColumn>)> {
    let pairs: Vec<[usize; 2]> = shared
        .iter()
        .filter_map(|variable| Some([left.column(variable)?, right.column(variable)?]))
        .collect();
    if pairs.len() > MOST_SHARED {
        return None;
    }
    let wanted: Vec<usize> = wanted.iter().filter_map(|v| right.column(v)).collect();
    let columns = wanted.iter().filter_map(|&column| right.columns.get(column)).cloned().collect();
    Some((
        Matcher::Hashed(HashedMatcher::new(right.operator, pairs, needs_common, wanted)),
        columns,
    ))
}

/// Returns the needed columns of a join of rows with their matches.
fn join_columns(
    left: &Plan,
    found: &[PlanColumn],
    needed: &Variables,
) -> (Vec<JoinColumn>, Vec<PlanColumn>) {
    let mut sources = Vec::new();
    let mut columns = Vec::new();
    for (place, column) in left.columns.iter().enumerate() {
        if !needed.contains(&column.variable) {
            continue;
        }
        let other = found.iter().position(|found| found.variable == column.variable);
        sources.push(match other {
            Some(other) if !column.is_certain => JoinColumn::Either(place, other),
            _ => JoinColumn::Left(place),
        });
        let is_certain = column.is_certain
            || found.iter().any(|f| f.is_certain && f.variable == column.variable);
        columns.push(PlanColumn { variable: column.variable.clone(), is_certain });
    }
    for (place, column) in found.iter().enumerate() {
        if needed.contains(&column.variable) && left.column(&column.variable).is_none() {
            sources.push(JoinColumn::Match(place));
            columns.push(column.clone());
        }
    }
    (sources, columns)
}

/// Returns a plan without rows for a triple pattern with a term that no triple has.
fn nothing(needed: &Variables, triple: &TriplePattern, input: Option<Plan>) -> Plan {
    let mut all = input.map_or_else(Variables::new, |input| columns_of(&input));
    all.extend(variables_of_triple(triple).into_iter().cloned());
    let columns = all.intersection(needed).cloned();
    let columns: Vec<PlanColumn> =
        columns.map(|variable| PlanColumn { variable, is_certain: true }).collect();
    Plan::new(Constant(None), columns)
}

/// Returns the needed columns of several plans together.
fn united<'a>(
    plans: impl IntoIterator<Item = &'a Plan> + Clone,
    needed: &Variables,
) -> Vec<PlanColumn> {
    let all: Variables = plans.clone().into_iter().flat_map(columns_of).collect();
    let columns = all.into_iter().filter(|variable| needed.contains(variable));
    columns
        .map(|variable| {
            let is_certain = plans.clone().into_iter().all(|plan| plan.is_certain(&variable));
            PlanColumn { variable, is_certain }
        })
        .collect()
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

/// Returns whether a pattern can be evaluated for the rows of another one, which bind some variables, with the same
/// results as if it were evaluated for itself and then joined with them. Its operators must return to their initial
/// state at the end of their input.
fn is_safe(pattern: &GraphPattern, bound: &Variables) -> bool {
    let sees_only_bound = |seen: &Variables, inner: &GraphPattern| {
        let certain = certain(inner);
        seen.iter().all(|variable| !bound.contains(variable) || certain.contains(variable))
    };
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Values { .. } => true,
        GraphPattern::Join { left, right }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right } => is_safe(left, bound) && is_safe(right, bound),
        GraphPattern::Filter { expr, inner } => {
            is_safe(inner, bound) && sees_only_bound(&variables_of_expression(expr), inner)
        }
        GraphPattern::Extend { inner, variable, expression } => {
            is_safe(inner, bound)
                && !bound.contains(variable)
                && sees_only_bound(&variables_of_expression(expression), inner)
        }
        GraphPattern::LeftJoin { left, right, expression } => {
            let mut seen: Variables = variables(right).into_iter().cloned().collect();
            seen.extend(expression.iter().flat_map(variables_of_expression));
            is_safe(left, bound) && sees_only_bound(&seen, left)
        }
        GraphPattern::Minus { left, right } => {
            let seen = variables(right).into_iter().cloned().collect();
            is_safe(left, bound) && sees_only_bound(&seen, left)
        }
        GraphPattern::Project { inner, variables: shown } => {
            let is_hidden = |variable: &&Variable| !shown.contains(variable);
            is_safe(inner, bound)
                && !variables(inner).into_iter().filter(is_hidden).any(|v| bound.contains(v))
        }
        GraphPattern::Distinct { .. }
        | GraphPattern::Reduced { .. }
        | GraphPattern::Slice { .. }
        | GraphPattern::OrderBy { .. }
        | GraphPattern::Group { .. }
        | GraphPattern::Path { .. }
        | GraphPattern::Graph { .. }
        | GraphPattern::Service { .. } => false,
    }
}

/// Returns the constant terms of a triple pattern.
fn known(triple: &TriplePattern) -> [Option<TermRef<'_>>; 3] {
    let of = |term| match term {
        &TermPattern::NamedNode(ref node) => Some(TermRef::from(node.as_ref())),
        TermPattern::Literal(literal) => Some(literal.as_ref().into()),
        TermPattern::BlankNode(_) | TermPattern::Variable(_) => None,
    };
    let property = match &triple.predicate {
        NamedNodePattern::NamedNode(name) => Some(name.as_ref().into()),
        NamedNodePattern::Variable(_) => None,
    };
    [of(&triple.subject), property, of(&triple.object)]
}

fn variables_at(triple: &TriplePattern) -> [Option<&Variable>; 3] {
    use crate::algebra::{named_variable, term_variable};
    let (subject, object) = (term_variable(&triple.subject), term_variable(&triple.object));
    [subject, named_variable(&triple.predicate), object]
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

/// Returns all variables of an expression, including those of the patterns in it.
fn variables_of_expression(expression: &Expression) -> Variables {
    let filter =
        GraphPattern::Filter { expr: expression.clone(), inner: Box::<GraphPattern>::default() };
    variables(&filter).into_iter().cloned().collect()
}

fn has_exists(expression: &Expression) -> bool {
    let mut has = false;
    walk_expression(expression, &mut |inner| has |= matches!(inner, Expression::Exists(_)));
    has
}

/// Returns whether an expression has other values at each evaluation, or in each query.
fn is_volatile(expression: &Expression) -> bool {
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
