//! Stores on disk: [RocksDB](https://rocksdb.org) folders in Oxigraph's layout.
//!
//! Either one process writes to a folder or several read it. RocksDB locks the file `LOCK` exclusively for the writer.
//! Readers, which RocksDB does not know of, share a lock on the same file. Other programs that open the folder with
//! Oxigraph respect both locks.
//!
//! Without the feature `disk`, the public functions fail with an error that says how to get it.

#[cfg(feature = "disk")]
mod rocksdb {
    use crate::budget::Cancellation;
    use crate::diagnostic::{Error, Result, error, lower_first, reason};
    use crate::engine::sidecar::{self, Checksums};
    use crate::engine::tables::Guard;
    use crate::engine::{Embedded, failed, folder, is_full};
    use oxigraph::store::StorageError;
    use std::fs::File;
    use std::io;
    use std::path::Path;
    use std::sync::Arc;

    /// The file that RocksDB locks.
    const LOCK: &str = "LOCK";

    impl Embedded {
        /// Opens a store on disk for reading. Others may read it at the same time, but nobody may write to it.
        ///
        /// # Errors
        /// Fails if there is no store, or another process writes to it.
        pub fn open(folder: &Path) -> Result<Self> {
            if !folder::is_of_a_store(folder) {
                return Err(missing(folder));
            }
            let lock = shared_lock(folder)?;
            let inner = oxigraph::store::Store::open_read_only(folder)
                .map_err(|error| refused(folder, error))?;
            let store = Self {
                folder: Some(Arc::new(folder.to_owned())),
                lock: lock.map(Arc::new),
                guard: Some(Guard::new(folder, Checksums::new())),
                ..Self::with(inner)
            };
            // The statistics are read when they are first needed.
            store.planning.note_kept(None, sidecar::index(folder));
            Ok(store)
        }

        /// Opens a store on disk for writing. Nobody else may read it or write to it at the same time.
        ///
        /// # Errors
        /// Fails if there is no store, it is not writable, or another process has it open.
        pub fn open_to_write(folder: &Path) -> Result<Self> {
            if folder::is_of_a_store(folder) {
                Self::open_or_create(folder)
            } else {
                Err(missing(folder))
            }
        }

        /// Opens a store on disk for writing, or creates an empty one. Nobody else may read it or write to it at the
        /// same time.
        ///
        /// # Errors
        /// Fails if the folder holds something else or is not writable, or another process has the store open.
        pub fn open_or_create(folder: &Path) -> Result<Self> {
            if folder::has_lost_current(folder) {
                return Err(without_current(folder));
            }
            if !folder::is_of_a_store(folder) && !may_become_one(folder)? {
                return Err(error!(
                    "not-a-store",
                    "`{}` exists but is not a dossier store",
                    folder.display()
                )
                .help("name a new or empty folder, or an existing store")
                .usage());
            }
            let (statistics, index) = (sidecar::statistics(folder), sidecar::index(folder));
            let checksums = sidecar::checksums(folder).unwrap_or_default();
            let inner =
                oxigraph::store::Store::open(folder).map_err(|error| refused(folder, error))?;
            folder::remove_unfinished(folder);
            let store = Self {
                folder: Some(Arc::new(folder.to_owned())),
                guard: Some(Guard::new(folder, checksums)),
                ..Self::with(inner)
            };
            store.planning.note_kept(statistics, index);
            Ok(store)
        }

        /// Copies a store on disk to a new folder. Immutable files are hard-linked where the file system supports it.
        ///
        /// # Errors
        /// Fails if the folder exists already or cannot be written.
        pub fn backup(&self, folder: &Path) -> Result<()> {
            if folder.exists() {
                return Err(error!("copy-exists", "`{}` already exists", folder.display())
                    .help("name a folder that does not exist yet")
                    .usage());
            }
            self.store.backup(folder).map_err(|error| {
                // The folder did not exist before, so whatever is in it is part of the failed copy.
                let _ = std::fs::remove_dir_all(folder);
                not_made(folder, &error)
            })?;
            self.planning.keep(folder)?;
            self.guard.as_ref().map_or(Ok(()), |guard| guard.keep(folder))
        }

        /// Compacts the files of a store on disk for fast reading, then gathers the statistics and builds the index
        /// again.
        ///
        /// # Errors
        /// Fails if the files cannot be read or written.
        pub fn compact(&self) -> Result<()> {
            self.order_files()?;
            self.planning.note_change();
            self.statistics(&Cancellation::default()).map(drop)
        }

        /// Has a query on the store's tables stopped if a table turns out to be damaged.
        ///
        /// # Errors
        /// Fails if a table is known to be damaged.
        pub(in crate::engine) fn watch(&self, cancellation: &Cancellation) -> Result<()> {
            self.guard.as_ref().map_or(Ok(()), |guard| guard.watch(cancellation))
        }

        /// Compacts the files of a store, so that each key is in only one file. If there is not enough disk space, the
        /// files stay as they are.
        pub(in crate::engine) fn order_files(&self) -> Result<()> {
            self.store.optimize().map_err(failed)
        }
    }

