//! What planning knows of the data.

use super::index::AccessPath;
use super::statistics::Statistics;
use oxigraph::model::{NamedNode, Triple};
use spargebra::term::TriplePattern;

/// What planning knows of the data.
#[derive(Clone, Copy)]
pub struct Knowledge<'a> {
    /// The statistics of the default graph.
    pub statistics: &'a Statistics,
    /// Counts the triples of a pattern with constants, in a named graph or the default one, up to some number.
    pub count: &'a dyn Fn(&TriplePattern, Option<&NamedNode>, usize) -> CountResult,
    /// The triple of a pattern that has a single one in the default graph.
    pub only: &'a dyn Fn(&TriplePattern) -> Option<Triple>,
    /// How the engine finds triples.
    pub index: AccessPath,
}

/// The result of counting up to a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountResult {
    /// There are so many.
    Exactly(usize),
    /// There are so many, and then it was not counted on.
    AtLeast(usize),
}
