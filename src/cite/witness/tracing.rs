//! Traverses the patterns of a query, collecting what each of them adds to the support of solutions.

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

/// Returns the witness of a query's pattern, without its outermost LIMIT, OFFSET, DISTINCT and REDUCED.
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

/// The state of the traversal.
pub(super) struct Tracing {
    /// All names in use.
    pub taken: HashSet<Variable>,
    /// The number of parts of the whole pattern that bind each variable.
    bound: HashMap<Variable, usize>,
    /// The variables of the solutions for which the enclosing EXISTS are evaluated.
    pub visible: BTreeSet<Variable>,
}

impl Tracing {
    /// Returns the witness of a part that is evaluated separately.
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

    /// Returns a pattern in which everything relevant is in scope, and adds what its solutions rest on.
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
            // Other paths are rewritten as patterns before the query is evaluated.
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
            // The hidden variables of a sub-query have unique names, so they can be exposed.
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

    /// Traces a sub-query with LIMIT or OFFSET. Any of its solutions with the values of the selected one is enough.
    fn sliced(
        &mut self,
        pattern: &GraphPattern,
        inner: &GraphPattern,
        graph: Option<&NamedNodePattern>,
    ) -> (GraphPattern, Vec<Leaf>) {
        // A later join may bind variables that the sub-query leaves unbound.
        let mut scope = ExpressionScope::of(pattern);
        let as_seen = |v: Variable| (v.clone(), scope.as_seen(&v, &mut self.taken));
        let mut keys: Vec<_> = in_scope(pattern).into_iter().map(as_seen).collect();
        keys.extend(graph_key(graph).map(|v| (v.clone(), v)));
        let witness = self.witness(inner, graph).into();
        let support = Support::Any { witness, keys, otherwise: None };
        (scope.remembering(pattern.clone()), vec![always(support)])
    }

    /// Traces an OPTIONAL. Its leaves apply if it matched; otherwise the solution rests on the absence of a match.
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

    /// Traces one branch of a UNION. Its leaves apply to the solutions that it gave.
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

    /// Returns a traced pattern with a variable that is bound if the pattern matched. If the original is known, this
    /// can be a variable that each of its solutions binds and nothing else does; otherwise a new one is added.
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

/// Returns the solutions of a MINUS's right side that can remove something: those that bind a variable which the left
/// side may bind.
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

/// Returns a group as a sub-query of its graph, because the engine keeps only the keys and the aggregates of a group.
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

/// Makes leaves depend on a variable. A leaf that already depends on one stays as it is, because its variable is bound
/// only if this one is.
fn guard(leaves: &mut [Leaf], marker: &Variable) {
    for leaf in leaves {
        leaf.when.get_or_insert_with(|| marker.clone());
    }
}

/// Returns the variable of the graph in which a part is evaluated, if it is a variable.
pub(super) fn graph_key(graph: Option<&NamedNodePattern>) -> Option<Variable> {
    graph.and_then(named_variable).cloned()
}

/// Counts the parts of a pattern that bind each variable.
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

/// Renames the outer keys of leaves. The algebra names an aggregate by an internal variable, and the row has the value
/// under another name.
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
