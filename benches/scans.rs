//! How long queries take that look at much of the data, with the executor on numbers and with the engine alone:
//! `cargo bench --bench scans -- [TRIPLES [NAME…]]` for all queries or those with a name that contains one of these, or
//! `-- --into FOLDER [TRIPLES]` to write the data and the queries for another engine. `-- --claims [QUADS]`
//! compares queries on named graphs with those on the default graph.
//!
//! Each query isolates a feature of SPARQL, as those of Sparqloscope do (Bast, Kalmbach, Raskovic and Ullinger, 2025).
//! The data are those of a bibliography.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark prints its figures, or why it has none"
)]
#![allow(clippy::cast_precision_loss, reason = "figures are rounded")]

#[allow(dead_code, unused_imports, reason = "each benchmark uses its part")]
mod support;

use dossier::internals::{EngineQuery, RowGoal, Store, load_files, prepare};
use dossier::{RdfFile, SourceFile};
use oxigraph::model::Quad;
use oxigraph::sparql::QueryResults;
use spargebra::SparqlParser;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

const SEED: u64 = 1;

/// How long a query is asked again and again, at most.
const PATIENCE: Duration = Duration::from_millis(300);

const PREFIX: &str = "https://example.com/library/";

const QUERIES: [(&str, &str); 75] = [
    ("count-all", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
    ("count-property", "SELECT (COUNT(*) AS ?n) { ?s :author ?o }"),
    ("count-objects", "SELECT (COUNT(?o) AS ?n) { ?s :authors ?o }"),
    ("count-distinct-subjects", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s :author ?o }"),
    ("count-distinct-objects", "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s :author ?o }"),
    ("count-distinct-all-objects", "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"),
    ("distinct", "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?o { ?s :author ?o } }"),
    (
        "distinct-pairs",
        "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?v ?y { ?s :publishedIn ?v ; :year ?y } }",
    ),
    ("sum", "SELECT (SUM(?n) AS ?sum) { ?s :pages ?n }"),
    ("average", "SELECT (AVG(?n) AS ?average) { ?s :pages ?n }"),
    ("minimum", "SELECT (MIN(?y) AS ?least) { ?s :year ?y }"),
    ("maximum", "SELECT (MAX(?n) AS ?most) { ?s :pages ?n }"),
    ("sample", "SELECT ?p (SAMPLE(?o) AS ?any) { ?s ?p ?o } GROUP BY ?p"),
    ("group-by-property", "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"),
    ("group-by-class", "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c"),
    ("group-few", "SELECT ?y (COUNT(?s) AS ?n) { ?s :year ?y } GROUP BY ?y"),
    ("group-many", "SELECT ?a (COUNT(?s) AS ?n) { ?s :author ?a } GROUP BY ?a"),
    (
        "group-average",
        "SELECT ?v (AVG(?n) AS ?average) { ?s :publishedIn ?v ; :pages ?n } GROUP BY ?v",
    ),
    (
        "group-minimum",
        "SELECT ?v (MIN(?y) AS ?first) { ?s :publishedIn ?v ; :year ?y } GROUP BY ?v",
    ),
    (
        "group-concat",
        "SELECT ?v (GROUP_CONCAT(?y) AS ?years) { { SELECT DISTINCT ?v ?y { ?s :publishedIn ?v ; :year ?y } } } GROUP BY ?v",
    ),
    ("having", "SELECT ?a { ?s :author ?a } GROUP BY ?a HAVING(COUNT(?s) > 20)"),
    ("join-two", "SELECT (COUNT(*) AS ?n) { ?s :title ?t ; :year ?y }"),
    (
        "join-star",
        "SELECT (COUNT(*) AS ?n) { ?s :title ?t ; :year ?y ; :publishedIn ?v ; :author ?a ; :pages ?p }",
    ),
    ("join-chain", "SELECT (COUNT(*) AS ?n) { ?s :cites ?t . ?t :author ?a . ?a :homepage ?h }"),
    ("join-object", "SELECT (COUNT(*) AS ?n) { ?s :author ?a . ?a :name ?name }"),
    (
        "join-selective",
        "SELECT (COUNT(*) AS ?n) { ?s :publishedIn :venue3 ; :author ?a . ?a :name ?name }",
    ),
    ("join-triangle", "SELECT (COUNT(*) AS ?n) { ?s :cites ?t . ?s :author ?a . ?t :author ?a }"),
    (
        "optional-large",
        "SELECT (COUNT(*) AS ?n) (COUNT(?d) AS ?m) { ?s :title ?t OPTIONAL { ?s :doi ?d } }",
    ),
    (
        "optional-small",
        "SELECT (COUNT(*) AS ?n) (COUNT(?h) AS ?m) { ?s :author ?a OPTIONAL { ?a :homepage ?h } }",
    ),
    ("minus-large-small", "SELECT (COUNT(*) AS ?n) { ?s :author ?a MINUS { ?a :homepage ?h } }"),
    ("minus-large-large", "SELECT (COUNT(*) AS ?n) { ?s :title ?t MINUS { ?s :doi ?d } }"),
    ("minus-small-large", "SELECT (COUNT(*) AS ?n) { ?a :homepage ?h MINUS { ?s :author ?a } }"),
    (
        "exists-large-small",
        "SELECT (COUNT(*) AS ?n) { ?s :author ?a FILTER EXISTS { ?a :homepage ?h } }",
    ),
    ("exists-large-large", "SELECT (COUNT(*) AS ?n) { ?s :title ?t FILTER EXISTS { ?s :doi ?d } }"),
    ("not-exists", "SELECT (COUNT(*) AS ?n) { ?s :title ?t FILTER NOT EXISTS { ?s :cites ?c } }"),
    ("union", "SELECT (COUNT(*) AS ?n) { { ?s :author ?o } UNION { ?s :publishedIn ?o } }"),
    (
        "union-joined",
        "SELECT (COUNT(*) AS ?n) { { ?s a :Article } UNION { ?s a :Inproceedings } ?s :year ?y }",
    ),
    ("filter-number", "SELECT (COUNT(*) AS ?n) { ?s :authors ?n FILTER(?n >= 3) }"),
    (
        "filter-numbers",
        "SELECT (COUNT(*) AS ?n) { ?s :authors ?a ; :pages ?p FILTER(?a * 5 < ?p) }",
    ),
    ("filter-year", "SELECT (COUNT(*) AS ?n) { ?s :year ?y FILTER(STR(?y) > \"2000\") }"),
    ("filter-language", "SELECT (COUNT(*) AS ?n) { ?s :title ?t FILTER(LANG(?t) = \"de\") }"),
    ("filter-datatype", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(isLITERAL(?o)) }"),
    ("filter-blank", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(isBLANK(?s)) }"),
    ("filter-iri", "SELECT (COUNT(*) AS ?n) { ?s :publishedIn ?v FILTER(?v != :venue0) }"),
    (
        "filter-in",
        "SELECT (COUNT(*) AS ?n) { ?s :publishedIn ?v FILTER(?v IN (:venue0, :venue1, :venue2)) }",
    ),
    ("regex", "SELECT (COUNT(*) AS ?n) { ?s :title ?t FILTER REGEX(?t, \"graphs.*queries\") }"),
    ("contains", "SELECT (COUNT(*) AS ?n) { ?s :title ?t FILTER CONTAINS(?t, \"privacy\") }"),
    ("strlen", "SELECT (AVG(?n) AS ?average) { ?s :title ?t BIND(STRLEN(?t) AS ?n) }"),
    ("arithmetic", "SELECT (SUM(?n) AS ?sum) { ?s :pages ?p ; :authors ?a BIND(?p * ?a AS ?n) }"),
    (
        "if",
        "SELECT ?k (COUNT(*) AS ?n) { ?s :pages ?p BIND(IF(?p > 10, \"long\", \"short\") AS ?k) } GROUP BY ?k",
    ),
    (
        "values",
        "SELECT (COUNT(*) AS ?n) { VALUES ?v { :venue1 :venue2 :venue3 } ?s :publishedIn ?v ; :author ?a }",
    ),
    (
        "sub-query",
        "SELECT (COUNT(*) AS ?n) { { SELECT ?a (COUNT(*) AS ?k) { ?s :author ?a } GROUP BY ?a } ?a :homepage ?h }",
    ),
    ("order", "SELECT ?s ?y { ?s :year ?y } ORDER BY ?y ?s"),
    ("order-limit", "SELECT ?s ?t { ?s :title ?t } ORDER BY ?t LIMIT 10"),
    ("limit", "SELECT ?s ?t ?a { ?s :title ?t ; :author ?a } LIMIT 1000"),
    ("offset", "SELECT ?s ?t { ?s :title ?t } LIMIT 10 OFFSET 10000"),
    ("export", "SELECT ?s ?t ?y { ?s :title ?t ; :year ?y }"),
    ("path-plus", "SELECT (COUNT(*) AS ?n) { :publication500 :cites+ ?t }"),
    ("path-sequence", "SELECT (COUNT(*) AS ?n) { ?s :cites/:author ?a }"),
    ("path-alternative", "SELECT (COUNT(*) AS ?n) { ?s :author|:publishedIn ?a }"),
    ("path-plus-all", "SELECT (COUNT(*) AS ?n) { ?s :cites+ ?t }"),
    ("path-star-all", "SELECT (COUNT(*) AS ?n) { ?s :cites* ?t }"),
    ("path-optional-all", "SELECT (COUNT(*) AS ?n) { ?s :cites? ?t }"),
    ("path-star-to", "SELECT (COUNT(*) AS ?n) { ?s :cites* :publication3 }"),
    ("path-group", "SELECT ?t (COUNT(?s) AS ?n) { ?s :cites+ ?t } GROUP BY ?t"),
    ("path-export", "SELECT ?s ?t { ?s :cites+ ?t }"),
    ("path-network", "SELECT (COUNT(*) AS ?n) { :person1 (^:author/:author)+ ?p }"),
    (
        "path-joined",
        "SELECT (COUNT(*) AS ?n) { ?s :publishedIn :venue3 ; :cites* ?t . ?t :author ?a }",
    ),
    (
        "path-networks",
        "SELECT (COUNT(*) AS ?n) { ?v a :Article ; :publishedIn :venue3 . ?v (:cites|^:cites)+ ?t }",
    ),
    ("path-sequence-to", "SELECT (COUNT(*) AS ?n) { ?s :cites/:cites* :publication3 }"),
    ("construct", "CONSTRUCT { ?a :wrote ?s } { ?s :author ?a }"),
    ("describe", "DESCRIBE ?s { ?s :publishedIn :venue3 }"),
    ("count-expression", "SELECT (COUNT(?n * 2) AS ?c) { ?s :pages ?n }"),
    ("random", "SELECT (COUNT(*) AS ?n) { ?s :pages ?p FILTER(RAND() >= 0) }"),
    (
        "exists-value",
        "SELECT ?e (COUNT(*) AS ?n) { ?s :title ?t BIND(EXISTS { ?s :doi ?d } AS ?e) } GROUP BY ?e",
    ),
];

/// Queries on the named graphs of claims, each with the same query on the default graph.
const CLAIMS: [(&str, &str, &str); 7] = [
    (
        "count",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    ),
    (
        "property",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?m org:member ?s } }",
        "SELECT (COUNT(*) AS ?n) { ?m org:member ?s }",
    ),
    (
        "one graph",
        "SELECT * { GRAPH claim:c7 { ?s ?p ?o } }",
        "SELECT * { ?s org:member ex:state7 ; org:organization ex:org7 ; ?p ?o }",
    ),
    (
        "one thing",
        "SELECT * { GRAPH ?g { ?m org:organization ex:org7 ; org:member ?s } }",
        "SELECT * { ?m org:organization ex:org7 ; org:member ?s }",
    ),
    (
        "join",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?m org:organization ?o ; org:member ?s ; dos:since ?y } }",
        "SELECT (COUNT(*) AS ?n) { ?m org:organization ?o ; org:member ?s ; dos:since ?y }",
    ),
    (
        "with documents",
        "SELECT ?d (COUNT(*) AS ?n) { ?g dos:document ?d . GRAPH ?g { ?m org:member ?s } } GROUP BY ?d",
        "SELECT ?s (COUNT(*) AS ?n) { ?m org:organization ?d . ?m org:member ?s } GROUP BY ?s",
    ),
    (
        "one FROM",
        "SELECT * FROM claim:c7 { ?m org:organization ?o ; org:member ?s }",
        "SELECT * { ?m org:organization ex:org7 ; org:member ex:state7 }",
    ),
];

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if arguments.first().map(String::as_str) == Some("--claims") {
        let quads = arguments.get(1).and_then(|quads| quads.parse().ok()).unwrap_or(100_000);
        return compare_graphs(&support::generate(quads, SEED));
    }
    let into = (arguments.first().map(String::as_str) == Some("--into") && arguments.len() > 1)
        .then(|| arguments.drain(..2).nth(1).unwrap_or_default());
    let wanted = arguments.first().and_then(|triples| triples.parse().ok()).unwrap_or(100_000);
    let library = support::generate_library(wanted, SEED);
    match into {
        Some(folder) => write(&library, Path::new(&folder)).expect("the folder can be written"),
        None => compare(library, arguments.get(1..).unwrap_or_default()),
    }
}

