//! The register of diagnostics against the code and the cases: each id that the code uses is documented, and each that is
//! documented is used and has a case.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support::files::files_in;
use dossier::internals::{parse, register};
use dossier::{JsonLdFrame, Prefixes, Severity};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// The ids that the code gives diagnostics, with their severities where these stand beside them.
fn used() -> BTreeMap<String, BTreeSet<Severity>> {
    let id = r#""([a-z0-9]+(?:-[a-z0-9]+)*)""#;
    let severe = Regex::new(&format!(r"\b(error|warning)!?\(\s*{id},")).unwrap();
    let others = Regex::new(&format!(
        r#"(?:\b(?:say|with_id|at_head)\(|\b(?:Fault|Fix)::new\([^"]*?,)\s*{id}[,)]"#
    ))
    .unwrap();
    let any = Regex::new(id).unwrap();
    let known: BTreeSet<&str> = register().map(|entry| entry.id).collect();
    let mut used: BTreeMap<String, BTreeSet<Severity>> = BTreeMap::new();
    for (_, text) in files_in("src", &["rs"]) {
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for found in severe.captures_iter(code) {
            let severity = if &found[1] == "error" { Severity::Error } else { Severity::Warning };
            used.entry(found[2].to_owned()).or_default().insert(severity);
        }
        // Others stand in tables.
        let in_tables = any.captures_iter(code).filter(|found| known.contains(&found[1]));
        for found in others.captures_iter(code).chain(in_tables) {
            used.entry(found[1].to_owned()).or_default();
        }
    }
    used
}

#[test]
fn the_register_holds_what_the_code_uses() {
    let used = used();
    let registered: BTreeMap<&str, Severity> =
        register().map(|entry| (entry.id, entry.severity)).collect();
    assert_eq!(registered.len(), register().count(), "an id is registered twice");
    let of_code: BTreeSet<&str> = used.keys().map(String::as_str).collect();
    assert_eq!(of_code, registered.keys().copied().collect());
    for (id, severities) in &used {
        assert!(severities.iter().all(|severity| registered[id.as_str()] == *severity), "{id}");
    }
}

#[test]
fn each_entry_says_what_it_means_and_what_to_do() {
    for entry in register() {
        let parts: Vec<&str> = entry.text.split("\n\n").collect();
        let [meaning, example, advice] = parts.as_slice() else { panic!("{}", entry.id) };
        assert!(meaning.ends_with(['.', ':']) && advice.ends_with(['.', '`']), "{}", entry.id);
        assert!(example.starts_with("```text\n") && example.ends_with("\n```"), "{}", entry.id);
    }
}

/// The message that an entry has as its example.
fn example(text: &str) -> &str {
    text.split("```").nth(1).unwrap().strip_prefix("text\n").unwrap().trim_end()
}

/// A case is a message that a test expects, or a test that expects the id.
#[test]
fn each_entry_has_a_case() {
    let mut cases: Vec<String> =
        files_in("tests", &["md", "rs", "stderr"]).into_iter().map(|(_, text)| text).collect();
    for (path, text) in files_in("src", &["rs"]) {
        match text.split_once("#[cfg(test)]\nmod tests {") {
            Some((_, tests)) => cases.push(tests.to_owned()),
            None if path.ends_with("tests.rs") => cases.push(text),
            None => {}
        }
    }
    // `trycmd` writes a backslash as a slash.
    let cases = cases.join("\n").replace('\\', "/");
    let without: Vec<&str> = register()
        .filter(|entry| {
            let is_expected =
                |before: &str, after: &str| cases.contains(&format!("{before}{}{after}", entry.id));
            !cases.contains(&example(entry.text).replace('\\', "/"))
                && !is_expected("\"", "\"")
                && !is_expected(&format!("{} ", entry.severity.name()), " ")
        })
        .map(|entry| entry.id)
        .collect();
    assert_eq!(without, [""; 0]);
}

/// What each query is refused for.
#[test]
fn queries_are_refused_with_ids() {
    let deep = format!("ASK {{ FILTER({}1) }}", "(".repeat(600));
    for (id, query) in [
        ("number-too-large", "ASK {} LIMIT 99999999999999999999999999"),
        ("query-too-large", deep.as_str()),
        ("bracket-unbalanced", "SELECT * { ?s ?p ?o ) }"),
        ("syntax-error", "SELECT * { ?s ?p ?o } LIMIT ten"),
        ("prefix-undeclared", "ASK { ex:a ?p ?o }"),
        ("sparql-update", "DELETE WHERE { ?s ?p ?o }"),
        ("variable-ungrouped", "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"),
    ] {
        let refused = parse("query", query, &Prefixes::default()).unwrap_err();
        assert_eq!(refused.id.as_deref(), Some(id), "{refused}");
    }
}

#[test]
fn frames_are_refused_with_an_id() {
    assert_eq!(JsonLdFrame::parse("[]").unwrap_err().id.as_deref(), Some("json-ld-frame"));
}
