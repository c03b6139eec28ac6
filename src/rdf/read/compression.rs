//! Compressed files: detects the compression from the file name, reads and writes them.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

/// The default preset of the `xz` program.
const XZ_PRESET: u32 = 6;

/// The compression of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952).
    Gzip,
    /// [bzip2](https://sourceware.org/bzip2/).
    Bzip2,
    /// [The .xz format](https://tukaani.org/xz/xz-file-format.txt).
    Xz,
    /// [RFC 8878](https://www.rfc-editor.org/rfc/rfc8878).
    Zstandard,
}

impl Compression {
    /// All compressions.
    pub const ALL: [Self; 4] = [Self::Gzip, Self::Bzip2, Self::Xz, Self::Zstandard];

    /// Returns the file extension, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Gzip => "gz",
            Self::Bzip2 => "bz2",
            Self::Xz => "xz",
            Self::Zstandard => "zst",
        }
    }

    /// Detects the compression from the last extension of a file name. Returns `None` if the file is not compressed.
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|compression| compression.extension() == extension)
    }

    /// Decompresses a file, which may consist of several concatenated compressed files.
    ///
    /// # Errors
    /// If there is no memory for the decoder. The reader returns an error if the file is corrupt or truncated.
    pub fn decompressed(
        self,
        reader: impl Read + Send + 'static,
    ) -> io::Result<Box<dyn Read + Send>> {
        let reader = NotEmpty::new(BufReader::with_capacity(1 << 16, reader));
        Ok(match self {
            Self::Gzip => self.with_reasons(flate2::bufread::MultiGzDecoder::new(reader)),
            Self::Bzip2 => self.with_reasons(bzip2::bufread::MultiBzDecoder::new(reader)),
            Self::Xz => self.with_reasons(lzma_rust2::XzReader::new(reader, true)),
            Self::Zstandard => self.with_reasons(zstd::Decoder::with_buffer(reader)?),
        })
    }

    /// Passes a compressing writer to the callback, at the default level of each program. The same bytes give the same
    /// file, because it contains neither a name nor a time.
    ///
    /// # Errors
    /// If the callback fails, or if the bytes cannot be written.
    pub fn compress<T, E: From<io::Error>>(
        self,
        out: impl Write,
        write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
    ) -> Result<T, E> {
        Ok(match self {
            Self::Gzip => {
                let level = flate2::Compression::default();
                let mut encoder = flate2::write::GzEncoder::new(out, level);
                let written = write(&mut encoder)?;
                encoder.finish()?;
                written
            }
            Self::Bzip2 => {
                let level = bzip2::Compression::default();
                let mut encoder = bzip2::write::BzEncoder::new(out, level);
                let written = write(&mut encoder)?;
                encoder.finish()?;
                written
            }
            Self::Xz => {
                let options = lzma_rust2::XzOptions::with_preset(XZ_PRESET);
                let mut encoder = lzma_rust2::XzWriter::new(out, options)?;
                let written = write(&mut encoder)?;
                encoder.finish()?;
                written
            }
            Self::Zstandard => {
                let mut encoder = zstd::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                let written = write(&mut encoder)?;
                encoder.finish()?;
                written
            }
        })
    }

    fn with_reasons(self, decoder: impl Read + Send + 'static) -> Box<dyn Read + Send> {
        Box::new(DecodeErrors { decoder, compression: self })
    }

    /// Returns the name of the program.
    const fn program(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstandard => "zstd",
        }
    }
}

/// A decoder that reports errors in the same words for every compression.
struct DecodeErrors<R> {
    decoder: R,
    compression: Compression,
}

impl<R: Read> Read for DecodeErrors<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.decoder.read(buffer).map_err(|error| {
            // System errors concern the file itself, not its content.
            if error.raw_os_error().is_some() || error.kind() == io::ErrorKind::Interrupted {
                return error;
            }
            let program = self.compression.program();
            let (kind, what) = match error.kind() {
                kind @ io::ErrorKind::UnexpectedEof => (kind, "is truncated"),
                _ => (io::ErrorKind::InvalidData, "is invalid"),
            };
            io::Error::new(kind, format!("its {program} data {what}"))
        })
    }
}

/// A reader that fails if its input is empty. Some decoders accept no bytes at all as an empty file, which is a
/// truncated one.
struct NotEmpty<R> {
    inner: R,
    has_begun: bool,
}

impl<R> NotEmpty<R> {
    const fn new(inner: R) -> Self {
        Self { inner, has_begun: false }
    }
}

impl<R: BufRead> BufRead for NotEmpty<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let bytes = self.inner.fill_buf()?;
        if bytes.is_empty() && !self.has_begun {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.has_begun = true;
        Ok(bytes)
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
    }
}

impl<R: BufRead> Read for NotEmpty<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?;
        let count = bytes.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), bytes.get(..count)) {
            to.copy_from_slice(from);
        }
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compressed(compression: Compression, bytes: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        compression.compress(&mut file, |out| out.write_all(bytes)).unwrap();
        file
    }

    fn decompressed(compression: Compression, bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut read = Vec::new();
        compression.decompressed(io::Cursor::new(bytes))?.read_to_end(&mut read)?;
        Ok(read)
    }

    #[test]
    fn what_is_compressed_is_read_as_it_was() {
        let text = "<a> <b> <c> .\n".repeat(10_000).into_bytes();
        for compression in Compression::ALL {
            let one = compressed(compression, &text);
            assert_eq!(decompressed(compression, one.clone()).unwrap(), text, "{compression:?}");
            let two = [one.clone(), one].concat();
            assert_eq!(decompressed(compression, two).unwrap(), text.repeat(2), "{compression:?}");
        }
    }

    #[test]
    fn what_is_cut_or_broken_is_an_error() {
        let text: Vec<u8> =
            (0..20_000_u32).flat_map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        for compression in Compression::ALL {
            let whole = compressed(compression, &text);
            for length in [0, 1, 5, whole.len() / 2, whole.len() - 1] {
                let cut = whole[..length].to_vec();
                assert!(decompressed(compression, cut).is_err(), "{compression:?} at {length}");
            }
            assert!(decompressed(compression, b"no such thing at all".to_vec()).is_err());
        }
    }

    #[test]
    fn names_tell() {
        for (name, expected) in [
            ("a.ttl.gz", Some(Compression::Gzip)),
            ("a.nt.BZ2", Some(Compression::Bzip2)),
            ("a.xz", Some(Compression::Xz)),
            ("a.zst", Some(Compression::Zstandard)),
            ("a.ttl", None),
            ("gz", None),
        ] {
            assert_eq!(Compression::of(Path::new(name)), expected, "{name}");
        }
    }
}
