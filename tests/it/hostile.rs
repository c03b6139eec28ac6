//! Queries and data that are made to take too long or too much, by the program as users run it: limits are kept, and
//! what is written before is whole.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(target_os = "linux")]
use crate::support::program::memory;
use crate::support::program::run;
use oxigraph::io::{RdfFormat, RdfParser};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// Writes a file of so many triples, and returns its name.
fn values(folder: &Path, count: usize) -> &'static str {
    let mut text = String::new();
    for i in 0..count {
        let _ = writeln!(text, "<http://example.com/i{i}> <http://example.com/v> \"{i}\" .");
    }
    fs::write(folder.join("v.nt"), text).unwrap();
    "v.nt"
}

/// What the program answers to a query that a limit of time ends: what it has written, and what it says.
fn stopped(folder: &Path, query: &str, format: &str) -> (String, String) {
    let options = ["-q", "-F", format, "--timeout", "1500ms", "--data", "v.nt"];
    let started = Instant::now();
    let (code, out, err) = run(folder, &[&["query", query], &options[..]].concat());
    assert_eq!(code, 5, "{err}");
    assert!(err.starts_with("error: stopped at the limit of 1s 500ms\n"), "{err}");
    assert!(started.elapsed() < Duration::from_secs(15), "{format}: {:?}", started.elapsed());
    (out, err)
}

#[test]
fn rows_that_a_limit_ends_are_whole() {
    let folder = tempfile::tempdir().unwrap();
    values(folder.path(), 2_000);
    // Rows, and then a sort of more of them than ever come to an end.
    let query = "PREFIX e: <http://example.com/> SELECT * { \
        { SELECT * { ?s e:v ?q . ?t e:v ?r } LIMIT 3000 } UNION \
        { SELECT ?a { ?a e:v ?v . ?b e:v ?w . ?c e:v ?x } ORDER BY ?v ?w ?x } }";
    for format in ["json", "jsonl", "xml", "csv"] {
        let (out, err) = stopped(folder.path(), query, format);
        assert!(err.contains("incomplete results"), "{err}");
        let is_whole = match format {
            "json" => serde_json::from_str::<serde_json::Value>(&out).is_ok(),
            "jsonl" => {
                out.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok())
            }
            "xml" => out.ends_with("</result></results></sparql>\n"),
            _ => out.ends_with("\r\n"),
        };
        let end: String = out.chars().skip(out.chars().count().saturating_sub(100)).collect();
        assert!(is_whole, "{format} ends with {end}");
    }
}

#[test]
fn graphs_that_a_limit_ends_are_whole() {
    let folder = tempfile::tempdir().unwrap();
    values(folder.path(), 2_000);
    let query = "PREFIX e: <http://example.com/> \
        CONSTRUCT { ?a e:x ?b . ?b e:y ?a . [] e:z ?v } { ?a e:v ?v . ?b e:v ?w }";
    for (name, format) in [
        ("turtle", RdfFormat::Turtle),
        ("ntriples", RdfFormat::NTriples),
        ("rdfxml", RdfFormat::RdfXml),
        ("jsonld", RdfFormat::JsonLd { profile: oxigraph::io::JsonLdProfileSet::empty() }),
    ] {
        let (out, err) = stopped(folder.path(), query, name);
        // A busy machine may leave no time to begin the document, and then the error is all that is said.
        let is_nothing = out.is_empty() && !err.contains("incomplete results");
        let mut triples = RdfParser::from_format(format).for_slice(out.as_bytes());
        assert!(is_nothing || triples.all(|triple| triple.is_ok()), "{name}: {out:.300}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn functions_that_make_long_texts_keep_the_limit_of_memory() {
    let folder = tempfile::tempdir().unwrap();
    values(folder.path(), 2_000);
    let doubled = (0..24).map(|i| format!("BIND(CONCAT(?s{i}, ?s{i}) AS ?s{}) ", i + 1));
    let doubled: String = doubled.collect();
    let (letters, more) = ("a".repeat(5_000), "b".repeat(5_000));
    for query in [
        format!("SELECT (STRLEN(?s24) AS ?n) {{ BIND('{letters}' AS ?s0) {doubled} }}"),
        format!(
            "SELECT (STRLEN(?c) AS ?n) {{ BIND('{letters}' AS ?a) \
            BIND(REPLACE(?a, 'a', '{more}') AS ?b) BIND(REPLACE(?b, 'b', '{more}') AS ?c) }}"
        ),
        format!(
            "SELECT (GROUP_CONCAT(CONCAT('{letters}', ?v)) AS ?all) \
            {{ ?a <http://example.com/v> ?v . ?b ?p ?o }}"
        ),
    ] {
        for cite in [&[][..], &["--cite"]] {
            let options = ["query", &query, "-q", "--limit-memory", "150MB", "--data", "v.nt"];
            let (most, code) = memory(folder.path(), &[&options[..], cite].concat());
            assert_eq!(code, Some(5), "{query:.100}");
            // A machine that is busy may look late; without a limit it would be gigabytes.
            assert!(most < 300_000_000, "{most} bytes: {query:.100}");
        }
    }
}
