//! Takes tokens and comments from the tree, in the order of the text.

use super::page::{Instruction, write};
use crate::sparql::lexer::TokenKind;
use crate::sparql::syntax::function_named;
use crate::sparql::tree::{Node, NodeKind, SyntaxKind, SyntaxTree};
use std::borrow::Cow;

/// What is written of a query.
pub(super) struct Writer<'a, 't> {
    instructions: Vec<Instruction<'a>>,
    /// The leaves of the tree: tokens, white space and comments.
    leaves: Vec<Node<'a, 't>>,
    /// The number of leaves that have been taken.
    taken: usize,
    /// Whether a comment was written last.
    is_after_comment: bool,
}

impl<'a, 't> Writer<'a, 't> {
    pub(super) fn new(tree: &'t SyntaxTree<'a>) -> Self {
        let is_leaf = |element: &Node<'_, '_>| !matches!(element.kind(), SyntaxKind::Node(_));
        let leaves = tree.root().all().filter(is_leaf).collect();
        Self { instructions: Vec::new(), leaves, taken: 0, is_after_comment: false }
    }

    pub(super) fn finish(self) -> String {
        write(&self.instructions)
    }

    pub(super) fn push(&mut self, instruction: Instruction<'a>) {
        self.instructions.push(instruction);
    }

    pub(super) fn space(&mut self) {
        self.push(Instruction::Space);
    }

    pub(super) fn line(&mut self) {
        self.push(Instruction::Line);
    }

    /// Writes punctuation that does not depend on the text. Comments before it in the text follow it.
    pub(super) fn sign(&mut self, sign: &'static str) {
        self.push(Instruction::Text(Cow::Borrowed(sign)));
        self.is_after_comment = false;
    }

    /// Writes a token.
    pub(super) fn token(&mut self, token: Node<'a, 't>) {
        self.comments_before(token, false, false);
        self.taken += 1;
        self.push(Instruction::Text(spelled(token)));
        self.is_after_comment = false;
    }

    /// Writes the tokens of a node without spaces between them.
    pub(super) fn glued(&mut self, node: Node<'a, 't>) {
        for token in node.tokens() {
            self.token(token);
        }
    }

    /// Writes the comments before a node. `before` and `after` say whether an empty line before and after them stays.
    pub(super) fn comments_before(&mut self, node: Node<'a, 't>, before: bool, after: bool) {
        self.comments(node.span().start, before, after);
    }

    /// Writes the comments at the end of the text.
    pub(super) fn last_comments(&mut self) {
        self.comments(usize::MAX, true, false);
    }

    /// Writes the comment at the end of the last line, if there is one.
    pub(super) fn comment_at_line_end(&mut self) {
        let gap = self.leaves[self.taken..].iter().take_while(|leaf| line_ends(leaf.text()) == 0);
        if let Some(comment) = gap.take(2).find(|leaf| leaf.kind() == SyntaxKind::Comment) {
            self.comments(comment.span().end, false, false);
        }
    }

    fn comments(&mut self, until: usize, before: bool, after: bool) {
        let (mut lines, mut keeps_empty) = (0, before);
        while let Some(leaf) = self.leaves.get(self.taken).copied()
            && leaf.span().start < until
        {
            self.taken += 1;
            match leaf.kind() {
                SyntaxKind::Space => lines += line_ends(leaf.text()),
                SyntaxKind::Comment => {
                    let text = leaf.text();
                    // Lines of front matter may end with spaces that mean something.
                    let text = if text.starts_with("#+") { text } else { text.trim_end() };
                    if lines == 0 && !self.is_after_comment && !self.instructions.is_empty() {
                        self.push(Instruction::Comment(text));
                    } else {
                        let is_apart = lines > 1 && keeps_empty;
                        self.end_line(is_apart);
                        self.push(Instruction::Text(Cow::Borrowed(text)));
                        self.end_line(false);
                    }
                    (lines, keeps_empty, self.is_after_comment) = (0, true, true);
                }
                // Punctuation that is written elsewhere, or not at all.
                _ => lines = 0,
            }
        }
        if lines > 1 && keeps_empty && after {
            self.end_line(true);
        }
    }

    fn end_line(&mut self, is_apart: bool) {
        self.push(if is_apart { Instruction::EmptyLine } else { Instruction::HardLine });
    }

    /// Returns whether the next token is on another line than the last one, with an empty line between them.
    pub(super) fn is_next_apart(&self) -> bool {
        let gap = self.leaves[self.taken..].iter().take_while(|leaf| leaf.token().is_none());
        gap.into_iter().any(|leaf| leaf.kind() == SyntaxKind::Space && line_ends(leaf.text()) > 1)
    }
}

/// Returns the number of lines that end in white space.
fn line_ends(space: &str) -> usize {
    space.matches('\n').count() + space.replace("\r\n", "").matches('\r').count()
}

/// Returns whether a line ends directly inside a node, or inside its sub-query: between two of its parts.
pub(super) fn is_on_several_lines(node: Node<'_, '_>) -> bool {
    let is_query = |inner: Node<'_, '_>| inner.is(NodeKind::Select) && is_on_several_lines(inner);
    node.elements().any(|inner| is_line_end(inner) || is_query(inner))
}

/// Returns whether a line ends in a part, which is white space.
pub(super) fn is_line_end(part: Node<'_, '_>) -> bool {
    part.kind() == SyntaxKind::Space && line_ends(part.text()) > 0
}

/// Returns a token as it is written: keywords in upper case, and functions as the specification has them.
fn spelled<'a>(token: Node<'a, '_>) -> Cow<'a, str> {
    let word = token.text();
    let is_keyword = token.token() == Some(TokenKind::Word)
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && !word.contains(':')
        && !["a", "true", "false"].contains(&word);
    if !is_keyword {
        return Cow::Borrowed(word);
    }
    match function_named(word) {
        Some(function) => Cow::Borrowed(function),
        None => Cow::Owned(word.to_ascii_uppercase()),
    }
}
