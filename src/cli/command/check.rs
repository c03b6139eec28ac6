use crate::cli::choice::Choice;
use crate::cli::diagnostics;
use crate::cli::one_of::OneOf;
use crate::cli::output::{Target, format_of_file};
use crate::cli::report::{is_colourful, named};
use clap::Args;
use dossier::check::{check, write_json};
use dossier::error::{Problem, Severity};
use dossier::printable::printable;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Check a dossier: its claims and quotes, its names, its queries and their answers
///
/// The exit code is 1 if something is wrong, and 0 if there are only warnings.
#[derive(Debug, Args)]
pub struct Check {
    /// The format: text, json or lines, which editors read [default: what the name of the output file tells, else text]
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = OneOf::new(Format::parse, Format::names), hide_possible_values = true)]
    format: Option<Format>,

    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    Lines,
}

impl Format {
    /// Each with its name and the extension of its files.
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Text, "text", "txt"),
        (Self::Json, "json", "json"),
        (Self::Lines, "lines", "lines"),
    ];

    fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|(_, name, _)| *name).collect()
    }

    fn parse(name: &str) -> Result<Self, String> {
        named(name, Self::ALL, |(_, known, _)| known).map(|(format, _, _)| format)
    }

    fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, _, known)| *known == extension).map(|(format, _, _)| *format)
    }
}

impl Check {
    pub fn run(&self, choice: &Choice) -> anyhow::Result<ExitCode> {
        // (On the command line, such an option is refused before.)
        if choice.names_data() {
            return Err(Problem::new("`check` works on a dossier, not on other data")
                .help("start the shell without `--data`, `--store` or `--endpoint`")
                .usage()
                .into());
        }
        let format = match self.format {
            Some(format) => format,
            None => format_of_file(self.output.as_deref(), Format::from_extension)?
                .unwrap_or(Format::Text),
        };
        let session = choice.session()?;
        let report = check(session)?;
        let folder = session.dossier().root().unwrap_or(Path::new(""));
        let target = Target::new(self.output.as_deref());
        let looks = (target.width, target.width.is_some() && is_colourful());
        target.write(|out| {
            Ok(match format {
                Format::Text => diagnostics::write_findings(&report, looks, out),
                Format::Json => write_json(&report, out),
                Format::Lines => report
                    .findings
                    .iter()
                    .try_for_each(|finding| writeln!(out, "{}", printable(&finding.line(folder)))),
            }?)
        })?;
        Ok(ExitCode::from(u8::from(report.count(Severity::Error) > 0)))
    }
}
