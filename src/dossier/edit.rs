//! Changes to the files of a dossier that take effect together or not at all.
//!
//! The new files are written to a folder in the dossier, which is then renamed: that commits them. Only then they
//! replace the old ones. If the process ends in between, the next one to open the dossier finishes this, as a database
//! replays its redo log.

use super::{Dossier, SourceFile, unreadable};
use crate::diagnostic::{Error, Result, error, reason};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

/// The folder of committed files that do not yet stand in their places.
const COMMITTED: &str = ".dossier-edit";

/// How the folder's name begins before the files in it are committed.
const STAGED: &str = ".dossier-edit.";

/// The folder of files that stand in their places, before it is removed.
const APPLIED: &str = ".dossier-edit.applied";

/// The file in these folders that lists the places of the others, one on each line. The file for the first line is named `0`.
const PLACES: &str = "places";

/// The file in these folders that lists the files that are removed, one on each line.
const REMOVED: &str = "removed";

/// Changes to the files of a dossier, which take effect together.
#[derive(Debug)]
pub(crate) struct Edit {
    root: PathBuf,
    changes: Vec<Change>,
    /// The files that are removed, with their contents in `before`.
    removals: Vec<Change>,
}

/// The new content of a file.
#[derive(Debug)]
struct Change {
    /// The path in the dossier, with `/`.
    path: String,
    /// The content that is replaced, or `None` if the file is new.
    before: Option<Vec<u8>>,
    after: Vec<u8>,
}

impl Edit {
    /// Begins an edit without changes.
    ///
    /// # Errors
    /// If it is the built-in dossier, which has no files, or several dossiers.
    pub(crate) fn of(dossier: &Dossier) -> Result<Self> {
        match &dossier.only()?.root {
            Some(root) => Ok(Self::at(root)),
            None => Err(error!("built-in-dossier", "the built-in dossier cannot be changed")
                .help("make one of your own: `dossier new FOLDER`, then `--dossier FOLDER`")
                .usage()),
        }
    }

    /// Begins an edit of the files in a folder.
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_owned(), changes: Vec::new(), removals: Vec::new() }
    }

    /// Replaces the content of a file.
    pub(crate) fn replace(&mut self, file: &SourceFile, after: impl Into<Vec<u8>>) {
        let before = Some(file.bytes.to_vec());
        self.changes.push(Change { path: file.path.clone(), before, after: after.into() });
    }

    /// Adds a file, whose path in the dossier is separated by `/`.
    pub(crate) fn create(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.changes.push(Change { path: path.into(), before: None, after: content.into() });
    }

    /// Removes a file.
    pub(crate) fn remove(&mut self, file: &SourceFile) {
        let before = Some(file.bytes.to_vec());
        self.removals.push(Change { path: file.path.clone(), before, after: Vec::new() });
    }

    /// Returns the paths of the files that are written, in order.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.changes.iter().map(|change| change.path.as_str())
    }

    /// Makes all changes.
    ///
    /// # Errors
    /// If a file is no longer what it was when it was read, or a new one exists already; if something cannot be written.
    /// Then the dossier is as it was, unless the files have been committed and only their places cannot be written: the
    /// next process that opens the dossier tries again.
    pub(crate) fn commit(self) -> Result<()> {
        let failed = |error: io::Error| unwritable(&self.root, &error);
        let _lock = lock(&self.root).map_err(failed)?;
        complete(&self.root)?;
        remove_stale(&self.root).map_err(failed)?;
        for change in self.changes.iter().chain(&self.removals) {
            change.verify(&self.root)?;
        }
        let staged = tempfile::Builder::new().prefix(STAGED).tempdir_in(&self.root);
        let staged = staged.map_err(failed)?;
        self.stage(staged.path()).map_err(failed)?;
        let committed = self.root.join(COMMITTED);
        fs::rename(staged.path(), &committed).map_err(failed)?;
        // It has been renamed, so there is nothing left to remove.
        let _ = staged.keep();
        sync(&self.root);
        apply(&self.root).map_err(failed)
    }

    /// Writes the new files and the list of their places to a folder.
    fn stage(&self, folder: &Path) -> io::Result<()> {
        for (number, change) in self.changes.iter().enumerate() {
            let staged = folder.join(number.to_string());
            write(&staged, &change.after)?;
            if let Ok(existing) = self.root.join(&change.path).metadata() {
                fs::set_permissions(&staged, existing.permissions())?;
            }
        }
        let places: String = self.paths().flat_map(|path| [path, "\n"]).collect();
        write(&folder.join(PLACES), places.as_bytes())?;
        let removed: String =
            self.removals.iter().flat_map(|change| [change.path.as_str(), "\n"]).collect();
        write(&folder.join(REMOVED), removed.as_bytes())?;
        sync(folder);
        Ok(())
    }
}

