//! The rules of citing, operator by operator: what each row rests on, for each thing that a query can be made of.
//!
//! A file of `tests/rules` is to be read: data in `trig`, then queries in `sparql`, each with its whole answer in
//! `text`, where a line is a row (as in VALUES), its citation and its status. The data hold until the next ones; graphs
//! are claims, and what stands outside of them is background. What is expected was derived by reading the rules, not by
//! running anything.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use dossier::answer::{CitedAnswer, cited_answer};
use dossier::cite::{Citation, Options};
use dossier::dossier::Source;
use dossier::query::parse;
use dossier::results::citation_words;
use dossier::store::{RdfFile, load_files};
use dossier::vocabulary::Prefixes;
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Term, Triple};
use std::borrow::Cow;
use std::path::Path;

const PREFIXES: &str = "
@prefix : <https://example.com/> .
@prefix c: <https://example.com/claim/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
";

/// A query on data, and the answer that is expected.
struct Case {
    place: String,
    data: String,
    query: String,
    expected: String,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    let mut files: Vec<_> =
        folder.read_dir().unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    files
        .iter()
        .flat_map(|file| {
            let text = std::fs::read_to_string(folder.join(file)).unwrap();
            cases_of(&format!("tests/rules/{}", file.display()), &text)
        })
        .collect()
}

fn cases_of(file: &str, text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let (mut data, mut query) = (String::new(), None);
    let mut lines = text.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        let Some(kind) = line.strip_prefix("```") else { continue };
        let place = format!("{file}:{number}");
        let inside = lines.by_ref().map(|(line, _)| line).take_while(|line| *line != "```");
        let block = inside.collect::<Vec<_>>().join("\n");
        match (kind, query.take()) {
            ("trig", None) => data = block,
            ("sparql", None) => query = Some((place, block)),
            ("text", Some((place, query))) => {
                cases.push(Case { place, data: data.clone(), query, expected: block });
            }
            _ => panic!("{place}: `{kind}` is not expected here"),
        }
    }
    assert!(query.is_none() && !cases.is_empty(), "{file} is not complete");
    cases
}

/// The lines of an answer.
fn given(case: &Case) -> Vec<String> {
    let bytes = Cow::Owned(format!("{PREFIXES}{}", case.data).into_bytes());
    let file = RdfFile::new(Source { path: "data.trig".into(), bytes }).unwrap();
    let loaded = load_files(&[file]).unwrap_or_else(|error| panic!("{}: {error:?}", case.place));
    let prefixes = &loaded.prefixes;
    let query = parse("query", &case.query, prefixes)
        .unwrap_or_else(|problem| panic!("{}: {problem:?}", case.place));
    let line = |row: &str, citation: &Citation| {
        let words = citation_words(citation, prefixes);
        let more = if citation.has_more { "|…" } else { "" };
        let reason = citation.status.reason().map(|reason| format!(": {reason}"));
        let status = citation.status.name();
        format!("{row} {words}{more} {status}{}", reason.unwrap_or_default())
    };
    match cited_answer(&loaded.store, &query, None, Options::default()).unwrap() {
        CitedAnswer::Solutions { rows, .. } => rows
            .map(|row| {
                let (row, citation) = row.unwrap();
                line(&format!("({})", shown(row.values(), prefixes)), &citation)
            })
            .collect(),
        CitedAnswer::Boolean(value, citation) => vec![line(&value.to_string(), &citation)],
        CitedAnswer::Graph { triples, .. } => triples
            .into_iter()
            .map(|(Triple { subject, predicate, object }, citation)| {
                let triple = [subject.into(), predicate.into(), object].map(Some);
                line(&format!("{} .", shown(&triple, prefixes)), &citation)
            })
            .collect(),
    }
}

/// Terms as one writes them; blank nodes have no name that lasts.
fn shown(terms: &[Option<Term>], prefixes: &Prefixes) -> String {
    let short = [xsd::INTEGER, xsd::DECIMAL, xsd::BOOLEAN];
    let term = |term: &Option<Term>| match term {
        None => "UNDEF".to_owned(),
        Some(Term::BlankNode(_)) => "[]".to_owned(),
        Some(Term::Literal(value)) if short.contains(&value.datatype()) => value.value().to_owned(),
        Some(term) => prefixes.show_term(term),
    };
    terms.iter().map(term).collect::<Vec<_>>().join(" ")
}

/// Lines that can be compared: words with one space between, and in the order of the query if it has one.
fn lines<'a>(lines: impl Iterator<Item = &'a str>, query: &str) -> Vec<String> {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut lines: Vec<String> = lines.map(words).collect();
    if !query.contains("ORDER BY") {
        lines.sort();
    }
    lines
}

#[test]
fn every_operator_cites_what_its_rules_say() {
    let mut wrong = String::new();
    for case in cases() {
        let given = lines(given(&case).iter().map(String::as_str), &case.query);
        let expected = lines(case.expected.lines(), &case.query);
        if given != expected {
            let shown = |lines: &[String]| lines.join("\n            ");
            wrong.push_str(&format!("\n{}\n{}\n", case.place, case.query));
            wrong.push_str(&format!("  expected: {}\n", shown(&expected)));
            wrong.push_str(&format!("  given:    {}\n", shown(&given)));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
