//! A planned query gives the same solutions as the query that it was made from, each as many times, whatever the plan
//! was made from; and the engine keeps to the plan.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
use crate::support::reference::Dataset;
use crate::support::{for_engine, random_data, random_query};
use dossier::internals::{
    AccessPath, CountResult, EngineQuery, Knowledge, RowGoal, Statistics, Store, Triples,
    load_files, plan,
};
use dossier::{RdfFile, SourceFile};
use oxigraph::model::{NamedNode, Quad, Term};
use oxigraph::sparql::QueryResults;
use proptest::prelude::*;
use spargebra::algebra::GraphPattern;
use spargebra::term::TriplePattern;
use spargebra::{Query, SparqlParser};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

fn store(trig: &str) -> Store {
    Store::of(Dataset::parse(trig).materialised()).unwrap()
}

fn pattern_of(query: &Query) -> &GraphPattern {
    dossier::internals::pattern_of(query)
}

/// The solutions of a query, sorted. Blank nodes that the query makes are new each time.
fn rows(store: &Store, query: Query) -> Vec<String> {
    let shown = |term: &Term| if term.is_blank_node() { "_".into() } else { term.to_string() };
    let mut rows: Vec<String> =
        match store.evaluate_unplanned(EngineQuery::of_parts(query)).unwrap() {
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

fn statistics(trig: &str) -> Statistics {
    let mut triples = Triples::default();
    for quad in Dataset::parse(trig).quads() {
        triples.add(quad.as_ref().into());
    }
    Statistics::of(&triples.index())
}

fn same_rows(text: &str, data: &str, other: &str, luck: u64) -> Result<(), TestCaseError> {
    let query =
        SparqlParser::new().parse_query(text).map_err(|_| TestCaseError::reject("no SPARQL"))?;
    if support::leaves_a_choice(text) {
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
            7 => CountResult::AtLeast(most),
            count => CountResult::Exactly(usize::try_from(count).unwrap()),
        }
    };
    let index = match luck % 4 {
        0 => AccessPath::Sorted,
        3 => AccessPath::Arrays,
        copies => AccessPath::Chains { copies: f64::from(u8::try_from(copies).unwrap()) },
    };
    let known = Dataset::parse(other);
    let only = |_: &TriplePattern| {
        let quads = known.quads();
        let chosen = usize::try_from(luck).unwrap_or_default().checked_rem(quads.len())?;
        Some(quads.get(chosen)?.clone().into())
    };
    let knowledge = Knowledge { statistics: &statistics, count: &count, only: &only, index };
    let wanted = if luck.is_multiple_of(2) { RowGoal::First(3) } else { RowGoal::All };
    let planned = plan(&query, knowledge, wanted).query;
    let shown = dossier::internals::to_sparql(&query, &dossier::Prefixes::default());
    let expected = rows(&store, query.clone());
    let same = |query: &Query, way: &str| {
        prop_assert_eq!(
            rows(&store, query.clone()),
            expected.clone(),
            "\nquery: {}\ndata: {}\nasked: {}\n{}: {:#?}",
            text,
            data,
            shown,
            way,
            pattern_of(query)
        );
        Ok(())
    };
    same(&planned, "planned")?;
    // From now on the default graph has an index.
    store.statistics().unwrap();
    same(&query, "with an index")?;
    same(&planned, "planned, with an index")
}

proptest! {
    #![proptest_config(support::cases(384))]

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
    fn a_plan_of_paths_gives_the_same_rows(
        text in random_query::with_repeated_paths(),
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

/// The names that the engine gives its operations, the outer ones first.
fn operations(store: &Store, pattern: GraphPattern) -> Vec<String> {
    fn add(node: &serde_json::Value, names: &mut Vec<String>) {
        names.push(node["name"].as_str().unwrap().to_owned());
        for child in node["children"].as_array().unwrap() {
            add(child, names);
        }
    }
    let query = Query::Select { dataset: None, pattern, base_iri: None };
    let query = EngineQuery::of_parts(query);
    let run = store.clone().without_planning().run(query, None).unwrap();
    let account: serde_json::Value = serde_json::from_slice(&run.report).unwrap();
    let mut names = Vec::new();
    add(&account["plan"], &mut names);
    names
}

fn group(text: &str) -> GraphPattern {
    let query = SparqlParser::new().parse_query(&format!("ASK {{ {text} }}")).unwrap();
    match pattern_of(&query) {
        GraphPattern::Project { inner, .. } => inner.as_ref().clone(),
        pattern => pattern.clone(),
    }
}

fn subquery(text: &str) -> GraphPattern {
    let inner = group(text);
    let variables = dossier::internals::in_scope(&inner).into_iter().collect();
    GraphPattern::Project { inner: inner.into(), variables }
}

const THREE: [&str; 3] = ["?y <x:q> ?z", "?x <x:p> ?y", "?x <x:r> <x:c>"];

/// What plans rest on: the engine takes a chain of loops as it is written, however bad.
#[test]
fn the_engine_keeps_the_order_of_loops() {
    let chain = THREE
        .map(group)
        .into_iter()
        .reduce(|left, right| GraphPattern::Lateral { left: left.into(), right: right.into() });
    let names = operations(&store("<x:a> <x:p> <x:b> ."), chain.unwrap());
    assert_eq!(
        names,
        [
            "Lateral",
            "Lateral",
            "QuadPattern(?y <x:q> ?z)",
            "QuadPattern(?x <x:p> ?y)",
            "QuadPattern(?x <x:r> <x:c>)",
        ]
    );
}

/// What plans rest on: it makes a loop of a join of its own, but a hash table of a join of two sub-queries.
#[test]
fn the_engine_builds_a_hash_table_for_sub_queries() {
    let store = store("<x:a> <x:p> <x:b> .");
    let [first, second, _] = THREE;
    let join = |left, right| GraphPattern::Join { left: Box::new(left), right: Box::new(right) };
    let names = operations(&store, join(group(first), group(second)));
    assert_eq!(names[0], "Lateral");
    let names = operations(&store, join(subquery(first), subquery(second)));
    assert_eq!(names[0], "Join(HashBuildLeftProbeRight, keys = ?y)");
}

/// Enough data to be planned: 6,000 people who all live somewhere, few of them in the village, and each knows some.
fn people() -> Store {
    people_and("")
}

/// These people, and something else.
fn people_and(more: &str) -> Store {
    some_people_and(6_000, more)
}

fn some_people_and(count: usize, more: &str) -> Store {
    let mut text = more.to_owned();
    for i in 0..count {
        let place = if i % 1_000 == 0 { "village" } else { "city" };
        text.push_str(&format!(
            "<x:p{i}> a <x:Person> ; <x:name> \"P{i}\" ; <x:home> <x:{place}> . "
        ));
        for j in 1..4 {
            text.push_str(&format!("<x:p{i}> <x:knows> <x:p{}> . ", (i * 7 + j * 13) % count));
        }
    }
    Store::of(
        oxigraph::io::RdfParser::from_format(oxigraph::io::RdfFormat::TriG)
            .for_slice(text.as_bytes())
            .map(Result::unwrap),
    )
    .unwrap()
}

/// The steps by which a query was evaluated.
fn steps(store: &Store, text: &str) -> Vec<String> {
    steps_to(store, text, None)
}

/// The steps by which a query was evaluated as far as some rows.
fn steps_to(store: &Store, text: &str, limit: Option<usize>) -> Vec<String> {
    let query = SparqlParser::new().parse_query(text).unwrap();
    let explanation =
        dossier::internals::explain(store, &query, limit, &dossier::Prefixes::default());
    let steps = explanation.unwrap().steps.into_iter();
    steps.map(|step| format!("{} {}", step.what, step.detail)).collect()
}

#[test]
fn what_has_few_triples_comes_first() {
    let store = people();
    assert_eq!(
        steps(
            &store,
            "SELECT * { ?a <x:name> ?n . ?a <x:knows> ?b . ?b a <x:Person> . ?b <x:home> <x:village> }"
        ),
        [
            "match ?b <x:home> <x:village>",
            "match per row ?b <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:Person>",
            "match per row ?a <x:knows> ?b",
            "match per row ?a <x:name> ?n",
            "project ?a ?b ?n",
        ]
    );
    // An OPTIONAL in the middle keeps nothing from that.
    assert_eq!(
        steps(
            &store,
            "SELECT ?a { ?a <x:knows> ?b OPTIONAL { ?a <x:nick> ?n } ?b <x:home> <x:village> }"
        ),
        [
            "match ?b <x:home> <x:village>",
            "match per row ?a <x:knows> ?b",
            "optional nested loop ",
            "project ?a",
        ]
    );
    // And the patterns of an EXISTS are looked up from what is known.
    let explained = steps(
        &store,
        "SELECT ?a { ?a <x:home> <x:village> FILTER EXISTS { ?c a <x:Person> . ?b <x:knows> ?c . ?a <x:knows> ?b } }",
    );
    assert_eq!(explained[0], "match ?a <x:home> <x:village>");
}

/// Whoever wants some rows does not wait for a hash table of all.
#[test]
fn the_first_rows_come_without_a_hash_table() {
    // A query that asks named graphs too is not answered by the index of the default graph, whose look-ups are quicker
    // than any table; and in the store a look-up passes by the triples of all graphs.
    let star = "SELECT * { ?a <x:name> ?n . ?a <x:home> ?h . ?a <x:knows> ?b \
        FILTER NOT EXISTS { GRAPH <x:g> { ?a <x:is> <x:gone> } } }";
    let store = some_people_and(1_500, "<x:g> { <x:a> <x:p> <x:b> } ");
    let has_table =
        |limit| steps_to(&store, star, limit).iter().any(|step| step.starts_with("hash join"));
    assert!(has_table(None));
    assert!(!has_table(Some(10)));
    // There are not so many.
    assert!(has_table(Some(1_000_000)));
    let asks_for_table = |limit: &str| {
        let steps = steps(&store, &format!("{star} LIMIT {limit}"));
        steps.iter().any(|step| step.starts_with("hash join"))
    };
    assert!(!asks_for_table("10"));
    assert!(asks_for_table("1000000"));
}

#[test]
fn what_a_single_triple_leads_to_is_looked_at() {
    let mut more =
        "<x:castle> <x:stands> <x:village> . <x:tower> <x:stands> <x:city> . ".to_owned();
    for i in 0..300 {
        more.push_str(&format!("<x:p{}> <x:club> <x:chess> . ", i * 20 + 1));
    }
    let store = people_and(&more);
    let asked = |what: &str| {
        format!(
            "SELECT * {{ <x:{what}> <x:stands> ?home . ?a <x:home> ?home . ?a <x:club> <x:chess> }}"
        )
    };
    // Both homes are one of two, but six people live in the one, and all others in the other.
    assert_eq!(
        steps(&store, &asked("castle"))[..3],
        [
            "match <x:castle> <x:stands> ?home",
            "match per row ?a <x:home> ?home",
            "match per row ?a <x:club> <x:chess>",
        ]
    );
    assert_eq!(
        steps(&store, &asked("tower"))[..3],
        [
            "match <x:tower> <x:stands> ?home",
            "match per row ?a <x:club> <x:chess>",
            "match per row ?a <x:home> ?home",
        ]
    );
}

/// What is gathered while a file is loaded is what the store tells when it is read.
fn same_statistics(trig: &str) -> Result<(), TestCaseError> {
    // Of less nothing is gathered.
    let more = (0..5_000).map(|i| format!("<x:more> <x:than> <x:{i}> .\n"));
    let text = more.fold(format!("{trig}\n"), |text, line| text + &line);
    let bytes = text.into_bytes().into();
    let file = RdfFile::new(SourceFile { path: "data.trig".to_owned(), bytes }).unwrap();
    let loaded = load_files(vec![file.into()]).unwrap().store;
    let quads: Vec<Quad> = loaded.quads().collect::<Result<_, _>>().unwrap();
    let read = Store::of(quads).unwrap();
    prop_assert_eq!(loaded.statistics().unwrap(), read.statistics().unwrap());
    Ok(())
}

#[test]
fn statistics_are_of_what_the_store_keeps() {
    let data = "<x:a> <x:p> 04, 4, \"4\"^^<http://www.w3.org/2001/XMLSchema#int>, 4.50, 4.5 . <x:g> { <x:a> <x:p> 004 }";
    same_statistics(data).unwrap();
    let statistics = store(data).statistics().unwrap();
    assert_eq!((statistics.triples, statistics.objects), (2, 2));
}

proptest! {
    #![proptest_config(support::cases(16))]

    #[test]
    fn statistics_come_with_loading(data in random_data::dataset()) {
        same_statistics(&data)?;
    }
}

#[test]
fn statistics_count_each_triple_once() {
    let store = store(
        "<x:a> a <x:C> ; <x:p> <x:b>, <x:c> . <x:b> <x:p> <x:c> . <x:g> { <x:a> <x:p> <x:b> . <x:d> a <x:C>, <x:D> }",
    );
    let statistics = store.statistics().unwrap();
    assert_eq!((statistics.triples, statistics.subjects, statistics.objects), (6, 3, 4));
    let numbers = |name: &str| {
        let property = &statistics.properties[&NamedNode::new(name).unwrap()];
        (property.triples, property.subjects, property.objects)
    };
    assert_eq!(numbers("x:p"), (3, 2, 2));
    assert_eq!(numbers("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), (3, 2, 2));
    let classes: Vec<(&str, u64)> =
        statistics.classes.iter().map(|(c, n)| (c.as_str(), *n)).collect();
    assert_eq!(classes, [("x:C", 2), ("x:D", 1)]);
}
