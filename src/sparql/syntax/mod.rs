//! Parses SPARQL. The parser is `spargebra`'s, which builds the algebra but explains little if it rejects a text.
//! Therefore a grammar of our own ([`grammar`]) reads the text first. It builds nothing, but it locates the error, what
//! was expected there ([`expectation`]) and the likely intention ([`fixes`]).

mod aliases;
mod expectation;
mod fixes;
mod functions;
mod grammar;
mod names;
mod qualified;
mod turtle;

pub(crate) use functions::names as functions;
pub(crate) use turtle::explain_turtle;

use super::lexer::{Token, TokenKind, is_closed, token_from, tokens};
use super::tree::SyntaxTree;
use crate::diagnostic::{Diagnostic, Excerpt, Result, did_you_mean, error, lower_first, nearest};
use crate::vocabulary::{Prefixes, well_known};
use expectation::{Expectation, in_words};
use fixes::Fix;
use grammar::{ParseReport, Refusal};
use spargebra::{Query, SparqlParser};
use std::collections::BTreeSet;
use std::ops::Range;

/// What to write instead of an empty query.
const EXAMPLE: &str = "write a query: for example, `SELECT * { ?s ?p ?o } LIMIT 10`";

/// Parses a query. `origin` is its file or `query`; `prefixes` apply in addition to those that the text declares.
///
/// # Errors
/// If the text is not a SPARQL query: with the location, what was expected there, and a fix if one is likely. SPARQL
/// Update has a message of its own.
pub fn parse(origin: &str, text: &str, prefixes: &Prefixes) -> Result<Query, Diagnostic> {
    Ok(parse_among(origin, text, prefixes, &Prefixes::default)?.query)
}

/// A query that was parsed.
pub(crate) struct ParsedQuery<'a> {
    pub query: Query,
    /// Its text as a tree.
    pub tree: SyntaxTree<'a>,
}

/// Parses a query like [`parse`]. For an undeclared prefix, the error suggests those known elsewhere.
///
/// # Errors
/// Like those of [`parse`].
pub(crate) fn parse_among<'a>(
    origin: &str,
    text: &'a str,
    prefixes: &Prefixes,
    elsewhere: &dyn Fn() -> Prefixes,
) -> Result<ParsedQuery<'a>, Diagnostic> {
    let ParseReport { refusal, names, tree, .. } = grammar::read(text);
    check_size(origin, &tree)?;
    let prefix_at = |span: &Range<usize>| text[span.clone()].split(':').next().unwrap_or_default();
    let qualified = qualified::names(text, &names, prefixes);
    let is_known = |span: &Range<usize>| {
        let prefix = prefix_at(span);
        names.declared.contains(prefix)
            || prefixes.namespace(prefix).is_some()
            || qualified.replacements.iter().any(|(known, _)| known.start == span.start)
    };
    let unknown: Vec<_> = names.prefixed.iter().filter(|span| !is_known(span)).cloned().collect();
    if !unknown.is_empty() {
        return Err(undeclared(origin, text, &unknown, prefixes, elsewhere));
    }
    if let Some(refusal) = refusal {
        return Err(refused(origin, text, refusal));
    }
    // (The parser validates each namespace that it gets.)
    let used: BTreeSet<&str> = names.prefixed.iter().map(prefix_at).collect();
    let mut parser = SparqlParser::new();
    for (prefix, namespace) in prefixes.iter().filter(|(prefix, _)| used.contains(prefix)) {
        parser = parser.with_prefix(prefix, namespace).map_err(|error| {
            error!("iri-invalid", "the namespace of `{prefix}:` is not an IRI: {error}")
        })?;
    }
    for (prefix, namespace) in qualified.prefixes {
        parser = parser.with_prefix(&prefix, namespace).map_err(|error| {
            error!("iri-invalid", "the namespace of `{prefix}:` is not an IRI: {error}")
        })?;
    }
    let edited = aliases::Edited { aliases: names.aliases, names: qualified.replacements };
    let query = aliases::parse(parser, text, edited).map_err(|error| match names.fault {
        Some(fault) => fault.within(origin, text),
        None => explain(origin, text, &error.to_string()),
    })?;
    Ok(ParsedQuery { query, tree })
}

/// Returns whether the grammar accepts a text as a query.
pub fn is_accepted(text: &str) -> bool {
    let ParseReport { refusal, names, .. } = grammar::read(text);
    refusal.is_none() && names.fault.is_none()
}

/// Returns a function's name as the specification writes it.
pub(super) fn function_named(name: &str) -> Option<&'static str> {
    functions::function(name).map(|(name, _)| name)
}

/// Returns the tree of a query. If the text is not a query, its last node contains what follows the error.
pub(crate) fn tree_of(text: &str) -> SyntaxTree<'_> {
    grammar::read(text).tree
}

