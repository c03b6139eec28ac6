//! A planned query gives the same solutions as the query that it was made from, each as many times, whatever the plan
//! was made from; and the engine keeps to the plan.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use dossier::plan::{Count, Gathering, Knowledge, Statistics, plan};
use dossier::query::for_engine;
use dossier::store::Store;
use oxigraph::model::{NamedNode, Term};
use oxigraph::sparql::QueryResults;
use proptest::prelude::*;
use spargebra::algebra::GraphPattern;
use spargebra::term::TriplePattern;
use spargebra::{Query, SparqlParser};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use support::reference::{self, Dataset};
use support::{random_data, random_query};

fn store(trig: &str) -> Store {
    Store::of(Dataset::parse(trig).materialised()).unwrap()
}

fn pattern_of(query: &Query) -> &GraphPattern {
    dossier::query::pattern_of(query)
}

/// The solutions of a query, sorted. Blank nodes that the query makes are new each time.
fn rows(store: &Store, query: Query) -> Vec<String> {
    let shown = |term: &Term| if term.is_blank_node() { "_".into() } else { term.to_string() };
    let mut rows: Vec<String> = match store.evaluate_as_it_is(query).unwrap() {
        QueryResults::Solutions(solutions) => solutions
            .map(|row| {
                let row = row.unwrap();
                let values = row.values().iter();
                values
                    .map(|v| v.as_ref().map_or_else(String::new, shown))
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect(),
        QueryResults::Boolean(value) => vec![value.to_string()],
        QueryResults::Graph(triples) => {
            let shown = |triple: oxigraph::model::Triple| {
                [triple.subject.into(), triple.predicate.into(), triple.object]
                    .map(|t| shown(&t))
                    .join(" ")
            };
            let mut rows: Vec<String> = triples.map(|triple| shown(triple.unwrap())).collect();
            rows.sort();
            rows.dedup();
            rows
        }
    };
    rows.sort();
    rows
}

/// Whether the answer of a query depends on the order in which solutions are found.
fn is_a_choice(query: &Query, text: &str) -> bool {
    let patterns = reference::patterns(pattern_of(query));
    patterns.iter().any(|pattern| matches!(pattern, GraphPattern::Slice { .. }))
        || text.contains("SAMPLE")
        || text.contains("GROUP_CONCAT")
}

fn statistics(trig: &str) -> Statistics {
    let mut gathering = Gathering::default();
    for quad in Dataset::parse(trig).quads() {
        gathering.add(quad.as_ref().into());
    }
    gathering.finish()
}

fn same_rows(text: &str, data: &str, other: &str, luck: u64) -> Result<(), TestCaseError> {
    let query =
        SparqlParser::new().parse_query(text).map_err(|_| TestCaseError::reject("no SPARQL"))?;
    if is_a_choice(&query, text) {
        return Err(TestCaseError::reject("a choice"));
    }
    let store = store(data);
    let query = for_engine(&query);
    // What is known is of other data, or made up: a bad plan must be as right as a good one.
    let statistics = statistics(other);
    let count = |triple: &TriplePattern, graph: Option<&NamedNode>, most: usize| {
        let mut hasher = DefaultHasher::new();
        (triple, graph, luck).hash(&mut hasher);
        match hasher.finish() % 8 {
            7 => Count::AtLeast(most),
            count => Count::Exactly(usize::try_from(count).unwrap()),
        }
    };
    let copies = f64::from(u8::try_from(luck % 3).unwrap());
    let knowledge = Knowledge { statistics: &statistics, count: &count, copies };
    let planned = plan(&query, knowledge, luck % 2 == 0).query;
    let shown = dossier::query::to_sparql(&query, &dossier::vocabulary::Prefixes::default());
    prop_assert_eq!(
        rows(&store, planned.clone()),
        rows(&store, query),
        "\nquery: {}\ndata: {}\nasked: {}\nplanned: {:#?}",
        text,
        data,
        shown,
        pattern_of(&planned)
    );
    Ok(())
}

proptest! {
    #![proptest_config(support::cases(1024))]

    #[test]
    fn a_plan_gives_the_same_rows(
        text in random_query::query(),
        data in random_data::dataset(),
        other in random_data::dataset(),
        luck in any::<u64>(),
    ) {
        same_rows(&text, &data, &other, luck)?;
    }

    #[test]
    fn a_plan_of_joins_gives_the_same_rows(
        text in random_query::monotone(),
        data in random_data::dataset(),
        other in random_data::dataset(),
        luck in any::<u64>(),
    ) {
        same_rows(&text, &data, &other, luck)?;
    }
}
