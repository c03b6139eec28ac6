//! The command line as users see it: each case file is commands with their whole output.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

#[test]
fn the_case_files_say_what_happens() {
    trycmd::TestCases::new().case("tests/cmd/*.md").case("tests/cmd/*.toml");
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
    let (code, out, err) = run(&["list", "--format", "json"]);
    assert!(code == Some(3) && out.starts_with("[\n") && out.ends_with("\n]\n"), "{out}");
    assert!(out.contains(r#""name": "several""#), "{out}");
    assert!(err.contains("queries/class-prefix.rq:1:"), "{err}");
    let (code, out, err) = run(&["run", "several", "n=1"]);
    assert!(code == Some(0) && !out.is_empty(), "{err}");
    let (code, out, err) = run(&[]);
    assert!(code == Some(0) && out.contains("dossier query 'SELECT …'"), "{out}{err}");
    assert!(err.contains("saved queries are invalid: run `dossier check`"), "{err}");
}
