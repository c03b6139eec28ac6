//! The patterns of a query one in another: what each of them adds to what solutions rest on.

use super::scope::ExpressionScope;
use super::{Absent, Leaf, Support, Witness};
use crate::algebra::{
    certain, fresh, in_scope, named_variable, pattern_with_unique_names, term_variable, variables,
    variables_of_triple, walk, with_variables_for_blank_nodes,
};
use crate::cite::value_table::has_barrier;
use oxigraph::model::Literal;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, TriplePattern, Variable};
use std::collections::{BTreeSet, HashMap, HashSet};

/// The witness of the pattern of a query, without what chooses among its solutions.
pub(super) fn witness(pattern: &GraphPattern) -> Witness {
    let pattern = pattern_with_unique_names(&with_variables_for_blank_nodes(pattern));
    let mut pattern = &pattern;
    while let GraphPattern::Slice { inner, .. }
    | GraphPattern::Distinct { inner }
    | GraphPattern::Reduced { inner } = pattern
    {
        pattern = inner;
    }
    let mut bound = HashMap::new();
    count_bindings(pattern, &mut bound);
    let taken = variables(pattern).into_iter().cloned().collect();
    Tracing { taken, bound, visible: BTreeSet::new() }.witness(pattern, None)
}

/// A pattern in which the leaves are looked for.
pub(super) struct Tracing {
    /// All names there are.
    pub taken: HashSet<Variable>,
    /// How many parts of the whole pattern bind each variable.
    bound: HashMap<Variable, usize>,
    /// The variables of the solutions for which the EXISTS around the part at hand are asked.
    pub visible: BTreeSet<Variable>,
}

impl Tracing {
    /// The witness of a part that is asked by itself.
    pub(super) fn witness(
        &mut self,
        pattern: &GraphPattern,
        graph: Option<&NamedNodePattern>,
    ) -> Witness {
        let (mut pattern, leaves) = self.trace(pattern, graph);
        if let Some(name) = graph {
            pattern = GraphPattern::Graph { name: name.clone(), inner: Box::new(pattern) };
        }
        Witness {
            variables: in_scope(&pattern).into_iter().collect(),
            has_barrier: has_barrier(&pattern),
            pattern,
            leaves,
        }
    }

