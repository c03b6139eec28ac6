//! Queries that are evaluated on the numbers of the index have the solutions that the engine gives, also where blocks
//! are full and groups are large.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use dossier::internals::{RowGoal, Store, explain, load_files, prepare};
use dossier::{Prefixes, RdfFile, SourceFile};
use oxigraph::model::{BlankNode, GraphName, Literal, NamedNode, Quad, Term};
use oxigraph::sparql::QueryResults;
use spargebra::{Query, SparqlParser};

/// Things with more triples than a block has rows, and with few; values of all kinds; some properties that only some
/// things have.
fn store() -> Store {
    let name = |name: String| NamedNode::new_unchecked(format!("x:{name}"));
    let mut quads = Vec::new();
    let mut add = |subject: Term, property: &str, object: Term| {
        let property = name(property.to_owned());
        quads.push(match subject {
            Term::BlankNode(node) => Quad::new(node, property, object, GraphName::DefaultGraph),
            Term::NamedNode(node) => Quad::new(node, property, object, GraphName::DefaultGraph),
            Term::Literal(_) => return,
        });
    };
    for i in 0..12_000_u32 {
        let thing: Term = match i % 10 {
            0 => BlankNode::new_unchecked(format!("b{i}")).into(),
            _ => name(format!("thing{i}")).into(),
        };
        add(name("hub".to_owned()).into(), "has", thing.clone());
        add(thing.clone(), "in", name(format!("group{}", i % 7)).into());
        add(thing.clone(), "size", Literal::from(i64::from(i % 100)).into());
        if i % 3 == 0 {
            add(
                thing.clone(),
                "label",
                Literal::new_simple_literal(format!("label {}", i % 500)).into(),
            );
        }
        if i % 50 == 0 {
            add(thing.clone(), "rare", Literal::from(f64::from(i) / 4.0).into());
        }
        if i % 20 == 0 {
            add(thing, "size", Literal::new_simple_literal("none").into());
        }
    }
    let store = Store::of(quads).unwrap();
    store.statistics().unwrap();
    store
}

fn parsed(text: &str) -> Query {
    SparqlParser::new().with_prefix("", "x:").unwrap().parse_query(text).unwrap()
}

fn rows(store: &Store, query: &Query, is_ordered: bool) -> Vec<String> {
    let mut rows: Vec<String> = match store.evaluate(prepare(query), RowGoal::All).unwrap() {
        QueryResults::Boolean(value) => vec![value.to_string()],
        QueryResults::Solutions(solutions) => solutions
            .map(|row| {
                let row = row.unwrap();
                let values = row.values().iter();
                values.map(|v| v.as_ref().map_or_else(String::new, Term::to_string) + " ").collect()
            })
            .collect(),
        QueryResults::Graph(_) => Vec::new(),
    };
    if !is_ordered {
        rows.sort();
    }
    rows
}

