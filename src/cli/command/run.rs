use super::ask::AskOptions;
use super::{argument, arguments};
use crate::catalogue::{Catalogue, SavedQuery, in_shell};
use crate::cli::context::Context;
use crate::diagnostic::{Diagnostic, Error, did_you_mean};
use crate::dossier::Dossier;
use clap::Args;
use std::path::Path;
use std::process::ExitCode;

/// Run a saved query
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Name of the query; `dossier list` shows all names
    name: String,

    /// Values of the parameters of the query
    #[arg(value_name = "PARAM=VALUE")]
    arguments: Vec<String>,

    #[command(flatten)]
    options: AskOptions,
}

impl RunArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        // What is wrong with the query is said before the data is loaded, which can take long.
        let dossier = context.dossier()?;
        context.report_unread();
        let saved =
            Catalogue::new(dossier).get(&self.name).map_err(|error| self.of_dossier(error))?;
        self.suggest_name(&saved)?;
        let arguments = arguments(&self.arguments)?;
        let session = context.session()?;
        let asked = session.bind(&saved, &arguments)?;
        self.options.ask(context, &asked)
    }

    /// Adds to the error for an unknown query that an argument is the folder of a dossier.
    fn of_dossier(&self, mut error: Error) -> Error {
        let folder = self.arguments.iter().find(|folder| Dossier::open(Path::new(folder)).is_ok());
        if let (Some(folder), [problem]) = (folder, error.problems.as_mut_slice()) {
            let others = self.arguments.iter().filter(|argument| *argument != folder);
            let words = [&self.name].into_iter().chain(others).map(|word| in_shell(word));
            let words = words.collect::<Vec<_>>().join(" ");
            problem.help = Some(format!(
                "`{folder}` is a dossier: name it with its option, `dossier --dossier {} run {words}`",
                in_shell(folder)
            ));
        }
        error
    }

    /// An argument in several words, or with `:` in the place of its `=`, and what is meant.
    fn written_otherwise(&self, saved: &SavedQuery) -> Option<(String, String)> {
        let named = |word: &str| {
            saved.parameters.iter().find_map(|parameter| {
                let name = parameter.declaration.name.as_str();
                let behind = word.strip_prefix(name)?;
                let rest = behind.trim_start();
                let is_apart = rest.is_empty() || rest.len() < behind.len();
                (is_apart || rest.starts_with(['=', ':'])).then(|| (name, rest.to_owned()))
            })
        };
        let goes_on = |word: &&String| {
            named(word).is_none() && (word.starts_with('=') || !word.contains('='))
        };
        let mut words = self.arguments.as_slice();
        while let [first, rest @ ..] = words {
            let (given, behind) = words.split_at(1 + rest.iter().take_while(goes_on).count());
            words = behind;
            let Some((name, value)) = named(first) else { continue };
            let value = [&[value], &given[1..]].concat().join(" ");
            let value = value.trim().trim_start_matches(['=', ':']).trim();
            let is_right = given.len() == 1 && first[name.len()..].starts_with('=');
            if !value.is_empty() && !is_right {
                return Some((given.join(" "), in_shell(&format!("{name}={value}"))));
            }
        }
        None
    }

    /// Checks that arguments have names, and suggests them: where there is one parameter, a value can only be for it.
    fn suggest_name(&self, saved: &SavedQuery) -> anyhow::Result<()> {
        let without_name = || {
            let value = self.arguments.iter().find(|text| argument(text).is_err())?;
            if let Some(cite) = self.options.cite.mode(value) {
                return Some((value.clone(), cite));
            }
            let [parameter] = saved.parameters.as_slice() else { return None };
            // The shell splits a value with spaces into words.
            let are_words = self.arguments.iter().all(|word| !word.contains('='));
            let value = if are_words { &self.arguments.join(" ") } else { value };
            Some((
                value.clone(),
                in_shell(&format!(
                    "{}={}",
                    parameter.declaration.name,
                    value.trim_start_matches('=')
                )),
            ))
        };
        match self.written_otherwise(saved).or_else(without_name) {
            None => Ok(()),
            Some((given, meant)) => Err(Diagnostic::error(
                "argument-syntax",
                format!("invalid argument `{given}`: expected `name=value`"),
            )
            .note(saved.usage())
            .help(did_you_mean(meant))
            .usage()
            .into()),
        }
    }
}
