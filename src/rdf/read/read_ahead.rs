//! Reads or decompresses bytes on another thread while earlier bytes are parsed.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// The number of bytes per chunk.
const CHUNK: usize = 1 << 18;

/// The maximum number of chunks in the queue.
const WAITING: usize = 8;

/// A reader that reads another one on its own thread.
pub struct ReadAhead {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: io::Cursor<Vec<u8>>,
}

impl ReadAhead {
    /// Starts to read.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub fn new(reader: impl Read + Send + 'static) -> io::Result<Self> {
        let (sender, chunks) = sync_channel(WAITING);
        thread::Builder::new().spawn(move || send_all(reader, &sender))?;
        Ok(Self { chunks, chunk: io::Cursor::default() })
    }
}

/// Sends the bytes of a reader in chunks, up to the first error or until the receiver is dropped.
fn send_all(mut reader: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = reader.by_ref().take(CHUNK as u64).read_to_end(&mut chunk);
        let is_end = matches!(read, Ok(0) | Err(_));
        // Send the bytes read before the error first.
        if !chunk.is_empty() && sender.send(Ok(chunk)).is_err() {
            return;
        }
        if let Err(error) = read {
            let _ = sender.send(Err(error));
        }
        if is_end {
            return;
        }
    }
}

impl Read for ReadAhead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.chunk.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            match self.chunks.recv() {
                Ok(chunk) => self.chunk = io::Cursor::new(chunk?),
                Err(_) => return Ok(0),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_come_in_their_order() {
        let bytes: Vec<u8> = (0..=250).cycle().take(3 * CHUNK + 7).collect();
        let mut read = Vec::new();
        ReadAhead::new(io::Cursor::new(bytes.clone())).unwrap().read_to_end(&mut read).unwrap();
        assert_eq!(read, bytes);
    }

    #[test]
    fn an_error_comes_after_what_was_before_it() {
        struct Broken(usize);
        impl Read for Broken {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let count = self.0.min(buffer.len());
                self.0 -= count;
                if count == 0 { Err(io::Error::other("broken")) } else { Ok(count) }
            }
        }
        let mut read = Vec::new();
        let error = ReadAhead::new(Broken(CHUNK + 3)).unwrap().read_to_end(&mut read).unwrap_err();
        assert_eq!((read.len(), error.to_string().as_str()), (CHUNK + 3, "broken"));
    }

    #[test]
    fn nobody_has_to_read_to_the_end() {
        let mut ahead = ReadAhead::new(io::repeat(1)).unwrap();
        let mut buffer = [0; 10];
        ahead.read_exact(&mut buffer).unwrap();
    }
}
