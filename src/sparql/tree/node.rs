//! A place in a tree.

use super::{Element, NodeKind, SyntaxKind, SyntaxTree};
use crate::sparql::lexer::TokenKind;
use std::ops::Range;

/// An element of a tree, with what is inside it. Copying it costs nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'a, 't> {
    tree: &'t SyntaxTree<'a>,
    index: usize,
}

impl<'a, 't> Node<'a, 't> {
    pub(super) const fn new(tree: &'t SyntaxTree<'a>, index: usize) -> Self {
        Self { tree, index }
    }

    fn element(self) -> Element {
        self.tree.elements[self.index]
    }

    /// Returns what it is.
    pub(crate) fn kind(self) -> SyntaxKind {
        self.element().kind
    }

    /// Returns whether it is a node of this kind.
    pub(crate) fn is(self, kind: NodeKind) -> bool {
        self.kind() == SyntaxKind::Node(kind)
    }

    /// Returns the kind of a token, or `None` for a node, white space or a comment.
    pub(crate) fn token(self) -> Option<TokenKind> {
        match self.kind() {
            SyntaxKind::Token(kind) => Some(kind),
            _ => None,
        }
    }

    /// Returns whether it is this punctuation.
    pub(crate) fn is_sign(self, sign: &str) -> bool {
        self.token() == Some(TokenKind::Punctuation) && self.text() == sign
    }

    /// Returns whether it is this keyword.
    pub(crate) fn is_keyword(self, keyword: &str) -> bool {
        self.token() == Some(TokenKind::Word) && self.text().eq_ignore_ascii_case(keyword)
    }

    /// Returns its byte range. White space and comments around a node are outside it.
    pub(crate) fn span(self) -> Range<usize> {
        let Element { start, end, .. } = self.element();
        start..end
    }

    /// Returns its text.
    pub(crate) fn text(self) -> &'a str {
        self.tree.slice(self.span())
    }

    /// Iterates over the elements directly inside it, white space and comments included.
    pub(crate) fn elements(self) -> impl Iterator<Item = Self> + use<'a, 't> {
        let end = self.index + self.element().size;
        let child = move |index: usize| (index < end).then(|| Self::new(self.tree, index));
        std::iter::successors(child(self.index + 1), move |before| {
            child(before.index + before.element().size)
        })
    }

    /// Iterates over the nodes and tokens directly inside it.
    pub(crate) fn children(self) -> impl Iterator<Item = Self> + use<'a, 't> {
        self.elements().filter(|inner| !inner.is_trivia())
    }

    /// Returns the first node of a kind directly inside it.
    pub(crate) fn inner(self, kind: NodeKind) -> Option<Self> {
        self.children().find(|inner| inner.is(kind))
    }

    /// Iterates over the tokens in it, at any depth.
    pub(crate) fn tokens(self) -> impl Iterator<Item = Self> + use<'a, 't> {
        self.all().filter(|inner| inner.token().is_some())
    }

    /// Iterates over all elements in it, at any depth, each node before those inside it. It is the first one itself.
    pub(crate) fn all(self) -> impl Iterator<Item = Self> + use<'a, 't> {
        let range = self.index..self.index + self.element().size;
        range.map(move |index| Self::new(self.tree, index))
    }

    /// Returns whether it is white space or a comment.
    pub(crate) fn is_trivia(self) -> bool {
        matches!(self.kind(), SyntaxKind::Space | SyntaxKind::Comment)
    }
}
