//! A bound on the length of lines that are read, so that input without end is an error before it takes all memory.

use std::io::{self, Read};

/// The most bytes of a line, and how messages name it.
const LONGEST: (usize, &str) = (512_000_000, "512 MB");

/// A reader that fails in a line that is too long.
pub struct BoundedLines<R> {
    reader: R,
    /// How many bytes of the present line have been read.
    length: usize,
    longest: (usize, &'static str),
}

impl<R: Read> BoundedLines<R> {
    /// Bounds the lines of a reader.
    pub const fn new(reader: R) -> Self {
        Self { reader, length: 0, longest: LONGEST }
    }
}

impl<R: Read> Read for BoundedLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        // Lines that begin and end in the buffer are no longer than it.
        let length = self.length + memchr::memchr(b'\n', bytes).unwrap_or(read);
        self.length = match memchr::memrchr(b'\n', bytes) {
            Some(end) => read - end - 1,
            None => length,
        };
        let (longest, name) = self.longest;
        if length > longest {
            let message = format!("it has a line of more than {name}");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(read("12345678901\n").unwrap(), "it has a line of more than 10 bytes");
        assert_eq!(read(&"x".repeat(99)).unwrap(), "it has a line of more than 10 bytes");
    }
}
