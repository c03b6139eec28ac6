//! From a pattern to its witness: a pattern whose solutions tell what each solution of the first one rests on.
//!
//! The witness of a pattern keeps what decides which solutions there are, and shows what the pattern hides: the
//! variables of sub-queries, what blank nodes stand for, which branch of a UNION gave the solution, whether an OPTIONAL
//! matched. Beside it stand the *leaves*: what each solution of the witness rests on, once the variables are filled in.
//!
//! It is pure: algebra in, algebra out. The annotated relations behind it are those of Green, Karvounarakis and Tannen,
//! *Provenance semirings* (PODS 2007), with the operators of SPARQL as in Geerts and others, *Algebraic structures for
//! capturing the provenance of SPARQL queries* (ICDT 2013).

mod condition;
mod group;
mod scope;
mod tracing;

use crate::algebra::{named_variable, term_variable, variables_of_triple};
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern, Variable};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A pattern and what each of its solutions rests on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Witness {
    /// The pattern, with names that mean one thing each and variables in the place of blank nodes.
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
pub(crate) struct Leaf {
    /// It applies only to solutions that bind this variable.
    pub when: Option<Variable>,
    /// It applies only to solutions that do not bind this variable.
    pub unless: Option<Variable>,
    /// What it is.
    pub support: Support,
}

/// What a pattern that nothing matches is to a solution.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Absent {
    /// An OPTIONAL, or the members of a group.
    Joined,
    /// A MINUS: it takes nothing away from solutions that bind none of these variables of it.
    Minus(BTreeSet<Variable>),
    /// An EXISTS: it sees the values of the solution in all of its groups.
    Exists,
}

/// What a solution rests on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Support {
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
        /// Pairs of the variable in the pattern and the outer one that has the value which it was asked with.
        keys: Vec<(Variable, Variable)>,
        /// What the pattern is to the solution.
        of: Absent,
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
        otherwise: Option<Box<GroupMembers>>,
    },
    /// All solutions of an inner pattern that agree on the keys: the members of a group.
    All(GroupMembers),
    /// Any one of the alternatives of a condition that holds.
    Either(Vec<Alternative>),
}

/// One side of an OR.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alternative {
    /// The variable that tells whether it holds.
    pub holds: Variable,
    /// What it rests on.
    pub leaves: Vec<Leaf>,
}

/// The members of a group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GroupMembers {
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
    pub(crate) fn of(pattern: &GraphPattern) -> Self {
        tracing::witness(pattern)
    }

    /// The variables whose values tell what a solution rests on.
    pub(crate) fn needs(&self) -> BTreeSet<&Variable> {
        let mut needed = BTreeSet::new();
        self.add_needs(&self.leaves, &mut needed);
        needed
    }

    fn add_needs<'w>(&'w self, leaves: &'w [Leaf], needed: &mut BTreeSet<&'w Variable>) {
        for leaf in leaves {
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
                Support::Absence { keys, .. } => {
                    let outer = keys.iter().map(|(_, outer)| outer);
                    needed.extend(outer.filter(|outer| self.variables.contains(outer)));
                }
                Support::Either(alternatives) => {
                    for alternative in alternatives {
                        needed.insert(&alternative.holds);
                        self.add_needs(&alternative.leaves, needed);
                    }
                }
            }
        }
    }
}
