//! Lines from a file or a pipe: no prompt, and an exit code that tells whether all went well.

use super::input_buffer::InputBuffer;
use super::line::{LineKind, goes_on};
use super::state::{Continuation, ShellState};
use crate::cli::diagnostics;
use crate::diagnostic::{Diagnostic, Error, reason};
use crate::sparql::is_complete;
use std::io::{self, BufRead as _, Read as _};
use std::process::ExitCode;

/// The most bytes of a line.
const LONGEST_LINE: u64 = 16_000_000;

/// Does all lines of standard input. The exit code is that of the first one that failed.
pub(super) fn follow(mut state: ShellState) -> anyhow::Result<ExitCode> {
    let mut script = Script::default();
    let mut ended = ExitCode::SUCCESS;
    while let Some((number, text)) = script.next(&state)? {
        let next = match text {
            Ok(text) => state.run(&text),
            Err(error) => Continuation::Line(diagnostics::failure(&error.into())),
        };
        match next {
            Continuation::Line(code) => {
                if code != ExitCode::SUCCESS {
                    let note = format!("this was line {number} of standard input");
                    state.reporter().note(&note);
                    if ended == ExitCode::SUCCESS {
                        ended = code;
                    }
                }
            }
            Continuation::Leave => break,
            Continuation::End(code) => return Ok(code),
        }
    }
    Ok(ended)
}

/// What is to be done next, or what is wrong with it, with the number of its first line.
type Input = (usize, Result<String, Error>);

/// Lines that are read one by one, and one ahead where a query may go on.
#[derive(Default)]
struct Script {
    ahead: Option<String>,
    number: usize,
    /// The number of the last line that was not UTF-8.
    broken: usize,
}

impl Script {
    /// Returns what is to be done next, or what is wrong with it, with the number of its first line.
    fn next(&mut self, state: &ShellState) -> Result<Option<Input>, Error> {
        let Some(text) = self.line()? else { return Ok(None) };
        let first = self.number;
        let kind = state.kind(&text);
        let mut growing = InputBuffer::new(text, kind);
        loop {
            if growing.is_in_braces() {
                let Some(line) = self.line()? else { break };
                // A command that the query cannot go on with begins anew.
                if state.kind(&line) == LineKind::Command
                    && is_complete(&format!("{}\n{line}", growing.text()))
                {
                    self.number -= 1;
                    self.ahead = Some(line);
                    break;
                }
                growing.push_line(line.trim_end_matches('\r'));
                continue;
            }
            if growing.is_whole() {
                // ORDER BY and the like often stand on a line of their own, behind a query that is whole without.
                if kind != LineKind::Query || growing.text().ends_with('\n') {
                    break;
                }
                match self.line()? {
                    Some(line) if goes_on(&line) => {
                        growing.push_line(&line);
                        continue;
                    }
                    Some(line) if line.trim().is_empty() => {}
                    line => {
                        self.number -= usize::from(line.is_some());
                        self.ahead = line;
                    }
                }
                break;
            }
            let Some(line) = self.line()? else { break };
            growing.push_line(line.trim_end_matches('\r'));
        }
        let text = growing.into_text();
        if (first..=self.number).contains(&self.broken) {
            let problem =
                Diagnostic::error("not-utf-8", format!("line {} is not UTF-8", self.broken));
            return Ok(Some((first, Err(problem.input()))));
        }
        Ok(Some((first, Ok(text))))
    }

    fn line(&mut self) -> Result<Option<String>, Error> {
        let line = match self.ahead.take() {
            Some(line) => Some(line),
            None => self.read()?,
        };
        let line = match line {
            Some(line) if self.number == 0 => {
                // An editor may have put a byte order mark before the first line.
                Some(line.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(line))
            }
            line => line,
        };
        self.number += usize::from(line.is_some());
        Ok(line)
    }

    /// Reads a line, without its end.
    fn read(&mut self) -> Result<Option<String>, Error> {
        let mut bytes = Vec::new();
        let mut input = io::stdin().lock().take(LONGEST_LINE + 1);
        input.read_until(b'\n', &mut bytes).map_err(|error| {
            let why = reason(&error);
            Diagnostic::error("file-unreadable", format!("cannot read standard input: {why}"))
                .input()
        })?;
        let number = self.number + 1;
        if bytes.is_empty() {
            return Ok(None);
        }
        if bytes.pop_if(|last| *last == b'\n').is_some() {
            bytes.pop_if(|last| *last == b'\r');
        } else if bytes.len() as u64 > LONGEST_LINE {
            let megabytes = LONGEST_LINE / 1_000_000;
            let message = format!("line {number} of standard input is longer than {megabytes} MB");
            return Err(Diagnostic::error("input-too-large", message).input());
        }
        let line = String::from_utf8(bytes).unwrap_or_else(|error| {
            self.broken = number;
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        });
        Ok(Some(line))
    }
}
