//! A group, split into parts that can be joined in any order and operations on the joined solutions.

use crate::algebra::{
    asks_exists, certain, in_scope, may_be_zero_length, variables, walk, walk_expressions,
};
use spargebra::algebra::{Expression, Function, GraphPattern};
use spargebra::term::{TermPattern, TriplePattern, Variable};
use std::collections::{BTreeSet, HashSet};

/// A group: a join of parts in any order, followed by operations in a fixed order.
pub(super) struct JoinGroup {
    pub parts: Vec<GraphPattern>,
    pub steps: Vec<GroupOperation>,
}

/// An operation on the joined solutions of a group.
pub(super) struct GroupOperation {
    pub kind: GroupOperationKind,
    /// The variables that it mentions.
    sees: HashSet<Variable>,
    /// Whether it must stay where it is.
    is_fixed: bool,
}

/// The kinds of operations.
pub(super) enum GroupOperationKind {
    Filter(Expression),
    LeftJoin(GraphPattern, Option<Expression>),
    Minus(GraphPattern),
    Extend(Variable, Expression),
}

impl GroupOperationKind {
    /// Returns the pattern that applies this operation to another pattern.
    pub(super) fn after(self, inner: GraphPattern) -> GraphPattern {
        let inner = Box::new(inner);
        match self {
            Self::Filter(expr) => GraphPattern::Filter { expr, inner },
            Self::LeftJoin(right, expression) => {
                GraphPattern::LeftJoin { left: inner, right: right.into(), expression }
            }
            Self::Minus(right) => GraphPattern::Minus { left: inner, right: right.into() },
            Self::Extend(variable, expression) => {
                GraphPattern::Extend { inner, variable, expression }
            }
        }
    }
}

impl GroupOperation {
    fn new(kind: GroupOperationKind) -> Self {
        let (sees, is_fixed) = match &kind {
            GroupOperationKind::Filter(expression) => of_expression(expression),
            GroupOperationKind::Extend(variable, expression) => {
                let (mut sees, is_fixed) = of_expression(expression);
                sees.insert(variable.clone());
                (sees, is_fixed)
            }
            GroupOperationKind::LeftJoin(right, condition) => {
                let (mut sees, mut is_fixed) = of_pattern(right);
                if let Some(condition) = condition {
                    let (more, is_fixed_too) = of_expression(condition);
                    sees.extend(more);
                    is_fixed = is_fixed || is_fixed_too;
                }
                (sees, is_fixed)
            }
            GroupOperationKind::Minus(right) => of_pattern(right),
        };
        Self { kind, sees, is_fixed }
    }
}

/// Returns the variables of an expression, and whether it must be evaluated where it is.
fn of_expression(expression: &Expression) -> (HashSet<Variable>, bool) {
    of_pattern(&GraphPattern::Filter { expr: expression.clone(), inner: Box::default() })
}

fn of_pattern(pattern: &GraphPattern) -> (HashSet<Variable>, bool) {
    let sees = variables(pattern).into_iter().cloned().collect();
    (sees, has_empty_path(pattern) || is_volatile(pattern))
}

impl JoinGroup {
    /// Splits a pattern into parts and operations. `in_graph` says whether it is inside a GRAPH.
    ///
    /// A join with a group that has operations is moved before these if the results stay the same: no operation may see
    /// a variable of the other side that is not bound anyway.
    pub(super) fn of(pattern: &GraphPattern, in_graph: bool) -> Self {
        let group = |inner: &GraphPattern, kind| {
            let mut group = Self::of(inner, in_graph);
            group.steps.push(GroupOperation::new(kind));
            group
        };
        match pattern {
            GraphPattern::Bgp { patterns } if !patterns.is_empty() => {
                let parts = patterns.iter().cloned().map(single).collect();
                Self { parts, steps: Vec::new() }
            }
            GraphPattern::Join { left, right } => join(left, right, in_graph),
            GraphPattern::Filter { expr, inner } => {
                group(inner, GroupOperationKind::Filter(expr.clone()))
            }
            GraphPattern::LeftJoin { left, right, expression } => group(
                left,
                GroupOperationKind::LeftJoin(right.as_ref().clone(), expression.clone()),
            ),
            GraphPattern::Minus { left, right } => {
                group(left, GroupOperationKind::Minus(right.as_ref().clone()))
            }
            GraphPattern::Extend { inner, variable, expression } => {
                group(inner, GroupOperationKind::Extend(variable.clone(), expression.clone()))
            }
            GraphPattern::Graph { name, inner } if is_plain(inner) => {
                let mut group = Self::of(inner, true);
                for part in &mut group.parts {
                    let inner = Box::new(std::mem::take(part));
                    *part = GraphPattern::Graph { name: name.clone(), inner };
                }
                group
            }
            pattern => Self { parts: vec![pattern.clone()], steps: Vec::new() },
        }
    }

    /// Returns whether the engine gives the same results for any order of the parts.
    ///
    /// A zero-length path connects a term with itself, but only if the graph has the term. The engine skips that check
    /// if it receives the term as a binding, so the order matters if a join can pass one in.
    pub(super) fn is_free(&self) -> bool {
        self.parts.iter().enumerate().all(|(i, part)| {
            if !has_empty_path(part) {
                return true;
            }
            let others = || self.parts.iter().enumerate().filter(|&(j, _)| j != i).map(|(_, p)| p);
            let is_path = matches!(part, GraphPattern::Path { .. });
            variables(part).into_iter().all(|variable| {
                others().all(|other| {
                    !variables(other).contains(variable)
                        || (is_path && binds_to_node(other, variable))
                })
            })
        })
    }
}

