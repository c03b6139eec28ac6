use crate::cli::context::Context;
use crate::cli::output::unwritable;
use clap::{Args, Command};
use clap_mangen::Man as Page;
use std::path::PathBuf;
use std::process::ExitCode;

/// Generate manual pages: one for each command into DIR, or the main page to standard output
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Folder for the pages; it is created if it does not exist
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl ManArgs {
    pub(crate) fn run(&self, context: &Context, command: Command) -> anyhow::Result<ExitCode> {
        let Some(folder) = &self.folder else {
            context.target(None).write(|out| Ok(Page::new(command).render(out)?))?;
            return Ok(ExitCode::SUCCESS);
        };
        std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(command, folder))
            .map_err(|error| unwritable(&folder.to_string_lossy(), &error).usage())?;
        Ok(ExitCode::SUCCESS)
    }
}
