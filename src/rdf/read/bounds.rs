//! Limits the length of lines and statements, so that endless input fails before it exhausts memory.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The maximum length of a line or a statement, in bytes and as messages name it.
pub(super) const LONGEST: (usize, &str) = (512_000_000, "512 MB");

/// A reader that fails if a line is too long.
pub(crate) struct BoundedLines<R> {
    reader: R,
    /// The number of bytes of the current line read so far.
    length: usize,
    longest: (usize, &'static str),
}

impl<R: Read> BoundedLines<R> {
    /// Bounds the lines of a reader.
    pub(crate) const fn new(reader: R) -> Self {
        Self { reader, length: 0, longest: LONGEST }
    }
}

impl<R: Read> Read for BoundedLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        // Lines that are entirely in the buffer are not longer than it.
        let length = self.length + memchr::memchr(b'\n', bytes).unwrap_or(read);
        self.length = match memchr::memrchr(b'\n', bytes) {
            Some(end) => read - end - 1,
            None => length,
        };
        let (longest, name) = self.longest;
        if length > longest {
            let message = format!("it has a line longer than {name}");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        Ok(read)
    }
}

/// A reader that fails if its parser finds no statement for too long.
pub(super) struct BoundedStatements<R> {
    reader: R,
    /// The number of bytes read since the last statement.
    length: Arc<AtomicUsize>,
    longest: (usize, &'static str),
}

impl<R: Read> BoundedStatements<R> {
    /// Limits the statements of a reader. The parser must reset the returned counter to zero after each statement.
    pub(super) fn new(reader: R) -> (Self, Arc<AtomicUsize>) {
        let length = Arc::new(AtomicUsize::new(0));
        (Self { reader, length: Arc::clone(&length), longest: LONGEST }, length)
    }
}

impl<R: Read> Read for BoundedStatements<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let (longest, name) = self.longest;
        if self.length.fetch_add(read, Ordering::Relaxed) + read > longest {
            let message = format!("it has more than {name} without a statement");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_without_end_is_an_error() {
        let (bounded, length) = BoundedStatements::new(io::repeat(b'x'));
        let mut bounded = BoundedStatements { longest: (10, "10 bytes"), ..bounded };
        let mut bytes = [0; 6];
        for _ in 0..9 {
            assert_eq!(bounded.read(&mut bytes).unwrap(), 6);
            length.store(0, Ordering::Relaxed);
        }
        assert!(bounded.read(&mut bytes).is_ok());
        let error = bounded.read(&mut bytes).unwrap_err().to_string();
        assert_eq!(error, "it has more than 10 bytes without a statement");
    }

    #[test]
    fn a_line_without_end_is_an_error() {
        let read = |text: &str| {
            let reader = io::Cursor::new(text.to_owned());
            let mut bounded = BoundedLines { reader, length: 0, longest: (10, "10 bytes") };
            let mut bytes = [0; 3];
            loop {
                match bounded.read(&mut bytes) {
                    Ok(0) => return None,
                    Ok(_) => {}
                    Err(error) => return Some(error.to_string()),
                }
            }
        };
        assert_eq!(read(&"123456789\n".repeat(9)), None);
        assert_eq!(read("12345678901\n").unwrap(), "it has a line longer than 10 bytes");
        assert_eq!(read(&"x".repeat(99)).unwrap(), "it has a line longer than 10 bytes");
    }
}
