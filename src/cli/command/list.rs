use super::overview;
use crate::catalogue::{Catalogue, Pattern, SavedQuery, write_json};
use crate::cli::context::Context;
use crate::cli::one_of::{OneOf, by_name};
use crate::cli::output::{write_filled, write_pairs};
use crate::diagnostic::{Diagnostic, Error, ErrorKind};
use crate::format::ResultFormat;
use crate::printable::printable;
use clap::Args;
use std::process::ExitCode;

/// List the saved queries, and the patterns for claims
///
/// With `--data`, describe those files instead: the number of triples, their classes, and commands to try next.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Format of the list: table, or json with parameters and examples
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = FORMAT, hide_possible_values = true)]
    format: Option<ResultFormat>,
}

const FORMAT: OneOf<ResultFormat> =
    OneOf::new(|| by_name([ResultFormat::Table, ResultFormat::Json], ResultFormat::name));

/// The width of lines about patterns where no terminal is narrower: one with many parameters would widen all of them.
const WIDEST: usize = 100;

impl ListArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        if !context.options.data.is_empty() {
            return match self.format {
                None => overview::run(context),
                Some(_) => Err(Diagnostic::error(
                    "option-without-effect",
                    "`--format` has no effect on `list --data`, which describes the data",
                )
                .help("remove `--data` to list the saved queries; `dossier stats --data FILE -F turtle` describes the data in VoID")
                .usage()
                .into()),
            };
        }
        context.report_unread();
        let catalogue = Catalogue::new(context.dossier()?);
        let (queries, mut broken) = catalogue.readable()?;
        let target = context.target(None);
        if self.format == Some(ResultFormat::Json) {
            target.write(|out| Ok(write_json(&queries, out)?))?;
        } else {
            let options = &context.reporter.options;
            let (patterns, broken_patterns) = catalogue.readable_patterns()?;
            broken.extend(broken_patterns);
            target.write(|out| {
                let has_none = queries.is_empty() && broken.is_empty();
                if has_none {
                    write_filled(&options.add_to(NONE), "", "", target.columns(), out)?;
                }
                let parts = context.dossier()?.parts();
                if parts.is_empty() {
                    write_pairs(&pairs(&queries), "", target.columns(), out)?;
                }
                for (number, part) in parts.iter().enumerate() {
                    writeln!(out, "{}{}", if number == 0 { "" } else { "\n" }, part.name)?;
                    let is_own = |query: &&SavedQuery| query.path.starts_with(&part.path(""));
                    let own: Vec<SavedQuery> = queries.iter().filter(is_own).cloned().collect();
                    write_pairs(&pairs(&own), "  ", target.columns(), out)?;
                }
                // (A claim is written to one dossier.)
                if !patterns.is_empty() && parts.is_empty() {
                    let space = if queries.is_empty() && !has_none { "" } else { "\n" };
                    let title = options.add_to("Patterns for `dossier claim`");
                    writeln!(out, "{space}{}", printable(&title))?;
                    let width = target.columns().min(WIDEST);
                    write_pairs(&pattern_pairs(&patterns), "  ", width, out)?;
                }
                Ok(())
            })?;
        }
        if broken.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        Err(Error { kind: ErrorKind::Input, problems: broken }.into())
    }
}

/// The text to print if the dossier has no saved queries.
const NONE: &str = "The dossier has no saved queries. To save one, write it to a file such as `queries/members.rq`, \
    with its question in the first line: `#+ summary: Who are the members?`. Then `dossier run members` runs it.";

/// Returns the summary of a query, or a remark in its place.
fn summary(query: &SavedQuery) -> String {
    match query.front_matter.summary.trim() {
        "" => "(no summary)".to_owned(),
        summary => printable(summary).into_owned(),
    }
}

/// How each pattern is used, and what it states.
fn pattern_pairs(patterns: &[Pattern]) -> Vec<(String, String)> {
    let shown = |pattern: &Pattern| {
        (printable(&pattern.short_usage()).into_owned(), summary(&pattern.query))
    };
    patterns.iter().map(shown).collect()
}

/// How each query is called, and what it answers.
fn pairs(queries: &[SavedQuery]) -> Vec<(String, String)> {
    let shown = |query: &SavedQuery| (printable(&usage(query)).into_owned(), summary(query));
    queries.iter().map(shown).collect()
}

fn usage(query: &SavedQuery) -> String {
    let parameters = query.parameters.iter().map(|parameter| format!(" {}", parameter.usage()));
    query.name.clone() + &parameters.collect::<String>()
}
