//! Fixes for characters, comments and operators of other languages.

use super::{Fix, FixContext};
use crate::sparql::lexer::{TokenKind, token_from};
use crate::sparql::syntax::expectation;

/// Fixes characters that word processors substitute for others.
pub(super) fn character(place: &FixContext<'_>) -> Option<Fix> {
    let character = place.word.chars().next()?;
    if character == '\\' {
        return Some(place.help("in a name, `\\` stands only before punctuation: `ex:a\\,b`"));
    }
    let code = u32::from(character);
    let (message, help) = match character {
        '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '‚' => {
            (format!("`{character}` is a typographic quotation mark"), "put strings in `\"` or `'`")
        }
        '–' | '—' | '−' => (format!("`{character}` is a dash"), "write a minus as `-`"),
        '`' => ("unexpected backquote".to_owned(), "write names without quotes"),
        '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' => {
            (format!("invisible character (U+{code:04X})"), "delete it")
        }
        c if c.is_whitespace() && !c.is_ascii() => {
            (format!("this is not a plain space (U+{code:04X})"), "replace it with a plain space")
        }
        _ => return None,
    };
    Some(place.say("character-typographic", message, help))
}

/// Fixes comments of other languages.
pub(super) fn comment(place: &FixContext<'_>) -> Option<Fix> {
    let before = place.before();
    for mark in ["//", "/*", "--"] {
        let begins = place.rest().starts_with(mark);
        let (first, second) = mark.split_at(1);
        let start = if begins {
            place.span.start
        } else if before.ends_with(first) && place.rest().starts_with(second) {
            place.span.start - 1
        } else if before.trim_end().ends_with(mark) {
            before.trim_end().len() - mark.len()
        } else {
            continue;
        };
        let message = format!("`{mark}` does not begin a comment");
        return Some(Fix::new(
            start..start + mark.len(),
            "comment-foreign",
            message,
            "begin comments with `#`",
        ));
    }
    None
}

/// Fixes datatypes after a single `^`.
pub(super) fn datatype(place: &FixContext<'_>) -> Option<Fix> {
    let string = place.refusal.previous.as_ref()?;
    if place.word != "^" || string.kind != TokenKind::String {
        return None;
    }
    let datatype = token_from(place.text, place.span.end)
        .filter(|token| token.kind != TokenKind::Punctuation)
        .map_or("xsd:date", |token| &place.text[token.span]);
    let value = if place.previous.len() > 40 || place.previous.contains('\n') {
        "\"…\""
    } else {
        place.previous
    };
    Some(place.say(
        "datatype-syntax",
        "write a datatype after `^^`",
        format!("write `{value}^^{datatype}`"),
    ))
}

/// Fixes operators of other languages.
pub(super) fn operator(place: &FixContext<'_>) -> Option<Fix> {
    const PAIRS: [(&str, &str); 7] = [
        ("==", "="),
        ("<>", "!="),
        ("=>", ">="),
        ("=<", "<="),
        ("=!", "!="),
        ("!==", "!="),
        ("=~", "REGEX(…, …)"),
    ];
    const WORDS: [(&str, &str); 9] = [
        ("AND", "write `&&`"),
        ("OR", "write `||`"),
        ("IS", "use `BOUND(?x)` to test whether `?x` has a value"),
        ("LIKE", "write `CONTAINS(STR(?x), \"text\")`, or `REGEX(STR(?x), \"pattern\")`"),
        ("CONTAINS", "write `CONTAINS(STR(?x), \"text\")`"),
        ("BETWEEN", "write `?x >= 1 && ?x <= 9`"),
        ("MOD", "SPARQL has no remainder operator: write `?x - 2 * FLOOR(?x / 2)`"),
        ("EQ", "write `=`"),
        ("NE", "write `!=`"),
    ];
    if place.expects(expectation::OPERAND) && place.span.start > 0 {
        for (wrong, right) in PAIRS {
            let (first, second) = wrong.split_at(wrong.len() - 1);
            if place.before().ends_with(first) && place.rest().starts_with(second) {
                let span = place.span.start - first.len()..place.span.start + 1;
                return Some(Fix::new(
                    span,
                    "operator-unknown",
                    format!("`{wrong}` is not an operator"),
                    format!("write `{right}`"),
                ));
            }
        }
    }
    if place.expects(expectation::OPERAND) && place.is("NOT") {
        return Some(place.help("write `!`, as in `!BOUND(?x)`"));
    }
    if place.is_after("NOT") && place.is_plain_word() {
        return Some(place.help("to negate a condition, write `!`, as in `!BOUND(?x)`"));
    }
    if !place.expects(expectation::OPERATOR) {
        return None;
    }
    match place.word {
        "&" => return Some(place.say("operator-unknown", "`&` is not an operator", "write `&&`")),
        "|" => return Some(place.say("operator-unknown", "`|` is not an operator", "write `||`")),
        "%" => return Some(place.say("operator-unknown", "`%` is not an operator", WORDS[6].1)),
        "?" => {
            return Some(place.say(
                "operator-unknown",
                "`?` is not an operator",
                "write `IF(condition, then, else)`",
            ));
        }
        _ => {}
    }
    let (word, help) = WORDS.iter().find(|(word, _)| place.is(word))?;
    Some(place.say("operator-unknown", format!("`{word}` is not a SPARQL operator"), *help))
}
