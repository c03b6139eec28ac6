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

/// The names of folders that people give to files of a dossier, with the right folder and the extensions of its files. The
/// right names themselves are for folders with capital letters.
const BESIDE: [(&str, &str, &[&str]); 20] = [
    ("checks", "queries/checks", &["rq"]),
    ("data", "data", &["ttl", "trig"]),
    ("data/doc", "data/documents", &["md", "txt"]),
    ("data/docs", "data/documents", &["md", "txt"]),
    ("data/document", "data/documents", &["md", "txt"]),
    ("data/documents", "data/documents", &["md", "txt"]),
    ("data/text", "data/documents", &["md", "txt"]),
    ("data/texts", "data/documents", &["md", "txt"]),
    ("expected", "queries/expected", &["csv"]),
    ("ontologies", "ontology", &["ttl"]),
    ("ontology", "ontology", &["ttl"]),
    ("patterns", "queries/patterns", &["rq"]),
    ("queries", "queries", &["rq"]),
    ("queries/check", "queries/checks", &["rq"]),
    ("queries/checks", "queries/checks", &["rq"]),
    ("queries/expected", "queries/expected", &["csv"]),
    ("queries/pattern", "queries/patterns", &["rq"]),
    ("queries/patterns", "queries/patterns", &["rq"]),
    ("query", "queries", &["rq"]),
    ("sparql", "queries", &["rq"]),
];

/// The folders in which people make other folders, with the extensions of the files that are read there.
const PARENTS: [(&str, &[&str]); 3] =
    [("data", &["ttl", "trig"]), ("ontology", &["ttl"]), ("queries", &["rq"])];

impl Dossier {
    /// Returns the folders beside those of the dossier that have files for one of them: each with its right path.
    pub(crate) fn misplaced_folders(&self) -> Vec<(String, &'static str)> {
        let Some(root) = &self.root else { return Vec::new() };
        let names = |folder: &str| {
            let entries = fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
            let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
            names.collect::<Vec<_>>()
        };
        let mut misplaced = Vec::new();
        for parent in ["", "data/", "queries/"] {
            for name in names(parent) {
                let path = format!("{parent}{name}");
                let folded = path.to_lowercase();
                let Some((_, right, extensions)) =
                    BESIDE.iter().find(|(known, right, _)| *known == folded && *right != path)
                else {
                    continue;
                };
                // Where capital letters make no difference, the folder is the right one.
                let is_read = folded == *right && root.join(right).is_dir();
                let is_one = |file: &String| {
                    file.rsplit_once('.').is_some_and(|(_, end)| extensions.contains(&end))
                };
                if !is_read && names(&path).iter().any(is_one) {
                    misplaced.push((path, *right));
                }
            }
        }
        for (right, extensions) in PARENTS {
            for name in names(right) {
                let path = format!("{right}/{name}");
                let is_one = |file: &String| {
                    file.rsplit_once('.').is_some_and(|(_, end)| extensions.contains(&end))
                };
                let is_known = FOLDERS.iter().any(|(folder, _)| *folder == path.to_lowercase())
                    || misplaced.iter().any(|(known, _)| *known == path);
                if !name.starts_with('.') && !is_known && names(&path).iter().any(is_one) {
                    misplaced.push((path, right));
                }
            }
        }
        misplaced.sort();
        misplaced
    }

    /// Returns the sorted names of the files beside the folders of the dossier.
    pub(crate) fn names_beside_folders(&self) -> Vec<String> {
        let Some(root) = &self.root else { return Vec::new() };
        let entries = fs::read_dir(root).into_iter().flatten().flatten();
        let files = entries.filter(|entry| entry.path().is_file());
        let mut names: Vec<String> =
            files.filter_map(|file| file.file_name().into_string().ok()).collect();
        names.sort();
        names
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
