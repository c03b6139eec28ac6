//! The messages from the parser threads to the consumer of the quads.

use crate::diagnostic::Diagnostic;
use crate::vocabulary::Prefixes;
use oxigraph::model::Quad;
use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender};

/// Quads that are sent between threads together.
#[derive(Default)]
pub(super) struct QuadBatch {
    pub quads: Vec<Quad>,
    pub prefixes: Prefixes,
    pub skipped: SkippedStatements,
    /// The language tags that were lower-cased.
    pub lowercased_tags: BTreeSet<String>,
}

/// A diagnostic for a file. It is computed lazily, only for the first failure of each file.
pub(super) type Failure = Box<dyn FnOnce() -> Diagnostic + Send>;

/// A part of a file, whose batches arrive in order.
pub(super) struct FilePart {
    /// The index of the file.
    pub file: usize,
    pub batches: Receiver<Result<QuadBatch, Failure>>,
    /// Whether the consumer has to name the blank nodes in order of occurrence.
    pub is_to_be_named: bool,
}

/// The queue of the parts in output order. Sending fails if the consumer has stopped.
pub(super) type Turns = SyncSender<FilePart>;

/// The invalid statements that were skipped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SkippedStatements {
    /// The number of statements.
    pub count: u64,
    /// The diagnostics for the first of them.
    pub first: Vec<Diagnostic>,
}

/// The maximum number of skipped statements that are reported individually.
pub(super) const MOST_TOLD: usize = 8;

impl SkippedStatements {
    pub(super) fn add(&mut self, other: Self) {
        self.count += other.count;
        let room = MOST_TOLD.saturating_sub(self.first.len());
        self.first.extend(other.first.into_iter().take(room));
    }
}
