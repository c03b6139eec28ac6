//! Parses terms: IRIs and literals.

use super::{Language, Parse, Reader};
use crate::diagnostic::Fault;
use crate::sparql::lexer::{TokenKind, is_closed};
use crate::sparql::syntax::expectation;
use crate::sparql::tree::NodeKind;
use oxigraph::model::{Literal, NamedNode};
use std::ops::Range;

impl Reader<'_> {
    pub(super) fn iri_reference(&mut self) -> Parse<bool> {
        let word = self.word();
        if self.kind() != Some(TokenKind::Iri) {
            return Ok(false);
        }
        let iri = &word[1..word.len() - 1];
        let is_escaped = iri.contains('\\');
        if !self.has_base && !is_escaped && NamedNode::new(iri).is_err() {
            let span = self.span();
            return self.wrong(if iri.contains(':') {
                Fault::new(span, "iri-invalid", format!("`{word}` is not a valid IRI"))
            } else {
                Fault::new(span, "iri-relative", format!("relative IRI `{word}` without a base"))
                    .help(match self.language {
                        Language::Sparql => {
                            "write the whole IRI, or a prefixed name such as `ex:name`"
                        }
                        _ => "write a name with its prefix, such as `ex:name`, or the whole IRI; or put `@base <…> .` at the top of the file",
                    })
            });
        }
        self.advance();
        Ok(true)
    }

    /// Parses [`iri`](https://www.w3.org/TR/sparql11-query/#riri).
    pub(super) fn iri(&mut self) -> Parse<bool> {
        if self.iri_reference()? {
            return Ok(true);
        }
        let word = self.word();
        let is_name =
            self.kind() == Some(TokenKind::Word) && word.contains(':') && !word.starts_with("_:");
        if !is_name {
            return Ok(false);
        }
        if ["http:", "https:"].contains(&word) && self.is_followed_by("//") {
            let start = self.span().start;
            let rest = self.text.get(start..).unwrap_or_default();
            let end = |c: char| c.is_whitespace() || "<>\"{}|^`,;)".contains(c);
            let iri = rest[..rest.find(end).unwrap_or(rest.len())].trim_end_matches('.');
            let fault =
                Fault::new(start..start + iri.len(), "iri-invalid", "write IRIs in angle brackets");
            return self.wrong(fault.help(format!("write `<{iri}>`")));
        }
        match self.language {
            Language::Sparql => self.names.prefixed.push(self.span()),
            Language::Turtle | Language::TriG => self.declared()?,
        }
        self.advance();
        Ok(true)
    }

    pub(super) fn need_iri(&mut self, thing: &'static str) -> Parse {
        if self.iri()? { Ok(()) } else { self.stop(thing) }
    }

    pub(super) fn string(&mut self) -> Parse<bool> {
        if self.kind() != Some(TokenKind::String) {
            return Ok(false);
        }
        let (word, span) = (self.word(), self.span());
        if !is_closed(word) {
            let quotes = if word.starts_with("\"\"\"") || word.starts_with("'''") { 3 } else { 1 };
            let broken = broken_line(self.text, &span);
            let is_quote =
                self.previous.as_ref().is_some_and(|it| &self.text[it.span.clone()] == "dos:quote");
            let help = match (quotes, broken) {
                (3, _) => format!("close it with `{}`", &word[..3]),
                (_, Some([first, last])) => {
                    let lines = if last - first == 1 { "and" } else { "to" };
                    let join = format!(
                        "it goes on to line {last}: join lines {first} {lines} {last} with single spaces"
                    );
                    if is_quote { join } else { join + ", or write it in `\"\"\"`" }
                }
                _ => format!(
                    "close it with `{}` on the same line, or write a string of several lines in `\"\"\"`",
                    &word[..1]
                ),
            };
            return self.wrong(
                Fault::new(span.start..span.start + quotes, "string-unclosed", "unclosed string")
                    .help(help),
            );
        }
        if let Some((at, escape)) = bad_escape(word) {
            let start = span.start + at;
            let fault = Fault::new(
                start..start + escape.len(),
                "escape-invalid",
                format!("invalid escape `{escape}`"),
            );
            return self.wrong(match escape {
                "\\u" | "\\U" => fault.help(
                    "for a backslash, write `\\\\`; `\\u` needs 4 hexadecimal digits, and `\\U` needs 8",
                ),
                _ => fault.help(format!(
                    "for a backslash, such as in a regular expression, write `\\{escape}`"
                )),
            });
        }
        self.advance();
        Ok(true)
    }

    /// Parses a literal other than a signed number.
    pub(super) fn literal(&mut self) -> Parse<bool> {
        let node = self.start(NodeKind::Literal);
        if self.string()? {
            let word = self.word();
            if let Some(tag) = word.strip_prefix('@') {
                let (tag, is_directed) = match tag.rsplit_once("--") {
                    Some((language, "ltr" | "rtl")) => (language, true),
                    _ => (tag, false),
                };
                if is_directed {
                    self.need_version(self.span(), "text directions are")?;
                }
                // (In data, the readers accept all language tags of the grammar.)
                let is_tag = match self.language {
                    Language::Sparql => Literal::new_language_tagged_literal("", tag).is_ok(),
                    Language::Turtle | Language::TriG => is_language_tag(tag),
                };
                if !is_tag {
                    let message = format!("`{word}` is not a language tag");
                    let fault = Fault::new(self.span(), "language-tag", message);
                    return self.wrong(fault.help("write a tag such as `@en` or `@en-GB`"));
                }
                self.advance();
            } else if self.symbol("^^") {
                self.need_iri(expectation::DATATYPE)?;
            }
            self.finish(&node);
            return Ok(true);
        }
        self.tree.abandon(&node);
        let is_literal = self.kind() == Some(TokenKind::Word)
            && (is_number(self.word()) || is_boolean(self.word()));
        if is_literal {
            self.advance();
        }
        Ok(is_literal)
    }

    /// Parses a signed number or any other literal.
    pub(super) fn signed_literal(&mut self) -> Parse<bool> {
        let node = self.start(NodeKind::Literal);
        if !(self.symbol("+") || self.symbol("-")) {
            self.tree.abandon(&node);
            return self.literal();
        }
        if self.kind() == Some(TokenKind::Word) && is_number(self.word()) {
            self.advance();
            self.finish(&node);
            return Ok(true);
        }
        self.stop(expectation::NUMBER)
    }
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit() || c == '.')
}

