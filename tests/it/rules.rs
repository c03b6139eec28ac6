//! The rules of citing, operator by operator: what each row rests on, for each thing that a query can be made of.
//!
//! The files of `tests/rules` are to be read: data in `trig`, then queries in `sparql`, each with its whole answer in
//! `text`, where a line is a row (as in VALUES), its citation and its status. Graphs are claims; what stands outside of
//! them is background. What is expected was derived by reading the rules, not by running anything. An answer that the
//! program does not give yet stands in `text not yet`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use dossier::internals::{Store, answer, citation_words, declared_prefixes, load_files, parse};
use dossier::{Citation, CitationOptions, Form, RdfFile, SourceFile};
use oxigraph::model::{Term, Triple, vocab::xsd};
use spargebra::Query;
use std::collections::BTreeSet;

const PREFIXES: &str = "PREFIX : <https://example.com/> PREFIX c: <https://example.com/claim/>
    PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n";

/// What queries are made of, in the words of the algebra.
const OPERATORS: &str = "Bgp Path Join LeftJoin Filter Union Graph Extend Minus Values OrderBy Project Distinct \
    Reduced Slice Group Service Reverse Sequence Alternative ZeroOrMore OneOrMore ZeroOrOne NegatedPropertySet Exists \
    Not CountSolutions Count Sum Avg Min Max Sample GroupConcat Construct Describe Ask QueryDataset";

/// A query on data, and the answer that is expected.
struct Case {
    place: String,
    data: String,
    text: String,
    query: Query,
    expected: String,
    is_met: bool,
}

fn cases() -> Vec<Case> {
    let folder = std::fs::read_dir("tests/rules").unwrap();
    let files: BTreeSet<_> = folder.map(|file| file.unwrap().path()).collect();
    files.iter().flat_map(|file| cases_of(file)).collect()
}

fn cases_of(file: &std::path::Path) -> Vec<Case> {
    let content = std::fs::read_to_string(file).unwrap();
    let (mut cases, mut data, mut asked) = (Vec::new(), String::new(), None);
    let mut lines = content.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        let Some(kind) = line.strip_prefix("```") else { continue };
        let place = format!("{}:{number}", file.display());
        let inside = lines.by_ref().map(|(line, _)| line).take_while(|line| *line != "```");
        let block = inside.collect::<Vec<_>>().join("\n");
        match (kind, asked.take()) {
            ("trig", None) => data = block,
            ("sparql", None) => asked = Some((place, block)),
            ("text" | "text not yet", Some((place, text))) => {
                let query = parse("query", &text, &declared_prefixes(PREFIXES))
                    .unwrap_or_else(|problem| panic!("{place}: {problem:?}"));
                let (data, is_met) = (data.clone(), kind == "text");
                cases.push(Case { place, data, text, query, expected: block, is_met });
            }
            _ => panic!("{place}: `{kind}` is not expected here"),
        }
    }
    assert!(asked.is_none() && !cases.is_empty(), "{} is not complete", file.display());
    cases
}

/// The lines of an answer.
fn given(Case { data, query, .. }: &Case) -> String {
    let bytes = format!("{PREFIXES}{data}").into_bytes().into();
    let file = RdfFile::new(SourceFile { path: "data.trig".into(), bytes });
    let store = load_files(vec![file.unwrap().into()]).unwrap().store;
    let answer = answer(&store, query, None, Some(CitationOptions::default())).unwrap();
    let rows: Vec<(String, Citation)> = match answer.form {
        Form::Boolean(value, citation) => vec![(value.to_string(), citation.unwrap())],
        Form::Rows(rows) => rows
            .map(Result::unwrap)
            .map(|row| (format!("({})", shown(row.solution.values())), row.citation.unwrap()))
            .collect(),
        Form::Graph(graph) => {
            let graph = graph.read().unwrap();
            let line = |Triple { subject: s, predicate: p, object: o }| {
                shown(&[Some(s.into()), Some(p.into()), Some(o)]) + " ."
            };
            graph.triples.into_iter().map(line).zip(graph.citations.unwrap()).collect()
        }
    };
    let line = |(row, citation): &(String, Citation)| {
        let words = citation_words(citation, &declared_prefixes(PREFIXES));
        let more = if citation.has_more { "and more" } else { "" };
        let untrue = if is_true(citation, query, &store) { "" } else { "(something matches)" };
        let reason = citation.status.reason().map_or(String::new(), |reason| format!(": {reason}"));
        format!("{row} {words} {more} {untrue} {}{reason}\n", citation.status.name())
    };
    rows.iter().map(line).collect()
}

/// Whether nothing matches what is said to have no match.
fn is_true(citation: &Citation, query: &Query, store: &Store) -> bool {
    citation.derivations.iter().flat_map(|derivation| &derivation.absences).all(|absence| {
        let (dataset, pattern) = (query.dataset().cloned(), absence.pattern.clone());
        let ask = Query::Ask { dataset, pattern, base_iri: None };
        matches!(answer(store, &ask, None, None).unwrap().form, Form::Boolean(false, _))
    })
}

/// Terms as one writes them; blank nodes have no name that lasts.
fn shown(terms: &[Option<Term>]) -> String {
    let short = [xsd::INTEGER, xsd::DECIMAL, xsd::BOOLEAN];
    let word = |term: &Option<Term>| match term {
        None => "UNDEF".to_owned(),
        Some(Term::BlankNode(_)) => "[]".to_owned(),
        Some(Term::Literal(value)) if short.contains(&value.datatype()) => value.value().to_owned(),
        Some(term) => declared_prefixes(PREFIXES).show_term(term),
    };
    terms.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// An answer with one space between words, and its lines in order unless the query has one.
fn compared(answer: &str, query: &str) -> String {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut lines: Vec<_> = answer.lines().map(|line| format!("    {}\n", words(line))).collect();
    if !query.contains("ORDER BY") {
        lines.sort();
    }
    lines.concat()
}

#[test]
fn every_operator_cites_what_its_rules_say() {
    let mut wrong = String::new();
    for case in cases() {
        let (place, text) = (&case.place, &case.text);
        let (expected, given) = (compared(&case.expected, text), compared(&given(&case), text));
        if (given == expected) != case.is_met {
            wrong.push_str(&format!("\n{place}\n{text}\n  expected:\n{expected}  given:\n{given}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}\nWhat is as expected stands in `text not yet` no longer.");
}

#[test]
fn every_operator_has_a_case() {
    let algebra =
        cases().iter().map(|case| format!("{:?}", case.query)).collect::<Vec<_>>().concat();
    let words: BTreeSet<&str> = algebra.split(|c: char| !c.is_alphabetic()).collect();
    for operator in OPERATORS.split_whitespace() {
        assert!(words.contains(operator), "no case has {operator}");
    }
}