/// Returns the keywords that can follow a text in a query, or `None` if no query begins with the text. A keyword that is
/// always followed by another one stands with it, such as `ORDER BY`.
pub(crate) fn keywords_after(text: &str) -> Option<Vec<&'static str>> {
    let ParseReport { refusal, following, .. } = grammar::read(text);
    if refusal.is_some_and(|refusal| refusal.found.is_some() || refusal.fault.is_some()) {
        return None;
    }
    let is_after_operand = following.contains(&"IN");
    let whole = |keyword| match keyword {
        "GROUP" => "GROUP BY",
        "ORDER" => "ORDER BY",
        "NOT" if is_after_operand => "NOT IN",
        "NOT" => "NOT EXISTS",
        keyword => keyword,
    };
    Some(following.into_iter().map(whole).collect())
}

/// Returns the clause after a pattern that begins with a word, such as `GROUP BY`.
pub(crate) fn clause_of(word: &str) -> Option<&'static str> {
    let is_it =
        |clause: &&str| clause.split(' ').next().is_some_and(|w| w.eq_ignore_ascii_case(word));
    keywords_after("SELECT * {}")?.into_iter().find(is_it)
}

/// Returns whether a query can begin with the first token of a text.
pub(crate) fn begins_query(text: &str) -> bool {
    first(text).is_some_and(|refusal| refusal.found.is_none())
}

/// Returns whether a query or an update, which is not supported, can begin with the first token of a text.
pub(crate) fn begins_request(text: &str) -> bool {
    first(text).is_some_and(|refusal| refusal.found.is_none() || refusal.fault.is_some())
}

/// Reads the first token of a text alone, which is not a whole query.
fn first(text: &str) -> Option<Refusal> {
    grammar::read(&text[..token_from(text, 0)?.span.end]).refusal
}

/// Returns whether a text is a complete query, or cannot become one whatever follows. An interactive reader keeps
/// reading lines until this is true.
///
/// ```
/// use dossier::internals::is_complete;
///
/// assert!(is_complete("SELECT * WHERE { ?s ?p ?o }"));
/// assert!(!is_complete("SELECT * WHERE {"));
/// assert!(!is_complete("SELECT *"));
/// assert!(is_complete("SELECT * WHERE }"));
/// ```
pub fn is_complete(text: &str) -> bool {
    let is_open = |token: &Token| {
        let word = &text[token.span.clone()];
        token.kind == TokenKind::String
            && token.span.end == text.len()
            && (word.starts_with("\"\"\"") || word.starts_with("'''"))
            && !is_closed(word)
    };
    match grammar::read(text).refusal {
        Some(refusal) => refusal.found.is_some_and(|found| !is_open(&found)),
        None => true,
    }
}

/// The maximum nesting depth of brackets.
const DEEPEST: usize = 500;

/// The maximum number of groups and operators in a query. In a sequence, each adds a level to the algebra.
const LONGEST: usize = 50_000;

/// Rejects a query whose algebra would overflow the stack when it is dropped.
fn check_size(origin: &str, tree: &SyntaxTree<'_>) -> Result<(), Diagnostic> {
    let (mut depth, mut operators) = (0_usize, 0_usize);
    for token in tree.root().tokens() {
        let word = token.text();
        match (token.token(), word) {
            (Some(TokenKind::Punctuation), "(" | "{" | "[") => depth += 1,
            (Some(TokenKind::Punctuation), ")" | "}" | "]") => depth = depth.saturating_sub(1),
            (Some(TokenKind::Punctuation), "." | "," | ";") => continue,
            (Some(TokenKind::Punctuation), _) => {}
            (Some(TokenKind::Word), word) if word.bytes().all(|b| b.is_ascii_alphabetic()) => {}
            _ => continue,
        }
        operators += match word {
            "(" | ")" | "UNDEF" | "true" | "false" => 0,
            // (The bound was measured when each character of an operator counted.)
            "&&" | "||" | "!=" | "<=" | ">=" | "^^" => 2,
            _ => 1,
        };
        if depth > DEEPEST || operators > LONGEST {
            let reason = if depth > DEEPEST {
                format!("more than {DEEPEST} brackets are nested here")
            } else {
                format!("it has more than {LONGEST} groups, operators and keywords")
            };
            return Err(error!("query-too-large", "this query is too large: {reason}")
                .at(Excerpt::new(origin, tree.text(), token.span()))
                .help("put long lists of values in VALUES or IN, which do not count"));
        }
    }
    Ok(())
}

/// Returns the prefixes that a query or a Turtle file declares.
pub fn declared_prefixes(text: &str) -> Prefixes {
    let mut prefixes = Prefixes::default();
    for (prefix, iri, _) in declarations(text) {
        prefixes.add(prefix, iri);
    }
    prefixes
}

