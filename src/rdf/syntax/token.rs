//! Tokenizes Turtle, TriG, N-Triples and N-Quads, comments included
//! ([Turtle, 6.5](https://www.w3.org/TR/turtle/#sec-grammar-grammar),
//! [TriG, 4](https://www.w3.org/TR/trig/#sec-grammar)).
//!
//! The tokens are those of SPARQL, with the kinds that Turtle tells apart. A parser has validated the text.

use crate::sparql::lexer::{Token, TokenKind, comments, is_closed, token_from};
use std::ops::Range;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rdf) enum TurtleTokenKind {
    /// From `#` to the end of the line.
    Comment,
    /// `<…>`.
    Iri,
    /// A prefix, a colon and the local part, if any.
    Name,
    /// `_:label`.
    Label,
    /// `"…"`, `'…'`, `"""…"""` or `'''…'''`.
    String,
    /// `@…`: a language tag or a directive.
    At,
    Integer,
    Decimal,
    Double,
    /// A word without a colon: `a`, `true`, `false`, `PREFIX` …
    Word,
    /// `^^`.
    Datatype,
    /// A single character: one of `.,;()[]{}`.
    Mark(char),
}

/// A token and its byte range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rdf) struct TurtleToken {
    pub kind: TurtleTokenKind,
    pub span: Range<usize>,
}

/// Splits a text into tokens. Also returns the byte offset of the first invalid one: these are left out.
pub(in crate::rdf) fn tokens(text: &str) -> (Vec<TurtleToken>, Option<usize>) {
    let (mut tokens, mut invalid) = (Vec::new(), None);
    let mut end = 0;
    loop {
        let next = token_from(text, end);
        let start = next.as_ref().map_or(text.len(), |token| token.span.start);
        let comments = comments(text, end..start);
        tokens.extend(comments.map(|span| TurtleToken { kind: TurtleTokenKind::Comment, span }));
        let Some(Token { kind, span }) = next else { return (tokens, invalid) };
        end = span.end;
        match classified(kind, &text[span], &text[end..]) {
            Some((kind, length)) => {
                end = start + length;
                tokens.push(TurtleToken { kind, span: start..end });
            }
            None => invalid = invalid.or(Some(start)),
        }
    }
}

/// Returns the comments in a text, without the white space at their ends.
pub(crate) fn comments_of(text: &str) -> impl Iterator<Item = Range<usize>> {
    let tokens = tokens(text).0.into_iter();
    let comments = tokens.filter(|token| token.kind == TurtleTokenKind::Comment);
    comments.map(|TurtleToken { span, .. }| span.start..span.start + text[span].trim_end().len())
}

/// Returns the kind of a token in Turtle, and its length there. `rest` is what follows it.
fn classified(kind: TokenKind, word: &str, rest: &str) -> Option<(TurtleTokenKind, usize)> {
    let kind = match kind {
        TokenKind::Iri => TurtleTokenKind::Iri,
        TokenKind::Variable => return None,
        // An unclosed string ends with its line.
        TokenKind::String if rest.is_empty() || rest.starts_with(['\n', '\r']) => {
            return is_closed(word).then_some((TurtleTokenKind::String, word.len()));
        }
        TokenKind::String => TurtleTokenKind::String,
        TokenKind::Word if word.starts_with('@') => TurtleTokenKind::At,
        TokenKind::Word if word.starts_with("_:") => TurtleTokenKind::Label,
        TokenKind::Word if word.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {
            number(word)
        }
        TokenKind::Word if word.contains(':') => TurtleTokenKind::Name,
        TokenKind::Word => TurtleTokenKind::Word,
        TokenKind::Punctuation => match word.chars().next()? {
            '^' if rest.starts_with('^') => return Some((TurtleTokenKind::Datatype, 2)),
            '+' | '-' => {
                let token = token_from(rest, 0).filter(|token| token.span.start == 0)?;
                let is_number = token.kind == TokenKind::Word
                    && rest.starts_with(|c: char| c.is_ascii_digit() || c == '.');
                return is_number.then(|| (number(&rest[..token.span.end]), 1 + token.span.end));
            }
            mark if ".,;()[]{}".contains(mark) => TurtleTokenKind::Mark(mark),
            _ => return None,
        },
    };
    Some((kind, word.len()))
}

/// Returns the kind of a number.
fn number(word: &str) -> TurtleTokenKind {
    if word.contains(['e', 'E']) {
        TurtleTokenKind::Double
    } else if word.contains('.') {
        TurtleTokenKind::Decimal
    } else {
        TurtleTokenKind::Integer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(TurtleTokenKind, &str)> {
        let (tokens, invalid) = tokens(text);
        assert_eq!(invalid, None, "{text}");
        tokens.into_iter().map(|token| (token.kind, text.get(token.span).unwrap())).collect()
    }

    #[test]
    fn a_dot_ends_a_statement_where_it_ends_no_number_and_no_name() {
        use TurtleTokenKind::{Decimal, Double, Integer, Label, Mark, Name, Word};
        assert_eq!(
            kinds("ex:a.b. _:a.b. 1. .5 1.5. 1.e3 -.5E-3. true. ex:%41\\.. ex:-1"),
            [
                (Name, "ex:a.b"),
                (Mark('.'), "."),
                (Label, "_:a.b"),
                (Mark('.'), "."),
                (Integer, "1"),
                (Mark('.'), "."),
                (Decimal, ".5"),
                (Decimal, "1.5"),
                (Mark('.'), "."),
                (Double, "1.e3"),
                (Double, "-.5E-3"),
                (Mark('.'), "."),
                (Word, "true"),
                (Mark('.'), "."),
                (Name, "ex:%41\\."),
                (Mark('.'), "."),
                (Name, "ex:"),
                (Integer, "-1"),
            ]
        );
    }

    #[test]
    fn a_hash_in_an_iri_or_a_string_is_no_comment() {
        use TurtleTokenKind::{Comment, Iri, Mark, String};
        assert_eq!(
            kinds("<#a>\"#\\\"#\"'''#'#\\''''''#.\r\n\"\"# c"),
            [
                (Iri, "<#a>"),
                (String, "\"#\\\"#\""),
                (String, "'''#'#\\''''"),
                (String, "''"),
                (Comment, "#."),
                (String, "\"\""),
                (Comment, "# c"),
            ]
        );
        assert_eq!(kinds("."), [(Mark('.'), ".")]);
        let (found, invalid) = tokens("a ?b \"c\n.");
        assert_eq!((found.len(), invalid), (2, Some(2)));
    }

    proptest::proptest! {
        #[test]
        fn only_white_space_is_no_token(text in "\\PC*|[a-z:<>{}\\[\\]().,;@\"'^1\\\\# \\r\\n]*") {
            let mut end = 0;
            let (tokens, invalid) = tokens(&text);
            for TurtleToken { span, .. } in tokens {
                if invalid.is_some_and(|invalid| invalid < span.start) {
                    break;
                }
                let space = &text[end..span.start];
                proptest::prop_assert!(space.trim_matches([' ', '\t', '\r', '\n']).is_empty());
                proptest::prop_assert!(span.start < span.end);
                end = span.end;
            }
        }
    }
}
