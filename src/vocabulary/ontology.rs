//! What an ontology says of its classes and properties that writers of RDF go by: their order.

use oxigraph::model::{NamedNodeRef, NamedOrBlankNode, Quad};
use std::collections::HashMap;

/// The classes and properties of an ontology, in the order in which its files list them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ontology {
    ranks: HashMap<String, usize>,
}

impl Ontology {
    /// The subjects of some quads, each where it first stands.
    pub fn listed_in<'a>(quads: impl IntoIterator<Item = &'a Quad>) -> Self {
        let mut ranks = HashMap::new();
        for quad in quads {
            if let NamedOrBlankNode::NamedNode(subject) = &quad.subject {
                let rank = ranks.len();
                ranks.entry(subject.as_str().to_owned()).or_insert(rank);
            }
        }
        Self { ranks }
    }

    /// The place of a class or property among all that are listed, from 0: nothing if it is not.
    pub(crate) fn rank(&self, term: NamedNodeRef<'_>) -> Option<usize> {
        self.ranks.get(term.as_str()).copied()
    }
}
