//! How long checking a generated dossier takes beside loading it: `cargo bench --bench check -- [QUADS]`.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its figures, or why it has none"
)]

#[allow(dead_code, unused_imports, reason = "each benchmark uses its part")]
mod support;

use dossier::{Data, Dossier, Session, check};
use std::time::{Duration, Instant};

const SEED: u64 = 1;

/// How often each is measured. The fastest time counts.
const TIMES: usize = 3;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    // About 100,000 claims.
    let quads = arguments.next().and_then(|quads| quads.parse().ok()).unwrap_or(800_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    support::generate(quads, SEED).write(folder.path()).expect("the folder can be written");
    let open = || {
        let dossier = Dossier::open(folder.path()).expect("a dossier");
        Session::open(dossier, &Data::Dossier).expect("a session")
    };
    let session = open();
    let report = check(&session).expect("a report");
    let load = fastest(|| drop(open()));
    let checked = fastest(|| drop(check(&session).expect("a report")));
    println!("{quads} quads, {:?}, {} findings", report.checked, report.findings.len());
    println!(
        "load {:.2} s, check {:.2} s: {:.2} times as long",
        load.as_secs_f64(),
        checked.as_secs_f64(),
        checked.as_secs_f64() / load.as_secs_f64().max(1e-6)
    );
}

fn fastest(mut work: impl FnMut()) -> Duration {
    let times = (0..TIMES).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    times.min().unwrap_or_default()
}
