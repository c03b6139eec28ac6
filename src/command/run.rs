use super::arguments;
use crate::cli::Choice;
use crate::command::query::ask;
use crate::output::OutputOptions;
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

    /// Print the query as it is asked, as SPARQL for any other tool, and do not ask it
    #[arg(long)]
    show_query: bool,

    /// Exit with 1 if the answer is no
    #[arg(long)]
    exit_status: bool,

    #[command(flatten)]
    output: OutputOptions,
}

impl Run {
    pub fn run(&self, choice: &Choice) -> anyhow::Result<ExitCode> {
        let arguments = arguments(&self.arguments)?;
        let session = choice.session()?;
        let query = session.saved_query(&self.name, &arguments)?;
        ask(&session, query, &self.output, self.show_query, self.exit_status, choice.quiet)
    }
}
