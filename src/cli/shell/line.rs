//! What a line is: a command, a query, or a command of the shell itself.

use crate::sparql::lexer::token_from;
use crate::sparql::{begins_request, clause_of, is_complete};

/// The kind of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    /// Nothing but white space and remarks.
    Empty,
    /// A command of the shell, which begins with a dot.
    Dot,
    /// A command of the command line.
    Command,
    /// A query.
    Query,
    /// None of these.
    Unknown,
}

/// What a text is, where these commands are known.
pub(super) fn kind<'a>(text: &str, commands: impl IntoIterator<Item = &'a str>) -> LineKind {
    let Some(first) = text.split_whitespace().next() else { return LineKind::Empty };
    if first.starts_with('.') {
        return LineKind::Dot;
    }
    if commands.into_iter().any(|command| command == first) {
        return LineKind::Command;
    }
    match token_from(text, 0) {
        None => LineKind::Empty,
        // An update is refused in its own words.
        Some(_) if begins_request(text) => LineKind::Query,
        Some(_) => LineKind::Unknown,
    }
}

/// Whether a text can be done, or is to be read on. An empty line at its end says that there is no more.
pub(super) fn is_whole(text: &str, kind: LineKind) -> bool {
    if text.ends_with('\n') {
        return true;
    }
    match kind {
        LineKind::Empty | LineKind::Unknown => true,
        // `.query` has a query behind it, or nothing.
        LineKind::Dot => match text.trim().strip_prefix(".query") {
            Some(query) => !query.starts_with(char::is_whitespace) || is_complete(query),
            None => true,
        },
        LineKind::Command => shlex::split(text).is_some(),
        LineKind::Query => is_complete(text),
    }
}

/// Whether a line goes on with a query that could have ended before it.
pub(super) fn goes_on(line: &str) -> bool {
    let first = token_from(line, 0).map(|token| &line[token.span]);
    // (`LIMIT10` lacks a space.)
    first.is_some_and(|word| clause_of(word.trim_end_matches(char::is_numeric)).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> LineKind {
        kind(text, ["run", "list", "load"])
    }

    #[test]
    fn the_first_word_tells_what_a_line_is() {
        for (text, expected) in [
            ("", LineKind::Empty),
            ("  \t ", LineKind::Empty),
            ("# a remark", LineKind::Empty),
            (".help", LineKind::Dot),
            ("run members", LineKind::Command),
            ("load x.ttl", LineKind::Command),
            ("LOAD <x:y>", LineKind::Query),
            ("  select * { ?s ?p ?o }", LineKind::Query),
            ("SELECT*{?s ?p ?o}", LineKind::Query),
            ("# why\nASK {}", LineKind::Query),
            ("insert data { <x:a> <x:b> 1 }", LineKind::Query),
            ("members", LineKind::Unknown),
            ("{ ?s ?p ?o }", LineKind::Unknown),
            ("'run' members", LineKind::Unknown),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_open_is_read_on() {
        let whole = |text: &str| is_whole(text, of(text));
        assert!(whole("run members"));
        assert!(!whole("run status 'state=New"));
        assert!(!whole("SELECT * {"));
        assert!(whole("SELECT * {\n"));
        assert!(whole("SELECT * {\n}"));
        assert!(whole("nonsense {"));
        assert!(whole(".query"));
        assert!(whole(".query ASK {\n}"));
        assert!(!whole(".query ASK {"));
    }

    #[test]
    fn modifiers_go_on() {
        for line in ["ORDER BY ?s", "  limit 3", "LIMIT3", "VALUES(?s){}"] {
            assert!(goes_on(line), "{line}");
        }
        for line in ["", "}", "run order", "ordering", "SELECT * {}", "# ORDER"] {
            assert!(!goes_on(line), "{line}");
        }
    }
}
