//! The texts and queries of two dossiers: which of the files differ. What they differ in is for a tool that compares
//! texts to show.

use crate::diagnostic::Result;
use crate::dossier::{Dossier, SourceFile};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// A file of a dossier that the other one does not have, or has otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileChange {
    /// The path in the dossier.
    pub path: String,
    /// In which way the file differs.
    pub change: FileChangeKind,
}

/// In which way a file differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileChangeKind {
    /// Only the first dossier has it.
    Removed,
    /// Only the second dossier has it.
    Added,
    /// Both have it, with other words.
    Changed,
}

impl FileChangeKind {
    const fn words(self) -> &'static str {
        match self {
            Self::Removed => "only in the first",
            Self::Added => "only in the second",
            Self::Changed => "changed",
        }
    }
}

/// The texts, saved queries, expected answers and checks that differ between two dossiers, by their paths.
///
/// # Errors
/// If a file cannot be read.
pub fn file_changes(one: &Dossier, other: &Dossier) -> Result<Vec<FileChange>> {
    let (one, mut other) = (files(one)?, files(other)?);
    let mut changes = BTreeMap::new();
    for (path, source) in one {
        match other.remove(&path) {
            None => {
                changes.insert(path, FileChangeKind::Removed);
            }
            Some(there) if there.bytes != source.bytes => {
                changes.insert(path, FileChangeKind::Changed);
            }
            Some(_) => {}
        }
    }
    changes.extend(other.into_keys().map(|path| (path, FileChangeKind::Added)));
    Ok(changes.into_iter().map(|(path, change)| FileChange { path, change }).collect())
}

fn files(dossier: &Dossier) -> Result<BTreeMap<String, SourceFile>> {
    let parts = [dossier.texts()?, dossier.queries()?, dossier.expected()?, dossier.checks()?];
    Ok(parts.into_iter().flatten().map(|source| (source.path.clone(), source)).collect())
}

/// Writes one line for each file.
///
/// # Errors
/// If the writer fails.
pub fn write_file_changes(changes: &[FileChange], out: &mut dyn Write) -> io::Result<()> {
    for FileChange { path, change } in changes {
        writeln!(out, "file {path}: {}", change.words())?;
    }
    Ok(())
}
