use crate::cli::context::Context;
use crate::cli::output::unwritable;
use clap::{Args, Command};
use clap_mangen::Man as Page;
use std::path::PathBuf;
use std::process::ExitCode;

/// Write the manual pages: one of each command into a folder, or the first one to standard output
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The folder, which is made if it is not there
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
