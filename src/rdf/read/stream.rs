//! Streams the quads of RDF files without storing them, to convert and load files of any size.

use super::batch::{FilePart, QuadBatch, SkippedStatements, Turns};
use super::blank_nodes::{BlankNodeNames, BlankNodes, LabelPolicy};
use super::input::{RdfInput, without_mark};
use super::lines::LineFile;
use super::statements::StatementFile;
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result, error, reason};
use crate::format::{GraphFormat, InputFormat};
use crate::parallel::STACK;
use crate::vocabulary::{PrefixClash, Prefixes};
use oxigraph::model::Quad;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

/// The maximum number of batches in the queue.
const WAITING: usize = 16;

/// The quads of some files, which other threads read; line-based formats use several threads.
///
/// `BlankNodeNames` determines the names of blank nodes. Only these names are kept in memory. JSON-LD is the exception:
/// it is read as a whole.
pub struct RdfStream {
    /// The prefixes that the files have declared before the current quads.
    pub prefixes: Prefixes,
    /// The prefixes for which another file has declared another namespace.
    pub clashes: Vec<PrefixClash>,
    /// The statements skipped so far, if reading is lenient.
    pub skipped: SkippedStatements,
    /// The language tags lower-cased so far.
    pub lowercased_tags: BTreeSet<String>,
    /// The file that has declared each prefix.
    declarers: HashMap<String, usize>,
    parts: Receiver<FilePart>,
    part: Option<FilePart>,
    quads: std::vec::IntoIter<Quad>,
    /// The number of the current file and the names of its blank nodes, unless the parser names them.
    names: Option<(usize, BlankNodes)>,
    problems: Vec<(usize, Diagnostic)>,
}

/// Options for reading files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Whether to skip invalid statements instead of failing.
    pub is_lenient: bool,
    /// Whether to preserve the case of language tags. If not, `EN` becomes `en`, as in the store.
    pub keeps_language_case: bool,
    /// The names of blank nodes.
    pub blank_nodes: BlankNodeNames,
    /// The number of earlier files, which counts in the names of blank nodes.
    pub files_before: usize,
}

impl RdfStream {
    /// Starts to read with default options. Afterwards, the prefixes before the first quads are available.
    pub fn of(inputs: Vec<RdfInput>) -> Self {
        Self::read(inputs, ReadOptions::default())
    }

    /// Starts to read. Afterwards, the prefixes before the first quads are available.
    pub fn read(inputs: Vec<RdfInput>, reading: ReadOptions) -> Self {
        let (turns, parts) = sync_channel(WAITING);
        // JSON-LD is read recursively: the deepest accepted file needs more than the default stack.
        let started = thread::Builder::new()
            .stack_size(STACK)
            .spawn(move || read_all(inputs, reading, &turns));
        let problem = |error| error!("file-unreadable", "cannot start reading: {}", reason(&error));
        let mut stream = Self {
            prefixes: Prefixes::default(),
            clashes: Vec::new(),
            skipped: SkippedStatements::default(),
            lowercased_tags: BTreeSet::new(),
            declarers: HashMap::new(),
            parts,
            part: None,
            quads: Vec::new().into_iter(),
            names: None,
            problems: started.err().map(|error| (0, problem(error))).into_iter().collect(),
        };
        stream.fill();
        stream
    }

    /// Returns the next batch of quads, because inspecting them in place is faster than moving them one by one.
    pub(crate) fn next_quads(&mut self) -> Option<Result<Vec<Quad>>> {
        if self.quads.len() == 0 {
            self.fill();
        }
        if self.quads.len() == 0 {
            return self.failed().map(Err);
        }
        Some(Ok(std::mem::take(&mut self.quads).collect()))
    }

    fn failed(&mut self) -> Option<Error> {
        let problems = std::mem::take(&mut self.problems);
        let problems: Vec<_> = problems.into_iter().map(|(_, problem)| problem).collect();
        (!problems.is_empty()).then_some(Error { kind: ErrorKind::Input, problems })
    }

    /// Waits for quads or for the end. After an error it discards quads but reads on, to report every invalid file at
    /// once.
    fn fill(&mut self) {
        while self.quads.len() == 0 {
            let part = match self.part.take() {
                Some(part) => part,
                None => match self.parts.recv() {
                    Ok(part) => part,
                    Err(_) => return,
                },
            };
            match part.batches.recv() {
                Ok(Ok(batch)) if self.problems.is_empty() => self.take(&part, batch),
                Ok(Ok(_)) => {}
                Ok(Err(failure)) => {
                    if self.problems.last().is_none_or(|(file, _)| *file != part.file) {
                        self.problems.push((part.file, failure()));
                    }
                }
                Err(_) => continue,
            }
            self.part = Some(part);
        }
    }

