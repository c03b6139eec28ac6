use super::ask::AskOptions;
use super::{argument, arguments};
use crate::choice::Choice;
use clap::Args;
use dossier::error::Problem;
use dossier::query::{Catalogue, SavedQuery};
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
        // What is wrong with the query is said before the data is loaded, which can take long.
        let dossier = choice.dossier()?;
        let saved = Catalogue::new(&dossier).get(&self.name)?;
        self.suggest_name(&saved)?;
        let arguments = arguments(&self.arguments)?;
        let session = choice.session()?;
        let asked = session.asked(&saved, &arguments)?;
        self.options.ask(session, &asked, choice.quiet)
    }

    /// Where there is but one parameter, it is clear what a value without a name is for.
    fn suggest_name(&self, saved: &SavedQuery) -> anyhow::Result<()> {
        let nameless = self.arguments.iter().find(|text| argument(text).is_err());
        if let (Some(value), [parameter]) = (nameless, saved.parameters.as_slice()) {
            let meant =
                dossier::query::in_shell(&format!("{}={value}", parameter.declaration.name));
            return Err(Problem::new(format!("`{value}` is no argument"))
                .note(saved.usage())
                .help(format!("did you mean `{meant}`?"))
                .usage()
                .into());
        }
        Ok(())
    }
}
