//! The folder of a site. It is written beside its place and renamed, so that it is whole or as it was.

use crate::diagnostic::{Error, Result, error, reason};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The file that tells that a folder is one of `dossier publish`.
const MARKER: &str = ".dossier-site";

const MARKER_TEXT: &str =
    "The files of this folder are written by `dossier publish`, which replaces all of them.\n";

/// What stands in the folder of a site.
const ENTRIES: [&str; 9] =
    ["ask", "claim", "draw", "index.html", "read", "search", "static", "thing", MARKER];

/// A folder that is being written.
pub(super) struct SiteFolder {
    /// Where it will stand, as it was typed, and in full.
    typed: PathBuf,
    place: PathBuf,
    /// What holds it until then, and is removed at the end.
    beside: TempDir,
}

impl SiteFolder {
    /// Begins a folder that will stand at a place, where there is nothing yet, an empty folder or an older site.
    ///
    /// # Errors
    /// Fails if something else stands there, or nothing can be written beside it.
    pub(super) fn begin(typed: &Path) -> Result<Self> {
        let failed = |error: io::Error| unwritable(typed, &error);
        let place = match fs::canonicalize(typed) {
            Ok(there) => there,
            Err(_) => std::path::absolute(typed).map_err(failed)?,
        };
        check_free(&place, typed)?;
        let parent = place.parent().unwrap_or(&place);
        if !parent.is_dir() {
            let parent = typed.parent().unwrap_or(typed);
            return Err(error!(
                "site-unwritable",
                "the folder `{}` does not exist",
                parent.display()
            )
            .help("create it, or name another one")
            .input());
        }
        let beside = tempfile::Builder::new()
            .prefix(".dossier-publish-")
            .tempdir_in(parent)
            .map_err(failed)?;
        let site = Self { typed: typed.to_owned(), place, beside };
        site.write(MARKER, MARKER_TEXT.as_bytes())?;
        Ok(site)
    }

    fn root(&self) -> PathBuf {
        // The temporary folder is for its owner alone, a site is for everybody.
        self.beside.path().join("site")
    }

    /// Writes a file.
    ///
    /// # Errors
    /// Fails if the system refuses it.
    pub(super) fn write(&self, path: &str, content: &[u8]) -> Result<()> {
        let file = self.root().join(path);
        let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
        folder
            .and_then(|()| fs::write(&file, content))
            .map_err(|error| unwritable(&self.typed, &error))
    }

    /// Returns the text of a file that was written, or `None` if there is none.
    pub(super) fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.root().join(path)).ok()
    }

    /// Puts the folder in its place.
    ///
    /// # Errors
    /// Fails if the system refuses it. What stood there still does.
    pub(super) fn finish(self) -> Result<()> {
        let failed = |error: io::Error| unwritable(&self.typed, &error);
        // Somebody may have put something there meanwhile.
        check_free(&self.place, &self.typed)?;
        let old = self.beside.path().join("old");
        let is_there = self.place.exists();
        if is_there {
            fs::rename(&self.place, &old).map_err(failed)?;
        }
        if let Err(error) = fs::rename(self.root(), &self.place) {
            if is_there {
                fs::rename(&old, &self.place).map_err(failed)?;
            }
            return Err(failed(error));
        }
        self.beside.close().map_err(|error| unwritable(&self.typed, &error))
    }
}

/// Checks that a site may be written to a place.
fn check_free(place: &Path, typed: &Path) -> Result<()> {
    let shown = typed.display();
    let foreign = |what: String| {
        error!("site-folder-foreign", "{what}")
            .help(
                "name a folder that does not exist, is empty, or was written by `dossier publish`",
            )
            .usage()
    };
    if !place.exists() {
        return Ok(());
    }
    if !place.is_dir() {
        return Err(foreign(format!("`{shown}` is not a folder")));
    }
    let entries = fs::read_dir(place).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = entries.map_err(|error| unwritable(typed, &error))?;
    let mut names: Vec<String> =
        entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    if names.is_empty() {
        return Ok(());
    }
    if !names.iter().any(|name| name == MARKER) {
        return Err(foreign(format!(
            "`{shown}` is not empty, and is not a site of `dossier publish`"
        )));
    }
    match names.iter().find(|name| !ENTRIES.contains(&name.as_str())) {
        Some(name) => Err(error!(
            "site-folder-foreign",
            "`{shown}` contains `{name}`, which `dossier publish` did not write and would remove"
        )
        .help("move it away, and copy it back afterwards")
        .usage()),
        None => Ok(()),
    }
}

fn unwritable(place: &Path, error: &io::Error) -> Error {
    error!("site-unwritable", "cannot write the folder `{}`: {}", place.display(), reason(error))
        .input()
}
