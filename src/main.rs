//! The command line of `dossier`.

mod choice;
mod cli;
mod command;
mod complete;
mod output;
mod report;

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::thread::Builder::new().stack_size(dossier::parallel::STACK).spawn(cli::run) {
        Ok(thread) => thread.join().unwrap_or(ExitCode::FAILURE),
        Err(_) => cli::run(),
    }
}
