//! ORDER BY: the distinct values of a column are ranked by their sort keys, and rows are sorted by ranks.

use super::block::{Block, Column, MOST};
use super::number_map::NumberMap;
use super::operator::{Context, Operator, Pieces};
use super::order_key::{OrderKey, sorted_places};
use crate::budget::sort_first;
use oxigraph::sparql::QueryEvaluationError;
use std::cmp::Ordering;

/// The ranks that are packed into a key of 128 bits, together with the number of the row.
const PACKED: usize = 3;

/// The rows of an input, sorted.
pub(super) struct Order {
    input: Option<Pieces>,
    /// The columns to sort by, and whether the order is descending.
    by: Vec<(usize, bool)>,
    /// The most rows that are wanted.
    most: usize,
    sorted: Block,
    next: usize,
}

/// Rows of an input, as columns.
#[derive(Default)]
struct Table {
    rows: usize,
    columns: Vec<Vec<u32>>,
}

impl Table {
    /// Adds the rows of a block, or only some of them.
    fn add(&mut self, block: &Block, only: Option<&[u32]>) {
        let rows = only.map_or(block.rows, <[u32]>::len);
        self.columns.resize(block.columns.len().max(self.columns.len()), Vec::new());
        for (numbers, column) in self.columns.iter_mut().zip(&block.columns) {
            match (column, only) {
                (Column::Same(number), _) => numbers.extend(std::iter::repeat_n(*number, rows)),
                (Column::Each(more), None) => numbers.extend_from_slice(more),
                (Column::Each(_), Some(only)) => {
                    numbers.extend(only.iter().map(|&row| column.get(row as usize)));
                }
            }
        }
        self.rows += rows;
    }

    fn column(&self, column: usize) -> &[u32] {
        self.columns.get(column).map_or(&[], Vec::as_slice)
    }

    fn into_block(self) -> Block {
        Block { rows: self.rows, columns: self.columns.into_iter().map(Column::Each).collect() }
    }
}

impl Order {
    pub(super) fn new(input: Box<dyn Operator>, by: Vec<(usize, bool)>, most: usize) -> Self {
        Self { input: Some(Pieces::new(input)), by, most, sorted: Block::default(), next: 0 }
    }

    fn sort(
        &self,
        input: &mut dyn Operator,
        context: &Context,
    ) -> Result<Block, QueryEvaluationError> {
        let mut table = Table::default();
        // If few rows are wanted, the others are dropped on the way.
        let enough = self.most.saturating_mul(2).saturating_add(MOST);
        let mut last_key: Option<OrderKey<'_>> = None;
        while let Some(block) = input.next(context)? {
            match &last_key {
                Some(last) => table.add(&block, Some(&self.candidates(&block, last, context)?)),
                None => table.add(&block, None),
            }
            if table.rows >= enough {
                let sorted = self.sorted(table, context)?;
                table = Table::default();
                table.add(&sorted, None);
                if let (Some(&(column, _)), Some(last)) =
                    (self.by.first(), sorted.rows.checked_sub(1))
                {
                    last_key = Some(OrderKey::of(sorted.get(column, last), context)?);
                }
            }
        }
        self.sorted(table, context)
    }

    /// Returns the rows of a block that do not sort after a row with this key in the first column to sort by.
    fn candidates(
        &self,
        block: &Block,
        last: &OrderKey<'_>,
        context: &Context,
    ) -> Result<Vec<u32>, QueryEvaluationError> {
        let mut rows = Vec::new();
        let Some(&(column, is_descending)) = self.by.first() else { return Ok(rows) };
        for (number, row) in (0..).zip(0..block.rows) {
            let order = OrderKey::of(block.get(column, row), context)?.cmp(last);
            let order = if is_descending { order.reverse() } else { order };
            if order != Ordering::Greater {
                rows.push(number);
            }
        }
        Ok(rows)
    }

    /// Returns the first of the sorted rows of a table, as many as are wanted. Equal rows keep their order.
    fn sorted(&self, table: Table, context: &Context) -> Result<Block, QueryEvaluationError> {
        let mut ranks = Vec::with_capacity(self.by.len());
        for &(column, is_descending) in &self.by {
            ranks.push(ranked(table.column(column), is_descending, context)?);
        }
        // Rows are numbered with 32 bits, which is more than memory can hold.
        let rows = u32::try_from(table.rows).unwrap_or(u32::MAX);
        let rank = |ranks: &[u32], row: u32| ranks.get(row as usize).copied().unwrap_or_default();
        let mut order: Vec<u32>;
        if ranks.len() <= PACKED {
            let key = |row| {
                let before = ranks
                    .iter()
                    .fold(0_u128, |key, ranks| key << 32 | u128::from(rank(ranks, row)));
                before << 32 | u128::from(row)
            };
            let mut keys: Vec<u128> = (0..rows).map(key).collect();
            sort_first(&mut keys, self.most, &u128::cmp, &context.checking())?;
            keys.truncate(self.most);
            #[expect(clippy::cast_possible_truncation, reason = "the lowest bits are the row")]
            let row = |key: u128| key as u32;
            order = keys.into_iter().map(row).collect();
        } else {
            order = (0..rows).collect();
            let compare = |&a: &u32, &b: &u32| {
                let mut by_rank = ranks.iter().map(|ranks| rank(ranks, a).cmp(&rank(ranks, b)));
                by_rank.find(|order| order.is_ne()).unwrap_or_else(|| a.cmp(&b))
            };
            sort_first(&mut order, self.most, &compare, &context.checking())?;
            order.truncate(self.most);
        }
        Ok(table.into_block().of_rows(&order))
    }
}

/// Returns the rank of each value in the order of all.
fn ranked(
    numbers: &[u32],
    is_descending: bool,
    context: &Context,
) -> Result<Vec<u32>, QueryEvaluationError> {
    let mut ranks = NumberMap::new(context.index.terms());
    let (mut keys, mut distinct) = (Vec::new(), Vec::new());
    for &number in numbers {
        if ranks.get(number).is_none() {
            ranks.insert(number, 0);
            distinct.push(number);
            keys.push(OrderKey::of(number, context)?);
            if keys.len().is_multiple_of(MOST) {
                context.check()?;
            }
        }
    }
    let mut rank = 0;
    let mut last: Option<&OrderKey<'_>> = None;
    for place in sorted_places(&keys, &context.checking())? {
        let (Some(key), Some(&number)) = (keys.get(place as usize), distinct.get(place as usize))
        else {
            continue;
        };
        rank += u32::from(last.is_some_and(|last| !key.is_equal(last)));
        last = Some(key);
        ranks.insert(number, rank);
    }
    let rank = |number: &u32| {
        let rank = ranks.get(*number).unwrap_or_default();
        if is_descending { u32::MAX - rank } else { rank }
    };
    Ok(numbers.iter().map(rank).collect())
}

impl Operator for Order {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        if let Some(mut input) = self.input.take() {
            self.sorted = self.sort(&mut input, context)?;
        }
        if self.next >= self.sorted.rows {
            return Ok(None);
        }
        let rows = MOST.min(self.sorted.rows - self.next);
        let block = self.sorted.slice(self.next, rows);
        self.next += rows;
        Ok(Some(block))
    }
}
