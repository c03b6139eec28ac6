//! What is worked around in Oxigraph: the list of quirks against the engine itself. A test fails where the engine is
//! right by now, and where it is not worked around.

#![allow(
    clippy::format_collect,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and speed is no matter"
)]

use crate::support::reference::{self, Dataset, Refused};
use crate::support::rows::{engine_rows, right_rows, rows_of, short};
use dossier::internals::{
    EngineQuery, LoadSummary, QUIRKS, RowGoal, Store, Workaround, load_files, prepare,
};
use dossier::{
    GraphFormat, Layout, Limits, Ontology, Prefixes, RdfFile, SourceFile, Stop, write_quads,
};
use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfParser, RdfSerializer};
use oxigraph::model::{GraphName, Literal, NamedNode, Quad, Term};
use oxigraph::sparql::{CancellationToken, SparqlEvaluator};
use oxigraph::store::Store as BareStore;
use spargebra::{Query, SparqlParser};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

/// A query to which the bare engine has a wrong answer: the quirk, data, the query, the wrong rows and the right ones.
type Case =
    (&'static str, &'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const TWO: &str = "<x:a> <x:p> <x:b> . <x:a> <x:q> <x:b> .";
const GRAPHS: &str = "<x:g> { <x:a> <x:p> 1 } <x:h> { <x:b> <x:p> 1 }";
const LEAK: &str =
    "<x:d> <x:r> <x:d> . <x:a> <x:p> <x:d> . <x:d> <x:q> <x:c> . <x:d> <x:p> <x:a> .";

const CASES: &[Case] = &[
    (
        "namesakes",
        LEAK,
        "SELECT * { { ?z <x:p> ?x } { ?z <x:r> ?y FILTER EXISTS { ?z <x:q> ?x } } }",
        &[],
        &["a d d"],
    ),
    (
        "namesakes",
        LEAK,
        "SELECT * { { ?z <x:p> ?x } { ?z <x:r> ?y FILTER NOT EXISTS { ?z <x:q> ?x } } }",
        &["a d d"],
        &[],
    ),
    (
        "namesakes",
        "<x:a> <x:p> 1 . <x:a> <x:q> 2 .",
        "SELECT * { ?x <x:p> ?y OPTIONAL { { ?x <x:q> ?z FILTER EXISTS { ?s <x:q> ?y } } } }",
        &["a 1 -"],
        &["a 1 2"],
    ),
    (
        "namesakes",
        GRAPHS,
        "SELECT * { GRAPH ?g { ?x <x:p> ?y FILTER(?g = <x:h>) } }",
        &["h b 1"],
        &[],
    ),
    (
        "MINUS that shares nothing",
        "<x:a> <x:q> 1 .",
        "SELECT * { ?x <x:q> ?y FILTER EXISTS { ?z <x:q> ?w MINUS { ?s <x:q> ?t } } }",
        &[],
        &["a 1"],
    ),
    (
        "MINUS that shares nothing",
        GRAPHS,
        "SELECT * { GRAPH ?g { ?x <x:p> ?y MINUS { ?z <x:p> 1 } } }",
        &[],
        &["g a 1", "h b 1"],
    ),
    (
        "COUNT of expressions",
        "<x:a> <x:p> 1 . <x:b> <x:p> <x:c> .",
        "SELECT (COUNT(?y * 2) AS ?n) { ?x <x:p> ?y }",
        &["-"],
        &["1"],
    ),
    (
        "COUNT(DISTINCT *)",
        "<x:a> <x:p> 1 . <x:b> <x:p> 1 .",
        "SELECT (COUNT(DISTINCT *) AS ?n) { [] <x:p> ?x }",
        &["2"],
        &["1"],
    ),
    ("duplicates of paths", TWO, "SELECT * { ?x <x:p>|<x:q> ?y }", &["a b"], &["a b", "a b"]),
    (
        "duplicates of paths",
        "<x:a> <x:p> <x:b> . <x:a> <x:p> <x:c> . <x:b> <x:q> <x:d> . <x:c> <x:q> <x:d> .",
        "SELECT * { ?x (<x:p>/<x:q>)|<x:r> ?y }",
        &["a d"],
        &["a d", "a d"],
    ),
    // (With an open end the engine gives each triple.)
    ("duplicates of paths", TWO, "SELECT * { <x:a> !<x:r> <x:b> }", &[""], &["", ""]),
    (
        "merge of several FROM",
        "<x:g> { <x:a> <x:p> 1 } <x:h> { <x:a> <x:p> 1 }",
        "SELECT * FROM <x:g> FROM <x:h> { ?x <x:p> ?y }",
        &["a 1", "a 1"],
        &["a 1"],
    ),
    // (Either does away with it.)
    (
        "MINUS that shares nothing + bindings in groups",
        "<x:c> <x:r> <x:a> . <x:a> <x:q> <x:c> .",
        "SELECT ?x ?y { ?z <x:q> ?x OPTIONAL { ?y <x:q> ?x MINUS { ?w <x:r> <x:a> } } ?x <x:r> <x:a> }",
        &["c -"],
        &["c a"],
    ),
    (
        "bindings in groups",
        "<x:a> <x:p> <x:b> . <x:a> <x:q> <x:c> .",
        "SELECT ?x ?y { { ?x <x:q> ?y } { { ?x <x:r> ?y } UNION { ?x <x:p> ?z } FILTER EXISTS { ?x <x:p> ?y } } }",
        &[],
        &["a c"],
    ),
    ("GRAPH", GRAPHS, "SELECT ?g ?x { GRAPH ?g { VALUES ?x { 1 } } }", &["- 1"], &["g 1", "h 1"]),
    (
        "GRAPH",
        GRAPHS,
        "SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?x <x:p> ?y } } }",
        &["- 2"],
        &["g 1", "h 1"],
    ),
    ("GRAPH", GRAPHS, "ASK { GRAPH <x:z> { VALUES ?x { 1 } } }", &[""], &[]),
    ("zero-length paths", TWO, "SELECT * { <x:c> <x:p>* ?x }", &[], &["c"]),
    ("zero-length paths", TWO, "ASK { <x:c> <x:p>? <x:c> }", &[], &[""]),
    (
        "ORDER BY",
        "",
        "SELECT (GROUP_CONCAT(?t) AS ?all) { SELECT (STR(?v) AS ?t) { VALUES ?v { 8 10 '1?' 9 } } ORDER BY ?v }",
        &["\"8 10 1? 9\""],
        &["\"8 9 10 1?\""],
    ),
    ("REPLACE", "", "SELECT (REPLACE('5', '([0-9])', '$1km') AS ?v) {}", &["\"\""], &["\"5km\""]),
    ("REGEX", "", "SELECT (REGEX('e', '^[a-z-[aeiou]]$') AS ?v) {}", &["true"], &["false"]),
    ("REGEX", "", r"SELECT (REGEX('xml:lang', '^\\i\\c*$') AS ?v) {}", &["-"], &["true"]),
    ("comparisons", "", "SELECT (true > false AS ?x) {}", &["-"], &["true"]),
    (
        "comparisons",
        "",
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ('NaN'^^xsd:double > 1 AS ?x) {}",
        &["-"],
        &["false"],
    ),
    (
        "comparisons",
        "<x:a> <x:p> 'NaN'^^<http://www.w3.org/2001/XMLSchema#double> .",
        "SELECT (?x >= ?x AS ?v) { <x:a> <x:p> ?x }",
        &["true"],
        &["false"],
    ),
    ("empty lists", "", "SELECT (<x:a> IN () AS ?v) {}", &["-"], &["false"]),
    (
        "durations",
        "",
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> \
         SELECT ('P1D'^^xsd:dayTimeDuration + '2020-12-31'^^xsd:date AS ?v) {}",
        &["-"],
        &["2021-01-01"],
    ),
    (
        "casts",
        "",
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT (xsd:integer(' 5 ') AS ?v) {}",
        &["-"],
        &["5"],
    ),
    (
        "casts",
        "",
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT (xsd:double('inf') AS ?v) {}",
        &["INF"],
        &["-"],
    ),
    ("language tags", "", "SELECT (LANG('a'@en-US) = 'en-US' AS ?v) {}", &["false"], &["true"]),
    (
        "GROUP_CONCAT",
        "",
        "SELECT (GROUP_CONCAT(?x) AS ?y) { VALUES ?x { 't'@en } }",
        &["\"t\"@en"],
        &["\"t\""],
    ),
    (
        "GROUP_CONCAT",
        "",
        "SELECT (GROUP_CONCAT(?x) AS ?y) { VALUES ?x { 1999 } }",
        &["-"],
        &["\"1999\""],
    ),
    (
        "long numbers",
        "",
        "SELECT (1180591620717411303424 + 1 AS ?v) {}",
        &["-"],
        &["1180591620717411303425"],
    ),
    (
        "long numbers",
        "",
        "SELECT (isNumeric(1180591620717411303424) AS ?v) {}",
        &["false"],
        &["true"],
    ),
    (
        "long numbers",
        "",
        "SELECT (SUM(?x) AS ?v) { VALUES ?x { 0.1234567890123456789 1 } }",
        &["-"],
        &["1.1234567890123456789"],
    ),
];

fn parse(text: &str) -> Query {
    SparqlParser::new().parse_query(text).unwrap()
}

/// The rows that the store gives, with all that is worked around when a query is evaluated.
fn store_rows(query: EngineQuery, dataset: &Dataset) -> Vec<String> {
    let store = Store::of(dataset.materialised()).unwrap();
    rows_of(store.evaluate(query, RowGoal::All).unwrap(), &short)
}

/// A query as it is prepared without some quirks, if they are ones for which queries are rewritten.
fn prepared_without(names: &str, query: &Query) -> Option<EngineQuery> {
    let (mut query, mut is_left_out) = (query.clone(), false);
    for quirk in &QUIRKS {
        match quirk.workaround {
            Workaround::Rewrite(_) if names.split(" + ").any(|name| name == quirk.name) => {
                is_left_out = true;
            }
            Workaround::Rewrite(rewrite) => rewrite(&mut query),
            _ => {}
        }
    }
    is_left_out.then(|| EngineQuery::of_parts(query))
}

#[test]
fn the_reference_says_what_is_right() {
    // What is of XPath, of XSD or of RDF, and the order of rows, the reference leaves to the engine.
    let beyond = ["ORDER BY", "durations", "language tags", "GROUP_CONCAT", "long numbers"];
    for (quirk, data, text, _, right) in CASES.iter().filter(|case| !beyond.contains(&case.0)) {
        match reference::evaluate(&parse(text), &Dataset::parse(data)) {
            Ok(answer) => assert_eq!(right_rows(&answer.rows, &short), *right, "{quirk}: {text}"),
            Err(refused) => assert!(matches!(refused, Refused::Unsupported(_)), "{quirk}: {text}"),
        }
    }
}

#[test]
fn the_engine_needs_each_workaround() {
    for (quirk, data, text, wrong, right) in CASES {
        let found = engine_rows(SparqlEvaluator::new(), parse(text), &Dataset::parse(data), &short);
        assert_ne!(found, *right, "Oxigraph is right now, the quirk `{quirk}` can go: {text}");
        assert_eq!(found, *wrong, "Oxigraph is wrong in another way, `{quirk}`: {text}");
    }
}

#[test]
fn each_quirk_is_worked_around() {
    for (quirk, data, text, _, right) in CASES {
        let (query, dataset) = (parse(text), Dataset::parse(data));
        assert_eq!(store_rows(prepare(&query), &dataset), *right, "{quirk}: {text}");
        if let Some(without) = prepared_without(quirk, &query) {
            assert_ne!(store_rows(without, &dataset), *right, "nothing needs `{quirk}`: {text}");
        }
    }
}

/// Whether the bare engine is done with a query soon. It fails only where the engine is fast, not where the machine is
/// slow.
fn is_done_soon(text: &str, token: CancellationToken) -> bool {
    let query = parse(text);
    let (done, is_done) = channel();
    thread::spawn(move || {
        let engine = SparqlEvaluator::new().with_cancellation_token(token);
        let results = engine.for_query(query).on_store(&BareStore::new().unwrap()).execute();
        drop(results);
        done.send(()).unwrap_or_default();
    });
    is_done.recv_timeout(Duration::from_millis(50)).is_ok()
}

#[test]
fn large_queries_are_refused() {
    let star: String = (0..100).map(|i| format!("?s <x:p{i}> ?o{i} . ")).collect();
    let nested = |depth: usize| {
        (1..depth).fold("SELECT (COUNT(?s) AS ?n0) { ?s ?p ?o }".to_owned(), |inner, i| {
            format!("SELECT (MAX(?n{}) AS ?n{i}) {{ {{ {inner} }} }}", i - 1)
        })
    };
    for text in [format!("SELECT * {{ {star} }}"), nested(18)] {
        let token = CancellationToken::new();
        token.cancel();
        assert!(!is_done_soon(&text, token), "the quirk `large queries` can go: {text}");
    }
    let store = Store::of([]).unwrap();
    let Err(error) = store.evaluate(prepare(&parse(&nested(24))), RowGoal::All) else {
        panic!("it is not refused")
    };
    assert!(error.problems[0].message.starts_with("the query is too large"), "{error:?}");
}

#[test]
fn long_lists_are_looked_up() {
    let query = |values: usize, members: usize| {
        let values: String = (0..values).map(|i| format!("<x:v{i}> ")).collect();
        let list: Vec<String> = (0..members).map(|i| format!("<x:l{i}>")).collect();
        format!("ASK {{ VALUES ?x {{ {values} }} FILTER(?x IN ({})) }}", list.join(", "))
    };
    let is_done = is_done_soon(&query(20_000, 500), CancellationToken::new());
    assert!(!is_done, "the quirk `long lists` can go");
    let store = Store::of([]).unwrap().without_planning();
    let run = store.run(prepare(&parse(&query(1, 20))), None).unwrap();
    assert!(String::from_utf8(run.report).unwrap().contains("<member 0>"));
}

#[test]
fn a_triple_of_two_graphs_is_one() {
    let dataset = Dataset::parse("<x:g> { <x:a> <x:p> 1 } <x:h> { <x:a> <x:p> 1 }");
    let store = BareStore::new().unwrap();
    store.extend(dataset.quads()).unwrap();
    let query = parse("SELECT * { ?x <x:p> ?y }");
    let mut engine = SparqlEvaluator::new().for_query(query.clone());
    engine.dataset_mut().set_default_graph_as_union();
    let rows = rows_of(engine.on_store(&store).execute().unwrap(), &short);
    assert_eq!(rows, ["a 1", "a 1"], "the quirk `union of graphs` can go");
    let store = load("a.trig", "<x:g> { <x:a> <x:p> 1 } <x:h> { <x:a> <x:p> 1 }").store;
    let results = store.evaluate(prepare(&query), RowGoal::All).unwrap();
    assert_eq!(rows_of(results, &short), ["a 1"]);
}

#[test]
fn a_cancelled_exists_gives_no_answer() {
    let query = parse("ASK { FILTER EXISTS { ?s ?p ?o } }");
    let (dataset, token) = (Dataset::parse(TWO), CancellationToken::new());
    token.cancel();
    let engine = SparqlEvaluator::new().with_cancellation_token(token);
    let found = engine_rows(engine, query.clone(), &dataset, &short);
    assert_eq!(found.len(), 1, "the quirk `cancelled steps` can go");
    let limits = Limits::default();
    limits.cancellation.stop(Stop::Interrupted);
    let store = Store::of(dataset.materialised()).unwrap().with_limits(&limits);
    assert!(store.evaluate(prepare(&query), RowGoal::All).is_err());
}

fn load(name: &str, text: &str) -> LoadSummary {
    let source = SourceFile { path: name.to_owned(), bytes: text.as_bytes().to_vec().into() };
    load_files(vec![RdfFile::new(source).unwrap().into()]).unwrap()
}

#[test]
fn literals_in_other_forms_are_reported() {
    let text = "<x:a> <x:p> \"01\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n";
    let store = BareStore::new().unwrap();
    store.load_from_slice(RdfFormat::NTriples, text).unwrap();
    let stored = store.iter().next().unwrap().unwrap().object;
    assert_eq!(stored, Literal::from(1).into(), "the quirk `literal forms` can go");
    assert_eq!(load("a.nt", text).literal_forms.unwrap().stored, Literal::from(1));
}

/// What a file says, by the bare parser and as it is loaded.
fn check_reading(quirk: &str, (format, name): (RdfFormat, &str), text: &str, right: &str) {
    let parsed: Vec<_> = RdfParser::from_format(format).for_slice(text).collect();
    let is_right = matches!(&parsed[..], [Ok(quad)] if quad.object.to_string() == right);
    assert!(!is_right, "the quirk `{quirk}` can go: {text}");
    let query = parse("SELECT ?o { ?s ?p ?o }");
    let results = load(name, text).store.evaluate(prepare(&query), RowGoal::All).unwrap();
    let written = |term: Option<&Term>| term.map_or_else(String::new, Term::to_string);
    assert_eq!(rows_of(results, &written), [right], "{text}");
}

#[test]
fn files_are_read_as_their_specifications_say() {
    let xml = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='x:'>\
        <rdf:Description rdf:about='x:a'><e:p xml:lang=''>b</e:p></rdf:Description></rdf:RDF>";
    check_reading("reading RDF/XML", (RdfFormat::RdfXml, "a.rdf"), xml, "\"b\"");
    let json = (RdfFormat::JsonLd { profile: JsonLdProfileSet::default() }, "a.jsonld");
    let integer = "\"100000000000000000000\"^^<http://www.w3.org/2001/XMLSchema#integer>";
    check_reading(
        "reading JSON-LD",
        json,
        "{\"@id\": \"x:a\", \"x:p\": 100000000000000000000}",
        integer,
    );
}

#[test]
fn what_xml_has_no_character_for_is_not_written_as_xml() {
    let iri = |text| NamedNode::new_unchecked(text);
    let control = Literal::new_simple_literal("\u{1}");
    let quad = Quad::new(iri("x:a"), iri("x:p"), control, GraphName::DefaultGraph);
    let mut writer = RdfSerializer::from_format(RdfFormat::RdfXml).for_writer(Vec::new());
    writer.serialize_quad(&quad).unwrap();
    assert!(writer.finish().unwrap().contains(&1), "the quirk `writing RDF/XML` can go");
    let (prefixes, ontology, mut out) = (Prefixes::default(), Ontology::default(), Vec::new());
    let layout = Layout { prefixes: &prefixes, ontology: &ontology };
    assert!(write_quads(GraphFormat::RdfXml, vec![quad], &layout, &mut out).is_err());
}

/// The tests of the other quirks, each in a file.
const TESTS: &[(&str, &str, &str)] = &[
    ("large queries", "tests/it/quirks.rs", "large_queries_are_refused"),
    ("long lists", "tests/it/quirks.rs", "long_lists_are_looked_up"),
    ("union of graphs", "tests/it/quirks.rs", "a_triple_of_two_graphs_is_one"),
    ("cancelled steps", "tests/it/quirks.rs", "a_cancelled_exists_gives_no_answer"),
    ("growing literals", "tests/it/limits.rs", "literals_that_grow_are_stopped"),
    ("literal forms", "tests/it/quirks.rs", "literals_in_other_forms_are_reported"),
    ("lookups on disk", "tests/it/disk.rs", "what_is_looked_up_is_what_was_asked_for"),
    ("repeated errors", "tests/it/damaged_store.rs", "queries_on_damaged_tables_end"),
    ("late errors", "tests/it/damaged_store.rs", "queries_on_damaged_tables_end"),
    ("reading RDF/XML", "tests/it/quirks.rs", "files_are_read_as_their_specifications_say"),
    ("reading JSON-LD", "tests/it/quirks.rs", "files_are_read_as_their_specifications_say"),
    (
        "writing RDF/XML",
        "tests/it/quirks.rs",
        "what_xml_has_no_character_for_is_not_written_as_xml",
    ),
    ("messages about lines", "tests/it/messages.rs", "errors_of_lines_are_recognised"),
    ("messages about RDF", "tests/it/messages.rs", "errors_of_iris_are_recognised"),
    ("messages about XML", "tests/it/messages.rs", "errors_of_xml_are_recognised"),
    ("messages about JSON", "tests/it/messages.rs", "errors_of_json_are_recognised"),
    ("messages about YAML", "tests/it/messages.rs", "errors_of_yaml_are_recognised"),
    ("messages about hosts", "tests/it/messages.rs", "an_unknown_host_is_recognised"),
    ("messages about SPARQL", "src/sparql/syntax/mod.rs", "errors_of_the_parser_are_recognised"),
    ("messages of RocksDB", "tests/it/disk.rs", "a_store_has_one_writer_or_many_readers"),
    ("explanations", "tests/it/messages.rs", "operations_are_recognised"),
];

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn each_quirk_has_a_test() {
    let cases = CASES.iter().flat_map(|case| case.0.split(" + "));
    let tested: BTreeSet<&str> = cases.chain(TESTS.iter().map(|test| test.0)).collect();
    let names: BTreeSet<&str> = QUIRKS.iter().map(|quirk| quirk.name).collect();
    assert_eq!(names.len(), QUIRKS.len(), "two quirks have one name");
    assert_eq!(tested, names);
    for (quirk, file, test) in TESTS {
        assert!(read(file).contains(&format!("fn {test}(")), "{quirk}: {file} has no `{test}`");
    }
}

#[test]
fn each_quirk_names_the_module_that_works_around_it() {
    for quirk in &QUIRKS {
        if let Workaround::Module(module) | Workaround::Messages(module) = quirk.workaround {
            let file = module.replace("::", "/");
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
            let files = [format!("{file}.rs"), format!("{file}/mod.rs")];
            let is_there = files.iter().any(|file| root.join(file).exists());
            assert!(is_there, "{}: there is no module `{module}`", quirk.name);
        }
    }
}

/// Whoever upgrades a crate looks at its quirks once more, and writes its version into the list.
#[test]
fn each_quirk_is_of_the_version_that_is_used() {
    let lock = read("Cargo.lock");
    for quirk in QUIRKS.iter().filter(|quirk| quirk.version != "std") {
        let (name, version) = quirk.version.split_once(' ').unwrap();
        let used = format!("name = \"{name}\"\nversion = \"{version}.");
        assert!(lock.contains(&used), "{name} is not {version} any more: see `{}`", quirk.name);
    }
}
