use crate::cli::completion::ShellKind;
use crate::cli::context::Context;
use crate::cli::one_of::OneOf;
use clap::Args;
use std::process::ExitCode;

/// Generate a shell completion script for commands, queries, parameters, their values and names
///
/// Add it to the startup file of your shell:
///
///   bash        echo 'source <(dossier completions bash)' >> ~/.bashrc
///   zsh         echo 'source <(dossier completions zsh)' >> ~/.zshrc (after compinit)
///   fish        dossier completions fish > ~/.config/fish/completions/dossier.fish
///   elvish      echo 'eval (dossier completions elvish | slurp)' >> ~/.config/elvish/rc.elv
///   powershell  echo 'dossier completions powershell | Out-String | Invoke-Expression' >> $PROFILE
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct CompletionsArgs {
    /// The shell: bash, zsh, fish, elvish or powershell
    #[arg(value_parser = OneOf::<ShellKind>::of_enum(), hide_possible_values = true)]
    shell: ShellKind,
}

impl CompletionsArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        context.target(None).write(|out| Ok(self.shell.write_registration(out)?))?;
        Ok(ExitCode::SUCCESS)
    }
}
