//! Limits: stopping work that takes too long, too much or is no longer wanted.
//!
//! A front end makes [`Limits`], opens a session [under them](crate::session::Session::with_limits), and calls
//! [`Cancellation::stop`] when the time has come. Whatever reads the store then ends with an error of the class
//! [`ErrorKind::Limit`] or [`ErrorKind::Interrupted`]; results that came before it are right.

use crate::diagnostic::{Error, ErrorKind, Result, error};
use oxigraph::sparql::CancellationToken;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// How long after a stop what was found may still be written.
const WRITING: Duration = Duration::from_millis(150);

/// How far work may go. By default as far as it takes.
#[derive(Clone, Default)]
pub struct Limits {
    /// What stops it from outside.
    pub cancellation: Cancellation,
    /// The most rows or triples of an answer. More of them are an error.
    pub rows: Option<usize>,
}

/// Why work is stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// Somebody said so.
    Interrupted,
    /// It took longer than this.
    Time(Duration),
    /// The process uses more memory than so many bytes.
    Memory(u64),
    /// There are more rows or triples than this.
    Rows(usize),
    /// What it rests on turned out to be broken.
    Failure(Error),
}

impl Stop {
    /// What is said of it.
    pub fn error(&self) -> Error {
        let limit = match self {
            Self::Interrupted => {
                let problems = vec![error!("interrupted", "interrupted")];
                return Error { kind: ErrorKind::Interrupted, problems };
            }
            Self::Failure(error) => return error.clone(),
            Self::Time(limit) => humantime::format_duration(*limit).to_string(),
            Self::Memory(limit) => {
                format!("{} of memory", bytesize::ByteSize::b(*limit).display().si())
            }
            Self::Rows(1) => "1 row".to_owned(),
            Self::Rows(limit) => format!("{limit} rows"),
        };
        let problems = vec![error!("limit-reached", "stopped at the limit of {limit}")];
        Error { kind: ErrorKind::Limit, problems }
    }
}

/// A switch that stops work, once and for good. Clones are the same switch.
#[derive(Clone, Default)]
pub struct Cancellation {
    switch: Arc<Switch>,
}

#[derive(Default)]
struct Switch {
    token: CancellationToken,
    why: OnceLock<(Stop, Instant)>,
    goes_on: AtomicBool,
}

impl Cancellation {
    /// Stops the work, soon. Tells whether it was not stopped before: the first reason is the one that is given.
    pub fn stop(&self, why: Stop) -> bool {
        let is_first = self.switch.why.set((why, Instant::now())).is_ok();
        self.switch.token.cancel();
        is_first
    }

    /// Why the work is stopped, if it is.
    pub fn stopped(&self) -> Option<Stop> {
        self.switch.why.get().map(|(why, _)| why.clone())
    }

    /// Whether the work was stopped so long ago that writing what was found must end, too.
    pub(crate) fn is_late(&self) -> bool {
        self.switch.why.get().is_some_and(|(_, since)| since.elapsed() > WRITING)
    }

    /// Whether what is done now is done to its end.
    pub(crate) fn goes_on(&self) -> bool {
        self.switch.goes_on.load(Ordering::Relaxed)
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// If the work is stopped.
    pub fn check(&self) -> Result<()> {
        if !self.switch.token.is_cancelled() {
            return Ok(());
        }
        Err(self.stopped().unwrap_or(Stop::Interrupted).error())
    }

    /// Tells that what is done now is done to its end, whether or not the work is stopped.
    pub(crate) fn go_on(&self) {
        self.switch.goes_on.store(true, Ordering::Relaxed);
    }

    /// What the engine looks at.
    pub(crate) fn token(&self) -> CancellationToken {
        self.switch.token.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_reason_is_given() {
        let cancellation = Cancellation::default();
        let clone = cancellation.clone();
        assert_eq!(cancellation.check(), Ok(()));
        assert!(clone.stop(Stop::Time(Duration::from_millis(1500))));
        assert!(!clone.stop(Stop::Interrupted));
        let error = cancellation.check().unwrap_err();
        assert_eq!(error.kind, ErrorKind::Limit);
        assert_eq!(error.problems[0].message, "stopped at the limit of 1s 500ms");
        assert!(!cancellation.goes_on());
        clone.go_on();
        assert!(cancellation.goes_on());
    }

    #[test]
    fn each_reason_has_its_class() {
        assert_eq!(Stop::Interrupted.error().kind.exit_code(), 130);
        assert_eq!(Stop::Memory(2_000_000_000).error().kind.exit_code(), 5);
        assert_eq!(
            Stop::Memory(2_000_000_000).error().to_string(),
            "stopped at the limit of 2.0 GB of memory"
        );
        assert_eq!(Stop::Rows(1).error().to_string(), "stopped at the limit of 1 row");
    }
}
