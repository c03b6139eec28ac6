use super::accept::remaining;
use crate::author::reject;
use crate::cli::context::Context;
use clap::Args;
use std::process::ExitCode;

/// Reject drafts, so that they are not proposed again
///
/// Rejected drafts are kept in `drafts/rejected.jsonl`, with the reason.
#[derive(Debug, Args)]
pub(crate) struct RejectArgs {
    /// The drafts, by their ids in `dossier draft`
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    /// The reason
    #[arg(long, value_name = "TEXT", required = true)]
    because: String,
}

impl RejectArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let (edit, count) = reject(context.dossier()?, &self.ids, &self.because)?;
        edit.commit()?;
        let lines = format!("rejected {}\n{}", self.ids.join(", "), remaining(count));
        context.target(None).write(|out| Ok(out.write_all(lines.as_bytes())?))?;
        Ok(ExitCode::SUCCESS)
    }
}
