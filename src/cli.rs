//! Arguments, dispatch, and the one place where an error becomes words and an exit code.

use crate::choice::Choice;
use crate::command::{check, convert, diff, export, list, overview, query, read, run, show, stats};
use crate::report;
use clap::{Parser, Subcommand};
use dossier::error::{Error, ErrorKind, Problem};
use std::process::ExitCode;

/// Answers questions from documents; a knowledge graph that cites its sources
#[derive(Debug, Parser)]
#[command(name = "dossier", version, subcommand_precedence_over_arg = true, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    choice: Choice,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Run(run::Run),
    Query(query::Query),
    Show(show::Show),
    Read(read::Read),
    Check(check::Check),
    Export(export::Export),
    Convert(convert::Convert),
    Diff(diff::Diff),
    Stats(stats::Stats),
}

/// Parses the arguments, does what they say, and tells how it went.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match dispatch(&cli) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

fn dispatch(cli: &Cli) -> anyhow::Result<ExitCode> {
    let choice = &cli.choice;
    match &cli.command {
        None => overview::run(choice),
        Some(Command::List(list::List {})) => list::List::run(choice),
        Some(Command::Run(run)) => run.run(choice),
        Some(Command::Query(query)) => query.run(choice),
        Some(Command::Show(show)) => show.run(choice),
        Some(Command::Read(read)) => read.run(choice),
        Some(Command::Check(check)) => check.run(choice),
        Some(Command::Export(export)) => export.run(choice),
        Some(Command::Convert(convert)) => convert.run(choice),
        Some(Command::Diff(diff)) => diff.run(choice),
        Some(Command::Stats(stats)) => stats.run(choice),
    }
}

/// Says what went wrong. A pipe that was closed early is no error: its reader has seen enough.
fn fail(error: &anyhow::Error) -> ExitCode {
    let io = error.chain().find_map(|cause| cause.downcast_ref::<std::io::Error>());
    if io.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    if let Some(error) = error.chain().find_map(|cause| cause.downcast_ref::<Error>()) {
        report::problems(&error.problems);
        return ExitCode::from(error.kind.exit_code());
    }
    report::problems(&[Problem::new(format!("{error:#}"))]);
    ExitCode::from(ErrorKind::Store.exit_code())
}
