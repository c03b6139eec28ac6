//! The matches of rows in the right side of a join, which is evaluated for them, or once for all.

use super::block::{Block, Column, MOST, UNBOUND};
use super::branch::Branch;
use super::key_set::KeySet;
use super::key_table::KeyTable;
use super::operator::{Context, Operator, Pieces};
use oxigraph::sparql::QueryEvaluationError;
use rustc_hash::FxHashMap;

/// Some of the rows that match rows of a block.
#[derive(Debug, Default)]
pub(super) struct Matches {
    /// The row of the block for each match.
    pub rows: Vec<u32>,
    /// The other columns of each match.
    pub columns: Vec<Vec<u32>>,
}

/// Finds the matches of rows in the right side of a join, some at a time: a product has more than memory holds.
pub(super) enum Matcher {
    Handed(HandedMatcher),
    Hashed(HashedMatcher),
    /// Only for whether there is a match.
    KeySet(KeySet, HandedMatcher),
}

impl Matcher {
    /// Begins to look for the matches of a block's rows.
    pub(super) fn begin(&mut self, block: &Block) {
        match self {
            Self::Handed(matcher) | Self::KeySet(_, matcher) => matcher.begin(block),
            Self::Hashed(matcher) => matcher.next = NextMatch::default(),
        }
    }

    /// Returns the next matches of the rows of the block that it began with, or `None` after the last ones.
    pub(super) fn next(
        &mut self,
        block: &Block,
        context: &Context,
    ) -> Result<Option<Matches>, QueryEvaluationError> {
        match self {
            Self::Handed(matcher) | Self::KeySet(_, matcher) => matcher.next(context),
            Self::Hashed(matcher) => matcher.next(block, context),
        }
    }

    /// Returns for each row of a block whether it has a match.
    pub(super) fn has_match(
        &mut self,
        block: &Block,
        context: &Context,
    ) -> Result<Vec<bool>, QueryEvaluationError> {
        if let Self::KeySet(keys, _) = self
            && let Some(has_match) = keys.has_match(block, context)?
        {
            return Ok(has_match);
        }
        let mut has_match = vec![false; block.rows];
        if let Self::Hashed(matcher) = self {
            for (row, has_match) in has_match.iter_mut().enumerate() {
                *has_match = matcher.has_match(block, row, context)?;
            }
            return Ok(has_match);
        }
        self.begin(block);
        while let Some(matches) = self.next(block, context)? {
            mark(&mut has_match, &matches.rows);
        }
        Ok(has_match)
    }
}

/// Marks some rows.
pub(super) fn mark(is_marked: &mut [bool], rows: &[u32]) {
    for &row in rows {
        if let Some(is_marked) = is_marked.get_mut(row as usize) {
            *is_marked = true;
        }
    }
}

/// A right side that is evaluated for the rows of each block.
pub(super) struct HandedMatcher {
    pub branch: Branch,
    /// The columns of the left side that are handed over, after a column with the numbers of the rows.
    pub handed: Vec<usize>,
    /// The column of the right side with the numbers of the rows.
    pub number: usize,
    /// The columns of the right side to return.
    pub wanted: Vec<usize>,
}

impl HandedMatcher {
    fn begin(&self, block: &Block) {
        let numbers = (0..u32::try_from(block.rows).unwrap_or(u32::MAX)).collect();
        let handed = self.handed.iter().filter_map(|&column| block.columns.get(column)).cloned();
        let columns = std::iter::once(Column::Each(numbers)).chain(handed).collect();
        self.branch.slot.replace(Some(Block { rows: block.rows, columns }));
    }

    fn next(&mut self, context: &Context) -> Result<Option<Matches>, QueryEvaluationError> {
        let Some(found) = self.branch.operator.next(context)? else { return Ok(None) };
        let column = |column| (0..found.rows).map(|row| found.get(column, row)).collect();
        let columns = self.wanted.iter().map(|&wanted| column(wanted)).collect();
        Ok(Some(Matches { rows: column(self.number), columns }))
    }
}

/// A right side that is evaluated once, in a hash table.
pub(super) struct HashedMatcher {
    input: Option<Pieces>,
    /// The columns of both sides that must be compatible: equal where both are bound.
    shared: Vec<[usize; 2]>,
    /// Whether a match needs a variable that both sides bind.
    needs_common: bool,
    wanted: Vec<usize>,
    rows: Vec<Vec<u32>>,
    /// The rows by the shared columns that they bind, as a bit set.
    by_bound: Vec<(u64, Vec<u32>)>,
    /// A table for each set of rows and each set of columns that both sides bind.
    tables: FxHashMap<(usize, u64), Table>,
    /// The reusable buffer for a key.
    key: Vec<u32>,
    next: NextMatch,
}

/// The place of the next match: a row of the block, a set of rows of the right side, and the number of the match in it.
#[derive(Debug, Default)]
struct NextMatch {
    row: usize,
    set: usize,
    number: usize,
}

/// The rows with each key.
#[derive(Default)]
struct Table {
    keys: KeyTable,
    rows: Vec<Vec<u32>>,
}

impl HashedMatcher {
    pub(super) fn new(
        input: Box<dyn Operator>,
        shared: Vec<[usize; 2]>,
        needs_common: bool,
        wanted: Vec<usize>,
    ) -> Self {
        Self {
            input: Some(Pieces::new(input)),
            shared,
            needs_common,
            wanted,
            rows: Vec::new(),
            by_bound: Vec::new(),
            tables: FxHashMap::default(),
            key: Vec::new(),
            next: NextMatch::default(),
        }
    }

