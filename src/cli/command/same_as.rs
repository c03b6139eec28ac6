use super::merge::join;
use crate::author::{same_pairs, write_same_sheet};
use crate::cli::context::Context;
use crate::cli::reporter::counted_are;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// List things of several dossiers that are perhaps the same, as a sheet for `merge`
///
/// They have a label and a class in common, but not the IRI. Write `yes` into the column `accept` for those that are the
/// same; then `dossier merge --same-as SHEET` gives them one IRI.
#[derive(Debug, Args)]
pub(crate) struct SameAsArgs {
    /// Folders of the dossiers
    #[arg(value_name = "DOSSIER", required = true, num_args = 2..)]
    dossiers: Vec<PathBuf>,

    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl SameAsArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let dossier = join(&self.dossiers)?;
        context.reporter.report_renamed(&dossier);
        let pairs = same_pairs(&dossier)?;
        let target = context.target(self.output.as_deref());
        target.write(|out| Ok(write_same_sheet(&pairs, out)?))?;
        let found = counted_are(pairs.len(), "pair");
        context.reporter.note(&match pairs.len() {
            0 => "no things have a label and a class in common, but another IRI".to_owned(),
            _ => format!(
                "{found} perhaps the same: write `yes` as `accept` of those that are, then merge with `--same-as`"
            ),
        });
        Ok(ExitCode::SUCCESS)
    }
}
