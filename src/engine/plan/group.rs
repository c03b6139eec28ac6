//! A group as what can be joined in any order, and what is done to the joined afterwards.

use crate::algebra::{
    asks_exists, certain, in_scope, may_be_zero_length, variables, walk, walk_expressions,
};
use spargebra::algebra::{Expression, Function, GraphPattern};
use spargebra::term::{TermPattern, TriplePattern, Variable};
use std::collections::{BTreeSet, HashSet};

/// A group: the join of its parts, in any order, and then its steps, in theirs.
pub(super) struct JoinGroup {
    pub parts: Vec<GraphPattern>,
    pub steps: Vec<GroupOperation>,
}

/// An operation on the solutions of a group's parts.
pub(super) struct GroupOperation {
    pub kind: GroupOperationKind,
    /// The variables that it mentions.
    sees: HashSet<Variable>,
    /// Whether it must be taken where it stands.
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
    /// The pattern that takes this step after another pattern.
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

/// The variables of an expression, and whether it must be evaluated where it stands.
fn of_expression(expression: &Expression) -> (HashSet<Variable>, bool) {
    of_pattern(&GraphPattern::Filter { expr: expression.clone(), inner: Box::default() })
}

fn of_pattern(pattern: &GraphPattern) -> (HashSet<Variable>, bool) {
    let sees = variables(pattern).into_iter().cloned().collect();
    (sees, has_empty_path(pattern) || is_volatile(pattern))
}

impl JoinGroup {
    /// The parts and the steps of a pattern. `in_graph` tells that it stands inside a GRAPH.
    ///
    /// What is joined with a group that has steps of its own is joined before these where that gives the same: where no
    /// step sees a variable of it that is not bound before anyway.
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

    /// Whether the parts give the same in any order in the engine.
    ///
    /// A path that may have no steps connects a thing with itself, but only a thing of the graph. The engine forgets the
    /// latter where it is handed a thing, so it must not matter what hands it one.
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

/// A pattern of one triple.
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
        // What has one solution of nothing joins with everything.
        let is_empty = |part: &GraphPattern| matches!(part, GraphPattern::Bgp { patterns } if patterns.is_empty());
        if a.parts.iter().all(is_empty) {
            a.parts.truncate(1);
        } else {
            a.parts.retain(|part| !is_empty(part));
        }
    }
    a
}

/// Whether the steps of a group may be taken after a join with something that has these variables.
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

/// Whether a pattern gives something else each time that it is evaluated.
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

/// Whether a pattern is made of triples and of paths with steps, joined.
fn is_plain(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { patterns } => !patterns.is_empty(),
        GraphPattern::Path { path, .. } => !may_be_zero_length(path),
        GraphPattern::Join { left, right } => is_plain(left) && is_plain(right),
        _ => false,
    }
}

/// Whether a path that may have no steps stands anywhere in a pattern.
pub(super) fn has_empty_path(pattern: &GraphPattern) -> bool {
    let mut found = false;
    walk(pattern, &mut |pattern| {
        if let GraphPattern::Path { path, .. } = pattern {
            found = found || may_be_zero_length(path);
        }
    });
    found
}

/// Whether a pattern binds a variable to a subject or an object of the graph that is asked, whatever it is handed.
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

/// Whether the engine may hand a pattern the bindings of what it is joined with: it gives the same then.
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

/// Whether a pattern will be loopable once it is planned.
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

/// Whether a condition sees nothing but what its own group binds at all times.
fn is_of_its_own(filter: &GraphPattern) -> bool {
    let GraphPattern::Filter { expr, inner } = filter else { return false };
    let certain = certain(inner);
    !asks_exists(filter) && of_expression(expr).0.iter().all(|seen| certain.contains(seen))
}
