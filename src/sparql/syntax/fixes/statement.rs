//! Fixes for statements in data that end too early, lack the `a`, or have values as people write them.

use super::{Fix, FixContext};
use crate::sparql::lexer::{Token, TokenKind, tokens};
use crate::sparql::syntax::expectation;

/// Fixes a `.` before another property of the same subject: what follows the next name cannot be a property.
pub(super) fn ended_early(place: &FixContext<'_>) -> Option<Fix> {
    let property = place.refusal.previous.as_ref()?;
    let found = place.refusal.found.as_ref()?;
    let is_value =
        found.kind == TokenKind::String || place.word.starts_with(|c: char| c.is_ascii_digit());
    if !place.expects(expectation::PROPERTY) || !is_value || !is_name(place, property) {
        return None;
    }
    let before = place.text.get(..property.span.start)?.trim_end();
    let dot = before.strip_suffix('.')?.len();
    // At the beginning of a line, a subject stands rather than a property.
    if place.text[..property.span.start].ends_with('\n') {
        return None;
    }
    let number = place.text[..dot].matches('\n').count() + 1;
    Some(Fix::new(
        dot..dot + 1,
        "dot-early",
        format!("the `.` in line {number} ends the statement before `{}`", place.previous),
        "write `;` instead: the same subject has another property",
    ))
}

/// Fixes a class without `a` before it: a name stands where a property is expected, and the statement ends.
pub(super) fn missing_a(place: &FixContext<'_>) -> Option<Fix> {
    let class = place.refusal.previous.as_ref()?;
    let local = place.previous.rsplit([':', '/', '#']).next().unwrap_or_default();
    let is_end = matches!(place.word, ";" | "." | "}");
    let is_class = is_name(place, class) && local.starts_with(char::is_uppercase);
    (is_end && is_class && place.expects(expectation::OBJECT)).then(|| Fix {
        span: class.span.clone(),
        ..place.help(format!("for a class, write `a {}`", place.previous))
    })
}

/// Fixes a date without quotes, and a number with its unit.
pub(super) fn bare_value(place: &FixContext<'_>) -> Option<Fix> {
    let number = place.refusal.previous.as_ref()?;
    let is_number = place.previous.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !is_number || place.previous.is_empty() || !place.expects(expectation::AFTER_OBJECT) {
        return None;
    }
    let rest = place.text.get(number.span.start..)?;
    let written =
        rest.split(|c: char| !(c.is_ascii_digit() || c == '-')).next().unwrap_or_default();
    let parts: Vec<usize> = written.split('-').map(str::len).collect();
    let datatype = match parts.as_slice() {
        [4, 2, 2] => "xsd:date",
        [4, 2] => "xsd:gYearMonth",
        _ => "",
    };
    if !datatype.is_empty() {
        let span = number.span.start..number.span.start + written.len();
        let help = format!("write `\"{written}\"^^{datatype}`");
        return Some(Fix { span, ..place.help(help) });
    }
    let between = place.text.get(number.span.end..place.span.start)?;
    (place.is_plain_word() && !between.contains('\n') && place.word != "a").then(|| {
        place.help(format!(
            "a number has no unit: write `{}` without `{}`",
            place.previous, place.word
        ))
    })
}

fn is_name(place: &FixContext<'_>, token: &Token) -> bool {
    let word = &place.text[token.span.clone()];
    token.kind == TokenKind::Iri
        || token.kind == TokenKind::Word && word.contains(':') && !word.starts_with("_:")
}

/// Fixes `prefix` as in SPARQL with a dot as in Turtle.
pub(super) fn dot_after_prefix(place: &FixContext<'_>) -> Option<Fix> {
    if place.word != "." || !place.expects(expectation::STATEMENT) {
        return None;
    }
    let before = tokens(place.before());
    let [.., keyword, _, _] = before.as_slice() else { return None };
    let keyword = &place.text[keyword.span.clone()];
    keyword
        .eq_ignore_ascii_case("prefix")
        .then(|| place.help(format!("write `@{}`, or remove the `.`", keyword.to_lowercase())))
}
