use crate::author::{ChangedAnswer, Merged, merge, read_same_sheet};
use crate::catalogue::in_shell;
use crate::cli::context::Context;
use crate::cli::reporter::{counted, counted_are, listed};
use crate::dossier::{Dossier, SourceFile, unreadable};
use crate::printable::printable;
use clap::Args;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Merge several dossiers into one
///
/// Files, prefixes and documents that they call alike get the name of their dossier in front. Expected answers become
/// those of all data together; those that differ are listed. The dossiers stay as they are.
#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// Folders of the dossiers
    #[arg(value_name = "DOSSIER", required = true, num_args = 2..)]
    dossiers: Vec<PathBuf>,

    /// Folder to write; it must be empty or not exist yet
    #[arg(long, short, value_name = "FOLDER")]
    output: PathBuf,

    /// Sheet of things that are the same, of which `dossier same-as` makes a draft: the first IRI of each accepted line
    /// is written in place of the second
    #[arg(long, value_name = "SHEET")]
    same_as: Option<PathBuf>,
}

impl MergeArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let dossier = join(&self.dossiers)?;
        context.reporter.report_renamed(&dossier);
        let same = match &self.same_as {
            Some(path) => {
                let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
                let name = path.display().to_string();
                read_same_sheet(&SourceFile { path: name, bytes: bytes.into() })?
            }
            None => BTreeMap::new(),
        };
        let merged = merge(&dossier, &same, &self.output)?;
        let names: Vec<&str> = dossier.parts().iter().map(|part| part.name.as_str()).collect();
        context.target(None).write(|out| {
            let lines = lines(&names, &merged, same.len(), &self.output);
            lines.iter().try_for_each(|line| Ok(writeln!(out, "{}", printable(line))?))
        })?;
        for name in &merged.drafts {
            context.reporter.note(&format!("the drafts of `{name}` are left out"));
        }
        if !merged.answers.is_empty() {
            context.reporter.note("compare each answer that differs with the documents");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Returns a number with its noun and verb: `1 thing has`, `2 things have`.
fn counted_have(count: usize, noun: &str) -> String {
    let verb = if count == 1 { "has" } else { "have" };
    format!("{} {verb}", counted(count, noun))
}

/// Opens dossiers and joins them.
pub(super) fn join(folders: &[PathBuf]) -> anyhow::Result<Dossier> {
    let opened: Result<Vec<_>, _> = folders.iter().map(|folder| Dossier::open(folder)).collect();
    Ok(Dossier::join(opened?)?)
}

/// Returns what was merged, line by line.
fn lines(names: &[&str], merged: &Merged, same: usize, folder: &Path) -> Vec<String> {
    let shown = folder.display();
    let mut lines =
        vec![format!("merged {} into `{shown}`: {}", listed(names), counted(merged.files, "file"))];
    if same > 0 {
        lines.push(format!("  {} the IRI of another one", counted_have(same, "thing")));
    }
    if merged.shared > 0 {
        let claims = counted_are(merged.shared, "shared claim");
        lines.push(format!("  {claims} written once"));
    }
    for (part, old, new) in &merged.prefixes {
        lines.push(format!("  the prefix `{old}:` of {part} is `{new}:`"));
    }
    for (old, new) in &merged.documents {
        lines.push(format!("  the document {old} is {new}"));
    }
    for (old, new) in &merged.moved {
        lines.push(format!("  {old} is {new}"));
    }
    if !merged.answers.is_empty() {
        lines.push("\nAnswers that differ over all data, and were written anew".to_owned());
    }
    for ChangedAnswer { case, part, before, after } in &merged.answers {
        let before = counted(*before, "row");
        lines.push(match after {
            Some(after) => format!("  {case}: {before} in {part}, {} now", counted(*after, "row")),
            None => format!(
                "  {case}: {before} in {part}, but not answered now: `dossier check` says why"
            ),
        });
    }
    lines.push(format!("\nNext\n  dossier check --dossier {}", in_shell(&shown.to_string())));
    lines
}
