//! What citing costs beside asking: `cargo bench --bench cite -- [CLAIMS…] [QUERY…]`, for 100,000 and 1,000,000 claims
//! if no number is given, for all queries if none is named.
//!
//! Each query is asked plainly, cited without verification, and cited with it, in turn; all answers are written as JSON
//! to a sink. The peak of memory is that of the whole process, the store included (Linux only). The limits beside the
//! figures are those that the project holds itself to.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark prints its figures, or why it has none"
)]
#![allow(clippy::cast_precision_loss, reason = "figures are rounded")]

#[allow(dead_code, unused_imports, reason = "each benchmark uses its part")]
mod support;

#[path = "support/memory.rs"]
mod memory;

use dossier::internals::{Head, Naming, Style, write_rows};
use dossier::{
    BoundQuery, CitationOptions, Data, Dossier, Labels, ResultFormat, Row, Rows, Session, Status,
    Terms,
};
use std::time::{Duration, Instant};

const ROUNDS: usize = 9;
const SEED: u64 = 1;

/// A query, how many of its rows are asked for, and what citing it may cost: so many times the plain run, and so many
/// milliseconds more.
const QUERIES: [(&str, &str, usize, f64, f64); 9] = [
    (
        "star of 4",
        "SELECT ?s ?name ?city ?age ?mail { ?s ex:name ?name ; ex:city ?city ; ex:age ?age ; ex:mail ?mail }",
        100,
        2.0,
        10.0,
    ),
    (
        "chain of 3",
        "SELECT ?a ?d { ?a ex:knows ?b . ?b ex:knows ?c . ?c ex:knows ?d }",
        100,
        2.0,
        10.0,
    ),
    (
        "OPTIONAL",
        "SELECT ?s ?city ?nick { ?s ex:city ?city OPTIONAL { ?s ex:nickname ?nick } }",
        100,
        2.0,
        10.0,
    ),
    ("MINUS", "SELECT ?s ?city { ?s ex:city ?city MINUS { ?s ex:left ?year } }", 100, 2.0, 10.0),
    ("path +", "SELECT ?a ?b { ?a ex:partOf+ ?b }", 100, 2.0, 10.0),
    (
        "GROUP BY",
        "SELECT ?team (COUNT(?s) AS ?n) { ?s ex:team ?team } GROUP BY ?team",
        100,
        2.0,
        10.0,
    ),
    (
        "DISTINCT",
        "SELECT DISTINCT ?age { ?a ex:knows ?b . ?b ex:age ?age . ?b ex:city ?city }",
        100,
        2.0,
        10.0,
    ),
    (
        "DISTINCT 2",
        "SELECT DISTINCT ?from ?to { ?a ex:city ?from . ?a ex:knows ?b . ?b ex:city ?to }",
        100,
        2.0,
        10.0,
    ),
    (
        "star, all",
        "SELECT ?s ?name ?city ?age ?mail { ?s ex:name ?name ; ex:city ?city ; ex:age ?age ; ex:mail ?mail }",
        40_000,
        2.5,
        0.0,
    ),
];

fn main() {
    let mut sizes: Vec<usize> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for argument in std::env::args().skip(1).filter(|argument| argument != "--bench") {
        match argument.parse() {
            Ok(size) => sizes.push(size),
            Err(_) => names.push(argument),
        }
    }
    let sizes = if sizes.is_empty() { vec![100_000, 1_000_000] } else { sizes };
    for size in sizes {
        bench(size, &names);
    }
}

fn bench(claims: usize, names: &[String]) {
    let generated = support::generate_people(claims, SEED);
    let folder = tempfile::tempdir().expect("a temporary folder");
    generated.write(folder.path()).expect("the folder can be written");
    let dossier = Dossier::open(folder.path()).expect("a dossier");
    let session = Session::open(dossier, &Data::Dossier).expect("it loads");
    println!("{} claims", generated.quads / 4);
    println!(
        "                 rows     plain ms     cited   limit     verifying, ms a row   sound   peak MiB: plain   cited   limit"
    );
    for (name, text, limit, times, more) in QUERIES {
        if !names.is_empty() && !names.iter().any(|part| name.contains(part)) {
            continue;
        }
        let plain_peak = memory::peak(|| ask(&session, text, limit));
        let cited_peak = memory::peak(|| cite(&session, text, limit, true));
        let (mut plain, mut cited, mut verified) = (Vec::new(), Vec::new(), Vec::new());
        let mut outcome = (0, 0);
        // What was measured of memory has warmed up.
        for _ in 0..ROUNDS {
            let figures = [
                time(|| ask(&session, text, limit)).0,
                time(|| cite(&session, text, limit, false)).0,
            ];
            let (last, result) = time(|| cite(&session, text, limit, true));
            plain.push(figures[0]);
            cited.push(figures[1]);
            verified.push(last);
            outcome = result;
        }
        let (plain, cited, verified) = (median(plain), median(cited), median(verified));
        let (rows, sound) = outcome;
        println!(
            "  {name:11} {rows:8}   {plain:10.2}   {:5.2} x   {:5.2} x   {:17.3}   {sound:9}   {plain_peak:15.0}   {cited_peak:5.0}   {:5.0}",
            cited / plain,
            times + more / plain,
            (verified - cited) / (rows as f64).max(1.0),
            2.0 * plain_peak + 64.0,
        );
    }
}

fn query(session: &Session, text: &str) -> BoundQuery {
    let text = format!("PREFIX ex: <https://example.com/dossier/> {text}");
    session.ad_hoc_query("query", &text, &[]).expect("a query")
}

fn ask(session: &Session, text: &str, limit: usize) {
    let query = query(session, text);
    let answer = session.answer(&query, Some(limit), None).expect("an answer");
    write(session, answer.rows().expect("a SELECT"), &mut |_| ());
}

/// Writes rows as JSON to nowhere, each of which is looked at, and returns how many they were.
fn write(session: &Session, rows: Rows, look: &mut dyn FnMut(&Row)) -> usize {
    let variables = rows.variables().to_vec();
    let head = Head { variables: &variables, is_cited: rows.are_cited(), diagnosis: None };
    let labels = Labels::default();
    let naming = Naming { terms: Terms::Iri, prefixes: session.prefixes(), labels: &labels };
    let style = Style::new(naming);
    let references = |graph: &_| session.reference(graph);
    let rows = rows.inspect(|row| row.iter().for_each(&mut *look));
    let sink = &mut std::io::sink();
    write_rows(ResultFormat::Json, head, rows, style, &references, sink).expect("a sink")
}

/// The rows, and how many of them rest on what is cited, as far as it was checked.
fn cite(session: &Session, text: &str, limit: usize, verify: bool) -> (usize, usize) {
    let query = query(session, text);
    let options = CitationOptions { verify, ..CitationOptions::default() };
    let answer = session.answer(&query, Some(limit), Some(options)).expect("an answer");
    let mut sound = 0;
    let count = write(session, answer.rows().expect("a SELECT"), &mut |row| {
        let status = row.citation.as_ref().map(|citation| &citation.status);
        sound += usize::from(status == Some(&Status::Verified));
    });
    (count, sound)
}

fn time<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = run();
    let elapsed: Duration = start.elapsed();
    (elapsed.as_secs_f64() * 1000.0, result)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
