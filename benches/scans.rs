//! How long queries take that look at much of the data, with the executor on numbers and with the engine alone:
//! `cargo bench --bench scans -- [TRIPLES [NAME…]]` for all queries or those with a name that contains one of these, or
//! `-- --into FOLDER [TRIPLES]` to write the data and the queries for another engine.
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

use dossier::internals::{EngineQuery, RowGoal, Store, prepare};
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

const QUERIES: [(&str, &str); 60] = [
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
];

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
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
        _ => (0, String::new()),
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
