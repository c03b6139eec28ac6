//! JSON-LD: the names and the tree that are written, frames, contexts that are given, and that nothing is lost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use crate::support;
use dossier::{
    JsonLdContext, JsonLdFrame, JsonLdOptions, Layout, Ontology, Prefixes, WriteError,
    write_json_ld,
};
use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfParser};
use oxigraph::model::dataset::CanonicalizationAlgorithm;
use oxigraph::model::{
    BlankNode, Dataset, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

const XSD: &str = "http://www.w3.org/2001/XMLSchema#";

fn parse(format: RdfFormat, text: &str) -> Vec<Quad> {
    RdfParser::from_format(format)
        .with_base_iri("http://json-ld.org/test-suite/tests/x")
        .unwrap()
        .for_slice(text.as_bytes())
        .collect::<Result<_, _>>()
        .unwrap_or_else(|e| panic!("{e}\n{text}"))
}

fn json_ld() -> RdfFormat {
    RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() }
}

fn trig(text: &str) -> Vec<Quad> {
    let prefixes = "@prefix ex: <http://example.com/> . @prefix other: <http://other.example/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .";
    parse(RdfFormat::TriG, &format!("{prefixes}\n{text}"))
}

fn prefixes() -> Prefixes {
    let mut prefixes = Prefixes::default();
    prefixes.add("ex", "http://example.com/");
    prefixes.add("other", "http://other.example/");
    prefixes.add("odd", "http://example.com/odd");
    prefixes.add("urn", "http://example.com/urn#");
    prefixes.add("", "http://example.com/empty/");
    prefixes.add("id", "http://example.com/as-id/");
    prefixes.add("xsd", XSD);
    prefixes
}

