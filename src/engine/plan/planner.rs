//! Traverses the algebra of a query with the context of each pattern, and plans the joins of each group.

use super::estimate::{self, Estimate};
use super::group::{
    self, GroupOperation, GroupOperationKind, JoinGroup, is_loopable, will_be_loopable,
};
use super::knowledge::Knowledge;
use super::order::{self, Condition, JoinTree, Joins, MOST, bit};
use crate::algebra::{certain, for_each_exists, in_scope, variables};
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression};
use spargebra::term::{NamedNodePattern, Variable};
use std::collections::{BTreeMap, BTreeSet};

/// The context of a pattern in its query.
#[derive(Debug, Clone, Default)]
struct PatternContext {
    /// The enclosing GRAPH.
    graph: Option<NamedNodePattern>,
    /// The variables whose bindings are passed in.
    bound: BTreeSet<Variable>,
    /// Whether it is evaluated once for each row of another pattern, or for each solution in an expression.
    is_handed: bool,
    /// Whether hash joins are allowed in it.
    may_hash: bool,
    /// Whether only some of the enclosing solutions are wanted.
    is_cut: bool,
}

impl PatternContext {
    fn in_graph(&self, name: &NamedNodePattern) -> Self {
        // A sub-query around a part of a GRAPH with a variable would hide that variable.
        let may_hash = self.may_hash && matches!(name, NamedNodePattern::NamedNode(_));
        Self { graph: Some(name.clone()), may_hash, ..self.clone() }
    }

    /// Returns the context inside a pattern that needs all rows.
    fn whole(&self) -> Self {
        let is_named = matches!(self.graph, None | Some(NamedNodePattern::NamedNode(_)));
        Self { may_hash: is_named && !self.is_handed, ..self.clone() }
    }

    fn first(&self) -> Self {
        Self { may_hash: false, ..self.clone() }
    }

    /// Returns the context inside a pattern that is evaluated for each row.
    fn handed(&self, bound: BTreeSet<Variable>) -> Self {
        Self { graph: self.graph.clone(), bound, is_handed: true, may_hash: false, ..*self }
    }
}

/// A planned pattern with its estimated rows and cost.
struct PlannedPattern {
    pattern: GraphPattern,
    rows: f64,
    cost: f64,
}

/// Plans patterns and records the estimates.
pub(super) struct Planner<'a> {
    knowledge: Knowledge<'a>,
    /// The estimated rows of joined patterns: what is joined, and the rows of the join.
    pub expected: Vec<(Vec<GraphPattern>, f64)>,
}

impl<'a> Planner<'a> {
    pub(super) const fn new(knowledge: Knowledge<'a>) -> Self {
        Self { knowledge, expected: Vec::new() }
    }

    /// Plans the pattern of a query. `most` is the number of wanted solutions, or `None` for all.
    pub(super) fn whole(&mut self, pattern: &GraphPattern, most: Option<usize>) -> GraphPattern {
        let context = PatternContext { may_hash: true, ..PatternContext::default() };
        self.up_to(most, pattern, &context).pattern
    }

    /// Plans a pattern of which only a limited number of solutions is wanted.
    fn up_to(
        &mut self,
        most: Option<usize>,
        pattern: &GraphPattern,
        context: &PatternContext,
    ) -> PlannedPattern {
        let Some(most) = most else { return self.pattern(pattern, context) };
        // For nested limits, comparing both ways at every level would take too long.
        let is_first_cut = !context.is_cut;
        let context = PatternContext { is_cut: true, ..context.clone() };
        if context.may_hash && is_first_cut {
            let noted = self.expected.len();
            let whole = self.pattern(pattern, &context);
            if whole.rows <= as_number(most) {
                return whole;
            }
            self.expected.truncate(noted);
        }
        self.pattern(pattern, &context.first())
    }

