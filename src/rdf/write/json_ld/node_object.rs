//! The output model, in the terms of JSON-LD's expanded form: node objects, value objects and list objects.

use oxigraph::model::LiteralRef;

/// A node object with everything embedded in it.
#[derive(Debug, Clone, Default)]
pub(super) struct NodeObject<'a> {
    /// The IRI, or the label of a blank node with its `_:`. `None` for a blank node that nothing else mentions.
    pub id: Option<&'a str>,
    /// The classes.
    pub types: Vec<&'a str>,
    /// The other properties with their values.
    pub properties: Vec<(&'a str, Vec<NodeValue<'a>>)>,
    /// The graph that the node names.
    pub graph: Option<Vec<Self>>,
}

/// A value of a property.
#[derive(Debug, Clone)]
pub(super) enum NodeValue<'a> {
    /// A node: embedded, or a reference.
    Node(NodeObject<'a>),
    /// A literal.
    Literal(LiteralRef<'a>),
    /// An RDF list.
    List(Vec<Self>),
    /// A value that a frame requests and the data does not have.
    Null,
}

impl<'a> NodeObject<'a> {
    /// Creates a reference: a node with only its name.
    pub(super) fn reference(id: &'a str) -> Self {
        Self { id: Some(id), ..Self::default() }
    }

    /// Returns whether the node consists only of its name.
    pub(super) fn is_reference(&self) -> bool {
        self.id.is_some()
            && self.types.is_empty()
            && self.properties.is_empty()
            && self.graph.is_none()
    }
}
