//! The order of an ontology's classes and properties, which RDF writers follow.

use super::dcterms;
use oxigraph::model::{NamedNodeRef, NamedOrBlankNode, Quad, Term};
use std::collections::HashMap;

/// The classes and properties of an ontology, in the order of its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ontology {
    ranks: HashMap<String, usize>,
    about: Option<String>,
}

impl Ontology {
    /// Lists the subjects of some quads in the order of their first occurrence.
    pub fn listed_in<'a>(quads: impl IntoIterator<Item = &'a Quad>) -> Self {
        let (mut ranks, mut about) = (HashMap::new(), None);
        for quad in quads {
            if let (dcterms::SUBJECT, Term::Literal(subject)) =
                (quad.predicate.as_ref(), &quad.object)
            {
                about.get_or_insert_with(|| subject.value().to_owned());
            }
            if let NamedOrBlankNode::NamedNode(subject) = &quad.subject {
                let rank = ranks.len();
                ranks.entry(subject.as_str().to_owned()).or_insert(rank);
            }
        }
        Self { ranks, about }
    }

    /// Returns what the dossier is about, if the ontology says it (`dcterms:subject`).
    pub(crate) fn about(&self) -> Option<&str> {
        self.about.as_deref()
    }

    /// Returns the position of a class or property in the list, from 0, or `None` if it is not listed.
    pub(crate) fn rank(&self, term: NamedNodeRef<'_>) -> Option<usize> {
        self.ranks.get(term.as_str()).copied()
    }
}
