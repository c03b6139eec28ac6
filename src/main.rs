//! The command line of `dossier`.

mod choice;
mod cli;
mod command;
mod completions;
mod inputs;
mod limit;
mod output;
mod report;
mod shell;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
