use crate::catalogue::SavedQuery;
use crate::cli::context::Context;
use crate::diagnostic::{Error, ErrorKind};
use crate::printable::printable;
use clap::Args;
use std::process::ExitCode;

/// List the saved queries
#[derive(Debug, Args)]
pub(crate) struct ListArgs {}

impl ListArgs {
    pub(crate) fn run(context: &Context) -> anyhow::Result<ExitCode> {
        let dossier = context.dossier()?;
        let (queries, broken) = crate::catalogue::Catalogue::new(dossier).readable()?;
        let target = context.target(None);
        let usages: Vec<String> =
            queries.iter().map(|query| printable(&usage(query)).into_owned()).collect();
        let widest = usages.iter().map(|usage| usage.chars().count()).max().unwrap_or_default();
        target.write(|out| {
            for (query, usage) in queries.iter().zip(&usages) {
                let summary = printable(&query.front_matter.summary);
                let is_wide =
                    target.width.is_none_or(|width| widest + 2 + summary.len() <= width.into());
                if is_wide {
                    writeln!(out, "{usage:widest$}  {summary}")?;
                } else {
                    writeln!(out, "{usage}\n    {summary}")?;
                }
            }
            Ok(())
        })?;
        if broken.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        Err(Error { kind: ErrorKind::Input, problems: broken }.into())
    }
}

fn usage(query: &SavedQuery) -> String {
    let parameters = query.parameters.iter().map(|parameter| format!(" {}", parameter.usage()));
    query.name.clone() + &parameters.collect::<String>()
}
