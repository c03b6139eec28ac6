use super::overview;
use crate::catalogue::{Catalogue, SavedQuery, write_json};
use crate::cli::context::Context;
use crate::cli::one_of::{OneOf, by_name};
use crate::diagnostic::{Diagnostic, Error, ErrorKind};
use crate::format::ResultFormat;
use crate::printable::printable;
use clap::Args;
use std::io::{self, Write};
use std::process::ExitCode;

/// List the saved queries
///
/// With --data, describe those files instead: how many triples, of which classes, and what to type next.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// The format of the list of queries: table, or json with their parameters and examples
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = FORMAT, hide_possible_values = true)]
    format: Option<ResultFormat>,
}

const FORMAT: OneOf<ResultFormat> =
    OneOf::new(|| by_name([ResultFormat::Table, ResultFormat::Json], ResultFormat::name));

impl List {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        if !context.options.data.is_empty() {
            return match self.format {
                None => overview::run(context),
                Some(_) => Err(Diagnostic::error(
                    "option-without-effect",
                    "`--format` has no effect on `list --data`, which describes the data",
                )
                .help("leave out `--data` to list the saved queries; `dossier stats --data FILE -F turtle` describes the data in VoID")
                .usage()
                .into()),
            };
        }
        let (queries, broken) = Catalogue::new(context.dossier()?).readable()?;
        let target = context.target(None);
        target.write(|out| match self.format {
            Some(ResultFormat::Json) => Ok(write_json(&queries, out)?),
            _ => Ok(write_list(&queries, target.width, out)?),
        })?;
        if broken.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        Err(Error { kind: ErrorKind::Input, problems: broken }.into())
    }
}

/// Writes a line for each query, or two if the width is too small.
fn write_list(queries: &[SavedQuery], width: Option<u16>, out: &mut dyn Write) -> io::Result<()> {
    let usages: Vec<String> =
        queries.iter().map(|query| printable(&usage(query)).into_owned()).collect();
    let widest = usages.iter().map(|usage| usage.chars().count()).max().unwrap_or_default();
    for (query, usage) in queries.iter().zip(&usages) {
        let summary = printable(&query.front_matter.summary);
        if width.is_none_or(|width| widest + 2 + summary.len() <= width.into()) {
            writeln!(out, "{usage:widest$}  {summary}")?;
        } else {
            writeln!(out, "{usage}\n    {summary}")?;
        }
    }
    Ok(())
}

fn usage(query: &SavedQuery) -> String {
    let parameters = query.parameters.iter().map(|parameter| format!(" {}", parameter.usage()));
    query.name.clone() + &parameters.collect::<String>()
}
