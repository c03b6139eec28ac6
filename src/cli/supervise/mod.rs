//! The limits that the arguments name, and what watches them: a clock, the memory of the process, and Ctrl-C.

mod interrupt;
mod watch;

pub(super) use interrupt::terminated;
pub(super) use watch::{Outcome, supervise};

use crate::budget::Limits;
use crate::session::Session;
use bytesize::ByteSize;
use clap::Args;
use std::time::Duration;

/// How far a command may go.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(super) struct LimitOptions {
    /// Stop after this time, such as 500ms, 30s or 2m; `none` sets no limit [default: 60s in the shell, else none]
    #[arg(long, global = true, value_name = "TIME", value_parser = time, allow_negative_numbers = true, help_heading = "Limits")]
    timeout: Option<Time>,

    /// Stop if the process uses more memory than this, such as 500MB or 2GB
    #[arg(long, global = true, value_name = "SIZE", value_parser = size, allow_negative_numbers = true, help_heading = "Limits")]
    limit_memory: Option<u64>,
}

/// How many results a query may have. Commands that do not write the answer of a query have no such limit.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(super) struct RowLimit {
    /// Fail if there are more than N rows or triples; to show only the first N, use `--limit`
    #[arg(long, value_name = "N", value_parser = whole_number, allow_negative_numbers = true, help_heading = "Limits")]
    limit_rows: Option<usize>,
}

impl RowLimit {
    /// Returns this limit or, if it is not named, another.
    #[must_use]
    pub(super) fn or(self, other: Self) -> Self {
        Self { limit_rows: self.limit_rows.or(other.limit_rows) }
    }

    /// The limit.
    #[cfg(feature = "serve")]
    pub(super) const fn rows(self) -> Option<usize> {
        self.limit_rows
    }

    /// Returns a session whose answers have no more rows or triples than this.
    pub(super) fn of(self, session: &Session) -> Session {
        session.with_limits(&Limits { rows: self.limit_rows, ..session.limits().clone() })
    }
}

/// A time that something may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Time {
    Unlimited,
    Limited(Duration),
}

/// The least memory that can be a limit: the program itself needs more.
const LEAST_MEMORY: u64 = 1 << 20;

impl LimitOptions {
    /// What the shell has if nothing else is said.
    pub(super) const fn of_shell() -> Self {
        let timeout = Some(Time::Limited(Duration::from_secs(60)));
        Self { timeout, limit_memory: None }
    }

    /// What a server has for each answer if nothing else is said.
    #[cfg(feature = "serve")]
    pub(super) const fn of_server() -> Self {
        let timeout = Some(Time::Limited(Duration::from_secs(10)));
        Self { timeout, limit_memory: Some(1_000_000_000) }
    }

    /// The limits of these values.
    #[cfg(feature = "serve")]
    pub(super) fn of(time: Option<Duration>, memory: Option<u64>) -> Self {
        Self { timeout: time.map(Time::Limited), limit_memory: memory }
    }

    /// The limit of memory.
    #[cfg(feature = "serve")]
    pub(super) const fn memory(self) -> Option<u64> {
        self.limit_memory
    }

    /// The limit of memory alone.
    pub(super) fn of_memory(self) -> Self {
        Self { limit_memory: self.limit_memory, ..Self::default() }
    }

    /// These limits and, for those that are not named, others.
    #[must_use]
    pub(super) fn or(self, others: Self) -> Self {
        Self {
            timeout: self.timeout.or(others.timeout),
            limit_memory: self.limit_memory.or(others.limit_memory),
        }
    }

    /// The limit of time.
    pub(super) const fn time(self) -> Option<Duration> {
        match self.timeout {
            Some(Time::Limited(limit)) => Some(limit),
            Some(Time::Unlimited) | None => None,
        }
    }
}

fn time(text: &str) -> Result<Time, String> {
    if text == "none" {
        return Ok(Time::Unlimited);
    }
    match humantime::parse_duration(text) {
        Ok(Duration::ZERO) => {
            Err("a time limit must be longer than zero; `none` sets no limit".to_owned())
        }
        Ok(limit) => Ok(Time::Limited(limit)),
        Err(_) => {
            Err("expected a number with a unit, such as 500ms, 30s or 2m, or `none`".to_owned())
        }
    }
}

fn size(text: &str) -> Result<u64, String> {
    let is_bare = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<ByteSize>() {
        Ok(size) if !is_bare => match size.as_u64() {
            ..LEAST_MEMORY => Err("the program itself needs more memory than this".to_owned()),
            size => Ok(size),
        },
        _ => Err("expected a number with a unit, such as 500MB, 2GB or 1.5GiB".to_owned()),
    }
}

/// A number of rows or triples, for clap.
pub(super) fn whole_number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "expected a whole number, such as 20".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(time("500ms"), Ok(Time::Limited(Duration::from_millis(500))));
        assert_eq!(time("30s"), Ok(Time::Limited(Duration::from_secs(30))));
        assert_eq!(time("2m"), Ok(Time::Limited(Duration::from_secs(120))));
        assert_eq!(time("none"), Ok(Time::Unlimited));
        for wrong in ["", "30", "s", "-1s", "0s", "1 fortnight", "99999999999999999999s"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("2GB"), Ok(2_000_000_000));
        assert_eq!(size("1.5 GiB"), Ok(3 << 29));
        for wrong in ["", "2", "GB", "-1GB", "2B", "0MB", "2 cups"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_named_goes_before_the_rest() {
        let none = LimitOptions { timeout: Some(Time::Unlimited), ..LimitOptions::default() };
        assert_eq!(none.or(LimitOptions::of_shell()).time(), None);
        let default = LimitOptions::default().or(LimitOptions::of_shell());
        assert_eq!(default.time(), Some(Duration::from_secs(60)));
    }
}
