//! Inspects and consumes tokens.

use super::{Halt, Language, Parse, Reader};
use crate::diagnostic::Fault;
use crate::sparql::lexer::{Token, TokenKind, token_from};
use crate::sparql::syntax::DEEPEST;
use crate::sparql::syntax::expectation::Expectation;
use crate::sparql::syntax::names::SpannedName;
use crate::sparql::tree::{Mark, NodeKind};
use std::ops::Range;

impl<'a> Reader<'a> {
    pub(super) fn kind(&self) -> Option<TokenKind> {
        self.here.as_ref().map(|token| token.kind)
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.here.as_ref().map_or(self.text.len()..self.text.len(), |token| token.span.clone())
    }

    pub(super) fn word(&self) -> &'a str {
        self.text.get(self.span()).unwrap_or_default()
    }

    /// Returns whether this text follows the token directly.
    pub(super) fn is_followed_by(&self, next: &str) -> bool {
        self.text.get(self.span().end..).is_some_and(|rest| rest.starts_with(next))
    }

    pub(super) fn advance(&mut self) {
        let end = self.span().end;
        if let Some(token) = &self.here {
            self.tree.token(token);
        }
        self.previous = self.here.take();
        self.here = token_from(self.text, end);
        self.expected.clear();
        self.keywords.clear();
    }

    /// Starts a node of the tree at the current token.
    pub(super) fn start(&mut self, kind: NodeKind) -> Mark {
        let start = self.span().start;
        self.tree.start(kind, start)
    }

    /// Finishes a node of the tree after the previous token.
    pub(super) fn finish(&mut self, node: &Mark) {
        self.tree.finish(node);
    }

    /// Keeps a node of the tree, or takes its start back if nothing was parsed.
    pub(super) fn finish_if(&mut self, is_there: bool, node: &Mark) -> bool {
        if is_there {
            self.tree.finish(node);
        } else {
            self.tree.abandon(node);
        }
        is_there
    }

    /// Parses a keyword that begins a node.
    pub(super) fn begin(&mut self, keyword: &'static str, kind: NodeKind) -> Option<Mark> {
        if !self.is_keyword(keyword) {
            return None;
        }
        let node = self.start(kind);
        self.advance();
        Some(node)
    }

    pub(super) fn expect(&mut self, thing: &'static str) {
        self.expected.push(Expectation::Thing(thing));
    }

    pub(super) fn stop<T>(&mut self, thing: &'static str) -> Parse<T> {
        self.expect(thing);
        Err(Halt)
    }

    /// Rejects the token itself.
    pub(super) fn wrong<T>(&mut self, fault: Fault) -> Parse<T> {
        self.fault = Some(fault);
        Err(Halt)
    }

    /// Returns whether the current number of a data file continues the one before it, as in `12.03.1902`. Its dot ends
    /// no statement, since a number cannot begin the next one.
    fn is_dotted_number(&self) -> bool {
        let is_number = |token: &Token| {
            let word = &self.text[token.span.clone()];
            word.len() > 1 && word.trim_start_matches('.').starts_with(|c: char| c.is_ascii_digit())
        };
        self.language != Language::Sparql
            && self.previous.as_ref().zip(self.here.as_ref()).is_some_and(|(before, here)| {
                before.span.end == here.span.start && is_number(before) && is_number(here)
            })
    }

    /// Parses punctuation. A comparison without spaces may look like an IRI, and a dot before a digit belongs to a
    /// number only where a number is allowed.
    pub(super) fn symbol(&mut self, symbol: &str) -> bool {
        let Some(Token { kind, span }) = &self.here else { return false };
        let fits = match kind {
            TokenKind::Punctuation => true,
            TokenKind::Iri => symbol.starts_with('<') && !self.word().contains("//"),
            TokenKind::Word => symbol == "." && !self.is_dotted_number(),
            TokenKind::Variable | TokenKind::String => false,
        };
        let start = span.start;
        if !fits || !self.text.get(start..).is_some_and(|rest| rest.starts_with(symbol)) {
            return false;
        }
        self.here = Some(Token { kind: TokenKind::Punctuation, span: start..start + symbol.len() });
        self.advance();
        true
    }

    pub(super) fn is_keyword(&mut self, keyword: &'static str) -> bool {
        self.keywords.push(keyword);
        self.kind() == Some(TokenKind::Word) && self.word().eq_ignore_ascii_case(keyword)
    }

    pub(super) fn keyword(&mut self, keyword: &'static str) -> bool {
        let fits = self.is_keyword(keyword);
        if fits {
            self.advance();
        }
        fits
    }

    pub(super) fn need_keyword(&mut self, keyword: &'static str) -> Parse {
        if self.keyword(keyword) {
            return Ok(());
        }
        self.expected.push(Expectation::Word(keyword));
        Err(Halt)
    }

    pub(super) fn opens(&mut self, bracket: &str) -> bool {
        let start = self.span().start;
        let opens = self.open.len() < DEEPEST && self.symbol(bracket);
        if opens {
            self.open.push(start);
        }
        opens
    }

    pub(super) fn need_open(&mut self, bracket: &str, thing: &'static str) -> Parse {
        if self.opens(bracket) { Ok(()) } else { self.stop(thing) }
    }

    pub(super) fn closes(&mut self, bracket: &'static str) -> bool {
        if self.symbol(bracket) {
            self.open.pop();
            return true;
        }
        if let Some(opening) = self.open.last() {
            self.expected.push(Expectation::Close(bracket, *opening));
        }
        false
    }

    pub(super) fn close(&mut self, bracket: &'static str) -> Parse {
        if self.closes(bracket) { Ok(()) } else { Err(Halt) }
    }

    pub(super) fn variable(&mut self) -> Option<SpannedName<'a>> {
        let is_variable = self.kind()? == TokenKind::Variable && self.language == Language::Sparql;
        let name = is_variable.then(|| (&self.word()[1..], self.span()));
        if name.is_some() {
            self.advance();
        }
        name
    }

    pub(super) fn need_variable(&mut self, thing: &'static str) -> Parse<SpannedName<'a>> {
        match self.variable() {
            Some(name) => Ok(name),
            None => self.stop(thing),
        }
    }
}