    fn declare(&mut self, file: usize, prefix: &str, namespace: &str) {
        let Some(first) = self.prefixes.namespace(prefix) else {
            self.prefixes.add(prefix, namespace);
            self.declarers.insert(prefix.to_owned(), file);
            return;
        };
        let is_told = self.clashes.iter().any(|clash| clash.prefix == prefix);
        if first != namespace && self.declarers.get(prefix) != Some(&file) && !is_told {
            self.clashes.push(PrefixClash {
                prefix: prefix.to_owned(),
                namespace: first.to_owned(),
                other: namespace.to_owned(),
            });
        }
    }

    fn take(&mut self, part: &FilePart, mut batch: QuadBatch) {
        for (prefix, namespace) in batch.prefixes.iter() {
            self.declare(part.file, prefix, namespace);
        }
        self.skipped.add(batch.skipped);
        self.lowercased_tags.append(&mut batch.lowercased_tags);
        if part.is_to_be_named {
            let (file, mut names) = self
                .names
                .take()
                .filter(|(file, _)| *file == part.file)
                .unwrap_or_else(|| (part.file, BlankNodes::of(part.file)));
            batch.quads.iter_mut().for_each(|quad| names.rename(quad));
            self.names = Some((file, names));
        }
        self.quads = batch.quads.into_iter();
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
            None => self.failed().map(Err),
        }
    }
}

/// A file whose first bytes cannot be read: the first read fails.
struct Unreadable(Option<io::Error>);

impl Read for Unreadable {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Reads files one after another until the consumer stops.
fn read_all(inputs: Vec<RdfInput>, reading: ReadOptions, turns: &Turns) {
    let are_several = inputs.len() > 1;
    let mut parsers = None;
    for (i, RdfInput { origin, reader }) in inputs.into_iter().enumerate() {
        let number = reading.files_before + i + 1;
        let origin = Arc::new(origin);
        let reader = without_mark(reader).unwrap_or_else(|error| Box::new(Unreadable(Some(error))));
        let ReadOptions { is_lenient, keeps_language_case, .. } = reading;
        let is_read = match origin.format {
            InputFormat::Graph(GraphFormat::NTriples | GraphFormat::NQuads) => LineFile {
                origin,
                number,
                labels: LabelPolicy::of(reading.blank_nodes, number, are_several),
                is_lenient,
                keeps_language_case,
                is_broken: AtomicBool::new(false),
            }
            .read(reader, &mut parsers, turns),
            _ => {
                let (sender, batches) = sync_channel(WAITING);
                let names = match reading.blank_nodes {
                    BlankNodeNames::OfLoad(load) => BlankNodes::of_load(load, number),
                    BlankNodeNames::Labels | BlankNodeNames::InOrder => BlankNodes::of(number),
                };
                let part = FilePart { file: number, batches, is_to_be_named: false };
                let file = StatementFile {
                    origin,
                    names,
                    is_lenient,
                    keeps_language_case,
                    batches: sender,
                };
                turns.send(part).is_ok() && file.read(reader)
            }
        };
        if !is_read {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::SourceFile;
    use crate::rdf::read::file::RdfFile;

    fn quads_of(name: &str, text: &str) -> Vec<Quad> {
        let source = SourceFile { path: name.to_owned(), bytes: text.as_bytes().to_vec().into() };
        let file = RdfFile::new(source).unwrap();
        RdfStream::of(vec![file.into()]).collect::<Result<_>>().unwrap()
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        let triple = "<http://e.example/a> <http://e.example/b> <http://e.example/c> .";
        for name in ["a.ttl", "a.trig", "a.nt", "a.nq"] {
            let quads = quads_of(name, &format!("\u{FEFF}{triple}"));
            assert_eq!(quads, quads_of(name, triple), "{name}");
            assert_eq!(quads.len(), 1, "{name}");
        }
    }

    #[test]
    fn json_ld_of_the_greatest_depth_is_read() {
        let levels = 999;
        let text =
            format!("{}{{}}{}", r#"{"http://e.example/p":"#.repeat(levels), "}".repeat(levels));
        assert_eq!(quads_of("deep.jsonld", &text).len(), levels);
    }
}
