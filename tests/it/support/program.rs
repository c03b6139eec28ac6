//! The program, as users run it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A command of the program, in a folder without a dossier.
pub fn dossier(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dossier"));
    command.current_dir(folder).args(arguments).env_remove("COLUMNS").stdin(Stdio::null());
    command
}

/// The exit code of a command that has ended, and what it wrote to standard output and standard error.
pub fn told(Output { status, stdout, stderr }: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

/// Runs a command to its end.
pub fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    told(dossier(folder, arguments).output().unwrap())
}
