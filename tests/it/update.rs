//! Updates of documents that are written: all of it or nothing, and only what was accepted.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::files::files_in;
use crate::support::program::{dossier, run, told};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

const TEXT: &str = "tea/data/documents/history.txt";
const CLAIMS: &str = "tea/data/tea.trig";

/// A folder with the dossier of the cases and its new texts.
fn folder() -> tempfile::TempDir {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/update.in");
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("tea/queries")).unwrap();
    for (path, text) in files_in("tests/cmd/update.in", &["txt", "ttl", "trig"]) {
        let path = folder.path().join(path.strip_prefix(&source).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn read(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join(path)).unwrap()
}

fn update(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    run(folder, &[&["--dossier", "tea", "update", "history"], arguments].concat())
}

/// The files of the dossier, with their texts.
fn contents(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = files_in(folder.to_str().unwrap(), &["txt", "ttl", "trig"]);
    files.sort();
    files
}

#[test]
fn nothing_is_written_without_being_told() {
    let folder = folder();
    let before = contents(folder.path());
    let (code, out, err) = update(folder.path(), &["new.txt"]);
    assert!(code == 1 && out.contains("1 changed") && err.is_empty(), "{out}{err}");
    assert_eq!(contents(folder.path()), before);
    // Standard input is a new text, too.
    let mut command = dossier(folder.path(), &["--dossier", "tea", "update", "history", "-"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(read(folder.path(), "new.txt").as_bytes()).unwrap();
    assert_eq!(told(child.wait_with_output().unwrap()), (code, out, err));
}

#[test]
fn accepted_words_are_written_in_place() {
    let folder = folder();
    let before = read(folder.path(), CLAIMS);
    let accept = ["new.txt", "--accept-typographic", "--leave-rest", "--accept"];
    let claims = ["tea:claim-founded", "<https://example.com/tea/claim-keeper>"];
    let (code, _, err) = update(folder.path(), &[&accept[..], &claims].concat());
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("wrote `data/tea.trig` and `data/documents/history.txt`"), "{err}");
    let expected = before
        .replace(
            "\"The Tea Society was founded in 1984\" ; #",
            "\"The Tea Society was founded in 1985\" ; #",
        )
        .replace("'motto is \"tea for all\"'", "\"motto is “tea for all”\"")
        .replace(
            "dos:quote \"elects a keeper",
            "<http://www.w3.org/ns/oa#suffix> \". The\" ; dos:quote \"elects a keeper",
        );
    assert_eq!(read(folder.path(), CLAIMS), expected);
    assert_eq!(read(folder.path(), TEXT), read(folder.path(), "new.txt"));
    // What was left is reported, and nothing else.
    let (_, out, _) = run(folder.path(), &["--dossier", "tea", "check"]);
    assert!(
        out.contains("the quote of `tea:omission-cup` does not occur in `tea:history`"),
        "{out}"
    );
    assert_eq!(out.matches("error[quote").count(), 1, "{out}");
    let (code, out, _) = update(folder.path(), &["new.txt"]);
    assert!(code == 1 && out.contains("6 stand, 1 vanished"), "{out}");
    assert!(out.contains("vanished: tea:omission-cup, did not stand before"), "{out}");
}

#[test]
fn an_incomplete_update_is_refused() {
    let folder = folder();
    let before = contents(folder.path());
    for (arguments, message, rest) in [
        (
            &["--accept", "tea:claim-founded"][..],
            "nothing was written: 3 quotes would no longer stand in the document",
            "`tea:omission-cup` (vanished)\n         `tea:claim-keeper` (ambiguous)\n         `tea:claim-motto` (typographic)",
        ),
        (
            &["--accept-typographic", "--accept", "tea:claim-founded", "tea:claim-keeper"],
            "nothing was written: 1 quote would no longer stand in the document",
            "`tea:omission-cup` (vanished)",
        ),
        (
            &["--leave-rest", "--accept", "tea:claim-found"],
            "no claim or omission of `tea:history` is called `tea:claim-found`",
            "did you mean `tea:claim-founded`?",
        ),
        (
            &["--leave-rest", "--accept", "all"],
            "no claim or omission of `tea:history` is called `all`",
            "name it by its CURIE or IRI",
        ),
        (
            &["--leave-rest", "--accept", "tea:omission-cup"],
            "there are no new words to accept for `tea:omission-cup`: its quote has vanished",
            "quote other words in the claim, or remove it",
        ),
    ] {
        let (code, _, err) = update(folder.path(), &[&["new.txt"], arguments].concat());
        assert!(code == 2 && err.contains(message) && err.contains(rest), "{arguments:?}: {err}");
        assert_eq!(contents(folder.path()), before, "{arguments:?}");
    }
}

#[test]
fn a_text_in_which_all_stand_needs_no_names() {
    let folder = folder();
    let (claims, text) = (read(folder.path(), CLAIMS), read(folder.path(), "longer.txt"));
    fs::write(folder.path().join("windows.txt"), text.replace('\n', "\r\n")).unwrap();
    let (code, _, err) = update(folder.path(), &["windows.txt", "--accept"]);
    assert!(code == 0 && err.contains("wrote `data/documents/history.txt`"), "{err}");
    assert_eq!((read(folder.path(), CLAIMS), read(folder.path(), TEXT)), (claims, text));
}

#[test]
fn a_claim_with_a_relative_iri_is_edited() {
    let folder = folder();
    let claims = read(folder.path(), CLAIMS)
        .replace("tea:claim-founded a", "<claim-founded> a")
        .replace("@prefix dcterms", "@base <https://example.com/tea/> .\n@prefix dcterms");
    fs::write(folder.path().join(CLAIMS), &claims).unwrap();
    let arguments = ["new.txt", "--leave-rest", "--accept", "tea:claim-founded"];
    let (code, _, err) = update(folder.path(), &arguments);
    assert_eq!(code, 0, "{err}");
    let edited = read(folder.path(), CLAIMS);
    assert!(edited.contains("<claim-founded> a") && edited != claims, "{edited}");
}

#[test]
fn the_built_in_dossier_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("new.txt"), "Nothing is left.\n").unwrap();
    let (code, _, err) = run(folder.path(), &["update", "sco", "new.txt", "--leave-rest"]);
    assert!(code == 2 && err.contains("the built-in dossier cannot be changed"), "{err}");
}