impl Change {
    /// Verifies that the file can be written and is what it was when it was read.
    fn verify(&self, root: &Path) -> Result<()> {
        let is_inside =
            Path::new(&self.path).components().all(|part| matches!(part, Component::Normal(_)));
        let path = root.join(&self.path);
        if !is_inside || self.path.contains('\n') {
            return Err(refuse(&path, "it is not a path in the dossier"));
        }
        match (path.symlink_metadata(), &self.before) {
            (Ok(found), _) if found.is_symlink() => {
                Err(refuse(&path, "it is a symbolic link, which the new file would replace"))
            }
            (Ok(_), None) => Err(refuse(&path, "it exists already")),
            (Ok(found), _) if found.permissions().readonly() => {
                Err(refuse(&path, "it is read-only"))
            }
            (Ok(_), Some(before)) => {
                let now = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
                if now == *before {
                    Ok(())
                } else {
                    Err(refuse(&path, "another program changed it in the meantime"))
                }
            }
            (Err(_), None) => Ok(()),
            (Err(error), Some(_)) => Err(unreadable(&path, &error)),
        }
    }
}

/// Finishes the edit of a process that ended after it had committed its files, if there is one.
///
/// # Errors
/// If the files cannot be put into their places.
pub(super) fn finish(root: &Path) -> Result<()> {
    if !root.join(COMMITTED).exists() {
        return Ok(());
    }
    // Another process may be about to finish it.
    let _lock = lock(root).map_err(|error| unwritable(root, &error))?;
    complete(root)
}

/// Puts committed files into their places, if there are any. The dossier is locked.
fn complete(root: &Path) -> Result<()> {
    if root.join(COMMITTED).exists() {
        apply(root).map_err(|error| unwritable(root, &error))?;
    }
    Ok(())
}

