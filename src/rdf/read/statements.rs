//! Parses Turtle, TriG, RDF/XML and JSON-LD, whose statements may span several lines, on one thread per file.

use super::batch::{Failure, MOST_TOLD, QuadBatch, SkippedStatements};
use super::blank_nodes::BlankNodes;
use super::bounds::{BoundedStatements, LONGEST};
use super::input::{Origin, RdfInput};
use super::language_tags::{EncodedReader, LanguageTags};
use super::page::Page;
use super::rdf_xml::RdfXmlReader;
use crate::diagnostic::{Diagnostic, Excerpt, error};
use crate::format::{GraphFormat, InputFormat};
use crate::vocabulary::Prefixes;
use oxigraph::io::RdfParseError;
use oxigraph::model::Quad;
use std::io::{BufReader, Cursor, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;

/// The number of quads per batch, small enough to stay in a processor's cache until they are consumed.
const BATCH: usize = 256;

/// A file that is being parsed.
pub(super) struct StatementFile {
    pub origin: Arc<Origin>,
    pub names: BlankNodes,
    pub is_lenient: bool,
    pub keeps_language_case: bool,
    pub batches: SyncSender<Result<QuadBatch, Failure>>,
}

/// The reason to stop reading a file.
enum End {
    /// The consumer has stopped.
    Unwanted,
    Broken(Failure),
}

impl From<Diagnostic> for End {
    fn from(problem: Diagnostic) -> Self {
        Self::Broken(Box::new(|| problem))
    }
}

impl StatementFile {
    /// Reads the file and sends its quads. Returns `false` if the consumer has stopped.
    pub(super) fn read(self, reader: Box<dyn Read + Send>) -> bool {
        let format = self.origin.format.graph_format();
        // The cause of truncated RDF/XML is only found by reading it again.
        let is_whole = format == GraphFormat::JsonLd
            || (format == GraphFormat::RdfXml && !self.origin.can_be_read_again());
        let mut sending = Sending { batch: QuadBatch::default(), sent: 0, file: self };
        let end = if is_whole { sending.whole(reader) } else { sending.streamed(reader) };
        match end {
            Ok(()) => true,
            Err(End::Unwanted) => false,
            Err(End::Broken(failure)) => sending.file.batches.send(Err(failure)).is_ok(),
        }
    }
}

/// A file and its next batch.
struct Sending {
    file: StatementFile,
    batch: QuadBatch,
    /// The number of quads sent.
    sent: usize,
}

impl Sending {
    fn streamed(&mut self, reader: Box<dyn Read + Send>) -> Result<(), End> {
        let origin = Arc::clone(&self.file.origin);
        let parser = origin.parser()?;
        let (reader, length) = BoundedStatements::new(reader);
        let buffered = BufReader::with_capacity(1 << 18, reader);
        let tags = LanguageTags::new(self.file.keeps_language_case);
        let (reader, progress): (Box<dyn Read>, _) = if origin.format == GraphFormat::RdfXml.into()
        {
            let xml = RdfXmlReader::new(buffered, origin.base.as_deref(), tags.clone());
            let progress = xml.progress();
            (Box::new(xml), Some(progress))
        } else {
            let encoded = EncodedReader::new(buffered, tags.clone());
            (Box::new(encoded), None)
        };
        let mut quads = parser.for_reader(reader);
        let mut are_declared = false;
        while let Some(quad) = quads.next() {
            length.store(0, Ordering::Relaxed);
            match quad {
                Ok(mut quad) => {
                    tags.restore(&mut quad);
                    self.push(quad);
                }
                // After an invalid tag, an XML parser would mistake properties for nodes.
                Err(RdfParseError::Syntax(error)) if self.file.is_lenient && progress.is_none() => {
                    self.batch.skipped.count += 1;
                    // Per batch, because the consumer reports no more than that in total.
                    if self.batch.skipped.first.len() < MOST_TOLD {
                        self.batch.skipped.first.push(origin.skipped(&error, 0));
                    }
                }
                Err(RdfParseError::Io(error))
                    if error.kind() == ErrorKind::OutOfMemory && origin.can_be_read_again() =>
                {
                    return self.again();
                }
                Err(error) => {
                    let end = progress.as_ref().map(|progress| progress.span().end);
                    let fault = progress.and_then(|progress| progress.fault());
                    return Err(End::Broken(Box::new(move || match (fault, end, &error) {
                        (Some(fault), _, _) => {
                            origin.found_again(fault.span.end).unwrap_or(*fault.diagnostic)
                        }
                        (None, Some(end), RdfParseError::Syntax(_)) => {
                            origin.found_again(end).unwrap_or_else(|| origin.broken(&error, 0))
                        }
                        _ => origin.broken(&error, 0),
                    })));
                }
            }
            if self.batch.quads.len() == BATCH {
                if !std::mem::replace(&mut are_declared, true) {
                    match &progress {
                        Some(progress) => self.declare(progress.prefixes().iter()),
                        None => self.declare(quads.prefixes()),
                    }
                }
                self.send(&tags)?;
            }
        }
        match &progress {
            Some(progress) => self.declare(progress.prefixes().iter()),
            None => self.declare(quads.prefixes()),
        }
        self.send(&tags)
    }

    /// Reads the file as a whole.
    fn whole(&mut self, reader: Box<dyn Read + Send>) -> Result<(), End> {
        let origin = Origin::clone(&self.file.origin);
        let file = RdfInput { origin, reader }.whole()?;
        let mut prefixes = Prefixes::default();
        let mut end = Ok(());
        let mut skip = self.sent;
        let tags = LanguageTags::new(self.file.keeps_language_case);
        let is_lenient_page = self.file.is_lenient && file.format == InputFormat::Html;
        let page = if is_lenient_page { Some(Page::of(&file)?) } else { None };
        for problem in page.iter().flat_map(|page| &page.problems) {
            let first = vec![skipped_script(problem)];
            self.batch.skipped.add(SkippedStatements { count: 1, first });
        }
        let on_quad = |quad| {
            if end.is_ok() {
                self.push(quad);
                if skip > 0 {
                    skip -= 1;
                    self.batch.quads.clear();
                } else if self.batch.quads.len() == BATCH {
                    end = self.send(&tags);
                }
            }
        };
        match page {
            Some(page) => {
                let json = (page.json.as_bytes(), page.base.as_deref());
                file.read_json(json, &tags, &mut BlankNodes::of(1), &mut prefixes, on_quad)?;
            }
            None => file.read_with(&tags, 1, &mut prefixes, on_quad)?,
        }
        end?;
        self.declare(prefixes.iter());
        self.send(&tags)
    }

    /// Starts again with the whole file in memory, because a term is longer than the parser's streaming buffer.
    fn again(&mut self) -> Result<(), End> {
        self.batch = QuadBatch::default();
        self.file.names.forget();
        let reader = self.file.origin.once_more();
        let mut reader = reader.map_err(|error| self.file.origin.unreadable(&error))?;
        let mut bytes = Vec::new();
        let read = reader.by_ref().take(LONGEST.0 as u64 + 1).read_to_end(&mut bytes);
        if read.map_err(|error| self.file.origin.unreadable(&error))? > LONGEST.0 {
            return Err(self.file.origin.long_term().into());
        }
        self.whole(Box::new(Cursor::new(bytes)))
    }

    fn push(&mut self, mut quad: Quad) {
        self.file.names.rename(&mut quad);
        self.batch.quads.push(quad);
    }

    fn declare<'a>(&mut self, prefixes: impl IntoIterator<Item = (&'a str, &'a str)>) {
        for (prefix, namespace) in prefixes {
            self.batch.prefixes.add(prefix, namespace);
        }
    }

    fn send(&mut self, tags: &LanguageTags) -> Result<(), End> {
        self.batch.lowercased_tags = tags.take_lowercased();
        let next = QuadBatch { quads: Vec::with_capacity(BATCH), ..QuadBatch::default() };
        let batch = std::mem::replace(&mut self.batch, next);
        self.sent += batch.quads.len();
        self.file.batches.send(Ok(batch)).map_err(|_| End::Unwanted)
    }
}

/// Returns the diagnostic for a skipped script of a page, whose message says where it is.
fn skipped_script(problem: &Diagnostic) -> Diagnostic {
    match problem.excerpt.as_deref() {
        Some(Excerpt { origin, line, column, .. }) => {
            error!("statement-skipped", "`{origin}:{line}:{column}`: {}", problem.message)
        }
        None => problem.clone(),
    }
}