fn write(library: &[Quad], folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut out = BufWriter::new(File::create(folder.join("data.nt"))?);
    for quad in library {
        writeln!(out, "{quad} .")?;
    }
    out.flush()?;
    for (name, text) in QUERIES {
        fs::write(folder.join(format!("{name}.rq")), format!("PREFIX : <{PREFIX}>\n{text}\n"))?;
    }
    println!("{}: {} triples, some more than once", folder.display(), library.len());
    Ok(())
}

fn compare_graphs(generated: &support::Generated) {
    let file = |path: &str, text: &str| {
        let bytes = text.as_bytes().to_vec().into();
        let source = SourceFile { path: path.to_owned(), bytes };
        RdfFile::new(source).expect("a file of RDF").into()
    };
    let files =
        vec![file("claims.trig", &generated.claims), file("background.ttl", &generated.background)];
    let start = Instant::now();
    let store = load_files(files).expect("it loads").store;
    println!("{} quads, loaded in {:.0} ms", generated.quads, milliseconds(start.elapsed()));
    let start = Instant::now();
    let statistics = store.statistics().expect("statistics");
    println!(
        "{} triples, statistics and index in {:.0} ms",
        statistics.triples,
        milliseconds(start.elapsed())
    );
    println!("                      rows   named graphs   rows   default graph");
    for (name, in_graphs, plain) in CLAIMS {
        let [in_graphs, plain] = [in_graphs, plain].map(|text| {
            let mut parser = SparqlParser::new();
            for (prefix, iri) in [
                ("ex", "https://example.com/dossier/"),
                ("claim", "https://example.com/dossier/claim/"),
                ("org", "http://www.w3.org/ns/org#"),
                ("dos", "https://w3id.org/dossier/ontology#"),
            ] {
                parser = parser.with_prefix(prefix, iri).expect("a prefix");
            }
            let query = prepare(&parser.parse_query(text).expect("a query"));
            measure(|| rows(&store, &query))
        });
        println!(
            "{name:20} {:6} {:9.3} ms {:8} {:9.3} ms",
            in_graphs.1.0, in_graphs.0, plain.1.0, plain.0
        );
    }
}

