//! A text that is read line by line until it is whole. What is open in it is known without reading it again from its
//! start for each line.

use super::line::{LineKind, is_whole};
use crate::sparql::lexer::{TokenKind, is_closed, token_from};

/// How much text is looked at again for each line.
const SHORT: usize = 1 << 13;

/// A longer text is looked at again once it has grown by one part in so many.
const GROWTH: usize = 2;

/// The text that is typed into the shell, which grows line by line.
pub(super) struct InputBuffer {
    text: String,
    kind: LineKind,
    /// The end of the last token whose end is known.
    done: usize,
    /// The brackets that are open there.
    depth: usize,
    /// The braces that are open there.
    braces: usize,
    /// Whether the query can be at its end where no bracket is open.
    can_end: bool,
    /// How long the text was when it was looked at last.
    looked_at: usize,
    /// The end of what is known to be inside a long string: nothing if it is 0.
    string: usize,
}

impl InputBuffer {
    pub(super) fn new(text: String, kind: LineKind) -> Self {
        let mut growing = Self {
            text,
            kind,
            done: 0,
            depth: 0,
            braces: 0,
            can_end: false,
            looked_at: 0,
            string: 0,
        };
        growing.read_on();
        growing
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(super) fn push_line(&mut self, line: &str) {
        self.text.push('\n');
        self.text.push_str(line);
        self.read_on();
    }

    /// Whether the text can be done, or is to be read on.
    pub(super) fn is_whole(&mut self) -> bool {
        if self.text.ends_with('\n') {
            return true;
        }
        let must_look = match self.kind {
            LineKind::Query => self.string == 0 && self.depth == 0 && self.can_end,
            _ => false,
        };
        (must_look || self.is_grown()) && self.look()
    }

    /// Whether the text ends with an empty line inside braces that are still open.
    pub(super) fn is_in_braces(&mut self) -> bool {
        self.kind == LineKind::Query
            && self.text.ends_with('\n')
            && self.braces > 0
            && !(self.is_grown() && self.look_at(self.text.len()))
    }

    /// Looks whether the text is whole, or so broken that no more can mend it.
    fn look(&mut self) -> bool {
        self.looked_at = self.text.len();
        is_whole(&self.text, self.kind)
    }

    fn look_at(&mut self, length: usize) -> bool {
        self.looked_at = length;
        crate::sparql::is_complete(&self.text)
    }

    fn is_grown(&self) -> bool {
        self.text.len() <= SHORT || self.text.len() - self.looked_at >= self.looked_at / GROWTH
    }

    /// Reads the tokens that have come.
    fn read_on(&mut self) {
        if self.kind != LineKind::Query {
            return;
        }
        if self.string > 0 {
            // Its end may lie across what is known; quotes that are escaped end it too late, not too early.
            let quotes = self.text.get(self.done..self.done + 3).unwrap_or_default().to_owned();
            let from = self.string.saturating_sub(2).max(self.done + 3);
            let has_quotes = self.text.get(from..).is_none_or(|rest| rest.contains(&quotes));
            self.string = self.text.len();
            if !has_quotes {
                return;
            }
        }
        while let Some(token) = token_from(&self.text, self.done) {
            let word = &self.text[token.span.clone()];
            let is_long = word.starts_with("\"\"\"") || word.starts_with("'''");
            if token.kind == TokenKind::String && is_long && !is_closed(word) {
                (self.done, self.string) = (token.span.start, self.text.len());
                return;
            }
            self.string = 0;
            match (token.kind, word) {
                (TokenKind::Punctuation, "{" | "(" | "[") => {
                    self.depth += 1;
                    self.braces += usize::from(word == "{");
                }
                (TokenKind::Punctuation, "}" | ")" | "]") => {
                    self.depth = self.depth.saturating_sub(1);
                    self.braces = self.braces.saturating_sub(usize::from(word == "}"));
                    self.can_end = true;
                }
                (TokenKind::Word, word) if word.eq_ignore_ascii_case("DESCRIBE") => {
                    self.can_end = true;
                }
                _ => {}
            }
            self.done = token.span.end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    /// The number of lines after which a text is whole.
    fn lines(text: &str) -> Option<usize> {
        let mut lines = text.lines();
        let mut growing =
            InputBuffer::new(lines.next().unwrap_or_default().to_owned(), LineKind::Query);
        for read in 1.. {
            if growing.is_whole() {
                return Some(read);
            }
            growing.push_line(lines.next()?);
        }
        None
    }

    #[test]
    fn a_query_ends_where_it_is_whole() {
        assert_eq!(lines("SELECT *\n{\n ?s ?p '}'\n}\nlist"), Some(4));
        assert_eq!(lines("SELECT * { ?s ?p '''a\n}\nb''' }\nlist"), Some(3));
        assert_eq!(lines("CONSTRUCT { ?s ?p ?o }\nWHERE { ?s ?p ?o }\nlist"), Some(2));
        assert_eq!(lines("PREFIX e: <x:>\nDESCRIBE e:a\nlist"), Some(2));
        assert_eq!(lines("SELECT * {\n nonsense nonsense\n}"), Some(2));
        assert_eq!(lines("SELECT * {\n"), None);
    }

    #[test]
    fn a_long_query_is_read_in_time_that_grows_with_its_length() {
        let started = Instant::now();
        for filling in ["# a comment\n", "?s ?p ?o .\n", "?s ?p '''\n'''.\n"] {
            let text = format!("SELECT * {{\n{}}}\nlist", filling.repeat(4_000));
            let count = text.lines().count() - 1;
            assert_eq!(lines(&text), Some(count), "{filling}");
        }
        let text = format!("ASK {{ ?s ?p '''\n{}''' }}\nlist", "a word\n".repeat(4_000));
        assert_eq!(lines(&text), Some(4_002));
        assert!(started.elapsed() < Duration::from_secs(60));
    }
}
