//! Standard output in whole rows: if the work that writes is left to itself, its output is closed behind the last row.

use crate::limit::is_left;
use dossier::format::ResultFormat;
use dossier::limits::Stop;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// About how many bytes are written at once.
const MANY: usize = 1 << 16;

/// What is not written yet.
static PENDING: Mutex<Pending> = Mutex::new(Pending { bytes: Vec::new(), rows: None });

struct Pending {
    bytes: Vec<u8>,
    /// How many of the bytes are whole rows, and what closes the output behind them. `None` if it is not of rows.
    rows: Option<(usize, &'static str)>,
}

impl Pending {
    /// Writes all, or all whole rows.
    fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let whole = self.rows.as_mut().map_or(self.bytes.len(), |rows| std::mem::take(&mut rows.0));
        let whole = whole.min(self.bytes.len());
        out.write_all(self.bytes.get(..whole).unwrap_or_default())?;
        self.bytes.drain(..whole);
        Ok(())
    }
}

fn pending() -> MutexGuard<'static, Pending> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells that what was written so far is whole rows in a format.
pub fn mark(format: ResultFormat) {
    if is_left() {
        return;
    }
    let mut pending = pending();
    let closing = match format {
        ResultFormat::Json => "]}}\n",
        ResultFormat::Xml => "</results></sparql>\n",
        _ => "",
    };
    pending.rows = Some((pending.bytes.len(), closing));
}

/// Closes output of rows that work which is left to itself has begun.
pub fn close() {
    // Locked while the work waits for the reader of a pipe: then there is nobody to close it for.
    let Ok(mut pending) = PENDING.try_lock() else { return };
    let Some((_, closing)) = pending.rows else { return };
    let mut out = io::stdout();
    let _ = pending.write(&mut out).and_then(|()| out.write_all(closing.as_bytes()));
    let _ = out.flush();
    *pending = Pending { bytes: Vec::new(), rows: None };
}

/// A writer of standard output.
pub struct RowWriter<W> {
    out: W,
}

impl<W: Write> RowWriter<W> {
    /// Begins new output.
    pub fn new(out: W) -> Self {
        if !is_left() {
            *pending() = Pending { bytes: Vec::new(), rows: None };
        }
        Self { out }
    }

    /// Writes what is left, also behind the last row.
    pub fn finish(mut self) -> io::Result<()> {
        if is_left() {
            return Err(io::Error::other(Stop::Interrupted.error()));
        }
        pending().rows = None;
        self.flush()
    }
}

impl<W: Write> Write for RowWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut pending = pending();
        if is_left() {
            return Err(io::Error::other(Stop::Interrupted.error()));
        }
        pending.bytes.extend_from_slice(bytes);
        if pending.bytes.len() >= MANY && pending.rows.is_none_or(|(whole, _)| whole > 0) {
            pending.write(&mut self.out)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        pending().write(&mut self.out)?;
        self.out.flush()
    }
}
