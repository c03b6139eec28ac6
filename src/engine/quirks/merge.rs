//! The merge of several FROM graphs, which is a set in RDF ([SPARQL 1.1,
//! 13.2.1](https://www.w3.org/TR/sparql11-query/#unnamedGraph)) but a bag in the engine: a triple in two of them would
//! count twice.

use crate::algebra::{change, in_scope, pattern_of_mut, with_variables_for_blank_nodes};
use spargebra::Query;
use spargebra::algebra::GraphPattern;

/// Makes each triple pattern on a merge of several graphs return each triple once.
pub(super) fn merge_as_set(query: &mut Query) {
    if query.dataset().is_some_and(|dataset| dataset.default.len() > 1) {
        let pattern = pattern_of_mut(query);
        *pattern = with_variables_for_blank_nodes(pattern);
        change(pattern, &mut each_triple_once);
    }
}

/// Makes patterns on the default graph return each triple once. Returns whether to descend further.
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
    use crate::engine::prepare;
    use crate::sparql::{parse, to_sparql};
    use crate::vocabulary::Prefixes;

    #[test]
    fn only_the_merge_of_several_graphs_is_made_a_set() {
        let text_of = |text: &str| {
            let query = prepare(&parse("q", text, &Prefixes::default()).unwrap());
            let text = to_sparql(query.rewritten(), &Prefixes::default());
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
