//! The command line of `dossier`.

mod choice;
mod cli;
mod command;
mod output;
mod report;

use std::process::ExitCode;

/// How deep a query may go is limited by the stack that the parser and the engine recurse on; memory is taken only for
/// what is used of it.
const STACK: usize = 512 << 20;

fn main() -> ExitCode {
    match std::thread::Builder::new().stack_size(STACK).spawn(cli::run) {
        Ok(thread) => thread.join().unwrap_or(ExitCode::FAILURE),
        Err(_) => cli::run(),
    }
}
