//! Numbers with a decimal comma, which Turtle reads as two values.

use super::files::{Files, QuadFile};
use crate::diagnostic::{Diagnostic, Excerpt, error};
use crate::sparql::declared_prefixes;
use crate::sparql::lexer::{Token, TokenKind, tokens};
use crate::vocabulary::{dos, rdfs, xsd};
use oxigraph::model::Term;
use std::ops::Range;

/// Reports values such as `32,5`. Findings that a quote lacks the two numbers follow from them, and are removed.
pub(super) fn check(files: &Files<'_>, findings: &mut Vec<Diagnostic>) {
    let is_comma = |bytes: &[u8]| matches!(bytes, [b'0'..=b'9', b',', b'0'..=b'9']);
    let with_commas = || files.all().filter(|file| file.text().as_bytes().windows(3).any(is_comma));
    let found: Vec<(&QuadFile, Range<usize>)> = with_commas()
        .flat_map(|file| numbers(file.text()).into_iter().map(move |span| (file, span)))
        .collect();
    if found.is_empty() {
        return;
    }
    findings.retain(|finding| {
        let follows = |place: &Excerpt| {
            found.iter().any(|(file, span)| {
                let here = file.excerpt(span.clone());
                let columns = here.column..here.column + span.len();
                place.origin == here.origin
                    && place.line == here.line
                    && columns.contains(&place.column)
            })
        };
        finding.id.as_deref() != Some("figure-not-quoted")
            || !finding.excerpt.as_deref().is_some_and(follows)
    });
    findings.extend(found.into_iter().map(|(file, span)| {
        let written = &file.text()[span.clone()];
        let (first, second) = written.split_once(',').unwrap_or((written, ""));
        let number = format!("{first}.{second}");
        let message = format!("`{written}` is two values, {first} and {second}");
        let joined = format!("{first}{second}");
        // Of the comma of English, three digits follow in a whole number.
        let is_group = second.len() == 3 && first.len() <= 3 && !first.starts_with('0');
        let (finding, help) = if is_group
            && (is_quoted(file, &[&joined]) || takes_whole_numbers(files, file, &span))
        {
            (error!("decimal-comma", "{message}"), format!("write `{joined}`"))
        } else if is_quoted(file, &[written, &number]) {
            (error!("decimal-comma", "{message}"), format!("write `{number}`"))
        } else {
            let help = format!("write `{number}` for one number, or `{first} , {second}` for two");
            (Diagnostic::warning("comma-in-number", message), help)
        };
        finding.at(file.excerpt(span)).help(help)
    }));
}

/// Returns whether the value at a place belongs to a property whose range is a type of whole numbers.
fn takes_whole_numbers(files: &Files<'_>, file: &QuadFile, span: &Range<usize>) -> bool {
    let before = tokens(&file.text()[..span.start]);
    let Some(token) = before.last() else { return false };
    let word = &file.text()[token.span.clone()];
    let Some(property) = declared_prefixes(file.text()).expand(word) else { return false };
    let whole = [xsd::INTEGER, xsd::NON_NEGATIVE_INTEGER].map(Term::from);
    let mut quads = files.all().flat_map(|file| &file.quads);
    quads.any(|quad| {
        quad.subject == property.clone().into()
            && quad.predicate == rdfs::RANGE
            && whole.contains(&quad.object)
    })
}

/// Returns the spans of whole numbers with a comma between them and no space. Longer lists are meant as such.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let tokens = tokens(text);
    let is_number = |token: &Token| {
        let word = &text[token.span.clone()];
        token.kind == TokenKind::Word && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_comma =
        |token: Option<&Token>| token.is_some_and(|token| &text[token.span.clone()] == ",");
    let glued = |one: &Token, other: &Token| one.span.end == other.span.start;
    let found = tokens.windows(3).enumerate().filter_map(|(at, three)| {
        let [first, comma, second] = three else { return None };
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let is_one = is_comma(Some(comma))
            && glued(first, comma)
            && glued(comma, second)
            && is_number(first)
            && is_number(second)
            && !is_comma(before)
            && !is_comma(tokens.get(at + 3));
        is_one.then_some(first.span.start..second.span.end)
    });
    found.collect()
}

/// Returns whether a quote of a file contains one of these words.
fn is_quoted(file: &QuadFile, words: &[&str]) -> bool {
    file.quads.iter().any(|quad| match &quad.object {
        Term::Literal(quote) if quad.predicate.as_ref() == dos::QUOTE => {
            words.iter().any(|word| quote.value().contains(word))
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_commas_have_digits_on_both_sides_and_no_spaces() {
        let found = |text: &str| -> Vec<String> {
            numbers(text).into_iter().map(|span| text[span].to_owned()).collect()
        };
        assert_eq!(found("x:a x:b 32,5 ; x:c 1,2 ."), ["32,5", "1,2"]);
        assert_eq!(found("x:a x:b 32 , 5 ; x:c 1, 2 ; x:d 1,2,3 ; x:e \"1,2\" ."), [""; 0]);
        assert_eq!(found("x:a x:b 3.5,5 ; x:c x:d,5 ."), [""; 0]);
    }
}
