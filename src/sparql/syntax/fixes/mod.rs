//! Suggests fixes for invalid queries: for typing errors, and for habits of other languages.

mod data;
mod graphs;
mod operators;
mod punctuation;
mod statement;
mod texts;
mod words;
mod written_dates;

use super::expectation::{self, Expectation};
use super::grammar::IS_KNOWN;
use super::grammar::Refusal;
use crate::sparql::lexer::{Token, TokenKind, token_from};
use data::{
    data_word, end_of_data, graph_unclosed, graph_unopened, newer, of_queries, other_mark,
    spaced_name, unescaped,
};
use graphs::{dot_before_graph, mark_after_graph};
use operators::{character, comment, datatype, operator};
use punctuation::{missing_bracket, punctuation};
use statement::{bare_value, dot_after_prefix, ended_early, ended_late, missing_a};
use std::ops::Range;
use words::{bare_word, clause, function_name, keyword, small_word};
use written_dates::written_date;

/// A suggestion.
pub(super) struct Fix {
    pub span: Range<usize>,
    /// The id, if it is more specific than that of a syntax error.
    pub id: Option<&'static str>,
    /// The message, if it is more specific than the list of expected tokens.
    pub message: Option<String>,
    pub help: String,
}

impl Fix {
    fn new(
        span: Range<usize>,
        id: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { span, id: Some(id), message: Some(message.into()), help: help.into() }
    }
}

/// Returns the likely fix at the error in a query, if any.
pub(super) fn fix(text: &str, refusal: &Refusal) -> Option<Fix> {
    first(&RULES, text, refusal)
}

/// Returns the likely fix at the error in a data file, if any.
pub(super) fn fix_data(text: &str, refusal: &Refusal) -> Option<Fix> {
    first(&DATA_RULES, text, refusal)
}

fn first(rules: &[Rule], text: &str, refusal: &Refusal) -> Option<Fix> {
    let span = refusal.found.as_ref().map_or(text.len()..text.len(), |token| token.span.clone());
    let place = FixContext {
        text,
        refusal,
        word: text.get(span.clone()).unwrap_or_default(),
        span,
        previous: refusal.previous.as_ref().map_or("", |token| &text[token.span.clone()]),
    };
    rules.iter().find_map(|rule| rule(&place))
}

/// A rule that may suggest a fix.
type Rule = fn(&FixContext<'_>) -> Option<Fix>;

/// The rules for queries. The first one that suggests a fix wins.
const RULES: [Rule; 15] = [
    language_tag,
    character,
    comment,
    datatype,
    operator,
    declaration,
    iri,
    missing_bracket,
    small_word,
    function_name,
    clause,
    keyword,
    bare_word,
    punctuation,
    end_of_triple,
];

/// The rules for data.
const DATA_RULES: [Rule; 26] = [
    newer,
    dot_before_graph,
    mark_after_graph,
    ended_early,
    ended_late,
    missing_a,
    written_date,
    bare_value,
    other_mark,
    dot_after_prefix,
    language_tag,
    unescaped,
    character,
    comment,
    datatype,
    graph_unclosed,
    graph_unopened,
    declaration,
    iri,
    of_queries,
    end_of_data,
    small_word,
    spaced_name,
    data_word,
    punctuation,
    end_of_triple,
];

/// The location of an error, as the rules see it.
struct FixContext<'a> {
    text: &'a str,
    refusal: &'a Refusal,
    /// The token at the error, or an empty string at the end of the text.
    word: &'a str,
    span: Range<usize>,
    /// The token before it.
    previous: &'a str,
}

impl<'a> FixContext<'a> {
    fn expects(&self, thing: &'static str) -> bool {
        self.refusal.expected.contains(&Expectation::Thing(thing))
    }

