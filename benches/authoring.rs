//! How long the program takes to add a web page of 1 MB and to draft 1,000 claims, beside a check of the same dossier:
//! `cargo bench --bench authoring`.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its figures, or why it has none"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The number of claims.
const CLAIMS: usize = 1_000;

/// The size of the page in bytes, at least.
const PAGE: usize = 1_000_000;

/// How often each is measured. The fastest time counts.
const TIMES: usize = 5;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let here = folder.path();
    write(here, "page.html", &page());
    write(here, "lamps.txt", &log());
    write(here, "sheet.csv", &sheet());
    let add = fastest(|| {
        new(here);
        run(here, &["--dossier", "bench", "add", "page.html"]);
    });
    println!("add a page of {} kB: {:.3} s", PAGE / 1000, add.as_secs_f64());
    new(here);
    run(here, &["--dossier", "bench", "add", "lamps.txt"]);
    let check = fastest(|| run(here, &["--dossier", "bench", "check"]));
    let draft = fastest(|| run(here, &["--dossier", "bench", "draft", "sheet.csv"]));
    println!(
        "draft {CLAIMS} claims: {:.3} s, {:.1} times a check of the dossier without them ({:.3} s)",
        draft.as_secs_f64(),
        draft.as_secs_f64() / check.as_secs_f64(),
        check.as_secs_f64()
    );
    let accept = once(|| run(here, &["--dossier", "bench", "accept", "--all-clean"]));
    let check = fastest(|| run(here, &["--dossier", "bench", "check"]));
    println!(
        "accept them: {:.3} s, {:.1} times a check of the dossier with them ({:.3} s)",
        accept.as_secs_f64(),
        accept.as_secs_f64() / check.as_secs_f64(),
        check.as_secs_f64()
    );
}

/// A page of paragraphs, lists and tables.
fn page() -> String {
    let mut page = String::from(
        "<!DOCTYPE html><html lang=en><head><title>The lamp log</title></head><body><article>",
    );
    let mut number = 0;
    while page.len() < PAGE {
        number += 1;
        let _ = write!(
            page,
            "<h2>Year {number}</h2><p>In the year {number} the keepers lit {} lamps, and <a href=k{number}>keeper \
             {number}</a> wrote “all is well” into the log.</p><ul><li>Oil: {number} barrels</li><li>Wicks: {}</li></ul>\
             <table><tr><th>Month</th><th>Lamps</th></tr><tr><td>May</td><td>{number}</td></tr></table>",
            number * 3,
            number * 7
        );
    }
    page + "</article></body></html>"
}

/// A text with a sentence for each claim.
fn log() -> String {
    let mut text = String::from("The lamp log\n\n");
    for number in 0..CLAIMS {
        let _ = writeln!(
            text,
            "Lamp {number} was first lit in {}, by keeper number {number}.\n",
            year(number)
        );
    }
    text
}

/// A table with a claim for each sentence, about a thing of its own.
fn sheet() -> String {
    let mut table = String::from("document,quote,subject,property,value\n");
    for number in 0..CLAIMS {
        let _ = writeln!(
            table,
            "lamps,lamp {number} WAS first … {},<https://example.com/bench/lamp-{number}>,rdfs:label,lamp lit in {}",
            year(number),
            year(number)
        );
    }
    table
}

fn year(number: usize) -> usize {
    1_000 + number
}

/// Makes an empty dossier.
fn new(here: &Path) {
    let _ = fs::remove_dir_all(here.join("bench"));
    run(here, &["new", "bench"]);
}

fn write(here: &Path, name: &str, text: &str) {
    fs::write(here.join(name), text).expect("a file");
}

fn run(here: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dossier"));
    command.current_dir(here).args(arguments).stdin(Stdio::null());
    let output = command.output().expect("the program");
    // Findings are no failure.
    let is_done = output.status.code().is_some_and(|code| code <= 1);
    assert!(is_done, "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn fastest(mut work: impl FnMut()) -> Duration {
    (0..TIMES).map(|_| once(&mut work)).min().unwrap_or_default()
}

fn once(mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
