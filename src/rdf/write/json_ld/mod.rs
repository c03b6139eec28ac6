//! [JSON-LD 1.1](https://www.w3.org/TR/json-ld11/) for programs that know nothing about RDF: short names, and a tree
//! that starts at the most important nodes.
//!
//! ```text
//!   node_map               the data, in order
//!      ▼
//!   tree   frame           nesting: node objects of the expanded form
//!      ▼
//!   compact (context, derive)   the names that are written
//!      ▼
//!   json                   objects that preserve the order of their keys
//! ```

mod compact;
mod context;
mod derive;
mod frame;
mod framing;
mod json;
mod node_map;
mod node_object;
mod options;
mod tree;

pub use context::JsonLdContext;
pub use frame::JsonLdFrame;
pub use options::JsonLdOptions;

use super::layout::Layout;
use crate::diagnostic::{Diagnostic, WriteError};
use crate::write_whole::{SharedWriter, WriteWhole};
use framing::Framing;
use json::JsonValue;
use node_map::NodeMaps;
use node_object::NodeObject;
use oxigraph::model::Quad;
use serde::ser::{Error as _, SerializeMap as _};
use serde::{Serialize, Serializer};
use std::cell::RefCell;
use std::io::{self, Write};
use tree::NodeTree;

/// Writes quads as JSON-LD and returns the number of top-level nodes. The same quads give the same bytes, independently
/// of their order and of the labels of blank nodes.
///
/// # Errors
/// If the writer fails, if a context gives a name another meaning, or if a frame nests too deep.
pub fn write_json_ld(
    quads: &[Quad],
    layout: &Layout<'_>,
    options: &JsonLdOptions,
    out: &mut dyn WriteWhole,
) -> Result<usize, WriteError> {
    let merged = options.frame.as_ref().is_some_and(JsonLdFrame::is_of_merged_graphs)
        && node_map::has_named_graphs(quads);
    let maps = NodeMaps::new(quads, layout.ontology, merged)?;
    let given =
        options.context.as_ref().or_else(|| options.frame.as_ref().and_then(JsonLdFrame::context));
    let derived;
    let context = match given {
        Some(context) => context,
        None if options.expanded => &JsonLdContext::default(),
        None => {
            derived = derive::derive(&maps, layout.prefixes, layout.ontology)
                .map_err(Diagnostic::input)?;
            &derived
        }
    };
    let written = |node: NodeObject<'_>| {
        if options.expanded { Ok(compact::expand(&node)) } else { compact::compact(&node, context) }
    };
    let shared = &SharedWriter::new(out);
    let failure = &RefCell::new(None);
    let in_document = Ending { out: shared, closing: "\n  ]\n}\n", failure };
    let alone = Ending { out: shared, closing: "\n]\n", failure };
    let failed = |error: serde_json::Error| match failure.take() {
        Some(diagnostic) => WriteError::from(diagnostic.input()),
        None => io::Error::from(error).into(),
    };
    let mut serializer = serde_json::Serializer::pretty(shared.clone());
    let count = if let Some(frame) = &options.frame {
        let nodes = Framing::new(&maps).nodes(frame).map_err(Diagnostic::input)?;
        let count = nodes.len();
        let mut nodes = nodes.into_iter().map(written);
        if options.expanded {
            Nodes::new(nodes, alone).serialize(&mut serializer).map_err(failed)?;
        } else if frame.omits_graph() && count < 2 {
            let node = nodes.next().transpose().map_err(Diagnostic::input)?;
            let source = context.source().cloned();
            let mut members: Vec<_> =
                source.into_iter().map(|source| ("@context".to_owned(), source)).collect();
            if let Some(JsonValue::Object(own)) = node {
                members.extend(own);
            }
            JsonValue::Object(members).serialize(&mut serializer).map_err(failed)?;
        } else {
            let nodes = Nodes::new(nodes, in_document);
            JsonLdDocument { context, nodes }.serialize(&mut serializer).map_err(failed)?;
        }
        count
    } else {
        let mut count = 0;
        let nodes = NodeTree::new(&maps, layout.ontology, !options.flattened)
            .nodes()
            .inspect(|_| count += 1)
            .map(written);
        if options.expanded {
            Nodes::new(nodes, alone).serialize(&mut serializer).map_err(failed)?;
        } else {
            let nodes = Nodes::new(nodes, in_document);
            JsonLdDocument { context, nodes }.serialize(&mut serializer).map_err(failed)?;
        }
        count
    };
    let mut out = shared.clone();
    writeln!(out)?;
    out.whole(None, "")?;
    Ok(count)
}

/// A document: a context and an array of nodes.
struct JsonLdDocument<'c, I> {
    context: &'c JsonLdContext,
    nodes: Nodes<'c, I>,
}

impl<I: Iterator<Item = Result<JsonValue, Diagnostic>>> Serialize for JsonLdDocument<'_, I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_map(None)?;
        if let Some(source) = self.context.source() {
            document.serialize_entry("@context", source)?;
        }
        document.serialize_entry(self.context.keyword("@graph"), &self.nodes)?;
        document.end()
    }
}

/// Nodes that are created while they are written.
struct Nodes<'o, I> {
    nodes: RefCell<Option<I>>,
    ending: Ending<'o>,
}

/// The text that closes the document, and the error that ended the nodes: serde keeps only the message of an error.
#[derive(Clone, Copy)]
struct Ending<'o> {
    out: &'o SharedWriter<'o>,
    closing: &'static str,
    failure: &'o RefCell<Option<Diagnostic>>,
}

impl<'o, I> Nodes<'o, I> {
    const fn new(nodes: I, ending: Ending<'o>) -> Self {
        Self { nodes: RefCell::new(Some(nodes)), ending }
    }
}

impl<I: Iterator<Item = Result<JsonValue, Diagnostic>>> Serialize for Nodes<'_, I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq as _;
        let mut array = serializer.serialize_seq(None)?;
        let Ending { out, closing, failure } = self.ending;
        for node in self.nodes.borrow_mut().take().into_iter().flatten() {
            let node = node.map_err(|diagnostic| {
                let words = S::Error::custom(&diagnostic);
                failure.replace(Some(diagnostic));
                words
            })?;
            array.serialize_element(&node)?;
            out.whole(None, closing).map_err(S::Error::custom)?;
        }
        array.end()
    }
}