fn write_with(quads: &[Quad], ontology: &Ontology, options: &JsonLdOptions) -> String {
    let prefixes = prefixes();
    let mut text = Vec::new();
    let layout = Layout { prefixes: &prefixes, ontology };
    write_json_ld(quads, &layout, options, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn write(quads: &[Quad]) -> String {
    write_with(quads, &Ontology::default(), &JsonLdOptions::default())
}

fn written(text: &str) -> Value {
    serde_json::from_str(&write(&trig(text))).unwrap()
}

fn canonical(quads: impl IntoIterator<Item = Quad>) -> Dataset {
    let mut dataset: Dataset = quads.into_iter().collect();
    dataset.canonicalize(CanonicalizationAlgorithm::Unstable);
    dataset
}

/// A term and its values are what the data have in common.
#[test]
fn the_context_says_what_values_have_in_common() {
    let document = written(
        "ex:a a ex:Thing ; ex:knows ex:b, ex:c ; ex:year '2001'^^xsd:gYear ; ex:age 5 ; ex:ok true ;
            rdfs:label 'a'@en ; ex:name 'x'@en, 'y'@de ; ex:both 1, ex:b ; ex:list ( ex:b ex:c ) ;
            ex:big 9007199254740993 ; ex:old '01'^^xsd:integer .
         ex:b ex:knows ex:a ; ex:year '2002'^^xsd:gYear .",
    );
    assert_eq!(
        document["@context"],
        json!({
            "@version": 1.1, "id": "@id", "type": "@type", "ex": "http://example.com/", "xsd": XSD,
            "Thing": "ex:Thing",
            "age": "ex:age",
            "big": { "@id": "ex:big", "@type": "xsd:integer" },
            "both": { "@id": "ex:both", "@container": "@set" },
            "knows": { "@id": "ex:knows", "@type": "@id", "@container": "@set" },
            "label": { "@id": "http://www.w3.org/2000/01/rdf-schema#label", "@language": "en" },
            "list": { "@id": "ex:list", "@type": "@id", "@container": "@list" },
            "name": { "@id": "ex:name", "@container": "@language" },
            "ok": "ex:ok",
            "old": { "@id": "ex:old", "@type": "xsd:integer" },
            "year": { "@id": "ex:year", "@type": "xsd:gYear" },
        })
    );
    assert_eq!(
        document["@graph"],
        json!([{
            "id": "ex:a", "type": "Thing", "label": "a", "age": 5, "big": "9007199254740993",
            "both": [{ "id": "ex:b", "knows": ["ex:a"], "year": "2002" }, 1],
            "knows": ["ex:b", "ex:c"], "list": ["ex:b", "ex:c"], "name": { "de": "y", "en": "x" },
            "ok": true, "old": "01", "year": "2001",
        }])
    );
}

/// The ontology's order decides which of two gets the short name; the other one has its prefix.
#[test]
fn names_that_clash_are_told_apart() {
    let data = trig("ex:a ex:member ex:b ; other:member 'x' ; ex:id 1 ; ex:type 2 .");
    let ontology = trig("other:member rdfs:label 'member' .");
    let text = write_with(&data, &Ontology::listed_in(&ontology), &JsonLdOptions::default());
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["@context"]["member"], json!("other:member"));
    assert_eq!(
        document["@graph"],
        json!([{
            "id": "ex:a", "member": "x", "ex:id": 1, "ex:member": "ex:b", "ex:type": 2
        }])
    );
    assert_eq!(document["@context"]["ex:member"], json!({ "@id": "ex:member", "@type": "@id" }));
}

/// A thing stands once with all that is said of it; a cycle ends in a name.
#[test]
fn each_thing_is_embedded_once() {
    let document = written("ex:a ex:p ex:b . ex:b ex:p ex:a . ex:c ex:p ex:b .");
    assert_eq!(
        document["@graph"],
        json!([
            { "id": "ex:a", "p": { "id": "ex:b", "p": "ex:a" } },
            { "id": "ex:c", "p": "ex:b" }
        ])
    );
}

/// A class that is linked to and hardly links itself stands after the others, else the ontology's order counts.
#[test]
fn the_tree_starts_at_what_links() {
    let data = trig(
        "ex:s a ex:State ; rdfs:label 's' . ex:t a ex:State ; rdfs:label 'r' .
         ex:u a ex:State .
         ex:o a ex:Organisation ; ex:member ex:s, ex:u . ex:i a ex:Instrument ; ex:by ex:o .",
    );
    let ontology = trig("ex:State a ex:C . ex:Organisation a ex:C . ex:Instrument a ex:C .");
    let text = write_with(&data, &Ontology::listed_in(&ontology), &JsonLdOptions::default());
    let document: Value = serde_json::from_str(&text).unwrap();
    let ids: Vec<_> =
        document["@graph"].as_array().unwrap().iter().map(|node| node["id"].clone()).collect();
    assert_eq!(ids, ["ex:o", "ex:i", "ex:t"]);
}

/// A blank node has a label only where it is mentioned elsewhere, and the graph of a claim stands in its head.
#[test]
fn blank_nodes_and_graphs_have_their_place() {
    let document = written(
        "ex:claim ex:quote 'q' . ex:claim { ex:a ex:p [ ex:q 1 ], _:x . _:x ex:q 2 . ex:b ex:p _:x }",
    );
    let claim = &document["@graph"][0];
    assert_eq!((&claim["id"], &claim["quote"]), (&json!("ex:claim"), &json!("q")));
    let label = claim["@graph"][1]["p"][0].clone();
    assert!(label.as_str().unwrap().starts_with("_:"));
    assert_eq!(claim["@graph"][1], json!({ "id": "ex:b", "p": [label.clone()] }));
    let values = claim["@graph"][0]["p"].as_array().unwrap();
    assert_eq!(values.len(), 2);
    for value in [json!({ "q": 1 }), json!({ "id": label, "q": 2 })] {
        assert!(values.contains(&value), "{values:?}");
    }
}

/// Things that hang on one another in a long chain do not nest without end.
#[test]
fn long_chains_do_not_nest_without_end() {
    let chain: Vec<Quad> = (0..20_000)
        .map(|i| {
            let node = |i| BlankNode::new_unchecked(format!("n{i}"));
            let p = NamedNode::new_unchecked("http://example.com/p");
            Quad::new(node(i), p, node(i + 1), GraphName::DefaultGraph)
        })
        .collect();
    for flattened in [false, true] {
        let options = JsonLdOptions { flattened, ..JsonLdOptions::default() };
        let text = write_with(&chain, &Ontology::default(), &options);
        assert_eq!(parse(json_ld(), &text).len(), chain.len());
    }
    let frame = JsonLdFrame::parse("{}").unwrap();
    let options = JsonLdOptions { frame: Some(frame), ..JsonLdOptions::default() };
    let (prefixes, ontology) = (prefixes(), Ontology::default());
    let layout = Layout { prefixes: &prefixes, ontology: &ontology };
    let error = write_json_ld(&chain, &layout, &options, &mut Vec::new()).unwrap_err();
    let WriteError::Failed(error) = error else { panic!("{error}") };
    assert_eq!(error.problems[0].id.as_deref(), Some("json-ld-too-deep"), "{error}");
}

/// Contexts and frames that are wrong or not supported are refused by name.
#[test]
fn what_is_not_supported_is_refused_by_name() {
    for (context, expected) in [
        ("{", "invalid JSON"),
        ("1", "a context must be an object"),
        (r#"{"@context": "https://schema.org/"}"#, "remote contexts are not downloaded"),
        (r#"{"@context": [{}, "https://schema.org/"]}"#, "remote contexts are not downloaded"),
        (r#"{"@import": "x"}"#, "`@import` in a context is not supported"),
        (r#"{"@propagate": false}"#, "`@propagate` in a context is not supported"),
        (r#"{"@base": "http://example.com/"}"#, "`@base` in a context is not supported"),
        (r#"{"a": {"@id": "x:a", "@context": {}}}"#, "`@context` of the term `a` is not supported"),
        (r#"{"a": {"@reverse": "x:a"}}"#, "`@reverse` of the term `a` is not supported"),
        (r#"{"a": {"@id": "x:a", "@container": "@index"}}"#, "container `@index` of `a`"),
        (r#"{"a": {"@id": "x:a", "@type": "@json"}}"#, "`@json` is not supported"),
        (r#"{"a": "b:c", "b": "a:c"}"#, "defined by itself"),
        (r#"{"a": {}}"#, "does not define `a`"),
        (r#"{"a": {"@id": "x:a", "@type": 1}}"#, "term `a` has an invalid `@type`"),
        (r#"{"a": 1}"#, "neither a string nor an object"),
        (r#"{"@version": 1.0}"#, "`@version` is not 1.1"),
        (r#"{"@version": "1.1"}"#, "`@version` is not 1.1"),
        (r#"{"a": "x:", "a:b": {"@id": "x:b", "@prefix": true}}"#, "`a:b` has a `@prefix`"),
        (r#"{"a/b": {"@id": "x:b", "@prefix": false}}"#, "`a/b` has a `@prefix`"),
        (r#"{"a": {"@id": "@type", "@prefix": true}}"#, "term `a` has an invalid `@prefix`"),
        (r#"{"@protected": 1}"#, "`@protected` is neither true nor false"),
        (r#"{"a": {"@id": "x:a", "@protected": 1}}"#, "term `a` has an invalid `@protected`"),
        (r#"[{"@protected": true, "a": "x:a"}, {"a": "x:b"}]"#, "redefines its protected term `a`"),
        (
            r#"[{"a": {"@id": "x:a", "@protected": true}}, {"a": null}]"#,
            "redefines its protected term `a`",
        ),
        (r#"[{"@protected": true, "a": "x:a"}, null]"#, "undo the protected term `a`"),
    ] {
        let error = JsonLdContext::parse(context).unwrap_err();
        assert!(error.message.contains(expected), "{context}: {}", error.message);
    }
    for (frame, expected) in [
        ("", "invalid JSON"),
        ("[]", "a frame must be an object"),
        (r#"{"@context": "https://schema.org/"}"#, "remote contexts are not downloaded"),
        (r#"{"@embed": "@sometimes"}"#, "not @once, @always or @never"),
        (r#"{"@explicit": "yes"}"#, "neither true nor false"),
        (r#"{"@reverse": {}}"#, "`@reverse` in a frame is not supported"),
        (r#"{"@included": {}}"#, "`@included` in a frame is not supported"),
        (r#"{"@id": "_:b"}"#, "`@id` cannot be a blank node"),
        (r#"{"@id": ["x:a", "_:b"]}"#, "`@id` cannot be a blank node"),
        (r#"{"@id": "here"}"#, "`@id` is not an IRI: `here`"),
        (r#"{"@type": "_:b"}"#, "`@type` cannot be a blank node"),
        (r#"{"@type": 1}"#, "an invalid `@type`"),
    ] {
        let error = JsonLdFrame::parse(frame).unwrap_err();
        assert!(error.message.contains(expected), "{frame}: {}", error.message);
    }
}

/// A protected term may be defined once more, in the same way, and others as they like.
#[test]
fn protected_terms_may_be_repeated() {
    for context in [
        r#"[{"@protected": true, "a": "x:a"}, {"a": "x:a"}]"#,
        r#"[{"@protected": true, "a": {"@id": "x:a", "@protected": false}}, {"a": "x:b"}]"#,
        r#"[{"@version": 1.1, "a": "x:a"}, null, {"a": "x:b"}]"#,
        r#"[{"@protected": true, "a": "x:a"}, {"b": "x:b"}]"#,
    ] {
        assert!(JsonLdContext::parse(context).is_ok(), "{context}");
    }
}

fn framed(data: &str, frame: &str) -> Value {
    let options = JsonLdOptions {
        frame: Some(JsonLdFrame::parse(frame).unwrap()),
        ..JsonLdOptions::default()
    };
    serde_json::from_str(&write_with(&trig(data), &Ontology::default(), &options)).unwrap()
}

/// Cases from reading <https://www.w3.org/TR/json-ld11-framing/>: what came with JSON-LD 1.1.
#[test]
fn frames_of_json_ld_1_1() {
    let data =
        "ex:l a ex:Library ; ex:contains ex:b . ex:b a ex:Book ; ex:title 'T' ; ex:next ex:c .
        ex:c a ex:Book ; ex:next ex:b ; ex:title 'U' .";
    let context = r#""@context": {"@vocab": "http://example.com/", "ex": "http://example.com/"}"#;
    let frame = |rest: &str| format!("{{{context}, {rest}}}");
    let with_context = |mut node: Value| {
        node["@context"] = json!({ "@vocab": "http://example.com/", "ex": "http://example.com/" });
        node
    };
    // One node stands without @graph; @once: the second time a name.
    assert_eq!(
        framed(data, &frame(r#""@type": "Library""#)),
        with_context(json!({ "@id": "ex:l", "@type": "Library", "contains": {
            "@id": "ex:b", "@type": "Book", "title": "T",
            "next": { "@id": "ex:c", "@type": "Book", "title": "U", "next": { "@id": "ex:b" } }
        }}))
    );
    assert_eq!(
        framed(data, &frame(r#""@type": "Library", "@embed": "@never""#)),
        with_context(json!({ "@id": "ex:l", "@type": "Library", "contains": { "@id": "ex:b" } }))
    );
    assert_eq!(
        framed(
            data,
            &frame(r#""@type": "Library", "@omitGraph": false, "contains": {"@embed": "@never"}"#)
        ),
        with_context(json!({ "@graph": [
            { "@id": "ex:l", "@type": "Library", "contains": { "@id": "ex:b" } }
        ] }))
    );
    // @explicit leaves out what the frame does not name; what it names and is not there is null, or its default.
    assert_eq!(
        framed(
            data,
            &frame(
                r#""@id": "ex:b", "@explicit": true, "title": {}, "pages": {}, "by": {"@default": "N"}"#
            )
        ),
        with_context(
            json!({ "@id": "ex:b", "@type": "Book", "title": "T", "pages": null, "by": "N" })
        )
    );
    assert_eq!(
        framed(
            data,
            &frame(r#""@id": "ex:b", "@explicit": true, "@omitDefault": true, "pages": {}"#)
        ),
        with_context(json!({ "@id": "ex:b", "@type": "Book" }))
    );
    // Any of the properties, or with @requireAll all of them; [] is none.
    let ids = |value: &Value| match &value["@graph"] {
        Value::Array(nodes) => nodes.iter().map(|node| node["@id"].clone()).collect(),
        _ => vec![value["@id"].clone()],
    };
    assert_eq!(ids(&framed(data, &frame(r#""title": "U", "contains": {}"#))), ["ex:c", "ex:l"]);
    assert_eq!(
        ids(&framed(data, &frame(r#""@requireAll": true, "title": "U", "next": {}"#))),
        ["ex:c"]
    );
    assert_eq!(ids(&framed(data, &frame(r#""title": []"#))), ["ex:l"]);
    assert_eq!(ids(&framed(data, &frame(r#""@type": {}"#))), ["ex:b", "ex:c", "ex:l"]);
    assert_eq!(framed(data, &frame(r#""@type": "Nothing""#)), with_context(json!({})));
    // A frame of a graph keeps the named graphs apart.
    assert_eq!(
        framed(
            "ex:g ex:quote 'q' . ex:g { ex:a ex:p 1 }",
            &frame(r#""@graph": {"quote": {}, "@graph": {}}"#)
        ),
        with_context(json!({ "@id": "ex:g", "quote": "q", "@graph": [{ "@id": "ex:a", "p": 1 }] }))
    );
    // Without it, the graphs are one.
    assert_eq!(
        framed("ex:g ex:quote 'q' . ex:g { ex:a ex:p 1 }", &frame(r#""p": {}"#)),
        with_context(json!({ "@id": "ex:a", "p": 1 }))
    );
}

/// Values of a list stay, whatever the frame says of it; things in it are framed by the first that the frame's `@list`
/// has ([4.2, 6.4.1](https://www.w3.org/TR/json-ld11-framing/#framing-algorithm)).
#[test]
fn a_frame_of_a_list_keeps_its_values() {
    let data = "ex:a ex:l ( 'V' ex:b 'W' ex:c ( 1 ) ) ; ex:m ( 'M' ) , 'N' , ex:c . ex:b a ex:B . ex:c a ex:C ; ex:d ex:b .";
    let list = |frame: &str, container: &str| {
        let context = format!(
            r#""@context": {{"@vocab": "http://example.com/", "ex": "http://example.com/"{container}}}"#
        );
        let frame = format!(r#"{{{context}, "@id": "ex:a", {frame}}}"#);
        framed(data, &frame)
    };
    let (b, c) = (
        json!({"@id": "ex:b", "@type": "B"}),
        json!({"@id": "ex:c", "@type": "C", "d": {"@id": "ex:b"}}),
    );
    let inner = json!({"@list": [1]});
    let whole = json!({"@list": ["V", b, "W", c, inner]});
    for frame in [
        r#""l": {}"#,
        r#""l": {"@type": "Nothing"}"#,
        r#""l": {"@list": []}"#,
        r#""l": {"@list": ["V"]}"#,
        r#""l": {"@list": [{"@value": "V"}, {}]}"#,
        r#""l": {"@list": [{}]}"#,
        r#""l": {"@list": {}}"#,
    ] {
        let found = list(frame, "");
        assert_eq!(found["l"], whole, "{frame}");
    }
    // Things that the frame does not match are left out.
    let found = list(r#""l": {"@list": [{"@type": "B"}]}"#, "");
    assert_eq!(found["l"], json!({"@list": ["V", b, "W", inner]}));
    let container = r#", "l": {"@container": "@list"}, "m": {"@container": "@list"}"#;
    let found = list(r#""l": [{"@type": "B"}]"#, container);
    assert_eq!(found["l"], json!(["V", b, "W", [1]]));
    // Values beside a list stay as well.
    let found = list(r#""m": {"@list": ["V"]}"#, "");
    assert_eq!(found["m"].as_array().map(Vec::len), Some(3), "{found}");
}

/// Cases of the suite that are not run, and why.
const CONFUSED: &str =
    "the IRI <dc:creator> would be read as a name with the prefix dc: JSON-LD 1.1 refuses that";
const UNSUPPORTED: [(&str, &str); 2] = [("0010", CONFUSED), ("p010", CONFUSED)];

#[test]
fn the_suites_frames() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/json_ld/suite");
    let file = |name: &str, part: &str| {
        std::fs::read_to_string(folder.join(format!("{name}-{part}.jsonld")))
    };
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix("-out.jsonld").map(str::to_owned)
        })
        .collect();
    names.sort();
    let mut failed = Vec::new();
    for name in &names {
        // A case of 1.1 (p) has the input and the frame of the older case of its number, if it has none of its own.
        let own_or_older = |part| {
            file(name, part).unwrap_or_else(|_| file(&name.replace('p', "0"), part).unwrap())
        };
        let quads = parse(json_ld(), &own_or_older("in"));
        let mut expected: Value = serde_json::from_str(&file(name, "out").unwrap()).unwrap();
        let mut frame: Value = serde_json::from_str(&own_or_older("frame")).unwrap();
        if expected.get("@graph").is_some() && frame.is_object() {
            // Before JSON-LD 1.1 there was always a graph.
            frame["@omitGraph"] = json!(false);
        }
        let outcome = match JsonLdFrame::parse(&frame.to_string()) {
            Err(problem) => Err(problem.message),
            Ok(parsed) => {
                // Where the frame has no context, the suite has none either.
                let context = frame.get("@context").is_none().then(JsonLdContext::default);
                let options =
                    JsonLdOptions { frame: Some(parsed), context, ..JsonLdOptions::default() };
                framed_alike(&quads, &options, &mut expected)
            }
        };
        let is_listed = UNSUPPORTED.iter().any(|(listed, _)| listed == name);
        match outcome {
            Ok(()) if is_listed => failed.push(format!("{name} is supported")),
            Err(why) if !is_listed => failed.push(format!("{name}: {why}")),
            _ => {}
        }
    }
    assert!(names.len() > 15);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn framed_alike(
    quads: &[Quad],
    options: &JsonLdOptions,
    expected: &mut Value,
) -> Result<(), String> {
    let (prefixes, ontology) = (prefixes(), Ontology::default());
    let layout = Layout { prefixes: &prefixes, ontology: &ontology };
    let mut text = Vec::new();
    write_json_ld(quads, &layout, options, &mut text).map_err(|error| error.to_string())?;
    let mut found: Value = serde_json::from_slice(&text).unwrap();
    normalize(expected);
    normalize(&mut found);
    if found == *expected { Ok(()) } else { Err(format!("{found:#}\nis not\n{expected:#}")) }
}

/// As the suite compares: arrays in any order; labels of blank nodes do not count, nor whether the type of
/// an integer is written beside its number.
fn normalize(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.iter_mut().for_each(normalize);
            items.sort_by_key(ToString::to_string);
        }
        Value::Object(members) => {
            members.retain(|key, value| {
                key != "@id" || !value.as_str().is_some_and(|id| id.starts_with("_:"))
            });
            members.values_mut().for_each(normalize);
            if members.get("@type") == Some(&json!(format!("{XSD}integer")))
                && let Some(number) = members.get("@value").filter(|value| value.is_number())
            {
                *value = number.clone();
            }
        }
        Value::String(label) if label.starts_with("_:") => label.truncate(2),
        _ => {}
    }
}

fn iri() -> BoxedStrategy<NamedNode> {
    prop::sample::select(vec![
        "http://example.com/a",
        "http://example.com/id",
        "http://example.com/type",
        "http://example.com/@foo",
        "http://example.com/context",
        "http://example.com/as-id/x",
        "http://example.com/member",
        "http://other.example/member",
        "http://other.example/ex",
        "http://example.com/oddity",
        "http://example.com/urn#x",
        "http://example.com//x",
        "http://example.com/a:b",
        "http://example.com/é",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil",
        "urn:x",
        "x:y",
        "member:x",
        "a:b",
        "http://example.com/",
    ])
    .prop_map(NamedNode::new_unchecked)
    .boxed()
}

fn predicate() -> BoxedStrategy<NamedNode> {
    let rdf = |name: &str| {
        NamedNode::new_unchecked(format!("http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}"))
    };
    prop_oneof![
        4 => iri(),
        1 => Just(rdf("type")),
        1 => Just(rdf("first")),
        2 => Just(rdf("rest")),
        2 => Just(NamedNode::new_unchecked("http://example.com/p")),
    ]
    .boxed()
}

fn blank() -> BoxedStrategy<BlankNode> {
    prop::sample::select(vec!["x", "y", "z", "w"]).prop_map(BlankNode::new_unchecked).boxed()
}

fn literal() -> BoxedStrategy<Literal> {
    let datatype = prop::sample::select(vec!["integer", "boolean", "double", "gYear", "string"])
        .prop_map(|name| NamedNode::new_unchecked(format!("{XSD}{name}")));
    let value = prop::sample::select(vec![
        "1",
        "-5",
        "01",
        "true",
        "1.5E0",
        "9007199254740993",
        "@id",
        "_:b0",
        "ex:a",
        "id",
        "",
    ]);
    let tag = prop::sample::select(vec!["en", "de", "de-at"]);
    prop_oneof![
        "\\PC{0,6}".prop_map(Literal::new_simple_literal),
        (value.clone(), tag)
            .prop_map(|(text, tag)| Literal::new_language_tagged_literal_unchecked(text, tag)),
        (value, datatype).prop_map(|(value, datatype)| Literal::new_typed_literal(value, datatype)),
    ]
    .boxed()
}

fn quads() -> BoxedStrategy<Vec<Quad>> {
    let subject = prop_oneof![
        1 => iri().prop_map(NamedOrBlankNode::from),
        1 => blank().prop_map(NamedOrBlankNode::from)
    ];
    let object = prop_oneof![
        2 => iri().prop_map(Term::from),
        2 => blank().prop_map(Term::from),
        2 => literal().prop_map(Term::from),
        1 => Just(NamedNode::new_unchecked("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil").into()),
    ];
    let graph = prop_oneof![
        3 => Just(GraphName::DefaultGraph),
        1 => iri().prop_map(GraphName::from),
        1 => blank().prop_map(GraphName::from)
    ];
    let quad = (subject, predicate(), object, graph).prop_map(|(s, p, o, g)| Quad::new(s, p, o, g));
    prop::collection::vec(quad, 0..12).boxed()
}

/// The quads with other labels.
fn relabelled(quads: &[Quad]) -> Vec<Quad> {
    let labels: BTreeMap<&str, &str> =
        [("x", "w9"), ("y", "a1"), ("z", "m5"), ("w", "b0")].into_iter().collect();
    let other = |node: &BlankNode| BlankNode::new_unchecked(labels[node.as_str()]);
    quads
        .iter()
        .map(|quad| {
            let subject: NamedOrBlankNode = match &quad.subject {
                NamedOrBlankNode::BlankNode(node) => other(node).into(),
                node @ NamedOrBlankNode::NamedNode(_) => node.clone(),
            };
            let object: Term = match &quad.object {
                Term::BlankNode(node) => other(node).into(),
                term => term.clone(),
            };
            let graph: GraphName = match &quad.graph_name {
                GraphName::BlankNode(node) => other(node).into(),
                name => name.clone(),
            };
            Quad::new(subject, quad.predicate.clone(), object, graph)
        })
        .collect()
}

proptest! {
    #![proptest_config(support::cases(96))]

    /// Every shape reads back as the same data.
    #[test]
    fn nothing_is_lost(quads in quads()) {
        for (expanded, flattened) in [(false, false), (true, false), (false, true), (true, true)] {
            let options = JsonLdOptions { expanded, flattened, ..JsonLdOptions::default() };
            let text = write_with(&quads, &Ontology::default(), &options);
            prop_assert_eq!(canonical(parse(json_ld(), &text)), canonical(quads.clone()), "{}", text);
        }
    }

    /// The same data in any order and with any labels gives the same bytes.
    #[test]
    fn order_and_labels_do_not_matter((quads, shuffled) in quads().prop_flat_map(|quads| (Just(quads.clone()), Just(quads).prop_shuffle()))) {
        prop_assert_eq!(write(&quads), write(&relabelled(&shuffled)));
    }

    /// With a context that is given, the data are the same, or it is said what cannot be written.
    #[test]
    fn a_given_context_changes_no_data(quads in quads(), which in 0..4_usize) {
        let context = [
            r#"{"@vocab": "http://example.com/", "member": {"@id": "http://other.example/member", "@type": "@id"}}"#,
            r#"{"@language": "de", "p": {"@id": "http://example.com/p", "@language": "en"}, "q": {"@id": "http://example.com/p", "@type": "@vocab"}, "a": "http://example.com/a"}"#,
            r#"{"ex": "http://example.com/", "ex:p": {"@container": "@list", "@type": "@id"}, "ex:member": {"@container": ["@language", "@set"]}, "member": "ex:member"}"#,
            r#"{"xsd": "http://www.w3.org/2001/XMLSchema#", "p": {"@id": "http://example.com/p", "@type": "xsd:integer", "@container": "@set"}, "ident": "@id", "a": {"@id": "http://example.com/", "@prefix": true}}"#,
        ][which];
        let options = JsonLdOptions { context: Some(JsonLdContext::parse(context).unwrap()), ..JsonLdOptions::default() };
        let (prefixes, ontology) = (prefixes(), Ontology::default());
        let layout = Layout { prefixes: &prefixes, ontology: &ontology };
        let mut text = Vec::new();
        match write_json_ld(&quads, &layout, &options, &mut text) {
            Err(error) => prop_assert!(error.to_string().contains("cannot write"), "{}", error),
            Ok(_) => {
                let text = String::from_utf8(text).unwrap();
                prop_assert_eq!(canonical(parse(json_ld(), &text)), canonical(quads), "{}", text);
            }
        }
    }
}

#[test]
fn a_context_of_many_terms_takes_time_that_grows_with_their_number() {
    let time = |count: usize| {
        let quads: Vec<Quad> = (0..count)
            .map(|i| {
                let iri = |name: String| NamedNode::new_unchecked(format!("http://e/{name}"));
                Quad::new(
                    iri("s".into()),
                    iri(format!("p{i}")),
                    iri("o".into()),
                    GraphName::DefaultGraph,
                )
            })
            .collect();
        let (prefixes, ontology) = (Prefixes::default(), Ontology::default());
        let layout = Layout { prefixes: &prefixes, ontology: &ontology };
        let started = std::time::Instant::now();
        write_json_ld(&quads, &layout, &JsonLdOptions::default(), &mut Vec::new()).unwrap();
        started.elapsed()
    };
    // A square would be 400 times as long.
    let limit = time(1_000) * 160 + std::time::Duration::from_secs(1);
    assert!(time(20_000) < limit);
}
