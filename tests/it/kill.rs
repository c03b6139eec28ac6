//! A change of several files whose process is killed, or whose disk is full: afterwards the dossier is as it was before or
//! as it should be, and nothing between.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::factor;
use crate::support::program::{dossier, run};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A change of two files: the text of a document and the quotes of its claims.
const UPDATE: [&str; 9] = [
    "--dossier",
    "tea",
    "update",
    "history",
    "new.txt",
    "--accept-typographic",
    "--leave-rest",
    "--accept",
    "tea:claim-founded",
];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A folder with the dossier `tea` and the new text of its document.
fn tea() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/update.in"), folder.path());
    folder
}

/// The contents of all files in a folder, by their paths in it.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), PathBuf::from(entry.file_name()));
        if path.is_dir() {
            found.extend(contents(&path).into_iter().map(|(inner, text)| (name.join(inner), text)));
        } else {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

#[test]
fn a_killed_change_is_made_or_not() {
    let folder = tea();
    let before = contents(&folder.path().join("tea"));
    let begun = Instant::now();
    let (code, _, err) = run(folder.path(), &UPDATE);
    let whole = begun.elapsed();
    assert_eq!(code, 0, "{err}");
    let after = contents(&folder.path().join("tea"));
    assert_ne!(before, after);

    let times = 40 * factor();
    let mut made = 0;
    for number in 0..times {
        let folder = tea();
        let mut command = dossier(folder.path(), &UPDATE);
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The kills are spread over the time that the whole command takes, most of them over its end.
        let part = 1.0 - (1.0 - f64::from(number) / f64::from(times)).powi(2);
        std::thread::sleep(whole.mul_f64(part).min(Duration::from_secs(5)));
        process.kill().unwrap();
        process.wait().unwrap();
        // The next command that opens the dossier completes what was committed.
        let (code, _, err) = run(folder.path(), &["--dossier", "tea", "list"]);
        assert_eq!(code, 0, "{err}");
        let now = contents(&folder.path().join("tea"));
        let is_staged = |path: &Path| path.to_string_lossy().starts_with(".dossier-edit.");
        let now: BTreeMap<_, _> = now.into_iter().filter(|(path, _)| !is_staged(path)).collect();
        assert!(now == before || now == after, "kill {number} left the dossier half changed");
        made += usize::from(now == after);
        // What a killed process has staged is no obstacle, and is removed.
        assert_eq!(run(folder.path(), &UPDATE).0, 0);
        assert_eq!(contents(&folder.path().join("tea")), after);
    }
    assert!(0 < made, "no change was made");
}

#[test]
fn a_change_that_cannot_be_written_is_not_made() {
    let folder = tea();
    let before = contents(&folder.path().join("tea"));
    // A file may have no byte: writing one fails, as it does where a disk is full.
    let mut command = dossier(folder.path(), &[]);
    let program = command.get_program().to_owned();
    command = Command::new("sh");
    command
        .current_dir(folder.path())
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""])
        .arg(program)
        .args(UPDATE)
        .stdin(Stdio::null());
    let output = command.output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(err.contains("cannot change `tea`"), "{err}");
    assert_eq!(contents(&folder.path().join("tea")), before);
}
