//! The results of a query, read lazily up to a limit.

use crate::budget::Stop;
use crate::diagnostic::{Error, Result};
use crate::engine::Store;
use oxigraph::sparql::QueryEvaluationError;
use std::collections::VecDeque;

/// The first results of a query, up to a limit, and whether there are more.
///
/// If the store's [limits](crate::budget) stop the query, the results end with an error. An error is always the last
/// item.
pub(super) struct Page<T> {
    results: Box<dyn Iterator<Item = std::result::Result<T, QueryEvaluationError>>>,
    store: Store,
    left: Option<usize>,
    given: usize,
    has_more: bool,
    has_failed: bool,
    /// The results that are read but not yet returned.
    ahead: VecDeque<T>,
    /// The error that follows them.
    failed: Option<Error>,
}

impl<T> Page<T> {
    pub(super) fn new(
        results: impl Iterator<Item = std::result::Result<T, QueryEvaluationError>> + 'static,
        limit: Option<usize>,
        store: &Store,
    ) -> Self {
        let results = Box::new(results);
        let ahead = VecDeque::new();
        Self {
            results,
            store: store.clone(),
            left: limit,
            given: 0,
            has_more: false,
            has_failed: false,
            ahead,
            failed: None,
        }
    }

    /// Returns whether there are results beyond the limit. It is known only at the end of the page.
    pub(super) const fn has_more(&self) -> bool {
        self.has_more
    }

    /// Returns the next results, at most `most`, without consuming them. Returns `None` if one of them is an error,
    /// which is returned in its turn.
    pub(super) fn ahead(&mut self, most: usize) -> Option<&VecDeque<T>> {
        while self.ahead.len() < most && self.failed.is_none() {
            match self.read() {
                Some(Ok(result)) => self.ahead.push_back(result),
                Some(Err(error)) => self.failed = Some(error),
                None => break,
            }
        }
        self.failed.is_none().then_some(&self.ahead)
    }

    fn read(&mut self) -> Option<Result<T>> {
        if self.has_failed {
            return None;
        }
        let result = self.read_next();
        self.has_failed = matches!(result, Some(Err(_)));
        result
    }

    fn read_next(&mut self) -> Option<Result<T>> {
        match &mut self.left {
            Some(0) => {
                self.has_more = self.has_more || self.results.next().is_some();
                return None;
            }
            Some(left) => *left -= 1,
            None => {}
        }
        let result = self.results.next();
        let limits = self.store.limits();
        // Some operators of the engine treat the error of a cancelled one as the end of its rows, so these results are
        // wrong.
        if let Err(stop) = limits.cancellation.check() {
            return Some(Err(stop));
        }
        let result = result?;
        if let Some(rows) = limits.rows
            && self.given >= rows
        {
            return Some(Err(Stop::Rows(rows).error()));
        }
        self.given += 1;
        Some(result.map_err(|error| self.store.evaluation_failed(error)))
    }
}

impl<T> Iterator for Page<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(result) = self.ahead.pop_front() {
            return Some(Ok(result));
        }
        match self.failed.take() {
            Some(error) => Some(Err(error)),
            None => self.read(),
        }
    }
}

/// Returns the results before the first error, and that error.
pub(super) fn until_failed<T>(results: impl Iterator<Item = Result<T>>) -> (Vec<T>, Option<Error>) {
    let mut failed = None;
    let good = results.map_while(|result| result.map_err(|error| failed = Some(error)).ok());
    let good = good.collect();
    (good, failed)
}