fn compare(library: Vec<Quad>, names: &[String]) {
    let start = Instant::now();
    let store = Store::of(library).expect("a store");
    let load = start.elapsed();
    let start = Instant::now();
    let statistics = store.statistics().expect("statistics");
    let gathering = start.elapsed();
    println!("{} triples, loaded in {:.0} ms", statistics.triples, milliseconds(load));
    println!("statistics and index in {:.0} ms", milliseconds(gathering));
    println!("                                rows       engine     dossier      ratio");
    let engine = store.clone().without_planning();
    let (mut sums, mut slower) = ([0.0; 2], Vec::new());
    let is_chosen = |name: &str| names.is_empty() || names.iter().any(|part| name.contains(part));
    let chosen: Vec<_> = QUERIES.into_iter().filter(|(name, _)| is_chosen(name)).collect();
    for &(name, text) in &chosen {
        let query = SparqlParser::new()
            .with_prefix("", PREFIX)
            .expect("a prefix")
            .parse_query(text)
            .expect("a query");
        let query = prepare(&query);
        let (before, expected) = measure(|| rows(&engine, &query));
        let (after, given) = measure(|| rows(&store, &query));
        assert_eq!(given.0, expected.0, "{name} has another number of rows");
        // An average or a sample is any of several.
        let is_one = given.0 == 1 && !name.contains("average");
        assert!(!is_one || given.1 == expected.1, "{name}: {} and not {}", given.1, expected.1);
        let ratio = before / after;
        println!("{name:28} {:8} {before:9.3} ms {after:8.3} ms {ratio:8.2} x", given.0);
        sums[0] += before.ln();
        sums[1] += after.ln();
        if after > 1.1 * before {
            slower.push(name);
        }
    }
    let [before, after] = sums.map(|sum| (sum / chosen.len() as f64).exp());
    let ratio = before / after;
    println!("geometric mean                       {before:9.3} ms {after:8.3} ms {ratio:8.2} x");
    println!("slower than the engine by more than a tenth: {}", slower.join(", "));
}

/// The number of rows, and the first one.
fn rows(store: &Store, query: &EngineQuery) -> (usize, String) {
    match store.evaluate(query.clone(), RowGoal::All).expect("an answer") {
        QueryResults::Solutions(mut solutions) => {
            let first = solutions.next().map(|row| {
                let row = row.expect("a row");
                let values = row.iter().map(|(_, term)| term.to_string());
                values.collect::<Vec<_>>().join(" ")
            });
            let rest = solutions.inspect(|row| assert!(row.is_ok())).count();
            (rest + usize::from(first.is_some()), first.unwrap_or_default())
        }
        QueryResults::Graph(triples) => {
            (triples.inspect(|triple| assert!(triple.is_ok())).count(), String::new())
        }
        QueryResults::Boolean(value) => (1, value.to_string()),
    }
}

/// The median time in milliseconds, and what is given.
fn measure<T>(run: impl Fn() -> T) -> (f64, T) {
    let (mut times, start) = (Vec::new(), Instant::now());
    loop {
        let round = Instant::now();
        let given = run();
        times.push(round.elapsed());
        if start.elapsed() > PATIENCE || times.len() >= 101 {
            times.sort();
            return (milliseconds(times[times.len() / 2]), given);
        }
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
