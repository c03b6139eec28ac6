//! The triples of a query's text, each with its subject.

use super::Reader;
use crate::sparql::lexer::TokenKind;
use std::ops::Range;

/// A term or verb: its words, and its tokens.
struct Phrase {
    words: String,
    tokens: Range<usize>,
}

impl Reader<'_> {
    /// Reads triples that share a subject.
    pub(super) fn triples(&mut self) {
        let Some(subject) = self.term() else { return };
        self.properties(&subject);
        self.accept(".");
    }

    fn properties(&mut self, subject: &Phrase) {
        let mut is_first = true;
        loop {
            while self.accept(";") {}
            if self.at >= self.tokens.len() || [".", "}", "]"].iter().any(|sign| self.is_sign(sign))
            {
                return;
            }
            let Some(verb) = self.verb() else { return };
            let mut start = if is_first { subject.tokens.start } else { verb.tokens.start };
            is_first = false;
            loop {
                let from = self.at;
                let place = self.begin();
                let Some(object) = self.term() else {
                    self.elements.truncate(place);
                    return;
                };
                // The triples inside brackets are elements of their own.
                let end = if object.words == "[]" { from + 1 } else { self.at };
                let span = self.span(start..end.max(start + 1));
                if let Some(element) = self.elements.get_mut(place) {
                    element.words = format!("{} {} {}", subject.words, verb.words, object.words);
                    element.span = span;
                }
                if !self.accept(",") {
                    break;
                }
                start = self.at;
            }
            if !self.is_sign(";") {
                return;
            }
        }
    }

    fn term(&mut self) -> Option<Phrase> {
        let start = self.at;
        match (self.kind()?, self.word()) {
            (TokenKind::Punctuation, "[") => {
                self.at += 1;
                let words = "[]".to_owned();
                let subject = Phrase { words: words.clone(), tokens: self.at..self.at };
                self.properties(&subject);
                self.accept("]");
                return Some(Phrase { words, tokens: start..self.at });
            }
            (TokenKind::Punctuation, "(") => self.skip_brackets(),
            (TokenKind::Punctuation, "-" | "+") => self.at += 2,
            (TokenKind::Punctuation, _) => return None,
            (TokenKind::String, _) => {
                self.at += 1;
                if self.word().starts_with('@') {
                    self.at += 1;
                } else if self.is_sign("^") {
                    self.at += 3;
                }
            }
            _ => self.at += 1,
        }
        Some(Phrase { words: self.words(start..self.at), tokens: start..self.at })
    }

    /// Reads a variable or a path.
    fn verb(&mut self) -> Option<Phrase> {
        let start = self.at;
        loop {
            while self.accept("^") || self.accept("!") {}
            match self.kind()? {
                TokenKind::Punctuation if self.word() == "(" => self.skip_brackets(),
                TokenKind::Punctuation | TokenKind::String => return None,
                _ => self.at += 1,
            }
            while self.accept("*") || self.accept("+") || self.accept("?") {}
            if !(self.accept("/") || self.accept("|")) {
                break;
            }
        }
        Some(Phrase { words: self.words(start..self.at), tokens: start..self.at })
    }
}
