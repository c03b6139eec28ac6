use super::help::HelpArgs;
use crate::cli::context::Context;
use crate::cli::output::unwritable;
use crate::diagnostic::{Diagnostic, Error};
use clap::{Args, Command};
use clap_mangen::Man as Page;
use std::path::{Path, PathBuf};
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
        check_folder(folder, &command)?;
        std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(command, folder))
            .map_err(|error| unwritable(&folder.to_string_lossy(), &error).usage())?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Checks that a new folder is not named like a command or a topic, whose help was probably meant.
fn check_folder(folder: &Path, grammar: &Command) -> Result<(), Error> {
    let Some(name) = folder.to_str().filter(|_| !folder.exists()) else { return Ok(()) };
    let noun = if grammar.find_subcommand(name).is_some() {
        "command"
    } else if HelpArgs::topics().any(|topic| topic == name) {
        "topic"
    } else {
        return Ok(());
    };
    let message = format!("`man` expects a folder, but `{name}` is a {noun}");
    let help = format!(
        "`dossier help {name}` shows the help of a {noun}; write `./{name}` for a new folder with this name"
    );
    Err(Diagnostic::error("folder-is-command", message).help(help).usage())
}
