//! Errors of other libraries that only their messages tell apart: each is produced, and has to be recognised.

#![allow(
    clippy::format_collect,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and speed is no matter"
)]

use dossier::internals::{EngineQuery, FrontMatter, Store, explain, load_files};
use dossier::{Address, Diagnostic, Prefixes, RdfFile, SourceFile, Step};
use spargebra::SparqlParser;
use std::collections::BTreeSet;

/// A file of RDF, and what is wrong with it.
type Case = (&'static str, &'static str, &'static str);

fn check_files(cases: &[Case]) {
    for (name, text, message) in cases {
        assert_eq!(broken(name, text).message, *message, "{name}: {text}");
    }
}

fn broken(name: &str, text: &str) -> Diagnostic {
    let source = SourceFile { path: name.to_owned(), bytes: text.as_bytes().to_vec().into() };
    let file = RdfFile::new(source).unwrap();
    let Err(error) = load_files(vec![file.into()]) else { panic!("nothing is wrong: {text}") };
    error.problems[0].clone()
}

#[test]
fn errors_of_lines_are_recognised() {
    check_files(&[
        ("a.nt", "<x:a> <x:p> <x:b>\n<x:c> <x:p> <x:b> .", "missing `.` at the end of the line"),
        ("a.nt", "<x:a> <x:p> <x:b>", "missing `.` at the end of the line"),
        (
            "a.nq",
            "<x:a> <x:p> <x:b> <x:g>\n<x:c> <x:p> <x:b> .",
            "missing `.` at the end of the line",
        ),
        ("a.nt", "<x:a> <x:p> <x:b> . <x:c> <x:p> <x:b> .", "a second triple begins on this line"),
        ("a.nt", "<x:a> <x:p>\n<x:b> .", "the line ends in the middle of a triple"),
        ("a.nt", "<x:a> <x:p> \"b\nc\" .", "the line ends inside a string"),
        (
            "a.nt",
            "a <x:p> <x:b> .",
            "expected an IRI in angle brackets or a blank node as the subject",
        ),
        ("a.nt", "<x:a> a <x:b> .", "expected an IRI in angle brackets as the property"),
        (
            "a.nt",
            "<x:a> <x:p> 1 .",
            "expected an IRI in angle brackets, a blank node or a string as the object",
        ),
        (
            "a.nt",
            "<x:a> <x:p> \"1\"^^xsd:int .",
            "expected an IRI in angle brackets as the datatype",
        ),
        ("a.nt", "<x:a> <x:p> \"1", "unclosed string"),
        ("a.nt", "<x:a> <x:p> ", "the file ends in the middle of a line"),
        ("a.nt", "<x:a> <x:p> \"b\"@en--ltr .", "text directions are not supported"),
    ]);
}

#[test]
fn errors_of_iris_are_recognised() {
    check_files(&[("a.nt", "<a> <x:p> <x:b> .", "relative IRI without a base")]);
    let problem = broken("a.nt", "<x:a b> <x:p> <x:b> .");
    assert_eq!(problem.message, "invalid IRI code point ' '");
    assert!(problem.help.unwrap().starts_with("write the character as `%`"));
}

#[test]
fn errors_of_xml_are_recognised() {
    const START: &str = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>";
    for (content, message) in [
        ("<e:T/></rdf:RDF>", "the prefix `e:` is not declared"),
        ("<T/></rdf:RDF>", "a name has no namespace"),
        ("words</rdf:RDF>", "expected an element, but found the text `words`"),
        ("</rdf:Bag>", "expected `</rdf:RDF>`, but `</rdf:Bag>` was found"),
    ] {
        assert_eq!(broken("a.rdf", &format!("{START}{content}")).message, message, "{content}");
    }
}

#[test]
fn errors_of_json_are_recognised() {
    check_files(&[
        ("a.jsonld", "{} {}", "unexpected text after the end of the JSON"),
        ("a.jsonld", "{a: 1}", "expected a key in `\"`"),
        ("a.jsonld", "{\"a\" 1}", "expected `:` after the key"),
        ("a.jsonld", "{\"a\": 1 2}", "expected `,` or `}`"),
        ("a.jsonld", "{\"a\": 1 \"b\": 2}", "missing `,` before this"),
        ("a.jsonld", "[1 2]", "expected `,` or `]`"),
        ("a.jsonld", "{\"a\": \"\\x\"}", "invalid escape in a string"),
        ("a.jsonld", "{\"a\": \"b\nc\"}", "the line ends inside a string"),
        ("a.jsonld", "{\"a\": x}", "expected a value"),
        (
            "a.jsonld",
            "{\"@context\": \"http://e/c\", \"a\": 1}",
            "the context `http://e/c` is not known, and contexts are not downloaded",
        ),
        (
            "a.jsonld",
            "{\"@context\": \"c\", \"a\": 1}",
            "the address of the context `c` is relative, and the file has no address",
        ),
        (
            "a.jsonld",
            "{\"@context\": {\"a\": 1}, \"a\": 1}",
            "a term in its context is neither an IRI nor a map",
        ),
    ]);
}

#[test]
fn errors_of_yaml_are_recognised() {
    for (text, message) in [
        ("sumary: a", "front matter has no field `sumary` here"),
        ("severity: x", "invalid value `x` for `severity`"),
        ("summary: a\nsummary: b", "duplicate field `summary`"),
        ("tags: [", "unclosed `[`"),
        ("summary: \"a", "unclosed string"),
        ("summary: a: b", "a text with a `:` must be in quotes"),
        ("tags:\n\t- a", "front matter cannot be indented with tabs"),
        ("tags:\n  - a\n - b", "the indentation of this line does not match the lines before it"),
        ("tags: x", "`tags` must be a list"),
        ("summary: [x]", "`summary` must be a text"),
    ] {
        let front: String = text.lines().map(|line| format!("#+ {line}\n")).collect();
        let problem = FrontMatter::parse("q.rq", &(front + "ASK {}")).unwrap_err();
        assert_eq!(problem.message, message, "{text}");
    }
}

/// (No name that ends in `.invalid` is ever that of a host.)
#[test]
fn an_unknown_host_is_recognised() {
    let store = Store::at_endpoint(Address::parse("http://nowhere.invalid/sparql").unwrap());
    let query = EngineQuery::of_parts(SparqlParser::new().parse_query("ASK {}").unwrap());
    let Err(error) = store.evaluate_unplanned(query) else { panic!("somebody is there") };
    assert_eq!(error.problems[0].message, "unknown host `nowhere.invalid`");
}

/// What steps are called, those inside others too.
fn add_words(steps: &[Step], words: &mut BTreeSet<&'static str>) {
    for step in steps {
        assert!(!step.detail.contains("sort key"), "{step:?}");
        words.insert(step.what);
        step.inputs.iter().for_each(|steps| add_words(steps, words));
    }
}

/// (An operation that has another name than the known ones is a `step`.)
#[test]
fn operations_are_recognised() {
    let store = Store::of([]).unwrap();
    let mut words = BTreeSet::new();
    for query in [
        "SELECT DISTINCT ?a { ?a <x:p> ?b { ?a <x:q>+ ?b } UNION { VALUES ?a { <x:a> } } } ORDER BY ?a LIMIT 1",
        "SELECT ?a { ?a <x:p> ?b OPTIONAL { ?b <x:q> ?c } MINUS { ?a <x:r> ?b } FILTER(?b != 1) }",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { } BIND(1 AS ?a) } GROUP BY ?g",
        "SELECT * { ?a <x:p> ?b . ?c <x:p> ?d }",
        "SELECT * { { SELECT ?a { ?a <x:p> ?b } } { SELECT ?a { ?a <x:q> ?b } } OPTIONAL { SELECT ?a { ?a <x:r> ?c } } }",
    ] {
        let query = SparqlParser::new().parse_query(query).unwrap();
        let explanation = explain(&store, &query, None, &Prefixes::default()).unwrap();
        add_words(&explanation.steps, &mut words);
    }
    let known = "bind, cross product, distinct, filter, graphs, group, hash join, match, minus, optional hash join, \
        optional nested loop, path, project, slice, sort, union, values";
    assert_eq!(words.into_iter().collect::<Vec<_>>().join(", "), known);
}
