//! How long it takes to say why an answer is empty, and to look for mistakes before asking, beside the query itself:
//! `cargo bench --bench diagnose -- [QUADS] [NAME]`, on 1,000,000 generated quads if no number is given, all queries if no
//! beginning of a name is.
//!
//! A diagnosis may take a second; the figures are the slowest of some rounds. The last column tells what it found, and
//! whether the time was enough. A query that takes too long to be waited for is stopped: a diagnosis of it shows that the
//! time is kept. The last lines are of queries that have answers: what looking for mistakes costs there.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its figures, or why it has none"
)]

#[allow(dead_code, unused_imports, reason = "each benchmark uses its part")]
mod support;

use dossier::internals::TIME;
use dossier::{BoundQuery, Data, Dossier, Limits, Session, Stop};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

const ROUNDS: usize = 3;

/// How long a query may take.
const QUERY_TIME: Duration = Duration::from_secs(5);
const SEED: u64 = 1;

/// Queries without an answer, each for another reason.
const QUERIES: [(&str, &str); 10] = [
    ("unknown class", "SELECT ?x { ?x a dos:Submision ; dos:date ?y }"),
    ("unknown predicate", "SELECT ?x { ?x a org:Membership ; org:membr ?y }"),
    ("unknown thing", "SELECT ?x { ?x org:member ex:stat17 ; dos:since ?y }"),
    ("language", "SELECT ?x { ?x rdfs:label \"State 17\" }"),
    ("datatype", "SELECT ?x { ?x a org:Membership ; dos:since 1984 }"),
    ("reversed", "SELECT ?s ?m { ?s a dos:State ; org:member ?m }"),
    (
        "condition",
        "SELECT ?x { ?x a dos:Submission ; dos:date ?y FILTER(?y > \"2030\"^^xsd:gYear) }",
    ),
    (
        "chain",
        "SELECT ?x { ?m org:member ?s ; org:organization ?o ; dos:since ?y . ?a dos:actor ?s ; dos:addressee ?o ; \
         dos:date ?d . ?a dos:instrument ?t . ?t a dos:Code }",
    ),
    (
        "never together",
        "SELECT ?x { ?m org:member ?s ; dos:since ?y . ?a dos:actor ?s ; dos:instrument ?y }",
    ),
    (
        "dear condition",
        "SELECT ?x { ?m org:member ?s . ?n org:member ?s ; dos:since ?y . ?m dos:since ?z FILTER(?y > 3 && ?z > 3) }",
    ),
];

/// Queries with an answer.
const ANSWERED: [(&str, &str); 3] = [
    ("one triple", "SELECT ?x { ?x dos:since ?y } LIMIT 10"),
    ("a class", "SELECT ?x ?y { ?x a org:Membership ; org:member ex:state17 ; dos:since ?y }"),
    (
        "compared",
        "SELECT ?x { ?x org:member ex:state17 ; dos:since ?y FILTER(?y > \"2001\"^^xsd:gYear) }",
    ),
];

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let quads = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let wanted = arguments.iter().find(|argument| argument.parse::<usize>().is_err());
    let is_wanted = |name: &str| wanted.is_none_or(|wanted| name.starts_with(wanted.as_str()));
    let generated = support::generate(quads, SEED);
    let folder = tempfile::tempdir().expect("a temporary folder");
    generated.write(folder.path()).expect("the folder can be written");
    let dossier = Dossier::open(folder.path()).expect("a dossier");
    let session = Session::open(dossier, &Data::Dossier).expect("it loads");
    println!("{} quads before the merge; a diagnosis may take {TIME:?}", generated.quads);
    println!("                       query ms   warnings ms   diagnosis ms   times the query");
    // What the first query pays for that needs it: the passages, which stand in triples that have labels, and the
    // statistics that queries are planned by.
    drop(session.stored_quads().expect("passages"));
    session.statistics().expect("statistics");
    for (name, text) in QUERIES.into_iter().filter(|(name, _)| is_wanted(name)) {
        let asked = asked(&session, text);
        let mut slowest = [0.0_f64; 3];
        let mut found = String::new();
        for _ in 0..ROUNDS {
            let query = time(|| assert_eq!(rows(&session, &asked), 0, "{name} has an answer"));
            let warnings = time(|| drop(session.warnings(&asked).expect("warnings")));
            let diagnosis = time(|| found = diagnosis(&session, &asked));
            for (slowest, figure) in slowest.iter_mut().zip([query, warnings, diagnosis]) {
                *slowest = slowest.max(figure);
            }
            if query > milliseconds(QUERY_TIME) {
                break;
            }
        }
        let [query, warnings, diagnosis] = slowest;
        let stopped = if query > milliseconds(QUERY_TIME) { '>' } else { ' ' };
        println!(
            "  {name:18}{stopped}{query:10.1}   {warnings:11.2}   {diagnosis:12.1}   {:15.1}   {found}",
            diagnosis / query
        );
    }
    for (name, text) in ANSWERED.into_iter().filter(|(name, _)| is_wanted(name)) {
        let asked = asked(&session, text);
        let mut slowest = [0.0_f64; 2];
        for _ in 0..ROUNDS {
            let query = time(|| assert!(rows(&session, &asked) > 0, "{name} has no answer"));
            let warnings = time(|| drop(session.warnings(&asked).expect("warnings")));
            slowest = [slowest[0].max(query), slowest[1].max(warnings)];
        }
        let [query, warnings] = slowest;
        println!("  {name:18} {query:10.1}   {warnings:11.2}   (has an answer)");
    }
}

fn asked(session: &Session, text: &str) -> BoundQuery {
    let text = format!("PREFIX ex: <https://example.com/dossier/> {text}");
    session.ad_hoc_query("query", &text, &[]).expect("a query")
}

/// What a diagnosis finds, in words.
fn diagnosis(session: &Session, asked: &BoundQuery) -> String {
    let diagnosis = session.diagnose(asked, TIME).expect("a diagnosis");
    let reasons: Vec<&str> = diagnosis.causes.iter().map(|cause| cause.reason.name()).collect();
    let hints: usize = diagnosis.causes.iter().map(|cause| cause.hints.len()).sum();
    let end = if diagnosis.is_complete { "" } else { ", not finished" };
    format!("{}, {hints} hints{end}", reasons.join(", "))
}

/// How many rows a query gives in the time that it may take.
fn rows(session: &Session, asked: &BoundQuery) -> usize {
    let limits = Limits::default();
    let cancellation = limits.cancellation.clone();
    let (finished, waiting) = mpsc::channel::<()>();
    std::thread::spawn(move || {
        if waiting.recv_timeout(QUERY_TIME) == Err(RecvTimeoutError::Timeout) {
            cancellation.stop(Stop::Time(QUERY_TIME));
        }
    });
    let answer = session.with_limits(&limits).answer(asked, None, None).ok();
    let rows = answer.and_then(dossier::Answer::rows);
    let rows = rows.map_or(0, |rows| rows.filter_map(Result::ok).count());
    drop(finished);
    rows
}

/// How many milliseconds something takes.
fn time(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    milliseconds(start.elapsed())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
