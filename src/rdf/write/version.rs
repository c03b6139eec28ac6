//! Rejects what RDF 1.2 adds where a format, or its layout here, has no place for it.

use crate::diagnostic::{Diagnostic, Result};
use crate::format::GraphFormat;
use crate::vocabulary::{direction_of, hides_blank_node, is_triple_term};
use oxigraph::model::{Quad, Term};

/// Rejects quads that cannot be written in a format.
///
/// # Errors
/// If the format is JSON-LD or RDF/XML, for a triple term or a base direction.
pub(super) fn refuse_new(format: GraphFormat, quads: &[Quad]) -> Result<()> {
    let is_in = |fits: fn(&Term) -> bool| quads.iter().any(|quad| fits(&quad.object));
    let is_directed =
        |term: &Term| matches!(term, Term::Literal(text) if direction_of(text.as_ref()).is_some());
    let what = match format {
        GraphFormat::JsonLd | GraphFormat::RdfXml if is_in(is_triple_term) => "triple terms",
        GraphFormat::JsonLd | GraphFormat::RdfXml if is_in(is_directed) => {
            "text with a base direction"
        }
        _ => return Ok(()),
    };
    Err(unwritable(what, format.name(), "use turtle, trig, ntriples or nquads"))
}

/// Rejects quads whose blank nodes have no canonical labels.
///
/// # Errors
/// If a triple term has a blank node.
pub(super) fn refuse_uncanonical(quads: &[Quad]) -> Result<()> {
    if quads.iter().any(|quad| hides_blank_node(&quad.object)) {
        let help = "remove `--canonical`: RDFC-1.0 knows RDF 1.1 only";
        return Err(unwritable("blank nodes in triple terms", "canonical N-Quads", help));
    }
    Ok(())
}

fn unwritable(what: &str, format: &str, help: &str) -> crate::diagnostic::Error {
    let message = format!("cannot write {what} as {format}");
    Diagnostic::error("rdf-12-not-written", message).help(help).usage()
}
