//! Writers that know where a text can end, so that a stop leaves a text that is whole as far as it goes.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::rc::Rc;

/// A writer that the writer of a format tells where the text can end.
///
/// Only the format knows this: in bytes, the end of a row looks like a part of a text in it.
pub trait WriteWhole: Write {
    /// Reports that everything written so far is whole once `closing` stands behind it. `rows` is how many rows that
    /// is, if it is rows.
    ///
    /// # Errors
    /// If the writer hands its text on, and that fails.
    fn whole(&mut self, rows: Option<usize>, closing: &'static str) -> io::Result<()> {
        let _ = (rows, closing);
        Ok(())
    }
}

impl WriteWhole for Vec<u8> {}
impl WriteWhole for io::Sink {}
impl WriteWhole for io::StdoutLock<'_> {}
impl<W: Write> WriteWhole for BufWriter<W> {}
impl WriteWhole for File {}

/// A writer that ignores what is whole.
pub(crate) struct PlainWriter<'a>(pub &'a mut dyn Write);

impl Write for PlainWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl WriteWhole for PlainWriter<'_> {}

/// A writer that a serializer holds while somebody else tells it what is whole. Clones are of the same writer.
#[derive(Clone)]
pub(crate) struct SharedWriter<'a>(Rc<RefCell<&'a mut dyn WriteWhole>>);

impl<'a> SharedWriter<'a> {
    pub(crate) fn new(out: &'a mut dyn WriteWhole) -> Self {
        Self(Rc::new(RefCell::new(out)))
    }

    /// The same as [`WriteWhole::whole`].
    pub(crate) fn whole(&self, rows: Option<usize>, closing: &'static str) -> io::Result<()> {
        self.0.borrow_mut().whole(rows, closing)
    }
}

impl Write for SharedWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.borrow_mut().write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}
