//! What is recorded about quads while they are loaded: their number, the literals that the store canonicalizes, and
//! their triples. A second pass over the data would take a third of the loading time.

use super::index::Triples;
use super::planning::WORTH_PLANNING;
use super::quirks::{LiteralForms, LongDecimal};
use oxigraph::model::{Literal, Quad, Term, TripleRef};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

/// The most batches of quads that may wait to be surveyed.
const WAITING: usize = 64;

/// A summary of the loaded quads.
#[derive(Default)]
pub(super) struct Survey {
    pub quads: u64,
    /// Whether any quad is in a named graph.
    pub has_named_graph: bool,
    pub literal_forms: Option<LiteralForms>,
    /// Whether any quad has a number that exceeds the engine's number types.
    pub has_long_number: bool,
    /// The triples, if they were recorded.
    pub triples: Option<Triples>,
}

impl Survey {
    /// Surveys a number of quads. The triples of few quads are not recorded.
    pub(super) fn of<'a>(number: usize, quads: impl IntoIterator<Item = &'a Quad>) -> Self {
        let mut survey = Self::default();
        for quad in quads {
            if number < WORTH_PLANNING {
                survey.note_form(quad);
            } else {
                survey.note(quad);
            }
        }
        survey
    }

    /// Records a quad.
    pub(super) fn note(&mut self, quad: &Quad) {
        let stored = self.note_form(quad);
        let object = stored.as_ref().map_or(quad.object.as_ref(), Into::into);
        let triples = self.triples.get_or_insert_default();
        triples.add(TripleRef::new(&quad.subject, &quad.predicate, object));
    }

    /// Records a quad without its triple. Returns the stored form of its literal if it differs from the written one.
    pub(super) fn note_form(&mut self, quad: &Quad) -> Option<Literal> {
        self.quads += 1;
        self.has_named_graph |= !quad.graph_name.is_default_graph();
        let Term::Literal(literal) = &quad.object else { return None };
        self.has_long_number = self.has_long_number || LongDecimal::is_needed_for(literal);
        LiteralForms::note(&mut self.literal_forms, literal.as_ref())
    }
}

/// A thread that surveys quads after they have been inserted, so that the single inserting thread does not wait. It
/// does not record the triples of a small number of quads: that would make loading a small dossier a tenth slower.
pub(super) struct Surveyor<'scope> {
    quads: SyncSender<Vec<Quad>>,
    thread: ScopedJoinHandle<'scope, Survey>,
}

impl<'scope> Surveyor<'scope> {
    pub(super) fn start(scope: &'scope Scope<'scope, '_>) -> Self {
        let (quads, batches) = sync_channel::<Vec<Quad>>(WAITING);
        let thread = scope.spawn(move || {
            let (mut batches, mut first) = (batches.into_iter(), Vec::new());
            while first.len() < WORTH_PLANNING
                && let Some(batch) = batches.next()
            {
                first.extend(batch);
            }
            let mut survey = Survey::of(first.len(), &first);
            for quad in batches.flatten() {
                survey.note(&quad);
            }
            survey
        });
        Self { quads, thread }
    }

    /// Sends quads to the thread.
    pub(super) fn take(&self, quads: Vec<Quad>) {
        // The receiver ends early only if it panics, and `finish` propagates the panic.
        let _ = self.quads.send(quads);
    }

    /// Joins the thread and returns its survey.
    pub(super) fn finish(self) -> Survey {
        drop(self.quads);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}
