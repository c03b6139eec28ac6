use super::arguments;
use super::ask::AskOptions;
use crate::cli::choice::{Choice, read_query};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Ask a SPARQL query of your own; the prefixes of the dossier are known
#[derive(Debug, Args)]
pub struct Query {
    /// The query; - or nothing for standard input
    #[arg(value_name = "SPARQL", conflicts_with = "file")]
    text: Option<String>,

    /// Read the query from this file
    #[arg(long, short, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Put a value in the place of a parameter, such as `?_state_iri`
    #[arg(long, value_name = "PARAM=VALUE")]
    bind: Vec<String>,

    #[command(flatten)]
    options: AskOptions,
}

impl Query {
    pub fn run(&self, choice: &Choice) -> anyhow::Result<ExitCode> {
        let (origin, text) = match (&self.text, &self.file) {
            (Some(text), _) if text != "-" => ("query".to_owned(), text.clone()),
            (Some(_), _) => read_query(Some(Path::new("-")))?,
            (None, file) => read_query(file.as_deref())?,
        };
        let arguments = arguments(&self.bind)?;
        let session = choice.session()?;
        let asked = session.asked_ad_hoc(&origin, &text, &arguments)?;
        self.options.ask(choice, &asked)
    }
}
