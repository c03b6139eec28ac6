//! What an ontology says of its classes and properties that writers of RDF go by: their order, and what values fit.

use super::{owl, rdf, rdfs};
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use std::collections::HashMap;

/// The classes and properties of an ontology, in the order in which its files list them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ontology {
    terms: HashMap<NamedNode, Listed>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Listed {
    rank: usize,
    kind: Option<PropertyKind>,
    range: Option<NamedNode>,
}

/// What the values of a property are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PropertyKind {
    /// Things (`owl:ObjectProperty`).
    Object,
    /// Literals (`owl:DatatypeProperty`).
    Datatype,
}

impl Ontology {
    /// What some quads say, in their order. A subject is listed where it first stands; of two kinds or two ranges of a
    /// property neither counts, for then the ontology does not tell.
    pub fn listed_in<'a>(quads: impl IntoIterator<Item = &'a Quad>) -> Self {
        let mut terms: HashMap<NamedNode, Listed> = HashMap::new();
        let mut ambiguous = Vec::new();
        for quad in quads {
            let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { continue };
            let rank = terms.len();
            let listed =
                terms.entry(subject.clone()).or_insert(Listed { rank, kind: None, range: None });
            let Term::NamedNode(object) = &quad.object else { continue };
            if quad.predicate.as_ref() == rdf::TYPE {
                let kind = if object.as_ref() == owl::OBJECT_PROPERTY {
                    PropertyKind::Object
                } else if object.as_ref() == owl::DATATYPE_PROPERTY {
                    PropertyKind::Datatype
                } else {
                    continue;
                };
                if listed.kind.replace(kind).is_some_and(|other| other != kind) {
                    ambiguous.push(subject.clone());
                }
            } else if quad.predicate.as_ref() == rdfs::RANGE
                && listed.range.replace(object.clone()).is_some_and(|other| other != *object)
            {
                ambiguous.push(subject.clone());
            }
        }
        for term in ambiguous {
            if let Some(listed) = terms.get_mut(&term) {
                (listed.kind, listed.range) = (None, None);
            }
        }
        Self { terms }
    }

    /// The place of a class or property among all that are listed, from 0: nothing if it is not.
    pub fn rank(&self, term: &NamedNode) -> Option<usize> {
        self.terms.get(term).map(|listed| listed.rank)
    }

    /// What the values of a property are, if the ontology tells.
    pub fn kind(&self, property: &NamedNode) -> Option<PropertyKind> {
        self.terms.get(property).and_then(|listed| listed.kind)
    }

    /// The class or datatype that the values of a property have, if the ontology tells one.
    pub fn range(&self, property: &NamedNode) -> Option<NamedNodeRef<'_>> {
        self.terms.get(property)?.range.as_ref().map(NamedNode::as_ref)
    }
}
