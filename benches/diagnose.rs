//! How long it takes to say why an answer is empty, and to look for mistakes before asking, beside the query itself:
//! `cargo bench --bench diagnose -- [QUADS]`, on 1,000,000 generated quads if no number is given.
//!
//! A diagnosis may take a second; the figures are the slowest of some rounds. The last column tells what it found, and
//! whether the time was enough.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its figures, or why it has none"
)]

#[allow(dead_code, unused_imports, reason = "each benchmark uses its part")]
mod support;

use dossier::answer::Answer;
use dossier::diagnose::TIME;
use dossier::dossier::Dossier;
use dossier::query::Asked;
use dossier::session::{Data, Session};
use std::time::Instant;

const ROUNDS: usize = 3;
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

fn main() {
    let quads =
        std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let generated = support::generate(quads, SEED);
    let folder = tempfile::tempdir().expect("a temporary folder");
    generated.write(folder.path()).expect("the folder can be written");
    let dossier = Dossier::open(folder.path()).expect("a dossier");
    let session = Session::open(dossier, &Data::Dossier).expect("it loads");
    println!("{} quads before the merge; a diagnosis may take {TIME:?}", generated.quads);
    println!("                       query ms   warnings ms   diagnosis ms   times the query");
    for (name, text) in QUERIES {
        let text = format!("PREFIX ex: <https://example.com/dossier/> {text}");
        let asked = session.asked_ad_hoc("query", &text, &[]).expect("a query");
        let mut slowest = [0.0_f64; 3];
        let mut found = String::new();
        for _ in 0..ROUNDS {
            let query = time(|| assert_eq!(rows(&session, &asked), 0, "{name} has an answer"));
            let warnings = time(|| drop(session.warnings(&asked).expect("warnings")));
            let diagnosis = time(|| {
                let diagnosis = session.diagnose(&asked, TIME).expect("a diagnosis");
                let reasons: Vec<&str> =
                    diagnosis.causes.iter().map(|cause| cause.reason.name()).collect();
                let hints: usize = diagnosis.causes.iter().map(|cause| cause.hints.len()).sum();
                let end = if diagnosis.is_complete { "" } else { ", not finished" };
                found = format!("{}, {hints} hints{end}", reasons.join(", "));
            });
            for (slowest, figure) in slowest.iter_mut().zip([query, warnings, diagnosis]) {
                *slowest = slowest.max(figure);
            }
        }
        let [query, warnings, diagnosis] = slowest;
        println!(
            "  {name:18} {query:10.1}   {warnings:11.1}   {diagnosis:12.1}   {:15.1}   {found}",
            diagnosis / query
        );
    }
}

fn rows(session: &Session, asked: &Asked) -> usize {
    let answer = session.answer(&asked.query, None).expect("an answer");
    let Answer::Solutions { solutions, .. } = answer else { return 0 };
    solutions.count()
}

/// How many milliseconds something takes.
fn time(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64() * 1000.0
}
