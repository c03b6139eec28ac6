//! Expressions and aggregates over values of all kinds have the results that the engine gives.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
use dossier::Prefixes;
use dossier::internals::{RowGoal, Store, explain, prepare};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::Term;
use oxigraph::sparql::QueryResults;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use spargebra::{Query, SparqlParser};

/// Kinds of values: those of a kind can be added or have an order among each other.
const KINDS: [&[&str]; 12] = [
    &["0", "1", "-1", "2", "5", "42", "'07'^^xsd:int", "'300'^^xsd:unsignedShort"],
    &["9223372036854775807", "9223372036854775806", "4611686018427387904"],
    &["-9223372036854775808", "9223372036854775808", "-99999999999999999999999"],
    &["0.0", "1.0", "-2.5", "0.1", "42.000", "0.000000000000000001", "3", "-7"],
    &["170141183460469231731.687303715884105727", "170141183460469231731.0", "1.5"],
    &["0.1234567890123456789012", "-12345678901234567890123.5", "0.25"],
    &["0e0", "'-0'^^xsd:double", "1e0", "2.5e0", "-1e300", "1e300"],
    &["'NaN'^^xsd:double", "'INF'^^xsd:double", "'-INF'^^xsd:double", "4e0"],
    &["'1.5'^^xsd:float", "'NaN'^^xsd:float", "'-0'^^xsd:float", "'0.25'^^xsd:float"],
    &["''", "'a'", "'A'", "'ab'", "'b'", "'1'", "'é'", "'a\\nb'", "'x'^^xsd:string"],
    &["'a'@en", "'a'@EN-us", "'b'@en", "'ab'@de", "''@en", "'a.c'@fr"],
    &["<x:a>", "<x:b>", "<x:ab>"],
];

/// Further values, which are not alike.
const OTHERS: [&str; 36] = [
    "true",
    "false",
    "'1'^^xsd:boolean",
    "'maybe'^^xsd:boolean",
    "'abc'^^xsd:integer",
    "' 7'^^xsd:integer",
    "''^^xsd:decimal",
    "'one'^^xsd:double",
    "'2001-02-03T04:05:06Z'^^xsd:dateTime",
    "'2001-02-03T05:05:06+01:00'^^xsd:dateTime",
    "'2001-02-03T04:05:06'^^xsd:dateTime",
    "'2001-02-03T04:05:06.5'^^xsd:dateTime",
    "'2001-02-04T24:00:00'^^xsd:dateTime",
    "'2001-13-03T04:05:06Z'^^xsd:dateTime",
    "'2001-02-03'^^xsd:date",
    "'2001-02-03Z'^^xsd:date",
    "'2001-02-03+05:00'^^xsd:date",
    "'1999-12-31'^^xsd:date",
    "'-0044-03-15'^^xsd:date",
    "'2001-02-30'^^xsd:date",
    "'2001'^^xsd:gYear",
    "'2001Z'^^xsd:gYear",
    "'1999'^^xsd:gYear",
    "'-0044'^^xsd:gYear",
    "'2001-02'^^xsd:gYearMonth",
    "'--02-03'^^xsd:gMonthDay",
    "'12:30:00'^^xsd:time",
    "'P1D'^^xsd:dayTimeDuration",
    "'P1Y'^^xsd:yearMonthDuration",
    "'P1Y2D'^^xsd:duration",
    "'a'^^xsd:anyURI",
    "'a'^^<x:t>",
    "'1'^^<x:t>",
    "_:b",
    "_:c",
    "<x:t>",
];

const PREFIXES: &str = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n";

fn all() -> Vec<&'static str> {
    KINDS.into_iter().flatten().copied().chain(OTHERS).collect()
}

fn store(lines: impl IntoIterator<Item = String>) -> Store {
    let lines: String = lines.into_iter().collect();
    let text = format!("{PREFIXES}{lines}");
    let quads = RdfParser::from_format(RdfFormat::TriG).for_slice(text.as_bytes());
    let store = Store::of(quads.map(Result::unwrap)).unwrap();
    store.statistics().unwrap();
    store
}

fn rows(store: &Store, query: &Query) -> Vec<String> {
    let QueryResults::Solutions(solutions) = store.evaluate(prepare(query), RowGoal::All).unwrap()
    else {
        panic!("a SELECT has solutions");
    };
    let shown = |value: &Option<Term>| value.as_ref().map_or_else(String::new, Term::to_string);
    let row = |row: &[Option<Term>]| row.iter().map(shown).collect::<Vec<_>>().join(" | ");
    let mut rows: Vec<String> = solutions.map(|solution| row(solution.unwrap().values())).collect();
    rows.sort();
    rows
}

