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

impl Dossier {
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