/// Queries that run on numbers.
const ON_NUMBERS: [&str; 44] = [
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?s }",
    "SELECT (COUNT(*) AS ?n) { ?s :none ?o }",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "SELECT ?o (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o } GROUP BY ?o",
    "SELECT (COUNT(DISTINCT *) AS ?n) { ?s :in ?g ; :size ?o }",
    "SELECT ?g (SUM(?n) AS ?sum) (AVG(?n) AS ?mean) { ?s :in ?g ; :size ?n FILTER(isNUMERIC(?n)) } GROUP BY ?g",
    "SELECT ?g (SUM(?n) AS ?sum) (MIN(?n) AS ?least) { ?s :in ?g ; :size ?n } GROUP BY ?g",
    "SELECT ?g (MAX(?n) AS ?most) (SUM(DISTINCT ?n) AS ?sum) { ?s :in ?g ; :rare ?n } GROUP BY ?g",
    "SELECT (SUM(?n) AS ?sum) (MAX(?n) AS ?most) (GROUP_CONCAT(?n) AS ?all) (SAMPLE(?n) AS ?any) { ?s :none ?n }",
    "SELECT ?g (GROUP_CONCAT(DISTINCT ?k) AS ?all) { ?s :in ?g BIND(STR(?g) AS ?k) } GROUP BY ?g",
    "SELECT ?g (COUNT(?l) AS ?n) { ?s :in ?g OPTIONAL { ?s :label ?l } } GROUP BY ?g HAVING(COUNT(?l) > 500)",
    "SELECT * { :hub :has ?x . ?x :in ?g }",
    "SELECT * { ?x :in ?g . ?h :has ?x . ?x :rare ?r }",
    "SELECT * { :hub ?p ?x }",
    "SELECT ?x ?l ?r { ?x :size 7 OPTIONAL { ?x :label ?l } OPTIONAL { ?x :rare ?r FILTER(?r > 100) } }",
    "SELECT ?x ?r { ?x :in :group1 OPTIONAL { ?x :label ?l . ?x :rare ?r } }",
    "SELECT ?x ?r ?l { ?x :in :group2 OPTIONAL { ?x :rare ?r } OPTIONAL { ?x :label ?l FILTER(BOUND(?r)) } }",
    "SELECT * { ?x :in ?g MINUS { ?x :label ?l } }",
    "SELECT * { ?x :in ?g MINUS { ?x :rare ?r FILTER(?r < 1000) } }",
    "SELECT * { { ?x :rare ?r OPTIONAL { ?x :label ?l } } MINUS { ?y :label ?l } }",
    "SELECT * { ?x :in ?g FILTER EXISTS { ?x :rare ?r } }",
    "SELECT * { ?x :in ?g FILTER NOT EXISTS { { ?x :rare ?r } UNION { ?x :label ?l } } }",
    "SELECT * { ?x :in ?g FILTER(?g = :group3 || !EXISTS { ?x :label ?l }) }",
    "SELECT * { { ?x :rare ?v } UNION { ?x :label ?v } UNION { ?x :none ?v } }",
    "SELECT * { { ?x :rare ?v } UNION { ?x :label ?w } ?x :in ?g }",
    "SELECT * { VALUES (?g ?s) { (:group1 UNDEF) (UNDEF 99) (:group2 50) } ?x :in ?g ; :size ?s }",
    "SELECT * { ?x :in ?g VALUES ?g { :group1 :other } }",
    "SELECT * { { SELECT ?g (COUNT(*) AS ?n) { ?x :in ?g } GROUP BY ?g } { SELECT ?g (COUNT(?l) AS ?m) { ?x :in ?g ; :label ?l } GROUP BY ?g } }",
    "SELECT * { { SELECT DISTINCT ?l { ?x :label ?l } } ?y :label ?l ; :rare ?r }",
    "SELECT DISTINCT ?g ?s { ?x :in ?g ; :size ?s }",
    "SELECT ?x { ?x :size ?s FILTER(?s > 95 && isBLANK(?x)) }",
    "SELECT ?x { ?x ?p ?o FILTER(isLITERAL(?o) && !isIRI(?x)) }",
    "SELECT * { ?x :size ?s ; :rare ?r FILTER(?s < ?r) }",
    "SELECT ?x { ?x :size ?s FILTER(?s IN (1, 2, \"none\")) }",
    "SELECT ?k (COUNT(*) AS ?n) { ?x :size ?s BIND(IF(?s > 50, \"large\", \"small\") AS ?k) } GROUP BY ?k",
    "SELECT (?s * 2 AS ?d) (STRLEN(?l) AS ?n) { ?x :size ?s ; :label ?l }",
    "SELECT * { ?x :label ?l FILTER REGEX(?l, \"9$\") }",
    "SELECT ?x { ?a :has ?x . ?b :has ?x . ?x :rare ?r }",
    "SELECT ?x ?y { ?x :rare ?r . ?y :rare ?r }",
    "SELECT * { ?x :in/^:in ?y . ?x :rare 0.0 }",
    "ASK { ?x :rare ?r FILTER(?r > 2999) }",
    "ASK { ?x :rare ?r FILTER(?r > 3001) }",
    "SELECT ?a ?b { ?x :rare ?a OPTIONAL { ?x :none ?b } }",
];

#[test]
fn the_solutions_are_those_of_the_engine() {
    let store = store();
    let engine = store.clone().without_planning();
    for text in ON_NUMBERS {
        let query = parsed(text);
        let explanation = explain(&store, &query, None, &Prefixes::default()).unwrap();
        assert!(explanation.is_on_numbers, "{text}");
        let expected = rows(&engine, &query, false);
        let given = rows(&store, &query, false);
        assert_eq!(given.len(), expected.len(), "{text}");
        let first = given.iter().zip(&expected).find(|(a, b)| a != b);
        assert_eq!(first, None, "{text}");
        assert_eq!(explanation.rows, expected.len(), "{text}");
    }
}

