//! What planning knows of the data.

use super::index::AccessPath;
use super::statistics::Statistics;
use oxigraph::model::{NamedNode, Triple};
use spargebra::term::TriplePattern;

/// The data statistics and lookups that planning uses.
#[derive(Clone, Copy)]
pub struct Knowledge<'a> {
    /// The statistics of the default graph.
    pub statistics: &'a Statistics,
    /// Counts the triples that match a pattern with constants, in a named graph or the default one, up to a limit.
    pub count: &'a dyn Fn(&TriplePattern, Option<&NamedNode>, usize) -> CountResult,
    /// Returns the triple of a pattern that has exactly one match in the default graph.
    pub only: &'a dyn Fn(&TriplePattern) -> Option<Triple>,
    /// How the engine finds triples.
    pub index: AccessPath,
}

/// The result of counting up to a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountResult {
    /// The exact number.
    Exactly(usize),
    /// The bound at which counting stopped.
    AtLeast(usize),
}