/// Returns the prefixes that a query or a Turtle file declares, with their namespaces and the places of both.
pub(crate) fn declarations(text: &str) -> Vec<(&str, &str, Range<usize>)> {
    let tokens = tokens(text);
    let word = |token: &Token| &text[token.span.clone()];
    let declarations = tokens.windows(3).filter_map(|three| {
        let [keyword, prefix, iri] = three else { return None };
        let is_prefix = word(keyword).trim_start_matches('@').eq_ignore_ascii_case("PREFIX");
        let name = word(prefix).strip_suffix(':').filter(|_| is_prefix)?;
        let namespace = word(iri).strip_prefix('<')?.strip_suffix('>')?;
        Some((name, namespace, prefix.span.start..iri.span.end))
    });
    declarations.collect()
}

/// Returns the diagnostic for the first invalid token.
fn refused(origin: &str, text: &str, refusal: Refusal) -> Diagnostic {
    let fix = fixes::fix(text, &refusal);
    said(origin, text, "query", refusal, fix)
}

/// Returns the diagnostic for an invalid token. `what` describes the text.
fn said(origin: &str, text: &str, what: &str, refusal: Refusal, fix: Option<Fix>) -> Diagnostic {
    if let Some(fault) = refusal.fault {
        return fault.within(origin, text);
    }
    let expected = in_words(text, &refusal.expected);
    let closing = refusal.expected.iter().find_map(|expected| match expected {
        Expectation::Close(bracket, opening) => Some((*bracket, *opening)),
        _ => None,
    });
    let end = refusal.previous.as_ref().map_or(0, |token| token.span.end);
    let problem = match (&refusal.found, closing) {
        (Some(found), _) => {
            let word = shortened(&text[found.span.clone()]);
            error!("syntax-error", "expected {expected}, but found `{word}`").at(Excerpt::new(
                origin,
                text,
                found.span.clone(),
            ))
        }
        (None, Some((bracket, opening))) => {
            let open = &text[opening..=opening];
            error!("bracket-unbalanced", "unclosed `{open}`")
                .at(Excerpt::new(origin, text, opening..opening + 1))
                .help(format!("close it with `{bracket}`"))
        }
        (None, None) if refusal.previous.is_none() => {
            let problem = error!("text-unfinished", "the {what} is empty");
            let problem = problem.at(Excerpt::new(origin, text, 0..0));
            if what == "query" { problem.help(EXAMPLE) } else { problem }
        }
        (None, None) => error!("text-unfinished", "the {what} ends too early: expected {expected}")
            .at(Excerpt::new(origin, text, end..end)),
    };
    let Some(fix) = fix else { return problem };
    let problem = Diagnostic {
        id: fix.id.map(Into::into).or(problem.id),
        message: fix.message.unwrap_or(problem.message),
        ..problem
    };
    let problem = match refusal.found {
        Some(_) => problem.at(Excerpt::new(origin, text, fix.span)),
        None => problem,
    };
    problem.help(fix.help)
}

/// Shortens a word for a message.
fn shortened(word: &str) -> String {
    const LONGEST: usize = 40;
    if word.chars().count() <= LONGEST && !word.contains(['\n', '\r']) {
        return word.to_owned();
    }
    let line = word.lines().next().unwrap_or_default();
    format!("{}…", line.chars().take(LONGEST).collect::<String>())
}

/// Returns the diagnostic for undeclared prefixes. It shows the first one and suggests all known declarations at once.
fn undeclared(
    origin: &str,
    text: &str,
    names: &[Range<usize>],
    prefixes: &Prefixes,
    elsewhere: &dyn Fn() -> Prefixes,
) -> Diagnostic {
    let prefix_of = |name: &Range<usize>| text[name.clone()].split(':').next().unwrap_or_default();
    let name = names.first().cloned().unwrap_or_default();
    let prefix = prefix_of(&name);
    let elsewhere = elsewhere();
    let declaration = |prefix: &str| {
        let namespace = elsewhere.namespace(prefix).or_else(|| well_known(prefix))?;
        Some(format!("PREFIX {prefix}: <{namespace}>"))
    };
    let mut missing: Vec<&str> = Vec::new();
    for prefix in names.iter().map(prefix_of) {
        if !missing.contains(&prefix) {
            missing.push(prefix);
        }
    }
    let declared = declared_prefixes(text);
    // Front matter stays at the top.
    let place = if text.starts_with("#+") { "below the `#+` lines" } else { "at the top" };
    let known = prefixes.iter().chain(declared.iter()).map(|(prefix, _)| prefix);
    let help = if declaration(prefix).is_some() {
        let declarations: Vec<String> = missing.into_iter().filter_map(declaration).collect();
        let known = match (declarations.len(), elsewhere.namespace(prefix)) {
            (1, Some(_)) => "the dossier declares it; ",
            _ => "",
        };
        format!("{known}add {place}: `{}`", declarations.join(" "))
    } else if let ("", Some(own)) = (prefix, own_prefix(&declared)) {
        let local = text[name.clone()].trim_start_matches(':');
        did_you_mean(format_args!("{own}:{local}"))
    } else if let Some(near) = nearest(prefix, known.chain(elsewhere.iter().map(|(p, _)| p))) {
        did_you_mean(format_args!("{near}:"))
    } else {
        format!("add {place}: `PREFIX {prefix}: <…>`, with its namespace")
    };
    let span = name.start..name.start + prefix.len() + 1;
    error!("prefix-undeclared", "the prefix `{prefix}:` is not declared")
        .at(Excerpt::new(origin, text, span))
        .help(help)
}

