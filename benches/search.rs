//! How long a search by words takes, on a generated dossier: `cargo bench --bench search -- [QUADS]`.
//!
//! The index is compared with loading the data, and a search with one that reads all texts.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its figures, or why it has none"
)]

#[allow(dead_code, unused_imports, reason = "each benchmark uses its part")]
mod support;

use dossier::oxigraph::model::Term;
use dossier::{Data, Dossier, SearchIndex, SearchOptions, Session};
use std::collections::HashSet;
use std::fs;
use std::time::{Duration, Instant};

const SEED: u64 = 1;

/// The searches, each with its name.
const SEARCHES: [(&str, &str); 7] = [
    ("a word of many texts", "member"),
    ("the beginning of many words", "s"),
    ("two words", "state 17"),
    ("a phrase", "\"became a member\""),
    ("a rare phrase", "\"as number 4711\""),
    ("a number", "1999"),
    ("a word that does not occur", "xyzzy"),
];

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let quads = arguments.next().and_then(|quads| quads.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    support::generate(quads, SEED).write(folder.path()).expect("the folder can be written");
    let dossier = Dossier::open(folder.path()).expect("a dossier");
    let (load, session) = timed(|| Session::open(dossier, &Data::Dossier).expect("a session"));
    let before = resident();
    let (fill, index) = timed(|| SearchIndex::new(&session).expect("an index"));
    println!(
        "{quads} quads; the index: {:.0} ms, {:.2} of loading, {:.0} MB",
        milliseconds(fill),
        fill.as_secs_f64() / load.as_secs_f64(),
        resident() - before,
    );
    println!("{:30}{:>12}{:>12}{:>8}", "", "first", "again", "hits");
    let options = SearchOptions { kinds: &[], most: 10, cite: true, any: false };
    for (name, typed) in SEARCHES {
        let search = || index.find(&session, typed, options).expect("an answer").hits.len();
        let (first, count) = timed(search);
        let (again, _) = timed(search);
        let (look, _) = timed(|| look_at_all(&session, typed));
        println!(
            "{name:30}{:9.2} ms{:9.2} ms{count:8}   1/{:.0} of reading all texts",
            milliseconds(first),
            milliseconds(again),
            look.as_secs_f64() / again.as_secs_f64().max(1e-6),
        );
    }
}

/// Reads all texts, and returns how many contain what is typed.
fn look_at_all(session: &Session, typed: &str) -> usize {
    let words: Vec<String> =
        typed.split(' ').map(|word| word.trim_matches('"').to_lowercase()).collect();
    let mut found = HashSet::new();
    for quad in session.stored_quads().expect("the data") {
        if let Term::Literal(literal) = quad.expect("a quad").object {
            let text = literal.value().to_lowercase();
            if words.iter().all(|word| text.contains(word)) {
                found.insert(text);
            }
        }
    }
    found.len()
}

/// Returns how many MiB of memory the process has now. NaN: the system does not tell.
fn resident() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = resident.and_then(|now| now.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kibibytes.map_or(f64::NAN, |kibibytes| kibibytes / 1024.0)
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
