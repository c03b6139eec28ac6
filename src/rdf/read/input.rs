//! An RDF file that is read once, from beginning to end, and the diagnostics for it.

use super::bounds::BoundedLines;
use super::compression::Compression;
use super::contexts::Contexts;
use super::error::{place_and_message, unreadable};
use super::file::{BYTE_ORDER_MARK, RdfFile};
use super::whole_file::parser;
use crate::diagnostic::{Diagnostic, Result, error};
use crate::dossier::SourceFile;
use crate::format::InputFormat;
use crate::vocabulary::Prefixes;
use oxigraph::io::{RdfParseError, RdfParser, RdfSyntaxError};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

/// An RDF file that is read once, from beginning to end.
pub struct RdfInput {
    /// The file that the bytes belong to.
    pub origin: Origin,
    /// The decompressed bytes.
    pub reader: Box<dyn Read + Send>,
}

/// The maximum size of a file that is read as a whole, in bytes and as messages name it.
const LARGEST: (u64, &str) = (4_000_000_000, "4 GB");

/// The RDF file that something came from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The name of the file in messages.
    pub name: String,
    /// The format of the file.
    pub format: InputFormat,
    /// The base of relative IRIs, unless the file declares one.
    pub base: Option<String>,
    /// The JSON-LD contexts that the file may name.
    pub contexts: Contexts,
    /// The way to read the file again.
    pub again: Again,
}

/// How to get the bytes of a file again, to show an error in them.
#[derive(Debug, Clone)]
pub enum Again {
    /// The bytes came through a pipe and cannot be read again.
    Never,
    /// From a file, which is decompressed according to its extension.
    File(PathBuf),
    /// From memory.
    Kept(SharedBytes),
}

/// The bytes of a file, shared between clones.
#[derive(Debug, Clone)]
pub struct SharedBytes(Arc<Cow<'static, [u8]>>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<RdfFile> for RdfInput {
    fn from(file: RdfFile) -> Self {
        let RdfFile { source, format, base, contexts } = file;
        let bytes = SharedBytes(Arc::new(source.bytes));
        let again = Again::Kept(bytes.clone());
        let origin = Origin { name: source.path, format, base, contexts, again };
        Self { origin, reader: Box::new(io::Cursor::new(bytes)) }
    }
}

impl RdfInput {
    /// Reads the whole file.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn whole(mut self) -> Result<RdfFile, Diagnostic> {
        let mut bytes = Vec::new();
        let read = self.reader.by_ref().take(LARGEST.0 + 1).read_to_end(&mut bytes);
        if read.map_err(|error| self.origin.unreadable(&error))? as u64 > LARGEST.0 {
            let name = &self.origin.name;
            let message = format!(
                "`{name}` is larger than {}, too large for a format that is read as a whole",
                LARGEST.1
            );
            return Err(Diagnostic::error("input-too-large", message)
                .help("convert it to N-Triples or N-Quads, which are read line by line"));
        }
        Ok(self.origin.file(bytes))
    }
}

impl Origin {
    /// Creates a parser for the file.
    ///
    /// # Errors
    /// If the base is not a valid IRI.
    pub(super) fn parser(&self) -> Result<RdfParser, Diagnostic> {
        parser(self.format, self.base.as_deref(), &self.name)
    }

    /// Returns the diagnostic for a skipped statement, in a part that begins after `lines` lines.
    pub(super) fn skipped(&self, error: &RdfSyntaxError, lines: u64) -> Diagnostic {
        let (place, message) = place_and_message(error, lines);
        error!("statement-skipped", "`{}{place}`: {message}", self.name)
    }

    /// Returns the diagnostic for an invalid file, in a part that begins after `lines` lines. Reads the file again as a
    /// whole to find the message and the line to point at.
    pub(super) fn broken(&self, error: &RdfParseError, lines: u64) -> Diagnostic {
        match error {
            RdfParseError::Io(error) if error.kind() == io::ErrorKind::OutOfMemory => {
                self.long_term()
            }
            RdfParseError::Io(error) => self.unreadable(error),
            RdfParseError::Syntax(error) => {
                let again = self.once_more().and_then(|reader| {
                    let bytes = through(reader, error, lines)?;
                    Ok(self.file(bytes).read(1, &mut Prefixes::default(), |_| ()))
                });
                match again {
                    Ok(Err(problem)) => problem,
                    Ok(Ok(())) | Err(_) => self.skipped(error, lines),
                }
            }
        }
    }