    fn pattern(&mut self, pattern: &GraphPattern, context: &PatternContext) -> PlannedPattern {
        match pattern {
            GraphPattern::Bgp { .. }
            | GraphPattern::Path { .. }
            | GraphPattern::Values { .. }
            | GraphPattern::Join { .. }
            | GraphPattern::Filter { .. }
            | GraphPattern::LeftJoin { .. }
            | GraphPattern::Minus { .. }
            | GraphPattern::Extend { .. } => self.group(pattern, context),
            GraphPattern::Graph { name, inner } => {
                let inner = self.pattern(inner, &context.in_graph(name));
                inner.map(|inner| GraphPattern::Graph { name: name.clone(), inner })
            }
            GraphPattern::Union { left, right } => {
                let (left, right) = (self.pattern(left, context), self.pattern(right, context));
                PlannedPattern {
                    pattern: GraphPattern::Union {
                        left: left.pattern.into(),
                        right: right.pattern.into(),
                    },
                    rows: left.rows + right.rows,
                    cost: left.cost + right.cost,
                }
            }
            GraphPattern::OrderBy { inner, expression } => {
                let bound = certain(inner);
                let mut expression = expression.clone();
                for order in &mut expression {
                    let (OrderExpression::Asc(e) | OrderExpression::Desc(e)) = order;
                    self.conditions(e, &context.handed(bound.clone()));
                }
                let inner = self.pattern(inner, &context.whole());
                inner.map(|inner| GraphPattern::OrderBy { inner, expression })
            }
            GraphPattern::Project { inner, variables } => {
                let mut context = context.clone();
                context.bound.retain(|variable| variables.contains(variable));
                let inner = self.pattern(inner, &context);
                inner.map(|inner| GraphPattern::Project { inner, variables: variables.clone() })
            }
            GraphPattern::Distinct { inner } => {
                self.pattern(inner, context).map(|inner| GraphPattern::Distinct { inner })
            }
            GraphPattern::Reduced { inner } => {
                self.pattern(inner, context).map(|inner| GraphPattern::Reduced { inner })
            }
            GraphPattern::Slice { inner, start, length } => {
                let most = length.map(|length| start.saturating_add(length));
                let mut planned = self.up_to(most, inner, context);
                if let Some(length) = *length {
                    planned.rows = planned.rows.min(as_number(length));
                }
                planned.map(|inner| GraphPattern::Slice { inner, start: *start, length: *length })
            }
            GraphPattern::Group { inner, variables, aggregates } => {
                let bound = certain(inner);
                let mut aggregates = aggregates.clone();
                for (_, aggregate) in &mut aggregates {
                    if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                        self.conditions(expr, &context.handed(bound.clone()));
                    }
                }
                let mut planned = self.pattern(inner, &context.whole());
                planned.rows = if variables.is_empty() { 1.0 } else { planned.rows / 2.0 };
                let variables = variables.clone();
                planned.map(|inner| GraphPattern::Group { inner, variables, aggregates })
            }
            // A SERVICE is planned by its endpoint, and a LATERAL is ordered already.
            GraphPattern::Service { .. } | GraphPattern::Lateral { .. } => {
                PlannedPattern { pattern: pattern.clone(), rows: 100.0, cost: 1000.0 }
            }
        }
    }

    /// Plans the patterns of the EXISTS in an expression.
    fn conditions(&mut self, expression: &mut Expression, context: &PatternContext) {
        for_each_exists(expression, &mut |pattern| {
            *pattern = self.pattern(pattern, context).pattern;
        });
    }

    fn group(&mut self, pattern: &GraphPattern, context: &PatternContext) -> PlannedPattern {
        let group = JoinGroup::of(pattern, context.graph.is_some());
        if group.parts.len() > MOST || !group.is_free() {
            return self.as_written(pattern, context);
        }
        let shared = shared_variables(&group.parts, &context.bound);
        let mut parts: Vec<PlannedPattern> = Vec::with_capacity(group.parts.len());
        let mut estimates: Vec<(Estimate, bool)> = Vec::with_capacity(group.parts.len());
        for (i, part) in group.parts.iter().enumerate() {
            let (planned, estimate, is_loopable) = self.part(part, i, &group.parts, context);
            estimates.push((estimate, is_loopable));
            parts.push(planned);
        }
        if context.graph.is_none() && group.parts.len() > 2 {
            self.knowledge.look_at_single_triples(&group.parts, &mut estimates);
        }
        let values = |variable: &Variable| {
            let of = estimates.iter().flat_map(|(estimate, _)| &estimate.values);
            let fewest = of.filter(|(v, _)| v == variable).map(|&(_, values)| values);
            fewest.fold(f64::INFINITY, f64::min).min(1e9)
        };
        let bits = |variables: &[Variable]| {
            // A variable of a single part has no number, so the condition is applied with the remaining ones.
            variables.iter().filter_map(|v| shared.get(v)).fold(0, |set, &i| set | bit(i))
        };
        let bound: BTreeSet<Variable> = group.parts.iter().flat_map(certain).collect();
        let conditions: Vec<Condition> = group
            .steps
            .iter()
            .filter_map(|step| match &step.kind {
                GroupOperationKind::Filter(condition) => Some(condition),
                _ => None,
            })
            .filter_map(|condition| Some((estimate::sees(condition)?, condition)))
            .filter(|(variables, _)| variables.iter().all(|variable| bound.contains(variable)))
            .map(|(variables, condition)| Condition {
                variables: bits(&variables),
                share: estimate::share(condition, &values),
            })
            .collect();
        let order_parts: Vec<order::JoinInput> =
            estimates.iter().map(|(e, is_loopable)| e.part(&shared, *is_loopable)).collect();
        let together: Vec<Vec<f64>> = estimates
            .iter()
            .map(|(a, _)| {
                let shares = estimates.iter();
                shares.map(|(b, _)| a.share_with(b, self.knowledge.statistics)).collect()
            })
            .collect();
        let handed: Vec<Variable> = context.bound.iter().cloned().collect();
        let joins = Joins {
            parts: &order_parts,
            conditions: &conditions,
            together: &together,
            bound: bits(&handed),
            may_hash: context.may_hash,
        };
        let ordered = joins.order().or_else(|| {
            // A part that cannot be looped over needs a hash join, even if only the first rows are wanted.
            let may_hash = context.whole().may_hash;
            may_hash.then(|| Joins { may_hash, ..joins }.order())?
        });
        let Some((tree, cost, rows)) = ordered else {
            return self.as_written(pattern, context);
        };
        self.expect(&tree, &joins, &parts);
        let joined = emit(&tree, &mut parts);
        self.steps(PlannedPattern { pattern: joined, rows, cost }, group.steps, context)
    }

    /// Plans and estimates a part of a group, and returns whether rows may be passed into it.
    fn part(
        &mut self,
        part: &GraphPattern,
        index: usize,
        parts: &[GraphPattern],
        context: &PatternContext,
    ) -> (PlannedPattern, Estimate, bool) {
        let (inner, graph) = match part {
            GraphPattern::Graph { name, inner } => (inner.as_ref(), Some(name)),
            part => (part, context.graph.as_ref()),
        };
        let known = match inner {
            GraphPattern::Bgp { patterns } => match patterns.as_slice() {
                [triple] => Some(self.knowledge.triple(triple, graph)),
                _ => Some(Estimate { rows: 1.0, ..Estimate::default() }),
            },
            GraphPattern::Path { subject, path, object } => {
                Some(self.knowledge.path(subject, path, object, graph))
            }
            values => estimate::values(values),
        };
        if let Some(estimate) = known {
            let planned =
                PlannedPattern { pattern: part.clone(), rows: estimate.rows, cost: estimate.cost };
            return (planned, estimate, is_loopable(part));
        }
        if parts.len() > 1 && will_be_loopable(part) {
            // It is evaluated for each row of the other side, whose variables are bound inside.
            let others = parts.iter().enumerate().filter(|&(i, _)| i != index).map(|(_, p)| p);
            let mut bound: BTreeSet<Variable> = others.flat_map(certain).collect();
            bound.extend(context.bound.iter().cloned());
            let seen = variables(part);
            bound.retain(|variable| seen.contains(variable));
            let needed: Vec<Variable> = bound.iter().cloned().collect();
            let each = self.pattern(part, &context.handed(bound));
            let (rows, cost) = self.knowledge.rough(part);
            let mut estimate = estimate::other(part, rows, cost);
            estimate.ways.push((needed, each.cost));
            let is_loopable = is_loopable(&each.pattern);
            return (each, estimate, is_loopable);
        }
        let planned = self.pattern(part, context);
        let estimate = estimate::other(part, planned.rows, planned.cost);
        (planned, estimate, false)
    }

    /// Applies the operations of a group after the join of its parts.
    fn steps(
        &mut self,
        mut planned: PlannedPattern,
        steps: Vec<GroupOperation>,
        context: &PatternContext,
    ) -> PlannedPattern {
        for step in steps {
            let PlannedPattern { pattern, rows, cost } = planned;
            let mut bound = certain(&pattern);
            bound.extend(context.bound.iter().cloned());
            let (kind, rows, cost) = match step.kind {
                GroupOperationKind::Filter(mut condition) => {
                    let share = estimate::share(&condition, &|_| 10.0);
                    self.conditions(&mut condition, &context.handed(bound));
                    (GroupOperationKind::Filter(condition), rows * share, cost + rows)
                }
                GroupOperationKind::Extend(variable, mut expression) => {
                    self.conditions(&mut expression, &context.handed(bound));
                    (GroupOperationKind::Extend(variable, expression), rows, cost + rows)
                }
                GroupOperationKind::LeftJoin(right, mut condition) => {
                    let seen = variables(&right);
                    bound.retain(|variable| seen.contains(variable));
                    let (right, each) = self.optional(right, context, bound.clone());
                    if let Some(condition) = &mut condition {
                        bound.extend(certain(&right));
                        self.conditions(condition, &context.handed(bound));
                    }
                    let cost = cost + rows * (each.1 + 4.0);
                    (GroupOperationKind::LeftJoin(right, condition), rows * each.0.max(1.0), cost)
                }
                GroupOperationKind::Minus(right) => {
                    let right = self.pattern(&right, &context.whole());
                    let cost = cost + right.cost + rows;
                    (GroupOperationKind::Minus(right.pattern), rows / 2.0, cost)
                }
            };
            planned = PlannedPattern { pattern: kind.after(pattern), rows, cost };
        }
        planned
    }

    /// Plans the right side of an OPTIONAL, and estimates its rows and its cost for each row of the left. The engine
    /// loops over the left side if it can; otherwise it evaluates the whole right side once.
    fn optional(
        &mut self,
        right: GraphPattern,
        context: &PatternContext,
        bound: BTreeSet<Variable>,
    ) -> (GraphPattern, (f64, f64)) {
        if group::has_empty_path(&right) {
            return (right, (1.0, 10.0));
        }
        if will_be_loopable(&right) {
            let each = self.pattern(&right, &context.handed(bound));
            return (each.pattern, (each.rows, each.cost));
        }
        (self.pattern(&right, &context.whole()).pattern, (1.0, 10.0))
    }

    /// Plans a group without changing its join order.
    fn as_written(&mut self, pattern: &GraphPattern, context: &PatternContext) -> PlannedPattern {
        let mut pattern = pattern.clone();
        match &mut pattern {
            GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Values { .. } => {}
            GraphPattern::Join { left, right } => {
                **left = self.as_written(left, context).pattern;
                **right = self.as_written(right, context).pattern;
            }
            GraphPattern::Filter { inner, .. } | GraphPattern::Extend { inner, .. } => {
                **inner = self.as_written(inner, context).pattern;
            }
            GraphPattern::LeftJoin { left, .. } | GraphPattern::Minus { left, .. } => {
                **left = self.as_written(left, context).pattern;
            }
            inner => *inner = self.pattern(inner, context).pattern,
        }
        PlannedPattern { pattern, rows: 1000.0, cost: 10_000.0 }
    }

    /// Records the estimated rows of each join of a tree.
    fn expect(&mut self, tree: &JoinTree, joins: &Joins<'_>, parts: &[PlannedPattern]) {
        let indexes = (0..parts.len()).filter(|&i| tree.parts() & (1 << i) != 0);
        let patterns = indexes.filter_map(|i| Some(parts.get(i)?.pattern.clone())).collect();
        self.expected.push((patterns, joins.rows(tree)));
        match tree {
            JoinTree::Leaf(_) => {}
            JoinTree::Loop(left, _) => self.expect(left, joins, parts),
            JoinTree::Hash(left, right) => {
                self.expect(left, joins, parts);
                self.expect(right, joins, parts);
            }
        }
    }
}

