//! Writing quads one after the other, in the order in which they come, in constant memory.

use super::cannot_hold_graphs;
use super::turtle::is_prefix_name;
use crate::format::GraphFormat;
use crate::vocabulary::Prefixes;
use oxigraph::io::{RdfSerializer, WriterQuadSerializer};
use oxigraph::model::{GraphName, Quad};
use std::io::{self, Write};

/// A writer of quads in the order in which they come. Quads that come twice are written twice.
pub struct Stream<W: Write> {
    format: GraphFormat,
    writer: WriterQuadSerializer<W>,
}

impl<W: Write> Stream<W> {
    /// Begins a text. All the prefixes that are legal are declared, for it is not known which ones will be used; the
    /// formats by lines have none.
    ///
    /// # Errors
    /// If a prefix stands for no IRI.
    pub fn new(format: GraphFormat, prefixes: &Prefixes, out: W) -> io::Result<Self> {
        let mut serializer = RdfSerializer::from_format(format.into());
        for (prefix, namespace) in prefixes.iter().filter(|(prefix, _)| is_prefix_name(prefix)) {
            serializer = serializer.with_prefix(prefix, namespace).map_err(io::Error::other)?;
        }
        Ok(Self { format, writer: serializer.for_writer(out) })
    }

    /// Writes a quad.
    ///
    /// # Errors
    /// If the writer fails, or the quad is in a named graph and the format has none
    /// ([`io::ErrorKind::InvalidInput`]).
    pub fn write(&mut self, quad: &Quad) -> io::Result<()> {
        if !self.format.has_named_graphs() && quad.graph_name != GraphName::DefaultGraph {
            return Err(cannot_hold_graphs(self.format));
        }
        self.writer.serialize_quad(quad)
    }

    /// Ends the text.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn finish(self) -> io::Result<()> {
        self.writer.finish()?.flush()
    }
}
