//! How long a dossier takes to load, beside parsing alone: `cargo bench --bench load -- [QUADS]`.
//!
//! It also writes generated dossiers: `cargo bench --bench load -- --write FOLDER [QUADS]`.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its figures, or why it has none"
)]
#![allow(clippy::cast_precision_loss, reason = "figures are rounded")]

#[allow(dead_code, unused_imports, reason = "each benchmark uses its part")]
mod support;

use dossier::dossier::Dossier;
use dossier::session::{Data, Session};
use oxigraph::io::{RdfFormat, RdfParser};
use std::path::Path;
use std::time::{Duration, Instant};

const ROUNDS: usize = 7;
const SEED: u64 = 1;

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let folder = (arguments.first().map(String::as_str) == Some("--write") && arguments.len() > 1)
        .then(|| arguments.drain(..2).nth(1).unwrap_or_default());
    let quads = arguments.first().and_then(|quads| quads.parse().ok()).unwrap_or(100_000);
    let generated = support::generate(quads, SEED);
    if let Some(folder) = folder {
        generated.write(Path::new(&folder)).expect("the folder can be written");
        println!("{folder}: {} quads, {} documents", generated.quads, generated.documents.len());
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    generated.write(folder.path()).expect("the folder can be written");
    let dossier = Dossier::open(folder.path()).expect("a dossier");

    let (mut parse, mut load, mut passages) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let parsed = RdfParser::from_format(RdfFormat::TriG).for_slice(&generated.claims).count();
        assert!(parsed > 0);
        parse.push(start.elapsed());

        let start = Instant::now();
        let session = Session::open(dossier.clone(), &Data::Dossier).expect("it loads");
        load.push(start.elapsed());

        let start = Instant::now();
        let query = session
            .ad_hoc_query("query", "SELECT * { ?claim dos:passage ?passage }", &[])
            .expect("a query");
        session.answer(&query, Some(1)).expect("an answer");
        passages.push(start.elapsed());
    }
    let (parse, load, passages) = (median(parse), median(load), median(passages));
    let ratio = load.as_secs_f64() / parse.as_secs_f64();
    println!("{} quads before the merge, {} documents", generated.quads, generated.documents.len());
    println!("  parsing the claims alone   {:8.1} ms", milliseconds(parse));
    println!("  loading the dossier        {:8.1} ms   {ratio:.2} x parsing", milliseconds(load));
    println!("  the passages, when asked   {:8.1} ms", milliseconds(passages));
    println!("  quads loaded a second      {:8.0}", generated.quads as f64 / load.as_secs_f64());
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
