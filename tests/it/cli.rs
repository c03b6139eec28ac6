//! The command line as users see it: each case file is commands with their whole output, and so is the README.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../../README.md");

#[test]
fn the_case_files_say_what_happens() {
    trycmd::TestCases::new().case("tests/cmd/*.md").case("tests/cmd/*.toml");
}

/// Runs the README's commands as a newcomer would: where there is no dossier but the built-in one, and the files that
/// the README shows (blocks with a `title`).
#[test]
fn the_readme_says_what_happens() {
    let folder = tempfile::tempdir().unwrap();
    let readme = folder.path().join("README.md");
    fs::write(&readme, README).unwrap();
    for block in README.split("\n```").filter(|block| block.contains("title=\"")) {
        let (info, text) = block.split_once('\n').unwrap();
        let path = info.split('"').nth(1).unwrap();
        let file = folder.path().join("README.in").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, format!("{text}\n")).unwrap();
    }
    let cases = trycmd::TestCases::new();
    // What builds the program is run by hand and in CI.
    cases.register_bin("cargo", trycmd::schema::Bin::Ignore);
    cases.case(&readme);
    drop(cases);
    if std::env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite") {
        fs::copy(&readme, Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    }
}

/// The first command of the README prints what stands below it.
#[test]
fn the_first_answer_of_the_readme_is_true() {
    let block = README.split("$ cargo run --release -- run members\n").nth(1).unwrap();
    let expected = block.split("```").next().unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_dossier")).args(["run", "members"]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

/// Broken saved queries are reported beside the others.
#[test]
fn broken_queries_do_not_hide_the_others() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/errors_front_matter.in");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dossier"));
        let output = command.current_dir(&folder).args(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, out, err) = run(&["list"]);
    assert!(code == Some(3) && out.starts_with("several n=N…  "), "{out}");
    assert!(err.contains("queries/class-prefix.rq:1:"), "{err}");
    let (code, out, err) = run(&[]);
    assert!(code == Some(0) && out.contains("dossier query 'SELECT …'"), "{out}{err}");
    assert!(err.contains("saved queries are broken: see `dossier check`"), "{err}");
}
