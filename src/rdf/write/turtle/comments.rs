//! The comments of a Turtle document and the statements that they belong to.

use rustc_hash::FxHashMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comment {
    /// From its `#` to the end of its line.
    pub text: String,
    /// Whether an empty line follows.
    pub is_apart: bool,
}

/// The comments at one statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    /// Above the statements about its subject.
    pub subject: Vec<Comment>,
    /// Above its predicate.
    pub predicate: Vec<Comment>,
    /// Above its object.
    pub object: Vec<Comment>,
    /// At the end of the line on which its object ends.
    pub after: Option<Comment>,
    /// On their own lines after that.
    pub below: Vec<Comment>,
}

impl Notes {
    pub(crate) fn is_empty(&self) -> bool {
        self.after.is_none()
            && [&self.subject, &self.predicate, &self.object, &self.below]
                .iter()
                .all(|comments| comments.is_empty())
    }

    /// Adds a comment at the end of the line, or below it if there is one already.
    pub(crate) fn add_after(&mut self, comment: Comment) {
        if self.after.is_none() {
            self.after = Some(comment);
        } else {
            self.below.push(comment);
        }
    }
}

/// The comments at a directive or a graph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Around {
    pub above: Vec<Comment>,
    /// Inside a graph, before its end.
    pub inside: Vec<Comment>,
    pub after: Option<Comment>,
}

impl Around {
    pub(crate) fn is_empty(&self) -> bool {
        self.above.is_empty() && self.inside.is_empty() && self.after.is_none()
    }

    /// Adds the comments at another part of the same graph.
    pub(crate) fn extend(&mut self, other: Self) {
        self.above.extend(other.above);
        self.inside.extend(other.inside);
        match other.after {
            Some(comment) if self.after.is_some() => self.inside.push(comment),
            Some(comment) => self.after = Some(comment),
            None => {}
        }
    }
}

/// The comments of a document: at statements by their positions, and elsewhere.
#[derive(Debug, Clone, Default)]
pub(super) struct Comments {
    pub statements: FxHashMap<usize, Notes>,
    /// After the prefixes.
    pub introduction: Vec<Comment>,
    /// At the end of the document.
    pub end: Vec<Comment>,
}

impl Comments {
    /// Returns the comments at a statement.
    pub(super) fn at(&self, statement: usize) -> Option<&Notes> {
        if self.statements.is_empty() { None } else { self.statements.get(&statement) }
    }
}
