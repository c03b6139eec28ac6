//! Timelines: what has a date, on one axis.

mod axis;
mod build;
mod date;
mod lanes;
mod svg;

pub use lanes::LaneKey;
pub use svg::draw_timeline;

use super::picture::{Basis, Note};
use date::Days;

/// What happened when.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    pub(super) title: String,
    /// The kinds of what has a date, each with its bars in the order of time.
    lanes: Vec<Lane>,
    pub(super) notes: Vec<Note>,
    /// What is not shown, as a sentence, or `None` if everything is.
    left_out: Option<String>,
}

impl Timeline {
    /// Returns what it shows, in a few words.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Returns what it does not show, as a sentence, or `None` if it shows everything.
    pub fn left_out(&self) -> Option<&str> {
        self.left_out.as_deref()
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Lane {
    name: String,
    bars: Vec<Bar>,
}

/// A span of time.
#[derive(Debug, Clone, PartialEq)]
struct Bar {
    label: String,
    /// The days of its beginning and, unless its end is open, those of its end.
    begin: Days,
    end: Option<Days>,
    basis: Basis,
}

impl Bar {
    /// Returns the last day, or `None` if the end is open.
    fn last(&self) -> Option<i64> {
        self.end.map(|end| end.last.max(self.begin.last))
    }
}