/// Puts committed files into their places. A file that is missing stands there already.
fn apply(root: &Path) -> io::Result<()> {
    let committed = root.join(COMMITTED);
    let places = fs::read_to_string(committed.join(PLACES))?;
    for (number, place) in places.lines().enumerate() {
        let place = root.join(place);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        match fs::rename(committed.join(number.to_string()), &place) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        place.parent().into_iter().for_each(sync);
    }
    let removed = match fs::read_to_string(committed.join(REMOVED)) {
        // Versions before this list existed removed nothing.
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        read => read?,
    };
    for place in removed.lines() {
        match fs::remove_file(root.join(place)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    // Half removed, it would be a list of places no more: renamed, it counts as removed.
    let applied = root.join(APPLIED);
    if applied.exists() {
        fs::remove_dir_all(&applied)?;
    }
    fs::rename(&committed, &applied)?;
    fs::remove_dir_all(&applied)
}

/// Removes what processes left that ended before they committed anything, or before they removed what they had applied.
/// The dossier is locked.
fn remove_stale(root: &Path) -> io::Result<()> {
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(STAGED) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Keeps other processes from changing the dossier as long as the value lives, where folders can be locked.
fn lock(root: &Path) -> io::Result<Option<File>> {
    if cfg!(unix) {
        let folder = File::open(root)?;
        match folder.lock() {
            // Some network file systems have no locks.
            Err(error) if error.kind() != io::ErrorKind::Unsupported => return Err(error),
            _ => return Ok(Some(folder)),
        }
    }
    Ok(None)
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Makes renames in a folder durable, where folders can be synchronized.
fn sync(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

fn unwritable(root: &Path, error: &io::Error) -> Error {
    error!("dossier-unwritable", "cannot change `{}`: {}", root.display(), reason(error)).input()
}

fn refuse(path: &Path, why: &str) -> Error {
    error!("file-not-replaced", "cannot write `{}`: {why}", path.display())
        .help("nothing was changed")
        .input()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;
    use tempfile::TempDir;

    fn dossier() -> (TempDir, Dossier) {
        let root = tempfile::tempdir().unwrap();
        for folder in ["ontology", "data", "queries"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        fs::write(root.path().join("data/a.trig"), "old").unwrap();
        let dossier = Dossier::open(root.path()).unwrap();
        (root, dossier)
    }

    fn file(content: &'static str) -> SourceFile {
        SourceFile { path: "data/a.trig".into(), bytes: Cow::Borrowed(content.as_bytes()) }
    }

    fn read(root: &TempDir, path: &str) -> Option<String> {
        fs::read_to_string(root.path().join(path)).ok()
    }

    /// Returns the names in the dossier's folder, sorted.
    fn names(root: &TempDir) -> Vec<String> {
        let entries = fs::read_dir(root.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_change_together() {
        let (root, dossier) = dossier();
        let mut edit = Edit::of(&dossier).unwrap();
        edit.replace(&file("old"), "new");
        edit.create("data/documents/tea.txt", "Tea.");
        fs::write(root.path().join("data/b.trig"), "b").unwrap();
        edit.remove(&SourceFile { path: "data/b.trig".into(), bytes: Cow::Borrowed(b"b") });
        edit.commit().unwrap();
        assert_eq!(read(&root, "data/b.trig"), None);
        assert_eq!(read(&root, "data/a.trig").as_deref(), Some("new"));
        assert_eq!(read(&root, "data/documents/tea.txt").as_deref(), Some("Tea."));
        assert_eq!(names(&root), ["data", "ontology", "queries"]);
    }

    #[test]
    fn nothing_changes_if_one_file_cannot() {
        let refused = |path: &str, before| {
            let (root, dossier) = dossier();
            let mut edit = Edit::of(&dossier).unwrap();
            edit.create("data/b.trig", "b");
            match before {
                Some(before) => edit.replace(&file(before), "new"),
                None => edit.create(path, "new"),
            }
            let error = edit.commit().unwrap_err().to_string();
            assert_eq!(read(&root, "data/a.trig").as_deref(), Some("old"));
            assert_eq!(read(&root, "data/b.trig"), None);
            assert_eq!(names(&root), ["data", "ontology", "queries"]);
            error
        };
        assert!(refused("", Some("older")).contains("another program changed it"));
        assert!(refused("data/a.trig", None).contains("it exists already"));
        for outside in ["../x", "/x", "data/x\ny"] {
            assert!(refused(outside, None).contains("it is not a path in the dossier"));
        }
        assert!(Edit::of(&Dossier::built_in()).is_err());
    }

    #[test]
    fn a_committed_edit_is_completed_when_the_dossier_is_opened() {
        let (root, _) = dossier();
        let folder = root.path().join(COMMITTED);
        fs::create_dir(&folder).unwrap();
        // The process ended after it had put the first file into its place.
        fs::write(folder.join(PLACES), "data/a.trig\ndata/documents/tea.txt\n").unwrap();
        fs::write(root.path().join("data/a.trig"), "new").unwrap();
        fs::write(folder.join("1"), "Tea.").unwrap();
        Dossier::open(root.path()).unwrap();
        assert_eq!(read(&root, "data/a.trig").as_deref(), Some("new"));
        assert_eq!(read(&root, "data/documents/tea.txt").as_deref(), Some("Tea."));
        assert_eq!(names(&root), ["data", "ontology", "queries"]);
    }

    #[test]
    fn an_edit_that_was_not_committed_is_dropped() {
        let (root, dossier) = dossier();
        fs::create_dir(root.path().join(".dossier-edit.x1")).unwrap();
        fs::write(root.path().join(".dossier-edit.x1/0"), "half").unwrap();
        let mut edit = Edit::of(&dossier).unwrap();
        edit.replace(&file("old"), "new");
        edit.commit().unwrap();
        assert_eq!(read(&root, "data/a.trig").as_deref(), Some("new"));
        assert_eq!(names(&root), ["data", "ontology", "queries"]);
    }
}
