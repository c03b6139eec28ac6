//! A file that is whole or not there, compressed if its name says so; or standard output.

use super::closable::{self, Closable};
use crate::budget::Stop;
use crate::catalogue::in_shell;
use crate::cli::reporter::{Reporter, is_colourful};
use crate::diagnostic::{Diagnostic, Error, reason};
use crate::rdf::read::Compression;
use crate::write_whole::{PlainWriter, WriteWhole};
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use terminal_size::terminal_size_of;

/// A file or standard output, and how wide a table may be there.
pub(crate) struct Target {
    path: Option<PathBuf>,
    /// How many columns a line may have: those of the terminal, else as many as `COLUMNS` says. `None` for any number.
    pub width: Option<u16>,
    /// Whether this is a terminal.
    pub is_terminal: bool,
    /// Whether to write in colour.
    pub is_colourful: bool,
    /// What reports the work whose output this is.
    pub reporter: Reporter,
}

impl Target {
    /// The target that `-o` names.
    pub(crate) fn new(path: Option<&Path>, reporter: &Reporter) -> Self {
        let path = path.filter(|path| *path != Path::new("-")).map(Path::to_owned);
        let is_terminal = path.is_none() && io::stdout().is_terminal();
        let terminal = if is_terminal { terminal_size_of(io::stdout()) } else { None };
        let width = match terminal {
            Some((width, _)) => Some(width.0),
            None if path.is_none() => columns(),
            None => None,
        };
        let is_colourful = is_terminal && is_colourful();
        Self { path, width, is_terminal, is_colourful, reporter: reporter.clone() }
    }

    /// Returns how many columns a line of a text may have.
    pub(crate) fn columns(&self) -> usize {
        self.width.map_or(usize::MAX, usize::from)
    }

    /// Checks that this is not a terminal, which cannot show the bytes of the format `name`. `file` is the name of a file
    /// for them.
    ///
    /// # Errors
    /// If it is one.
    pub(crate) fn check_takes_bytes(&self, name: &str, file: &str) -> Result<(), Error> {
        if !self.is_terminal {
            return Ok(());
        }
        let message = format!("a terminal cannot show `{name}`");
        Err(Diagnostic::error("binary-to-terminal", message)
            .help(format!("write it to a file: `-o {file}`"))
            .usage())
    }

    /// The file: none if it is standard output.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Hands out a writer. A file is written beside its place and put there when all is written: if something fails
    /// before, what was there stays as it was.
    pub(crate) fn write<T>(
        &self,
        write: impl FnOnce(&mut dyn WriteWhole) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let Some(path) = &self.path else {
            // Not locked: work that is left to itself would keep the lock.
            let name = "standard output".to_owned();
            let out = Refusing { inner: io::stdout(), name, reporter: None };
            let mut out = Closable::new(out, self.reporter.clone());
            let written = write(&mut out);
            // What came before an error is written, too.
            let finished = out.finish(written.is_ok());
            let written = written?;
            finished?;
            return Ok(written);
        };
        let refused = |error: io::Error| cannot_create(path, &error).usage();
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            // A device or a pipe cannot be replaced; it is written to as it is.
            let file = std::fs::OpenOptions::new().write(true).open(path).map_err(refused)?;
            let (written, _) = self.compressed(file, write)?;
            return Ok(written);
        }
        // What a link points to is replaced, not the link; and it keeps its permissions.
        let path = &path.canonicalize().unwrap_or_else(|_| path.clone());
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let builder = &mut tempfile::Builder::new();
        #[cfg(unix)]
        let builder = {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(std::fs::Permissions::from_mode(0o666))
        };
        let file = builder.tempfile_in(folder.unwrap_or(Path::new("."))).map_err(refused)?;
        let beside = file.path().to_owned();
        unfinished().push(beside.clone());
        let written = self.compressed(file, write);
        unfinished().retain(|path| *path != beside);
        let (written, file) = written?;
        if let Ok(there) = path.metadata() {
            file.as_file().set_permissions(there.permissions()).map_err(refused)?;
        }
        file.persist(path).map_err(|error| refused(error.error))?;
        Ok(written)
    }

    /// Hands out a writer to a file, through the compression that the name of the target tells.
    fn compressed<T, W: Write>(
        &self,
        file: W,
        write: impl FnOnce(&mut dyn WriteWhole) -> anyhow::Result<T>,
    ) -> anyhow::Result<(T, W)> {
        let name = self.path.as_deref().map(Path::to_string_lossy).unwrap_or_default();
        let reporter = Some(self.reporter.clone());
        let out = Refusing { inner: file, name: name.into_owned(), reporter };
        let mut out = BufWriter::with_capacity(1 << 16, out);
        let written = match self.path.as_deref().and_then(Compression::of) {
            None => write(&mut out)?,
            Some(compression) => {
                compression.compress(&mut out, |out| write(&mut PlainWriter(out)))?
            }
        };
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok((written, file.inner))
    }
}

