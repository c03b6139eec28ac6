//! JSON-LD whose contexts are named by their addresses, and JSON-LD in web pages.

use dossier::internals::read_file;
use dossier::{Contexts, Diagnostic, GraphFormat, InputFormat, RdfFile, SourceFile};
use oxigraph::model::Quad;
use proptest::prelude::*;
use serde_json::{Value, json};

fn source(name: &str, text: &str) -> SourceFile {
    SourceFile { path: name.to_owned(), bytes: text.as_bytes().to_vec().into() }
}

/// The quads of a file, sorted, or its error.
fn read(
    format: impl Into<InputFormat>,
    text: &str,
    contexts: &Contexts,
) -> Result<Vec<String>, Box<Diagnostic>> {
    let file = RdfFile {
        base: Some("http://example.com/file".to_owned()),
        contexts: contexts.clone(),
        ..RdfFile::of(source("file", text), format)
    };
    let (quads, _) = read_file(&file).map_err(|error| Box::new(error.problems[0].clone()))?;
    let mut quads: Vec<String> = quads.iter().map(Quad::to_string).collect();
    quads.sort();
    Ok(quads)
}

fn given(entries: &[(&str, &Value)]) -> Contexts {
    let mut contexts = Contexts::default();
    for (address, context) in entries {
        let document = json!({ "@context": context }).to_string();
        assert!(contexts.add(address, &source("context", &document)).is_ok(), "{document}");
    }
    contexts
}

/// A definition of a term, whose values are texts of one or more languages, links, dates or things by their types.
fn definition() -> impl Strategy<Value = Value> {
    let iri =
        prop_oneof![Just("http://example.com/p"), Just("ex:q"), Just("http://example.com/r#")];
    let other = prop_oneof![
        Just(json!({})),
        Just(json!({ "@type": "@id" })),
        Just(json!({ "@type": "@vocab" })),
        Just(json!({ "@type": "http://www.w3.org/2001/XMLSchema#date" })),
        Just(json!({ "@container": "@list" })),
        Just(json!({ "@container": "@language" })),
        Just(json!({ "@container": ["@type", "@set"] })),
        Just(json!({ "@language": "en-GB" })),
    ];
    (iri, other).prop_map(|(iri, mut definition)| {
        definition["@id"] = json!(iri);
        definition
    })
}

fn context() -> impl Strategy<Value = Value> {
    let terms = proptest::collection::btree_map("[a-d]", definition(), 0..4);
    (terms, prop_oneof![Just(None), Just(Some("http://example.com/vocab#"))]).prop_map(
        |(terms, vocabulary)| {
            let mut context = json!(terms);
            context["ex"] = json!("http://example.com/ns/");
            context["kind"] = json!("@type");
            if let Some(vocabulary) = vocabulary {
                context["@vocab"] = json!(vocabulary);
            }
            context
        },
    )
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("text")),
        Just(json!(5)),
        Just(json!(["one", "two"])),
        Just(json!({ "@id": "other", "kind": "ex:T" })),
        Just(json!({ "de": "Text", "en-GB": "text" })),
        Just(json!({ "ex:T": [{ "@id": "named", "a": "x" }] })),
    ]
}

fn node() -> impl Strategy<Value = Value> {
    proptest::collection::btree_map("[a-e]", value(), 1..4).prop_map(|terms| {
        let mut node = json!(terms);
        node["@id"] = json!("thing");
        node
    })
}

proptest! {
    #![proptest_config(crate::support::cases(200))]

    /// A context says the same whether it is in a document, named by it, or named by a context that it names.
    #[test]
    fn a_named_context_says_the_same(first in context(), second in context(), node in node()) {
        let with = |context: Value| {
            let mut node = node.clone();
            node["@context"] = context;
            node.to_string()
        };
        let none = Contexts::default();
        let within = read(GraphFormat::JsonLd, &with(json!([first, second])), &none);
        let second_of_first = json!([first, "second"]);
        for (contexts, named) in [
            (given(&[("http://example.com/first", &first), ("http://example.com/second", &second)]),
                json!(["http://example.com/first", "https://example.com/second.jsonld"])),
            (given(&[("http://example.com/second", &second)]), json!([first, "second"])),
            (given(&[("http://example.com/both", &second_of_first), ("http://example.com/second", &second)]),
                json!("both")),
        ] {
            match (&within, read(GraphFormat::JsonLd, &with(named), &contexts)) {
                (Ok(within), Ok(named)) => prop_assert_eq!(within, &named),
                (Err(_), Err(_)) => {}
                (within, named) => prop_assert!(false, "{:?} {:?}", within, named),
            }
        }
    }

    /// A document in a page says the same as in a file, whatever is around it.
    #[test]
    fn a_page_says_what_its_scripts_say(
        first in node(),
        second in node(),
        before in "(<p>|</p>|ü|\r\n|<!-- <script> -->|<style>a>b</style>|<div class=\"a>b\">| ){0,5}",
        between in "(</div>|\n|<img src=\"<\">|<script>'</p>'</script>|&lt;){0,5}",
        attribute in prop_oneof![Just("\"application/ld+json\""), Just("Application/LD+JSON"), Just("'application/ld+json; charset=utf-8'")],
    ) {
        let context = json!({ "@vocab": "http://example.com/vocab#", "ex": "http://example.com/ns/", "kind": "@type" });
        let with_context = |mut node: Value| {
            node["@context"] = context.clone();
            node
        };
        let (first, second) = (with_context(first), with_context(second));
        let none = Contexts::default();
        let file = read(GraphFormat::JsonLd, &json!([first, second]).to_string(), &none);
        let page = format!(
            "{before}<script type={attribute}>\r\n{first:#}</script>{between}<SCRIPT async type={attribute}>[{second}]</SCRIPT >"
        );
        let page = read(InputFormat::Html, &page, &none);
        prop_assert_eq!(file.map_err(|_| ()), page.map_err(|_| ()));
    }

    /// An error in a script is where it is in the page.
    #[test]
    fn an_error_is_located_in_the_page(lines in 0_usize..5, before in "[a-zü ]{0,9}") {
        let start = format!("{}{before}<script type=application/ld+json>", "\r\n".repeat(lines));
        let error = read(InputFormat::Html, &format!("{start}{{\"a\" 1}}</script>"), &Contexts::default()).unwrap_err();
        let place = error.excerpt.as_deref().unwrap();
        let column = before.chars().count() + "<script type=application/ld+json>".len() + "{\"a\" ".len() + 1;
        prop_assert_eq!((place.line, place.column), (lines + 1, column));
        let tag = before + "<script";
        prop_assert!(place.text.starts_with(&tag));
    }

    /// Whatever a page and a context contain, reading them ends, with statements or an error.
    #[test]
    fn no_page_and_no_context_stops_the_program(
        page in "(<script type=application/ld\\+json>|</script>|<!--|-->|<svg>|</svg>|<template>|\\{|\\}|\"@context\":|\"@id\"|\"c\"|\\[|\\]|,|:|\0|\r|<base href=\"[:/a]{0,3}\">){0,12}",
        context in "(\\{|\\}|\"@context\":|\"@import\":|\"@id\":|\"c\"|\"a\"|\\[|\\]|,|1){0,12}",
    ) {
        let mut contexts = Contexts::default();
        let _ = contexts.add("http://example.com/c", &source("context", &context));
        let _ = contexts.add("http://example.com/d", &source("context", &format!("{{\"@context\":{context}}}")));
        let _ = read(InputFormat::Html, &page, &contexts);
        for named in ["c", "d"] {
            let document = json!({ "@context": ["c", named], "a": { "@context": named, "a": "c" } });
            let _ = read(GraphFormat::JsonLd, &document.to_string(), &contexts);
        }
    }
}

