//! What things are called in words.

use oxigraph::model::NamedNode;
use std::collections::HashMap;

/// The label of each IRI that has one. The session fills it; the writers of answers read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    labels: HashMap<NamedNode, String>,
}

impl Labels {
    /// The label of an IRI.
    pub fn get(&self, iri: &NamedNode) -> Option<&str> {
        self.labels.get(iri).map(String::as_str)
    }

    /// The labels alone, in no order.
    pub(crate) fn into_values(self) -> impl Iterator<Item = String> {
        self.labels.into_values()
    }
}

impl FromIterator<(NamedNode, String)> for Labels {
    fn from_iter<I: IntoIterator<Item = (NamedNode, String)>>(labels: I) -> Self {
        Self { labels: labels.into_iter().collect() }
    }
}
