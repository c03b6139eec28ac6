//! Answers that are cut short: what came before a limit or Ctrl-C is written, and then it is said.

use super::target::Target;
use crate::budget::Cancellation;
use crate::cli::reporter::counted;
use crate::diagnostic::{Error, Remark, Result};
use std::cell::{Cell, RefCell};

/// How many results are laid out once the time is over: few enough for a moment.
const MOST_LAID_OUT: usize = 1_000;

/// Why results ended early, if they did.
#[derive(Default)]
pub(crate) struct Truncation {
    stopped: RefCell<Option<Error>>,
    /// How many results were found, if not all of them are written.
    found: Cell<Option<usize>>,
}

impl Truncation {
    /// For what ended before it was here.
    pub(crate) fn by(stopped: Option<Error>) -> Self {
        Self { stopped: stopped.into(), ..Self::default() }
    }

    /// The results up to where they are stopped, as if they ended there. Other errors remain.
    pub(crate) fn before<'a, T>(
        &'a self,
        results: impl Iterator<Item = Result<T>> + 'a,
    ) -> impl Iterator<Item = Result<T>> + 'a {
        results.map_while(|result| match result {
            Err(error) if error.kind.is_stop() => {
                self.stopped.replace(Some(error));
                None
            }
            result => Some(result),
        })
    }

    /// Whether they are not whole.
    pub(crate) fn is_short(&self) -> bool {
        self.stopped.borrow().is_some()
    }

    /// Whether so many results cannot be laid out any more, because the work is stopped.
    pub(crate) fn is_too_late_for(&self, count: usize, cancellation: &Cancellation) -> bool {
        // A limit of rows leaves time to write them.
        self.is_short() && cancellation.stopped().is_some() && count > MOST_LAID_OUT
    }

    /// Keeps as many results as can be laid out.
    pub(crate) fn shorten<T>(&self, results: &mut Vec<T>, cancellation: &Cancellation) {
        if self.is_too_late_for(results.len(), cancellation) {
            self.note_found(results.len());
            results.truncate(MOST_LAID_OUT);
        }
    }

    /// Notes how many results were found of which only the first are written.
    pub(crate) fn note_found(&self, count: usize) {
        self.found.set(Some(count));
    }

    /// Says that what was written to a target is not whole, if it is not. A file is then left as it was.
    ///
    /// # Errors
    /// If it is not whole.
    pub(crate) fn tell(&self, count: usize, what: &str, target: &Target) -> Result<()> {
        let Some(mut error) = self.stopped.take() else { return Ok(()) };
        let found = match (self.found.get().unwrap_or(count), count) {
            (0, _) => format!("stopped before the first {what}"),
            (found, written) if written < found && target.path().is_none() => {
                format!("stopped after {}; wrote the first {written}", counted(found, what))
            }
            (found, _) => format!("stopped after {}", counted(found, what)),
        };
        let note = match target.path() {
            Some(path) => format!("incomplete results: {found}; `{}` is unchanged", path.display()),
            None if count == 0 => found,
            None => format!("incomplete results: {found}"),
        };
        for problem in &mut error.problems {
            problem.remarks = vec![Remark::Note(note.clone())];
        }
        Err(error)
    }
}
