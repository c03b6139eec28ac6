//! The table files of a store on disk, and whether they still have the contents that were written.
//!
//! `RocksDB` notices a damaged block when it reads it, but a query may not end then: the engine repeats the error without
//! end, and steps such as GROUP BY collect all errors before they return the first. So each table has a checksum, which
//! is kept beside the store, and the tables are compared with their checksums as soon as a query takes long.

use super::sidecar::{self, Checksums};
use crate::budget::{Cancellation, Stop};
use crate::diagnostic::{Error, Result, error};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, OnceLock, PoisonError, Weak};
use std::thread;
use std::time::Duration;

/// How long a query may run at least before the tables are compared.
const SHORT: Duration = Duration::from_millis(300);

/// How many more bytes of tables give a query one more second: a comparison takes a small part of its time.
const BYTES_PER_SECOND: u64 = 500_000_000;

/// How many bytes are read at once.
const CHUNK: usize = 1 << 20;

/// Compares the tables of a store with their checksums while its queries run. Clones are the same guard.
#[derive(Clone)]
pub(super) struct Guard(Arc<GuardState>);

struct GuardState {
    folder: PathBuf,
    /// The checksums as they were when the store was opened to write to it.
    known: Checksums,
    /// What stops the query that is running.
    current: Mutex<Option<Cancellation>>,
    /// Why nothing may be read any more.
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

    /// Stops a query, if it takes long and a table turns out to be damaged.
    ///
    /// # Errors
    /// If a table is known to be damaged.
    pub(super) fn watch(&self, cancellation: &Cancellation) -> Result<()> {
        *self.0.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(cancellation.clone());
        if let Some(damage) = self.0.damage.get() {
            return Err(damage.clone());
        }
        let guarded = Arc::downgrade(&self.0);
        let folder = self.0.folder.clone();
        self.0.begun.call_once(|| {
            // (Without the thread a query on a damaged store takes long, and all is right with the others.)
            let _ = thread::Builder::new().spawn(move || compare(&folder, &guarded));
        });
        Ok(())
    }

    /// Keeps the checksums of the tables in the folder of a store, which nobody has open to write. Those that are known
    /// are not computed again: a table that was damaged since then stays one.
    ///
    /// # Errors
    /// If they cannot be computed or written.
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

/// Compares the tables of a store with their checksums, and stops its query at the first that is damaged.
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
            // What cannot be opened has been replaced, or says so to the engine as well.
            Ok(Some(_)) | Err(_) => {}
            Ok(None) => return,
        }
    }
}

/// Returns the checksum of a file, or `None` if it is not wanted any more.
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

/// The error for a table that does not have the contents that were written.
fn damaged(table: &Path) -> Error {
    let name = table.file_name().unwrap_or_default().display();
    let store = table.parent().unwrap_or(Path::new(".")).display();
    error!("store-damaged", "the store `{store}` is damaged: its file `{name}` has changed")
        .help("replace the folder with a copy, or load the files into a new store")
        .store()
}

/// The error for a table that `RocksDB` says is damaged, if its message names one:
/// `Corruption: block checksum mismatch: …  in st/000038.sst offset 25904 size 4064`.
pub(super) fn found_by_engine(message: &str) -> Option<Error> {
    let (_, place) = message.rsplit_once(" in ")?;
    let path = Path::new(place.split_once(" offset ").map_or(place, |(path, _)| path));
    let is_table = path.extension().is_some_and(|extension| extension == "sst");
    is_table.then(|| damaged(path))
}
