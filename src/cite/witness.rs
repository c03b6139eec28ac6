//! From a pattern to its witness: a pattern whose solutions tell what each solution of the first one rests on.
//!
//! The witness of a pattern keeps what decides which solutions there are, and shows what the pattern hides: the
//! variables of sub-queries, what blank nodes stand for, which branch of a UNION gave the solution, whether an OPTIONAL
//! matched. Beside it stand the *leaves*: what each solution of the witness rests on, once the variables are filled in.
//!
//! It is pure: algebra in, algebra out. The annotated relations behind it are those of Green, Karvounarakis and Tannen,
//! *Provenance semirings* (PODS 2007), with the operators of SPARQL as in Geerts and others, *Algebraic structures for
//! capturing the provenance of SPARQL queries* (ICDT 2013).

use super::keyed::has_barrier;
use crate::query::{
    certain, conjuncts, fresh, in_scope, named_variable, term_variable, variables,
    variables_of_triple, walk, walk_expression, with_variables_for_blank_nodes,
};
use oxigraph::model::Literal;
use spargebra::algebra::{
    AggregateExpression, AggregateFunction, Expression, GraphPattern, PropertyPathExpression,
};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern, Variable};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// A pattern and what each of its solutions rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// The pattern, in the names of [`with_variables_for_blank_nodes`].
    pub pattern: GraphPattern,
    /// The variables of its solutions.
    pub variables: Vec<Variable>,
    /// What its solutions rest on.
    pub leaves: Vec<Leaf>,
    /// Whether a part of it is evaluated as a whole however few solutions are asked for.
    pub has_barrier: bool,
}

/// Something that a solution rests on, if it applies.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// It applies only to solutions that bind this variable.
    pub when: Option<Variable>,
    /// It applies only to solutions that do not bind this variable.
    pub unless: Option<Variable>,
    /// What it is.
    pub support: Support,
}

/// What a solution rests on.
#[derive(Debug, Clone, PartialEq)]
pub enum Support {
    /// A triple.
    Triple {
        /// The triple, once its variables are filled in.
        triple: TriplePattern,
        /// The graph that a GRAPH names, else the default graph.
        graph: Option<NamedNodePattern>,
    },
    /// A named graph that is there, whatever it states.
    Graph(NamedNodePattern),
    /// Some way along a path: `*`, `+` and `?`, which hide the things between.
    Path {
        /// Where the path begins.
        subject: TermPattern,
        /// The path.
        path: PropertyPathExpression,
        /// Where it ends.
        object: TermPattern,
        /// The graph that a GRAPH names, else the default graph.
        graph: Option<NamedNodePattern>,
    },
    /// Nothing matches a pattern: an OPTIONAL without a match, a MINUS, a NOT EXISTS.
    Absence {
        /// The pattern.
        pattern: Arc<GraphPattern>,
        /// The variables that it shares with the solution.
        shared: BTreeSet<Variable>,
        /// If it is a MINUS: it takes nothing away from solutions that bind none of these.
        must_share: Option<BTreeSet<Variable>>,
    },
    /// Any solution of an EXISTS, asked for the solution at hand.
    Exists {
        /// The witness of the pattern of the EXISTS.
        witness: Box<Witness>,
        /// The pattern itself.
        pattern: Arc<GraphPattern>,
        /// Pairs of the variable in the pattern and the outer one that has the value which it was asked with.
        keys: Vec<(Variable, Variable)>,
        /// Whether the solution at hand is one only if there is a match.
        is_required: bool,
    },
    /// Any solution of an inner pattern that agrees on the keys: of a sub-query with LIMIT or OFFSET, or a member of a
    /// group that has the one value which is asked for.
    Any {
        /// The witness of the inner pattern.
        witness: Box<Witness>,
        /// Pairs of the inner variable and the outer one that has its value.
        keys: Vec<(Variable, Variable)>,
        /// What counts if no member of a group has the value: all of its members.
        otherwise: Option<Box<Members>>,
    },
    /// All solutions of an inner pattern that agree on the keys: the members of a group.
    All(Members),
}

/// The members of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Members {
    /// The witness of the pattern that they are solutions of.
    pub witness: Witness,
    /// The pattern itself: it is absent for a group without members.
    pub pattern: Arc<GraphPattern>,
    /// The keys, each with the outer variable that has its value.
    pub keys: Vec<(Variable, Variable)>,
    /// If the aggregates only see which values there are: the variables whose values count.
    pub distinct: Option<Vec<Variable>>,
}

