//! Joins with a pattern that is evaluated for the rows of the other side, or once for all of them.

use super::block::{Block, Column, UNBOUND};
use super::condition::Condition;
use super::key_set::KeySet;
use super::key_table::KeyTable;
use super::operator::{Context, Operator, Pieces};
use oxigraph::sparql::QueryEvaluationError;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// The rows of the left side for which the right side of a join is evaluated at once.
pub(super) const AT_ONCE: usize = 2_048;

/// A place for a block that is handed to an operator.
pub(super) type Slot = Rc<RefCell<Option<Block>>>;

/// The input of a pattern that is evaluated for rows of another one: the block in its slot.
pub(super) struct Handed(pub Slot);

impl Operator for Handed {
    fn next(&mut self, _: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        Ok(self.0.borrow_mut().take())
    }
}

/// A pattern that is evaluated for the rows of each block of an input. All its operators return to their initial state
/// at the end of their input.
pub(super) struct Branch {
    pub slot: Slot,
    pub operator: Box<dyn Operator>,
}

/// A UNION, for each block of an input.
pub(super) struct HandedUnion {
    pub input: Box<dyn Operator>,
    pub branches: Vec<Branch>,
    /// The block for which the branches are evaluated, and the number of the current branch.
    pub current: Option<(Block, usize)>,
}

impl Operator for HandedUnion {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        loop {
            let Some((block, number)) = &mut self.current else {
                let Some(block) = self.input.next(context)? else { return Ok(None) };
                self.current = Some((block, 0));
                if let Some(((block, _), branch)) = self.current.as_ref().zip(self.branches.first())
                {
                    branch.slot.replace(Some(block.clone()));
                }
                continue;
            };
            let Some(branch) = self.branches.get_mut(*number) else {
                self.current = None;
                continue;
            };
            if let Some(found) = branch.operator.next(context)? {
                return Ok(Some(found));
            }
            *number += 1;
            if let Some(next) = self.branches.get(*number) {
                next.slot.replace(Some(block.clone()));
            }
        }
    }
}

/// The rows that match rows of a block.
#[derive(Debug, Default)]
pub(super) struct Matches {
    /// The row of the block for each match.
    pub rows: Vec<u32>,
    /// The other columns of each match.
    pub columns: Vec<Vec<u32>>,
}

/// Finds the matches of rows in the right side of a join.
pub(super) enum Matcher {
    Handed(HandedMatcher),
    Hashed(HashedMatcher),
    /// Only for whether there is a match.
    KeySet(KeySet, HandedMatcher),
}

impl Matcher {
    fn matches(
        &mut self,
        block: &Block,
        context: &Context,
    ) -> Result<Matches, QueryEvaluationError> {
        match self {
            Self::Handed(matcher) => matcher.matches(block, context),
            Self::Hashed(matcher) => matcher.matches(block, context),
            Self::KeySet(_, lookups) => lookups.matches(block, context),
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
        let matches = self.matches(block, context)?;
        let mut has_match = vec![false; block.rows];
        for row in matches.rows {
            if let Some(has_match) = has_match.get_mut(row as usize) {
                *has_match = true;
            }
        }
        Ok(has_match)
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
    fn matches(
        &mut self,
        block: &Block,
        context: &Context,
    ) -> Result<Matches, QueryEvaluationError> {
        let numbers = (0..u32::try_from(block.rows).unwrap_or(u32::MAX)).collect();
        let handed = self.handed.iter().filter_map(|&column| block.columns.get(column)).cloned();
        let columns = std::iter::once(Column::Each(numbers)).chain(handed).collect();
        self.branch.slot.replace(Some(Block { rows: block.rows, columns }));
        let mut matches =
            Matches { rows: Vec::new(), columns: vec![Vec::new(); self.wanted.len()] };
        while let Some(found) = self.branch.operator.next(context)? {
            let rows = 0..found.rows;
            matches.rows.extend(rows.clone().map(|row| found.get(self.number, row)));
            for (column, &wanted) in matches.columns.iter_mut().zip(&self.wanted) {
                column.extend(rows.clone().map(|row| found.get(wanted, row)));
            }
        }
        Ok(matches)
    }
}

/// A right side that is evaluated once, in a hash table.
pub(super) struct HashedMatcher {
    input: Option<Box<dyn Operator>>,
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
            input: Some(input),
            shared,
            needs_common,
            wanted,
            rows: Vec::new(),
            by_bound: Vec::new(),
            tables: FxHashMap::default(),
        }
    }

