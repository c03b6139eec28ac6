//! Fixes for data in Turtle and TriG, which queries do not need.

use super::texts::quoted_words;
use super::{Fix, FixContext, RDF_1_1, TERMS};
use crate::diagnostic::{did_you_mean, nearest};
use crate::sparql::declared_prefixes;
use crate::sparql::lexer::{Token, TokenKind, token_from, tokens};
use crate::sparql::syntax::expectation;
use crate::sparql::syntax::expectation::place_of;

/// Explains syntax of RDF 1.2. (Nested triples begin like an IRI.)
pub(super) fn newer(place: &FixContext<'_>) -> Option<Fix> {
    let is_after_object =
        place.expects_any(&[expectation::AFTER_OBJECT, expectation::AFTER_OBJECT_IN_BRACKETS]);
    let what = if is_after_object && place.rest().starts_with("{|") {
        "annotations, `{| … |}`, are"
    } else if is_after_object && place.word == "~" {
        "reifiers, `~ …`, are"
    } else if place.expects(expectation::STATEMENT) && (place.is("VERSION") || place.is("@version"))
    {
        return Some(place.say(
            "rdf-1-2",
            "RDF 1.2 is not supported",
            format!("{RDF_1_1}: if the file uses nothing newer, remove the version"),
        ));
    } else {
        return None;
    };
    Some(place.say("rdf-1-2", format!("{what} not supported"), RDF_1_1))
}

/// Fixes characters that end a prefixed name unless they are escaped.
pub(super) fn unescaped(place: &FixContext<'_>) -> Option<Fix> {
    let name = place.refusal.previous.as_ref()?;
    let is_name = name.kind == TokenKind::Word
        && place.previous.contains(':')
        && !place.previous.starts_with("_:");
    let character = place.word.chars().next()?;
    if !is_name || name.span.end != place.span.start || !"/+&=!*~$?@'%".contains(character) {
        return None;
    }
    let end = |c: char| c.is_whitespace() || "<>\"{}|^`,;()[]".contains(c);
    let rest = place.rest();
    let rest = rest[..rest.find(end).unwrap_or(rest.len())].trim_end_matches('.');
    let escaped: String = rest
        .chars()
        .flat_map(|c| "/+&=!*~$?@'#".contains(c).then_some('\\').into_iter().chain([c]))
        .collect();
    let message = format!("the name `{}` ends before this `{character}`", place.previous);
    let fix = Fix::new(
        place.span.start..place.span.start + character.len_utf8(),
        "name-unescaped",
        message,
        format!("write `{}{escaped}`, or the whole IRI in `<…>`", place.previous),
    );
    Some(fix)
}

/// Fixes the end of the file after an object.
pub(super) fn end_of_data(place: &FixContext<'_>) -> Option<Fix> {
    let is_end = place.refusal.found.is_none() && place.expects(expectation::AFTER_OBJECT);
    is_end.then(|| place.help("end the last triple with `.`"))
}

/// Explains syntax that only queries have.
pub(super) fn of_queries(place: &FixContext<'_>) -> Option<Fix> {
    if place.word.starts_with(['?', '$']) {
        let message = format!("`{}` is a variable, which only queries can have", place.word);
        return Some(place.say(
            "variable-in-data",
            message,
            "write an IRI, a literal or a blank node such as `_:b`",
        ));
    }
    None
}

/// Fixes a mark that stands for another one, or that other languages have.
pub(super) fn other_mark(place: &FixContext<'_>) -> Option<Fix> {
    let is_after_object =
        place.expects_any(&[expectation::AFTER_OBJECT, expectation::AFTER_OBJECT_IN_BRACKETS]);
    let is_after_name = place.previous.contains(':');
    match place.word {
        "[" if is_after_name && place.expects(expectation::PROPERTY) => Some(place.help(format!(
            "the statements of a graph stand in braces: `{} {{ … }}`",
            place.previous
        ))),
        "," if is_after_name && place.expects(expectation::PROPERTY) => {
            Some(place.help(
                "write a statement for each subject: a `,` separates objects of one property",
            ))
        }
        "=" if place.expects(expectation::OBJECT) => {
            Some(place.help("remove the `=`: the value stands directly after its property"))
        }
        ":" if is_after_object => Some(place.help("write `;` instead of `:`")),
        _ => None,
    }
}

