use crate::check::{Report, accept_answers, check, check_files, write_json};
use crate::cli::context::Context;
use crate::cli::one_of::{OneOf, variant};
use crate::cli::output::chosen_format;
use crate::cli::reporter::counted;
use crate::cli::{diagnostics, inputs};
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Severity};
use crate::printable::printable;
use crate::session::declared_prefixes;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Check a dossier: its claims and quotes, its names and values, its queries and their expected answers
///
/// With `--data`, check RDF files instead: their syntax, their values, and the terms of the vocabularies that they
/// declare.
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

    /// Write the answers of these cases to `queries/expected`, after you have looked at them: `QUERY` or `QUERY.EXAMPLE`
    #[arg(long, value_name = "CASE", num_args = 1.., conflicts_with_all = ["format", "output"])]
    accept: Vec<String>,
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
        let options = &context.options;
        // (On the command line, such an option is refused before.)
        if options.store.is_some() || options.endpoint.is_some() {
            return Err(Diagnostic::error(
                "option-without-effect",
                "`check` works on a dossier or on files, not on a store or an endpoint",
            )
            .help("start the shell without `--store` or `--endpoint`")
            .usage()
            .into());
        }
        if !self.accept.is_empty() {
            return self.accept(context);
        }
        let format = chosen_format(self.format, self.output.as_deref(), variant)?
            .unwrap_or(CheckFormat::Text);
        let (report, folder) = if options.data.is_empty() {
            let session = context.session()?;
            (check(session)?, session.dossier().root().unwrap_or(Path::new("")))
        } else {
            (of_files(context)?, Path::new(""))
        };
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

impl CheckArgs {
    /// Writes expected answers.
    fn accept(&self, context: &Context) -> anyhow::Result<ExitCode> {
        if !context.options.data.is_empty() {
            let message = "`--accept` works on a dossier, not on other data";
            return Err(Diagnostic::error("option-without-effect", message)
                .help("remove `--data`")
                .usage()
                .into());
        }
        let session = context.session()?;
        let accepted = accept_answers(session, &self.accept)?;
        let mut lines = String::new();
        for answer in &accepted.answers {
            let verb = if answer.is_same { "unchanged" } else { "wrote" };
            lines.push_str(&format!("{verb} {}: {}\n", answer.path, counted(answer.rows, "row")));
        }
        accepted.edit.commit()?;
        context.target(None).write(|out| Ok(out.write_all(lines.as_bytes())?))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Checks the files of `--data`.
fn of_files(context: &Context) -> anyhow::Result<Report> {
    let options = &context.options;
    let paths = inputs::expanded(&options.data)?;
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for path in &paths {
        match inputs::rdf_file(path, &options.described()) {
            Ok(file) => files.push(file),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(Error { kind: ErrorKind::Input, problems }.into());
    }
    let prefixes = declared_prefixes(context.dossier()?)?;
    Ok(check_files(&files, &prefixes))
}
