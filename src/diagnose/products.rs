//! Cartesian products: groups with two elements that share no variable, so that each solution of one is combined with
//! each of the other.

use super::steps::{GroupStep, steps};
use crate::algebra::{in_scope, walk_expression};
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, Variable};
use std::collections::BTreeSet;

/// Elements of a group that share no variable.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Product {
    /// The parts, at least two, each as its steps.
    pub parts: Vec<Vec<GroupStep>>,
    /// The graph in which they are evaluated.
    pub graph: Option<NamedNodePattern>,
}

/// The deepest level of nested groups that is examined.
const DEEPEST: usize = 50;

/// The most elements of a group that are compared with each other.
const MOST_STEPS: usize = 200;

/// Returns the products of a pattern.
pub(super) fn products(pattern: &GraphPattern) -> Vec<Product> {
    let mut found = Vec::new();
    GroupPlace { outside: &BTreeSet::new(), graph: None, depth: DEEPEST }.look(pattern, &mut found);
    found
}

/// The graph and the bindings around a group.
#[derive(Clone, Copy)]
struct GroupPlace<'a> {
    /// The variables that are bound outside, which connect the parts that mention them.
    outside: &'a BTreeSet<Variable>,
    graph: Option<&'a NamedNodePattern>,
    depth: usize,
}

impl GroupPlace<'_> {
    /// Searches a group.
    fn look(self, pattern: &GraphPattern, found: &mut Vec<Product>) {
        let Some(depth) = self.depth.checked_sub(1) else { return };
        let here = GroupPlace { depth, ..self };
        match pattern {
            GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. }
            | GraphPattern::OrderBy { inner, .. } => here.look(inner, found),
            // A sub-query does not see the variables that are bound outside.
            GraphPattern::Project { inner, .. } | GraphPattern::Group { inner, .. } => {
                GroupPlace { outside: &BTreeSet::new(), ..here }.look(inner, found);
            }
            GraphPattern::Union { left, right } => {
                here.look(left, found);
                here.look(right, found);
            }
            // The graph variable connects everything inside.
            GraphPattern::Graph { name: NamedNodePattern::Variable(_), .. } => {}
            GraphPattern::Graph { name, inner } => {
                GroupPlace { graph: Some(name), ..here }.look(inner, found);
            }
            _ => here.group(&steps(pattern), found),
        }
    }

    fn group(self, all: &[GroupStep], found: &mut Vec<Product>) {
        if all.len() > MOST_STEPS {
            return;
        }
        let mut known: BTreeSet<Variable> = all.iter().flat_map(GroupStep::gives).collect();
        known.extend(self.outside.iter().cloned());
        for step in all {
            GroupPlace { outside: &known, ..self }.inside(step, found);
        }
        let parts = parts(all, self.outside);
        if parts.len() > 1 {
            found.push(Product { parts, graph: self.graph.cloned() });
        }
    }

    /// Searches the patterns inside a step.
    fn inside(self, step: &GroupStep, found: &mut Vec<Product>) {
        match step {
            GroupStep::Match(
                GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Values { .. },
            ) => {}
            GroupStep::Match(inner) => {
                GroupPlace { outside: &BTreeSet::new(), ..self }.look(inner, found);
            }
            GroupStep::Optional(inner, _) | GroupStep::Minus(inner) | GroupStep::Lateral(inner) => {
                self.look(inner, found);
            }
            GroupStep::Filter(condition) | GroupStep::Bind(_, condition) => {
                walk_expression(condition, &mut |inner| {
                    if let Expression::Exists(pattern) = inner {
                        self.look(pattern, found);
                    }
                });
            }
        }
    }
}

