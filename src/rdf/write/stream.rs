//! Writing quads one after the other, in the order in which they come, in constant memory.

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

/// A writer of quads in the order in which they come. Quads that come twice are written twice.
///
/// Turtle and TriG group what follows each other, and declare each prefix before the statement that first uses it; most
/// are at the top, for the first quads are looked through. RDF/XML declares all prefixes, and the formats by lines have
/// none.
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
    /// Begins a text.
    ///
    /// # Errors
    /// If a prefix stands for no IRI.
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
    /// If the writer fails; if the quad is in a named graph and the format has none; if it is RDF/XML, and XML has no
    /// name or character for something.
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

    /// Ends the text.
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
