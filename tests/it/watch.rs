//! Checking whenever a file changes, with a real process, real files and a real signal.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::program::{dossier, run};
use std::fs;
use std::io::{BufRead as _, BufReader, Lines, Read};
use std::process::{Child, Command, Stdio};

/// A process that is killed if the test fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

/// Reads lines until one is the wanted one.
fn wait_for(lines: &mut Lines<BufReader<impl Read>>, wanted: &str) {
    let found = lines.map_while(Result::ok).any(|line| line == wanted);
    assert!(found, "`{wanted}` was not said");
}

#[test]
fn a_changed_file_is_checked_again() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["new", "tea"]).0, 0);
    let tea = folder.path().join("tea");
    let mut command = dossier(&tea, &["check", "--watch", "--format", "lines"]);
    let mut running =
        Running(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
    let mut messages = BufReader::new(running.0.stderr.take().unwrap()).lines();
    let mut findings = BufReader::new(running.0.stdout.take().unwrap()).lines();

    wait_for(&mut messages, "note: waiting for changes, until Ctrl-C");
    let query = tea.join("queries/things.rq");
    fs::write(tea.join("queries/.hidden.rq"), "SELECT").unwrap();
    fs::write(&query, "#+ summary: Which things?\nSELECT * { ?s ?p }\n").unwrap();
    wait_for(&mut messages, "note: changed: queries/things.rq");
    wait_for(&mut messages, "note: waiting for changes, until Ctrl-C");
    assert!(findings.next().unwrap().unwrap().contains("queries/things.rq:2:18: error: "));

    // A dossier that cannot be opened is reported, and does not end the watching.
    let ontology = tea.join("ontology/broken.ttl");
    fs::write(&ontology, "broken").unwrap();
    wait_for(&mut messages, "note: changed: ontology/broken.ttl");
    wait_for(&mut messages, "note: waiting for changes, until Ctrl-C");
    fs::remove_file(&ontology).unwrap();
    wait_for(&mut messages, "note: changed: ontology/broken.ttl");
    wait_for(&mut messages, "note: waiting for changes, until Ctrl-C");

    let process = running.0.id().to_string();
    assert!(Command::new("kill").args(["-INT", &process]).status().unwrap().success());
    assert_eq!(running.0.wait().unwrap().code(), Some(130));
}

#[test]
fn the_built_in_dossier_and_other_data_are_not_watched() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, err) = run(folder.path(), &["check", "--watch"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("error: the built-in dossier never changes\n"), "{err}");
    let (code, _, err) = run(folder.path(), &["check", "--watch", "--data", "a.ttl"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("error: `--watch` works on a dossier, not on other data\n"), "{err}");
}
