//! What is learnt of quads while they are loaded: how many they are, which literals the store keeps in another form, and
//! their triples. To read them once more for that would take a third of the time of loading.

use super::Respelled;
use crate::triples::Triples;
use oxigraph::model::{Literal, Quad, TermRef, TripleRef};
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
    pub respelled: Option<Respelled>,
    pub triples: Triples,
}

impl Survey {
    /// Takes note of a quad.
    pub fn note(&mut self, quad: &Quad) {
        let respelled = self.note_form(quad);
        let object = respelled.as_ref().map_or(quad.object.as_ref(), Into::into);
        self.triples.add(TripleRef::new(&quad.subject, &quad.predicate, object));
    }

    /// Takes note of a quad, but not of its triple. Gives the form of its literal, if it is one that the store keeps in
    /// another form.
    pub fn note_form(&mut self, quad: &Quad) -> Option<Literal> {
        self.quads += 1;
        self.has_named_graph |= !quad.graph_name.is_default_graph();
        match quad.object.as_ref() {
            TermRef::Literal(literal) => Respelled::note(&mut self.respelled, literal),
            _ => None,
        }
    }
}

/// A thread that surveys quads when they have been inserted: so inserting, which one thread does alone, goes on meanwhile.
pub(super) struct Surveyor<'scope> {
    quads: SyncSender<Vec<Quad>>,
    thread: ScopedJoinHandle<'scope, Survey>,
}

impl<'scope> Surveyor<'scope> {
    pub fn start(scope: &'scope Scope<'scope, '_>) -> Self {
        let (quads, batches) = sync_channel::<Vec<Quad>>(WAITING);
        let thread = scope.spawn(move || {
            let mut survey = Survey::default();
            for quad in batches.into_iter().flatten() {
                survey.note(&quad);
            }
            survey
        });
        Self { quads, thread }
    }

    /// Hands it some quads.
    pub fn take(&self, quads: Vec<Quad>) {
        // (It ends before that only by a panic, which comes out at the end.)
        let _ = self.quads.send(quads);
    }

    /// What it has learnt.
    pub fn finish(self) -> Survey {
        drop(self.quads);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}
