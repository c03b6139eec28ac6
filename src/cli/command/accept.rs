use crate::author::{AcceptedDrafts, accept};
use crate::cli::context::Context;
use crate::cli::reporter::{counted, listed};
use crate::printable::printable;
use clap::Args;
use std::process::ExitCode;

/// Accept drafts: write them into the claims of the dossier
///
/// All of the drafts are accepted or, if anything fails, none. A draft with errors cannot be accepted.
#[derive(Debug, Args)]
pub(crate) struct AcceptArgs {
    /// The drafts, by their ids in `dossier draft`
    #[arg(value_name = "ID", required_unless_present = "all_clean", conflicts_with = "all_clean")]
    ids: Vec<String>,

    /// Accept all drafts that have neither errors nor warnings
    #[arg(long)]
    all_clean: bool,

    /// Who accepts them, for `dcterms:contributor`
    #[arg(long, value_name = "NAME")]
    by: Option<String>,

    /// The file for the claims, in `data` [default: the file with the most claims of the document]
    #[arg(long, value_name = "FILE")]
    into: Option<String>,
}

impl AcceptArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let session = &context.current_session("accept")?;
        let which = if self.all_clean {
            AcceptedDrafts::AllClean
        } else {
            AcceptedDrafts::Named(&self.ids)
        };
        let accepted = accept(session, which, self.by.as_deref(), self.into.as_deref())?;
        let mut lines = String::new();
        for draft in &accepted.drafts {
            if let Some(claim) = &draft.verified.claim {
                let name = session.prefixes().show(&claim.name);
                let files: Vec<&str> =
                    claim.added.iter().map(|added| added.file.as_str()).collect();
                let files = listed(&files);
                lines.push_str(&format!("accepted {} as `{name}`, in {files}\n", draft.id));
            }
        }
        if accepted.drafts.is_empty() {
            let none = "no draft is clean; `dossier draft` lists the drafts with their problems\n";
            lines.push_str(&context.reporter.options.add_to(none));
        }
        lines.push_str(&remaining(accepted.remaining));
        accepted.edit.commit()?;
        let lines: Vec<_> = lines.lines().map(printable).collect();
        context.target(None).write(|out| Ok(writeln!(out, "{}", lines.join("\n"))?))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Says how many drafts still wait.
pub(super) fn remaining(count: usize) -> String {
    match count {
        0 => "no draft waits\n".to_owned(),
        1 => "1 draft still waits\n".to_owned(),
        count => format!("{} still wait\n", counted(count, "draft")),
    }
}