impl Witness {
    /// The witness of the pattern of a query. The LIMIT and OFFSET of the whole query are left out: they choose among
    /// the solutions and give none.
    pub fn of(pattern: &GraphPattern) -> Self {
        let pattern = with_variables_for_blank_nodes(pattern);
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

    /// The variables whose values tell what a solution rests on.
    pub fn needs(&self) -> BTreeSet<&Variable> {
        let mut needed = BTreeSet::new();
        for leaf in &self.leaves {
            needed.extend(&leaf.when);
            needed.extend(&leaf.unless);
            match &leaf.support {
                Support::Triple { triple, graph } => {
                    needed.extend(variables_of_triple(triple));
                    needed.extend(graph.as_ref().and_then(named_variable));
                }
                Support::Path { subject, object, graph, .. } => {
                    needed.extend(term_variable(subject));
                    needed.extend(term_variable(object));
                    needed.extend(graph.as_ref().and_then(named_variable));
                }
                Support::Any { keys, .. } | Support::Exists { keys, .. } => {
                    needed.extend(keys.iter().map(|(_, outer)| outer));
                }
                Support::All(members) => {
                    needed.extend(members.keys.iter().map(|(_, outer)| outer));
                }
                Support::Graph(name) => needed.extend(named_variable(name)),
                Support::Absence { pattern, shared, .. } => {
                    let mentioned = variables(pattern);
                    let is_needed = |variable: &&Variable| {
                        mentioned.contains(variable) && self.variables.contains(variable)
                    };
                    needed.extend(shared.iter().filter(is_needed));
                }
            }
        }
        needed
    }
}

/// A pattern in which the leaves are looked for.
struct Tracing {
    /// All names there are.
    taken: HashSet<Variable>,
    /// How many parts of the whole pattern bind each variable.
    bound: HashMap<Variable, usize>,
    /// The variables of the solutions for which the EXISTS around the part at hand are asked.
    visible: BTreeSet<Variable>,
}

impl Tracing {
    /// The witness of a part that is asked by itself.
    fn witness(&mut self, pattern: &GraphPattern, graph: Option<&NamedNodePattern>) -> Witness {
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
                let mut scope = Scope::of(left);
                leaves.push(self.exists(right, graph, &mut scope, true));
                let left = scope.remembering(traced).into();
                (GraphPattern::Lateral { left, right: right.clone() }, leaves)
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                self.optional(left, right, expression.as_ref(), graph)
            }
            GraphPattern::Filter { expr, inner } => {
                let (traced, mut leaves) = self.trace(inner, graph);
                let mut scope = Scope::of(inner);
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
                let mut scope = Scope::of(inner);
                self.each_exists(expression, graph, &mut scope, &mut leaves);
                let inner = scope.remembering(traced);
                if let Expression::Variable(aggregate) = expression {
                    rename_outer_keys(&mut leaves, aggregate, variable);
                }
                let (variable, expression) = (variable.clone(), expression.clone());
                (GraphPattern::Extend { inner: inner.into(), variable, expression }, leaves)
            }
            GraphPattern::Minus { left, right } => {
                let scope = Scope::of(left);
                let inside = in_scope(right);
                let must_share: BTreeSet<_> =
                    scope.possible.intersection(&inside).cloned().collect();
                let shared = self.seen_from(&scope);
                let (left, mut leaves) = self.trace(left, graph);
                if !must_share.is_empty() {
                    leaves.push(always(absence(right, graph, shared, Some(must_share))));
                }
                (GraphPattern::Minus { left: left.into(), right: right.clone() }, leaves)
            }
            // What a sub-query hides has a name that nothing else has, so it may as well be seen.
            GraphPattern::OrderBy { inner, .. }
            | GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner } => self.trace(inner, graph),
            GraphPattern::Slice { inner, .. } => {
                let mut keys: Vec<_> =
                    in_scope(pattern).into_iter().map(|v| (v.clone(), v)).collect();
                keys.extend(graph_key(graph).map(|v| (v.clone(), v)));
                let witness = self.witness(inner, graph).into();
                (pattern.clone(), vec![always(Support::Any { witness, keys, otherwise: None })])
            }
            GraphPattern::Group { inner, variables, aggregates } => {
                let mut scope = Scope::of(pattern);
                let support = self.members(inner, variables, aggregates, graph, &mut scope);
                (scope.remembering(pattern.clone()), vec![always(support)])
            }
            GraphPattern::Values { .. } | GraphPattern::Service { .. } => {
                (pattern.clone(), Vec::new())
            }
        }
    }

    /// An OPTIONAL: its leaves apply where it matched; where it did not, the solution rests on that.
    fn optional(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        condition: Option<&Expression>,
        graph: Option<&NamedNodePattern>,
    ) -> (GraphPattern, Vec<Leaf>) {
        let mut scope = Scope::of(left);
        let shared = self.seen_from(&scope);
        let (left, mut leaves) = self.trace(left, graph);
        let (mut traced, mut inside) = self.trace(right, graph);
        if let Some(condition) = condition {
            let own = Scope::of(right);
            // What the right side may bind is seen as it binds it, and else as the left side does.
            let mut both = Scope { possible: own.possible, ..own };
            both.certain.extend(scope.certain.iter().cloned());
            both.possible.extend(scope.possible.iter().cloned());
            self.condition(condition, graph, &mut both, &mut inside);
            let of_left = |variable: &Variable| scope.possible.contains(variable);
            let (left_copies, right_copies) =
                both.copies.into_iter().partition(|(variable, _)| of_left(variable));
            scope.copies = left_copies;
            traced = Scope { copies: right_copies, ..Scope::default() }.remembering(traced);
        }
        let left = scope.remembering(left);
        let (traced, marker) = self.marked(traced, Some(right));
        guard(&mut inside, &marker);
        leaves.extend(inside);
        let absent = match condition {
            Some(condition) => {
                GraphPattern::Filter { expr: condition.clone(), inner: right.clone().into() }
            }
            None => right.clone(),
        };
        leaves.push(Leaf {
            when: None,
            unless: Some(marker),
            support: absence(&absent, graph, shared, None),
        });
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

    /// What a condition that holds rests on: its EXISTS have a match, and its NOT EXISTS have none.
    fn condition(
        &mut self,
        condition: &Expression,
        graph: Option<&NamedNodePattern>,
        scope: &mut Scope,
        leaves: &mut Vec<Leaf>,
    ) {
        for conjunct in conjuncts(condition) {
            match conjunct {
                Expression::Exists(pattern) => {
                    leaves.push(self.exists(pattern, graph, scope, true));
                }
                Expression::Not(negated) => match &**negated {
                    Expression::Exists(pattern) => {
                        let shared = self.seen_from(scope);
                        leaves.push(always(absence(pattern, graph, shared, None)));
                    }
                    negated => self.each_exists(negated, graph, scope, leaves),
                },
                conjunct => self.each_exists(conjunct, graph, scope, leaves),
            }
        }
    }

    /// What an expression that has EXISTS in it rests on: whichever of them have a match.
    fn each_exists(
        &mut self,
        expression: &Expression,
        graph: Option<&NamedNodePattern>,
        scope: &mut Scope,
        leaves: &mut Vec<Leaf>,
    ) {
        let mut patterns = Vec::new();
        walk_expression(expression, &mut |inner| {
            if let Expression::Exists(pattern) = inner {
                patterns.push(pattern.as_ref());
            }
        });
        for pattern in patterns {
            leaves.push(self.exists(pattern, graph, scope, false));
        }
    }

    /// The variables that an inner pattern may share with the solutions of an outer one.
    fn seen_from(&self, scope: &Scope) -> BTreeSet<Variable> {
        self.visible.iter().chain(&scope.possible).cloned().collect()
    }

    fn exists(
        &mut self,
        pattern: &GraphPattern,
        graph: Option<&NamedNodePattern>,
        scope: &mut Scope,
        is_required: bool,
    ) -> Leaf {
        let mentions: BTreeSet<Variable> =
            variables(pattern).into_iter().chain(graph.and_then(named_variable)).cloned().collect();
        let mut keys: Vec<(Variable, Variable)> = Vec::new();
        for variable in &mentions {
            if scope.possible.contains(variable) {
                let outer = scope.as_seen(variable, &mut self.taken);
                keys.push((variable.clone(), outer));
            } else if self.visible.contains(variable) || graph_key(graph).as_ref() == Some(variable)
            {
                keys.push((variable.clone(), variable.clone()));
            }
        }
        let inner = keys.iter().map(|(inner, _)| inner.clone());
        let visible = self.visible.iter().cloned().chain(inner).collect();
        let outside = std::mem::replace(&mut self.visible, visible);
        let witness = self.witness(pattern, graph).into();
        self.visible = outside;
        let pattern = in_graph(pattern, graph).into();
        always(Support::Exists { witness, pattern, keys, is_required })
    }

    /// What the row of a group rests on: its members, all of them or, where that is all the aggregates see, one for
    /// each value.
    fn members(
        &mut self,
        inner: &GraphPattern,
        keys: &[Variable],
        aggregates: &[(Variable, AggregateExpression)],
        graph: Option<&NamedNodePattern>,
        outer: &mut Scope,
    ) -> Support {
        let mut witness = self.witness(inner, graph);
        let mut scope = Scope::of(inner);
        let key = |key: &Variable| (key.clone(), outer.as_seen(key, &mut self.taken));
        let mut keys: Vec<_> = keys.iter().map(key).collect();
        keys.extend(graph_key(graph).map(|key| (key.clone(), key)));
        for (_, aggregate) in aggregates {
            if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                self.each_exists(expr, graph, &mut scope, &mut witness.leaves);
            }
        }
        if !scope.copies.is_empty() {
            witness.pattern = scope.remembering(witness.pattern);
            witness.variables = in_scope(&witness.pattern).into_iter().collect();
        }
        let pattern = in_graph(inner, graph).into();
        if let [(aggregate, AggregateExpression::FunctionCall { name, expr, .. })] = aggregates
            && matches!(
                name,
                AggregateFunction::Min | AggregateFunction::Max | AggregateFunction::Sample
            )
            && let Expression::Variable(variable) = expr
        {
            let mut pairs = keys.clone();
            pairs.push((variable.clone(), aggregate.clone()));
            let members = Members { witness: witness.clone(), pattern, keys, distinct: None };
            let (witness, otherwise) = (witness.into(), Some(members.into()));
            return Support::Any { witness, keys: pairs, otherwise };
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
        Support::All(Members { witness, pattern, keys, distinct })
    }
}

