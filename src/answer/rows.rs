//! The solutions of a query, read lazily, with citations if requested.

use super::page::{Page, until_failed};
use crate::cite::{Citation, Citer};
use crate::diagnostic::{Error, Result};
use crate::parallel::beside;
use oxigraph::sparql::{QuerySolution, Variable};
use std::collections::VecDeque;

/// A solution, and what it rests on.
#[derive(Debug, PartialEq)]
pub struct Row {
    /// The solution.
    pub solution: QuerySolution,
    /// What it rests on, if citations were requested.
    pub citation: Option<Citation>,
}

impl From<QuerySolution> for Row {
    fn from(solution: QuerySolution) -> Self {
        Self { solution, citation: None }
    }
}

/// The solutions of a SELECT. An error is always the last item.
///
/// Citations are computed lazily, in batches: while one batch is cited, the next one is read. The first batch is small,
/// so that the first rows come soon, and each one is twice as large as the one before, up to a limit.
pub struct Rows {
    variables: Vec<Variable>,
    solutions: Page<QuerySolution>,
    citer: Option<Box<Citer>>,
    /// Rows that are cited but not returned yet.
    ready: VecDeque<Row>,
    /// The error that follows them.
    failed: Option<Error>,
    /// Rows that are read but not cited yet.
    next: Option<Batch>,
    /// The number of rows of the batch that is read next.
    size: usize,
}

/// Some solutions, and the error that follows them.
type Batch = (Vec<QuerySolution>, Option<Error>);

impl Rows {
    /// The number of rows that are cited first.
    pub(super) const BATCH: usize = 256;

    pub(super) fn new(
        variables: Vec<Variable>,
        solutions: Page<QuerySolution>,
        citer: Option<Citer>,
    ) -> Self {
        let (citer, ready) = (citer.map(Box::new), VecDeque::new());
        Self { variables, solutions, citer, ready, failed: None, next: None, size: Self::BATCH }
    }

    /// Returns the variables, in the order of the SELECT.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Returns whether the rows have citations.
    pub const fn are_cited(&self) -> bool {
        self.citer.is_some()
    }

    /// Returns whether there are results beyond the limit. It is known only at the end of the rows.
    pub const fn has_more(&self) -> bool {
        self.solutions.has_more()
    }

    /// Returns whether there are more solutions than this. Must be called before any row is read. They are read and
    /// held; if one of them is an error, it is returned in its turn.
    pub(crate) fn exceed(&mut self, most: usize) -> bool {
        self.ahead(most.saturating_add(1)).is_some_and(|rows| rows.len() > most)
    }

    /// Returns the number of solutions, or `None` if there are more than the limit, or one of them is an error. Must be
    /// called before any row is read. They are read and held.
    #[cfg(feature = "mcp")]
    pub(crate) fn counted(&mut self) -> Option<usize> {
        let count = self.ahead(usize::MAX)?.len();
        (!self.has_more()).then_some(count)
    }

    /// Returns the next solutions, at most `most`, without consuming them. Must be called before any row is read.
    /// Returns `None` if one of them is an error, which is returned in its turn.
    pub(super) fn ahead(&mut self, most: usize) -> Option<&VecDeque<QuerySolution>> {
        self.solutions.ahead(most)
    }

    /// Reads the next batch.
    fn read(&mut self) -> Batch {
        until_failed(self.solutions.by_ref().take(self.size))
    }

    fn fill(&mut self, citer: &Citer) -> Result<()> {
        let (rows, failed) = self.next.take().unwrap_or_else(|| self.read());
        self.failed = failed;
        let citations = if rows.len() < self.size {
            citer.solutions(&rows)?
        } else {
            self.size = (2 * self.size).min(citer.most_at_once().max(Self::BATCH));
            beside(|| citer.solutions(&rows), || self.next = Some(self.read()))?
        };
        let row = |(solution, citation)| Row { solution, citation: Some(citation) };
        self.ready = rows.into_iter().zip(citations).map(row).collect();
        Ok(())
    }
}

impl Iterator for Rows {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(citer) = self.citer.take() else {
            return self.solutions.next().map(|solution| solution.map(Row::from));
        };
        let is_to_fill = self.ready.is_empty() && self.failed.is_none();
        let filled = if is_to_fill { self.fill(&citer) } else { Ok(()) };
        self.citer = Some(citer);
        match (filled, self.ready.pop_front()) {
            (Err(error), _) => Some(Err(error)),
            (Ok(()), Some(row)) => Some(Ok(row)),
            (Ok(()), None) => self.failed.take().map(Err),
        }
    }
}