    fn missing(folder: &Path) -> Error {
        match folder.read_dir() {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return cannot_open(folder, &reason(&error));
            }
            _ => {}
        }
        if folder::has_lost_current(folder) {
            return without_current(folder);
        }
        let what = if folder.exists() { "not a store" } else { "missing" };
        error!("not-a-store", "`{}` is {what}", folder.display())
            .help(format!("create one: `dossier load FILE… --store {}`", folder.display()))
            .usage()
    }

    fn without_current(folder: &Path) -> Error {
        let name = folder.display();
        error!("store-damaged", "the store `{name}` is damaged: its file `CURRENT` is missing")
            .help("replace the folder with a copy, or load the files into a new store")
            .store()
    }

    /// Returns whether a folder is missing, empty, or has only the files that are created first. In the last case
    /// another process may be creating a store there.
    fn may_become_one(folder: &Path) -> Result<bool> {
        const FIRST: [&str; 6] = ["CURRENT", "IDENTITY", LOCK, "LOG", "MANIFEST-", "OPTIONS-"];
        let is_first = |name: &str| {
            FIRST.iter().any(|first| name.starts_with(first))
                || Path::new(name).extension().is_some_and(|end| end == "log" || end == "dbtmp")
        };
        match folder.read_dir() {
            Ok(mut files) => Ok(files
                .all(|file| file.is_ok_and(|file| is_first(&file.file_name().to_string_lossy())))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            Err(error) => Err(cannot_open(folder, &reason(&error))),
        }
    }

    /// Takes a shared lock on a store, which lasts as long as the returned file. Returns `None` where locking is
    /// impossible, such as on a read-only medium.
    #[cfg(unix)]
    fn shared_lock(folder: &Path) -> Result<Option<File>> {
        use rustix::fs::{FlockOperation, fcntl_lock};
        let path = folder.join(LOCK);
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                File::options().read(true).append(true).create(true).open(&path)
            }
            opened => opened,
        };
        let Ok(file) = file else { return Ok(None) };
        match fcntl_lock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => Ok(Some(file)),
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::ACCESS) => Err(in_use(folder)),
            Err(_) => Ok(None),
        }
    }

    #[cfg(not(unix))]
    fn shared_lock(folder: &Path) -> Result<Option<File>> {
        // RocksDB opens the file exclusively while it writes.
        match File::open(folder.join(LOCK)) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(in_use(folder)),
            _ => Ok(None),
        }
    }

    fn in_use(folder: &Path) -> Error {
        error!("store-in-use", "the store `{}` is in use by another process", folder.display())
            .help("wait until it ends, or work on a copy: `dossier backup COPY --store DIR`")
            .store()
    }

    fn cannot_open(folder: &Path, why: &str) -> Error {
        let problem =
            error!("store-unreadable", "cannot open the store `{}`: {why}", folder.display());
        if why == "permission denied" {
            return problem.help("ask the owner of the folder for permission to read it, or to write to it if you load").store();
        }
        problem.store()
    }

    /// Returns the error for a backup that failed.
    fn not_made(folder: &Path, error: &StorageError) -> Error {
        let why = reason_of(error);
        let problem =
            error!("store-unwritable", "cannot create the copy `{}`: {why}", folder.display());
        if is_full(error) {
            problem.help("free some space on its disk").store()
        } else {
            problem.store()
        }
    }

    /// Returns why a store cannot be opened. A message of RocksDB begins with the location and ends with the message of
    /// the operating system.
    fn reason_of(error: &StorageError) -> String {
        let message = error.to_string();
        let cause = message.strip_prefix("IO error: ").and_then(|cause| cause.rsplit(": ").next());
        lower_first(cause.unwrap_or(&message))
    }

    #[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
    fn refused(folder: &Path, error: StorageError) -> Error {
        let message = error.to_string();
        // Errors about damaged files mention a `block`.
        if message.starts_with("IO error")
            && ["lock file", "lock hold"].iter().any(|words| message.contains(words))
        {
            return in_use(folder);
        }
        let mut refused = cannot_open(folder, &reason_of(&error));
        if is_full(&error) {
            for problem in &mut refused.problems {
                problem.help = Some("free some space on its disk".to_owned());
            }
        }
        refused
    }
}

#[cfg(not(feature = "disk"))]
mod absent {
    use crate::budget::Cancellation;
    use crate::diagnostic::{Result, error};
    use crate::engine::Embedded;
    use std::path::Path;

    impl Embedded {
        /// Opens a store on disk for reading.
        ///
        /// # Errors
        /// Always fails: this program was built without stores on disk.
        pub fn open(_folder: &Path) -> Result<Self> {
            not_built_in()
        }

        /// Opens a store on disk for writing.
        ///
        /// # Errors
        /// Always fails: this program was built without stores on disk.
        pub fn open_to_write(_folder: &Path) -> Result<Self> {
            not_built_in()
        }

        /// Opens a store on disk for writing, or creates one.
        ///
        /// # Errors
        /// Always fails: this program was built without stores on disk.
        pub fn open_or_create(_folder: &Path) -> Result<Self> {
            not_built_in()
        }

        /// Copies a store on disk.
        ///
        /// # Errors
        /// Always fails: this program was built without stores on disk.
        pub fn backup(&self, _folder: &Path) -> Result<()> {
            not_built_in()
        }

        /// Compacts the files of a store on disk.
        ///
        /// # Errors
        /// Always fails: this program was built without stores on disk.
        pub fn compact(&self) -> Result<()> {
            not_built_in()
        }

        #[expect(
            clippy::unused_self,
            clippy::unnecessary_wraps,
            reason = "it is so with the feature"
        )]
        pub(in crate::engine) fn order_files(&self) -> Result<()> {
            Ok(())
        }

        #[expect(
            clippy::unused_self,
            clippy::unnecessary_wraps,
            reason = "it is so with the feature"
        )]
        pub(in crate::engine) fn watch(&self, _cancellation: &Cancellation) -> Result<()> {
            Ok(())
        }
    }

    fn not_built_in<T>() -> Result<T> {
        Err(error!("disk-not-built", "this program was built without stores on disk")
            .help("build it with `cargo install --path . --features disk`, which needs a C++ compiler and libclang")
            .usage())
    }
}
