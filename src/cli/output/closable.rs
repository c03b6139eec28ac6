//! Output that can be closed at any moment: only what its format reports as whole is written, so that there is always a
//! place where it can end.
//!
//! Work that is stopped while it writes may be in the middle of a row, or of a step that takes long. Whoever supervises
//! it closes its output instead.

use crate::budget::Stop;
use crate::cli::reporter::{Reporter, counted};
use crate::write_whole::WriteWhole;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

/// About how many bytes are written at once.
const MANY: usize = 1 << 16;

/// How long to wait for a writer whose reader is slow before its output stays as it is.
const PATIENCE: Duration = Duration::from_millis(50);

/// The output that is being written.
static CURRENT: Mutex<Option<Arc<Mutex<Whole>>>> = Mutex::new(None);

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is whole, of which the last bytes are not written yet.
struct Whole {
    bytes: Vec<u8>,
    /// What makes a whole text of it: `None` if the format does not report where it can end.
    closing: Option<&'static str>,
    rows: Option<usize>,
    out: Box<dyn Write + Send>,
    reporter: Reporter,
    is_closed: bool,
}

impl Whole {
    fn take(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        self.bytes.append(bytes);
        if self.bytes.len() >= MANY { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> io::Result<()> {
        let written = self.out.write_all(&self.bytes);
        self.bytes.clear();
        written
    }

    /// Writes what is left and what closes it.
    fn close(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.is_closed, true) {
            return Ok(());
        }
        self.bytes.extend_from_slice(self.closing.unwrap_or_default().as_bytes());
        self.write()?;
        self.out.flush()
    }

    fn check(&self) -> io::Result<()> {
        if self.is_closed || self.reporter.is_abandoned() {
            return Err(io::Error::other(Stop::Interrupted.error()));
        }
        Ok(())
    }
}

/// A writer whose output can be closed by [`close`].
pub(super) struct Closable {
    whole: Arc<Mutex<Whole>>,
    /// What is not whole yet.
    part: Vec<u8>,
    has_reported: bool,
}

impl Closable {
    /// Begins the output of the work that `reporter` reports.
    pub(super) fn new(out: impl Write + Send + 'static, reporter: Reporter) -> Self {
        let is_abandoned = reporter.is_abandoned();
        let whole = Whole {
            bytes: Vec::new(),
            closing: None,
            rows: None,
            out: Box::new(out),
            reporter,
            is_closed: false,
        };
        let whole = Arc::new(Mutex::new(whole));
        if !is_abandoned {
            *locked(&CURRENT) = Some(Arc::clone(&whole));
        }
        Self { whole, part: Vec::new(), has_reported: false }
    }

    /// Ends the output. If it ends with an error, it ends where it is whole.
    pub(super) fn finish(mut self, is_complete: bool) -> io::Result<()> {
        let mut whole = locked(&self.whole);
        whole.check()?;
        if is_complete || !self.has_reported {
            whole.closing = None;
            whole.bytes.append(&mut self.part);
        }
        whole.close()
    }

    fn hand_on(&mut self) -> io::Result<()> {
        let mut whole = locked(&self.whole);
        whole.check()?;
        whole.take(&mut self.part)
    }
}

impl Write for Closable {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.part.extend_from_slice(bytes);
        if !self.has_reported && self.part.len() >= MANY {
            self.hand_on()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.has_reported {
            self.hand_on()?;
        }
        let mut whole = locked(&self.whole);
        whole.check()?;
        whole.write()?;
        whole.out.flush()
    }
}

impl WriteWhole for Closable {
    fn whole(&mut self, rows: Option<usize>, closing: &'static str) -> io::Result<()> {
        self.has_reported = true;
        let mut whole = locked(&self.whole);
        whole.check()?;
        whole.closing = Some(closing);
        whole.rows = rows.or(whole.rows);
        whole.take(&mut self.part)
    }
}

/// Closes the output of work that is left to itself, and returns what to note about it, if there is any.
pub(super) fn close() -> Option<String> {
    let current = locked(&CURRENT).take()?;
    let begun = Instant::now();
    let mut whole = loop {
        match current.try_lock() {
            Ok(whole) => break whole,
            Err(TryLockError::Poisoned(poisoned)) => break poisoned.into_inner(),
            // It waits for the reader of a pipe.
            Err(TryLockError::WouldBlock) if begun.elapsed() > PATIENCE => return None,
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
        }
    };
    if whole.is_closed {
        return None;
    }
    whole.closing?;
    let _ = whole.close();
    Some(match whole.rows {
        Some(0) => "stopped before the first row".to_owned(),
        Some(rows) => format!("incomplete results: stopped after {}", counted(rows, "row")),
        None => "incomplete results".to_owned(),
    })
}
