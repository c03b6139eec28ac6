use crate::choice::Choice;
use clap::Args;
use dossier::error::Problem;
use dossier::store::Store;
use std::process::ExitCode;

/// Put the files of a store on disk in order, so that it is read as fast as can be
#[derive(Debug, Args)]
pub struct Compact {}

impl Compact {
    pub fn run(choice: &Choice) -> anyhow::Result<ExitCode> {
        let Some(store) = choice.store_folder() else {
            return Err(Problem::new("there is no store to compact")
                .help("say which with `--store DIR`")
                .usage()
                .into());
        };
        Store::open_to_write(store)?.compact()?;
        Ok(ExitCode::SUCCESS)
    }
}
