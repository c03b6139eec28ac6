//! Tokenizes SPARQL, after the terminals of [SPARQL 1.1, 19.8](https://www.w3.org/TR/sparql11-query/#rTerminals). The
//! lexer knows no grammar and accepts any text.

use std::ops::Range;

/// The kind of a token.
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

/// A token of a SPARQL text. White space and comments are not tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The kind of the token.
    pub kind: TokenKind,
    /// The byte range in the text.
    pub span: Range<usize>,
}

/// Splits a text into tokens, whether or not it is valid SPARQL.
pub fn tokens(text: &str) -> Vec<Token> {
    std::iter::successors(token_from(text, 0), |token| token_from(text, token.span.end)).collect()
}

/// Returns the first token that begins at or after a byte offset, or `None` if only white space and comments remain.
pub(crate) fn token_from(text: &str, mut start: usize) -> Option<Token> {
    loop {
        let rest = text.get(start..)?;
        let first = rest.chars().next()?;
        let (kind, length) = match first {
            ' ' | '\t' | '\n' | '\r' => {
                start += 1;
                continue;
            }
            '#' => {
                start += rest.find(['\n', '\r']).unwrap_or(rest.len());
                continue;
            }
            '?' | '$' => match rest[1..].find(|c| !is_name(c)).unwrap_or(rest.len() - 1) {
                0 => (TokenKind::Punctuation, 1),
                name => (TokenKind::Variable, 1 + name),
            },
            '<' => match iri_length(rest) {
                Some(length) => (TokenKind::Iri, length),
                None => (TokenKind::Punctuation, 1),
            },
            '"' | '\'' => (TokenKind::String, string_length(rest, first).0),
            '@' => {
                let tag = rest[1..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
                (TokenKind::Word, 1 + tag.unwrap_or(rest.len() - 1))
            }
            c if c.is_ascii_digit() => (TokenKind::Word, number_length(rest)),
            '.' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                (TokenKind::Word, number_length(rest))
            }
            c if is_name(c) || c == ':' => (TokenKind::Word, word_length(rest)),
            c => (TokenKind::Punctuation, c.len_utf8()),
        };
        return Some(Token { kind, span: start..start + length });
    }
}

/// Returns the spans of the comments between two tokens.
pub(crate) fn comments(text: &str, gap: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut at = gap.start;
    std::iter::from_fn(move || {
        let start = at + text[at..gap.end].find('#')?;
        let length = text[start..gap.end].find(['\n', '\r']);
        at = length.map_or(gap.end, |length| start + length);
        Some(start..at)
    })
}

/// Returns whether a string that begins with quotes also ends with them.
pub(crate) fn is_closed(string: &str) -> bool {
    string.chars().next().is_some_and(|quote| string_length(string, quote).1)
}

/// Matches the characters of variable names (`VARNAME`) and, except `-`, of other names (`PN_CHARS`).
fn is_name(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    matches!(c,
        '\u{b7}' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}'
        | '\u{f8}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{203f}'..='\u{2040}'
        | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}'
        | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
        && c != '\u{feff}'
}

/// Returns the length of an unsigned number.
fn number_length(rest: &str) -> usize {
    let digits = |from: usize| {
        let rest = rest.get(from..).unwrap_or_default();
        rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
    };
    let exponent = |from: usize| {
        let rest = rest.get(from..).unwrap_or_default();
        let sign = usize::from(rest.get(1..).is_some_and(|rest| rest.starts_with(['+', '-'])));
        match digits(from + 1 + sign) {
            0 => 0,
            _ if !rest.starts_with(['e', 'E']) => 0,
            length => 1 + sign + length,
        }
    };
    let whole = digits(0);
    let is_point = rest[whole..].starts_with('.');
    match digits(whole + 1) {
        fraction if is_point && fraction > 0 => {
            let length = whole + 1 + fraction;
            length + exponent(length)
        }
        _ if is_point && exponent(whole + 1) > 0 => whole + 1 + exponent(whole + 1),
        _ => whole + exponent(whole),
    }
}

/// The maximum distance to the colon of a prefixed name. Names may contain dots, so without a limit the search would be
/// quadratic in a text such as `a.a.a.a`.
const LONGEST_PREFIX: usize = 1_000;

