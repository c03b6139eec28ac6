//! The solutions of a query with their citations, one by one.

use super::page::{Page, until_failed};
use crate::cite::{Citation, Citer};
use crate::error::{Error, Result};
use crate::parallel::beside;
use oxigraph::sparql::QuerySolution;
use std::collections::VecDeque;

/// Solutions with their citations, made as they are asked for, many at a time: while some are cited, the next ones are
/// read.
pub struct CitedRows {
    solutions: Page<QuerySolution>,
    citer: Citer,
    ready: VecDeque<(QuerySolution, Citation)>,
    /// The error that comes after these.
    failed: Option<Error>,
    /// What is read and not cited yet.
    next: Option<Batch>,
}

/// Some solutions, and the error that comes after them.
type Batch = (Vec<QuerySolution>, Option<Error>);

impl CitedRows {
    /// How many rows are cited at a time.
    pub(super) const BATCH: usize = 256;

    pub(super) const fn new(solutions: Page<QuerySolution>, citer: Citer) -> Self {
        Self { solutions, citer, ready: VecDeque::new(), failed: None, next: None }
    }

    /// Whether there are results behind the limit. Known once the rows have come to their end.
    pub const fn has_more(&self) -> bool {
        self.solutions.has_more()
    }

    /// The next rows, some of those which are still to come: none if none are. Nothing: one of them is an error, and
    /// comes in its turn.
    pub(super) fn ahead(&mut self) -> Result<Option<&VecDeque<(QuerySolution, Citation)>>> {
        if self.ready.is_empty() && self.failed.is_none() {
            self.fill()?;
        }
        Ok(self.failed.is_none().then_some(&self.ready))
    }

    fn fill(&mut self) -> Result<()> {
        let Self { solutions, citer, .. } = self;
        let mut read = || until_failed(solutions.by_ref().take(Self::BATCH));
        let (rows, failed) = self.next.take().unwrap_or_else(&mut read);
        self.failed = failed;
        let citations = if rows.len() < Self::BATCH {
            citer.solutions(&rows)?
        } else {
            beside(|| citer.solutions(&rows), || self.next = Some(read()))?
        };
        self.ready = rows.into_iter().zip(citations).collect();
        Ok(())
    }
}

impl Iterator for CitedRows {
    type Item = Result<(QuerySolution, Citation)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty()
            && self.failed.is_none()
            && let Err(error) = self.fill()
        {
            return Some(Err(error));
        }
        match self.ready.pop_front() {
            Some(row) => Some(Ok(row)),
            None => self.failed.take().map(Err),
        }
    }
}
