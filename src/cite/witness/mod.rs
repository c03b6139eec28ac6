//! Turns a pattern into its witness: a pattern whose solutions show what each solution of the original rests on.
//!
//! The witness of a pattern keeps everything that determines the solutions, and exposes what the pattern hides: the
//! variables of sub-queries, the values of blank nodes, the branch of a UNION that gave a solution, and whether an
//! OPTIONAL matched. Its *leaves* describe what each of its solutions rests on, once their variables are filled in.
//!
//! It is pure: it turns algebra into algebra. The underlying annotated relations are those of Green, Karvounarakis and
//! Tannen, *Provenance semirings* (PODS 2007). The operators of SPARQL follow Geerts and others, *Algebraic structures
//! for capturing the provenance of SPARQL queries* (ICDT 2013).

mod condition;
mod group;
mod scope;
mod tracing;

use crate::algebra::{named_variable, term_variable, variables_of_triple};
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern, Variable};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A pattern, and what each of its solutions rests on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Witness {
    /// The pattern, with names that have one meaning each, and variables in place of blank nodes.
    pub pattern: GraphPattern,
    /// The variables of its solutions.
    pub variables: Vec<Variable>,
    /// What its solutions rest on.
    pub leaves: Vec<Leaf>,
    /// Whether a part of it is evaluated as a whole, however few solutions are requested.
    pub has_barrier: bool,
}

/// Something that a solution rests on, with the condition under which it applies.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Leaf {
    /// It applies only to solutions that bind this variable.
    pub when: Option<Variable>,
    /// It applies only to solutions that do not bind this variable.
    pub unless: Option<Variable>,
    /// What the solution rests on.
    pub support: Support,
}

/// The role of a pattern without matches.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Absent {
    /// An OPTIONAL, or the members of a group.
    Joined,
    /// A MINUS. It removes nothing from solutions that bind none of these variables.
    Minus(BTreeSet<Variable>),
    /// An EXISTS. All of its groups see the values of the solution.
    Exists,
}

/// What a solution rests on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Support {
    /// A triple.
    Triple {
        /// The triple, before its variables are filled in.
        triple: TriplePattern,
        /// The graph of the enclosing GRAPH, or `None` for the default graph.
        graph: Option<NamedNodePattern>,
    },
    /// The existence of a named graph, whatever it states.
    Graph(NamedNodePattern),
    /// Any path that matches a `*`, a `+` or a `?`, which hide the terms in between.
    Path {
        /// The start of the path.
        subject: TermPattern,
        /// The path.
        path: PropertyPathExpression,
        /// The end of the path.
        object: TermPattern,
        /// The graph of the enclosing GRAPH, or `None` for the default graph.
        graph: Option<NamedNodePattern>,
    },
    /// A pattern without matches: that of an OPTIONAL without a match, a MINUS or a NOT EXISTS.
    Absence {
        /// The pattern.
        pattern: Arc<GraphPattern>,
        /// Pairs of a variable in the pattern and the outer variable with its value.
        keys: Vec<(Variable, Variable)>,
        /// The role of the pattern.
        of: Absent,
    },
    /// Any solution of an EXISTS for the current solution.
    Exists {
        /// The witness of the pattern of the EXISTS.
        witness: Box<Witness>,
        /// The pattern itself.
        pattern: Arc<GraphPattern>,
        /// Pairs of a variable in the pattern and the outer variable with its value.
        keys: Vec<(Variable, Variable)>,
        /// Whether the current solution requires a match.
        is_required: bool,
    },
    /// Any solution of an inner pattern that agrees on the keys: of a sub-query with LIMIT or OFFSET, or a group member
    /// with a certain value.
    Any {
        /// The witness of the inner pattern.
        witness: Box<Witness>,
        /// Pairs of an inner variable and the outer variable with its value.
        keys: Vec<(Variable, Variable)>,
        /// What counts if no member of a group has the value: all of its members.
        otherwise: Option<Box<GroupMembers>>,
    },
    /// All solutions of an inner pattern that agree on the keys: the members of a group.
    All(GroupMembers),
    /// Any alternative of a condition that is true.
    Either(Vec<Alternative>),
}

/// One side of an OR.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alternative {
    /// The variable that says whether this side is true.
    pub holds: Variable,
    /// What it rests on.
    pub leaves: Vec<Leaf>,
}

/// The members of a group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GroupMembers {
    /// The witness of the pattern whose solutions they are.
    pub witness: Witness,
    /// The pattern itself, which is absent for a group without members.
    pub pattern: Arc<GraphPattern>,
    /// The group keys, each with the outer variable that has its value.
    pub keys: Vec<(Variable, Variable)>,
    /// The variables whose values matter, if the aggregates see only distinct values.
    pub distinct: Option<Vec<Variable>>,
}

impl Witness {
    /// Returns the witness of a query's pattern. Omits the outermost LIMIT and OFFSET, which select solutions but do
    /// not create any.
    pub(crate) fn of(pattern: &GraphPattern) -> Self {
        tracing::witness(pattern)
    }

    /// Returns the variables whose values determine what a solution rests on.
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
