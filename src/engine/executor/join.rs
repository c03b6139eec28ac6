//! Joins of rows with their matches, and the rows that have none.

use super::block::{Block, Column, UNBOUND};
use super::branch::AT_ONCE;
use super::condition::Condition;
use super::matcher::{Matcher, Matches, mark};
use super::operator::{Context, Operator, Pieces};
use oxigraph::sparql::QueryEvaluationError;

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
    /// The block whose matches are being read, and which of its rows have had one.
    current: Option<(Block, Vec<bool>)>,
}

impl Join {
    pub(super) fn new(
        left: Box<dyn Operator>,
        right: Matcher,
        kind: JoinKind,
        columns: Vec<JoinColumn>,
    ) -> Self {
        let left = Pieces::of_at_most(AT_ONCE, left);
        Self { left, right, kind, columns, current: None }
    }
}

/// Returns the rows of a block joined with their matches.
fn joined(columns: &[JoinColumn], block: &Block, matches: &Matches) -> Block {
    let columns = columns.iter().map(|&column| match column {
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
fn unmatched(columns: &[JoinColumn], block: &Block, rows: &[u32]) -> Block {
    let columns = columns.iter().map(|&column| match column {
        JoinColumn::Left(left) | JoinColumn::Either(left, _) => {
            block.columns.get(left).map_or(Column::Same(UNBOUND), |column| column.of_rows(rows))
        }
        JoinColumn::Match(_) => Column::Same(UNBOUND),
    });
    Block { rows: rows.len(), columns: columns.collect() }
}

impl Operator for Join {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        loop {
            let Some((block, is_matched)) = &mut self.current else {
                let Some(block) = self.left.next(context)? else { return Ok(None) };
                self.right.begin(&block);
                let is_matched = vec![false; block.rows];
                self.current = Some((block, is_matched));
                continue;
            };
            if let Some(matches) = self.right.next(block, context)? {
                let mut joined = joined(&self.columns, block, &matches);
                let mut rows = matches.rows;
                if let JoinKind::Left(condition) = &mut self.kind {
                    if let Some(condition) = condition {
                        let kept = condition.rows(&joined, context)?;
                        joined = joined.of_rows(&kept);
                        rows = kept
                            .iter()
                            .filter_map(|&row| rows.get(row as usize).copied())
                            .collect();
                    }
                    mark(is_matched, &rows);
                }
                return Ok(Some(joined));
            }
            let Some((block, is_matched)) = self.current.take() else { continue };
            if matches!(self.kind, JoinKind::Left(_)) {
                let rows = (0..).zip(is_matched).filter(|&(_, is)| !is);
                let rows: Vec<u32> = rows.map(|(row, _)| row).collect();
                return Ok(Some(unmatched(&self.columns, &block, &rows)));
            }
        }
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