impl PlannedPattern {
    fn map(self, around: impl FnOnce(Box<GraphPattern>) -> GraphPattern) -> Self {
        Self { pattern: around(self.pattern.into()), ..self }
    }
}

/// Returns the pattern of a join tree.
fn emit(tree: &JoinTree, parts: &mut [PlannedPattern]) -> GraphPattern {
    let mut part = |index: usize| {
        parts.get_mut(index).map(|part| std::mem::take(&mut part.pattern)).unwrap_or_default()
    };
    match tree {
        JoinTree::Leaf(index) => part(*index),
        JoinTree::Loop(left, index) => {
            let right = Box::new(part(*index));
            GraphPattern::Lateral { left: emit(left, parts).into(), right }
        }
        JoinTree::Hash(left, right) => GraphPattern::Join {
            left: subquery(emit(left, parts)).into(),
            right: subquery(emit(right, parts)).into(),
        },
    }
}

/// Wraps a pattern in a sub-query with all its variables. The engine neither passes bindings into a sub-query nor
/// splits it.
fn subquery(inner: GraphPattern) -> GraphPattern {
    let variables = in_scope(&inner).into_iter().collect();
    GraphPattern::Project { inner: inner.into(), variables }
}

/// Numbers the first 64 variables that several parts share or that are bound beforehand.
fn shared_variables(parts: &[GraphPattern], bound: &BTreeSet<Variable>) -> BTreeMap<Variable, u32> {
    let mut seen: BTreeMap<Variable, u32> = BTreeMap::new();
    for part in parts {
        for variable in in_scope(part) {
            let is_bound = bound.contains(&variable);
            *seen.entry(variable).or_default() += 1 + u32::from(is_bound);
        }
    }
    let shared = seen.into_iter().filter(|&(_, parts)| parts > 1).map(|(variable, _)| variable);
    shared.take(64).zip(0..).collect()
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn as_number(count: usize) -> f64 {
    count as f64
}