    fn expects_any(&self, things: &[&'static str]) -> bool {
        things.iter().any(|thing| self.expects(thing))
    }

    fn expects_word(&self, word: &'static str) -> bool {
        self.refusal.expected.contains(&Expectation::Word(word))
    }

    fn closes(&self, bracket: &str) -> bool {
        self.refusal.expected.iter().any(|e| matches!(e, Expectation::Close(b, _) if *b == bracket))
    }

    /// Returns whether a bracket of this kind is open.
    fn is_open(&self, bracket: char) -> bool {
        self.refusal.open.iter().any(|open| self.text[*open..].starts_with(bracket))
    }

    fn kind(&self) -> Option<TokenKind> {
        self.refusal.found.as_ref().map(|token| token.kind)
    }

    /// Returns whether the token is a plain word: a keyword or an attempt at one.
    fn is_plain_word(&self) -> bool {
        self.kind() == Some(TokenKind::Word)
            && self.word.starts_with(|c: char| c.is_alphabetic())
            && !self.word.contains(':')
    }

    fn is(&self, word: &str) -> bool {
        self.word.eq_ignore_ascii_case(word)
    }

    fn is_after(&self, word: &str) -> bool {
        self.previous.eq_ignore_ascii_case(word)
    }

    /// Returns the text directly before the error.
    fn before(&self) -> &'a str {
        &self.text[..self.span.start]
    }

    /// Returns the text from the error on.
    fn rest(&self) -> &'a str {
        &self.text[self.span.start..]
    }

    fn help(&self, help: impl Into<String>) -> Fix {
        Fix { span: self.span.clone(), id: None, message: None, help: help.into() }
    }

    fn say(&self, id: &'static str, message: impl Into<String>, help: impl Into<String>) -> Fix {
        Fix::new(self.span.clone(), id, message, help)
    }
}

/// The expectations where a term may begin.
const TERMS: [&str; 10] = [
    expectation::STATEMENT,
    expectation::PATTERN,
    expectation::TRIPLE,
    expectation::PROPERTY,
    expectation::PATH,
    expectation::OBJECT,
    expectation::ITEM,
    expectation::OPERAND,
    expectation::VALUE,
    expectation::NAMESPACE,
];

/// Fixes prefix declarations.
fn declaration(place: &FixContext<'_>) -> Option<Fix> {
    if place.expects(expectation::DOT) {
        return Some(place.help("a declaration that begins with `@` ends with `.`"));
    }
    if place.expects(expectation::QUERY) && (place.is("@prefix") || place.is("@base")) {
        let keyword = place.word[1..].to_uppercase();
        return Some(place.say(
            "turtle-in-query",
            format!("`{}` is Turtle", place.word),
            format!("in SPARQL, write `{keyword}` without `@`, and no dot after the IRI"),
        ));
    }
    if place.expects(expectation::QUERY) && place.word == "." {
        return Some(place.help("remove the dot: a SPARQL declaration does not end with one"));
    }
    if place.expects(expectation::PREFIX) && place.is_plain_word() {
        return Some(place.help(format!("write `{}:`", place.word)));
    }
    if place.expects(expectation::NAMESPACE) && place.word != "<" {
        let end = |c: char| c.is_whitespace();
        let iri = place.rest().split(end).next().unwrap_or_default().trim_matches(['"', '\'']);
        return iri.contains("//").then(|| place.help(format!("write `<{iri}>`")));
    }
    None
}

/// Fixes unclosed IRIs and invalid characters in them.
fn iri(place: &FixContext<'_>) -> Option<Fix> {
    if place.word != "<" || !place.expects_any(&TERMS) {
        return None;
    }
    if place.rest().starts_with("<<") && !IS_KNOWN {
        return Some(place.say("rdf-1-2", "a triple inside a triple is not supported", RDF_1_1));
    }
    let line = place.rest().split(['\n', '\r']).next().unwrap_or_default();
    let is_bad = |c: char| c <= ' ' || "\"{}|^`".contains(c);
    let bad = line.char_indices().skip(1).find(|(_, c)| is_bad(*c) || matches!(c, '<' | '>'));
    if let (Some((at, c)), true) = (bad, line.contains('>')) {
        let start = place.span.start + at;
        let name = if c == ' ' { "a space".to_owned() } else { format!("`{c}`") };
        return Some(Fix::new(
            start..start + c.len_utf8(),
            "iri-invalid",
            format!("{name} is not allowed in an IRI"),
            "close the IRI with `>` before it, or write the character as `%` and its code, such as `%20`",
        ));
    }
    Some(place.say("iri-invalid", "unclosed IRI", "close it with `>`"))
}