/// Returns the only declared prefix that is not that of a well-known vocabulary.
pub(super) fn own_prefix(declared: &Prefixes) -> Option<&str> {
    let mut own = declared.iter().map(|(prefix, _)| prefix);
    let first = own.find(|prefix| well_known(prefix).is_none())?;
    own.all(|prefix| well_known(prefix).is_some()).then_some(first)
}

/// Turns a message of the parser, `error at LINE:COLUMN: expected …`, into a diagnostic with a location.
fn explain(origin: &str, text: &str, message: &str) -> Diagnostic {
    let parts = message.strip_prefix("error at ").and_then(|rest| {
        let (place, expected) = rest.split_once(": expected ")?;
        let (line, column) = place.split_once(':')?;
        Some((line.parse().ok()?, column.parse().ok()?, expected))
    });
    let Some((line, column, reason)) = parts else {
        return error!("syntax-error", "invalid SPARQL query: {message}");
    };
    let excerpt = token_at(origin, text, line, column);
    // If a rule of the language is broken, the parser states it in a sentence among the expected tokens. A list of
    // tokens alone is too long to help.
    let is_sentence = |part: &&str| part.contains(' ') && !part.starts_with(['"', '[']);
    let expected = reason.strip_prefix("one of ").unwrap_or(reason);
    let reason = match expected.split(", ").find(is_sentence) {
        Some(sentence) => lower_first(sentence),
        None => match &excerpt.text[excerpt.spans[0].clone()] {
            "" => "it ends too early".to_owned(),
            found => format!("unexpected `{found}`"),
        },
    };
    error!("syntax-error", "invalid SPARQL query: {reason}").at(excerpt)
}

/// Returns the token at a position, or the rest of it from there.
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

#[cfg(test)]
mod tests {
    use super::{explain, is_complete};
    use spargebra::SparqlParser;

    /// (Our own grammar rejects these before the parser sees them.)
    #[test]
    fn errors_of_the_parser_are_recognised() {
        for (text, message, place) in [
            ("ASK {", "it ends too early", (1, 6)),
            (
                "SELECT ?a { ?b ?c ?d } GROUP BY ?b",
                "the SELECT contains a variable that is unbound",
                (1, 35),
            ),
        ] {
            let error = SparqlParser::new().parse_query(text).unwrap_err().to_string();
            let problem = explain("q", text, &error);
            let message = format!("invalid SPARQL query: {message}");
            let excerpt = problem.excerpt.unwrap();
            assert_eq!(
                (problem.message, (excerpt.line, excerpt.column)),
                (message, place),
                "{error}"
            );
        }
    }

    #[test]
    fn what_is_open_goes_on() {
        for open in [
            "SELECT",
            "SELECT *",
            "SELECT * {",
            "SELECT * { ?s ?p ?o FILTER(?o",
            "SELECT * { ?s ?p [ ",
            "ASK { ?s ?p \"\"\"a }",
            "ASK { ?s ?p '''a\n\n",
            "PREFIX ex: <http://example.com/>",
            "PREFIX ex: <http://example.com/> SELECT ?s",
            "# a remark\nASK",
            "SELECT * { ?s ?p ?o # }",
        ] {
            assert!(!is_complete(open), "{open}");
        }
    }

    #[test]
    fn what_is_closed_or_wrong_does_not() {
        for whole in [
            "ASK {}",
            "SELECT * { ?s ?p ?o } ORDER BY ?s",
            "DESCRIBE ex:a",
            "PREFIX ex: <http://example.com/> DESCRIBE ex:a",
            "SELECT * { ?s ?p ')' }",
            "SELECT * { ?s ?p \"a\\\"{\" }",
            "SELECT * { ?s ?p ?o ) }",
            "SELECT * }",
            "nonsense",
            "ASK { ?s ?p \"open }\n }",
        ] {
            assert!(is_complete(whole), "{whole}");
        }
    }
}