fn same_rows(store: &Store, text: &str) -> Result<(), TestCaseError> {
    let query = SparqlParser::new().parse_query(&format!("{PREFIXES}{text}"));
    let query = query.map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
    let explanation = explain(store, &query, None, &Prefixes::default()).unwrap();
    prop_assert!(explanation.is_on_numbers, "{}", text);
    let (given, expected) = (rows(store, &query), rows(&store.clone().without_planning(), &query));
    let difference = given.iter().zip(&expected).find(|(a, b)| a != b);
    prop_assert_eq!(difference, None, "{}", text);
    prop_assert_eq!(given.len(), expected.len(), "{}", text);
    Ok(())
}

fn expression() -> impl Strategy<Value = String> {
    let constants: Vec<&str> = all().into_iter().filter(|value| !value.starts_with("_:")).collect();
    let leaf = prop_oneof![
        4 => Just("?a".to_owned()),
        3 => Just("?b".to_owned()),
        3 => select(constants).prop_map(str::to_owned),
        2 => select(vec!["1", "2", "2.5", "'a'", "'en'", "'A'"]).prop_map(str::to_owned),
        1 => select(vec!["?none", "BOUND(?a)", "BOUND(?none)"]).prop_map(str::to_owned),
    ];
    let functions_of_one = vec![
        "STR",
        "LANG",
        "DATATYPE",
        "STRLEN",
        "UCASE",
        "LCASE",
        "YEAR",
        "MONTH",
        "DAY",
        "isIRI",
        "isBLANK",
        "isLITERAL",
        "isNUMERIC",
        "!",
        "ABS",
        "-",
        "+",
        "xsd:integer",
        "HOURS",
    ];
    let functions_of_two =
        vec!["CONTAINS", "STRSTARTS", "STRENDS", "LANGMATCHES", "CONCAT", "sameTerm", "COALESCE"];
    let patterns = vec![
        "'^a'",
        "'A', 'i'",
        "'b$', 'm'",
        "'.', 'q'",
        "'[a-z-[b]]'",
        "'('",
        "'a . c', 'x'",
        "'a b', 'qx'",
        "'\\\\i'",
    ];
    let operators =
        vec!["=", "!=", "<", "<=", ">", ">=", "&&", "||", "+", "-", "*", "/", "=", "<", ">="];
    leaf.prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            6 => (inner.clone(), select(operators.clone()), inner.clone())
                .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
            4 => (select(functions_of_one.clone()), inner.clone())
                .prop_map(|(function, a)| format!("{function}({a})")),
            2 => (select(functions_of_two.clone()), inner.clone(), inner.clone())
                .prop_map(|(function, a, b)| format!("{function}({a}, {b})")),
            1 => (inner.clone(), select(patterns.clone()))
                .prop_map(|(a, pattern)| format!("REGEX({a}, {pattern})")),
            1 => (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("IF({a}, {b}, {c})")),
            1 => (inner.clone(), any::<bool>(), prop::collection::vec(inner, 0..4))
                .prop_map(|(a, is_in, members)| {
                    let word = if is_in { "IN" } else { "NOT IN" };
                    format!("({a} {word} ({}))", members.join(", "))
                }),
        ]
    })
}

proptest! {
    #![proptest_config(support::cases(150))]

    #[test]
    fn expressions_have_the_values_of_the_engine(
        values in subsequence(all(), 20..30),
        others in subsequence(all(), 5..10),
        expression in expression(),
    ) {
        let line = |(number, property, value)| format!("<x:{number}> <x:{property}> {value} .\n");
        let values = values.into_iter().enumerate().map(|(number, value)| (number, "v", value));
        let others = others.into_iter().enumerate().map(|(number, value)| (number, "w", value));
        let store = store(values.chain(others).map(line));
        let pattern = "?x <x:v> ?a . ?y <x:w> ?b";
        same_rows(&store, &format!("SELECT ?a ?b ({expression} AS ?r) {{ {pattern} }}"))?;
        same_rows(&store, &format!("SELECT ?a ?b {{ {pattern} FILTER({expression}) }}"))?;
    }

    /// The values of a group are of one kind, so that the results do not depend on their order.
    #[test]
    fn aggregates_have_the_values_of_the_engine(
        groups in prop::collection::vec(
            select(KINDS.to_vec()).prop_flat_map(|kind| (subsequence(kind, 1..=kind.len()), 1..4_usize)),
            1..6,
        ),
        is_distinct in any::<bool>(),
    ) {
        let mut lines = Vec::new();
        for (group, (values, times)) in groups.iter().enumerate() {
            for (number, value) in values.iter().enumerate() {
                for time in 0..*times {
                    lines.push(format!("<x:s{group}.{number}.{time}> <x:in> <x:g{group}> ; <x:v> {value} .\n"));
                }
            }
        }
        let store = store(lines);
        let distinct = if is_distinct { "DISTINCT " } else { "" };
        let aggregates: String = ["SUM", "AVG", "MIN", "MAX", "COUNT"]
            .map(|name| format!(" ({name}({distinct}?v) AS ?{name})"))
            .concat();
        same_rows(&store, &format!("SELECT ?g{aggregates} {{ ?s <x:in> ?g ; <x:v> ?v }} GROUP BY ?g"))?;
        same_rows(&store, &format!("SELECT{aggregates} {{ ?s <x:in> <x:g0> ; <x:v> ?v }}"))?;
    }
}

