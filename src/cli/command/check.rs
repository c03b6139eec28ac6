use crate::author::{Unaccepted, UnacceptedCase, accept_answers, unaccepted_answers};
use crate::catalogue::in_shell;
use crate::check::{Report, check, check_files, has_doubtful_answers, write_json};
use crate::cli::context::Context;
use crate::cli::one_of::{OneOf, variant};
use crate::cli::output::chosen_format;
use crate::cli::reporter::counted;
use crate::cli::watch::DossierWatcher;
use crate::cli::{diagnostics, inputs};
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Severity};
use crate::printable::printable;
use crate::session::{Data, Session, declared_prefixes};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
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

    /// Write the answers of these cases to `queries/expected`, after you have checked them: `QUERY` or `QUERY.EXAMPLE`.
    /// Without a case, list those that differ
    #[arg(long, value_name = "CASE", num_args = 0.., conflicts_with_all = ["format", "output"])]
    accept: Option<Vec<String>>,

    /// Check again whenever a file of the dossier changes, until Ctrl-C
    #[arg(long, conflicts_with = "accept")]
    watch: bool,
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
        let of_dossier = [(self.watch, "--watch"), (self.accept.is_some(), "--accept")];
        if let Some((_, option)) = of_dossier.into_iter().find(|(is_given, _)| *is_given)
            && !options.data.is_empty()
        {
            let message = format!("`{option}` works on a dossier, not on other data");
            return Err(Diagnostic::error("option-without-effect", message)
                .help("remove `--data`")
                .usage()
                .into());
        }
        if let Some(cases) = &self.accept {
            if cases.is_empty() { list_unaccepted(context) } else { accept(context, cases) }
        } else if self.watch {
            self.watch(context)
        } else if options.data.is_empty() {
            self.check(context, context.without_unread().session()?)
        } else {
            self.write(context, &of_files(context)?, |path| PathBuf::from(path))
        }
    }

    /// Checks a dossier.
    fn check(&self, context: &Context, session: &Session) -> anyhow::Result<ExitCode> {
        self.write(context, &check(session)?, |path| session.dossier().place_of(path))
    }

    /// Checks the dossier now and whenever its files change, until the work is to stop.
    fn watch(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let dossier = context.dossier()?;
        let watcher = DossierWatcher::new(dossier)?;
        let reporter = &context.reporter;
        loop {
            let checked = dossier
                .reopened()
                .and_then(|dossier| Session::open(dossier, &Data::Dossier))
                .map_err(anyhow::Error::from)
                .and_then(|session| self.check(context, &session.with_limits(&context.limits)));
            if let Err(error) = checked {
                diagnostics::failure(&error);
            }
            reporter.note("waiting for changes, until Ctrl-C");
            match watcher.wait(&context.limits.cancellation) {
                Some(changed) => reporter.note(&format!("changed: {}", changed.join(", "))),
                None => return Ok(ExitCode::from(ErrorKind::Interrupted.exit_code())),
            }
        }
    }

    /// Writes a report. `place_of` tells where a file is.
    fn write(
        &self,
        context: &Context,
        report: &Report,
        place_of: impl Fn(&str) -> PathBuf,
    ) -> anyhow::Result<ExitCode> {
        let format = chosen_format(self.format, self.output.as_deref(), variant)?
            .unwrap_or(CheckFormat::Text);
        let target = context.target(self.output.as_deref());
        let looks = (target.width, target.is_colourful);
        let dossier = unnamed_dossier(context);
        let mut report = report.clone();
        for finding in &mut report.findings {
            context.reporter.options.add_to_diagnostic(finding);
        }
        let report = &report;
        target.write(|out| {
            Ok(match format {
                CheckFormat::Text => {
                    diagnostics::write_findings(report, dossier.as_deref(), looks, out)
                }
                CheckFormat::Json => write_json(report, out),
                CheckFormat::Lines => report.findings.iter().try_for_each(|finding| {
                    writeln!(out, "{}", printable(&finding.line(&place_of)))
                }),
            }?)
        })?;
        Ok(ExitCode::from(u8::from(report.count(Severity::Error) > 0)))
    }
}

/// Writes expected answers.
fn accept(context: &Context, cases: &[String]) -> anyhow::Result<ExitCode> {
    context.dossier()?.only()?;
    let session = context.session()?;
    let is_doubtful = has_doubtful_answers(session)?;
    let accepted = accept_answers(session, cases)?;
    let mut lines = String::new();
    for answer in &accepted.answers {
        let verb = if answer.is_same { "unchanged" } else { "wrote" };
        lines.push_str(&format!("{verb} {}: {}\n", answer.path, counted(answer.rows, "row")));
    }
    accepted.edit.commit()?;
    context.target(None).write(|out| Ok(out.write_all(lines.as_bytes())?))?;
    if is_doubtful {
        context.reporter.note(
            "other findings of `dossier check` may be the reason why answers differ: correct them, and accept again",
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Lists the cases whose answers could be accepted, each with how it differs and the command that accepts it.
fn list_unaccepted(context: &Context) -> anyhow::Result<ExitCode> {
    context.dossier()?.only()?;
    let session = context.session()?;
    let Unaccepted { cases, unanswered, invalid } = unaccepted_answers(session)?;
    let is_doubtful = !cases.is_empty() && has_doubtful_answers(session)?;
    context.target(None).write(|out| {
        if cases.is_empty() {
            writeln!(out, "no case has another answer than expected")?;
        } else {
            let differ = if cases.len() == 1 { "differs" } else { "differ" };
            writeln!(out, "{} {differ} from what is expected:", counted(cases.len(), "case"))?;
        }
        for UnacceptedCase { name, difference } in &cases {
            writeln!(out, "\n{}", printable(name))?;
            writeln!(out, "  {}", printable(difference))?;
            if !is_doubtful {
                let command = format!("\n  dossier check --accept {}", in_shell(name));
                let command = context.reporter.options.add_to(&command);
                writeln!(out, "{}", printable(command.trim_start_matches('\n')))?;
            }
        }
        Ok(())
    })?;
    if is_doubtful {
        let message =
            "correct the other findings of `dossier check` first: one of them may be the reason";
        context.reporter.note(message);
    } else if !cases.is_empty() {
        context.reporter.note("compare each answer with the documents before you accept it");
    }
    if invalid > 0 {
        let queries = match invalid {
            1 => "1 saved query is invalid".to_owned(),
            number => format!("{number} saved queries are invalid"),
        };
        context.reporter.note(&format!("{queries}: `dossier check` says why"));
    }
    if unanswered > 0 {
        let message =
            format!("{} cannot be answered: `dossier check` says why", counted(unanswered, "case"));
        context.reporter.note(&message);
    }
    let is_as_expected = cases.is_empty() && invalid == 0 && unanswered == 0;
    Ok(ExitCode::from(u8::from(!is_as_expected)))
}

/// Returns words for the dossier if neither `--dossier` nor the current folder says which one it is.
fn unnamed_dossier(context: &Context) -> Option<String> {
    if !context.options.dossier.is_empty() {
        return None;
    }
    let Some(root) = context.dossier().ok()?.root() else {
        return Some("the built-in dossier".to_owned());
    };
    let here = std::env::current_dir().ok()?;
    let up = here.strip_prefix(root).ok()?.components().count();
    (up > 0).then(|| format!("the dossier in {}", vec![".."; up].join("/")))
}

/// Checks the files of `--data`.
fn of_files(context: &Context) -> anyhow::Result<Report> {
    let options = &context.options;
    let paths = inputs::expanded(&options.data)?;
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for path in &paths {
        match inputs::rdf_file(path, &options.described()?) {
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