fn is_language_tag(tag: &str) -> bool {
    tag.starts_with(|c: char| c.is_ascii_alphabetic())
        && tag.split('-').all(|part| !part.is_empty())
}

/// Returns whether a word is a boolean, which the parser accepts in lower case only.
fn is_boolean(word: &str) -> bool {
    matches!(word, "true" | "false")
}

/// Returns the position of the first invalid escape of a string, with the text after its backslash.
fn bad_escape(string: &str) -> Option<(usize, &str)> {
    let mut rest = string;
    while let Some(at) = rest.find('\\') {
        let escape = &rest[at..];
        let kind = escape[1..].chars().next()?;
        let digits = match kind {
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let is_good = match escape.get(2..2 + digits) {
            Some("") => "tbnrf\"'\\".contains(kind),
            Some(digits) => {
                let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
                character.is_some() && digits.bytes().all(|b| b.is_ascii_hexdigit())
            }
            None => digits == 0 && "tbnrf\"'\\".contains(kind),
        };
        if !is_good {
            return Some((string.len() - rest.len() + at, &escape[..=kind.len_utf8()]));
        }
        rest = &escape[1 + kind.len_utf8()..];
    }
    None
}

/// Returns the first and the last line of an unclosed string that goes on in the lines below it, as editors break long
/// lines: up to its quotation mark, they have nothing but words.
fn broken_line(text: &str, span: &Range<usize>) -> Option<[usize; 2]> {
    let (first, below) = (text.get(span.clone())?, text.get(span.end..)?);
    let quote = first.chars().next()?;
    let (words, after) = below.split_once(quote)?;
    let lines: Vec<&str> = words.trim_start_matches(['\r', '\n']).lines().map(str::trim).collect();
    let is_mark = |line: &str| line.ends_with([';', '{', '}']) || line.ends_with(" .");
    let are_words = |line: &&str| {
        !line.is_empty()
            && !is_mark(line)
            && !line.contains(['{', '}', '@', '<'])
            && !line.contains("^^")
    };
    let after = after.trim_start();
    let is_closed = after.is_empty() || after.starts_with(['.', ';', ',', '@', '^', ')', ']', '}']);
    if is_mark(first.trim_end()) || !lines.iter().all(are_words) || lines.is_empty() || !is_closed {
        return None;
    }
    let start = text[..span.start].matches('\n').count() + 1;
    Some([start, start + words.matches('\n').count()])
}
