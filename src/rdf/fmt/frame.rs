//! The open subjects and lists at a position in a Turtle document.

use crate::rdf::write::{Comment, Notes};
use oxigraph::model::{BlankNode, NamedNode, NamedOrBlankNode, Quad, Term};

/// An open subject or list.
pub(super) enum Frame {
    Properties(Properties),
    List(ListFrame),
}

/// The statements about a subject.
pub(super) struct Properties {
    pub subject: NamedOrBlankNode,
    pub kind: PropertiesKind,
    pub predicate: Option<NamedNode>,
    /// Whether an object is expected.
    pub expects_object: bool,
    pub statements: Vec<(Quad, Notes)>,
    /// The comments above the next item.
    pub notes: Notes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PropertiesKind {
    /// A subject with a name or a list, at the beginning of a statement.
    Block,
    /// A subject `[ … ]` whose bracket is still open.
    Open,
    /// A subject `[ … ]` whose bracket is closed.
    Alone,
    /// `[ … ]` as an object.
    Nested,
}

impl Properties {
    /// Creates a frame for a subject without statements.
    pub(super) fn of(subject: NamedOrBlankNode, kind: PropertiesKind, notes: Notes) -> Self {
        let (predicate, statements) = (None, Vec::new());
        Self { subject, kind, predicate, expects_object: false, statements, notes }
    }
}

/// `( … )`.
pub(super) struct ListFrame {
    pub cells: Vec<(BlankNode, Term, Notes)>,
    /// The comments above the next item.
    pub above: Vec<Comment>,
    /// The comments above the list, if it is a subject.
    pub subject: Option<Vec<Comment>>,
}
