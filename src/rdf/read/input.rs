//! A file of RDF that is read once, from its beginning to its end, and what is wrong with it.

use super::bounds::BoundedLines;
use super::compression::Compression;
use super::error::{place_and_message, unreadable};
use super::file::{BYTE_ORDER_MARK, RdfFile};
use crate::diagnostic::{Diagnostic, Result, error};
use crate::dossier::SourceFile;
use crate::format::GraphFormat;
use crate::vocabulary::Prefixes;
use oxigraph::io::{RdfParseError, RdfParser, RdfSyntaxError};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

/// A file of RDF that is to be read once, from its beginning to its end.
pub struct RdfInput {
    /// Which file it is.
    pub origin: Origin,
    /// Where its bytes come from, decompressed.
    pub reader: Box<dyn Read + Send>,
}

/// How many bytes a file may have that is read as a whole, and how messages name that.
const LARGEST: (u64, &str) = (4_000_000_000, "4 GB");

/// Which file of RDF something came from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// What the file is called in messages.
    pub name: String,
    /// What it is written in.
    pub format: GraphFormat,
    /// What relative IRIs are relative to, if the file does not say so itself.
    pub base: Option<String>,
    /// How it can be read once more.
    pub again: Again,
}

/// How the bytes of a file can be had once more, to show what is wrong with them.
#[derive(Debug, Clone)]
pub enum Again {
    /// They come through a pipe, once.
    Never,
    /// They stand in a file, which is compressed if its name says so.
    File(PathBuf),
    /// They are kept.
    Kept(SharedBytes),
}

/// The bytes of a file, which clones share.
#[derive(Debug, Clone)]
pub struct SharedBytes(Arc<Cow<'static, [u8]>>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<RdfFile> for RdfInput {
    fn from(file: RdfFile) -> Self {
        let bytes = SharedBytes(Arc::new(file.source.bytes));
        let again = Again::Kept(bytes.clone());
        let origin = Origin { name: file.source.path, format: file.format, base: file.base, again };
        Self { origin, reader: Box::new(io::Cursor::new(bytes)) }
    }
}

impl RdfInput {
    /// The file as a whole.
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
    /// A parser for the file.
    ///
    /// # Errors
    /// If what it is relative to is no IRI.
    pub(super) fn parser(&self) -> Result<RdfParser, Diagnostic> {
        let parser = RdfParser::from_format(self.format.into());
        let Some(base) = &self.base else { return Ok(parser) };
        parser.with_base_iri(base).map_err(|error| {
            error!("base-iri-invalid", "invalid base IRI `{base}` for `{}`: {error}", self.name)
        })
    }

    /// What is wrong with a statement that is left out, in a part that begins after some lines.
    pub(super) fn skipped(&self, error: &RdfSyntaxError, lines: u64) -> Diagnostic {
        let (place, message) = place_and_message(error, lines);
        error!("statement-skipped", "`{}{place}`: {message}", self.name)
    }

    /// The problem with a file, in a part of it that begins after some lines: it is read again, as a whole, for the words
    /// and the line to point at.
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

    /// The problem with a term that is too long for a file that is too large to be read as a whole.
    pub(super) fn long_term(&self) -> Diagnostic {
        error!("input-too-large", "`{}`: a term in it is longer than 16 MiB", self.name)
            .help("convert it to N-Triples or N-Quads, whose terms may have any length")
    }

    /// What is wrong with a file of XML, which is read again as far as it takes to show that: some bytes behind where it was
    /// found.
    pub(super) fn found_again(&self, end: usize) -> Option<Diagnostic> {
        let mut bytes = Vec::new();
        let reader = self.once_more().ok()?;
        reader.take(MUCH.saturating_add(end as u64)).read_to_end(&mut bytes).ok()?;
        self.file(bytes).read(1, &mut Prefixes::default(), |_| ()).err()
    }

    /// Whether the file can be read once more.
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

    /// The problem that the file cannot be read, or not so far.
    pub(super) fn unreadable(&self, error: &io::Error) -> Diagnostic {
        unreadable(&self.name, error)
    }

    fn file(&self, bytes: Vec<u8>) -> RdfFile {
        let source = SourceFile { path: self.name.clone(), bytes: Cow::Owned(bytes) };
        RdfFile { source, format: self.format, base: self.base.clone() }
    }
}

/// Up to how many bytes a file is read as a whole to show what is wrong with it.
const MUCH: u64 = 64_000_000;

/// Reads a file again as far as it takes to show an error, in a part of it that begins after some lines.
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
        let parser = RdfParser::from_format(GraphFormat::Turtle.into());
        let Some(Err(error)) = parser.for_slice(b"\n.").next() else { panic!("it is no error") };
        let read =
            |reader: Box<dyn Read + Send>, lines| through(reader, &error, lines).unwrap().len();
        assert_eq!(read(Box::new(&b"\n.\n"[..]), 0), 3);
        assert_eq!(read(Box::new(io::repeat(b'x')), 0) as u64, MUCH);
        assert_eq!(read(Box::new(io::repeat(b'\n')), 99) as u64, MUCH);
    }
}