/// Returns the matching steps, split into parts that share no variable with each other or with the outside.
fn parts(all: &[GroupStep], outside: &BTreeSet<Variable>) -> Vec<Vec<GroupStep>> {
    let mut connected: Vec<BTreeSet<Variable>> = vec![outside.clone()];
    for step in all {
        let mut joined = step.variables();
        if joined.is_empty() {
            continue;
        }
        connected.retain(|other| {
            let is_apart = other.is_disjoint(&joined);
            if !is_apart {
                joined.extend(other.iter().cloned());
            }
            is_apart
        });
        connected.push(joined);
    }
    connected
        .into_iter()
        .filter(|variables| variables.is_disjoint(outside))
        .map(|variables| all.iter().filter(|s| is_many(s, &variables)).cloned().collect::<Vec<_>>())
        .filter(|part| !part.is_empty())
        .collect()
}

/// Returns whether a step matches some of the variables and is not meant to be combined with everything: a list of
/// values, or a sub-query with one row.
fn is_many(step: &GroupStep, variables: &BTreeSet<Variable>) -> bool {
    match step {
        GroupStep::Match(GraphPattern::Values { .. }) => false,
        GroupStep::Match(inner) => !is_one_row(inner) && !in_scope(inner).is_disjoint(variables),
        _ => false,
    }
}

fn is_one_row(pattern: &GraphPattern) -> bool {
    let mut pattern = pattern;
    loop {
        pattern = match pattern {
            GraphPattern::Slice { length: Some(1), .. } => return true,
            GraphPattern::Group { variables, .. } => return variables.is_empty(),
            GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::OrderBy { inner, .. }
            | GraphPattern::Filter { inner, .. }
            | GraphPattern::Slice { inner, .. }
            | GraphPattern::Extend { inner, .. } => inner,
            _ => return false,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::with_variables_for_blank_nodes;
    use crate::vocabulary::Prefixes;

    fn sizes(group: &str) -> Vec<Vec<usize>> {
        let query =
            crate::sparql::parse("q", &format!("ASK {group}"), &Prefixes::default()).unwrap();
        products(&with_variables_for_blank_nodes(crate::algebra::pattern_of(&query)))
            .into_iter()
            .map(|product| product.parts.iter().map(Vec::len).collect())
            .collect()
    }

    #[test]
    fn parts_that_share_nothing_are_found() {
        assert_eq!(sizes("{ ?c <x:q> ?d . ?a <x:p> ?b . ?b <x:r> ?e }"), [[1, 2]]);
        assert_eq!(sizes("{ { ?a <x:p> ?b . ?c <x:q> ?d } UNION { ?a <x:p> 1 } }"), [[1, 1]]);
        assert_eq!(sizes("{ { SELECT ?a { ?a <x:p> ?b . ?c <x:q> ?d } } }"), [[1, 1]]);
        assert_eq!(sizes("{ GRAPH <x:g> { ?a <x:p> ?b . ?c <x:q> ?d } }"), [[1, 1]]);
    }

    #[test]
    fn what_is_connected_is_none() {
        for group in [
            "{ ?a <x:p> ?b . ?b <x:q> ?c }",
            "{ ?a <x:p> ?b . ?c <x:q> ?d FILTER(?b < ?d) }",
            "{ ?a <x:p> ?b . ?c <x:q> ?d BIND(?b + ?d AS ?e) }",
            "{ ?a <x:p> ?b . ?c <x:q> ?d OPTIONAL { ?b <x:r> ?d } }",
            "{ ?a <x:p> ?b . ?c <x:q> ?d FILTER NOT EXISTS { ?b <x:r> ?d } }",
            "{ ?a <x:p> ?b OPTIONAL { ?a <x:q> ?c . ?b <x:r> ?d } }",
            "{ ?a <x:p> ?b FILTER EXISTS { ?a <x:q> ?c . ?b <x:r> ?d } }",
            "{ ?a <x:p> ?b . <x:a> <x:p> <x:b> }",
            "{ ?a <x:p> ?b VALUES ?c { 1 2 } }",
            "{ ?a <x:p> ?b { SELECT (COUNT(*) AS ?n) { ?c <x:p> ?d } } }",
            "{ ?a <x:p> [ <x:q> ?b ] }",
            "{ GRAPH ?g { ?a <x:p> ?b . ?c <x:q> ?d } }",
        ] {
            assert!(sizes(group).is_empty(), "{group}");
        }
    }
}
