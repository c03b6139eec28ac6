//! Triples as numbers: each term is stored once and has a number, and the triples are sorted arrays of numbers.
//!
//! A lookup jumps directly to the triples of a term, which are adjacent. So a lookup among ten million triples takes
//! about as long as one among a thousand. In the engine's own in-memory store, the triples of a term are a linked list
//! scattered over memory. An index is immutable.

mod arrays;
mod dictionary;
#[cfg(feature = "disk")]
mod file;
mod triple_index;
mod triple_terms;

pub(crate) use dictionary::TermKind;
pub(crate) use triple_index::{TripleIndex, TripleRange};

use dictionary::Dictionary;
use oxigraph::model::TripleRef;

/// The most triples and terms of an index: their numbers have 32 bits.
const MOST: usize = u32::MAX as usize;

/// The triples from which an index is built, in the order of insertion, possibly with duplicates.
#[derive(Debug, Default)]
pub struct Triples {
    dictionary: Dictionary,
    /// The subject, property and object of each triple.
    numbers: Vec<[u32; 3]>,
    is_cut: bool,
}

impl Triples {
    /// Adds a triple. Ignores it if the number of triples or terms would no longer fit into 32 bits.
    pub fn add(&mut self, triple: TripleRef<'_>) {
        if self.numbers.len() >= MOST || self.dictionary.len() + 3 > MOST {
            self.is_cut = true;
            return;
        }
        let subject = self.dictionary.number(triple.subject.into());
        let property = self.dictionary.number(triple.predicate.into());
        let object = self.dictionary.number(triple.object);
        self.numbers.push([subject, property, object]);
    }

    /// Builds the index of the triples, without duplicates.
    pub fn index(self) -> TripleIndex {
        TripleIndex::new(self.dictionary, self.numbers, !self.is_cut)
    }
}
