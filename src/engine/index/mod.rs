//! Triples as numbers: each term is kept once and has a number, and the triples are sorted arrays of numbers.
//!
//! What leads from a term to its triples is one step to a place where they stand side by side, so that a look-up among
//! ten million triples takes about as long as one among a thousand. (In the engine's own store in memory the triples of a
//! term are a chain, each link of which may be anywhere.) Once made, it does not change.

mod arrays;
mod dictionary;
#[cfg(feature = "disk")]
mod file;
mod triple_index;

pub(crate) use triple_index::{TripleIndex, TripleRange};

use dictionary::Dictionary;
use oxigraph::model::TripleRef;

/// How many triples and terms there can be: their numbers have 32 bits.
const MOST: usize = u32::MAX as usize;

/// Triples in the order in which they come, some perhaps more than once: what an index is made of.
#[derive(Debug, Default)]
pub struct Triples {
    dictionary: Dictionary,
    /// Subject, property and object of each.
    numbers: Vec<[u32; 3]>,
    is_cut: bool,
}

impl Triples {
    /// Adds a triple; of some four thousand million, the later ones are left out.
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

    /// The index of the triples, each once.
    pub fn index(self) -> TripleIndex {
        TripleIndex::new(self.dictionary, self.numbers, !self.is_cut)
    }
}
