//! Files of RDF whose quads are handed on one by one, without being kept: what converts files of any size.

use super::RdfFile;
use super::rdf_file::BlankNodes;
use crate::dossier::Source;
use crate::error::{Error, Problem, Result, reason};
use crate::format::GraphFormat;
use crate::vocabulary::Prefixes;
use oxigraph::io::{RdfParseError, RdfParser};
use oxigraph::model::{BlankNode, Quad};
use std::borrow::Cow;
use std::io::{BufReader, Read};
use std::path::PathBuf;
use std::sync::mpsc::{IntoIter, SyncSender, sync_channel};
use std::thread;

/// How many quads are handed on at once: so few that they stay in a processor's cache until they are written.
const BATCH: usize = 256;

/// How many batches may wait.
const WAITING: usize = 16;

/// A file of RDF that is to be read once, from its beginning to its end.
pub struct RdfInput {
    /// What the file is called in messages.
    pub name: String,
    /// Where its bytes come from.
    pub reader: Box<dyn Read + Send>,
    /// Where they can be read again, to show what is wrong with them.
    pub path: Option<PathBuf>,
    /// What it is written in.
    pub format: GraphFormat,
    /// What relative IRIs are relative to, if the file does not say so itself.
    pub base: Option<String>,
}

/// The quads of some files, as they are read by another thread.
///
/// Blank nodes of N-Triples and N-Quads keep their labels; of several files, each file's get its number before them.
/// Those of other formats are named in the order in which they stand, for many have no label: their names are all that
/// is kept in memory. JSON-LD alone is read as a whole.
pub struct RdfStream {
    /// The prefixes that the files have declared before the quads that came so far.
    pub prefixes: Prefixes,
    batches: IntoIter<Result<Batch>>,
    quads: std::vec::IntoIter<Quad>,
    failed: Option<Error>,
}

struct Batch {
    quads: Vec<Quad>,
    prefixes: Prefixes,
}

impl RdfStream {
    /// Begins to read: the prefixes before the first quads are known afterwards.
    pub fn of(inputs: Vec<RdfInput>) -> Self {
        let (sender, receiver) = sync_channel(WAITING);
        let are_several = inputs.len() > 1;
        let read = move || {
            for (i, input) in inputs.into_iter().enumerate() {
                if let Err(problem) = input.read(i + 1, are_several, &sender) {
                    // Nobody may be waiting any more.
                    let _ = sender.send(Err(problem.input()));
                    return;
                }
            }
        };
        thread::spawn(read);
        let mut stream = Self {
            prefixes: Prefixes::default(),
            batches: receiver.into_iter(),
            quads: Vec::new().into_iter(),
            failed: None,
        };
        stream.fill();
        stream
    }

    fn fill(&mut self) {
        while self.quads.len() == 0 && self.failed.is_none() {
            match self.batches.next() {
                Some(Ok(batch)) => {
                    for (prefix, namespace) in batch.prefixes.iter() {
                        self.prefixes.add(prefix, namespace);
                    }
                    self.quads = batch.quads.into_iter();
                }
                Some(Err(error)) => self.failed = Some(error),
                None => return,
            }
        }
    }
}

impl Iterator for RdfStream {
    type Item = Result<Quad>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.quads.len() == 0 {
            self.fill();
        }
        match self.quads.next() {
            Some(quad) => Some(Ok(quad)),
            None => self.failed.take().map(Err),
        }
    }
}

impl RdfInput {
    fn read(
        mut self,
        number: usize,
        are_several: bool,
        sender: &SyncSender<Result<Batch>>,
    ) -> Result<(), Problem> {
        let mut batch = Vec::with_capacity(BATCH);
        // The receiver is gone when there is an error on its side: then nobody wants the rest.
        let send = |quads: Vec<Quad>, prefixes| sender.send(Ok(Batch { quads, prefixes })).is_ok();
        if self.format == GraphFormat::JsonLd {
            let mut prefixes = Prefixes::default();
            self.whole()?.read(number, &mut prefixes, |quad| batch.push(quad))?;
            send(batch, prefixes);
            return Ok(());
        }
        let mut parser = RdfParser::from_format(self.format.into());
        if let Some(base) = &self.base {
            parser = parser.with_base_iri(base).map_err(|error| {
                Problem::new(format!("`{base}` cannot be the base IRI of `{}`: {error}", self.name))
            })?;
        }
        let mut labels = Labels::of(self.format, number, are_several);
        let reader = std::mem::replace(&mut self.reader, Box::new(std::io::empty()));
        let mut quads = parser.for_reader(BufReader::with_capacity(1 << 18, reader));
        let mut is_first = true;
        while let Some(quad) = quads.next() {
            let mut quad = match quad {
                Ok(quad) => quad,
                Err(error) => return Err(self.broken(number, &error)),
            };
            labels.rename(&mut quad);
            batch.push(quad);
            if batch.len() == BATCH {
                let mut prefixes = Prefixes::default();
                if std::mem::take(&mut is_first) {
                    quads
                        .prefixes()
                        .for_each(|(prefix, namespace)| prefixes.add(prefix, namespace));
                }
                if !send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)), prefixes) {
                    return Ok(());
                }
            }
        }
        let mut prefixes = Prefixes::default();
        quads.prefixes().for_each(|(prefix, namespace)| prefixes.add(prefix, namespace));
        send(batch, prefixes);
        Ok(())
    }

    /// The problem with a file: it is read again, as a whole, for the words and the line to point at.
    fn broken(&self, number: usize, error: &RdfParseError) -> Problem {
        if let (Some(path), RdfParseError::Syntax(_)) = (&self.path, error)
            && let Ok(bytes) = std::fs::read(path)
            && let Err(problem) = self.file(bytes).read(number, &mut Prefixes::default(), |_| ())
        {
            return problem;
        }
        match error {
            RdfParseError::Io(error) => {
                Problem::new(format!("`{}` cannot be read: {}", self.name, reason(error)))
            }
            RdfParseError::Syntax(error) => Problem::new(format!("`{}`: {error}", self.name)),
        }
    }

    fn whole(&mut self) -> Result<RdfFile, Problem> {
        let mut bytes = Vec::new();
        self.reader.read_to_end(&mut bytes).map_err(|error| {
            Problem::new(format!("`{}` cannot be read: {}", self.name, reason(&error)))
        })?;
        Ok(self.file(bytes))
    }

    fn file(&self, bytes: Vec<u8>) -> RdfFile {
        let source = Source { path: self.name.clone(), bytes: Cow::Owned(bytes) };
        RdfFile { source, format: self.format, base: self.base.clone() }
    }
}

/// What becomes of the labels of blank nodes.
enum Labels {
    Kept,
    Prefixed(usize),
    Named(BlankNodes),
}

impl Labels {
    fn of(format: GraphFormat, number: usize, are_several: bool) -> Self {
        match format {
            GraphFormat::NTriples | GraphFormat::NQuads if are_several => Self::Prefixed(number),
            GraphFormat::NTriples | GraphFormat::NQuads => Self::Kept,
            _ => Self::Named(BlankNodes::of(number)),
        }
    }

    fn rename(&mut self, quad: &mut Quad) {
        match self {
            Self::Kept => {}
            Self::Named(names) => names.rename(quad),
            Self::Prefixed(number) => super::rdf_file::each_blank_node(quad, |node| {
                *node = BlankNode::new_unchecked(format!("f{number}-{}", node.as_str()));
            }),
        }
    }
}