    /// A pattern in which all that matters is in scope, and what its solutions rest on.
    fn trace(
        &mut self,
        pattern: &GraphPattern,
        graph: Option<&NamedNodePattern>,
    ) -> (GraphPattern, Vec<Leaf>) {
        match pattern {
            GraphPattern::Bgp { patterns } => {
                let leaves = patterns.iter().map(|triple| triple_leaf(triple.clone(), graph));
                (pattern.clone(), leaves.collect())
            }
            // Other paths are written as patterns before the query is asked.
            GraphPattern::Path { subject, path, object } => {
                let (subject, path, object) = (subject.clone(), path.clone(), object.clone());
                let support = Support::Path { subject, path, object, graph: graph.cloned() };
                (pattern.clone(), vec![always(support)])
            }
            GraphPattern::Join { left, right } => {
                let (left, mut leaves) = self.trace(left, graph);
                let (right, more) = self.trace(right, graph);
                leaves.extend(more);
                (GraphPattern::Join { left: left.into(), right: right.into() }, leaves)
            }
            GraphPattern::Lateral { left, right } => {
                let (traced, mut leaves) = self.trace(left, graph);
                let visible = self.visible.iter().cloned().chain(in_scope(left)).collect();
                let outside = std::mem::replace(&mut self.visible, visible);
                let (right, more) = self.trace(right, graph);
                self.visible = outside;
                leaves.extend(more);
                (GraphPattern::Lateral { left: traced.into(), right: right.into() }, leaves)
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                self.optional(left, right, expression.as_ref(), graph)
            }
            GraphPattern::Filter { expr, inner } => {
                let (traced, mut leaves) = self.trace(inner, graph);
                let mut scope = ExpressionScope::of(inner);
                self.condition(expr, graph, &mut scope, &mut leaves);
                let inner = scope.remembering(traced).into();
                (GraphPattern::Filter { expr: expr.clone(), inner }, leaves)
            }
            GraphPattern::Union { left, right } => {
                let left = self.branch(left, graph);
                let right = self.branch(right, graph);
                let union = GraphPattern::Union { left: left.0.into(), right: right.0.into() };
                (union, left.1.into_iter().chain(right.1).collect())
            }
            GraphPattern::Graph { name, inner } => {
                let (inner, mut leaves) = self.trace(inner, Some(name));
                let has_triple = |leaf: &Leaf| {
                    leaf.when.is_none() && matches!(leaf.support, Support::Triple { .. })
                };
                if !leaves.iter().any(has_triple) {
                    leaves.push(always(Support::Graph(name.clone())));
                }
                (GraphPattern::Graph { name: name.clone(), inner: inner.into() }, leaves)
            }
            GraphPattern::Extend { inner, variable, expression } => {
                let (traced, mut leaves) = self.trace(inner, graph);
                let mut scope = ExpressionScope::of(inner);
                self.each_exists(expression, graph, &mut scope, &mut leaves);
                let inner = scope.remembering(traced);
                if let Expression::Variable(aggregate) = expression {
                    rename_outer_keys(&mut leaves, aggregate, variable);
                }
                let (variable, expression) = (variable.clone(), expression.clone());
                (GraphPattern::Extend { inner: inner.into(), variable, expression }, leaves)
            }
            GraphPattern::Minus { left, right } => {
                let mut scope = ExpressionScope::of(left);
                let inside = in_scope(right);
                let must_share: BTreeSet<_> =
                    scope.possible.intersection(&inside).cloned().collect();
                let (left, mut leaves) = self.trace(left, graph);
                if !must_share.is_empty() {
                    let absent = sharing(right, &must_share);
                    leaves.push(always(self.absence(
                        &absent,
                        graph,
                        &mut scope,
                        Absent::Minus(must_share),
                    )));
                }
                let left = scope.remembering(left).into();
                (GraphPattern::Minus { left, right: right.clone() }, leaves)
            }
            // What a sub-query hides has a name that nothing else has, so it may as well be seen.
            GraphPattern::OrderBy { inner, .. }
            | GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner } => self.trace(inner, graph),
            GraphPattern::Slice { inner, .. } => self.sliced(pattern, inner, graph),
            GraphPattern::Group { inner, variables, aggregates } => {
                let mut scope = ExpressionScope::of(pattern);
                let support = self.members(inner, variables, aggregates, graph, &mut scope);
                (scope.remembering(seeing(pattern, graph)), vec![always(support)])
            }
            GraphPattern::Values { .. } | GraphPattern::Service { .. } => {
                (pattern.clone(), Vec::new())
            }
        }
    }

    /// A sub-query with LIMIT or OFFSET: any solution of it that has the values of the one that was chosen is enough.
    fn sliced(
        &mut self,
        pattern: &GraphPattern,
        inner: &GraphPattern,
        graph: Option<&NamedNodePattern>,
    ) -> (GraphPattern, Vec<Leaf>) {
        // What is joined later may bind what the sub-query leaves unbound.
        let mut scope = ExpressionScope::of(pattern);
        let as_seen = |v: Variable| (v.clone(), scope.as_seen(&v, &mut self.taken));
        let mut keys: Vec<_> = in_scope(pattern).into_iter().map(as_seen).collect();
        keys.extend(graph_key(graph).map(|v| (v.clone(), v)));
        let witness = self.witness(inner, graph).into();
        let support = Support::Any { witness, keys, otherwise: None };
        (scope.remembering(pattern.clone()), vec![always(support)])
    }

    /// An OPTIONAL: its leaves apply where it matched; where it did not, the solution rests on that.
    fn optional(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        condition: Option<&Expression>,
        graph: Option<&NamedNodePattern>,
    ) -> (GraphPattern, Vec<Leaf>) {
        let mut scope = ExpressionScope::of(left);
        let absent = match condition {
            Some(condition) => {
                GraphPattern::Filter { expr: condition.clone(), inner: right.clone().into() }
            }
            None => right.clone(),
        };
        let absent = self.absence(&absent, graph, &mut scope, Absent::Joined);
        let (left, mut leaves) = self.trace(left, graph);
        let (mut traced, mut inside) = self.trace(right, graph);
        if let Some(condition) = condition {
            let mut both = scope.beside(right);
            self.condition(condition, graph, &mut both, &mut inside);
            traced = scope.take_back(both).remembering(traced);
        }
        let left = scope.remembering(left);
        let (traced, marker) = self.marked(traced, Some(right));
        guard(&mut inside, &marker);
        leaves.extend(inside);
        leaves.push(Leaf { when: None, unless: Some(marker), support: absent });
        let optional = GraphPattern::LeftJoin {
            left: left.into(),
            right: traced.into(),
            expression: condition.cloned(),
        };
        (optional, leaves)
    }

    /// One branch of a UNION: its leaves apply to the solutions that it gave.
    fn branch(
        &mut self,
        branch: &GraphPattern,
        graph: Option<&NamedNodePattern>,
    ) -> (GraphPattern, Vec<Leaf>) {
        let (traced, mut leaves) = self.trace(branch, graph);
        if leaves.is_empty() {
            return (traced, leaves);
        }
        let (traced, marker) = self.marked(traced, Some(branch));
        guard(&mut leaves, &marker);
        (traced, leaves)
    }

    /// A traced pattern with a variable that tells that it matched: one that each solution has and nothing else in the
    /// whole binds, if the original is at hand to see that, or one that is bound for the purpose.
    fn marked(
        &mut self,
        traced: GraphPattern,
        original: Option<&GraphPattern>,
    ) -> (GraphPattern, Variable) {
        if let Some(original) = original {
            let mut inside = HashMap::new();
            count_bindings(original, &mut inside);
            let own = certain(original)
                .into_iter()
                .find(|variable| self.bound.get(variable) == inside.get(variable));
            if let Some(own) = own {
                return (traced, own);
            }
        }
        let marker = fresh("matched", &mut self.taken);
        let marked = GraphPattern::Extend {
            inner: traced.into(),
            variable: marker.clone(),
            expression: Literal::from(true).into(),
        };
        (marked, marker)
    }
}

