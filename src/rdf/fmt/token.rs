//! Tokenizes Turtle, TriG, N-Triples and N-Quads, comments included
//! ([Turtle, 6.5](https://www.w3.org/TR/turtle/#sec-grammar-grammar),
//! [TriG, 4](https://www.w3.org/TR/trig/#sec-grammar)).
//!
//! A parser has validated the text, so only the end of each token is to be found. White space separates tokens.

use std::ops::Range;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TurtleTokenKind {
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
pub(super) struct TurtleToken {
    pub kind: TurtleTokenKind,
    pub span: Range<usize>,
}

/// Splits a text into tokens.
///
/// # Errors
/// Returns the byte offset of the first invalid token.
pub(super) fn tokens(text: &str) -> Result<Vec<TurtleToken>, usize> {
    let mut tokens = Vec::new();
    let mut start = 0;
    loop {
        let rest = text.get(start..).unwrap_or_default();
        let rest_at_token = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if rest_at_token.is_empty() {
            return Ok(tokens);
        }
        start += rest.len() - rest_at_token.len();
        let (kind, length) = token(rest_at_token).ok_or(start)?;
        tokens.push(TurtleToken { kind, span: start..start + length });
        start += length;
    }
}

/// Returns the kind and the length of the token at the beginning of a text.
fn token(text: &str) -> Option<(TurtleTokenKind, usize)> {
    let first = text.chars().next()?;
    let found = match first {
        '#' => (TurtleTokenKind::Comment, text.find(['\n', '\r']).unwrap_or(text.len())),
        '<' => (TurtleTokenKind::Iri, text.find('>')? + 1),
        '"' | '\'' => (TurtleTokenKind::String, string(text, first)?),
        '@' => {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
            (TurtleTokenKind::At, 1 + length_of(text.get(1..)?, is_part))
        }
        '^' if text.starts_with("^^") => (TurtleTokenKind::Datatype, 2),
        '_' if text.starts_with("_:") => {
            let label = length_of(text.get(2..)?, |c| is_name(c) || c == '.');
            (TurtleTokenKind::Label, text.get(..2 + label)?.trim_end_matches('.').len())
        }
        '0'..='9' | '+' | '-' => number(text)?,
        '.' => number(text).unwrap_or((TurtleTokenKind::Mark('.'), 1)),
        ',' | ';' | '(' | ')' | '[' | ']' | '{' | '}' => (TurtleTokenKind::Mark(first), 1),
        _ => {
            let word = length_of(text, |c| is_name(c) || c == '.');
            if text.get(word..)?.starts_with(':') {
                (TurtleTokenKind::Name, word + 1 + local(text.get(word + 1..)?)?)
            } else {
                (TurtleTokenKind::Word, text.get(..word)?.trim_end_matches('.').len())
            }
        }
    };
    (found.1 > 0).then_some(found)
}

/// Returns whether a character can be part of a name. The parser has validated non-ASCII characters.
const fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-') || !c.is_ascii()
}

fn length_of(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

/// Returns the length of a string, quotes included.
fn string(text: &str, quote: char) -> Option<usize> {
    let three = [quote; 3].iter().collect::<String>();
    let end = if text.starts_with(&three) { three.as_str() } else { three.get(..1)? };
    let mut at = end.len();
    loop {
        at += text.get(at..)?.find(['\\', quote])?;
        let rest = text.get(at..)?;
        if rest.starts_with(end) {
            return Some(at + end.len());
        }
        // An escaped character ends nothing; one or two quotes do not end a long string.
        let mut letters = rest.chars();
        let is_escape = letters.next() == Some('\\');
        at += 1 + if is_escape { letters.next()?.len_utf8() } else { 0 };
    }
}

/// Matches a number. It includes a dot only if a digit or an exponent follows.
fn number(text: &str) -> Option<(TurtleTokenKind, usize)> {
    let digits =
        |from: usize| length_of(text.get(from..).unwrap_or_default(), |c| c.is_ascii_digit());
    let sign = usize::from(text.starts_with(['+', '-']));
    let whole = digits(sign);
    let mut end = sign + whole;
    let mut part = 0;
    let exponent = |from: usize| {
        let rest = text.get(from..)?;
        let after = rest.strip_prefix(['e', 'E'])?;
        let start = from + 1 + usize::from(after.starts_with(['+', '-']));
        let length = digits(start);
        (length > 0).then_some(start + length)
    };
    if text.get(end..)?.starts_with('.') {
        part = digits(end + 1);
        if part > 0 || (whole > 0 && exponent(end + 1).is_some()) {
            end += 1 + part;
        }
    }
    if whole + part == 0 {
        return None;
    }
    match exponent(end) {
        Some(end) => Some((TurtleTokenKind::Double, end)),
        None if part > 0 => Some((TurtleTokenKind::Decimal, end)),
        None => Some((TurtleTokenKind::Integer, end)),
    }
}

/// Returns the length of the local part of a name.
fn local(text: &str) -> Option<usize> {
    let is_first = |c: char| (is_name(c) && c != '-') || matches!(c, ':' | '%' | '\\');
    if !text.starts_with(is_first) {
        return Some(0);
    }
    let mut end = 0;
    let mut letters = text.char_indices();
    while let Some((at, c)) = letters.next() {
        if c == '\\' {
            let (at, escaped) = letters.next()?;
            end = at + escaped.len_utf8();
        } else if is_name(c) || matches!(c, ':' | '%') {
            end = at + c.len_utf8();
        } else if c != '.' {
            break;
        }
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(TurtleTokenKind, &str)> {
        let tokens = tokens(text).unwrap();
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
        assert_eq!(tokens("a \"b"), Err(2));
    }
}