/// Returns the length of a keyword, a prefixed name or a blank node label. A word without a colon consists of letters
/// and digits only. A dot at the end ends a triple and is not part of a name.
fn word_length(rest: &str) -> usize {
    let (mut end, mut escaped, is_label) = (0, false, rest.starts_with("_:"));
    // Where the local name begins, behind the colon.
    let mut local = None;
    let is_escaped = |c| "_~.-!$&'()*+,;=/?#@%".contains(c);
    for (i, c) in rest.char_indices() {
        if escaped {
            (escaped, end) = (false, i + c.len_utf8());
            continue;
        }
        if local.is_none() && i > LONGEST_PREFIX {
            break;
        }
        match c {
            // A local name begins with neither: `ex:-1` is a name and a number.
            '-' | '.' if local == Some(i) => break,
            // The label of a blank node has neither: `_:s:p` is a label and a name.
            ':' | '%' | '\\' if is_label && local.is_some() => break,
            '\\' if local.is_some() && rest[i + 1..].starts_with(is_escaped) => escaped = true,
            '.' => continue,
            ':' | '%' | '-' => {}
            c if is_name(c) => {}
            _ => break,
        }
        if c == ':' {
            local = local.or(Some(i + 1));
        }
        end = i + c.len_utf8();
    }
    if local.is_some() { end } else { rest.find(|c| !is_name(c)).unwrap_or(rest.len()) }
}

/// Returns the length of an IRI in angle brackets, or `None` if the bracket is a comparison.
fn iri_length(rest: &str) -> Option<usize> {
    let end = rest[1..]
        .find(|c: char| c <= ' ' || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`'))?;
    rest[1 + end..].starts_with('>').then_some(end + 2)
}

/// Returns the length of a string with its quotes, and whether it is closed. An unclosed string ends with its line, or
/// with the text.
fn string_length(rest: &str, quote: char) -> (usize, bool) {
    let long = [quote; 3].iter().collect::<String>();
    let close = if rest.starts_with(&long) { long.as_str() } else { &long[..1] };
    let ends: &[char] = if close.len() == 3 { &['\\', quote] } else { &['\\', quote, '\n', '\r'] };
    let mut at = close.len();
    while let Some(found) = rest[at..].find(ends) {
        at += found;
        let mut letters = rest[at..].chars();
        match letters.next() {
            Some('\\') => match letters.next() {
                // The escaped line end of a short string still ends its line.
                Some('\n' | '\r') if close.len() == 1 => return (at + 1, false),
                Some(escaped) => at += 1 + escaped.len_utf8(),
                None => break,
            },
            Some('\n' | '\r') if close.len() == 1 => return (at, false),
            _ if rest[at..].starts_with(close) => return (at + close.len(), true),
            _ => at += 1,
        }
    }
    (rest.len(), false)
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
        assert_eq!(
            words("1-1 2.5e-3 .5 3. 1.e5"),
            ["1", "-", "1", "2.5e-3", ".5", "3", ".", "1.e5"]
        );
        assert_eq!(
            words(r"ex:a\,b ex:c%20d. true-1"),
            [r"ex:a\,b", "ex:c%20d", ".", "true", "-", "1"]
        );
        assert_eq!(words("ex:-1 ex:.5 a:b:-c"), ["ex:", "-", "1", "ex:", ".5", "a:b:-c"]);
        assert_eq!(words(r"ex:a\-b ex:a\xb"), [r"ex:a\-b", "ex:a", "\\", "xb"]);
        assert_eq!(words("_:s:p _:a.b. _::"), ["_:s", ":p", "_:a.b", ".", "_:", ":"]);
        assert_eq!(words("'a'@en-GB. \u{a0}?x"), ["'a'", "@en-GB", ".", "\u{a0}", "?x"]);
    }

    #[test]
    fn a_row_of_words_takes_time_that_grows_with_its_length() {
        let started = std::time::Instant::now();
        assert_eq!(tokens(&"a.".repeat(200_000)).len(), 400_000);
        assert!(started.elapsed().as_secs() < 60);
    }

    #[test]
    fn a_string_is_closed_by_its_own_quotes() {
        for closed in ["'a'", "\"\"", "'''a'b'''"] {
            assert!(is_closed(closed), "{closed}");
        }
        for open in ["'a", "'''a'", r"'a\'", "'a\n'", "'"] {
            assert!(!is_closed(open), "{open}");
        }
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
