//! Replaces several files, or none.

use crate::diagnostic::{Result, error, reason};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file with its content before and after.
pub(super) struct Replacement {
    pub(super) path: PathBuf,
    pub(super) before: Vec<u8>,
    pub(super) after: Vec<u8>,
}

/// Replaces files. Each is written beside its place before the first one is put there. If one cannot be put there, those
/// before it are restored.
///
/// # Errors
/// If a file cannot be written. All files are then as they were.
pub(super) fn replace_all(files: &[Replacement]) -> Result<()> {
    let written = files.iter().map(|file| {
        write_beside(&file.path, &file.after).map_err(|error| unwritable(&file.path, &error))
    });
    let written: Vec<(NamedTempFile, PathBuf)> = written.collect::<Result<_>>()?;
    for (number, (file, place)) in written.into_iter().enumerate() {
        if let Err(error) = file.persist(&place) {
            for replaced in &files[..number] {
                let restored = write_beside(&replaced.path, &replaced.before)
                    .and_then(|(file, place)| Ok(file.persist(place)?));
                restored.map_err(|error| unwritable(&replaced.path, &error))?;
            }
            return Err(unwritable(&place, &error.error));
        }
    }
    Ok(())
}

/// Writes content to a temporary file beside a file, with the same permissions. If the file is a link, it is beside what
/// the link points to. Returns both.
fn write_beside(path: &Path, content: &[u8]) -> io::Result<(NamedTempFile, PathBuf)> {
    let place = path.canonicalize()?;
    let permissions = place.metadata()?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    let mut file = NamedTempFile::new_in(place.parent().unwrap_or(Path::new(".")))?;
    file.write_all(content)?;
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    Ok((file, place))
}

fn unwritable(path: &Path, error: &io::Error) -> crate::diagnostic::Error {
    error!("file-unwritable", "cannot write `{}`: {}", path.display(), reason(error)).input()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn replacement(path: PathBuf) -> Replacement {
        Replacement { path, before: b"old".to_vec(), after: b"new".to_vec() }
    }

    /// A folder with two files, and one that a file cannot replace.
    fn folder() -> (tempfile::TempDir, [PathBuf; 3]) {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a", "b", "full"].map(|name| folder.path().join(name));
        for file in &paths[..2] {
            fs::write(file, "old").unwrap();
        }
        fs::create_dir(&paths[2]).unwrap();
        fs::write(paths[2].join("c"), "").unwrap();
        (folder, paths)
    }

    #[test]
    fn all_files_are_replaced() {
        let (folder, [a, b, _]) = folder();
        replace_all(&[replacement(a.clone()), replacement(b.clone())]).unwrap();
        assert_eq!([fs::read(a).unwrap(), fs::read(b).unwrap()], [b"new", b"new"]);
        assert_eq!(folder.path().read_dir().unwrap().count(), 3);
    }

    #[test]
    fn if_one_cannot_be_replaced_none_is() {
        let (folder, [a, b, full]) = folder();
        for last in [full, folder.path().join("missing")] {
            let files = [a.clone(), b.clone(), last].map(replacement);
            let error = replace_all(&files).unwrap_err();
            assert_eq!(error.problems[0].id.as_deref(), Some("file-unwritable"));
            assert_eq!([fs::read(&a).unwrap(), fs::read(&b).unwrap()], [b"old", b"old"]);
            assert_eq!(folder.path().read_dir().unwrap().count(), 3);
        }
    }
}
