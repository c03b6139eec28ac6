use crate::check::{check, write_json};
use crate::cli::context::Context;
use crate::cli::diagnostics;
use crate::cli::one_of::{OneOf, variant};
use crate::cli::output::chosen_format;
use crate::diagnostic::{Diagnostic, Severity};
use crate::printable::printable;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Check a dossier: its claims and quotes, its names, its queries and their expected answers
///
/// The exit code is 1 if `check` finds an error, and 0 if it finds only warnings or notes.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Output format: text, json or lines (for editors) [default: from the name of the output file, else text]
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = OneOf::<CheckFormat>::of_enum(), hide_possible_values = true)]
    format: Option<CheckFormat>,

    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    #[value(alias = "txt")]
    Text,
    Json,
    Lines,
}

impl CheckArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        // (On the command line, such an option is refused before.)
        if context.options.names_data() {
            return Err(Diagnostic::error(
                "option-without-effect",
                "`check` works on a dossier, not on other data",
            )
            .help("start the shell without `--data`, `--store` or `--endpoint`")
            .usage()
            .into());
        }
        let format = chosen_format(self.format, self.output.as_deref(), variant)?
            .unwrap_or(CheckFormat::Text);
        let session = context.session()?;
        let report = check(session)?;
        let folder = session.dossier().root().unwrap_or(Path::new(""));
        let target = context.target(self.output.as_deref());
        let looks = (target.width, target.is_colourful);
        target.write(|out| {
            Ok(match format {
                CheckFormat::Text => diagnostics::write_findings(&report, looks, out),
                CheckFormat::Json => write_json(&report, out),
                CheckFormat::Lines => report
                    .findings
                    .iter()
                    .try_for_each(|finding| writeln!(out, "{}", printable(&finding.line(folder)))),
            }?)
        })?;
        Ok(ExitCode::from(u8::from(report.count(Severity::Error) > 0)))
    }
}
