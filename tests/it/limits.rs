//! Random queries that would take too long or too much: when they are stopped they end soon, whichever step they are
//! in, and limits of memory are kept.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
#[cfg(target_os = "linux")]
use crate::support::program;
use dossier::internals::{STACK, Store, answer, prepare};
use dossier::{CitationOptions, ErrorKind, Form, Limits, Result, Stop};
use oxigraph::model::{GraphName, Literal, NamedNode, Quad};
use proptest::prelude::*;
use spargebra::{Query, SparqlParser};
use std::fmt::Write as _;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

/// When queries are stopped.
const TIME: Duration = Duration::from_millis(300);

/// How late they may end. It is a fifth of a second on a machine that does nothing else, with a program that was built
/// for users. Tests run beside each other, without optimization.
const LATE: Duration = Duration::from_secs(5);

/// Things with a name, a number and an address, and a net of them in which there are very many ways.
fn quads() -> Vec<Quad> {
    let name = |name: String| NamedNode::new_unchecked(format!("x:{name}"));
    let mut quads = Vec::new();
    let mut add = |subject: usize, property: &str, object: oxigraph::model::Term| {
        let subject = name(format!("thing{subject}"));
        quads.push(Quad::new(subject, name(property.to_owned()), object, GraphName::DefaultGraph));
    };
    for i in 0..3_000 {
        let text = |text: String| Literal::new_simple_literal(text).into();
        add(i, "name", text(format!("Thing number {i}")));
        add(i, "size", Literal::from(i64::try_from(i % 90).unwrap()).into());
        add(i, "mail", text(format!("thing{i}@example.com")));
        add(i, "near", name(format!("thing{}", i * 7_919 % 3_000)).into());
    }
    for i in 0..60 {
        for j in (0..60).filter(|&j| j != i) {
            add(i, "net", name(format!("thing{j}")).into());
        }
    }
    quads
}

fn parsed(text: &str) -> Query {
    SparqlParser::new().with_prefix("", "x:").unwrap().parse_query(text).unwrap()
}

/// A part of a query. It has a value for `?v` with its number, and no variable of another part.
fn part(number: usize) -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "?a# :name ?v# .",
        "?a# :mail ?v# .",
        "?a# :near ?b# . ?b# :name ?v# .",
        "?a# :net ?b# . ?b# :net ?c# . ?c# :net ?v# .",
        "?a# ?p# ?v# .",
        "?a# :net+ ?v# .",
        "?a# (:net/:near)* ?v# .",
        "?a# :name ?n# OPTIONAL { ?b# :mail ?m# } BIND(CONCAT(?n#, ?m#) AS ?v#)",
        "?a# :name ?v# MINUS { ?b# :mail ?m# . ?c# :name ?v# FILTER(STRLEN(?m#) > 99) }",
        "?a# :name ?v# FILTER NOT EXISTS { ?b# :mail ?m# . ?c# :size ?n# FILTER(?n# > 99) }",
        "{ SELECT DISTINCT ?v# ?w# { ?a# :name ?v# . ?b# :mail ?w# } }",
        "{ SELECT ?v# { ?a# :name ?v# . ?b# :mail ?w# } ORDER BY ?w# ?v# }",
        "{ SELECT ?v# (COUNT(*) AS ?n#) { ?a# :name ?v# . ?b# :mail ?w# } GROUP BY ?v# ?w# }",
        "{ { ?a# :name ?v# } UNION { ?a# :mail ?v# } } ?b# :size ?w# .",
        "?a# :name ?n# BIND(REPLACE(?n#, '[a-z]', 'abcdefgh') AS ?v#) ?b# :size ?w# .",
    ])
    .prop_map(move |part| part.replace('#', &number.to_string()))
}

