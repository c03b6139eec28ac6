//! The program, as users run it.

#[cfg(target_os = "linux")]
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
#[cfg(target_os = "linux")]
use std::time::Duration;

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

/// The most memory that a command has used at a time, in bytes, and its exit code.
#[cfg(target_os = "linux")]
pub fn memory(folder: &Path, arguments: &[&str]) -> (u64, Option<i32>) {
    let mut command = dossier(folder, arguments);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        // It is gone once the process has ended.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(kilobytes.unwrap_or(0) * 1024);
        if let Some(ended) = child.try_wait().unwrap() {
            return (most, ended.code());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}