/// Returns the width that the environment asks for, as it does where there is no terminal, or `None` if it is not a number
/// of columns.
fn columns() -> Option<u16> {
    std::env::var("COLUMNS").ok()?.parse().ok().filter(|width| *width > 0)
}

/// The files that are being written beside their places.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Closes the standard output of work that is left to itself, and removes the files that it has begun, since the process
/// may end before it would. It returns what to note about the output, if there is any.
pub(crate) fn close_unfinished() -> Option<String> {
    for path in unfinished().drain(..) {
        let _ = std::fs::remove_file(path);
    }
    closable::close()
}

/// The error for a file or a folder that cannot be written.
pub(crate) fn unwritable(name: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::error("file-unwritable", format!("cannot write `{name}`: {}", reason(error)))
}

/// The error for a file that cannot be created, which says so if its folder is missing.
fn cannot_create(path: &Path, error: &io::Error) -> Diagnostic {
    let name = path.to_string_lossy();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    match folder.filter(|_| error.kind() == io::ErrorKind::NotFound) {
        None => unwritable(&name, error),
        Some(folder) => {
            let folder = folder.to_string_lossy();
            let create = if cfg!(windows) { "mkdir" } else { "mkdir -p" };
            let message = format!("cannot write `{name}`: there is no folder `{folder}`");
            Diagnostic::error("file-unwritable", message).help(format!(
                "create it with `{create} {}`, or correct the path",
                in_shell(&folder)
            ))
        }
    }
}

/// A writer that refuses to go on once its work is abandoned, and whose errors say what cannot be written.
struct Refusing<W> {
    inner: W,
    /// What is written to, for messages.
    name: String,
    /// What reports the work: `None` for a [`Closable`], which refuses by itself and is closed after that.
    reporter: Option<Reporter>,
}

impl<W> Refusing<W> {
    fn refused(&self, error: io::Error) -> io::Error {
        let kind = error.kind();
        // A reader that has seen enough is no error, and a signal is none yet.
        if matches!(kind, io::ErrorKind::BrokenPipe | io::ErrorKind::Interrupted) {
            return error;
        }
        let mut problem = unwritable(&self.name, &error);
        if matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            problem = problem.help("free some space, or write to another disk with `-o FILE`");
        }
        io::Error::new(kind, problem.store())
    }
}

impl<W: Write> Write for Refusing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.reporter.as_ref().is_some_and(Reporter::is_abandoned) {
            return Err(io::Error::other(Stop::Interrupted.error()));
        }
        self.inner.write(bytes).map_err(|error| self.refused(error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush().map_err(|error| self.refused(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_go_to_files_and_pipes_only() {
        let mut target = Target::new(None, &Reporter::new(true));
        for (is_terminal, refusal) in [(true, Some("binary-to-terminal")), (false, None)] {
            target.is_terminal = is_terminal;
            let refused = target.check_takes_bytes("xlsx", "answer.xlsx").err();
            let id = refused.and_then(|error| error.problems[0].id.clone());
            assert_eq!(id.as_deref(), refusal);
        }
    }
}
