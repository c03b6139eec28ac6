//! What is open at a place in a text of Turtle: subjects and lists.

use crate::rdf::write::{Comment, Notes};
use oxigraph::model::{BlankNode, NamedNode, NamedOrBlankNode, Quad, Term};

/// What is open while a text is read.
pub(super) enum Frame {
    Properties(Properties),
    List(ListFrame),
}

/// What is said about a subject.
pub(super) struct Properties {
    pub subject: NamedOrBlankNode,
    pub kind: PropertiesKind,
    pub predicate: Option<NamedNode>,
    /// Whether an object must come.
    pub expects_object: bool,
    pub statements: Vec<(Quad, Notes)>,
    /// The comments above what comes next.
    pub notes: Notes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PropertiesKind {
    /// A subject at the beginning of a statement, which has a name or is a list.
    Block,
    /// The same, which is `[ … ]`: the bracket is not closed yet.
    Open,
    /// The same: the bracket is closed.
    Alone,
    /// `[ … ]` as an object.
    Nested,
}

impl Properties {
    /// A subject of which nothing is said yet.
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
    /// If it is a subject: the comments above it.
    pub subject: Option<Vec<Comment>>,
}