/// Fixes words in data without quotes or a prefix.
pub(super) fn data_word(place: &FixContext<'_>) -> Option<Fix> {
    if place.word.starts_with('@') {
        let near = nearest(place.word, ["@prefix", "@base"])?;
        return Some(place.help(did_you_mean(near)));
    }
    let word = place.word;
    // A dot in the place of the colon of a name.
    if let Some(local) = place.rest().strip_prefix(word).and_then(|rest| rest.strip_prefix('.'))
        && declared_prefixes(place.text).namespace(word).is_some()
        && local.starts_with(char::is_alphabetic)
    {
        let end = |c: char| !c.is_alphanumeric() && !"-_".contains(c);
        let local = &local[..local.find(end).unwrap_or(local.len())];
        return Some(place.help(format!("write `{word}:{local}`")));
    }
    (place.is_plain_word() && place.expects_any(&TERMS)).then(|| Fix {
        id: Some("bare-word"),
        ..place.help(match quoted_words(place) {
            Some(string) => format!("write a text in quotation marks: `{string}`"),
            None => format!(
                "write a string as `\"{word}\"`, and a name with a prefix, such as `ex:{word}`"
            ),
        })
    })
}

/// Fixes names with a space: a plain word that stands where a property, or the end of a triple, is expected.
pub(super) fn spaced_name(place: &FixContext<'_>) -> Option<Fix> {
    let name = place.refusal.previous.as_ref()?;
    let is_name = name.kind == TokenKind::Word
        && place.previous.contains(':')
        && !place.previous.starts_with("_:")
        && !place.previous.ends_with(':');
    let is_place = place.expects_any(&[
        expectation::PROPERTY,
        expectation::AFTER_OBJECT,
        expectation::AFTER_OBJECT_IN_BRACKETS,
    ]);
    let between = place.text.get(name.span.end..place.span.start)?;
    if !is_name || !is_place || !place.is_plain_word() || between.contains(['\n', '#']) {
        return None;
    }
    let line = place.rest().lines().next().unwrap_or_default();
    let (mut words, mut end, mut at) = (Vec::new(), place.span.end, 0);
    for word in line.split(' ') {
        let bare = word.trim_end_matches(['.', ';', ',']);
        if bare == "a" || !bare.chars().all(char::is_alphanumeric) {
            break;
        }
        if !bare.is_empty() {
            words.push(bare);
            end = place.span.start + at + bare.len();
        }
        if bare.len() < word.len() {
            break;
        }
        at += word.len() + 1;
    }
    let (hyphens, none) = (words.join("-"), words.concat());
    if words.is_empty() {
        return None;
    }
    if matches!(words[0], "and" | "or") && !place.expects(expectation::PROPERTY) {
        return Some(
            place.help(format!("write `,` instead of `{}`, between two objects", words[0])),
        );
    }
    if words == ["is"] {
        return Some(place.help("remove `is`: `a` says of which class a thing is"));
    }
    if let Some(help) = property_without_prefix(place, &words, end) {
        return Some(place.help(help));
    }
    let span = name.span.start..end;
    let name = place.previous;
    let names = [format!("{name}-{hyphens}"), format!("{name}{none}")];
    // One of them may be there already.
    let known = names.iter().find(|name| place.text.contains(name.as_str()));
    let write = match known {
        Some(known) => format!("`{known}`"),
        None => format!("`{}` or `{}`", names[0], names[1]),
    };
    let message = "a name cannot contain spaces";
    Some(Fix::new(span, "name-spaced", message, format!("write {write}")))
}

