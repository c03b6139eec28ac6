use crate::cli::context::Context;
use crate::engine::Embedded;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Copy a store on disk, so that others can read the copy while the store is being written
#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// Folder for the copy; it must not exist yet
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl BackupArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let store = Embedded::open_to_write(context.options.store_to("copy")?)?;
        let copied = store.backup(&self.folder);
        // (The store is closed whatever became of the copy: only then its index is right.)
        let closed = store.close();
        copied.and(closed)?;
        Ok(ExitCode::SUCCESS)
    }
}
