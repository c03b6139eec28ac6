//! Writing graphs and datasets in each of the formats of RDF, in an order that is the same every time.

mod blank;
mod canonical;
mod dataset;
mod json_ld;
mod layout;
mod order;
mod turtle;

pub use layout::Layout;

use crate::format::GraphFormat;
use crate::vocabulary::{Prefixes, rdf};
use oxigraph::io::RdfSerializer;
use oxigraph::model::{GraphName, Quad, Term};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Writes quads, each once: the default graph first, then graph by graph; in a graph subject by subject, its types
/// before its other properties, all by name. Of the prefixes those are declared that are used.
///
/// # Errors
/// If the writer fails, or the format has no named graphs and a quad is in one.
pub fn write_quads(
    format: GraphFormat,
    mut quads: Vec<Quad>,
    layout: &Layout<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if matches!(format, GraphFormat::Turtle | GraphFormat::TriG) {
        refuse_graphs(format, &quads)?;
        return turtle::write(&quads, layout, out);
    }
    quads.sort_by_cached_key(|quad| {
        let is_type = quad.predicate.as_ref() == rdf::TYPE;
        let graph = match &quad.graph_name {
            GraphName::DefaultGraph => String::new(),
            name => name.to_string(),
        };
        (
            graph,
            quad.subject.to_string(),
            !is_type,
            quad.predicate.to_string(),
            quad.object.to_string(),
        )
    });
    quads.dedup();
    let prefixes = used(&quads, layout.prefixes);
    if format == GraphFormat::JsonLd {
        return json_ld::write(&quads, &prefixes, out);
    }
    let mut serializer = RdfSerializer::from_format(format.into());
    for (prefix, namespace) in prefixes {
        serializer = serializer.with_prefix(prefix, namespace).map_err(io::Error::other)?;
    }
    let mut writer = serializer.for_writer(&mut *out);
    for quad in &quads {
        writer.serialize_quad(quad)?;
    }
    writer.finish()?;
    Ok(())
}

/// An error if the format has no named graphs and a quad is in one.
fn refuse_graphs(format: GraphFormat, quads: &[Quad]) -> io::Result<()> {
    let is_default = |quad: &Quad| quad.graph_name == GraphName::DefaultGraph;
    if format.has_named_graphs() || quads.iter().all(is_default) {
        return Ok(());
    }
    let message = format!("{} cannot hold named graphs", format.name());
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

fn used<'p>(quads: &[Quad], prefixes: &'p Prefixes) -> Vec<(&'p str, &'p str)> {
    let mut iris = BTreeSet::new();
    for quad in quads {
        if let oxigraph::model::NamedOrBlankNode::NamedNode(subject) = &quad.subject {
            iris.insert(subject.as_str());
        }
        iris.insert(quad.predicate.as_str());
        match &quad.object {
            Term::NamedNode(object) => {
                iris.insert(object.as_str());
            }
            Term::Literal(literal) => {
                iris.insert(literal.datatype().as_str());
            }
            Term::BlankNode(_) => {}
        }
        if let GraphName::NamedNode(graph) = &quad.graph_name {
            iris.insert(graph.as_str());
        }
    }
    prefixes
        .iter()
        .filter(|(_, namespace)| {
            iris.range(*namespace..).next().is_some_and(|iri| iri.starts_with(namespace))
        })
        .collect()
}
