//! What goes from the threads that parse files to the one that takes their quads.

use crate::diagnostic::Diagnostic;
use crate::vocabulary::Prefixes;
use oxigraph::model::Quad;
use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender};

/// Quads that one thread hands to another together.
#[derive(Default)]
pub(super) struct QuadBatch {
    pub quads: Vec<Quad>,
    pub prefixes: Prefixes,
    pub skipped: SkippedStatements,
    /// Language tags that lost their capital letters.
    pub lowercased_tags: BTreeSet<String>,
}

/// What is wrong with a file: it is found out only for the first failure of each.
pub(super) type Failure = Box<dyn FnOnce() -> Diagnostic + Send>;

/// A part of a file: its batches come one after another.
pub(super) struct FilePart {
    /// Which file it is of.
    pub file: usize,
    pub batches: Receiver<Result<QuadBatch, Failure>>,
    /// Whether blank nodes have yet to be named in the order in which they stand.
    pub is_to_be_named: bool,
}

/// Where parts are put in the order in which they are handed on. What is put there fails when nobody wants more.
pub(super) type Turns = SyncSender<FilePart>;

/// The broken statements that were skipped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SkippedStatements {
    /// How many.
    pub count: u64,
    /// What is wrong with the first of them.
    pub first: Vec<Diagnostic>,
}

/// How many broken statements are told one by one.
pub(super) const MOST_TOLD: usize = 8;

impl SkippedStatements {
    pub(super) fn add(&mut self, other: Self) {
        self.count += other.count;
        let room = MOST_TOLD.saturating_sub(self.first.len());
        self.first.extend(other.first.into_iter().take(room));
    }
}
