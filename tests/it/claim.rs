//! `dossier claim` on dossiers of its own: what it writes, and that it writes nothing if it cannot.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::program::{dossier as program, run, told};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

/// Makes a dossier in a folder.
fn dossier(folder: &Path) {
    let (code, _, err) = run(folder, &["new", "tea", "--about", "The Tea Society"]);
    assert_eq!(code, 0, "{err}");
}

/// The files of the data with their contents.
fn data(folder: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder.join("tea/data")).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.is_file());
    let named = files.map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(path).unwrap())
    });
    named.collect()
}

const CLAIM: [&str; 9] = [
    "--dossier",
    "tea",
    "claim",
    "example",
    "was begun in",
    "--say",
    "Dossier on The Tea Society | begun | 2026",
    "--reading",
    "In 2026.",
];

#[test]
fn the_built_in_dossier_cannot_be_changed() {
    let folder = tempfile::tempdir().unwrap();
    let line = ["claim", "sco", "Acronym: SCO", "--say", "SCO | name | SCO"];
    let (code, out, err) = run(folder.path(), &line);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.starts_with("error: the built-in dossier cannot be changed\n"), "{err}");
}

#[test]
fn a_new_dossier_s_own_example_can_be_claimed() {
    let folder = tempfile::tempdir().unwrap();
    dossier(folder.path());
    let readme = fs::read_to_string(folder.path().join("tea/README.md")).unwrap();
    let line = readme.lines().find_map(|line| line.strip_prefix("    dossier ")).unwrap();
    // Only the quote has spaces, between quotation marks.
    let [before, quote, after] = line.split('\'').collect::<Vec<_>>().try_into().unwrap();
    let words: Vec<&str> =
        before.split_whitespace().chain([quote]).chain(after.split_whitespace()).collect();
    let (code, out, err) = run(&folder.path().join("tea"), &words);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("\nwould add `tea:claim-"), "{out}");
    let (_, report, _) = run(folder.path(), &["--dossier", "tea", "check"]);
    assert!(report.ends_with("no errors or warnings\n"), "{report}");
}

#[test]
fn comments_and_a_byte_order_mark_stay() {
    let folder = tempfile::tempdir().unwrap();
    dossier(folder.path());
    let path = folder.path().join("tea/data/claims.trig");
    let before = format!("\u{feff}{}\n# The end.\n", fs::read_to_string(&path).unwrap());
    fs::write(&path, &before).unwrap();
    let (code, _, err) = run(folder.path(), &CLAIM);
    assert_eq!(code, 0, "{err}");
    let after = fs::read_to_string(&path).unwrap();
    assert!(after.starts_with(before.trim_end()), "{after}");
    assert!(after[before.len()..].contains("dos:quote \"was begun in\""), "{after}");
}

/// A prefix that is declared again changes what follows.
#[test]
fn nothing_is_written_that_would_mean_something_else() {
    let folder = tempfile::tempdir().unwrap();
    dossier(folder.path());
    let path = folder.path().join("tea/data/claims.trig");
    let again = "\n@prefix dos: <https://example.com/other#> .\n";
    fs::write(&path, fs::read_to_string(&path).unwrap() + again).unwrap();
    let before = data(folder.path());
    let (code, out, err) = run(folder.path(), &CLAIM);
    assert_eq!((code, out.as_str()), (3, ""), "{err}");
    let message = "error: what is added to `data/claims.trig` would not mean the same there\n";
    assert!(err.contains(message), "{err}");
    assert_eq!(data(folder.path()), before);
    let (code, _, err) = run(folder.path(), &[&CLAIM[..], &["--into", "more.trig"]].concat());
    assert_eq!(code, 0, "{err}");
}

#[test]
fn a_file_that_cannot_be_replaced_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    dossier(folder.path());
    let before = data(folder.path());
    let new = ["--new", "Cleo | collection", "--into", "data/claims.trig"];
    let path = folder.path().join("tea/data/background.ttl");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let (code, out, err) = run(folder.path(), &[&CLAIM[..], &new].concat());
    assert_eq!((code, out.as_str()), (3, ""), "{err}");
    assert!(err.contains("it is read-only"), "{err}");
    assert_eq!(data(folder.path()), before);
}

/// The shell reads the files anew for each claim.
#[test]
fn the_shell_knows_what_it_has_written() {
    let folder = tempfile::tempdir().unwrap();
    dossier(folder.path());
    let script = "claim example 'begun in' --new 'Cleo | collection' --say 'Cleo | begun | 2026' --reading x\n\
        claim example 'was begun' --say 'Cleo | begun | 2026' --reading x\n";
    let mut shell = program(folder.path(), &["--dossier", "tea", "shell"]);
    let mut shell =
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    shell.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let (code, out, err) = told(shell.wait_with_output().unwrap());
    assert_eq!(code, 0, "{err}");
    assert_eq!(out.matches("added `tea:claim-cleo-begun").count(), 2, "{out}{err}");
}
