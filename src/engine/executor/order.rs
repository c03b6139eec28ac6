//! ORDER BY: the distinct values of a column are ranked by their sort keys, and rows are sorted by ranks.

use super::block::{Block, Column, MOST, UNBOUND};
use super::operator::{Context, Operator, Pieces};
use crate::budget::sort_first;
use crate::engine::quirks::sort_key;
use oxigraph::sparql::QueryEvaluationError;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// All rows of an input, sorted.
pub(super) struct Order {
    input: Option<Pieces>,
    /// The columns to sort by, and whether the order is descending.
    by: Vec<(usize, bool)>,
    /// The most rows that are wanted.
    most: usize,
    sorted: Block,
    next: usize,
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
        let mut columns: Vec<Vec<u32>> = Vec::new();
        let mut rows = 0;
        while let Some(block) = input.next(context)? {
            columns.resize(block.columns.len().max(columns.len()), Vec::new());
            for (numbers, column) in columns.iter_mut().zip(&block.columns) {
                match column {
                    Column::Same(number) => {
                        numbers.extend(std::iter::repeat_n(*number, block.rows));
                    }
                    Column::Each(more) => numbers.extend_from_slice(more),
                }
            }
            rows += block.rows;
        }
        let mut ranks = Vec::with_capacity(self.by.len());
        for &(column, is_descending) in &self.by {
            let numbers = columns.get(column).map_or(&[][..], Vec::as_slice);
            ranks.push(ranked(numbers, is_descending, context)?);
        }
        // Blocks of 32 bits are enough for the rows that memory can hold.
        let mut order: Vec<u32> = (0..u32::try_from(rows).unwrap_or(u32::MAX)).collect();
        let compare = |a: &u32, b: &u32| {
            let mut by_rank =
                ranks.iter().map(|ranks| ranks.get(*a as usize).cmp(&ranks.get(*b as usize)));
            by_rank.find(|order| order.is_ne()).unwrap_or_else(|| a.cmp(b))
        };
        sort_first(&mut order, self.most, &compare, &|| context.check())?;
        order.truncate(self.most);
        let sorted = Block { rows, columns: columns.into_iter().map(Column::Each).collect() };
        Ok(sorted.of_rows(&order))
    }
}

/// Returns the rank of each value in the order of all.
fn ranked(
    numbers: &[u32],
    is_descending: bool,
    context: &Context,
) -> Result<Vec<u32>, QueryEvaluationError> {
    /// The sort key of a value, and its number.
    type Key = (Option<String>, u32);
    let mut keys: FxHashMap<u32, u32> = FxHashMap::default();
    let mut distinct: Vec<Key> = Vec::new();
    for &number in numbers {
        if let Entry::Vacant(entry) = keys.entry(number) {
            entry.insert(0);
            // An unbound value sorts before all others.
            let key = match number {
                UNBOUND => None,
                number => Some(sort_key(context.terms.term(number)?)),
            };
            distinct.push((key, number));
            if distinct.len().is_multiple_of(MOST) {
                context.check()?;
            }
        }
    }
    let compare = |(a, _): &Key, (b, _): &Key| if is_descending { b.cmp(a) } else { a.cmp(b) };
    sort_first(&mut distinct, usize::MAX, &compare, &|| context.check())?;
    let mut rank = 0;
    let mut last = None;
    for (key, number) in &distinct {
        rank += u32::from(last.is_some_and(|last| last != key));
        last = Some(key);
        keys.insert(*number, rank);
    }
    Ok(numbers.iter().map(|number| keys.get(number).copied().unwrap_or_default()).collect())
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
