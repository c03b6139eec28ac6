//! The layout of data for people: its prefixes and the order of its statements.

use crate::vocabulary::{Ontology, Prefixes};

/// The settings of the writers of graphs for people. The same data with the same layout gives the same bytes.
#[derive(Debug, Clone, Copy)]
pub struct Layout<'a> {
    /// The available prefixes. Writers declare only those that they use.
    pub prefixes: &'a Prefixes,
    /// The order of classes and properties.
    pub ontology: &'a Ontology,
}
