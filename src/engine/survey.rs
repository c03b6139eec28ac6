//! What is learnt of quads while they are loaded: how many they are, which literals the store keeps in another form, and
//! their triples. To read them once more for that would take a third of the time of loading.

use super::index::Triples;
use super::planning::WORTH_PLANNING;
use super::quirks::{LiteralForms, LongDecimal};
use oxigraph::model::{Literal, Quad, Term, TripleRef};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

/// How many batches of quads may wait to be looked at.
const WAITING: usize = 64;

/// What is learnt of quads.
#[derive(Default)]
pub(super) struct Survey {
    pub quads: u64,
    /// Whether one of them is in a named graph.
    pub has_named_graph: bool,
    pub literal_forms: Option<LiteralForms>,
    /// Whether one of them has a number beyond those of the engine.
    pub has_long_number: bool,
    /// Their triples, if note was taken of these.
    pub triples: Option<Triples>,
}

impl Survey {
    /// Takes note of a quad.
    pub(super) fn note(&mut self, quad: &Quad) {
        let stored = self.note_form(quad);
        let object = stored.as_ref().map_or(quad.object.as_ref(), Into::into);
        let triples = self.triples.get_or_insert_default();
        triples.add(TripleRef::new(&quad.subject, &quad.predicate, object));
    }

    /// Takes note of a quad, but not of its triple. Gives the form of its literal, if it is one that the store keeps in
    /// another form.
    pub(super) fn note_form(&mut self, quad: &Quad) -> Option<Literal> {
        self.quads += 1;
        self.has_named_graph |= !quad.graph_name.is_default_graph();
        let Term::Literal(literal) = &quad.object else { return None };
        self.has_long_number = self.has_long_number || LongDecimal::is_needed_for(literal);
        LiteralForms::note(&mut self.literal_forms, literal.as_ref())
    }
}

/// A thread that surveys quads when they have been inserted: so inserting, which one thread does alone, goes on meanwhile.
/// It takes no note of the triples of few quads, which would make the start of a small dossier longer by a tenth.
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
            let mut survey = Survey::default();
            if first.len() < WORTH_PLANNING {
                for quad in &first {
                    survey.note_form(quad);
                }
            } else {
                for quad in first.into_iter().chain(batches.flatten()) {
                    survey.note(&quad);
                }
            }
            survey
        });
        Self { quads, thread }
    }

    /// Hands it some quads.
    pub(super) fn take(&self, quads: Vec<Quad>) {
        // (It ends before that only by a panic, which comes out at the end.)
        let _ = self.quads.send(quads);
    }

    /// What it has learnt.
    pub(super) fn finish(self) -> Survey {
        drop(self.quads);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}
