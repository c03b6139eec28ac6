//! Reading a lexical form from left to right.

use super::lexical::LexicalFault;

/// What is left of a lexical form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scan<'a> {
    rest: &'a str,
}

impl<'a> Scan<'a> {
    pub(super) const fn of(rest: &'a str) -> Self {
        Self { rest }
    }

    /// Reads a text if it comes next, and returns whether it does.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Reads a text that has to come next.
    pub(super) fn expect(&mut self, text: &str) -> Result<(), LexicalFault> {
        if self.eat(text) { Ok(()) } else { Err(LexicalFault::Form) }
    }

    /// Reads all ASCII digits that come next.
    pub(super) fn digits(&mut self) -> &'a str {
        let end = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits
    }

    /// Reads a number that is written with exactly two digits.
    pub(super) fn two_digits(&mut self) -> Result<u8, LexicalFault> {
        match self.digits() {
            digits if digits.len() == 2 => digits.parse().map_err(|_| LexicalFault::Form),
            _ => Err(LexicalFault::Form),
        }
    }

    /// Reads a decimal point and the digits after it, of which there has to be one. Returns an empty text if no point
    /// comes next.
    pub(super) fn fraction(&mut self) -> Result<&'a str, LexicalFault> {
        if !self.eat(".") {
            return Ok("");
        }
        match self.digits() {
            "" => Err(LexicalFault::Form),
            digits => Ok(digits),
        }
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Checks that nothing is left.
    pub(super) const fn end(&self) -> Result<(), LexicalFault> {
        if self.is_at_end() { Ok(()) } else { Err(LexicalFault::Form) }
    }
}
