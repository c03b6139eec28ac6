//! Files of RDF whose quads are handed on one by one, without being kept: what converts files of any size.

use super::RdfFile;
use super::rdf_file::BlankNodes;
use crate::dossier::Source;
use crate::error::{Error, Problem, Result, reason};
use crate::format::GraphFormat;
use crate::vocabulary::Prefixes;
use oxigraph::io::{RdfParseError, RdfParser, RdfSyntaxError};
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
    /// What was left out so far, if broken statements are.
    pub skipped: Skipped,
    batches: IntoIter<Result<Batch>>,
    quads: std::vec::IntoIter<Quad>,
    failed: Option<Error>,
}

/// Statements that were left out because they are broken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Skipped {
    /// How many.
    pub count: u64,
    /// What is wrong with the first of them.
    pub first: Vec<Problem>,
}

/// How many broken statements are told one by one.
const MOST_TOLD: usize = 8;

/// How files are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reading {
    /// Broken statements are left out instead of being an error.
    pub is_lenient: bool,
    /// If what is read is added to what was read before: how often something was. Blank nodes get names that none of
    /// those has.
    pub load: Option<u64>,
}

#[derive(Default)]
struct Batch {
    quads: Vec<Quad>,
    prefixes: Prefixes,
    skipped: Skipped,
}

impl RdfStream {
    /// Begins to read: the prefixes before the first quads are known afterwards.
    pub fn of(inputs: Vec<RdfInput>) -> Self {
        Self::read(inputs, Reading::default())
    }

    /// Begins to read in some way: the prefixes before the first quads are known afterwards.
    pub fn read(inputs: Vec<RdfInput>, reading: Reading) -> Self {
        let (sender, receiver) = sync_channel(WAITING);
        let are_several = inputs.len() > 1;
        let read = move || {
            for (i, input) in inputs.into_iter().enumerate() {
                let labels = Labels::of(input.format, i + 1, are_several, reading.load);
                if let Err(problem) = input.read(labels, reading.is_lenient, &sender) {
                    // Nobody may be waiting any more.
                    let _ = sender.send(Err(problem.input()));
                    return;
                }
            }
        };
        thread::spawn(read);
        let mut stream = Self {
            prefixes: Prefixes::default(),
            skipped: Skipped::default(),
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
                    self.skipped.add(batch.skipped);
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

impl Skipped {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        let room = MOST_TOLD.saturating_sub(self.first.len());
        self.first.extend(other.first.into_iter().take(room));
    }
}

impl RdfInput {
    fn read(
        mut self,
        mut labels: Labels,
        is_lenient: bool,
        sender: &SyncSender<Result<Batch>>,
    ) -> Result<(), Problem> {
        let mut batch = Batch::default();
        // The receiver is gone when there is an error on its side: then nobody wants the rest.
        let send = |batch| sender.send(Ok(batch)).is_ok();
        if self.format == GraphFormat::JsonLd {
            let file = self.whole()?;
            file.read(1, &mut batch.prefixes, |mut quad| {
                labels.rename(&mut quad);
                batch.quads.push(quad);
            })?;
            send(batch);
            return Ok(());
        }
        let mut parser = RdfParser::from_format(self.format.into());
        if let Some(base) = &self.base {
            parser = parser.with_base_iri(base).map_err(|error| {
                Problem::new(format!("`{base}` cannot be the base IRI of `{}`: {error}", self.name))
            })?;
        }
        let reader = std::mem::replace(&mut self.reader, Box::new(std::io::empty()));
        let mut quads = parser.for_reader(BufReader::with_capacity(1 << 18, reader));
        let mut is_first = true;
        let mut told = 0;
        while let Some(quad) = quads.next() {
            match quad {
                Ok(mut quad) => {
                    labels.rename(&mut quad);
                    batch.quads.push(quad);
                }
                Err(RdfParseError::Syntax(error)) if is_lenient => {
                    batch.skipped.count += 1;
                    if told < MOST_TOLD {
                        told += 1;
                        batch.skipped.first.push(self.skipped(&error));
                    }
                }
                Err(error) => return Err(self.broken(&error)),
            }
            if batch.quads.len() == BATCH {
                if std::mem::take(&mut is_first) {
                    let declared = quads.prefixes();
                    declared.for_each(|(prefix, namespace)| batch.prefixes.add(prefix, namespace));
                }
                let next = Batch { quads: Vec::with_capacity(BATCH), ..Batch::default() };
                if !send(std::mem::replace(&mut batch, next)) {
                    return Ok(());
                }
            }
        }
        quads.prefixes().for_each(|(prefix, namespace)| batch.prefixes.add(prefix, namespace));
        send(batch);
        Ok(())
    }

    /// What is wrong with a statement that is left out.
    fn skipped(&self, error: &RdfSyntaxError) -> Problem {
        let line = error.location().map(|location| location.start.line + 1);
        let place = line.map_or_else(String::new, |line| format!(":{line}"));
        Problem::new(format!("`{}{place}`: {error}", self.name))
    }

    /// The problem with a file: it is read again, as a whole, for the words and the line to point at.
    fn broken(&self, error: &RdfParseError) -> Problem {
        if let (Some(path), RdfParseError::Syntax(_)) = (&self.path, error)
            && let Ok(bytes) = std::fs::read(path)
            && let Err(problem) = self.file(bytes).read(1, &mut Prefixes::default(), |_| ())
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
    Prefixed(String),
    Named(BlankNodes),
}

impl Labels {
    fn of(format: GraphFormat, number: usize, are_several: bool, load: Option<u64>) -> Self {
        match format {
            GraphFormat::NTriples | GraphFormat::NQuads if are_several || load.is_some() => {
                Self::Prefixed(match load {
                    Some(load) => format!("f{load}-{number}-"),
                    None => format!("f{number}-"),
                })
            }
            GraphFormat::NTriples | GraphFormat::NQuads => Self::Kept,
            _ => Self::Named(match load {
                Some(load) => BlankNodes::of_load(load, number),
                None => BlankNodes::of(number),
            }),
        }
    }

    fn rename(&mut self, quad: &mut Quad) {
        match self {
            Self::Kept => {}
            Self::Named(names) => names.rename(quad),
            Self::Prefixed(prefix) => super::rdf_file::each_blank_node(quad, |node| {
                *node = BlankNode::new_unchecked(format!("{prefix}{}", node.as_str()));
            }),
        }
    }
}