/// What an expression sees of the pattern that it belongs to.
#[derive(Default)]
struct Scope {
    /// The variables that each solution of the pattern has.
    certain: BTreeSet<Variable>,
    /// Those that a solution may have. What is joined to it later may give them a value that it did not see.
    possible: BTreeSet<Variable>,
    /// Variables that remember what others were when they were seen.
    copies: Vec<(Variable, Variable)>,
}

impl Scope {
    fn of(pattern: &GraphPattern) -> Self {
        Self { certain: certain(pattern), possible: in_scope(pattern), copies: Vec::new() }
    }

    /// The variable that has the value of another one as it is seen here.
    fn as_seen(&mut self, variable: &Variable, taken: &mut HashSet<Variable>) -> Variable {
        if self.certain.contains(variable) {
            return variable.clone();
        }
        if let Some((_, copy)) = self.copies.iter().find(|(original, _)| original == variable) {
            return copy.clone();
        }
        let copy = fresh(&format!("{}_seen", variable.as_str()), taken);
        self.copies.push((variable.clone(), copy.clone()));
        copy
    }

    /// The pattern, which remembers what was seen of it.
    fn remembering(self, pattern: GraphPattern) -> GraphPattern {
        self.copies.into_iter().fold(pattern, |inner, (original, copy)| GraphPattern::Extend {
            inner: inner.into(),
            variable: copy,
            expression: original.into(),
        })
    }
}

