//! What every query goes through on its way to the engine, so that the engine gives what SPARQL 1.1 says.

use super::blank_nodes::with_variables_for_blank_nodes;
use super::by_graph::graph_by_graph;
use super::scope::{certain, in_scope};
use super::unique_names::{fresh, with_unique_names};
use super::walk::{change, for_each_inner, variables, walk, walk_expression};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern, Variable};
use std::collections::{BTreeSet, HashSet};

/// The query as Oxigraph 0.5 is asked it. Some of its habits are worked around:
///
/// - It lets the bindings of a group into the EXISTS of its sibling: variables get names that mean one thing each.
/// - The merge of the graphs of several FROM is a bag in it, where RDF has a set: a triple in two of them would count
///   twice. Each triple pattern that is asked of the merge is made to give each triple once.
/// - The branches of an alternative path and the steps of a sequence in it give each pair once in it, as a negated set
///   does if both ends are bound, where they are a UNION, a join and a condition ([18.2.2.4](https://www.w3.org/TR/sparql11-query/#sparqlTranslatePathPatterns)): they are written
///   as these.
/// - `COUNT(DISTINCT *)` counts in it what blank nodes stand for, and what paths are opened with: it is given the variables
///   alone.
/// - It has GRAPH with a variable see all graphs as one in sub-queries: see [`graph_by_graph`]. To the sides of a MINUS it
///   is a variable that they share: a MINUS whose sides share no other one, which takes nothing away
///   ([18.5](https://www.w3.org/TR/sparql11-query/#defn_algMinus)), is left out.
/// - Its joins hand bindings into groups that must not see them: see [`with_barriers`].
///
/// The answers of all other queries are the same, in the same order.
pub fn for_engine(query: &Query) -> Query {
    let mut query = with_unique_names(query);
    let (Query::Select { dataset, pattern, .. }
    | Query::Construct { dataset, pattern, .. }
    | Query::Describe { dataset, pattern, .. }
    | Query::Ask { dataset, pattern, .. }) = &mut query;
    let mut taken = variables(pattern).into_iter().cloned().collect();
    change(pattern, &mut |pattern| {
        while let GraphPattern::Minus { left, right } = pattern
            && in_scope(left).is_disjoint(&in_scope(right))
        {
            *pattern = std::mem::take(left);
        }
        match pattern {
            GraphPattern::Group { inner, aggregates, .. }
                if aggregates.iter().any(|(_, aggregate)| counts_distinct_solutions(aggregate)) =>
            {
                let variables = in_scope(inner).into_iter().collect();
                *inner = GraphPattern::Project { inner: std::mem::take(inner), variables }.into();
            }
            GraphPattern::Path { subject, path, object } => {
                *pattern = opened(subject, path, object, &mut taken);
            }
            _ => {}
        }
        true
    });
    if dataset.as_ref().is_some_and(|dataset| dataset.default.len() > 1) {
        *pattern = with_variables_for_blank_nodes(pattern);
        change(pattern, &mut each_triple_once);
    }
    with_barriers(pattern);
    graph_by_graph(pattern);
    query
}

/// Keeps what a join binds out of groups that must not see it, by making these sub-queries: a condition with an EXISTS
/// that mentions a variable which its own group does not always bind, and an OPTIONAL with a MINUS inside. Oxigraph 0.5
/// joins such groups by a loop that hands the bindings in.
pub fn with_barriers(pattern: &mut GraphPattern) {
    for_each_inner(pattern, &mut with_barriers);
    let needs_barrier = match pattern {
        GraphPattern::Filter { expr: expression, inner }
        | GraphPattern::Extend { expression, inner, .. } => {
            asks_for_more(expression, &in_scope(inner), &certain(inner))
        }
        GraphPattern::LeftJoin { left, right, expression } => {
            let both = |of: fn(&GraphPattern) -> BTreeSet<Variable>| -> BTreeSet<Variable> {
                of(left).into_iter().chain(of(right)).collect()
            };
            let asks = |expression| asks_for_more(expression, &both(in_scope), &both(certain));
            expression.as_ref().is_some_and(asks) || has_minus(right)
        }
        _ => false,
    };
    if needs_barrier {
        // Not only those of its scope: as each name means one thing, nobody else binds the others but the solution that
        // an EXISTS around it is asked for, and that has to reach what stands inside.
        let mut variables: Vec<Variable> = variables(pattern).into_iter().cloned().collect();
        variables.sort();
        *pattern = GraphPattern::Project { inner: std::mem::take(pattern).into(), variables };
    }
}

