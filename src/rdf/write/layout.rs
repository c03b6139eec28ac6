//! How data is laid out for people: which names are short, and what stands before what.

use crate::vocabulary::{Ontology, Prefixes};

/// What writers of graphs for people go by. The same data with the same layout gives the same bytes.
#[derive(Debug, Clone, Copy)]
pub struct Layout<'a> {
    /// The prefixes that may be used. Those that are used are declared.
    pub prefixes: &'a Prefixes,
    /// The order of classes and properties.
    pub ontology: &'a Ontology,
}
