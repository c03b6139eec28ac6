//! A set of triples that takes 16 bytes for each, so that millions fit.

use oxigraph::model::QuadRef;
use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};

/// A set of triples, by two hashes with keys that nobody can know. Two of a billion triples are confused with a
/// probability of less than one in a million million million.
#[derive(Default)]
pub(super) struct TripleSet {
    hashes: HashSet<(u64, u64)>,
    keys: [RandomState; 2],
}

impl TripleSet {
    /// Adds the triple of a quad.
    pub(super) fn insert(&mut self, quad: QuadRef<'_>) {
        let hashes = self.hashes_of(quad);
        self.hashes.insert(hashes);
    }

    /// Returns whether the set contains the triple of a quad.
    pub(super) fn contains(&self, quad: QuadRef<'_>) -> bool {
        self.hashes.contains(&self.hashes_of(quad))
    }

    /// Returns the number of triples.
    pub(super) fn len(&self) -> u64 {
        self.hashes.len() as u64
    }

    fn hashes_of(&self, quad: QuadRef<'_>) -> (u64, u64) {
        let triple = (quad.subject, quad.predicate, quad.object);
        (self.keys[0].hash_one(triple), self.keys[1].hash_one(triple))
    }
}
