//! The shell: each line is a command of the command line or a query, over one session that stays loaded.

mod completion;
mod dot;
mod editor;
mod highlight;
mod input_buffer;
mod line;
mod script;
mod state;

use super::context::Context;
use super::data_options::DataOptions;
use super::reporter::Reporter;
use super::supervise::{LimitOptions, Outcome, RowLimit, supervise};
use crate::budget::{Limits, Stop};
use crate::complete::Completer;
use crate::diagnostic::{Diagnostic, Error, Remark};
use crate::session::Session;
use clap::Args;
use state::ShellState;
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

/// Start an interactive shell that loads the data once and completes what you type
///
/// Each line is a command without the word `dossier`, a SPARQL query, or a command of the shell such as `.help`. A
/// query ends when its brackets are closed or, at a terminal, with an empty line. Without a terminal, the shell reads
/// standard input and runs every line. Its exit code is that of the first line that failed.
#[derive(Debug, Args)]
pub(super) struct ShellArgs {
    #[command(flatten)]
    rows: RowLimit,
}

/// The commands that a line can be, which the shell does not know itself.
pub(super) struct Commands {
    /// Their names, arguments and options.
    pub grammar: clap::Command,
    /// Parses the words of a line and does what they say, under these limits unless it names others.
    pub run: fn(&[String], &Context, &Session, LimitOptions) -> LineOutcome,
}

/// How a line ended.
pub(super) enum LineOutcome {
    /// With an exit code.
    Ended(ExitCode),
    /// With no way on: the process must end with this exit code.
    Fatal(ExitCode),
}

impl ShellArgs {
    /// Reads lines and does what they say until there are no more.
    pub(super) fn run(
        &self,
        data: DataOptions,
        limits: LimitOptions,
        reporter: &Reporter,
        commands: Commands,
    ) -> anyhow::Result<ExitCode> {
        let memory = LimitOptions::of_memory(limits);
        let rows = self.rows;
        let opened = supervise(memory, reporter, move |limits, reporter| {
            let context = Context::new(data, limits, reporter).with_rows(rows);
            let session = context.session()?.with_limits(&Limits::default());
            anyhow::Ok((context, session))
        })?;
        let (context, session) = match opened {
            Outcome::Done(opened) => opened?,
            Outcome::Left(stop) | Outcome::Exhausted(stop) => return Err(stop.error().into()),
        };
        let state =
            ShellState::new(context, session, limits.or(LimitOptions::of_shell()), commands);
        if io::stdin().is_terminal() && io::stdout().is_terminal() {
            editor::converse(state)
        } else {
            script::follow(state)
        }
    }
}

/// Looks through the data beside what else is done, so that completion knows it.
fn fill(completer: &Completer) {
    let completer = completer.clone();
    // Without it completion knows less, and nothing else is lost.
    let _ = std::thread::Builder::new().spawn(move || completer.fill());
}

/// The error of a shell that is asked for inside of another one.
pub(super) fn nested() -> Error {
    Diagnostic::error("shell-in-shell", "the shell is already running")
        .help("`.quit` ends it")
        .usage()
}

/// The error of a line that was stopped and did not notice.
pub(super) fn left(stop: &Stop) -> Error {
    let mut error = stop.error();
    for problem in &mut error.problems {
        problem.remarks = vec![Remark::Note(
            "the engine cannot be interrupted in this step; it continues in the background and may keep a processor busy"
                .to_owned(),
        )];
    }
    error
}
