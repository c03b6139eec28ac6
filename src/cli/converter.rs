//! Programs that print the text of a file: named on the command line, and run without a shell.

use crate::diagnostic::{Diagnostic, error, reason};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// A program with its arguments.
#[derive(Debug, Clone)]
pub(crate) struct Converter {
    words: Vec<String>,
}

impl Converter {
    /// Reads a command line: words separated by spaces, with quotes as in a shell. No shell runs it.
    pub(crate) fn parse(line: &str) -> Result<Self, String> {
        match shlex::split(line) {
            Some(words) if !words.is_empty() => Ok(Self { words }),
            Some(_) => Err("expected a program, such as `pdftotext - -`".to_owned()),
            None => Err("a quote is not closed".to_owned()),
        }
    }

    /// Runs the program and returns what it prints. The file replaces `{}`; if there is neither that nor a `-`, its path
    /// is the last argument. With `-`, the program reads it from standard input.
    ///
    /// # Errors
    /// If the program cannot be run or fails, or prints nothing.
    pub(crate) fn run(&self, file: &Path, bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
        let (program, arguments) = self.words.split_first().map_or(("", &[][..]), |(p, a)| (p, a));
        let path = file.to_string_lossy();
        let mut arguments: Vec<String> =
            arguments.iter().map(|word| word.replace("{}", &path)).collect();
        let names_it = |word: &String| word.contains("{}") || word == "-";
        if !self.words.iter().any(names_it) {
            arguments.push(path.into_owned());
        }
        // Also if the file itself is standard input, which has been read.
        let reads_input = arguments.iter().any(|word| word == "-");
        let mut command = Command::new(program);
        command
            .args(&arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| not_found(program, &error))?;
        let input = child.stdin.take();
        let output = std::thread::scope(|scope| {
            // In another thread, since the program may print before it has read everything. If it reads only a part, or
            // nothing, its exit code tells whether that is an error.
            scope.spawn(|| {
                if let (true, Some(mut input)) = (reads_input, input) {
                    let _ = input.write_all(bytes);
                }
            });
            child.wait_with_output()
        })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let problem = error!("converter-failed", "`{program}` failed: {}", output.status);
            let problem = match said.trim() {
                "" => problem,
                said => problem.note(said.lines().take(5).collect::<Vec<_>>().join("\n")),
            };
            return Err(problem.input().into());
        }
        if output.stdout.iter().all(u8::is_ascii_whitespace) {
            return Err(error!("converter-failed", "`{program}` printed nothing")
                .help("it must print the text of the file to its standard output")
                .input()
                .into());
        }
        Ok(output.stdout)
    }
}

fn not_found(program: &str, error: &std::io::Error) -> anyhow::Error {
    let problem: Diagnostic =
        error!("converter-failed", "cannot run `{program}`: {}", reason(error));
    match error.kind() {
        std::io::ErrorKind::NotFound => problem.help("install it, or give its whole path"),
        _ => problem,
    }
    .usage()
    .into()
}
