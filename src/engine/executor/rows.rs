//! Operators on whole rows: constants, unions, values of expressions, distinct rows, a range of rows.

use super::block::{Block, Column, UNBOUND};
use super::evaluator::Evaluator;
use super::key_table::KeyTable;
use super::operator::{Context, Operator, Pieces};
use oxigraph::sparql::QueryEvaluationError;

/// Blocks that are known beforehand.
pub(super) struct Constant(pub Option<Block>);

impl Operator for Constant {
    fn next(&mut self, _: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        Ok(self.0.take())
    }
}

/// Other columns of an input, some of which may be unbound.
pub(super) struct Columns {
    pub input: Box<dyn Operator>,
    pub columns: Vec<Option<usize>>,
}

impl Operator for Columns {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        let Some(mut block) = self.input.next(context)? else { return Ok(None) };
        let mut columns = Vec::with_capacity(self.columns.len());
        for (i, &column) in self.columns.iter().enumerate() {
            let column = match column {
                Some(column)
                    if self.columns.iter().skip(i + 1).all(|&later| later != Some(column)) =>
                {
                    block
                        .columns
                        .get_mut(column)
                        .map(|column| std::mem::replace(column, Column::Same(UNBOUND)))
                }
                Some(column) => block.columns.get(column).cloned(),
                None => None,
            };
            columns.push(column.unwrap_or(Column::Same(UNBOUND)));
        }
        Ok(Some(Block { rows: block.rows, columns }))
    }
}

/// The rows of one input after those of another, with the same columns.
pub(super) struct Concatenation(pub Vec<Box<dyn Operator>>);

impl Operator for Concatenation {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        while let Some(input) = self.0.first_mut() {
            if let Some(block) = input.next(context)? {
                return Ok(Some(block));
            }
            self.0.remove(0);
        }
        Ok(None)
    }
}

/// The value of an expression in a column of its own.
pub(super) struct Computation {
    pub input: Pieces,
    pub evaluator: Evaluator,
    /// The columns of its variables.
    pub columns: Vec<usize>,
}

impl Operator for Computation {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        let block = if self.evaluator.is_volatile {
            self.input.next(context)?
        } else {
            self.input.next_or_equal_rows(context)?
        };
        let Some(mut block) = block else { return Ok(None) };
        let column = self.evaluator.values(&block, &self.columns, context)?;
        block.columns.push(column);
        Ok(Some(block))
    }
}

/// A copy of a column, or a constant, in a column of its own.
pub(super) struct Copy {
    pub input: Box<dyn Operator>,
    pub column: Result<usize, u32>,
}

impl Operator for Copy {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        let Some(mut block) = self.input.next(context)? else { return Ok(None) };
        let column = match self.column {
            Ok(column) => block.columns.get(column).cloned().unwrap_or(Column::Same(UNBOUND)),
            Err(number) => Column::Same(number),
        };
        block.columns.push(column);
        Ok(Some(block))
    }
}

/// The rows that differ from all before them in some columns.
pub(super) struct Distinct {
    input: Box<dyn Operator>,
    columns: Vec<usize>,
    seen: KeyTable,
}

impl Distinct {
    pub(super) fn new(input: Box<dyn Operator>, columns: Vec<usize>, terms: usize) -> Self {
        let seen = KeyTable::of_terms(columns.len(), terms);
        Self { input, columns, seen }
    }
}

impl Operator for Distinct {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        context.check()?;
        let Some(block) = self.input.next(context)? else { return Ok(None) };
        let rows = if block.is_constant_in(&self.columns) { block.rows.min(1) } else { block.rows };
        let (mut key, mut kept) = (Vec::new(), Vec::new());
        for (number, row) in (0_u32..).zip(0..rows) {
            block.key(&self.columns, row, &mut key);
            if self.seen.add(&key).1 {
                kept.push(number);
            }
        }
        Ok(Some(block.of_rows(&kept)))
    }
}

/// A range of the rows of an input.
pub(super) struct Slice {
    pub input: Box<dyn Operator>,
    /// The rows to skip, and the rows to return after that.
    pub skip: usize,
    pub rest: usize,
}

impl Operator for Slice {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        if self.rest == 0 {
            return Ok(None);
        }
        let Some(block) = self.input.next(context)? else { return Ok(None) };
        let skipped = self.skip.min(block.rows);
        let rows = self.rest.min(block.rows - skipped);
        self.skip -= skipped;
        self.rest -= rows;
        Ok(Some(if rows == block.rows { block } else { block.slice(skipped, rows) }))
    }
}
