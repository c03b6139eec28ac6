//! [`fn:replace`](https://www.w3.org/TR/xpath-functions/#func-replace), whose replacement strings differ from those of
//! Rust.

use super::pattern::{PatternCache, simple};
use crate::budget::Cancellation;
use oxigraph::model::{Literal, Term};

pub(super) const REPLACE: &str = "REPLACE";

/// A part of a replacement string.
enum Piece {
    Text(String),
    Group(usize),
}

/// Replaces the matches of a pattern in a text. Returns `None` if `XPath` raises an error, or work is stopped, which a
/// result that is too long does.
pub(super) fn replace(cache: &PatternCache, terms: &[Term], until: &Cancellation) -> Option<Term> {
    let [Term::Literal(text), pattern, replacement, flags @ ..] = terms else { return None };
    if text.language().is_none() {
        simple(terms.first()?)?;
    }
    let flags = flags.first().map_or(Some(""), simple)?;
    let regex = cache.compiled(simple(pattern)?, flags)?;
    if regex.is_match("") {
        return None;
    }
    let replacement = simple(replacement)?;
    let pieces = if flags.contains('q') {
        vec![Piece::Text(replacement.to_owned())]
    } else {
        pieces(replacement, regex.captures_len() - 1)?
    };
    let (mut replaced, mut rest) = (String::new(), 0);
    for captures in regex.captures_iter(text.value()) {
        until.check().ok()?;
        let whole = captures.get(0)?.range();
        replaced.push_str(text.value().get(rest..whole.start)?);
        for piece in &pieces {
            replaced.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Group(number) => captures.get(*number).map_or("", |group| group.as_str()),
            });
        }
        rest = whole.end;
        if !until.allows_literal(replaced.len()) {
            return None;
        }
    }
    replaced.push_str(text.value().get(rest..)?);
    if !until.allows_literal(replaced.len()) {
        return None;
    }
    Some(match text.language() {
        Some(language) => Literal::new_language_tagged_literal_unchecked(replaced, language).into(),
        None => Literal::new_simple_literal(replaced).into(),
    })
}

/// Parses a replacement string. `groups` is the number of capture groups in the pattern.
fn pieces(replacement: &str, groups: usize) -> Option<Vec<Piece>> {
    let (mut pieces, mut text) = (Vec::new(), String::new());
    let mut characters = replacement.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.push(characters.next().filter(|next| matches!(next, '\\' | '$'))?),
            '$' => {
                let digit = |next: char| next.to_digit(10).map(|digit| digit as usize);
                let mut number = digit(characters.next()?)?;
                // A group reference takes as many digits as form the number of an existing group.
                while let Some(next) = characters.peek().copied().and_then(digit)
                    && number * 10 + next <= groups
                {
                    number = number * 10 + next;
                    characters.next();
                }
                pieces.extend([Piece::Text(std::mem::take(&mut text)), Piece::Group(number)]);
            }
            character => text.push(character),
        }
    }
    pieces.push(Piece::Text(text));
    Some(pieces)
}
