//! Reads, writes, formats and compares RDF files. Nothing here depends on a store.

pub mod diff;
pub(crate) mod fmt;
pub(crate) mod read;
pub(crate) mod syntax;
pub(crate) mod write;

use oxigraph::model::{NamedNode, NamedOrBlankNode, Quad, Term};

/// Returns the subject, the property and the object of a statement that are IRIs.
pub(crate) fn named(quad: &Quad) -> impl Iterator<Item = &NamedNode> {
    let subject = match &quad.subject {
        NamedOrBlankNode::NamedNode(subject) => Some(subject),
        NamedOrBlankNode::BlankNode(_) => None,
    };
    let object = match &quad.object {
        Term::NamedNode(object) => Some(object),
        _ => None,
    };
    subject.into_iter().chain([&quad.predicate]).chain(object)
}