    /// Evaluates the right side, if that has not been done.
    fn read(&mut self, context: &Context) -> Result<(), QueryEvaluationError> {
        let Some(mut input) = self.input.take() else { return Ok(()) };
        let right: Vec<usize> = self.shared.iter().map(|&[_, right]| right).collect();
        let mut count = 0_u32;
        while let Some(block) = input.next(context)? {
            self.rows.resize(self.rows.len().max(block.columns.len()), Vec::new());
            for row in 0..block.rows {
                for (column, numbers) in self.rows.iter_mut().enumerate() {
                    numbers.push(block.get(column, row));
                }
                let bound = bound(right.iter().map(|&column| block.get(column, row)));
                match self.by_bound.iter_mut().find(|(set, _)| *set == bound) {
                    Some((_, rows)) => rows.push(count),
                    None => self.by_bound.push((bound, vec![count])),
                }
                count = count.saturating_add(1);
            }
        }
        Ok(())
    }

    /// Returns the number of a row's value in a column of the right side.
    fn get(&self, column: usize, row: u32) -> u32 {
        self.rows
            .get(column)
            .and_then(|numbers| numbers.get(row as usize))
            .copied()
            .unwrap_or(UNBOUND)
    }

    fn table(
        &self,
        rows: &[u32],
        common: u64,
        context: &Context,
    ) -> Result<Table, QueryEvaluationError> {
        let columns: Vec<usize> =
            members(common).filter_map(|i| self.shared.get(i).map(|&[_, right]| right)).collect();
        let mut table = Table { keys: KeyTable::new(columns.len()), rows: Vec::new() };
        let mut key = Vec::new();
        for some in rows.chunks(MOST) {
            context.check()?;
            for &row in some {
                key.clear();
                key.extend(columns.iter().map(|&column| self.get(column, row)));
                let (number, is_new) = table.keys.add(&key);
                if is_new {
                    table.rows.push(vec![row]);
                } else if let Some(rows) = table.rows.get_mut(number) {
                    rows.push(row);
                }
            }
        }
        Ok(table)
    }

    /// Returns the rows of a set that match a row of a block, which binds `left` of the shared columns.
    fn found(
        &mut self,
        block: &Block,
        row: usize,
        left: u64,
        set: usize,
        context: &Context,
    ) -> Result<&[u32], QueryEvaluationError> {
        let Some((right, rows)) = self.by_bound.get(set) else { return Ok(&[]) };
        let common = left & right;
        if self.needs_common && common == 0 {
            return Ok(&[]);
        }
        if !self.tables.contains_key(&(set, common)) {
            let table = self.table(rows, common, context)?;
            self.tables.insert((set, common), table);
        }
        let Some(table) = self.tables.get(&(set, common)) else { return Ok(&[]) };
        let shared = members(common).filter_map(|i| self.shared.get(i));
        self.key.clear();
        self.key.extend(shared.map(|&[left, _]| block.get(left, row)));
        let found = table.keys.find(&self.key).and_then(|number| table.rows.get(number));
        Ok(found.map_or(&[], Vec::as_slice))
    }

    fn has_match(
        &mut self,
        block: &Block,
        row: usize,
        context: &Context,
    ) -> Result<bool, QueryEvaluationError> {
        self.read(context)?;
        let left = bound(self.shared.iter().map(|&[left, _]| block.get(left, row)));
        for set in 0..self.by_bound.len() {
            if !self.found(block, row, left, set, context)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn next(
        &mut self,
        block: &Block,
        context: &Context,
    ) -> Result<Option<Matches>, QueryEvaluationError> {
        self.read(context)?;
        context.check()?;
        if self.next.row >= block.rows {
            return Ok(None);
        }
        let mut rows: Vec<u32> = Vec::new();
        // The rows of the right side.
        let mut found: Vec<u32> = Vec::new();
        let NextMatch { mut row, mut set, mut number } = std::mem::take(&mut self.next);
        while row < block.rows && found.len() < MOST {
            let left = bound(self.shared.iter().map(|&[left, _]| block.get(left, row)));
            while set < self.by_bound.len() && found.len() < MOST {
                let all = self.found(block, row, left, set, context)?;
                let some = all.get(number..).unwrap_or_default();
                let some = some.get(..MOST - found.len()).unwrap_or(some);
                found.extend_from_slice(some);
                number += some.len();
                if number >= all.len() {
                    (set, number) = (set + 1, 0);
                }
            }
            rows.resize(found.len(), u32::try_from(row).unwrap_or(u32::MAX));
            if set >= self.by_bound.len() {
                (row, set) = (row + 1, 0);
            }
        }
        self.next = NextMatch { row, set, number };
        let column = |&wanted: &usize| found.iter().map(|&row| self.get(wanted, row)).collect();
        let columns = self.wanted.iter().map(column).collect();
        Ok(Some(Matches { rows, columns }))
    }
}

/// Returns the places of the bound values as a bit set.
fn bound(values: impl Iterator<Item = u32>) -> u64 {
    let bits = values.zip(0_u32..).filter(|&(value, _)| value != UNBOUND);
    bits.fold(0, |set, (_, place)| set | 1_u64.wrapping_shl(place))
}

fn members(set: u64) -> impl Iterator<Item = usize> {
    (0..64).filter(move |place| set >> place & 1 == 1)
}