    /// Evaluates the right side, if that has not been done.
    fn read(&mut self, context: &Context) -> Result<(), QueryEvaluationError> {
        let Some(mut input) = self.input.take() else { return Ok(()) };
        let right: Vec<usize> = self.shared.iter().map(|&[_, right]| right).collect();
        let mut count = 0_u32;
        while let Some(block) = input.next(context)? {
            context.check()?;
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

    fn table(&self, rows: &[u32], common: u64) -> Table {
        let columns: Vec<usize> =
            members(common).filter_map(|i| self.shared.get(i).map(|&[_, right]| right)).collect();
        let mut table = Table { keys: KeyTable::new(columns.len()), rows: Vec::new() };
        let mut key = Vec::new();
        for &row in rows {
            key.clear();
            key.extend(columns.iter().map(|&column| self.get(column, row)));
            let (number, is_new) = table.keys.add(&key);
            if is_new {
                table.rows.push(vec![row]);
            } else if let Some(rows) = table.rows.get_mut(number) {
                rows.push(row);
            }
        }
        table
    }

    fn matches(
        &mut self,
        block: &Block,
        context: &Context,
    ) -> Result<Matches, QueryEvaluationError> {
        self.read(context)?;
        let mut matches =
            Matches { rows: Vec::new(), columns: vec![Vec::new(); self.wanted.len()] };
        let mut key = Vec::new();
        for (number, row) in (0_u32..).zip(0..block.rows) {
            let left = bound(self.shared.iter().map(|&[left, _]| block.get(left, row)));
            for i in 0..self.by_bound.len() {
                let Some((right, rows)) = self.by_bound.get(i) else { continue };
                let common = left & right;
                if self.needs_common && common == 0 {
                    continue;
                }
                if !self.tables.contains_key(&(i, common)) {
                    let table = self.table(rows, common);
                    self.tables.insert((i, common), table);
                }
                let Some(table) = self.tables.get(&(i, common)) else { continue };
                key.clear();
                key.extend(
                    members(common)
                        .filter_map(|i| self.shared.get(i))
                        .map(|&[left, _]| block.get(left, row)),
                );
                let found = table.keys.find(&key).and_then(|number| table.rows.get(number));
                for &found in found.into_iter().flatten() {
                    if matches.rows.len().is_multiple_of(super::block::MOST) {
                        context.check()?;
                    }
                    matches.rows.push(number);
                    for (column, &wanted) in matches.columns.iter_mut().zip(&self.wanted) {
                        let number = self.rows.get(wanted).and_then(|n| n.get(found as usize));
                        column.push(number.copied().unwrap_or(UNBOUND));
                    }
                }
            }
        }
        Ok(matches)
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

/// The source of a column of joined rows.
#[derive(Debug, Clone, Copy)]
pub(super) enum JoinColumn {
    Left(usize),
    /// A column of the matches.
    Match(usize),
    /// The column of the left side, or that of the matches where the first is unbound.
    Either(usize, usize),
}

/// What a join does with rows of the left side.
pub(super) enum JoinKind {
    /// It joins them with their matches.
    Inner,
    /// It also keeps those without a match that meets the condition.
    Left(Option<Condition>),
}

/// A join of the rows of an input with their matches.
pub(super) struct Join {
    left: Pieces,
    right: Matcher,
    kind: JoinKind,
    columns: Vec<JoinColumn>,
    /// The joined blocks that have not been returned.
    joined: VecDeque<Block>,
}

impl Join {
    pub(super) fn new(
        left: Box<dyn Operator>,
        right: Matcher,
        kind: JoinKind,
        columns: Vec<JoinColumn>,
    ) -> Self {
        let left = Pieces::of_at_most(AT_ONCE, left);
        Self { left, right, kind, columns, joined: VecDeque::new() }
    }

    fn joined(&self, block: &Block, matches: &Matches) -> Block {
        let columns = self.columns.iter().map(|&column| match column {
            JoinColumn::Left(left) => match block.columns.get(left) {
                Some(column) => column.of_rows(&matches.rows),
                None => Column::Same(UNBOUND),
            },
            JoinColumn::Match(found) => {
                Column::Each(matches.columns.get(found).cloned().unwrap_or_default())
            }
            JoinColumn::Either(left, found) => {
                let found = matches.columns.get(found).into_iter().flatten();
                let values = matches.rows.iter().zip(found).map(|(&row, &found)| {
                    match block.get(left, row as usize) {
                        UNBOUND => found,
                        number => number,
                    }
                });
                Column::Each(values.collect())
            }
        });
        Block { rows: matches.rows.len(), columns: columns.collect() }
    }

    /// Returns rows of the left side without matches.
    fn unmatched(&self, block: &Block, rows: &[u32]) -> Block {
        let columns = self.columns.iter().map(|&column| match column {
            JoinColumn::Left(left) | JoinColumn::Either(left, _) => {
                block.columns.get(left).map_or(Column::Same(UNBOUND), |column| column.of_rows(rows))
            }
            JoinColumn::Match(_) => Column::Same(UNBOUND),
        });
        Block { rows: rows.len(), columns: columns.collect() }
    }
}

impl Operator for Join {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        if let Some(block) = self.joined.pop_front() {
            return Ok(Some(block));
        }
        let Some(block) = self.left.next(context)? else { return Ok(None) };
        let matches = self.right.matches(&block, context)?;
        let mut joined = self.joined(&block, &matches);
        let mut rows = matches.rows;
        if let JoinKind::Left(condition) = &mut self.kind {
            if let Some(condition) = condition {
                let kept = condition.rows(&joined, context)?;
                joined = joined.of_rows(&kept);
                rows = kept.iter().filter_map(|&row| rows.get(row as usize).copied()).collect();
            }
            let mut is_matched = vec![false; block.rows];
            for row in rows {
                if let Some(is_matched) = is_matched.get_mut(row as usize) {
                    *is_matched = true;
                }
            }
            let unmatched: Vec<u32> =
                (0..).zip(is_matched).filter(|&(_, is)| !is).map(|(row, _)| row).collect();
            if !unmatched.is_empty() {
                let unmatched = self.unmatched(&block, &unmatched);
                self.joined.push_back(unmatched);
            }
        }
        Ok(Some(joined))
    }
}

/// The rows of an input that have no match.
pub(super) struct AntiJoin {
    pub left: Pieces,
    pub right: Matcher,
}

impl Operator for AntiJoin {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        let Some(block) = self.left.next(context)? else { return Ok(None) };
        let has_match = self.right.has_match(&block, context)?;
        let rows: Vec<u32> =
            (0..).zip(has_match).filter(|&(_, has_match)| !has_match).map(|(row, _)| row).collect();
        Ok(Some(block.of_rows(&rows)))
    }
}
