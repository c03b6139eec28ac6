//! The grammar that explains errors against the parser: what the parser takes the grammar takes, and what is refused is
//! refused with a place.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use dossier::dossier::Dossier;
use dossier::query::lexer::tokens;
use dossier::query::{is_complete, parse};
use dossier::vocabulary::Prefixes;
use proptest::prelude::*;
use spargebra::SparqlParser;
use std::time::{Duration, Instant};
use support::random_query;

/// The parser alone, without the grammar in front of it.
fn is_sparql(text: &str) -> bool {
    SparqlParser::new().parse_query(text).is_ok()
}

/// Parses a text; a problem has a place in it.
fn check(text: &str) -> Result<bool, TestCaseError> {
    match parse("query", text, &Prefixes::default()) {
        Ok(_) => Ok(true),
        Err(problem) => {
            let Some(excerpt) = &problem.excerpt else {
                return Err(TestCaseError::fail(format!("no place: {}", problem.message)));
            };
            prop_assert!(excerpt.text.get(excerpt.span.clone()).is_some());
            prop_assert!(excerpt.line <= text.split('\n').count(), "line {}", excerpt.line);
            for word in ["spargebra", "oxrdf", "Some(", "ParseError", "Err("] {
                prop_assert!(!problem.message.contains(word), "{}", problem.message);
            }
            Ok(false)
        }
    }
}

/// A change of a query: at a token, what happens to it, and with which other word.
fn change() -> impl Strategy<Value = (prop::sample::Index, u8, prop::sample::Index)> {
    (any::<prop::sample::Index>(), 0_u8..5, any::<prop::sample::Index>())
}

const WORDS: [&str; 60] = [
    "SELECT", "WHERE", "FILTER", "OPTIONAL", "UNION", "BIND", "AS", "VALUES", "GROUP", "BY",
    "ORDER", "LIMIT", "{", "}", "(", ")", "[", "]", ".", ";", ",", "=", "!=", "<", ">", "&&", "||",
    "!", "+", "-", "*", "/", "^", "|", "?", "?x", "$y", "?new", "<x:p>", "<rel>", "a", "1", "2.5",
    "-3", "1e5", "\"t\"", "'''u'''", "@en", "^^", "true", "COUNT", "STR", "NOT", "IN", "EXISTS",
    "DISTINCT", "_:b", "UNDEF", "ASC", "LATERAL",
];

fn changed(text: &str, changes: &[(prop::sample::Index, u8, prop::sample::Index)]) -> String {
    let mut words: Vec<&str> = tokens(text).into_iter().map(|t| &text[t.span]).collect();
    for (at, what, other) in changes {
        if words.is_empty() {
            break;
        }
        let at = at.index(words.len());
        match what {
            0 => {
                words.remove(at);
            }
            1 => words.insert(at, WORDS[other.index(WORDS.len())]),
            2 => words[at] = WORDS[other.index(WORDS.len())],
            3 => words.insert(at, words[at]),
            _ => {
                let with = other.index(words.len());
                words.swap(at, with);
            }
        }
    }
    // Operators of two characters are two tokens.
    let mut text = String::new();
    for (i, word) in words.iter().enumerate() {
        let before = i.checked_sub(1).map_or("", |i| words[i]);
        let is_operator = matches!(
            (before, *word),
            ("&", "&") | ("|", "|") | ("!" | "<" | ">", "=") | ("^", "^")
        );
        if !is_operator {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

proptest! {
    #![proptest_config(support::cases(400))]

    #[test]
    fn what_the_parser_takes_the_grammar_takes(query in random_query::query()) {
        prop_assert_eq!(check(&query)?, is_sparql(&query), "{}", query);
    }
}

proptest! {
    #![proptest_config(support::cases(1_500))]

    #[test]
    fn a_changed_query_is_taken_or_refused_by_both(
        query in random_query::query(),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let text = changed(&query, &changes);
        prop_assert_eq!(check(&text)?, is_sparql(&text), "{}", text);
    }

    #[test]
    fn any_text_is_taken_or_refused(text in "\\PC*|[?<>\"'{}()\\[\\]#a:. \\n\\\\@^&|=!+*/-]*") {
        check(&text)?;
        is_complete(&text);
    }

    #[test]
    fn a_query_that_breaks_off_is_not_complete(query in random_query::query(), at in any::<prop::sample::Index>()) {
        prop_assert!(!is_sparql(&query) || is_complete(&query), "{}", query);
        // Cut inside the outermost braces, between two tokens.
        if let (Some(open), Some(close)) = (query.find('{'), query.rfind('}')) {
            let cuts: Vec<usize> = tokens(&query).iter().map(|t| t.span.end)
                .filter(|end| (open + 1..=close).contains(end) && query[*end..].starts_with(' '))
                .collect();
            if is_sparql(&query) && !cuts.is_empty() {
                let cut = *at.get(&cuts);
                prop_assert!(!is_complete(&query[..cut]), "{}", &query[..cut]);
            }
        }
    }
}

#[test]
fn every_saved_query_is_taken() {
    let dossier = Dossier::built_in();
    for source in dossier.queries().unwrap().iter().chain(&dossier.checks().unwrap()) {
        let text = source.text().unwrap();
        assert!(check(text).unwrap(), "{}", source.path);
        assert!(is_complete(text), "{}", source.path);
    }
}

/// The parser alone takes time that doubles with each of these.
#[test]
fn what_would_take_too_long_is_refused() {
    for (open, close) in
        [("!(", ")"), ("SUBSTR(", ", 1)"), ("REGEX(", ", 'a')"), ("(", ")"), ("COUNT(", ")")]
    {
        let text = format!("SELECT * {{ FILTER({}?x{}) }}", open.repeat(400), close.repeat(400));
        let start = Instant::now();
        let thread = std::thread::Builder::new().stack_size(dossier::parallel::STACK);
        thread.spawn(move || check(&text).unwrap()).unwrap().join().unwrap();
        assert!(start.elapsed() < Duration::from_secs(5), "{open}: {:?}", start.elapsed());
    }
}
