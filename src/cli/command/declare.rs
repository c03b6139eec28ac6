use super::retract::write_consequences;
use crate::author::{Consequences, DraftContent, TermDeclaration, declare_term};
use crate::cli::context::Context;
use crate::cli::reporter::counted;
use crate::diagnostic::{Diagnostic, Severity};
use crate::printable::printable;
use clap::Args;
use std::process::ExitCode;

/// Declare a class, a property or a thing without a claim, or change a class or a property
///
/// `--replace` changes the declaration in its place: what you do not give stays, and so do its IRI and everything that
/// uses it. What no longer fits is listed, as by `dossier check`.
#[derive(Debug, Args)]
pub(crate) struct DeclareArgs {
    /// 'LABEL | class', 'LABEL | class | WIDER CLASS', 'LABEL | property | WHAT IT TAKES', 'LABEL | property | WHAT IT TAKES | CLASS' or, for a thing, 'LABEL | CLASS'
    #[arg(value_name = "DECLARATION")]
    declaration: String,

    /// The class or property to change: its label, CURIE or IRI
    #[arg(long, value_name = "TERM")]
    replace: Option<String>,

    /// What it means, as a comment in the ontology
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,

    /// Show the declaration without writing it
    #[arg(long, short = 'n')]
    dry_run: bool,
}

impl DeclareArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let parts: Vec<&str> = self.declaration.split('|').map(str::trim).collect();
        let content = DraftContent::declaration(&parts).map_err(Diagnostic::usage)?;
        let session = &context.current_session("declare")?;
        let declared = declare_term(
            session,
            TermDeclaration {
                content: &content,
                comment: self.comment.as_deref(),
                replaced: self.replace.as_deref(),
            },
        )?;
        for finding in declared.notes.iter().chain(&declared.findings) {
            if !context.reporter.is_quiet() {
                context.reporter.report(finding);
            }
        }
        let Some(term) = &declared.term else { return Ok(ExitCode::SUCCESS) };
        if !self.dry_run {
            declared.edit.commit()?;
        }
        let verb = match (self.dry_run, self.replace.is_some()) {
            (false, false) => "declared",
            (false, true) => "changed",
            (true, false) => "would declare",
            (true, true) => "would change",
        };
        context.target(None).write(|out| {
            for line in declared.text.lines() {
                writeln!(out, "{}", printable(line))?;
            }
            let shown = session.prefixes().show(term);
            writeln!(out, "\n{verb} `{}` in {}", printable(&shown), printable(&declared.file))?;
            let is_fault = |finding: &&Diagnostic| finding.severity != Severity::Note;
            let faults = declared.findings.iter().filter(is_fault).count();
            if faults > 0 {
                let found = format!("{} of `dossier check`", counted(faults, "new finding"));
                writeln!(out, "{}", printable(&context.reporter.options.add_to(&found)))?;
            }
            let consequences = Consequences { cases: declared.cases, ..Consequences::default() };
            Ok(write_consequences(session, &consequences, out)?)
        })?;
        Ok(ExitCode::SUCCESS)
    }
}
