//! Files in the folders of a dossier that it does not read.

use super::{Dossier, unreadable};
use crate::diagnostic::Result;
use std::fs;

/// The folders where people put files of a dossier, and the extensions that are read there.
const FOLDERS: [(&str, &[&str]); 8] = [
    ("ontology", &["ttl"]),
    ("data", &["ttl", "trig"]),
    ("data/documents", &["md", "txt"]),
    ("documents", &[]),
    ("queries", &["rq"]),
    ("queries/checks", &["rq"]),
    ("queries/expected", &["csv"]),
    ("queries/patterns", &["rq"]),
];

/// A file that is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OtherFile {
    /// Its folder, relative to the dossier.
    pub folder: &'static str,
    /// Its name.
    pub name: String,
    /// The extensions of the files that are read in its folder.
    pub read: &'static [&'static str],
}

/// The names of folders beside those of a dossier that people give their files, with the right folder and the extension
/// of its files.
const BESIDE: [(&str, &str, &str); 6] = [
    ("checks", "queries/checks", "rq"),
    ("expected", "queries/expected", "csv"),
    ("ontologies", "ontology", "ttl"),
    ("patterns", "queries/patterns", "rq"),
    ("query", "queries", "rq"),
    ("sparql", "queries", "rq"),
];

impl Dossier {
    /// Returns the folders beside those of the dossier that have files for one of them: each with its right path.
    pub(crate) fn misplaced_folders(&self) -> Vec<(&'static str, &'static str)> {
        let Some(root) = &self.root else { return Vec::new() };
        let has_files = |folder: &str, extension: &str| {
            let entries = fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
            entries
                .map(|entry| entry.path())
                .any(|path| path.extension().is_some_and(|e| e == extension))
        };
        let misplaced = BESIDE.iter().filter(|(name, _, extension)| has_files(name, extension));
        misplaced.map(|(name, right, _)| (*name, *right)).collect()
    }

    /// Returns the files that the dossier does not read although they are in its folders, or in `documents/` beside
    /// them, by folder and name. Hidden files are not among them.
    ///
    /// # Errors
    /// If a folder cannot be read.
    pub(crate) fn other_files(&self) -> Result<Vec<OtherFile>> {
        let Some(root) = &self.root else { return Ok(Vec::new()) };
        let mut files = Vec::new();
        for (folder, read) in FOLDERS {
            let directory = root.join(folder);
            if !directory.is_dir() {
                continue;
            }
            let failed = |error| unreadable(&directory, &error);
            let mut names = Vec::new();
            for entry in fs::read_dir(&directory).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                // (A name that is not Unicode cannot be shown so that it can be typed.)
                let Ok(name) = entry.file_name().into_string() else { continue };
                let is_read = name.rsplit_once('.').is_some_and(|(_, end)| read.contains(&end));
                if !is_read && !name.starts_with('.') && entry.path().is_file() {
                    names.push(name);
                }
            }
            names.sort();
            files.extend(names.into_iter().map(|name| OtherFile { folder, name, read }));
        }
        Ok(files)
    }
}