    /// Returns the diagnostic for a term that is too long, in a file that is too large to read as a whole.
    pub(super) fn long_term(&self) -> Diagnostic {
        error!("input-too-large", "`{}`: a term in it is longer than 16 MiB", self.name)
            .help("convert it to N-Triples or N-Quads, whose terms may have any length")
    }

    /// Returns the diagnostic for an XML file. Reads the file again, up to some bytes after `end`, where the error was
    /// found.
    pub(super) fn found_again(&self, end: usize) -> Option<Diagnostic> {
        let mut bytes = Vec::new();
        let reader = self.once_more().ok()?;
        reader.take(MUCH.saturating_add(end as u64)).read_to_end(&mut bytes).ok()?;
        self.file(bytes).read(1, &mut Prefixes::default(), |_| ()).err()
    }

    /// Returns whether the file can be read again.
    pub(super) const fn can_be_read_again(&self) -> bool {
        !matches!(self.again, Again::Never)
    }

    pub(super) fn once_more(&self) -> io::Result<Box<dyn Read + Send>> {
        let reader: Box<dyn Read + Send> = match &self.again {
            Again::Never => return Err(io::ErrorKind::NotSeekable.into()),
            Again::Kept(bytes) => Box::new(io::Cursor::new(bytes.clone())),
            Again::File(path) => {
                let file = File::open(path)?;
                match Compression::of(path) {
                    Some(compression) => compression.decompressed(file)?,
                    None => Box::new(file),
                }
            }
        };
        without_mark(Box::new(BoundedLines::new(reader)))
    }

    /// Returns the diagnostic for a file that cannot be read, or not completely.
    pub(super) fn unreadable(&self, error: &io::Error) -> Diagnostic {
        unreadable(&self.name, error)
    }

    fn file(&self, bytes: Vec<u8>) -> RdfFile {
        let source = SourceFile { path: self.name.clone(), bytes: Cow::Owned(bytes) };
        let (base, contexts) = (self.base.clone(), self.contexts.clone());
        RdfFile { source, format: self.format, base, contexts }
    }
}

/// The maximum number of bytes to read as a whole to show an error.
const MUCH: u64 = 64_000_000;

/// Reads a file again as far as necessary to show an error, in a part that begins after `lines` lines.
fn through(
    mut reader: Box<dyn Read + Send>,
    error: &RdfSyntaxError,
    lines: u64,
) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let Some(place) = error.location().map(|location| location.end) else {
        reader.read_to_end(&mut bytes)?;
        return Ok(bytes);
    };
    while reader.by_ref().take(MUCH).read_to_end(&mut bytes)? > 0 {
        let is_behind = lines == 0 && bytes.len() as u64 > place.offset.saturating_add(MUCH / 2);
        if is_behind || memchr::memchr_iter(b'\n', &bytes).count() as u64 > lines + place.line {
            break;
        }
    }
    Ok(bytes)
}

/// Skips a byte order mark at the beginning of a file.
pub(super) fn without_mark(mut reader: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut start = Vec::with_capacity(BYTE_ORDER_MARK.len());
    reader.by_ref().take(BYTE_ORDER_MARK.len() as u64).read_to_end(&mut start)?;
    if start == BYTE_ORDER_MARK {
        return Ok(reader);
    }
    Ok(Box::new(io::Cursor::new(start).chain(reader)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_again_as_far_as_its_error() {
        let parser = RdfParser::from_format(crate::format::GraphFormat::Turtle.into());
        let Some(Err(error)) = parser.for_slice(b"\n.").next() else { panic!("it is no error") };
        let read =
            |reader: Box<dyn Read + Send>, lines| through(reader, &error, lines).unwrap().len();
        assert_eq!(read(Box::new(&b"\n.\n"[..]), 0), 3);
        assert_eq!(read(Box::new(io::repeat(b'x')), 0) as u64, MUCH);
        assert_eq!(read(Box::new(io::repeat(b'\n')), 99) as u64, MUCH);
    }
}
