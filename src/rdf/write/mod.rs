//! Writes graphs and datasets in each RDF format, in a deterministic order.

mod blank;
mod canonical;
mod dataset;
mod json_ld;
mod layout;
mod lines;
mod order;
mod rdf_xml;
mod refinement;
mod stream;
mod turtle;
mod version;

pub use json_ld::{JsonLdContext, JsonLdFrame, JsonLdOptions, write_json_ld};
pub use layout::Layout;
pub(crate) use lines::push_quad;
pub use stream::Stream;
pub(crate) use turtle::GraphBlock;
pub(crate) use turtle::{
    AnonymousNode, AnonymousNodeKind, Around, BaseDeclaration, Comment, JOINED, Notes,
    PrefixDeclaration, RELATIVE, TurtleDocument, turtle_string, write_written,
};

use crate::diagnostic::{Diagnostic, Error, Result, WriteError};
use crate::format::GraphFormat;
use crate::write_whole::WriteWhole;
use oxigraph::model::{GraphName, Quad};

/// Writes quads without duplicates, in an order that depends only on the quads and the layout. Turtle and TriG follow
/// the reading order of people, N-Triples and N-Quads the bytes of their lines, RDF/XML its subjects, and JSON-LD is a
/// tree. Only the prefixes in use are declared.
///
/// # Errors
/// If the writer fails; if a quad is in a named graph and the format has none; if the format is RDF/XML and XML has no
/// name or character for a part of a triple.
pub fn write_quads(
    format: GraphFormat,
    mut quads: Vec<Quad>,
    layout: &Layout<'_>,
    out: &mut dyn WriteWhole,
) -> Result<(), WriteError> {
    refuse_graphs(format, &quads)?;
    version::refuse_new(format, &quads)?;
    // The work may be stopped during layout, before anything is written.
    out.whole(None, empty(format))?;
    match format {
        GraphFormat::Turtle | GraphFormat::TriG => Ok(turtle::write(&quads, layout, out)?),
        GraphFormat::NTriples | GraphFormat::NQuads => Ok(lines::write_sorted(&quads, out)?),
        GraphFormat::JsonLd => {
            write_json_ld(&quads, layout, &JsonLdOptions::default(), out).map(drop)
        }
        GraphFormat::RdfXml => {
            canonical::relabel(&mut quads)?;
            rdf_xml::write(quads, layout.prefixes, out)
        }
    }
}

/// Returns a document without quads.
const fn empty(format: GraphFormat) -> &'static str {
    match format {
        GraphFormat::JsonLd => "[]\n",
        GraphFormat::RdfXml => rdf_xml::EMPTY,
        _ => "",
    }
}

/// Writes quads as canonical N-Quads, which are N-Triples if no quad is in a named graph. The same data gives the same
/// bytes ([RDFC-1.0](https://www.w3.org/TR/rdf-canon/) with SHA-256).
///
/// # Errors
/// If the writer fails; if the blank nodes are so similar that computing their labels would take too long.
pub fn write_canonical(quads: &[Quad], out: &mut dyn WriteWhole) -> Result<(), WriteError> {
    version::refuse_uncanonical(quads)?;
    lines::write_canonical(quads, out)
}

/// Rejects quads in named graphs for a format without named graphs.
///
/// # Errors
/// If a quad is in a named graph and the format has none.
pub(crate) fn refuse_graphs(format: GraphFormat, quads: &[Quad]) -> Result<()> {
    let is_default = |quad: &Quad| quad.graph_name == GraphName::DefaultGraph;
    if format.has_named_graphs() || quads.iter().all(is_default) {
        Ok(())
    } else {
        Err(cannot_hold_graphs(format))
    }
}

fn cannot_hold_graphs(format: GraphFormat) -> Error {
    let message = format!("cannot write named graphs as {}", format.name());
    Diagnostic::error("format-without-graphs", message).help("use trig, nquads or jsonld").usage()
}
