//! Writers that know where the output can end, so that after a stop the partial output is still well-formed.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::rc::Rc;

/// A writer that format writers inform about the positions at which the output can end.
///
/// Only the format writer knows them: at the level of bytes, the end of a row looks like text inside it.
pub trait WriteWhole: Write {
    /// Reports that the output so far is well-formed if `closing` follows it. `rows` is the number of rows so far, if
    /// the output consists of rows.
    ///
    /// # Errors
    /// If the writer forwards its text, and that fails.
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

/// A writer that ignores these reports.
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

/// A writer that a serializer owns while other code reports to it. Clones share the same writer.
#[derive(Clone)]
pub(crate) struct SharedWriter<'a>(Rc<RefCell<&'a mut dyn WriteWhole>>);

impl<'a> SharedWriter<'a> {
    pub(crate) fn new(out: &'a mut dyn WriteWhole) -> Self {
        Self(Rc::new(RefCell::new(out)))
    }

    /// Reports like [`WriteWhole::whole`].
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