/// A query whose solutions are products of its parts.
fn hostile() -> impl Strategy<Value = String> {
    let head = prop::sample::select(vec![
        "SELECT *",
        "SELECT DISTINCT ?v0 ?v1 ?v2",
        "SELECT (CONCAT(STR(?v0), STR(?v1)) AS ?text)",
        "SELECT (COUNT(*) AS ?n)",
        "SELECT (COUNT(DISTINCT *) AS ?n)",
        "SELECT (COUNT(DISTINCT CONCAT(STR(?v0), STR(?v1), STR(?v2))) AS ?n)",
        "SELECT (GROUP_CONCAT(?v0) AS ?texts)",
        "SELECT (MIN(?v1) AS ?least) (MAX(?v2) AS ?greatest)",
        "SELECT ?v0 (SAMPLE(?v1) AS ?v) (SUM(STRLEN(STR(?v2))) AS ?n)",
        "ASK",
        "CONSTRUCT { ?v0 :x ?v1 . [] :y ?v2 }",
    ]);
    let tail = prop::sample::select(vec![
        "",
        "ORDER BY ?v1 DESC(?v0)",
        "ORDER BY STRLEN(STR(?v2)) ?v0",
        "ORDER BY ?v2 LIMIT 10",
        "HAVING (COUNT(*) > 99999999)",
    ]);
    let filter = prop::sample::select(vec![
        "",
        "FILTER(STRLEN(STR(?v0)) + STRLEN(STR(?v2)) > 9)",
        "FILTER(CONTAINS(STR(?v1), STR(?v0)))",
        "FILTER(REGEX(STR(?v2), CONCAT(SUBSTR(STR(?v0), 1, 3), '*(a|b)*$')))",
        "FILTER(SHA512(CONCAT(STR(?v0), STR(?v1))) != 'x')",
    ]);
    (head, part(0), part(1), part(2), filter, tail).prop_map(|(head, a, b, c, filter, tail)| {
        let is_grouped = head.contains("SAMPLE");
        let is_aggregate = ["COUNT", "CONCAT(?v0)", "MIN"].iter().any(|word| head.contains(word));
        let has_rows = !head.starts_with("ASK") && !is_aggregate && !is_grouped;
        let tail = match tail {
            tail if tail.starts_with("HAVING") && (is_grouped || is_aggregate) => tail,
            tail if tail.starts_with("ORDER") && has_rows => tail,
            _ => "",
        };
        let group = if is_grouped { "GROUP BY ?v0" } else { "" };
        format!("{head} {{ {a} {b} {c} {filter} }} {group} {tail}")
    })
}

/// Reads an answer to its end.
fn read(store: &Store, query: &Query, citing: Option<CitationOptions>) -> Result<()> {
    match answer(store, query, None, citing)?.form {
        Form::Rows(mut rows) => rows.try_for_each(|row| row.map(drop)),
        Form::Boolean(..) => Ok(()),
        Form::Graph(graph) => graph.read()?.stopped.map_or(Ok(()), Err),
    }
}

/// How long after it was stopped some work ends, and its result.
fn lateness<T: Send>(work: impl FnOnce(&Limits) -> T + Send) -> (Duration, T) {
    let limits = Limits::default();
    let started = Instant::now();
    let done = thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(STACK);
        let worker = builder.spawn_scoped(scope, || work(&limits)).unwrap();
        while !worker.is_finished() && started.elapsed() < TIME {
            thread::sleep(Duration::from_millis(5));
        }
        limits.cancellation.stop(Stop::Time(TIME));
        worker.join().unwrap()
    });
    (started.elapsed().saturating_sub(TIME), done)
}

fn store() -> Store {
    let store = Store::of(quads()).unwrap();
    store.statistics().unwrap();
    store
}

proptest! {
    #![proptest_config(support::cases(15))]

    #[test]
    fn queries_that_are_stopped_end_soon(text in hostile(), way in 0..4) {
        static STORE: OnceLock<Store> = OnceLock::new();
        let (store, query) = (STORE.get_or_init(store), parsed(&text));
        let (late, result) = lateness(|limits| {
            let store = store.with_limits(limits);
            match way {
                0 => read(&store, &query, Some(CitationOptions::default())),
                1 => store.run(prepare(&query), None).map(drop),
                _ => read(&store, &query, None),
            }
        });
        prop_assert!(late < LATE, "{late:?} late: {text}");
        if let Err(error) = result {
            prop_assert_eq!(error.kind, ErrorKind::Limit, "{:?}: {}", error, text);
        }
    }
}

