//! What is written, in the terms of JSON-LD's expanded form: node objects, value objects and list objects.

use oxigraph::model::LiteralRef;

/// A node object, and all that is embedded in it.
#[derive(Debug, Clone, Default)]
pub(super) struct NodeObject<'a> {
    /// The IRI, or the label of a blank node with its `_:`. None for a blank node that nothing else mentions.
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
    /// A thing: embedded, or by its name alone.
    Node(NodeObject<'a>),
    /// A literal.
    Literal(LiteralRef<'a>),
    /// An RDF list.
    List(Vec<Self>),
    /// What a frame asks for and the data do not have.
    Null,
}

impl<'a> NodeObject<'a> {
    /// A node by its name alone.
    pub(super) fn reference(id: &'a str) -> Self {
        Self { id: Some(id), ..Self::default() }
    }

    /// Whether the node is nothing but its name.
    pub(super) fn is_reference(&self) -> bool {
        self.id.is_some()
            && self.types.is_empty()
            && self.properties.is_empty()
            && self.graph.is_none()
    }
}
