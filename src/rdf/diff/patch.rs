//! Writes a diff as an [RDF Patch](https://afs.github.io/rdf-delta/rdf-patch.html).

use super::DatasetDiff;
use crate::vocabulary::Prefixes;
use oxigraph::model::{BlankNode, GraphName, NamedOrBlankNode, Quad, Term};
use std::io::{self, Write};

/// Writes one transaction: changed prefixes, deletions, additions. A blank node is `<_:label>` with its label in the
/// first dataset, because a patch refers to existing nodes. There is no header, because its only content would be a
/// random identifier.
///
/// # Errors
/// If the writer fails.
pub fn write_patch(
    diff: &DatasetDiff,
    [prefixes, other_prefixes]: [&Prefixes; 2],
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "TX .")?;
    for (prefix, _) in prefixes.iter() {
        if other_prefixes.namespace(prefix).is_none() {
            writeln!(out, "PD \"{prefix}\" .")?;
        }
    }
    for (prefix, namespace) in other_prefixes.iter() {
        if prefixes.namespace(prefix) != Some(namespace) {
            writeln!(out, "PA \"{prefix}\" <{namespace}> .")?;
        }
    }
    for (code, quads) in [('D', &diff.removed), ('A', &diff.added)] {
        for quad in quads {
            writeln!(out, "{code} {} .", row(quad))?;
        }
    }
    writeln!(out, "TC .")
}

fn row(quad: &Quad) -> String {
    let subject = match &quad.subject {
        NamedOrBlankNode::NamedNode(subject) => subject.to_string(),
        NamedOrBlankNode::BlankNode(subject) => label(subject),
    };
    let object = match &quad.object {
        Term::BlankNode(object) => label(object),
        object => object.to_string(),
    };
    let triple = format!("{subject} {} {object}", quad.predicate);
    match &quad.graph_name {
        GraphName::DefaultGraph => triple,
        GraphName::NamedNode(name) => format!("{triple} {name}"),
        GraphName::BlankNode(name) => format!("{triple} {}", label(name)),
    }
}

fn label(node: &BlankNode) -> String {
    format!("<_:{}>", node.as_str())
}
