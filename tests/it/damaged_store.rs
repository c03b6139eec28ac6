//! Stores on disk whose tables are damaged: queries end with an error that names the file, or with the right answer.

#![cfg(feature = "disk")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::program::run;
use std::fmt::Write as _;
use std::path::Path;

/// Queries that meet every kind of step of the engine which collects what it reads before it returns anything.
const QUERIES: [&str; 6] = [
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s <x:value> ?v . ?s <x:label> ?l } }",
    "SELECT ?s { GRAPH ?g { ?s <x:label> ?l } } ORDER BY ?l LIMIT 1",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s <x:value> ?v MINUS { ?s <x:none> ?x } } }",
    "SELECT (COUNT(*) AS ?n) { { SELECT ?s { GRAPH ?g { ?s <x:value> 7 } } } ?s ?p ?o }",
];

fn fill(here: &Path) {
    let mut data = String::new();
    for i in 0..6_000 {
        let graph = i % 40;
        let _ = writeln!(data, "<x:s{i}> <x:value> \"{i}\"^^<x:long/datatype/{i}> <x:g{graph}> .");
        let _ =
            writeln!(data, "<x:s{i}> <x:label> \"the label of thing number {i}\" <x:g{graph}> .");
    }
    std::fs::write(here.join("a.nq"), data).unwrap();
    assert_eq!(run(here, &["load", "a.nq", "--store", "st", "--quiet"]).0, 0);
}

fn ask(here: &Path, query: &str) -> (i32, String, String) {
    // An engine that gathers errors without end would reach the limit, and end with 5.
    run(
        here,
        &["query", query, "--store", "st", "--no-plan", "--limit-memory", "2GB", "--no-diagnose"],
    )
}

#[test]
fn queries_on_damaged_tables_end() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fill(here);
    let answers = QUERIES.map(|query| ask(here, query));
    assert!(answers.iter().all(|(code, ..)| *code == 0), "{answers:?}");
    let tables: Vec<_> = here
        .join("st")
        .read_dir()
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "sst"))
        .filter(|path| path.metadata().unwrap().len() > 20_000)
        .collect();
    assert!(tables.len() > 5);
    let mut failures = 0;
    for table in &tables {
        let whole = std::fs::read(table).unwrap();
        let mut damaged = whole.clone();
        // (The last part of a table says how it is to be read: without that it is not opened.)
        for place in (100..whole.len() * 3 / 4).step_by(2_000) {
            damaged[place] ^= 0x10;
        }
        std::fs::write(table, damaged).unwrap();
        let name = table.file_name().unwrap().to_string_lossy();
        let found = std::thread::scope(|scope| {
            QUERIES.map(|query| scope.spawn(|| ask(here, query))).map(|asked| asked.join().unwrap())
        });
        for ((query, right), (code, out, err)) in QUERIES.iter().zip(&answers).zip(found) {
            if code == 0 {
                assert_eq!(out, right.1, "{name}: {query}");
                continue;
            }
            failures += 1;
            let expected =
                format!("error: the store `st` is damaged: its file `{name}` has changed\n");
            assert!(code == 4 && err.starts_with(&expected), "{name}: {query}: {code} {err}");
        }
        std::fs::write(table, whole).unwrap();
    }
    assert!(failures > 10, "{failures}");
    assert_eq!(QUERIES.map(|query| ask(here, query)), answers);
}
