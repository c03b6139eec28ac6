//! A file of RDF that is read once, from its beginning to its end, and what is wrong with it.

use super::rdf_error::place_and_message;
use super::{Compression, RdfFile};
use crate::dossier::Source;
use crate::error::{Problem, Result, reason};
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
    Kept(Bytes),
}

/// The bytes of a file, which clones share.
#[derive(Debug, Clone)]
pub struct Bytes(Arc<Cow<'static, [u8]>>);

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<RdfFile> for RdfInput {
    fn from(file: RdfFile) -> Self {
        let bytes = Bytes(Arc::new(file.source.bytes));
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
    pub fn whole(mut self) -> Result<RdfFile, Problem> {
        let mut bytes = Vec::new();
        let read = self.reader.read_to_end(&mut bytes);
        read.map_err(|error| self.origin.unreadable(&error))?;
        Ok(self.origin.file(bytes))
    }
}

impl Origin {
    /// A parser for the file.
    ///
    /// # Errors
    /// If what it is relative to is no IRI.
    pub(super) fn parser(&self) -> Result<RdfParser, Problem> {
        let parser = RdfParser::from_format(self.format.into());
        let Some(base) = &self.base else { return Ok(parser) };
        parser.with_base_iri(base).map_err(|error| {
            Problem::new(format!("`{base}` cannot be the base IRI of `{}`: {error}", self.name))
        })
    }

    /// What is wrong with a statement that is left out, in a part that begins after some lines.
    pub(super) fn skipped(&self, error: &RdfSyntaxError, lines: u64) -> Problem {
        let (place, message) = place_and_message(error, lines);
        Problem::new(format!("`{}{place}`: {message}", self.name))
    }

    /// The problem with a file, in a part of it that begins after some lines: it is read again, as a whole, for the words
    /// and the line to point at.
    pub(super) fn broken(&self, error: &RdfParseError, lines: u64) -> Problem {
        match error {
            RdfParseError::Io(error) if error.kind() == io::ErrorKind::OutOfMemory => {
                Problem::new(format!("`{}`: a term in it is longer than 16 MiB", self.name))
                    .help("write it as N-Triples or N-Quads, whose terms may have any length")
            }
            RdfParseError::Io(error) => self.unreadable(error),
            RdfParseError::Syntax(error) => {
                self.found_again().unwrap_or_else(|| self.skipped(error, lines))
            }
        }
    }

    /// What is wrong with a file that is read again, as a whole.
    pub(super) fn found_again(&self) -> Option<Problem> {
        let mut bytes = Vec::new();
        self.once_more().ok()?.read_to_end(&mut bytes).ok()?;
        self.file(bytes).read(1, &mut Prefixes::default(), |_| ()).err()
    }

    /// Whether the file can be read once more.
    pub(super) const fn can_be_read_again(&self) -> bool {
        !matches!(self.again, Again::Never)
    }

    pub(super) fn once_more(&self) -> io::Result<Box<dyn Read + Send>> {
        without_mark(match &self.again {
            Again::Never => return Err(io::ErrorKind::NotSeekable.into()),
            Again::Kept(bytes) => Box::new(io::Cursor::new(bytes.clone())),
            Again::File(path) => {
                let file = File::open(path)?;
                match Compression::of(path) {
                    Some(compression) => compression.decompressed(file)?,
                    None => Box::new(file),
                }
            }
        })
    }

    /// The problem that the file cannot be read, or not so far.
    pub(super) fn unreadable(&self, error: &io::Error) -> Problem {
        unreadable(&self.name, error)
    }

    fn file(&self, bytes: Vec<u8>) -> RdfFile {
        let source = Source { path: self.name.clone(), bytes: Cow::Owned(bytes) };
        RdfFile { source, format: self.format, base: self.base.clone() }
    }
}

/// The byte order mark of UTF-8, with which some editors begin a file.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Skips a byte order mark at the beginning of a file.
pub(super) fn without_mark(mut reader: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut start = Vec::with_capacity(BYTE_ORDER_MARK.len());
    reader.by_ref().take(BYTE_ORDER_MARK.len() as u64).read_to_end(&mut start)?;
    if start == BYTE_ORDER_MARK {
        return Ok(reader);
    }
    Ok(Box::new(io::Cursor::new(start).chain(reader)))
}

/// The problem that a file cannot be read, or not to its end.
pub fn unreadable(name: &str, error: &io::Error) -> Problem {
    let problem = Problem::new(format!("`{name}` cannot be read: {}", reason(error)));
    match error.kind() {
        io::ErrorKind::UnexpectedEof => problem.help("it is not whole: fetch it again"),
        io::ErrorKind::InvalidData => {
            problem.help("fetch it again; a file that is not compressed has no such ending")
        }
        _ => problem,
    }
}
