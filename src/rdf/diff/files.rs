//! Finds the documents and queries that differ between two dossiers. A text diff tool can show the differences within
//! them.

use crate::diagnostic::Result;
use crate::dossier::{Dossier, SourceFile};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// A file that only one of two dossiers has, or whose content differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileChange {
    /// The path in the dossier.
    pub path: String,
    /// How the file differs.
    pub change: FileChangeKind,
}

/// How a file differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileChangeKind {
    /// Only the first dossier has it.
    Removed,
    /// Only the second dossier has it.
    Added,
    /// Both dossiers have it, with different content.
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

/// Returns the documents, saved queries, expected answers and checks that differ between two dossiers, sorted by path.
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
    let parts = [
        dossier.texts()?,
        dossier.queries()?,
        dossier.expected()?,
        dossier.checks()?,
        dossier.patterns()?,
    ];
    Ok(parts.into_iter().flatten().map(|source| (source.path.clone(), source)).collect())
}

/// Writes one line per file.
///
/// # Errors
/// If the writer fails.
pub fn write_file_changes(changes: &[FileChange], out: &mut dyn Write) -> io::Result<()> {
    for FileChange { path, change } in changes {
        writeln!(out, "file {path}: {}", change.words())?;
    }
    Ok(())
}
