mod page;

use self::page::write_page;
use crate::catalogue::{Catalogue, SavedQuery};
use crate::cli::context::Context;
use crate::cli::misuse::command_of_habit;
use crate::cli::output::write_filled;
use crate::diagnostic::{Diagnostic, Entry, nearest, register};
use crate::printable::printable;
use clap::{Args, Command};
use std::process::ExitCode;

/// Show help for a command, a topic (queries, claims, citing, endpoints, formats, exit-codes), a saved query or the id of
/// a diagnostic, such as quote-absent
#[derive(Debug, Args)]
pub(crate) struct HelpArgs {
    /// A command, a topic, a saved query, a pattern for claims, or the id of a diagnostic
    #[arg(value_name = "COMMAND or TOPIC")]
    about: Option<String>,
}

/// The topics, each a page of the documentation.
const TOPICS: &[(&str, &str)] = &[
    ("guide", include_str!("../../../docs/guide.md")),
    ("your-own-dossier", include_str!("../../../docs/your-own-dossier.md")),
    ("documents", include_str!("../../../docs/documents.md")),
    ("claims", include_str!("../../../docs/claims.md")),
    ("adding-claims", include_str!("../../../docs/adding-claims.md")),
    ("sheets", include_str!("../../../docs/sheets.md")),
    ("checks", include_str!("../../../docs/checks.md")),
    ("several", include_str!("../../../docs/several.md")),
    ("queries", include_str!("../../../docs/queries.md")),
    ("sparql", include_str!("../../../docs/sparql.md")),
    ("citing", include_str!("../../../docs/citing.md")),
    ("method", include_str!("../../../docs/method.md")),
    ("formats", include_str!("../../../docs/formats.md")),
    ("pictures", include_str!("../../../docs/pictures.md")),
    ("pages", include_str!("../../../docs/pages.md")),
    ("serve", include_str!("../../../docs/serve.md")),
    ("models", include_str!("../../../docs/models.md")),
    ("publish", include_str!("../../../docs/publish.md")),
    ("files", include_str!("../../../docs/files.md")),
    ("json-ld", include_str!("../../../docs/json-ld.md")),
    ("stores", include_str!("../../../docs/stores.md")),
    ("endpoints", include_str!("../../../docs/endpoints.md")),
    ("editors", include_str!("../../../docs/editors.md")),
    ("exit-codes", include_str!("../../../docs/exit-codes.md")),
    ("diagnostics", include_str!("../../../docs/diagnostics.md")),
    ("glossary", include_str!("../../../docs/glossary.md")),
];

/// The width of lines where no terminal is narrower.
const WIDTH: usize = 100;

impl HelpArgs {
    /// The names that can be asked for.
    pub(crate) fn topics() -> impl Iterator<Item = &'static str> {
        TOPICS.iter().map(|(name, _)| *name)
    }

    pub(crate) fn run(&self, context: &Context, mut command: Command) -> anyhow::Result<ExitCode> {
        let Some(about) = &self.about else {
            command.print_help()?;
            return Ok(ExitCode::SUCCESS);
        };
        let page = TOPICS.iter().find(|(name, _)| name == about).map(|(_, text)| *text);
        if let Some(text) = page
            && command.find_subcommand(about).is_none()
        {
            return write(text, context);
        }
        if let Some(Entry { id, severity, text }) = register().find(|entry| entry.id == about) {
            return write(&format!("# {}[{id}]\n\n{text}\n", severity.name()), context);
        }
        if command.find_subcommand(about).is_some() {
            // As if it had been asked for: what clap builds otherwise has a space too many in the usage of a line of
            // the shell.
            let name = (!command.is_no_binary_name_set()).then(|| command.get_name().to_owned());
            let words = name.iter().map(String::as_str).chain([about.as_str(), "--help"]);
            if let Err(help) = command.try_get_matches_from_mut(words) {
                help.print()?;
            }
            if let Some(text) = page {
                return write(&format!("\n{text}"), context);
            }
            return Ok(ExitCode::SUCCESS);
        }
        let catalogue = match context.dossier() {
            Ok(dossier) => Some(Catalogue::new(dossier)),
            Err(error) if !context.options.dossier.is_empty() => return Err(error),
            // Without a dossier, there are no queries to explain.
            Err(_) => None,
        };
        let (queries, patterns) = catalogue.as_ref().map_or_else(Default::default, names);
        if let Some(catalogue) = &catalogue {
            if catalogue.has(about).unwrap_or_default() {
                let query = catalogue.get(about)?;
                return write_usage(&query, &query.usage(), context);
            }
            if patterns.contains(about) {
                let pattern = catalogue.pattern(about)?;
                return write_usage(&pattern.query, &pattern.usage(), context);
            }
        }
        let mut names: Vec<&str> = Self::topics().collect();
        names.extend(command.get_subcommands().map(Command::get_name));
        names.extend(queries.iter().chain(&patterns).map(String::as_str));
        names.extend(register().map(|entry| entry.id));
        let near = nearest(about, names).or_else(|| command_of_habit(about));
        let problem =
            Diagnostic::error("topic-unknown", format!("unknown command or topic `{about}`"));
        let problem = match near {
            Some(near) => problem.help(format!("did you mean `dossier help {near}`?")),
            None => {
                let topics = Self::topics().collect::<Vec<_>>().join(", ");
                problem.note(format!("the topics are {topics}")).help(
                    "`dossier help` lists the commands, `dossier list` the saved queries; \
                     `dossier show NAME` shows what the dossier says about a thing",
                )
            }
        };
        Err(problem.usage().into())
    }
}

/// Returns the names of the saved queries and of the patterns.
fn names(catalogue: &Catalogue<'_>) -> (Vec<String>, Vec<String>) {
    (catalogue.names().unwrap_or_default(), catalogue.pattern_names().unwrap_or_default())
}

/// Writes what a saved query or a pattern is for, and how it is called.
fn write_usage(query: &SavedQuery, usage: &str, context: &Context) -> anyhow::Result<ExitCode> {
    let target = context.target(None);
    let width = target.columns().min(WIDTH);
    let front_matter = &query.front_matter;
    target.write(|out| {
        for text in [&front_matter.summary, &front_matter.description] {
            if !text.trim().is_empty() {
                write_filled(&printable(text.trim()), "", "", width, out)?;
                writeln!(out)?;
            }
        }
        Ok(writeln!(out, "{}", printable(usage))?)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the Markdown of a topic to standard output.
fn write(text: &str, context: &Context) -> anyhow::Result<ExitCode> {
    let target = context.target(None);
    let width = target.columns().min(WIDTH);
    target.write(|out| Ok(write_page(text, width, out)?))?;
    Ok(ExitCode::SUCCESS)
}
