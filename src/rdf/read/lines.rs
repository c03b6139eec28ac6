//! Parses N-Triples and N-Quads on several threads. The input is split at line ends.

use super::batch::{Failure, FilePart, MOST_TOLD, QuadBatch, Turns};
use super::blank_nodes::LabelPolicy;
use super::input::Origin;
use super::language_tags::LanguageTags;
use crate::parallel::processors;
use oxigraph::io::RdfParser;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The approximate bytes per job, so few that the quads are consumed while they are in a processor's cache.
const PART: usize = 1 << 17;

/// A line-based file that is being parsed.
pub(super) struct LineFile {
    pub origin: Arc<Origin>,
    /// The index of the file.
    pub number: usize,
    pub labels: LabelPolicy,
    pub is_lenient: bool,
    pub keeps_language_case: bool,
    /// Whether one of its lines is invalid, so that the rest is not needed.
    pub is_broken: AtomicBool,
}

/// Some lines of a file, with the channel for their quads.
struct Job {
    file: Arc<LineFile>,
    bytes: Vec<u8>,
    /// The number of lines before them.
    lines: u64,
    batches: SyncSender<Result<QuadBatch, Failure>>,
}

/// The parser threads. They end when this is dropped.
pub(super) struct Parsers {
    jobs: Sender<Job>,
}

impl Parsers {
    /// Starts one thread per processor. The consumer of the quads limits their pace.
    pub(super) fn new() -> Self {
        let (jobs, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..processors() {
            let waiting = Arc::clone(&waiting);
            thread::spawn(move || work(&waiting));
        }
        Self { jobs }
    }
}

fn work(waiting: &Mutex<Receiver<Job>>) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(job) => job.run(),
            Err(_) => return,
        }
    }
}

impl LineFile {
    /// Reads the file and queues its lines for parsing. The results are consumed in the order of the file. Returns
    /// `false` if the consumer has stopped.
    pub(super) fn read(
        self,
        reader: Box<dyn Read + Send>,
        parsers: &mut Option<Parsers>,
        turns: &Turns,
    ) -> bool {
        let file = Arc::new(self);
        let mut cut = LineSplitter { reader, rest: Vec::new() };
        let mut lines = 0;
        while !file.is_broken.load(Ordering::Relaxed) {
            let (bytes, is_last) = match cut.next() {
                Ok(next) => next,
                Err(error) => {
                    let (sender, batches) = sync_channel(1);
                    let origin = Arc::clone(&file.origin);
                    let failure: Failure = Box::new(move || origin.unreadable(&error));
                    let _ = sender.send(Err(failure));
                    return turns.send(file.part(batches)).is_ok();
                }
            };
            let is_alone = lines == 0 && is_last;
            let count = memchr::memchr_iter(b'\n', &bytes).count() as u64;
            let (sender, batches) = sync_channel(1);
            let job = Job { file: Arc::clone(&file), bytes, lines, batches: sender };
            lines += count;
            if is_alone {
                // Few lines are not worth another thread.
                job.run();
            } else if let Err(unsent) = parsers.get_or_insert_with(Parsers::new).jobs.send(job) {
                unsent.0.run();
            }
            if turns.send(file.part(batches)).is_err() {
                return false;
            }
            if is_last {
                break;
            }
        }
        true
    }

    const fn part(&self, batches: Receiver<Result<QuadBatch, Failure>>) -> FilePart {
        let is_to_be_named = matches!(self.labels, LabelPolicy::InOrder);
        FilePart { file: self.number, batches, is_to_be_named }
    }
}

impl Job {
    fn run(mut self) {
        let file = &self.file;
        let tags = LanguageTags::new(file.keeps_language_case);
        tags.encode_lines(&mut self.bytes);
        let mut batch =
            QuadBatch { quads: Vec::with_capacity(self.bytes.len() / 96), ..QuadBatch::default() };
        for quad in
            RdfParser::from_format(file.origin.format.graph_format().into()).for_slice(&self.bytes)
        {
            match quad {
                Ok(mut quad) => {
                    tags.restore(&mut quad);
                    file.labels.prefix(&mut quad);
                    batch.quads.push(quad);
                }
                Err(error) if file.is_lenient => {
                    batch.skipped.count += 1;
                    if batch.skipped.first.len() < MOST_TOLD {
                        batch.skipped.first.push(file.origin.skipped(&error, self.lines));
                    }
                }
                Err(error) => {
                    file.is_broken.store(true, Ordering::Relaxed);
                    let (origin, lines) = (Arc::clone(&file.origin), self.lines);
                    // Discard the quads before the invalid line: a file is loaded completely or not at all.
                    let failure: Failure = Box::new(move || origin.broken(&error.into(), lines));
                    let _ = self.batches.send(Err(failure));
                    return;
                }
            }
        }
        batch.lowercased_tags = tags.take_lowercased();
        // The receiver may have been dropped.
        let _ = self.batches.send(Ok(batch));
    }
}

/// Splits bytes at line ends.
struct LineSplitter {
    reader: Box<dyn Read + Send>,
    /// The beginning of an incomplete line.
    rest: Vec<u8>,
}

impl LineSplitter {
    /// Returns the next lines, and whether they are the last ones. The splits depend only on the bytes.
    fn next(&mut self) -> io::Result<(Vec<u8>, bool)> {
        let mut bytes = std::mem::take(&mut self.rest);
        bytes.reserve(PART);
        loop {
            let searched = bytes.len();
            // For a longer line, the steps grow.
            let step = PART.max(searched);
            let read = self.reader.by_ref().take(step as u64).read_to_end(&mut bytes)?;
            if read < step {
                return Ok((bytes, true));
            }
            if let Some(end) = memchr::memrchr(b'\n', bytes.get(searched..).unwrap_or_default()) {
                self.rest = bytes.split_off(searched + end + 1);
                return Ok((bytes, false));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut cut =
            LineSplitter { reader: Box::new(io::Cursor::new(bytes.to_vec())), rest: Vec::new() };
        let mut parts = Vec::new();
        loop {
            let (part, is_last) = cut.next().unwrap();
            parts.push(part);
            if is_last {
                return parts;
            }
        }
    }

    #[test]
    fn parts_end_where_lines_end_and_are_the_whole() {
        let line = |length: usize| [vec![b'a'; length], b"\n".to_vec()].concat();
        for lengths in [vec![], vec![0], vec![PART - 1, 3], vec![PART, PART], vec![9 * PART, 5, 7]]
        {
            let text = lengths.into_iter().map(line).collect::<Vec<_>>().concat();
            for end in [&b""[..], b"no end of a line"] {
                let text = [&text, end].concat();
                let parts = cut(&text);
                assert_eq!(parts.concat(), text);
                let (_, others) = parts.split_last().unwrap();
                assert!(others.iter().all(|part| part.ends_with(b"\n")));
            }
        }
        assert!(cut(&line(9).repeat(PART)).len() > 5);
    }
}
