//! Answers that are cut short: what came before a limit or Ctrl-C is written, and then it is said.

use super::Target;
use crate::report::counted;
use dossier::error::{Error, Result};
use std::cell::RefCell;

/// Why results ended too early, if they did.
#[derive(Default)]
pub struct Cut {
    stopped: RefCell<Option<Error>>,
}

impl Cut {
    /// For what ended before it was here.
    pub fn by(stopped: Option<Error>) -> Self {
        Self { stopped: stopped.into() }
    }

    /// The results up to where they are stopped, as if they ended there. Other errors remain.
    pub fn before<'a, T>(
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
    pub fn is_short(&self) -> bool {
        self.stopped.borrow().is_some()
    }

    /// Says that what was written to a target is not whole, if it is not. A file is then left as it was.
    ///
    /// # Errors
    /// If it is not whole.
    pub fn tell(&self, count: usize, what: &str, target: &Target) -> Result<()> {
        let Some(mut error) = self.stopped.take() else { return Ok(()) };
        let verb = if count == 1 { "was" } else { "were" };
        let found = match count {
            0 => format!("no {what} was found until then"),
            _ => format!("{} {verb} found until then", counted(count, what)),
        };
        let note = match target.path() {
            Some(path) => format!(
                "{found}; `{}` is left as it was, since that is not the whole answer",
                path.display()
            ),
            None if count == 0 => found,
            None => format!("this is not the whole answer: {found}"),
        };
        for problem in &mut error.problems {
            problem.note = Some(note.clone());
        }
        Err(error)
    }
}
