//! How far something is, on a terminal, once it takes longer than a second.

use crate::report;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

/// How long nothing is said.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many steps are taken without a look at the clock.
const STEPS: u64 = 1 << 12;

/// How many of something are done.
pub struct Progress {
    started: Instant,
    what: &'static str,
    done: u64,
    bar: Option<ProgressBar>,
    is_watched: bool,
}

impl Progress {
    /// Progress through some things. Nothing is said if that is not wanted, or nobody watches.
    pub fn new(what: &'static str, quiet: bool) -> Self {
        let is_watched = !quiet && io::stderr().is_terminal() && report::is_colourful();
        Self { started: Instant::now(), what, done: 0, bar: None, is_watched }
    }

    /// One more is done.
    pub fn step(&mut self) {
        self.done += 1;
        if !self.is_watched || !self.done.is_multiple_of(STEPS) {
            return;
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        } else if self.started.elapsed() > PATIENCE {
            let bar = ProgressBar::new_spinner().with_message(self.what);
            if let Ok(style) =
                ProgressStyle::with_template("{spinner} {human_pos} {msg}, {per_sec}, {elapsed}")
            {
                bar.set_style(style);
            }
            self.bar = Some(bar);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
