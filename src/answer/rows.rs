//! The solutions of a query, one by one, with their citations if they are cited.

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
    /// What it rests on, if that was asked for.
    pub citation: Option<Citation>,
}

impl From<QuerySolution> for Row {
    fn from(solution: QuerySolution) -> Self {
        Self { solution, citation: None }
    }
}

/// The solutions of a SELECT. Nothing comes after an error.
///
/// Citations are made as they are asked for, many at a time: while some rows are cited, the next ones are read.
pub struct Rows {
    variables: Vec<Variable>,
    solutions: Page<QuerySolution>,
    citer: Option<Box<Citer>>,
    /// Rows that have been cited but not returned yet.
    ready: VecDeque<Row>,
    /// The error that comes after these.
    failed: Option<Error>,
    /// Rows that have been read but not cited yet.
    next: Option<Batch>,
}

/// Some solutions, and the error that comes after them.
type Batch = (Vec<QuerySolution>, Option<Error>);

impl Rows {
    /// How many rows are cited at a time.
    pub(super) const BATCH: usize = 256;

    pub(super) fn new(
        variables: Vec<Variable>,
        solutions: Page<QuerySolution>,
        citer: Option<Citer>,
    ) -> Self {
        let (citer, ready) = (citer.map(Box::new), VecDeque::new());
        Self { variables, solutions, citer, ready, failed: None, next: None }
    }

    /// The variables, in the order of the SELECT.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Whether the rows have citations.
    pub const fn are_cited(&self) -> bool {
        self.citer.is_some()
    }

    /// Whether there are results behind the limit. Known once the rows have come to their end.
    pub const fn has_more(&self) -> bool {
        self.solutions.has_more()
    }

    /// The next solutions, at most so many, before any row was given out. Nothing: one of them is an error, and comes in
    /// its turn.
    pub(super) fn ahead(&mut self, most: usize) -> Option<&VecDeque<QuerySolution>> {
        self.solutions.ahead(most)
    }

    fn fill(&mut self, citer: &Citer) -> Result<()> {
        let solutions = &mut self.solutions;
        let mut read = || until_failed(solutions.by_ref().take(Self::BATCH));
        let (rows, failed) = self.next.take().unwrap_or_else(&mut read);
        self.failed = failed;
        let citations = if rows.len() < Self::BATCH {
            citer.solutions(&rows)?
        } else {
            beside(|| citer.solutions(&rows), || self.next = Some(read()))?
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