/// The help for newer syntax.
const RDF_1_1: &str = "this build knows RDF 1.1 only: build `dossier` with the feature `rdf-12`";

/// Fixes language tags in the form that programs use.
fn language_tag(place: &FixContext<'_>) -> Option<Fix> {
    let tag = place.refusal.previous.as_ref()?;
    let is_tag = place.previous.starts_with('@') && tag.span.end == place.span.start;
    let region = place.word.strip_prefix('_').filter(|_| is_tag)?;
    let span = tag.span.start..place.span.end;
    let written = format!("{}-{region}", place.previous);
    Some(Fix::new(
        span,
        "language-tag",
        "`_` is not allowed in a language tag",
        format!("write `{written}`"),
    ))
}

/// Fixes triples without an end. The next tokens show whether they continue with the same subject.
fn end_of_triple(place: &FixContext<'_>) -> Option<Fix> {
    if !place.expects_any(&[expectation::AFTER_OBJECT, expectation::AFTER_OBJECT_IN_BRACKETS]) {
        return None;
    }
    let is_term = |token: &Token| {
        token.kind != TokenKind::Punctuation && !place.text[token.span.clone()].starts_with('@')
    };
    if !place.refusal.found.as_ref().is_some_and(is_term) {
        return None;
    }
    let before = place.refusal.previous.as_ref();
    if before.is_some_and(|t| t.kind == TokenKind::String && t.span.end == place.span.start) {
        let quote = &place.previous[..1];
        return Some(place.help(format!(
            "the string before it ends at its second `{quote}`: write `\\{quote}` inside a string"
        )));
    }
    let (mut terms, mut at) = (0, place.span.start);
    while let Some(token) = token_from(place.text, at) {
        let is_datatype = place.text[..token.span.start].ends_with("^^");
        if is_term(&token) && !is_datatype {
            terms += 1;
        } else if matches!(
            &place.text[token.span.clone()],
            "." | ";" | "," | "{" | "}" | "]" | "[" | "("
        ) || terms > 3
        {
            break;
        }
        at = token.span.end;
    }
    let (mark, what) = match terms {
        1 => (',', "another object"),
        2 => (';', "another property of the same subject"),
        _ => ('.', "a new triple"),
    };
    let end = place.refusal.previous.as_ref().map_or(place.span.start, |token| token.span.end);
    let previous = place.previous;
    if mark == '.' {
        return Some(Fix::new(
            end.saturating_sub(previous.len())..end,
            "dot-missing",
            format!("missing `.` after `{previous}`"),
            format!("write `{previous} .`: `{}` begins a new triple", place.word),
        ));
    }
    if mark == ',' && is_property(place, before) {
        return Some(place.help(format!(
            "write `;` before `{previous}`: a `,` separates objects of the same property"
        )));
    }
    Some(place.help(format!("for {what} write `{mark}` before it")))
}

/// Returns whether a token is an IRI or a prefixed name.
fn is_name(place: &FixContext<'_>, token: &Token) -> bool {
    let word = &place.text[token.span.clone()];
    token.kind == TokenKind::Iri
        || token.kind == TokenKind::Word && word.contains(':') && !word.starts_with("_:")
}

/// Returns whether the token before the error, which stands after a `,`, is a property in the place of an object: its
/// name begins in lower case, or a literal stands after it.
fn is_property(place: &FixContext<'_>, token: Option<&Token>) -> bool {
    let Some(token) = token else { return false };
    let local = place.previous.rsplit([':', '/', '#']).next().unwrap_or_default();
    place.text[..token.span.start].trim_end().ends_with(',')
        && (token.kind == TokenKind::Iri || place.previous.contains(':'))
        && (local.starts_with(char::is_lowercase) || place.kind() == Some(TokenKind::String))
}