/// A context that includes itself, by whatever way, is an error and not the end of the process.
#[test]
fn contexts_that_include_each_other_are_refused() {
    let document = r#"{"@context": "http://example.com/a", "a": {"b": 1}}"#;
    for (a, b) in [
        (json!("a"), json!({})),
        (json!("b"), json!("a")),
        (json!([{}, "b"]), json!([{}, "http://example.com/a"])),
        (json!({ "@import": "b" }), json!({ "@import": "a" })),
    ] {
        let absolute = |context: &Value| {
            let text = context.to_string();
            let text = text.replace("\"a\"", "\"http://example.com/a\"");
            serde_json::from_str(&text.replace("\"b\"", "\"http://example.com/b\"")).unwrap()
        };
        let (a, b): (Value, Value) = (absolute(&a), absolute(&b));
        let contexts = given(&[("http://example.com/a", &a), ("http://example.com/b", &b)]);
        let error = read(GraphFormat::JsonLd, document, &contexts).unwrap_err();
        assert!(
            error.id.as_deref().is_some_and(|id| id.starts_with("json-ld-")),
            "{a} {b}: {error}"
        );
    }
}

/// No file is read because a document names it, and a context that another one names has to be known too.
#[test]
fn no_context_is_looked_up_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("context.json");
    std::fs::write(&path, r#"{"@context": {"name": "http://example.com/name"}}"#).unwrap();
    let inner = json!(["http://example.com/unknown"]);
    let contexts = given(&[("http://example.com/outer", &inner)]);
    for address in [
        format!("file://{}", path.display()),
        path.display().to_string(),
        "context.json".to_owned(),
        "http://example.com/outer".to_owned(),
    ] {
        let document = json!({ "@context": address, "name": "Anna" }).to_string();
        let error = read(GraphFormat::JsonLd, &document, &contexts).unwrap_err();
        assert_eq!(error.id.as_deref(), Some("json-ld-context-remote"), "{address}: {error}");
    }
}

/// What is not a context is refused when it is given.
#[test]
fn what_is_no_context_is_refused() {
    let large =
        format!(r#"{{"@context": {{"a": "http://example.com/{}"}}}}"#, "a".repeat(50_000_000));
    let deep = format!("{}1{}", r#"{"@context":"#.repeat(200), "}".repeat(200));
    for (text, id) in [
        ("", "json-ld-context"),
        ("<!doctype html>", "json-syntax"),
        ("{\"@context\": {}", "json-syntax"),
        ("[]", "json-ld-context"),
        ("{}", "json-ld-context"),
        (&*deep, "nesting-too-deep"),
        (&*large, "input-too-large"),
    ] {
        let refused =
            Contexts::default().add("http://example.com/", &source("c", text)).unwrap_err();
        assert_eq!(refused.id.as_deref(), Some(id), "{refused}");
    }
}

/// All names of one context.
#[test]
fn addresses_have_several_forms() {
    for address in [
        "https://schema.org",
        "http://schema.org/",
        "HTTPS://Schema.org/#",
        "https://www.schema.org",
        "http://schema.org/docs/jsonldcontext.json",
        "https://schema.org/docs/jsonldcontext.jsonld",
    ] {
        let document = json!({ "@context": address, "@id": "a", "url": "b" }).to_string();
        let quads = read(GraphFormat::JsonLd, &document, &Contexts::default()).unwrap();
        assert_eq!(
            quads,
            ["<http://example.com/a> <http://schema.org/url> <http://example.com/b>"]
        );
    }
}