#[test]
fn sorted_solutions_are_in_the_order_of_the_engine() {
    let store = store();
    let engine = store.clone().without_planning();
    for text in [
        "SELECT ?x ?s { ?x :size ?s FILTER(isIRI(?x)) } ORDER BY ?s ?x",
        "SELECT ?x ?s { ?x :size ?s FILTER(isIRI(?x)) } ORDER BY DESC(?s) ?x LIMIT 20",
        "SELECT ?x ?s { ?x :size ?s FILTER(isIRI(?x)) } ORDER BY ?s DESC(?x) LIMIT 9000 OFFSET 100",
        "SELECT ?x ?l { ?x :in :group1 FILTER(isIRI(?x)) OPTIONAL { ?x :label ?l } } ORDER BY ?l ?x",
        "SELECT ?x { ?x :size ?s FILTER(isIRI(?x)) } ORDER BY STRLEN(STR(?x)) DESC(STR(?x)) OFFSET 10",
        "SELECT ?g (COUNT(*) AS ?n) { ?x :in ?g } GROUP BY ?g ORDER BY DESC(?n) ?g",
    ] {
        let query = parsed(text);
        let explanation = explain(&store, &query, None, &Prefixes::default()).unwrap();
        assert!(explanation.is_on_numbers, "{text}");
        assert_eq!(rows(&store, &query, true), rows(&engine, &query, true), "{text}");
    }
}

#[test]
fn a_limit_reads_no_more_than_it_needs() {
    let store = store();
    let query = parsed("SELECT * { ?x :in ?g ; :size ?s } LIMIT 5 OFFSET 3");
    let explanation = explain(&store, &query, None, &Prefixes::default()).unwrap();
    assert_eq!(explanation.rows, 5);
    let most = explanation.steps.iter().map(|step| step.rows).max();
    assert!(most.is_some_and(|most| most < 200), "{:?}", explanation.steps);
    assert_eq!(rows(&store, &query, false).len(), 5);
}

/// In memory, the index is built for the first query that looks at much.
#[test]
fn a_query_that_looks_at_much_has_the_index_built() {
    let lines: Vec<String> = (0..25_000).map(|i| format!("<x:s{i}> <x:p> {} .", i % 7)).collect();
    let text = lines.join("\n");
    let load = || {
        let bytes = text.clone().into_bytes().into();
        let file = RdfFile::new(SourceFile { path: "data.ttl".to_owned(), bytes }).unwrap();
        load_files(vec![file.into()]).unwrap().store
    };
    for (text, limit, is_on_numbers) in [
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", None, true),
        ("SELECT (COUNT(*) AS ?n) { ?s :p ?o }", Some(10), true),
        ("SELECT ?s { ?s :p ?o } ORDER BY ?s LIMIT 5", None, true),
        ("SELECT ?s { ?s :p ?o }", None, true),
        ("SELECT ?s { ?s :p ?o }", Some(10), false),
        ("SELECT ?s { ?s :p ?o } LIMIT 5", None, false),
        ("SELECT (COUNT(*) AS ?n) { ?s :none ?o }", None, false),
        ("SELECT ?o { :s1 :p ?o }", None, false),
        ("ASK { ?s ?p ?o }", None, false),
    ] {
        let explanation = explain(&load(), &parsed(text), limit, &Prefixes::default()).unwrap();
        assert_eq!(explanation.is_on_numbers, is_on_numbers, "{text}");
    }
}

/// What is evaluated once for each query, or gives a new value each time, is left to the engine; so is what the index
/// does not have.
#[test]
fn the_engine_evaluates_the_rest() {
    let store = store();
    for text in [
        "SELECT ?x { ?x :size ?s FILTER(RAND() >= 0) }",
        "SELECT ?x { ?x :in+ ?g }",
        "SELECT ?g { GRAPH ?g { ?x :in ?y } }",
        "SELECT ?x { ?x :size ?s BIND(NOW() AS ?now) FILTER(?now > ?s) }",
    ] {
        let query = parsed(text);
        let explanation = explain(&store, &query, None, &Prefixes::default()).unwrap();
        assert!(!explanation.is_on_numbers, "{text}");
    }
}
