//! How the triples that match a pattern are found for a row.
//!
//! Where the rows come in the order of the index, both are read together: a merge join. Where they do not, rows that have no
//! match are soon told by the set of all values that have one. Else the index is searched for each row.

use super::block::{Block, Column, UNBOUND};
use super::key_set::KeySet;
use super::operator::Context;
use super::scan::Scan;
use crate::engine::index::{TripleIndex, TripleRange};
use oxigraph::sparql::QueryEvaluationError;

/// How many triples of a sorted range may be skipped for a row, on average, before a search in the index takes less time.
const SPARSE: usize = 64;

/// A position of a triple pattern, given the rows of an input.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Known(u32),
    /// The value of a column, or any term where that is unbound.
    Bound(usize),
    Free,
}

/// Finds the triples that match a pattern, for the rows of one block after the other.
pub(super) struct Probe {
    places: [Place; 3],
    /// The triples with the known terms, sorted by the one bound column, if the index has them so.
    sorted: Option<SortedRange>,
    /// The values of the one bound column that have a match.
    keys: Option<KeySet>,
    /// For each row of the block whether it has a match, if that is known.
    has_match: Option<Vec<bool>>,
}

/// A range of the index that is read in its order.
struct SortedRange {
    whole: TripleRange,
    /// The place of the sorted number in the pairs of the range.
    place: usize,
    column: usize,
    /// The triples from the last row on, if the rows of the block are sorted.
    rest: Option<TripleRange>,
    /// The number in the last row of the block before, if that was sorted.
    last: Option<u32>,
}

impl Probe {
    /// Prepares to find the triples of a pattern. A column is certain if all rows bind it and the pattern has its variable
    /// once.
    pub(super) fn new(
        places: [Place; 3],
        is_certain: impl Fn(usize) -> bool,
        index: &TripleIndex,
    ) -> Self {
        let (sorted, keys) = match bound(places)[..] {
            [column] if is_certain(column) => {
                (SortedRange::new(places, column, index), keys(places, column, index))
            }
            _ => (None, None),
        };
        Self { places, sorted, keys, has_match: None }
    }

    /// Returns the columns that the rows are looked up by.
    pub(super) fn columns(&self) -> Vec<usize> {
        bound(self.places)
    }

    /// Prepares for the rows of a block, which are then looked up in their order.
    ///
    /// # Errors
    /// Fails if the evaluation is cancelled.
    pub(super) fn begin(
        &mut self,
        block: &Block,
        context: &Context,
    ) -> Result<(), QueryEvaluationError> {
        self.has_match = None;
        let is_sorted =
            self.sorted.as_mut().is_some_and(|sorted| sorted.begin(block, &context.index));
        if let Some(keys) = self.keys.as_mut().filter(|_| !is_sorted) {
            self.has_match = keys.has_match(block, context)?;
        }
        Ok(())
    }

    /// Returns the triples that match the pattern for a row of the block, or `None` if there are none.
    pub(super) fn find(
        &mut self,
        block: &Block,
        row: usize,
        index: &TripleIndex,
    ) -> Option<TripleRange> {
        if let Some(SortedRange { rest: Some(rest), column, place, .. }) = &mut self.sorted {
            return Some(rest.advance_to(index, *place, block.get(*column, row)));
        }
        if self.has_match.as_ref().and_then(|rows| rows.get(row)) == Some(&false) {
            return None;
        }
        let mut given = [None; 3];
        for (given, &place) in given.iter_mut().zip(&self.places) {
            *given = match place {
                Place::Known(number) => Some(number),
                Place::Bound(column) => match block.get(column, row) {
                    UNBOUND => None,
                    number if number as usize >= index.terms() => return None,
                    number => Some(number),
                },
                Place::Free => None,
            };
        }
        let [subject, property, object] = given;
        Some(index.find(subject, property, object))
    }
}

impl SortedRange {
    fn new(places: [Place; 3], column: usize, index: &TripleIndex) -> Option<Self> {
        let (whole, place) = match places {
            [Place::Bound(_), Place::Known(p), Place::Free] => (index.find(None, Some(p), None), 0),
            [Place::Bound(_), Place::Known(p), Place::Known(o)] => {
                (index.find(None, Some(p), Some(o)), 1)
            }
            [Place::Known(s), Place::Known(p), Place::Bound(_)] => {
                (index.find(Some(s), Some(p), None), 1)
            }
            _ => return None,
        };
        Some(Self { whole, place, column, rest: None, last: None })
    }

    /// Returns whether to read the range along with the rows of a block.
    fn begin(&mut self, block: &Block, index: &TripleIndex) -> bool {
        let before = (self.rest.take(), self.last.take());
        let Some(Column::Each(numbers)) = block.columns.get(self.column) else { return false };
        let (Some(&first), Some(&last)) = (numbers.first(), numbers.last()) else { return false };
        let (triples, _) = self.whole.count(index, usize::MAX);
        let is_dense = triples <= numbers.len().saturating_mul(SPARSE);
        if !is_dense || last as usize >= index.terms() || !numbers.is_sorted() {
            return false;
        }
        self.rest = match before {
            (Some(rest), Some(before)) if before <= first => Some(rest),
            _ => Some(self.whole),
        };
        self.last = Some(last);
        true
    }
}

fn bound(places: [Place; 3]) -> Vec<usize> {
    let bound = places.into_iter().filter_map(|place| match place {
        Place::Bound(column) => Some(column),
        Place::Known(_) | Place::Free => None,
    });
    bound.collect()
}

/// Returns the values of the one bound column that have a match.
fn keys(places: [Place; 3], column: usize, index: &TripleIndex) -> Option<KeySet> {
    let position = places.iter().position(|place| matches!(place, Place::Bound(_)))?;
    let known = places.map(|place| match place {
        Place::Known(number) => Some(number),
        Place::Bound(_) | Place::Free => None,
    });
    let [subject, Some(property), object] = known else { return None };
    let range = index.find(subject, Some(property), object);
    let (triples, is_exact) = range.count(index, usize::MAX);
    let whole = Box::new(Scan::new(range, vec![position], Vec::new()));
    // Most rows may have a match: the set must not take more time than the lookups.
    is_exact.then(|| KeySet::new(whole, [column, 0], triples))
}
