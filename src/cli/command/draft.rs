use super::TextFormat;
use crate::author::{
    LARGEST, ListedDraft, Proposal, Sheet, SheetOptions, propose, waiting, write_draft,
    write_drafts_json,
};
use crate::cli::addressed::RepeatedOptions;
use crate::cli::context::Context;
use crate::cli::diagnostics::write_finding;
use crate::cli::one_of::OneOf;
use crate::cli::reporter::counted;
use crate::diagnostic::{Diagnostic, Severity};
use crate::dossier::unreadable;
use crate::printable::printable;
use clap::Args;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Propose claims from sheets, tables, JSON or annotations, and list the problems in them
///
/// The drafts are kept in the folder `drafts` of the dossier until they are accepted or rejected. Drafts are not part
/// of the data. A new draft replaces a waiting one with the same document, quote and name, or the one from the same file
/// whose quote it corrects. Without files, list the waiting drafts. The exit code is 1 if a draft has an error, and 0
/// otherwise.
#[derive(Debug, Args)]
pub(crate) struct DraftArgs {
    /// Sheets (.md), tables (.csv, .tsv), claims or annotations as JSON (.json); `-` is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// The document of all quotes, whatever the files say
    #[arg(long, value_name = "NAME", requires = "files")]
    document: Option<String>,

    /// The pattern whose parameters are columns of the tables
    #[arg(long, value_name = "NAME", requires = "files")]
    pattern: Option<String>,

    /// Who drafted the claims, for `dcterms:creator`
    #[arg(long, value_name = "NAME", requires = "files")]
    by: Option<String>,

    /// Output format: text or json
    #[arg(long, short = 'F', value_name = "FORMAT", default_value = "text", value_parser = OneOf::<TextFormat>::of_enum(), hide_possible_values = true, hide_default_value = true)]
    format: TextFormat,
}

impl DraftArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let sheets =
            self.files.iter().map(|path| sheet(path)).collect::<anyhow::Result<Vec<_>>>()?;
        let session = &context.current_session("draft")?;
        let mut proposal = if sheets.is_empty() {
            waiting(session)?
        } else {
            let options = SheetOptions {
                document: self.document.as_deref(),
                pattern: self.pattern.as_deref(),
                by: self.by.as_deref(),
            };
            propose(session, &sheets, options)?
        };
        if let Some(edit) = proposal.edit.take() {
            edit.commit()?;
        }
        let target = context.target(None);
        let looks = (target.width, target.is_colourful);
        if self.format == TextFormat::Text && !context.reporter.is_quiet() {
            proposal.notes.iter().for_each(|note| context.reporter.report(note));
        }
        target.write(|out| {
            match self.format {
                TextFormat::Text => write_list(&proposal, &context.reporter.options, looks, out)?,
                TextFormat::Json => write_drafts_json(&proposal, out)?,
            }
            Ok(())
        })?;
        let has_errors = proposal.drafts.iter().any(|draft| draft.verified.has_errors());
        Ok(ExitCode::from(u8::from(has_errors)))
    }
}

fn sheet(path: &Path) -> anyhow::Result<Sheet> {
    let mut bytes = Vec::new();
    let most = LARGEST as u64 + 1;
    let read = if path == Path::new("-") {
        io::stdin().take(most).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|error| unreadable(path, &error))?;
    Ok(Sheet { file: path.display().to_string(), bytes })
}

/// Writes the drafts, each with what is found in it, and a line that sums up.
fn write_list(
    proposal: &Proposal,
    options: &RepeatedOptions,
    looks: (Option<u16>, bool),
    out: &mut dyn Write,
) -> io::Result<()> {
    let (mut clean, mut wrong) = (0, 0);
    let mut shown = HashSet::new();
    let mut missing: HashSet<String> = HashSet::new();
    for draft in &proposal.drafts {
        clean += usize::from(draft.is_clean());
        wrong += usize::from(draft.verified.has_errors());
        write!(out, "{}", printable(&format!("{} ({})", draft.id, status(draft))))?;
        writeln!(
            out,
            "{}",
            write_draft(draft, &mut shown)
                .lines()
                .map(|line| printable(line).into_owned())
                .collect::<Vec<_>>()
                .join("\n")
        )?;
        writeln!(out)?;
        for mut finding in draft.findings() {
            options.add_to_diagnostic(&mut finding);
            // All quotes of a sheet lack the same document.
            let is_known = finding.id.as_deref() == Some("document-unknown")
                && !missing.insert(finding.message.clone());
            if is_known {
                let message = format!("{}, as above", finding.message);
                let again = Diagnostic::error("document-unknown", message);
                write_finding(&again, looks, out)?;
            } else {
                write_finding(&finding, looks, out)?;
            }
        }
    }
    let count = proposal.drafts.len();
    if count == 0 {
        return writeln!(out, "no drafts");
    }
    let doubtful = count - clean - wrong;
    let parts = [(clean, "clean"), (doubtful, "with warnings"), (wrong, "with errors")];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    writeln!(out, "{}: {}", counted(count, "draft"), parts.join(", "))
}

/// Says how many errors, warnings and notes a draft has.
fn status(draft: &ListedDraft) -> String {
    let findings = &draft.verified.findings;
    let count = |severity: Severity| {
        let count = findings.iter().filter(|found| found.diagnostic.severity == severity).count();
        (count > 0).then(|| counted(count, severity.name()))
    };
    let counts = [Severity::Error, Severity::Warning, Severity::Note].map(count);
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let clean = draft.is_clean().then(|| "clean".to_owned());
    clean.into_iter().chain(counts).collect::<Vec<_>>().join(", ")
}