/// Whether an EXISTS in an expression mentions a variable that may be bound and need not be.
fn asks_for_more(
    expression: &Expression,
    possible: &BTreeSet<Variable>,
    certain: &BTreeSet<Variable>,
) -> bool {
    let mut asks = false;
    walk_expression(expression, &mut |inner| {
        if let Expression::Exists(pattern) = inner {
            let is_open =
                |variable: &Variable| possible.contains(variable) && !certain.contains(variable);
            asks = asks || variables(pattern).into_iter().any(is_open);
        }
    });
    asks
}

const fn counts_distinct_solutions(aggregate: &AggregateExpression) -> bool {
    matches!(aggregate, AggregateExpression::CountSolutions { distinct: true })
}

fn has_minus(pattern: &GraphPattern) -> bool {
    let mut found = false;
    walk(pattern, &mut |pattern| found = found || matches!(pattern, GraphPattern::Minus { .. }));
    found
}

/// A path with its alternatives as unions, its sequences as joins and its negated sets as conditions, as far as these
/// are not repeated.
fn opened(
    subject: &TermPattern,
    path: &PropertyPathExpression,
    object: &TermPattern,
    taken: &mut HashSet<Variable>,
) -> GraphPattern {
    match path {
        PropertyPathExpression::NamedNode(predicate) => step(subject, predicate.clone(), object),
        PropertyPathExpression::NegatedPropertySet(excluded) => {
            let predicate = fresh("predicate", taken);
            let list = excluded.iter().cloned().map(Expression::from).collect();
            let is_excluded = Expression::In(Box::new(predicate.clone().into()), list);
            GraphPattern::Filter {
                expr: Expression::Not(is_excluded.into()),
                inner: step(subject, predicate, object).into(),
            }
        }
        PropertyPathExpression::Reverse(inner) => opened(object, inner, subject, taken),
        PropertyPathExpression::Sequence(first, second) => {
            let between = TermPattern::from(fresh("between", taken));
            GraphPattern::Join {
                left: opened(subject, first, &between, taken).into(),
                right: opened(&between, second, object, taken).into(),
            }
        }
        PropertyPathExpression::Alternative(first, second) => GraphPattern::Union {
            left: opened(subject, first, object, taken).into(),
            right: opened(subject, second, object, taken).into(),
        },
        PropertyPathExpression::ZeroOrMore(_)
        | PropertyPathExpression::OneOrMore(_)
        | PropertyPathExpression::ZeroOrOne(_) => GraphPattern::Path {
            subject: subject.clone(),
            path: path.clone(),
            object: object.clone(),
        },
    }
}

fn step(
    subject: &TermPattern,
    predicate: impl Into<NamedNodePattern>,
    object: &TermPattern,
) -> GraphPattern {
    let (subject, predicate, object) = (subject.clone(), predicate.into(), object.clone());
    GraphPattern::Bgp { patterns: vec![TriplePattern { subject, predicate, object }] }
}

/// Makes what is asked of the default graph give each triple once. Tells whether there may be more of it inside.
fn each_triple_once(pattern: &mut GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { patterns } => {
            let once = std::mem::take(patterns)
                .into_iter()
                .map(|triple| once(GraphPattern::Bgp { patterns: vec![triple] }))
                .reduce(|left, right| GraphPattern::Join {
                    left: left.into(),
                    right: right.into(),
                });
            *pattern = once.unwrap_or_default();
            false
        }
        GraphPattern::Path { .. } => {
            *pattern = once(std::mem::take(pattern));
            false
        }
        GraphPattern::Graph { .. } => false,
        _ => true,
    }
}

fn once(pattern: GraphPattern) -> GraphPattern {
    let variables = in_scope(&pattern).into_iter().collect();
    let project = GraphPattern::Project { inner: pattern.into(), variables };
    GraphPattern::Distinct { inner: project.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Prefixes;

    #[test]
    fn only_the_merge_of_several_graphs_is_made_a_set() {
        let text_of = |text: &str| {
            let query = crate::sparql::parse("q", text, &Prefixes::default()).unwrap();
            let text = crate::sparql::to_sparql(&for_engine(&query), &Prefixes::default());
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let merged = text_of(
            "SELECT * FROM <x:g> FROM <x:h> { ?a <x:p> ?b . ?b <x:q> [] GRAPH ?g { ?a <x:p> ?b } }",
        );
        assert_eq!(merged.matches("DISTINCT").count(), 2, "{merged}");
        assert!(merged.contains("GRAPH ?g { ?a <x:p> ?b . }"), "{merged}");
        let single = text_of("SELECT * FROM <x:g> { ?a <x:p> ?b }");
        assert!(!single.contains("DISTINCT"), "{single}");
    }
}
