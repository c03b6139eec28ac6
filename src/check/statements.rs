//! The positions of statements in a file.

use super::files::QuadFile;
use crate::diagnostic::Excerpt;
use crate::rdf::syntax::each_statement;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use rustc_hash::FxHashMap;

/// Where a statement stands.
#[derive(Debug, Clone)]
pub(super) struct StatementPlace {
    pub(super) predicate: Excerpt,
    pub(super) object: Excerpt,
}

/// The positions of some statements.
pub(super) struct StatementPlaces {
    places: FxHashMap<Key, StatementPlace>,
}

/// What tells one statement from another: its terms, except that all blank nodes are one, since each reader gives them
/// its own labels.
type Key = (Option<NamedNode>, Option<NamedNode>, NamedNode, Option<Term>);

impl QuadFile {
    /// Finds the first position of each of some statements, in one pass over the file.
    pub(super) fn statements<'q>(&self, wanted: impl Iterator<Item = &'q Quad>) -> StatementPlaces {
        let mut wanted: FxHashMap<Key, Option<StatementPlace>> =
            wanted.map(|quad| (key(quad), None)).collect();
        // Nearly all files are right, and to read one again takes time.
        if wanted.is_empty() {
            return StatementPlaces { places: FxHashMap::default() };
        }
        each_statement(self.text(), self.base(), |quad, spans| {
            if let Some(place @ None) = wanted.get_mut(&key(quad)) {
                *place = Some(StatementPlace {
                    predicate: self.excerpt(spans.predicate),
                    object: self.excerpt(spans.object),
                });
            }
        });
        let found = wanted.into_iter().filter_map(|(key, place)| Some((key, place?)));
        StatementPlaces { places: found.collect() }
    }
}

impl StatementPlaces {
    /// Returns where a statement stands that was looked for.
    pub(super) fn get(&self, quad: &Quad) -> Option<&StatementPlace> {
        self.places.get(&key(quad))
    }
}

fn key(quad: &Quad) -> Key {
    let graph = match &quad.graph_name {
        GraphName::NamedNode(name) => Some(name.clone()),
        _ => None,
    };
    let subject = match &quad.subject {
        NamedOrBlankNode::NamedNode(subject) => Some(subject.clone()),
        NamedOrBlankNode::BlankNode(_) => None,
    };
    let object = match &quad.object {
        Term::BlankNode(_) => None,
        object => Some(object.clone()),
    };
    (graph, subject, quad.predicate.clone(), object)
}
