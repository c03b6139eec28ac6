//! The table files of a store on disk, and the check that their contents are as written.
//!
//! `RocksDB` detects a damaged block when it reads it, but a query may not end then. The engine repeats the error
//! endlessly, and operators such as GROUP BY collect all errors before they return the first. So each table has a
//! checksum, stored beside the store, and the tables are verified as soon as a query takes long.

use super::sidecar::{self, Checksums};
use crate::budget::{Cancellation, Stop};
use crate::diagnostic::{Error, Result, error};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, OnceLock, PoisonError, Weak};
use std::thread;
use std::time::Duration;

/// The minimum running time of a query before the tables are verified.
const SHORT: Duration = Duration::from_millis(300);

/// The number of bytes of tables that adds one second to that time, so that verification takes a small part of a
/// query's time.
const BYTES_PER_SECOND: u64 = 500_000_000;

/// The number of bytes per read.
const CHUNK: usize = 1 << 20;

/// Verifies the checksums of a store's tables while its queries run. Clones share the guard.
#[derive(Clone)]
pub(super) struct Guard(Arc<GuardState>);

struct GuardState {
    folder: PathBuf,
    /// The checksums at the time when the store was opened for writing.
    known: Checksums,
    /// The token that stops the running query.
    current: Mutex<Option<Cancellation>>,
    /// Why the store must not be read any more.
    damage: OnceLock<Error>,
    begun: Once,
}

impl Guard {
    pub(super) fn new(folder: &Path, known: Checksums) -> Self {
        Self(Arc::new(GuardState {
            folder: folder.to_owned(),
            known,
            current: Mutex::default(),
            damage: OnceLock::new(),
            begun: Once::new(),
        }))
    }

    /// Stops a query if it takes long and a table turns out to be damaged.
    ///
    /// # Errors
    /// Fails if a table is known to be damaged.
    pub(super) fn watch(&self, cancellation: &Cancellation) -> Result<()> {
        *self.0.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(cancellation.clone());
        if let Some(damage) = self.0.damage.get() {
            return Err(damage.clone());
        }
        let guarded = Arc::downgrade(&self.0);
        let folder = self.0.folder.clone();
        self.0.begun.call_once(|| {
            // Without the thread, only queries on a damaged store take long.
            let _ = thread::Builder::new().spawn(move || compare(&folder, &guarded));
        });
        Ok(())
    }

    /// Saves the checksums of the tables in the folder of a store, which must not be open for writing. Known checksums
    /// are not computed again, so a table that was damaged in the meantime is still detected.
    ///
    /// # Errors
    /// Fails if the checksums cannot be computed or written.
    pub(super) fn keep(&self, folder: &Path) -> Result<()> {
        let kept = self.checksums(folder).and_then(|sums| sidecar::keep_checksums(folder, &sums));
        kept.map_err(|error| sidecar::not_kept(folder, "checksums", &error))
    }

    fn checksums(&self, folder: &Path) -> io::Result<Checksums> {
        let mut checksums = Checksums::new();
        for file in folder.read_dir()? {
            let name = file?.file_name().to_string_lossy().into_owned();
            if Path::new(&name).extension().is_none_or(|extension| extension != "sst") {
                continue;
            }
            let found = match self.0.known.get(&name) {
                Some(known) => Some(*known),
                None => checksum(&folder.join(&name), &|| true)?,
            };
            checksums.extend(found.map(|found| (name, found)));
        }
        Ok(checksums)
    }
}

/// Verifies the tables of a store, and stops its query at the first damaged one.
fn compare(folder: &Path, guarded: &Weak<GuardState>) {
    thread::sleep(SHORT);
    let is_wanted = || guarded.strong_count() > 0;
    let Some(checksums) =
        Some(()).filter(|()| is_wanted()).and_then(|()| sidecar::checksums(folder))
    else {
        return;
    };
    let size = |name: &String| folder.join(name).metadata().map_or(0, |metadata| metadata.len());
    let bytes: u64 = checksums.keys().map(size).sum();
    thread::sleep(Duration::from_millis(bytes.saturating_mul(1000) / BYTES_PER_SECOND));
    for (name, expected) in checksums {
        let path = folder.join(&name);
        match checksum(&path, &is_wanted) {
            Ok(Some(found)) if found != expected => {
                if let Some(guarded) = guarded.upgrade() {
                    let damage = damaged(&path);
                    let _ = guarded.damage.set(damage.clone());
                    let current = guarded.current.lock().unwrap_or_else(PoisonError::into_inner);
                    current.as_ref().map(|cancellation| cancellation.stop(Stop::Failure(damage)));
                }
                return;
            }
            // A file that cannot be opened has been replaced, or the engine reports the same error.
            Ok(Some(_)) | Err(_) => {}
            Ok(None) => return,
        }
    }
}

/// Returns the checksum of a file, or `None` if it is no longer wanted.
fn checksum(path: &Path, is_wanted: &dyn Fn() -> bool) -> io::Result<Option<u32>> {
    let mut file = File::open(path)?;
    let mut hasher = crc32fast::Hasher::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(Some(hasher.finalize())),
            _ if !is_wanted() => return Ok(None),
            length => hasher.update(&chunk[..length]),
        }
    }
}

/// Returns the error for a table whose contents have changed.
fn damaged(table: &Path) -> Error {
    let name = table.file_name().unwrap_or_default().display();
    let store = table.parent().unwrap_or(Path::new(".")).display();
    error!("store-damaged", "the store `{store}` is damaged: its file `{name}` has changed")
        .help("replace the folder with a copy, or load the files into a new store")
        .store()
}

/// Returns the error for a damaged table, if a message of `RocksDB` names one: `Corruption: block checksum mismatch: …
/// in st/000038.sst offset 25904 size 4064`.
pub(super) fn found_by_engine(message: &str) -> Option<Error> {
    let (_, location) = message.rsplit_once(" in ")?;
    let path = Path::new(location.split_once(" offset ").map_or(location, |(path, _)| path));
    let is_table = path.extension().is_some_and(|extension| extension == "sst");
    is_table.then(|| damaged(path))
}
