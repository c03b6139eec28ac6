//! Reading SPARQL: the parser is `spargebra`'s; what is said when it refuses is ours.

use super::lexer::{Token, TokenKind, tokens};
use crate::error::{Excerpt, Problem, Result, lower_first, nearest};
use crate::vocabulary::Prefixes;
use spargebra::{Query, SparqlParser};

/// Parses a query. `origin` is its file or `query`; the prefixes are known before the text declares any.
///
/// # Errors
/// If the text is no SPARQL query, with the place; SPARQL Update has a message of its own.
pub fn parse(origin: &str, text: &str, prefixes: &Prefixes) -> Result<Query, Problem> {
    check_size(origin, text)?;
    let mut parser = SparqlParser::new();
    for (prefix, namespace) in prefixes.iter() {
        parser = parser.with_prefix(prefix, namespace).map_err(|error| {
            Problem::new(format!("the namespace of `{prefix}:` is no IRI: {error}"))
        })?;
    }
    parser.parse_query(text).map_err(|error| {
        if let Some(update) = update(text) {
            return Problem::new("this is SPARQL Update; only queries are answered")
                .at(Excerpt::new(origin, text, update.span))
                .help("a dossier changes with its files: edit them, and ask again");
        }
        undeclared(origin, text, prefixes)
            .unwrap_or_else(|| explain(origin, text, &error.to_string()))
    })
}

/// How many brackets may stand inside each other.
const DEEPEST: usize = 500;

/// How many groups and operators a query may have: each of a row of them is a level of the algebra.
const LONGEST: usize = 50_000;

/// Refuses a query that could not be taken apart without running out of stack.
fn check_size(origin: &str, text: &str) -> Result<(), Problem> {
    let (mut depth, mut operators) = (0_usize, 0_usize);
    for Token { kind, span } in tokens(text) {
        match (kind, &text[span.clone()]) {
            (TokenKind::Punctuation, "(" | "{" | "[") => depth += 1,
            (TokenKind::Punctuation, ")" | "}" | "]") => depth = depth.saturating_sub(1),
            (TokenKind::Punctuation, "." | "," | ";") => continue,
            (TokenKind::Punctuation, _) => {}
            (TokenKind::Word, word) if word.bytes().all(|b| b.is_ascii_alphabetic()) => {}
            _ => continue,
        }
        operators +=
            usize::from(!matches!(&text[span.clone()], "(" | ")" | "UNDEF" | "true" | "false"));
        if depth > DEEPEST || operators > LONGEST {
            let reason = if depth > DEEPEST {
                format!("more than {DEEPEST} brackets stand inside each other here")
            } else {
                format!("it has more than {LONGEST} groups, operators and keywords")
            };
            return Err(Problem::new(format!("this query is too large: {reason}"))
                .at(Excerpt::new(origin, text, span))
                .help("put long lists of values into VALUES or IN, whose rows do not count"));
        }
    }
    Ok(())
}

/// The prefixes that a query declares itself.
pub fn declared_prefixes(text: &str) -> Prefixes {
    let mut prefixes = Prefixes::default();
    let tokens = tokens(text);
    let words: Vec<&str> = tokens.iter().map(|token| &text[token.span.clone()]).collect();
    for window in words.windows(3) {
        if let [keyword, prefix, iri] = window
            && keyword.eq_ignore_ascii_case("PREFIX")
            && let Some(prefix) = prefix.strip_suffix(':')
            && let Some(iri) = iri.strip_prefix('<').and_then(|iri| iri.strip_suffix('>'))
        {
            prefixes.add(prefix, iri);
        }
    }
    prefixes
}

/// The word that makes a text an update, behind its prologue.
fn update(text: &str) -> Option<Token> {
    const UPDATES: [&str; 10] =
        ["ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"];
    let mut tokens = tokens(text).into_iter();
    while let Some(token) = tokens.next() {
        let word = &text[token.span.clone()];
        if word.eq_ignore_ascii_case("PREFIX") {
            tokens.nth(1);
        } else if word.eq_ignore_ascii_case("BASE") {
            tokens.next();
        } else {
            let is_update = UPDATES.iter().any(|update| word.eq_ignore_ascii_case(update));
            return (token.kind == TokenKind::Word && is_update).then_some(token);
        }
    }
    None
}

/// What the parser says, which begins with `error at LINE:COLUMN: expected `, as a problem with its place.
fn explain(origin: &str, text: &str, message: &str) -> Problem {
    let parts = message.strip_prefix("error at ").and_then(|rest| {
        let (place, expected) = rest.split_once(": expected ")?;
        let (line, column) = place.split_once(':')?;
        Some((line.parse().ok()?, column.parse().ok()?, expected))
    });
    let Some((line, column, reason)) = parts else {
        return Problem::new(format!("this is no SPARQL query: {message}"));
    };
    let excerpt = token_at(origin, text, line, column);
    // Where a rule of the language is broken the parser says so in a sentence, among the tokens that it expected; a
    // list of tokens alone is too long to help.
    let is_sentence = |part: &&str| part.contains(' ') && !part.starts_with(['"', '[']);
    let expected = reason.strip_prefix("one of ").unwrap_or(reason);
    let reason = match expected.split(", ").find(is_sentence) {
        Some(sentence) => lower_first(sentence),
        None => match &excerpt.text[excerpt.span.clone()] {
            "" => "it ends too early".to_owned(),
            found => format!("`{found}` cannot stand here"),
        },
    };
    Problem::new(format!("this is no SPARQL query: {reason}")).at(excerpt)
}

/// The first prefix that a text uses and nobody declares, which the parser reports far behind it.
fn undeclared(origin: &str, text: &str, prefixes: &Prefixes) -> Option<Problem> {
    let declared = declared_prefixes(text);
    let mut previous = "";
    for Token { kind, span } in tokens(text) {
        let word = &text[span.clone()];
        let is_declaration = previous.eq_ignore_ascii_case("PREFIX");
        previous = word;
        if kind != TokenKind::Word || is_declaration || word.starts_with(['_', '@']) {
            continue;
        }
        let Some((prefix, _)) = word.split_once(':') else { continue };
        if declared.namespace(prefix).is_none() && prefixes.namespace(prefix).is_none() {
            let known = prefixes.iter().chain(declared.iter()).map(|(prefix, _)| prefix);
            let help = match nearest(prefix, known) {
                Some(near) => format!("did you mean `{near}:`?"),
                None => format!("declare it at the top: `PREFIX {prefix}: <…>`"),
            };
            return Some(
                Problem::new(format!("the prefix `{prefix}:` is not declared"))
                    .at(Excerpt::new(origin, text, span))
                    .help(help),
            );
        }
    }
    None
}

/// The token at a place, or what is left of it there.
fn token_at(origin: &str, text: &str, line: usize, column: usize) -> Excerpt {
    let here = Excerpt::at_line(origin, text, line, column);
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let offset = text[start..]
        .char_indices()
        .nth(column.saturating_sub(1))
        .map_or(text.len(), |(i, _)| start + i);
    match tokens(text).into_iter().find(|token| token.span.end > offset) {
        Some(token) => Excerpt::new(origin, text, token.span),
        None => here,
    }
}