/// Returns a pattern of one triple.
fn single(triple: TriplePattern) -> GraphPattern {
    GraphPattern::Bgp { patterns: vec![triple] }
}

fn join(left: &GraphPattern, right: &GraphPattern, in_graph: bool) -> JoinGroup {
    let whole =
        |pattern: &GraphPattern| JoinGroup { parts: vec![pattern.clone()], steps: Vec::new() };
    let (mut a, mut b) = (JoinGroup::of(left, in_graph), JoinGroup::of(right, in_graph));
    if !may_wait(&b, &in_scope(left)) {
        b = whole(right);
    }
    if !may_wait(&a, &b.parts.iter().flat_map(in_scope).collect()) {
        a = whole(left);
    }
    a.parts.append(&mut b.parts);
    a.steps.append(&mut b.steps);
    if !in_graph && a.parts.len() > 1 {
        // The unit pattern, which has one solution without bindings, is neutral in a join.
        let is_empty = |part: &GraphPattern| matches!(part, GraphPattern::Bgp { patterns } if patterns.is_empty());
        if a.parts.iter().all(is_empty) {
            a.parts.truncate(1);
        } else {
            a.parts.retain(|part| !is_empty(part));
        }
    }
    a
}

/// Returns whether a group's operations may be applied after a join with a pattern that has these variables.
fn may_wait(group: &JoinGroup, others: &BTreeSet<Variable>) -> bool {
    if group.steps.is_empty() {
        return true;
    }
    let certain: BTreeSet<Variable> = group.parts.iter().flat_map(certain).collect();
    group.steps.iter().all(|step| {
        let is_new = matches!(&step.kind, GroupOperationKind::Extend(variable, _) if others.contains(variable));
        !step.is_fixed
            && !is_new
            && step.sees.iter().all(|seen| !others.contains(seen) || certain.contains(seen))
    })
}

/// Returns whether a pattern gives different results at each evaluation.
fn is_volatile(pattern: &GraphPattern) -> bool {
    let mut found = false;
    walk(pattern, &mut |pattern| {
        walk_expressions(pattern, &mut |expression| {
            found = found
                || matches!(
                    expression,
                    Expression::FunctionCall(
                        Function::Rand | Function::Uuid | Function::StrUuid | Function::BNode,
                        _
                    )
                );
        });
    });
    found
}

/// Returns whether a pattern consists only of joined triple patterns and paths that cannot have zero length.
fn is_plain(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { patterns } => !patterns.is_empty(),
        GraphPattern::Path { path, .. } => !may_be_zero_length(path),
        GraphPattern::Join { left, right } => is_plain(left) && is_plain(right),
        _ => false,
    }
}

/// Returns whether a pattern contains a path that can have zero length.
pub(super) fn has_empty_path(pattern: &GraphPattern) -> bool {
    let mut found = false;
    walk(pattern, &mut |pattern| {
        if let GraphPattern::Path { path, .. } = pattern {
            found = found || may_be_zero_length(path);
        }
    });
    found
}

/// Returns whether a pattern always binds a variable to a subject or an object of the queried graph, whatever bindings
/// it receives.
fn binds_to_node(pattern: &GraphPattern, variable: &Variable) -> bool {
    let is_it = |term: &TermPattern| matches!(term, TermPattern::Variable(v) if v == variable);
    match pattern {
        GraphPattern::Bgp { patterns } => {
            patterns.iter().any(|triple| is_it(&triple.subject) || is_it(&triple.object))
        }
        GraphPattern::Path { subject, path, object } => {
            let is_variable = |term: &TermPattern| matches!(term, TermPattern::Variable(_));
            !may_be_zero_length(path) || (is_variable(subject) && is_variable(object))
        }
        _ => false,
    }
}

/// Returns whether the engine may pass the bindings of the other side of a join into a pattern without changing its
/// results.
pub(super) fn is_loopable(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { patterns } => patterns.len() == 1,
        GraphPattern::Path { .. } | GraphPattern::Values { .. } => true,
        GraphPattern::Graph { inner, .. } => match inner.as_ref() {
            GraphPattern::Bgp { patterns } => patterns.len() < 2,
            GraphPattern::Path { .. } => true,
            GraphPattern::Lateral { .. } => is_loopable(inner),
            _ => false,
        },
        GraphPattern::Lateral { left, right } | GraphPattern::Union { left, right } => {
            is_loopable(left) && is_loopable(right)
        }
        GraphPattern::Filter { inner, .. } => is_loopable(inner) && is_of_its_own(pattern),
        _ => false,
    }
}

/// Returns whether a pattern will be loopable once it is planned.
pub(super) fn will_be_loopable(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { patterns } => !patterns.is_empty(),
        GraphPattern::Path { .. } | GraphPattern::Values { .. } => true,
        GraphPattern::Graph { inner, .. } => is_plain(inner),
        GraphPattern::Join { left, right } | GraphPattern::Union { left, right } => {
            will_be_loopable(left) && will_be_loopable(right)
        }
        GraphPattern::Filter { inner, .. } => will_be_loopable(inner) && is_of_its_own(pattern),
        _ => false,
    }
}

/// Returns whether a filter mentions only variables that its own group always binds.
fn is_of_its_own(filter: &GraphPattern) -> bool {
    let GraphPattern::Filter { expr, inner } = filter else { return false };
    let certain = certain(inner);
    !asks_exists(filter) && of_expression(expr).0.iter().all(|seen| certain.contains(seen))
}
