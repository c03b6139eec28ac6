use crate::cli::context::Context;
use crate::cli::reporter::counted;
use crate::printable::printable;
use crate::web::{MOST_COMBINATIONS, publish};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Write the pages of the dossier as files, to be opened without a server
///
/// The folder has a page for each saved query with each value that its parameters can have, and for each thing, document
/// and claim. All links are relative, so it works from a disk, as an attachment, or on any web server.
#[derive(Debug, Args)]
pub(crate) struct PublishArgs {
    /// The folder, which must not exist, be empty, or be one that this command wrote
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// The address that the folder will have on the web, for the canonical links of pages
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

impl PublishArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let session = context.session()?;
        session.dossier().check_links()?;
        let published = publish(session, &self.folder, self.url.as_deref())?;
        let reporter = &context.reporter;
        for (query, left_out) in &published.left_out {
            let left_out = counted(*left_out, "combination");
            reporter.note(&format!(
                "left out {left_out} of values of `{query}`: at most {MOST_COMBINATIONS} are published"
            ));
        }
        reporter.note(&format!(
            "wrote {} and {}: open `{}`",
            counted(published.pages, "page"),
            counted(published.files, "other file"),
            printable(&self.folder.join("index.html").to_string_lossy()),
        ));
        Ok(ExitCode::SUCCESS)
    }
}