/// Steps that read no data are stopped too.
#[test]
fn products_of_constants_are_stopped() {
    let numbers: String = (0..2_000).fold(String::new(), |mut numbers, i| {
        let _ = write!(numbers, "{i} ");
        numbers
    });
    for (head, tail) in [
        ("SELECT (COUNT(*) AS ?n)", ""),
        ("SELECT *", "ORDER BY ?c ?b"),
        ("SELECT (SUM(?a) AS ?n)", "GROUP BY ?b"),
    ] {
        let text = format!(
            "{head} {{ VALUES ?a {{ {numbers} }} VALUES ?b {{ {numbers} }} \
            VALUES ?c {{ {numbers} }} FILTER(?a + ?b != ?c) }} {tail}"
        );
        let query = parsed(&text);
        let store = Store::of([]).unwrap();
        let (late, result) = lateness(|limits| read(&store.with_limits(limits), &query, None));
        assert!(late < LATE, "{late:?} late: {head} {tail}");
        assert_eq!(result.unwrap_err().kind, ErrorKind::Limit, "{head} {tail}");
    }
}

/// A few nested functions would make a text of gigabytes.
#[test]
fn literals_that_grow_are_stopped() {
    let nested = |function: &str, times: usize| {
        (0..times).fold("BIND('aaaaaaaa' AS ?s0) ".to_owned(), |mut text, i| {
            let call = function.replace("?s", &format!("?s{i}"));
            let _ = write!(text, "BIND({call} AS ?s{}) ", i + 1);
            text
        })
    };
    let store = store();
    for text in [
        format!("SELECT (STRLEN(?s40) AS ?n) {{ {} }}", nested("CONCAT(?s, ?s)", 40)),
        format!(
            "SELECT (STRLEN(?s9) AS ?n) {{ ?x :size 5 {} }}",
            nested("REPLACE(?s, 'a', 'aaaaaaaaaa')", 9)
        ),
        format!(
            "SELECT (STRLEN(?s30) AS ?n) (RAND() AS ?r) {{ {} }}",
            nested("CONCAT(?s, ?s)", 30)
        ),
        "SELECT (GROUP_CONCAT(?long) AS ?all) \
            { ?a :name ?name . ?b :net ?c BIND(CONCAT(STR(?a), ?name, STR(?b)) AS ?long) }"
            .to_owned(),
    ] {
        let Err(error) = read(&store.with_limits(&Limits::default()), &parsed(&text), None) else {
            panic!("it is not stopped: {text}");
        };
        let [problem] = error.problems.as_slice() else { panic!("{error:?}") };
        assert_eq!(problem.message, "stopped at the limit of 64.0 MB for a literal", "{text}");
    }
}

/// The data as a file, and its name.
#[cfg(target_os = "linux")]
fn file(folder: &std::path::Path) -> &'static str {
    let lines: Vec<String> = quads().iter().map(|quad| format!("{quad} .")).collect();
    std::fs::write(folder.join("data.nt"), lines.join("\n")).unwrap();
    "data.nt"
}

#[cfg(target_os = "linux")]
proptest! {
    #![proptest_config(support::cases(4))]

    #[test]
    fn limits_of_memory_are_kept(text in hostile(), way in 0..4) {
        let folder = tempfile::tempdir().unwrap();
        let text = format!("PREFIX : <x:> {text}");
        let mut arguments = vec!["query", &text, "-q", "--data", file(folder.path())];
        arguments.extend(["--limit-memory", "150MB", "--timeout", "2s"]);
        match way {
            0 => arguments.push("--cite"),
            1 => arguments.push("--explain"),
            _ => {}
        }
        let (most, code) = program::memory(folder.path(), &arguments);
        // A machine that is busy may look late; without a limit it would be gigabytes.
        prop_assert!(most < 300_000_000, "{most} bytes: {text}");
        prop_assert!(code == Some(0) || code == Some(5), "{code:?}: {text}");
    }
}

/// A product of which few rows are wanted takes little memory.
#[cfg(target_os = "linux")]
#[test]
fn few_rows_of_a_product_take_little() {
    let folder = tempfile::tempdir().unwrap();
    let query = "PREFIX : <x:> SELECT * { ?a :name ?n OPTIONAL { ?b :near ?c . ?d :mail ?m } }";
    let options = ["--limit", "10", "--limit-memory", "200MB", "--data", file(folder.path())];
    let (_, code) =
        program::memory(folder.path(), &[&["query", query, "-q"], &options[..]].concat());
    assert_eq!(code, Some(0));
}