#[test]
fn what_is_counted_by_term_is_counted_once() {
    // More triples than are read before terms are counted.
    let lines = (0..90_000_u32).map(|i| {
        let value = if i < 40_000 { i % 3 } else { i % 500 };
        format!("<x:{i}> <x:v> {value} ; <x:w> {i} .\n")
    });
    let store = store(lines);
    for text in [
        "SELECT ?v (COUNT(*) AS ?n) { ?s <x:v> ?v } GROUP BY ?v",
        "SELECT (SUM(?v) AS ?sum) (COUNT(?v) AS ?n) (COUNT(DISTINCT ?v) AS ?m) { ?s <x:v> ?v FILTER(?v >= 3) }",
        "SELECT (SUM(?v * 2) AS ?sum) { ?s <x:v> ?v }",
        "SELECT (COUNT(*) AS ?n) { ?s <x:w> ?v FILTER(?v >= 3) }",
        "SELECT (COUNT(*) AS ?n) { { SELECT ?v { ?s <x:v> ?v } LIMIT 80000 } }",
    ] {
        same_rows(&store, text).unwrap();
    }
}

#[test]
fn the_first_of_many_sorted_rows_are_found() {
    let value = |i: u32| match i % 5 {
        0 => format!("\"{}\"", i * 7919 % 1009),
        1 => format!("{}", i * 104_729 % 1013),
        2 => format!("<x:{}>", i * 7907 % 1019),
        3 => format!("\"{}\"@en", i % 11),
        _ => format!("{}.5", i % 97),
    };
    let store = store((0..30_000).map(|i| format!("<x:s{i}> <x:v> {} .\n", value(i))));
    let engine = store.clone().without_planning();
    for text in [
        "SELECT ?v ?s { ?s <x:v> ?v } ORDER BY ?v ?s LIMIT 10",
        "SELECT ?v ?s { ?s <x:v> ?v } ORDER BY DESC(?v) ?s LIMIT 10 OFFSET 20",
        "SELECT ?v ?s { ?s <x:v> ?v } ORDER BY DESC(?v) DESC(?s) LIMIT 9000",
        "SELECT ?v ?s { ?s <x:v> ?v } ORDER BY ?s LIMIT 5",
        "SELECT ?v ?s { ?s <x:v> ?v } ORDER BY ?v ?s",
        "SELECT ?v ?s { ?s <x:v> ?v } ORDER BY isIRI(?v) isNUMERIC(?v) LANG(?v) STRLEN(STR(?v)) ?v ?s",
    ] {
        let query = SparqlParser::new().parse_query(text).unwrap();
        let in_order = |store: &Store| match store.evaluate(prepare(&query), RowGoal::All).unwrap()
        {
            QueryResults::Solutions(solutions) => {
                let solutions = solutions.map(|solution| solution.unwrap().values().to_vec());
                solutions.collect::<Vec<_>>()
            }
            _ => Vec::new(),
        };
        let (given, expected) = (in_order(&store), in_order(&engine));
        let difference = given.iter().zip(&expected).find(|(a, b)| a != b);
        assert_eq!((difference, given.len()), (None, expected.len()), "{text}");
    }
}

/// A value is in no empty list, whatever it is.
#[test]
fn nothing_is_in_an_empty_list() {
    let values = all();
    let line = |(number, value)| format!("<x:{number}> <x:v> {value} .\n");
    let store = store(values.iter().enumerate().map(line));
    let pattern = "?x <x:v> ?a";
    for text in
        ["FILTER(?a NOT IN ())", "FILTER(!(?a IN ()))", "FILTER(COALESCE(?none NOT IN (), false))"]
    {
        let text = format!("SELECT ?x {{ {pattern} {text} }}");
        same_rows(&store, &text).unwrap();
        let query = SparqlParser::new().parse_query(&text).unwrap();
        assert_eq!(rows(&store, &query).len(), values.len(), "{text}");
    }
}
