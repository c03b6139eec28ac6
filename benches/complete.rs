//! How long Tab waits for what can be typed next, on a generated dossier: `cargo bench --bench complete -- [QUADS]`.
//!
//! Each place is asked for before the index of the data is there and after it, beside the time that a look at all of
//! the data takes. The last lines are what a key costs in a long query: its proposals, and its colours.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its figures, or why it has none"
)]

#[allow(dead_code, unused_imports, reason = "each benchmark uses its part")]
mod support;

use dossier::internals::{Completer, highlighted};
use dossier::{Data, Dossier, Session};
use std::time::{Duration, Instant};

const SEED: u64 = 1;

/// The length of the long query.
const LONG: usize = 10_000;

/// How often a key is measured.
const KEYS: u32 = 100;

/// Queries that end at the cursor.
const PLACES: [(&str, &str); 8] = [
    ("a property of a class", "SELECT * { ?s a dos:Claim ; "),
    ("a property of a membership", "SELECT * { ?s a org:Membership ; "),
    ("a property by its name", "SELECT * { ?s since"),
    ("any property", "SELECT * { ?s "),
    ("a class", "SELECT * { ?s a "),
    ("a value", "SELECT * { ?s org:member "),
    ("a thing by its name", "SELECT * { ?s org:member Sta"),
    ("a thing by its prefix", "SELECT * { ?s ?p ex:"),
];

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let quads = arguments.next().and_then(|quads| quads.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    support::generate(quads, SEED).write(folder.path()).expect("the folder can be written");
    let dossier = Dossier::open(folder.path()).expect("a dossier");
    let mut session = Session::open(dossier, &Data::Dossier).expect("a session");
    for prefix in ["ex", "claim", "doc"] {
        let namespace = match prefix {
            "ex" => "https://example.com/dossier/".to_owned(),
            prefix => format!(
                "https://example.com/dossier/{}/",
                if prefix == "doc" { "document" } else { prefix }
            ),
        };
        session = session.with_prefix(prefix, &namespace);
    }
    let completer = Completer::new(&session);
    let before = PLACES.map(|(_, text)| timed(|| ask(&completer, text)));
    let (fill, ()) = timed(|| completer.fill().expect("an index"));
    println!(
        "{quads} quads; a look at all of them: {:.0} ms, beside what is typed",
        milliseconds(fill)
    );
    println!("{:28}{:>12}{:>12}{:>12}{:>12}", "", "before it", "first", "again", "candidates");
    for ((name, text), (before, _)) in PLACES.into_iter().zip(before) {
        let (first, count) = timed(|| ask(&completer, text));
        let (again, _) = timed(|| ask(&completer, text));
        println!(
            "{name:28}{:9.2} ms{:9.2} ms{:9.2} ms{count:12}   1/{:.0} of a look at all",
            milliseconds(before),
            milliseconds(first),
            milliseconds(again),
            fill.as_secs_f64() / first.as_secs_f64().max(1e-6),
        );
    }
    let query = long_query();
    let middle = query.len() / 2 + query[query.len() / 2..].find('\n').expect("lines");
    for (name, at) in [("middle", middle), ("end", query.len())] {
        let mut text = query.clone();
        text.insert_str(at, "\n  ?thing a ");
        let cursor = at + "\n  ?thing a ".len();
        let ask = || completer.sparql(&text, cursor).expect("an answer").candidates.len();
        let (proposals, _) = timed(|| (0..KEYS).map(|_| ask()).sum::<usize>());
        let (colours, _) = timed(|| (0..KEYS).map(|_| highlighted(&text).len()).sum::<usize>());
        println!(
            "a key in the {name} of {LONG} bytes: {:.3} ms for proposals, {:.3} ms for colours",
            milliseconds(proposals / KEYS),
            milliseconds(colours / KEYS),
        );
    }
}

/// A query of many patterns, which is open at its end.
fn long_query() -> String {
    let mut query = "SELECT * WHERE {".to_owned();
    for n in 0.. {
        if query.len() >= LONG {
            break;
        }
        query.push_str(&format!(
            "\n  ?claim{n} a dos:Claim ; dos:quote ?quote{n} ; dos:document ?document{n} . # Claim {n}\n  \
             FILTER (STRLEN(?quote{n}) > {n} && REGEX(?quote{n}, \"tea|leaf\", \"i\"))\n  \
             OPTIONAL {{ ?document{n} rdfs:label ?label{n} }}"
        ));
    }
    query
}

fn ask(completer: &Completer, text: &str) -> usize {
    completer.sparql(text, text.len()).expect("an answer").candidates.len()
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