fn triple_leaf(triple: TriplePattern, graph: Option<&NamedNodePattern>) -> Leaf {
    always(Support::Triple { triple, graph: graph.cloned() })
}

fn always(support: Support) -> Leaf {
    Leaf { when: None, unless: None, support }
}

/// What nothing matches, in the graph in which it is asked for.
fn absence(
    pattern: &GraphPattern,
    graph: Option<&NamedNodePattern>,
    mut shared: BTreeSet<Variable>,
    must_share: Option<BTreeSet<Variable>>,
) -> Support {
    shared.extend(graph_key(graph));
    Support::Absence { pattern: in_graph(pattern, graph).into(), shared, must_share }
}

/// A pattern in the graph in which it is asked.
fn in_graph(pattern: &GraphPattern, graph: Option<&NamedNodePattern>) -> GraphPattern {
    match graph {
        Some(name) => GraphPattern::Graph { name: name.clone(), inner: pattern.clone().into() },
        None => pattern.clone(),
    }
}

/// Makes leaves depend on a variable. Those that depend on one already do so inside: there it is bound only if this one
/// is bound too.
fn guard(leaves: &mut [Leaf], marker: &Variable) {
    for leaf in leaves {
        leaf.when.get_or_insert_with(|| marker.clone());
    }
}

/// The variable of the graph in which a part is asked.
fn graph_key(graph: Option<&NamedNodePattern>) -> Option<Variable> {
    graph.and_then(named_variable).cloned()
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
