use super::ask::AskOptions;
use super::{argument, arguments};
use crate::catalogue::{Catalogue, SavedQuery, in_shell};
use crate::cli::context::Context;
use crate::diagnostic::{Diagnostic, did_you_mean};
use clap::Args;
use std::process::ExitCode;

/// Run a saved query
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The name of the query; `dossier list` shows them all
    name: String,

    /// What to put in the place of its parameters
    #[arg(value_name = "PARAM=VALUE")]
    arguments: Vec<String>,

    #[command(flatten)]
    options: AskOptions,
}

impl RunArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        // What is wrong with the query is said before the data is loaded, which can take long.
        let dossier = context.dossier()?;
        let saved = Catalogue::new(dossier).get(&self.name)?;
        self.suggest_name(&saved)?;
        let arguments = arguments(&self.arguments)?;
        let session = context.session()?;
        let asked = session.bind(&saved, &arguments)?;
        self.options.ask(context, &asked)
    }

    /// An argument with spaces around its `=`, or with `:` in its place, and what is meant.
    fn written_otherwise(&self, saved: &SavedQuery) -> Option<(String, String)> {
        let is_name =
            |name: &str| saved.parameters.iter().any(|known| known.declaration.name == name);
        let words: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        for (i, word) in words.iter().enumerate() {
            let meant = match (*word, words.get(i + 1), words.get(i + 2)) {
                (name, Some(&"="), Some(value)) if is_name(name) => {
                    Some((format!("{name} = {value}"), (name, *value)))
                }
                (name, Some(value), _) if is_name(name) && value.len() > 1 => {
                    value.strip_prefix('=').map(|rest| (format!("{name} {value}"), (name, rest)))
                }
                (name, Some(value), _) if name.strip_suffix('=').is_some_and(is_name) => {
                    let given = format!("{name} {value}");
                    Some((given, (name.trim_end_matches('='), *value)))
                }
                (word, ..) if !word.contains('=') => word
                    .split_once(':')
                    .filter(|(name, _)| is_name(name))
                    .map(|meant| (word.to_owned(), meant)),
                _ => None,
            };
            if let Some((given, (name, value))) = meant {
                return Some((given, in_shell(&format!("{name}={value}"))));
            }
        }
        None
    }

    /// Checks that arguments have names, and suggests them: where there is one parameter, a value can only be for it.
    fn suggest_name(&self, saved: &SavedQuery) -> anyhow::Result<()> {
        let without_name = || {
            let value = self.arguments.iter().find(|text| argument(text).is_err())?;
            let [parameter] = saved.parameters.as_slice() else { return None };
            Some((value.clone(), in_shell(&format!("{}={value}", parameter.declaration.name))))
        };
        match self.written_otherwise(saved).or_else(without_name) {
            None => Ok(()),
            Some((given, meant)) => Err(Diagnostic::error(
                "argument-syntax",
                format!("`{given}` is not an argument: expected `name=value`"),
            )
            .note(saved.usage())
            .help(did_you_mean(meant))
            .usage()
            .into()),
        }
    }
}
