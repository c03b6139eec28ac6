use super::arguments;
use crate::author::{NewPattern, make_pattern};
use crate::cli::context::Context;
use crate::diagnostic::Diagnostic;
use crate::printable::printable;
use clap::Args;
use std::process::ExitCode;

/// Make a pattern for claims of a claim that is an example of it
///
/// Each parameter is named with what it stands for in the claim: `holder=Ada club='The Tea Society'`. A thing that only
/// this claim mentions, and whose label names some of the parameters, becomes one that each claim of the pattern makes
/// anew.
#[derive(Debug, Args)]
pub(crate) struct PatternArgs {
    /// The name of the new pattern
    #[arg(value_name = "NAME")]
    name: String,

    /// The claim: a CURIE, an IRI, or the last part of one
    #[arg(value_name = "CLAIM")]
    claim: String,

    /// The parameters, each with what it stands for in the claim: a label, a CURIE, an IRI or a value
    #[arg(value_name = "PARAM=VALUE", required = true)]
    parameters: Vec<String>,

    /// What claims of the pattern state: 'A person holds an office'
    #[arg(long, value_name = "TEXT", required = true)]
    summary: String,

    /// Show the pattern without writing it
    #[arg(long, short = 'n')]
    dry_run: bool,
}

impl PatternArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let arguments = arguments(&self.parameters)?;
        let session = &context.current_session("pattern")?;
        let NewPattern { source, usage, edit } =
            make_pattern(session, &self.name, &self.claim, &arguments, &self.summary)?;
        let text = source.text().map_err(Diagnostic::input)?;
        if !self.dry_run {
            edit.commit()?;
        }
        context.target(None).write(|out| {
            for line in text.lines() {
                writeln!(out, "{}", printable(line))?;
            }
            let verb = if self.dry_run { "would write" } else { "wrote" };
            writeln!(out, "\n{verb} {}", printable(&source.path))?;
            for line in usage.lines() {
                writeln!(out, "{}", printable(line))?;
            }
            Ok(())
        })?;
        Ok(ExitCode::SUCCESS)
    }
}
