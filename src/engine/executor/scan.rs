//! Triple patterns by themselves: scans of the index.

use super::block::{Block, Column, MOST, UNBOUND};
use super::operator::{Context, Operator};
use crate::engine::index::TripleRange;
use oxigraph::sparql::QueryEvaluationError;

/// The rows of the first block of a scan. Each block has twice the rows of the one before, so that a query for few rows
/// reads little.
const FIRST: usize = 64;

/// From this number of triples on, a term has a block of its own when the terms of a position are listed.
pub(super) const MANY: usize = 64;

/// A scan of the triples that match a pattern.
pub(super) struct Scan {
    pub range: TripleRange,
    /// The position in the triple of each column.
    pub columns: Vec<usize>,
    /// The pairs of positions that must have the same term.
    pub equal: Vec<[usize; 2]>,
    size: usize,
    is_done: bool,
}

impl Scan {
    pub(super) const fn new(
        range: TripleRange,
        columns: Vec<usize>,
        equal: Vec<[usize; 2]>,
    ) -> Self {
        Self { range, columns, equal, size: FIRST, is_done: false }
    }

    /// Returns whether the next block has the most rows that a block has.
    pub(super) const fn has_full_blocks(&self) -> bool {
        self.size >= MOST
    }
}

impl Operator for Scan {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        context.check()?;
        if self.is_done {
            return Ok(None);
        }
        if self.columns.is_empty() && self.equal.is_empty() {
            let (rows, is_all) = self.range.count(&context.index, usize::MAX);
            if is_all {
                self.is_done = true;
                return Ok(Some(Block { rows, columns: Vec::new() }));
            }
        }
        let mut columns = vec![Vec::with_capacity(self.size); self.columns.len()];
        let (mut rows, mut read) = (0, 0);
        while read < self.size {
            let Some(triple) = self.range.next(&context.index) else {
                self.is_done = true;
                break;
            };
            read += 1;
            if is_equal(&self.equal, triple) {
                rows += 1;
                for (column, &position) in columns.iter_mut().zip(&self.columns) {
                    column.push(at(triple, position));
                }
            }
        }
        self.size = MOST.min(2 * self.size);
        Ok(Some(Block { rows, columns: columns.into_iter().map(Column::Each).collect() }))
    }
}

/// A scan of the triples with a known term.
pub(super) struct RunScan(pub Scan);

impl Operator for RunScan {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        let scan = &mut self.0;
        let (head, second) = scan.range.given();
        if second.is_some() || !scan.equal.is_empty() || scan.columns.is_empty() {
            return scan.next(context);
        }
        context.check()?;
        let pairs = scan.range.pairs(&context.index);
        if pairs.is_empty() {
            return Ok(None);
        }
        let pairs = pairs.get(..scan.size).unwrap_or(pairs);
        let [_, first, second] = scan.range.positions();
        let columns = scan.columns.iter().map(|&position| {
            if position == first {
                Column::Each(pairs.iter().map(|pair| pair[0]).collect())
            } else if position == second {
                Column::Each(pairs.iter().map(|pair| pair[1]).collect())
            } else {
                Column::Same(head)
            }
        });
        let block = Block { rows: pairs.len(), columns: columns.collect() };
        scan.range.skip(block.rows);
        scan.size = MOST.min(2 * scan.size);
        Ok(Some(block))
    }
}

/// The terms at one position of all triples, each as often as there are triples.
pub(super) struct Occurrences {
    position: usize,
    /// The number of the next term.
    next: Option<u32>,
}

impl Occurrences {
    pub(super) const fn new(position: usize) -> Self {
        Self { position, next: Some(0) }
    }
}

impl Operator for Occurrences {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        context.check()?;
        let Some(from) = self.next.take() else { return Ok(None) };
        let mut numbers = Vec::new();
        for (term, count) in context.index.counts(self.position, from) {
            if count >= MANY && numbers.is_empty() {
                self.next = term.checked_add(1);
                return Ok(Some(Block { rows: count, columns: vec![Column::Same(term)] }));
            }
            if count >= MANY || numbers.len() >= MOST {
                self.next = Some(term);
                break;
            }
            numbers.extend(std::iter::repeat_n(term, count));
        }
        Ok(Some(Block { rows: numbers.len(), columns: vec![Column::Each(numbers)] }))
    }
}

fn at(triple: [u32; 3], position: usize) -> u32 {
    triple.get(position).copied().unwrap_or(UNBOUND)
}

/// Returns whether a triple has the same term at both positions of each pair.
pub(super) fn is_equal(equal: &[[usize; 2]], triple: [u32; 3]) -> bool {
    equal.iter().all(|&[a, b]| at(triple, a) == at(triple, b))
}
