//! The command line of `dossier`.

mod choice;
mod cli;
mod command;
mod completions;
mod inputs;
mod limit;
mod misuse;
mod one_of;
mod output;
mod report;
mod shell;

use mimalloc::MiMalloc;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
