//! The files from which the texts of documents were made. They stand beside the texts.

use crate::diagnostic::Result;
use crate::dossier::{Dossier, SourceFile, unreadable};
use std::fs;

/// Their folder.
const ORIGINALS: &str = "data/documents/originals";

/// Returns the originals of a dossier, by path.
///
/// # Errors
/// If the folder or a file cannot be read.
pub(super) fn originals(dossier: &Dossier) -> Result<Vec<SourceFile>> {
    let Some(folder) = dossier.root().map(|root| root.join(ORIGINALS)) else {
        return Ok(Vec::new());
    };
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |error| unreadable(&folder, &error);
    let mut originals = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        originals.extend(dossier.other_file(&format!("{ORIGINALS}/{name}"))?);
    }
    originals.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(originals)
}

/// Returns the path of the file from which the text of a document was made.
pub(super) fn original_path(stem: &str, file: &str) -> String {
    format!("{ORIGINALS}/{stem}{}", extension(file))
}

fn extension(file: &str) -> String {
    match file.rsplit_once('.') {
        Some((_, extension)) if extension.chars().all(|c| c.is_ascii_alphanumeric()) => {
            format!(".{}", extension.to_ascii_lowercase())
        }
        _ => ".txt".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_original_has_the_name_of_its_document() {
        for (file, path) in [("Page.HTML", "tea.html"), ("-", "tea.txt")] {
            assert_eq!(original_path("tea", file), format!("{ORIGINALS}/{path}"));
        }
    }
}
