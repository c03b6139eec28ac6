//! Queries that are evaluated on the numbers of the index have the solutions that the engine gives, also where blocks
//! are full and groups are large.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use dossier::internals::{RowGoal, Store, explain, load_files, prepare};
use dossier::{Prefixes, RdfFile, SourceFile};
use oxigraph::model::{BlankNode, GraphName, Literal, NamedNode, Quad, Term, Triple};
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
            _ => return,
        });
    };
    let thing_of = |i: u32| -> Term {
        match i % 10 {
            0 => BlankNode::new_unchecked(format!("b{i}")).into(),
            _ => name(format!("thing{i}")).into(),
        }
    };
    for i in 0..12_000_u32 {
        let thing = thing_of(i);
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
        if i < 2_000 {
            // Chains of fifty things, every third of which is a ring, and some that lead to others.
            if i % 50 != 0 {
                add(thing.clone(), "next", thing_of(i - 1));
            } else if i % 150 == 0 {
                add(thing.clone(), "next", thing_of(i + 49));
            }
            if i < 500 && i % 50 == 25 {
                add(thing.clone(), "next", thing_of(i / 2));
            }
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

/// A triple, whose blank nodes may be new.
fn shown(triple: &Triple) -> String {
    let terms =
        [triple.subject.clone().into(), triple.predicate.clone().into(), triple.object.clone()];
    terms
        .map(|term| if term.is_blank_node() { "_:".to_owned() } else { term.to_string() })
        .join(" ")
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
        QueryResults::Graph(triples) => {
            let mut texts: Vec<String> = triples.map(|triple| shown(&triple.unwrap())).collect();
            texts.sort();
            texts.dedup();
            texts
        }
    };
    if !is_ordered {
        rows.sort();
    }
    rows
}

/// Queries that run on numbers.
const ON_NUMBERS: [&str; 83] = [
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
    "SELECT * { :thing7 :next+ ?x }",
    "SELECT * { ?x :next* :thing7 }",
    "SELECT ?x { ?x :next? :thing7 }",
    "SELECT * { ?x :next+ ?x }",
    "SELECT * { ?x :next* ?x . ?x :rare ?r }",
    "SELECT (COUNT(*) AS ?n) { ?x :next+ ?y }",
    "SELECT ?y (COUNT(*) AS ?n) { ?x :next+ ?y } GROUP BY ?y",
    "SELECT (COUNT(*) AS ?n) { ?x :next? ?y }",
    "SELECT * { ?x :rare 10.0 . ?x (:next|^:next)+ ?y }",
    "SELECT * { ?x :rare ?r . ?x (:next/:next)* ?y . ?y :rare ?q }",
    "SELECT (COUNT(*) AS ?n) { ?x :rare ?r . ?x (:next|^:next)+ ?y }",
    "SELECT * { :absent :next* ?x }",
    "SELECT * { VALUES ?x { :absent :thing7 99 } ?x (:next|:size)* ?y }",
    "SELECT * { ?x :rare 0.0 . ?x :size* ?y }",
    "SELECT * { ?x :rare ?r FILTER NOT EXISTS { ?x :next+ :thing7 } }",
    "SELECT * { ?x :rare 0.0 . ?x !(:next|^:in)+ ?y }",
    "ASK { :thing7 :next+ :thing11 }",
    "SELECT REDUCED ?g { ?x :in ?g }",
    "SELECT ?g (COUNT(?s * 2) AS ?n) { ?x :in ?g ; :size ?s } GROUP BY ?g",
    "SELECT * { ?x :rare ?r BIND(EXISTS { ?x :label ?l } AS ?is) }",
    "SELECT * { ?x :rare ?r FILTER(IF(EXISTS { ?x :label ?l }, ?r > 100, ?r < 50)) }",
    "SELECT * { ?x :in ?g ; :rare ?r FILTER NOT EXISTS { ?y :in ?g ; :rare ?s FILTER(?s > ?r) } }",
    "SELECT * { ?x :rare ?r FILTER EXISTS { ?x :size ?n FILTER(?n * 2 > ?r) } }",
    "SELECT * { ?x :rare ?r FILTER EXISTS { { ?x :size ?n FILTER(?n * 9 < ?r) } UNION { ?x :label ?l BIND(STRLEN(STR(?r)) AS ?n) FILTER(?n > 5) } } }",
    "SELECT * { ?x :rare ?r OPTIONAL { ?x :label ?l } FILTER EXISTS { ?x :size ?n FILTER(BOUND(?l) && ?n < ?r) } }",
    "SELECT * { ?x :rare ?r FILTER NOT EXISTS { ?x :next ?y FILTER EXISTS { ?y :size ?s FILTER(?s > ?r) } } }",
    "SELECT * { ?x :in ?a ; :size ?b ; :label ?c ; :rare ?d FILTER(CONCAT(STR(?a), STR(?b), STR(?c), STR(?d)) > \"x\") }",
    "BASE <http://example.com/> SELECT ?x ?i { ?x :rare ?r BIND(IRI(CONCAT(\"r\", STR(?r))) AS ?i) }",
    "SELECT ?x { ?x :size ?s FILTER(RAND() >= 0 && YEAR(NOW()) > 2000) }",
    "SELECT * { ?x :in ?g ; :size ?s ; :label ?l }",
    "SELECT (COUNT(*) AS ?n) { ?x :in ?g ; :size ?s ; :label ?l }",
    "SELECT * { ?x :label ?l ; :in :group3 ; :size ?s }",
    "SELECT * { :hub :has ?x . ?y :next ?x ; :rare ?r }",
    "SELECT * { ?x :next ?y OPTIONAL { ?y :rare ?r } }",
    "SELECT (COUNT(*) AS ?n) (COUNT(?r) AS ?m) { ?x :next ?y . ?y :size ?s OPTIONAL { ?y :rare ?r } }",
    "SELECT * { ?y :next ?x OPTIONAL { ?x :label ?l . ?x :rare ?r } }",
    "SELECT * { { SELECT ?x ?l { ?x :label ?l } ORDER BY DESC(?l) } ?x :size ?s ; :in :group5 }",
    "SELECT * { ?x :rare ?r BIND(IRI(CONCAT(\"x:thing\", STR(?r))) AS ?y) ?y :size ?s }",
    "SELECT * { ?x :label ?l OPTIONAL { ?x :rare ?r } ?x :size ?r }",
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

/// The triples of these are compared without the names of blank nodes.
#[test]
fn graphs_are_those_of_the_engine() {
    let store = store();
    let engine = store.clone().without_planning();
    for text in [
        "CONSTRUCT { ?x :of ?g . ?g :has ?x } { ?x :in ?g ; :rare ?r }",
        "CONSTRUCT { ?x :made [ :value ?r ; :unit 01 ] } { ?x :rare ?r }",
        "CONSTRUCT { ?x ?l ?r . ?r :of ?x . ?x :note ?l , 1 , 01 } { ?x :rare ?r OPTIONAL { ?x :label ?l } }",
        "CONSTRUCT { :a :b :c . :a :b ?none } { ?x :rare ?r }",
        "CONSTRUCT { ?p :of ?x } { ?x ?p ?o } ORDER BY ?o LIMIT 100",
        "CONSTRUCT WHERE { ?x :label ?l ; :rare ?r }",
        "DESCRIBE ?x { ?x :rare ?r }",
        "DESCRIBE ?g ?x { :thing3 ?g ?x }",
        "DESCRIBE :hub :thing3 :absent",
        "DESCRIBE * { ?x :rare ?r FILTER(?r > 2900) }",
    ] {
        let query = parsed(text);
        let explanation = explain(&store, &query, None, &Prefixes::default()).unwrap();
        assert!(explanation.is_on_numbers, "{text}");
        let (given, expected) = (rows(&store, &query, false), rows(&engine, &query, false));
        assert!(given == expected, "{text}: {} and not {}", given.len(), expected.len());
        assert!(text.contains("LIMIT") || !expected.is_empty(), "{text}");
    }
}

/// `RAND()` has another value for each row, and `NOW()` the same one everywhere.
#[test]
fn volatile_values_are_of_their_row() {
    let store = store();
    for (text, expected) in [
        ("SELECT (COUNT(DISTINCT ?n) AS ?c) { ?x :rare ?r BIND(RAND() AS ?n) }", "240"),
        ("SELECT (COUNT(DISTINCT ?n) AS ?c) { ?x :rare ?r BIND(NOW() AS ?n) }", "1"),
        ("SELECT (COUNT(*) AS ?c) { ?x :rare ?r BIND(NOW() AS ?n) FILTER(?n = NOW()) }", "240"),
        ("SELECT (COUNT(DISTINCT ?n) AS ?c) { ?x :rare ?r BIND(STRUUID() AS ?n) }", "240"),
        (
            "SELECT (COUNT(DISTINCT ?n) AS ?c) { ?x :rare ?r { SELECT ?n { BIND(RAND() AS ?n) } } }",
            "1",
        ),
        (
            "SELECT (COUNT(DISTINCT ?n) AS ?c) { ?x :in ?g OPTIONAL { :thing3 :in ?h BIND(UUID() AS ?n) } }",
            "1",
        ),
        // Even of rows without any value, some meet the condition and others do not.
        (
            "SELECT (?n > 0 && ?n < 240 AS ?c) { SELECT (COUNT(*) AS ?n) { ?x :rare ?r FILTER(RAND() < 0.5) } }",
            "true",
        ),
    ] {
        let query = parsed(text);
        let explanation = explain(&store, &query, None, &Prefixes::default()).unwrap();
        assert!(explanation.is_on_numbers, "{text}");
        let datatype = if expected == "true" { "boolean" } else { "integer" };
        let expected = format!("\"{expected}\"^^<http://www.w3.org/2001/XMLSchema#{datatype}> ");
        assert_eq!(rows(&store, &query, false), [expected], "{text}");
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

/// What the index does not have is left to the engine.
#[test]
fn the_engine_evaluates_the_rest() {
    let store = store();
    for text in [
        "SELECT ?g { GRAPH ?g { ?x :in ?y } }",
        "SELECT ?x { ?x :in ?y GRAPH :g { ?x :in ?y } }",
        "SELECT ?x FROM :g { ?x :in ?y }",
    ] {
        let query = parsed(text);
        let explanation = explain(&store, &query, None, &Prefixes::default()).unwrap();
        assert!(!explanation.is_on_numbers, "{text}");
    }
}