/// The solutions of the right side of a MINUS that can take something away: those that bind a variable which the left
/// side may have.
fn sharing(right: &GraphPattern, must_share: &BTreeSet<Variable>) -> GraphPattern {
    if !certain(right).is_disjoint(must_share) {
        return right.clone();
    }
    let bound = must_share.iter().cloned().map(Expression::Bound);
    match bound.reduce(|left, right| Expression::Or(left.into(), right.into())) {
        Some(expr) => GraphPattern::Filter { expr, inner: right.clone().into() },
        None => right.clone(),
    }
}

/// A group as a sub-query of the graph in which it is asked: the engine forgets all but a group's keys and aggregates.
fn seeing(group: &GraphPattern, graph: Option<&NamedNodePattern>) -> GraphPattern {
    let Some(graph) = graph_key(graph) else { return group.clone() };
    let mut variables = in_scope(group);
    variables.insert(graph);
    let variables = variables.into_iter().collect();
    GraphPattern::Project { inner: group.clone().into(), variables }
}

fn triple_leaf(triple: TriplePattern, graph: Option<&NamedNodePattern>) -> Leaf {
    always(Support::Triple { triple, graph: graph.cloned() })
}

pub(super) fn always(support: Support) -> Leaf {
    Leaf { when: None, unless: None, support }
}

/// Makes leaves depend on a variable. Those that depend on one already do so inside: there it is bound only if this one
/// is bound too.
fn guard(leaves: &mut [Leaf], marker: &Variable) {
    for leaf in leaves {
        leaf.when.get_or_insert_with(|| marker.clone());
    }
}

/// The variable of the graph in which a part is asked.
pub(super) fn graph_key(graph: Option<&NamedNodePattern>) -> Option<Variable> {
    graph.and_then(named_variable).cloned()
}

/// Counts how many parts of a pattern bind each variable.
fn count_bindings(pattern: &GraphPattern, counts: &mut HashMap<Variable, usize>) {
    walk(pattern, &mut |pattern| {
        let mut count = |variable: &Variable| *counts.entry(variable.clone()).or_default() += 1;
        match pattern {
            GraphPattern::Bgp { patterns } => {
                patterns.iter().flat_map(variables_of_triple).for_each(count);
            }
            GraphPattern::Path { subject, object, .. } => {
                term_variable(subject).into_iter().for_each(&mut count);
                term_variable(object).into_iter().for_each(&mut count);
            }
            GraphPattern::Graph { name, .. } | GraphPattern::Service { name, .. } => {
                named_variable(name).into_iter().for_each(count);
            }
            GraphPattern::Extend { variable, .. } => count(variable),
            GraphPattern::Values { variables, .. } => variables.iter().for_each(count),
            _ => {}
        }
    });
}

/// The algebra names an aggregate by a variable of its own, and the row has its value under another name.
fn rename_outer_keys(leaves: &mut [Leaf], old: &Variable, new: &Variable) {
    for leaf in leaves {
        if let Support::Any { keys, .. } = &mut leaf.support {
            for (inner, outer) in keys {
                if outer == old && inner != old {
                    *outer = new.clone();
                }
            }
        }
    }
}
