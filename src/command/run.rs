use super::arguments;
use super::ask::AskOptions;
use crate::cli::Choice;
use clap::Args;
use std::process::ExitCode;

/// Run a saved query
#[derive(Debug, Args)]
pub struct Run {
    /// The name of the query; `dossier list` shows them all
    name: String,

    /// What to put in the place of its parameters
    #[arg(value_name = "PARAM=VALUE")]
    arguments: Vec<String>,

    #[command(flatten)]
    options: AskOptions,
}

impl Run {
    pub fn run(&self, choice: &Choice) -> anyhow::Result<ExitCode> {
        let arguments = arguments(&self.arguments)?;
        let session = choice.session()?;
        let query = session.saved_query(&self.name, &arguments)?;
        self.options.ask(session, query, choice.quiet)
    }
}
