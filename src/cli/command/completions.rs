use crate::cli::completion::ShellKind;
use crate::cli::context::Context;
use crate::cli::one_of::OneOf;
use clap::Args;
use std::process::ExitCode;

/// Print what makes a shell complete commands, queries, parameters, their values and names
///
/// Put it where your shell reads it when it starts:
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
