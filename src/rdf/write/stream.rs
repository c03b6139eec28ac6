//! Writes quads one by one, in the order given, in constant memory.

use super::cannot_hold_graphs;
use super::lines::LineWriter;
use super::rdf_xml::RdfXml;
use super::turtle::TurtleStream;
use crate::diagnostic::WriteError;
use crate::format::GraphFormat;
use crate::vocabulary::Prefixes;
use crate::write_whole::WriteWhole;
use oxigraph::io::{RdfSerializer, WriterQuadSerializer};
use oxigraph::model::{GraphName, Quad};
use std::io;

/// A streaming writer of quads. It preserves their order and their duplicates.
///
/// Turtle and TriG group consecutive statements. They declare each prefix before the statement that first uses it; most
/// are declared at the top, because the first quads are buffered and scanned. RDF/XML declares all prefixes; the
/// line-based formats have none.
pub struct Stream<'a> {
    format: GraphFormat,
    writer: Writer<'a>,
}

enum Writer<'a> {
    Turtle(TurtleStream<'a>),
    Lines(LineWriter<'a>),
    Xml(RdfXml<'a>),
    /// JSON-LD without a context.
    Oxigraph(WriterQuadSerializer<&'a mut dyn WriteWhole>),
}

impl<'a> Stream<'a> {
    /// Begins a document.
    ///
    /// # Errors
    /// If the namespace of a prefix is not a valid IRI.
    pub fn new(
        format: GraphFormat,
        prefixes: &'a Prefixes,
        out: &'a mut dyn WriteWhole,
    ) -> io::Result<Self> {
        let writer = match format {
            GraphFormat::Turtle | GraphFormat::TriG => {
                Writer::Turtle(TurtleStream::new(prefixes, out))
            }
            GraphFormat::NTriples | GraphFormat::NQuads => Writer::Lines(LineWriter::new(out)),
            GraphFormat::RdfXml => Writer::Xml(RdfXml::new(prefixes.iter(), out)?),
            GraphFormat::JsonLd => {
                let mut serializer = RdfSerializer::from_format(format.into());
                for (prefix, namespace) in prefixes.iter() {
                    serializer =
                        serializer.with_prefix(prefix, namespace).map_err(io::Error::other)?;
                }
                Writer::Oxigraph(serializer.for_writer(out))
            }
        };
        Ok(Self { format, writer })
    }

    /// Writes a quad.
    ///
    /// # Errors
    /// If the writer fails; if the quad is in a named graph and the format has none; if the format is RDF/XML and XML
    /// has no name or character for a part of the triple.
    pub fn write(&mut self, quad: Quad) -> Result<(), WriteError> {
        if !self.format.has_named_graphs() && quad.graph_name != GraphName::DefaultGraph {
            return Err(cannot_hold_graphs(self.format).into());
        }
        match &mut self.writer {
            Writer::Turtle(running) => Ok(running.write(quad)?),
            Writer::Lines(lines) => Ok(lines.write(&quad)?),
            Writer::Xml(writer) => writer.write(&quad),
            Writer::Oxigraph(writer) => Ok(writer.serialize_quad(&quad)?),
        }
    }

    /// Ends the document.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn finish(self) -> io::Result<()> {
        match self.writer {
            Writer::Turtle(running) => running.finish(),
            Writer::Lines(lines) => lines.finish(),
            Writer::Xml(writer) => writer.finish(),
            Writer::Oxigraph(writer) => writer.finish()?.flush(),
        }
    }
}
