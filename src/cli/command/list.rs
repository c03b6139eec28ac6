use crate::catalogue::SavedQuery;
use crate::cli::context::Context;
use crate::cli::output::write_pairs;
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
        let shown = |query: &SavedQuery| {
            let summary = printable(&query.front_matter.summary).into_owned();
            (printable(&usage(query)).into_owned(), summary)
        };
        let pairs: Vec<_> = queries.iter().map(shown).collect();
        target.write(|out| Ok(write_pairs(&pairs, "", target.columns(), out)?))?;
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
