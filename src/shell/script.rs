//! Lines from a file or a pipe: no prompt, and an exit code that tells whether all went well.

use super::line::{Kind, goes_on, is_in_braces, is_whole};
use super::state::{Next, State};
use crate::report;
use anyhow::Context as _;
use dossier::query::is_complete;
use std::io::{self, BufRead as _};
use std::process::ExitCode;

/// Does all lines of standard input. The exit code is that of the first one that failed.
pub fn follow(mut state: State) -> anyhow::Result<ExitCode> {
    let mut script = Script { lines: io::stdin().lock().lines(), ahead: None, number: 0 };
    let mut ended = ExitCode::SUCCESS;
    while let Some((number, text)) = script.next(&state)? {
        match state.run(&text) {
            Next::Line(code) => {
                if code != ExitCode::SUCCESS {
                    if !state.quiet() {
                        report::note(&format!("that was line {number} of standard input"));
                    }
                    if ended == ExitCode::SUCCESS {
                        ended = code;
                    }
                }
            }
            Next::Leave => break,
            Next::End(code) => return Ok(code),
        }
    }
    Ok(ended)
}

/// Lines that are read one by one, and one ahead where a query may go on.
struct Script {
    lines: io::Lines<io::StdinLock<'static>>,
    ahead: Option<String>,
    number: usize,
}

impl Script {
    /// What is to be done next, with the number of its first line.
    fn next(&mut self, state: &State) -> anyhow::Result<Option<(usize, String)>> {
        let Some(mut text) = self.line()? else { return Ok(None) };
        let first = self.number;
        loop {
            let kind = state.kind(&text);
            if kind == Kind::Query && text.ends_with('\n') && is_in_braces(&text) {
                let Some(line) = self.line()? else { break };
                let longer = format!("{text}\n{}", line.trim_end_matches('\r'));
                // A command that the query cannot go on with begins anew.
                if state.kind(&line) == Kind::Command && is_complete(&longer) {
                    self.number -= 1;
                    self.ahead = Some(line);
                    break;
                }
                text = longer;
                continue;
            }
            if is_whole(&text, kind) {
                // ORDER BY and the like often stand on a line of their own, behind a query that is whole without.
                if kind != Kind::Query || text.ends_with('\n') {
                    break;
                }
                match self.line()? {
                    Some(line) if goes_on(&line) => {
                        text.push('\n');
                        text.push_str(&line);
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
            text.push('\n');
            text.push_str(line.trim_end_matches('\r'));
        }
        Ok(Some((first, text)))
    }

    fn line(&mut self) -> anyhow::Result<Option<String>> {
        let line = match self.ahead.take() {
            Some(line) => Some(line),
            None => self.lines.next().transpose().context("standard input cannot be read")?,
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
}
