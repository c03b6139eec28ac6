//! The folder of a store on disk, as laid out by [RocksDB](https://rocksdb.org).

use std::io;
use std::path::Path;

/// The file that every store has. It names the manifest, which lists the live files.
const CURRENT: &str = "CURRENT";

/// The file with the unique identity of a store.
const IDENTITY: &str = "IDENTITY";

/// The identity of a store, and the files that change with every write, with their lengths.
///
/// Each process that opens the store for writing begins a new
/// [manifest](https://github.com/facebook/rocksdb/wiki/MANIFEST), and each write makes the manifest or a log longer.
pub(super) type StoreState = Vec<(String, u64)>;

/// Returns whether a folder holds a store.
pub(super) fn is_of_a_store(folder: &Path) -> bool {
    folder.join(CURRENT).is_file()
}

/// Returns whether a folder has files of a store that was once complete, but lacks `CURRENT`. `RocksDB` creates
/// `CURRENT` before those files.
#[cfg(any(feature = "disk", test))]
pub(super) fn has_lost_current(folder: &Path) -> bool {
    let is_made_later = |name: &str| {
        let path = Path::new(name);
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_numbered = !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_digit());
        name.starts_with("OPTIONS-")
            || path.extension().is_some_and(|end| end == "sst" || end == "log" && is_numbered)
    };
    let files = folder.read_dir().into_iter().flatten().flatten();
    let names: Vec<String> =
        files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    // Another process may have created it in the meantime.
    names.iter().any(|name| name.starts_with("MANIFEST-"))
        && names.iter().any(|name| is_made_later(name))
        && !is_of_a_store(folder)
}

/// Returns the name of the manifest. Each process that opens the store for writing begins a new one.
pub(super) fn manifest(folder: &Path) -> io::Result<String> {
    Ok(std::fs::read_to_string(folder.join(CURRENT))?.trim_end().to_owned())
}

/// Returns the number of the manifest, which grows each time the store is opened for writing.
pub(super) fn manifest_number(folder: &Path) -> io::Result<u64> {
    let name = manifest(folder)?;
    let number = name.rsplit('-').next().and_then(|number| number.parse().ok());
    number.ok_or_else(|| io::Error::other("its manifest has no number"))
}

/// Returns the state of a store. If two states are equal, nothing was written to the store between them.
pub(super) fn state(folder: &Path) -> io::Result<StoreState> {
    let manifest = manifest(folder)?;
    let length = folder.join(&manifest).metadata()?.len();
    let identity = std::fs::read_to_string(folder.join(IDENTITY)).unwrap_or_default();
    let mut state = vec![(identity.trim_end().to_owned(), 0), (manifest, length)];
    for file in folder.read_dir()? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if Path::new(&name).extension().is_some_and(|extension| extension == "log") {
            state.push((name, file.metadata()?.len()));
        }
    }
    state.sort_unstable();
    Ok(state)
}

/// The prefix of the names of incomplete files beside a store.
pub(super) const UNFINISHED: &str = "unfinished-";

/// Removes files left by an interrupted load: tables that never became part of the store, and files that were not
/// finished beside it. Returns how many bytes were freed.
pub(super) fn remove_unfinished(folder: &Path) -> u64 {
    let mut bytes = 0;
    for file in folder.read_dir().into_iter().flatten().flatten() {
        let name = file.file_name();
        let name = name.to_string_lossy();
        let is_of_load = name.starts_with("bulk-") && name.ends_with(".sst");
        if is_of_load || name.starts_with(UNFINISHED) {
            bytes += file.metadata().map_or(0, |metadata| metadata.len());
            let _ = std::fs::remove_file(file.path());
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_is_being_made_has_lost_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let make = |name: &str| std::fs::write(folder.path().join(name), "").unwrap();
        for name in ["LOCK", "LOG", "IDENTITY", "MANIFEST-000001", "000001.dbtmp"] {
            make(name);
            assert!(!has_lost_current(folder.path()), "{name}");
        }
        make("OPTIONS-000005");
        assert!(has_lost_current(folder.path()));
        make(CURRENT);
        assert!(!has_lost_current(folder.path()));
        assert!(!has_lost_current(&folder.path().join("none")));
    }
}
