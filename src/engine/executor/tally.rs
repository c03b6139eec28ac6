//! The objects of a property: those that occur often come once, in a block with as many rows as there are triples.

use super::block::{Block, Column, MOST};
use super::operator::{Context, Operator};
use super::scan::{MANY, RunScan, Scan};
use crate::engine::index::TripleRange;
use oxigraph::sparql::QueryEvaluationError;

/// The triples that are counted first, after as many as the first blocks of a scan have.
const FIRST: usize = 1 << 16;

/// The most triples that are counted at once.
const LAST: usize = 1 << 20;

/// A scan of the last term of the triples with a known term, in any order.
pub(super) struct Tally {
    scan: RunScan,
    /// The number of triples to count next, or `None` if there are too many different terms for that to pay off.
    chunk: Option<usize>,
    /// How often each term of the index occurs in the current chunk.
    counts: Vec<u32>,
    /// The terms that were counted and have not been returned.
    counted: Vec<u32>,
}

impl Tally {
    /// Returns a tally of the terms at a position, or `None` if they are not the last terms of a range.
    pub(super) fn new(range: TripleRange, position: usize) -> Option<Self> {
        let [.., last] = range.positions();
        let is_last = range.is_run() && range.given().1.is_none() && position == last;
        let scan = RunScan(Scan::new(range, vec![position], Vec::new()));
        let (counts, counted) = (Vec::new(), Vec::new());
        is_last.then_some(Self { scan, chunk: Some(FIRST), counts, counted })
    }

    /// Counts the terms of the next triples, unless there are too many different ones.
    fn count(&mut self, context: &Context) {
        let Some(chunk) = self.chunk else { return };
        let pairs = self.scan.0.range.pairs(&context.index);
        let pairs = pairs.get(..chunk).unwrap_or(pairs);
        if self.counts.is_empty() {
            self.counts = vec![0; context.index.terms()];
        }
        for &[_, term] in pairs {
            if let Some(count) = self.counts.get_mut(term as usize) {
                if *count == 0 {
                    self.counted.push(term);
                }
                *count += 1;
            }
        }
        if self.counted.len() * MANY <= pairs.len() {
            self.chunk = Some(LAST.min(2 * chunk));
            self.scan.0.range.skip(pairs.len());
        } else {
            self.chunk = None;
            (self.counts, self.counted) = (Vec::new(), Vec::new());
        }
    }

    /// Returns a block of a term, or of several that are rare.
    fn block(&mut self) -> Option<Block> {
        let mut numbers = Vec::new();
        while let Some(&term) = self.counted.last() {
            let count = self.counts.get_mut(term as usize);
            let rows = count.as_deref().map_or(0, |&count| count as usize);
            if rows >= MANY && !numbers.is_empty() || numbers.len() + MANY > MOST {
                break;
            }
            self.counted.pop();
            if let Some(count) = count {
                *count = 0;
            }
            if rows >= MANY {
                return Some(Block { rows, columns: vec![Column::Same(term)] });
            }
            numbers.extend(std::iter::repeat_n(term, rows));
        }
        (!numbers.is_empty())
            .then(|| Block { rows: numbers.len(), columns: vec![Column::Each(numbers)] })
    }
}

impl Operator for Tally {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        context.check()?;
        // A query for few rows ends before any are counted.
        if self.counted.is_empty() && self.scan.0.has_full_blocks() {
            self.count(context);
        }
        match self.block() {
            Some(block) => Ok(Some(block)),
            None => self.scan.next(context),
        }
    }
}
