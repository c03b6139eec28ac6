//! The words of a SPARQL text with their places. It knows no grammar: it is for what the parser does not tell, such as
//! where a variable stands.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// `?name` or `$name`.
    Variable,
    /// `<…>`.
    Iri,
    /// A string in any of the four kinds of quotes.
    String,
    /// A keyword, prefixed name, blank node label, language tag or number.
    Word,
    /// One character of punctuation.
    Punctuation,
}

/// A token of a SPARQL text. White space and comments are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands: bytes of the text.
    pub span: Range<usize>,
}

/// The tokens of a text, whether or not it is SPARQL.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        let (kind, length) = match first {
            c if c.is_whitespace() => (None, c.len_utf8()),
            '#' => (None, rest.find(['\n', '\r']).unwrap_or(rest.len())),
            '?' | '$' => match rest[1..].find(|c: char| !is_name(c)).unwrap_or(rest.len() - 1) {
                0 => (Some(TokenKind::Punctuation), 1),
                name => (Some(TokenKind::Variable), 1 + name),
            },
            '<' => match iri_length(rest) {
                Some(length) => (Some(TokenKind::Iri), length),
                None => (Some(TokenKind::Punctuation), 1),
            },
            '"' | '\'' => (Some(TokenKind::String), string_length(rest, first)),
            c if is_name(c) || matches!(c, ':' | '@') => {
                let end = rest.find(|c: char| {
                    !(is_name(c) || matches!(c, ':' | '@' | '-' | '%' | '.' | '\\'))
                });
                // A dot at the end is the end of a triple and no part of a name.
                let word = rest[..end.unwrap_or(rest.len())].trim_end_matches('.');
                (Some(TokenKind::Word), word.len().max(1))
            }
            c => (Some(TokenKind::Punctuation), c.len_utf8()),
        };
        if let Some(kind) = kind {
            tokens.push(Token { kind, span: start..start + length });
        }
        start += length;
    }
    tokens
}

/// Where the SELECT clauses of a query, those of sub-queries included, name a variable outright, and not inside an
/// expression: nowhere where they are `*`.
pub fn selected(text: &str, variable: &str) -> Option<Range<usize>> {
    let mut selecting = false;
    let mut depth = 0_usize;
    for Token { kind, span } in tokens(text) {
        let word = &text[span.clone()];
        match kind {
            TokenKind::Word if word.eq_ignore_ascii_case("SELECT") => {
                (selecting, depth) = (true, 0);
            }
            TokenKind::Word if ["WHERE", "FROM"].iter().any(|w| word.eq_ignore_ascii_case(w)) => {
                selecting = false;
            }
            TokenKind::Punctuation => match word {
                "{" => selecting = false,
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            },
            TokenKind::Variable if selecting && depth == 0 && &word[1..] == variable => {
                return Some(span);
            }
            _ => {}
        }
    }
    None
}

/// Where a variable first stands in a text.
pub fn first_use(text: &str, variable: &str) -> Option<Range<usize>> {
    tokens(text)
        .into_iter()
        .find(|token| {
            token.kind == TokenKind::Variable && &text[token.span.clone()][1..] == variable
        })
        .map(|token| token.span)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '\u{b7}'
}

/// The length of an IRI in angle brackets: none if the bracket is a comparison.
fn iri_length(rest: &str) -> Option<usize> {
    let end = rest[1..]
        .find(|c: char| c <= ' ' || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`'))?;
    rest[1 + end..].starts_with('>').then_some(end + 2)
}

/// The length of a string with its quotes; one that is never closed ends with its line, or with the text.
fn string_length(rest: &str, quote: char) -> usize {
    let long = [quote; 3].iter().collect::<String>();
    let (open, close) = if rest.starts_with(&long) { (3, long.as_str()) } else { (1, &long[..1]) };
    let mut escaped = false;
    for (i, c) in rest[open..].char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if rest[open + i..].starts_with(close) {
            return open + i + close.len();
        } else if open == 1 && c == '\n' {
            return open + i;
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).into_iter().map(|token| &text[token.span]).collect()
    }

    #[test]
    fn a_query_falls_into_its_words() {
        assert_eq!(
            words("SELECT ?x # ?no\nWHERE{ ex:a.b a <i#r>. FILTER(?x<1 &&$y>\"a\\\"b\"@en) }"),
            [
                "SELECT",
                "?x",
                "WHERE",
                "{",
                "ex:a.b",
                "a",
                "<i#r>",
                ".",
                "FILTER",
                "(",
                "?x",
                "<",
                "1",
                "&",
                "&",
                "$y",
                ">",
                "\"a\\\"b\"",
                "@en",
                ")",
                "}"
            ]
        );
        assert_eq!(words("'''a'b\n''' 'open\nnext"), ["'''a'b\n'''", "'open", "next"]);
        assert_eq!(words("p?/q ?"), ["p", "?", "/", "q", "?"]);
    }

    #[test]
    fn only_plain_projections_are_selected() {
        assert!(selected("SELECT ?a (STR(?b) AS ?c) WHERE { ?d ?e ?f }", "a").is_some());
        for variable in ["b", "c", "d"] {
            assert_eq!(selected("SELECT ?a (STR(?b) AS ?c) { ?d ?e ?f }", variable), None);
        }
        assert!(selected("SELECT * { { select DISTINCT $x { ?x ?y ?z } } }", "x").is_some());
        assert_eq!(selected("SELECT * { ?x ?y ?z }", "x"), None);
    }

    proptest! {
        #[test]
        fn any_text_has_tokens(text in "\\PC*|[?<>\"'{}()#a:. \\n\\\\]*") {
            let mut end = 0;
            for token in tokens(&text) {
                prop_assert!(token.span.start >= end && token.span.end > token.span.start);
                prop_assert!(text.get(token.span.clone()).is_some());
                end = token.span.end;
            }
        }
    }
}
