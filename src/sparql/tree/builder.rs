//! Makes a tree of what a recursive parser reports: where nodes start and finish, and the tokens.

use super::{Element, NodeKind, SyntaxKind, SyntaxTree};
use crate::sparql::lexer::{Token, token_from};

/// Builds a tree.
pub(in crate::sparql) struct TreeBuilder<'a> {
    text: &'a str,
    elements: Vec<Element>,
    /// The indices of the open nodes, the innermost last.
    open: Vec<usize>,
    /// The end of the last element.
    end: usize,
    /// Whether no tree is wanted.
    is_idle: bool,
}

/// Where a node starts.
#[must_use]
pub(in crate::sparql) struct Mark {
    index: usize,
    /// The number of elements and the end before the white space in front of the node.
    before: (usize, usize),
}

impl<'a> TreeBuilder<'a> {
    /// Begins the tree of a text.
    pub(in crate::sparql) fn new(text: &'a str) -> Self {
        let (elements, open) = (Vec::new(), Vec::new());
        let mut builder = Self { text, elements, open, end: 0, is_idle: false };
        builder.push_node(NodeKind::Text, 0);
        builder
    }

    /// Returns a builder that takes everything and makes an empty tree.
    pub(in crate::sparql) fn idle() -> Self {
        Self { is_idle: true, ..Self::new("") }
    }

    /// Starts a node at the token that begins at `start`.
    pub(in crate::sparql) fn start(&mut self, kind: NodeKind, start: usize) -> Mark {
        let before = (self.elements.len(), self.end);
        if self.is_idle {
            return Mark { index: before.0, before };
        }
        self.trivia(start);
        let index = self.elements.len();
        self.push_node(kind, start);
        Mark { index, before }
    }

    /// Adds a token.
    pub(in crate::sparql) fn token(&mut self, token: &Token) {
        if self.is_idle {
            return;
        }
        self.trivia(token.span.start);
        self.leaf(SyntaxKind::Token(token.kind), token.span.end);
    }

    /// Finishes a node, and those that are still open in it.
    pub(in crate::sparql) fn finish(&mut self, mark: &Mark) {
        while let Some(index) = self.open.pop_if(|index| *index >= mark.index) {
            let size = self.elements.len() - index;
            if let Some(element) = self.elements.get_mut(index) {
                element.size = size;
                element.end = self.end;
            }
        }
    }

    /// Takes back the start of a node that got no tokens.
    pub(in crate::sparql) fn abandon(&mut self, mark: &Mark) {
        self.open.truncate(self.open.partition_point(|index| *index < mark.index));
        (_, self.end) = mark.before;
        self.elements.truncate(mark.before.0);
    }

    /// Takes back the start of a node, and leaves its tokens to the node around it.
    pub(in crate::sparql) fn dissolve(&mut self, mark: &Mark) {
        self.open.truncate(self.open.partition_point(|index| *index < mark.index));
        if mark.index < self.elements.len() {
            self.elements.remove(mark.index);
        }
    }

    /// Completes the tree. The tokens that were not read become a node of their own.
    pub(in crate::sparql) fn into_tree(mut self) -> SyntaxTree<'a> {
        if let Some(first) = token_from(self.text, self.end) {
            // What the error broke off does not contain what follows.
            self.finish(&Mark { index: 1, before: (0, 0) });
            let rest = self.start(NodeKind::Unread, first.span.start);
            let mut next = Some(first);
            while let Some(token) = next {
                self.token(&token);
                next = token_from(self.text, token.span.end);
            }
            self.finish(&rest);
        }
        self.finish(&Mark { index: 1, before: (0, 0) });
        self.trivia(self.text.len());
        self.finish(&Mark { index: 0, before: (0, 0) });
        SyntaxTree { text: self.text, elements: self.elements }
    }

    fn push_node(&mut self, kind: NodeKind, start: usize) {
        self.open.push(self.elements.len());
        let kind = SyntaxKind::Node(kind);
        self.elements.push(Element { kind, start, end: start, size: 1 });
    }

    /// Adds an element that begins where the last one ends.
    fn leaf(&mut self, kind: SyntaxKind, end: usize) {
        self.elements.push(Element { kind, start: self.end, end, size: 1 });
        self.end = end;
    }

    /// Adds the white space and the comments before a token.
    fn trivia(&mut self, until: usize) {
        while self.end < until {
            let rest = self.text.get(self.end..until).unwrap_or_default();
            let (kind, length) = if rest.starts_with('#') {
                (SyntaxKind::Comment, rest.find(['\n', '\r']))
            } else {
                (SyntaxKind::Space, rest.find('#'))
            };
            self.leaf(kind, self.end + length.unwrap_or(until - self.end));
        }
    }
}
