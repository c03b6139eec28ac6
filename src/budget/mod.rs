//! Limits and cancellation: stops work that takes too long, grows too large or is no longer wanted.
//!
//! A front end creates [`Limits`], opens a session [under them](crate::session::Session::with_limits), and calls
//! [`Cancellation::stop`] to end the work. Anything that reads the store then fails with an error of the class
//! [`ErrorKind::Limit`] or [`ErrorKind::Interrupted`]. Results before the error are correct.

mod sort;

pub(crate) use sort::sort_first;

use crate::diagnostic::{Error, ErrorKind, Result, error};
use oxigraph::sparql::CancellationToken;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// How long after a stop results may still be written.
const WRITING: Duration = Duration::from_millis(50);

/// The most bytes of a literal that a query computes. A few nested functions can make a text that no memory holds.
const MOST_LITERAL: usize = 64_000_000;

/// The limits of the work. By default there are none.
#[derive(Clone, Default)]
pub struct Limits {
    /// The switch that cancels the work from outside.
    pub cancellation: Cancellation,
    /// The maximum number of rows or triples in the results. More are an error.
    pub rows: Option<usize>,
}

/// The reason why work is stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// It was interrupted.
    Interrupted,
    /// It took longer than this.
    Time(Duration),
    /// The process exceeded this memory limit, in bytes.
    Memory(u64),
    /// There are more rows or triples than this.
    Rows(usize),
    /// The query computes a literal with more bytes than this.
    Literal(usize),
    /// A data source that it depends on failed.
    Failure(Error),
}

impl Stop {
    /// Returns the error for this reason.
    pub fn error(&self) -> Error {
        let limit = match self {
            Self::Interrupted => {
                let problems = vec![error!("interrupted", "interrupted")];
                return Error { kind: ErrorKind::Interrupted, problems };
            }
            Self::Failure(error) => return error.clone(),
            Self::Time(limit) => humantime::format_duration(*limit).to_string(),
            Self::Memory(limit) => format!("{} of memory", size(*limit)),
            Self::Literal(limit) => {
                let limit = size(u64::try_from(*limit).unwrap_or(u64::MAX));
                let problem =
                    error!("limit-reached", "stopped at the limit of {limit} for a literal");
                let help =
                    "make the texts shorter that `CONCAT`, `REPLACE` or `GROUP_CONCAT` combines";
                return Error { kind: ErrorKind::Limit, problems: vec![problem.help(help)] };
            }
            Self::Rows(1) => "1 row".to_owned(),
            Self::Rows(limit) => format!("{limit} rows"),
        };
        let problems = vec![error!("limit-reached", "stopped at the limit of {limit}")];
        Error { kind: ErrorKind::Limit, problems }
    }
}

fn size(bytes: u64) -> String {
    bytesize::ByteSize::b(bytes).display().si().to_string()
}

/// A switch that stops work permanently. Clones share the switch.
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
    /// Stops the work soon. Returns whether this was the first stop, whose reason counts.
    pub fn stop(&self, why: Stop) -> bool {
        let is_first = self.switch.why.set((why, Instant::now())).is_ok();
        self.switch.token.cancel();
        is_first
    }

    /// Returns the reason why the work is stopped, if it is.
    pub fn stopped(&self) -> Option<Stop> {
        self.switch.why.get().map(|(why, _)| why.clone())
    }

    /// Returns whether the work is stopped.
    pub(crate) fn is_stopped(&self) -> bool {
        self.switch.token.is_cancelled()
    }

    /// Returns whether the stop was so long ago that writing results must end too.
    pub(crate) fn is_late(&self) -> bool {
        self.switch.why.get().is_some_and(|(_, since)| since.elapsed() > WRITING)
    }

    /// Returns whether the current work must be completed.
    pub(crate) fn goes_on(&self) -> bool {
        self.switch.goes_on.load(Ordering::Relaxed)
    }

    /// Checks whether to continue.
    ///
    /// # Errors
    /// If the work is stopped.
    pub fn check(&self) -> Result<()> {
        if !self.switch.token.is_cancelled() {
            return Ok(());
        }
        Err(self.stopped().unwrap_or(Stop::Interrupted).error())
    }

    /// Returns whether a literal with this many bytes may be computed. Otherwise stops the work.
    pub(crate) fn allows_literal(&self, bytes: usize) -> bool {
        let is_allowed = bytes <= MOST_LITERAL;
        if !is_allowed {
            self.stop(Stop::Literal(MOST_LITERAL));
        }
        is_allowed
    }

    /// Marks the current work as one to complete, even after a stop.
    pub(crate) fn go_on(&self) {
        self.switch.goes_on.store(true, Ordering::Relaxed);
    }

    /// Returns the token that the engine checks.
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
        assert_eq!(
            Stop::Literal(64_000_000).error().problems[0].message,
            "stopped at the limit of 64.0 MB for a literal"
        );
        assert_eq!(Stop::Rows(1).error().to_string(), "stopped at the limit of 1 row");
    }
}
