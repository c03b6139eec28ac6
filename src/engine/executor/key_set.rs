//! Which rows have a match in a pattern that shares one variable with them, and nothing else of which is wanted.
//!
//! A few rows are looked up one by one. For many, all values that the pattern has for the variable are read first, into a set
//! of bits: to look into it takes far less time than a lookup in the index.

use super::block::Block;
use super::operator::{Context, Operator};
use oxigraph::sparql::QueryEvaluationError;

/// How many rows of a pattern are read in the time of one lookup.
pub(super) const READ_AT_ONCE: usize = 8;

/// The values that a pattern has for a variable, which are read when enough rows have been looked up.
pub(super) struct KeySet {
    /// The pattern by itself, until it has been read.
    whole: Option<Box<dyn Operator>>,
    /// The column of the shared variable in the rows and in the pattern.
    columns: [usize; 2],
    /// The number of rows that have to be seen before the pattern is read.
    patience: usize,
    values: Vec<u64>,
}

impl KeySet {
    /// Prepares the set of a pattern, which is read after so many rows have been seen.
    pub(super) fn new(whole: Box<dyn Operator>, columns: [usize; 2], patience: usize) -> Self {
        Self { whole: Some(whole), columns, patience, values: Vec::new() }
    }

    /// Returns for each row of a block whether it has a match, or `None` if they are still to be looked up.
    pub(super) fn has_match(
        &mut self,
        block: &Block,
        context: &Context,
    ) -> Result<Option<Vec<bool>>, QueryEvaluationError> {
        if self.whole.is_some() && block.rows < self.patience {
            self.patience -= block.rows;
            return Ok(None);
        }
        self.read(context)?;
        let [column, _] = self.columns;
        if block.is_constant_in(&[column]) && block.rows > 0 {
            return Ok(Some(vec![self.has(block.get(column, 0)); block.rows]));
        }
        Ok(Some((0..block.rows).map(|row| self.has(block.get(column, row))).collect()))
    }

    fn read(&mut self, context: &Context) -> Result<(), QueryEvaluationError> {
        let Some(mut whole) = self.whole.take() else { return Ok(()) };
        let [_, column] = self.columns;
        self.values = vec![0; context.index.terms().div_ceil(64)];
        while let Some(block) = whole.next(context)? {
            let rows = if block.is_constant_in(&[column]) { block.rows.min(1) } else { block.rows };
            for row in 0..rows {
                let number = block.get(column, row) as usize;
                if let Some(bits) = self.values.get_mut(number / 64) {
                    *bits |= 1 << (number % 64);
                }
            }
        }
        Ok(())
    }

    fn has(&self, number: u32) -> bool {
        let number = number as usize;
        self.values.get(number / 64).is_some_and(|bits| bits >> (number % 64) & 1 == 1)
    }
}
