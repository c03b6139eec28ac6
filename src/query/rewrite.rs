//! What every query goes through on its way to the engine, so that the engine gives what SPARQL 1.1 says.

use super::unique::{with_unique_names, with_variables_for_blank_nodes};
use super::in_scope;
use super::walk::change;
use spargebra::Query;
use spargebra::algebra::GraphPattern;

/// The query as Oxigraph 0.5 is asked it. Two of its habits are worked around:
///
/// - It lets the bindings of a group into the EXISTS of its sibling: variables get names that mean one thing each.
/// - The merge of the graphs of several FROM is a bag in it, where RDF has a set: a triple in two of them would count
///   twice. Each triple pattern that is asked of the merge is made to give each triple once.
///
/// The answers of all other queries are the same, in the same order.
pub fn for_engine(query: &Query) -> Query {
    let mut query = with_unique_names(query);
    let (Query::Select { dataset, pattern, .. }
    | Query::Construct { dataset, pattern, .. }
    | Query::Describe { dataset, pattern, .. }
    | Query::Ask { dataset, pattern, .. }) = &mut query;
    if dataset.as_ref().is_some_and(|dataset| dataset.default.len() > 1) {
        *pattern = with_variables_for_blank_nodes(pattern);
        change(pattern, &mut each_triple_once);
    }
    query
}

/// Makes what is asked of the default graph give each triple once. Tells whether there may be more of it inside.
fn each_triple_once(pattern: &mut GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { patterns } => {
            let once = std::mem::take(patterns)
                .into_iter()
                .map(|triple| once(GraphPattern::Bgp { patterns: vec![triple] }))
                .reduce(|left, right| GraphPattern::Join { left: left.into(), right: right.into() });
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
            let query = crate::query::parse("q", text, &Prefixes::default()).unwrap();
            let text = crate::query::to_sparql(&for_engine(&query), &Prefixes::default());
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let merged = text_of("SELECT * FROM <x:g> FROM <x:h> { ?a <x:p> ?b . ?b <x:q> [] GRAPH ?g { ?a <x:p> ?b } }");
        assert_eq!(merged.matches("DISTINCT").count(), 2, "{merged}");
        assert!(merged.contains("GRAPH ?g { ?a <x:p> ?b . }"), "{merged}");
        let single = text_of("SELECT * FROM <x:g> { ?a <x:p> ?b }");
        assert!(!single.contains("DISTINCT"), "{single}");
    }
}