/// Says what to write instead of a property without its prefix, or `type`: after it, one term and a mark follow.
fn property_without_prefix(place: &FixContext<'_>, words: &[&str], end: usize) -> Option<String> {
    let word = *words.first()?;
    let text = |token: &Token| &place.text[token.span.clone()];
    let value = match words {
        [_] => token_from(place.text, end)
            .filter(|value| value.kind != TokenKind::Punctuation && text(value) != "a"),
        // A number was read as one of the words.
        [_, number] if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            token_from(place.text, end - number.len())
        }
        _ => None,
    };
    let follows = token_from(place.text, value?.span.end)?;
    let is_mark =
        matches!(text(&follows), "." | ";" | "," | "^^") || text(&follows).starts_with('@');
    if !place.expects(expectation::PROPERTY) || !is_mark {
        return None;
    }
    if ["type", "isA", "Type"].contains(&word) {
        return Some(format!("write `a` instead of `{word}`: it says of which class a thing is"));
    }
    let (prefix, _) = place.previous.split_once(':')?;
    word.starts_with(char::is_lowercase)
        .then(|| format!("write the property with its prefix, such as `{prefix}:{word}`"))
}

/// Fixes a graph without its closing brace, in which the next graph begins.
pub(super) fn graph_unclosed(place: &FixContext<'_>) -> Option<Fix> {
    let opening = *place.refusal.open.first()?;
    let is_graph = |at: usize| place.text[at..].starts_with('{');
    let next = match place.word {
        "{" if place.expects(expectation::PROPERTY) => place.previous,
        _ if place.is("GRAPH") => {
            token_from(place.text, place.span.end).map_or("", |name| &place.text[name.span])
        }
        _ => return None,
    };
    let before = place.text[..opening].trim_end();
    let name = before.split_whitespace().next_back()?;
    if place.refusal.open.len() != 1 || !is_graph(opening) || name.ends_with('.') {
        return None;
    }
    // The head of a claim stands before its graph.
    let is_at_line = |at: usize| place.text[..at].rsplit('\n').next().is_some_and(str::is_empty);
    let inside = opening..place.span.start;
    let begins = |token: &&Token| {
        inside.contains(&token.span.start)
            && &place.text[token.span.clone()] == next
            && is_at_line(token.span.start)
    };
    let tokens = tokens(place.text);
    let start = tokens.iter().find(begins).map(|token| token.span.start);
    let start = start.or(match place.word {
        "{" => place.refusal.previous.as_ref().map(|token| token.span.start),
        _ => Some(place.span.start),
    })?;
    let line = place.text[..start].matches('\n').count() + 1;
    let message =
        format!("the `{{` of `{name}` at {} is not closed", place_of(place.text, opening));
    Some(place.say("bracket-unbalanced", message, format!("write `}}` before line {line}")))
}

/// Fixes a graph without its opening brace: its name stands alone on a line, and a closing brace follows.
pub(super) fn graph_unopened(place: &FixContext<'_>) -> Option<Fix> {
    if !place.refusal.open.is_empty() {
        return None;
    }
    let end = place.refusal.previous.as_ref()?.span.end;
    let mut before = tokens(place.text.get(..end)?);
    let starts =
        before.iter().rposition(|token| matches!(&place.text[token.span.clone()], "." | "}"));
    let statement = before.split_off(starts.map_or(0, |at| at + 1));
    let [name, next, ..] = statement.as_slice() else { return None };
    let word = &place.text[name.span.clone()];
    let is_name =
        name.kind == TokenKind::Iri || (name.kind == TokenKind::Word && word.contains(':'));
    let is_alone = place.text[name.span.end..next.span.start].contains('\n');
    let mut rest = std::iter::successors(token_from(place.text, place.span.start), |token| {
        token_from(place.text, token.span.end)
    });
    let closes = rest.find_map(|token| match &place.text[token.span] {
        "{" => Some(false),
        "}" => Some(true),
        _ => None,
    });
    (is_name && is_alone && closes == Some(true)).then(|| {
        Fix::new(
            name.span.clone(),
            "bracket-unbalanced",
            format!("missing `{{` after `{word}`"),
            format!("write `{word} {{`: a `}}` without a `{{` follows"),
        )
    })
}
