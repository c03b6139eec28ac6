//! Fixes for statements in data that end too early or too late, lack the `a`, or have values as people write them.

use super::{Fix, FixContext, is_name};
use crate::sparql::lexer::{Token, TokenKind, token_from, tokens};
use crate::sparql::syntax::expectation;

/// Fixes a `.` before another property of the same subject: what follows the next name cannot be a property.
pub(super) fn ended_early(place: &FixContext<'_>) -> Option<Fix> {
    let property = place.refusal.previous.as_ref()?;
    let found = place.refusal.found.as_ref()?;
    let is_value = found.kind == TokenKind::String
        || place.word == "["
        || place.word.starts_with(|c: char| c.is_ascii_digit());
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

/// Fixes a `;` or a `,` at the end of a statement: what follows begins another one.
pub(super) fn ended_late(place: &FixContext<'_>) -> Option<Fix> {
    let before = tokens(place.before());
    let word = |token: &Token| &place.text[token.span.clone()];
    let is_mark = |token: &Token| matches!(word(token), ";" | ",");
    let last = before.last()?;
    if place.refusal.found.is_none() {
        return is_mark(last)
            .then(|| place.help(format!("write `.` instead of the `{}` at the end", word(last))));
    }
    // How many tokens of the next statement were read as properties and objects.
    let read = before.iter().rev().take(3).position(is_mark)?;
    let at = before.len() - read - 1;
    let (mark, next) = (&before[at], before.get(at + 1).unwrap_or(place.refusal.found.as_ref()?));
    let is_aligned = || {
        let line = |token: &Token| {
            let start = place.text[..token.span.start].rfind('\n').map_or(0, |end| end + 1);
            let end = place.text[start..].find(|c: char| c != ' ' && c != '\t');
            (start, start + end.unwrap_or(0))
        };
        let ends = |token: &Token| matches!(word(token), "." | "{" | "}");
        let start = before[..at].iter().rposition(ends).map_or(0, |end| end + 1);
        let ((from, indented), (first, subject)) = (line(next), line(&before[start]));
        from > mark.span.start && indented == next.span.start && indented - from <= subject - first
    };
    let follows_name = is_name(place, next) && word(next) != "rdf:type";
    let is_new = match (read, place.word) {
        (0, "[") => is_aligned(),
        (0, word) => {
            word.starts_with("_:") && word.len() > 2
                || ["@prefix", "@base", "PREFIX", "BASE", "GRAPH"]
                    .iter()
                    .any(|keyword| word.eq_ignore_ascii_case(keyword))
        }
        (1, "{") => follows_name,
        (1, "a") => follows_name && (word(mark) == ";" || is_aligned()),
        (1, _) => follows_name && word(mark) == "," && is_aligned() && !is_punctuation(place),
        _ => {
            let is_line = !place.text[next.span.start..place.span.start].contains('\n');
            follows_name && word(mark) == ";" && is_line && is_aligned() && !is_punctuation(place)
        }
    };
    let mark_word = word(mark);
    is_new.then(|| {
        Fix::new(
            mark.span.clone(),
            "dot-missing",
            format!(
                "`{}` begins a new statement, but the `{mark_word}` before it continues the last one",
                word(next)
            ),
            format!("write `.` instead of `{mark_word}`"),
        )
    })
}

/// Returns whether the error is at a bracket or another mark. (An IRI that is not closed begins with one.)
fn is_punctuation(place: &FixContext<'_>) -> bool {
    place.kind() == Some(TokenKind::Punctuation) && !matches!(place.word, "<" | "[" | "(")
}

/// Fixes a class without `a` before it: a name stands where a property is expected, and the statement ends.
pub(super) fn missing_a(place: &FixContext<'_>) -> Option<Fix> {
    let class = place.refusal.previous.as_ref()?;
    let local = place.previous.rsplit([':', '/', '#']).next().unwrap_or_default();
    let is_end = matches!(place.word, ";" | "." | "}");
    let is_class = is_name(place, class) && local.starts_with(char::is_uppercase);
    if !is_end || !is_class || !place.expects(expectation::OBJECT) {
        return None;
    }
    let before = tokens(place.text.get(..class.span.start)?);
    let subject = before.last().map_or("", |token| &place.text[token.span.clone()]);
    let is_property = subject.rsplit([':', '/', '#']).next()?.starts_with(char::is_lowercase);
    let begins = before
        .iter()
        .rev()
        .nth(1)
        .is_none_or(|token| matches!(&place.text[token.span.clone()], "." | "{" | "}"));
    let class_help = format!("for a class, write `a {}`", place.previous);
    let help = if is_property && begins {
        format!("if `{subject}` is the property, write its subject before it; {class_help}")
    } else {
        class_help
    };
    Some(Fix { span: class.span.clone(), ..place.help(help) })
}

/// Fixes a date without quotes, a number with its unit, and a value with its datatype but without quotes.
pub(super) fn bare_value(place: &FixContext<'_>) -> Option<Fix> {
    let number = place.refusal.previous.as_ref()?;
    if place.rest().starts_with("^^")
        && place.expects_any(&[expectation::AFTER_OBJECT, expectation::AFTER_OBJECT_IN_BRACKETS])
        && number.span.end == place.span.start
        && number.kind == TokenKind::Word
    {
        let signs = place.text[..number.span.start].chars().rev();
        let signs = signs.take_while(|c| matches!(c, '-' | '+')).take(1).count();
        let start = number.span.start - signs;
        let datatype = token_from(place.text, place.span.start + "^^".len())?;
        let written = &place.text[start..number.span.end];
        let help = format!("write `\"{written}\"^^{}`", &place.text[datatype.span.clone()]);
        let message = format!("`{written}` has a datatype, but no quotation marks");
        let message = Some(message);
        return Some(Fix { span: start..datatype.span.end, message, ..place.help(help) });
    }
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
    if let Some(grouped) = grouped(place, number) {
        return Some(grouped);
    }
    let between = place.text.get(number.span.end..place.span.start)?;
    (place.is_plain_word() && !between.contains('\n') && place.word != "a").then(|| {
        place.help(format!(
            "a number has no unit: write `{}` without `{}`",
            place.previous, place.word
        ))
    })
}

/// Fixes a number whose digits stand in groups of three, with spaces or apostrophes between them.
fn grouped(place: &FixContext<'_>, number: &Token) -> Option<Fix> {
    let text = place.text.get(number.span.start..)?;
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(text);
    if !(1..=3).contains(&end) || end < number.span.len() || text.starts_with('0') {
        return None;
    }
    let mut written = text[..end].to_owned();
    while let Some(group) = text[end..].strip_prefix([' ', '\'']).filter(|rest| digits(rest) == 3) {
        written.push_str(&group[..3]);
        end += 4;
    }
    if end == number.span.len() {
        return None;
    }
    let fraction = text[end..].strip_prefix('.').map_or(0, digits);
    if fraction > 0 {
        written.push_str(&text[end..=end + fraction]);
        end += 1 + fraction;
    }
    let span = number.span.start..number.span.start + end;
    let message = "the digits of a number stand together".to_owned();
    let help = format!("write `{written}`");
    Some(Fix { span, message: Some(message), ..place.help(help) })
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
