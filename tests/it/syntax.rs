//! The grammar that explains errors against the parser: what the parser takes the grammar takes, and what is refused is
//! refused with a place.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
use crate::support::missing::skip;
use crate::support::random_query;
use dossier::internals::{format_query, is_accepted, is_complete, load_files, parse, tokens};
use dossier::{Diagnostic, Dossier, GraphFormat, Prefixes, RdfFile, SavedQuery, SourceFile};
use proptest::prelude::*;
use spargebra::SparqlParser;
use std::borrow::Cow;
use std::path::Path;
use std::time::{Duration, Instant};

/// The parser alone, without the grammar in front of it.
fn is_sparql(text: &str) -> bool {
    SparqlParser::new().parse_query(text).is_ok()
}

/// Parses a text with and without the grammar. They agree but for results of SELECT expressions in later ones, which
/// the parser alone refuses among groups.
fn check_beside_the_parser(text: &str) -> Result<(), TestCaseError> {
    let is_taken = check(text)?;
    match SparqlParser::new().parse_query(text) {
        Ok(_) => prop_assert!(is_taken && is_accepted(text), "{}", text),
        Err(error) => {
            let error = error.to_string();
            let is_alias = error.contains("an expression with a variable that is unbound");
            prop_assert!(!is_taken || is_alias, "{}", text);
            let is_known = error.contains("a variable that is unbound") || names_variable(text);
            prop_assert!(is_taken || is_known || !is_accepted(text), "accepted: {}", text);
        }
    }
    if is_taken {
        let failed = |problem: Diagnostic| TestCaseError::fail(problem.message);
        let once = format_query("query", text).map_err(failed)?;
        let twice = format_query("query", &once).map_err(failed)?;
        prop_assert_eq!(once, twice, "{}", text);
    }
    Ok(())
}

/// Whether a text has `GROUP BY (?x AS ?k)`, whose name the parser does not know.
fn names_variable(text: &str) -> bool {
    let is_name = |name: &str| name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let text = text.replace(['(', ')', ' '], "");
    let mut keys = text.split("GROUPBY?").skip(1).filter_map(|rest| rest.split_once("AS?"));
    keys.any(|(variable, _)| is_name(variable))
}

/// Parses a text; a problem has a place in it.
fn check(text: &str) -> Result<bool, TestCaseError> {
    match parse("query", text, &Prefixes::default()) {
        Ok(_) => Ok(true),
        Err(problem) => {
            let Some(excerpt) = &problem.excerpt else {
                return Err(TestCaseError::fail(format!("no place: {}", problem.message)));
            };
            prop_assert!(excerpt.text.get(excerpt.spans[0].clone()).is_some());
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
        check_beside_the_parser(&query)?;
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
        check_beside_the_parser(&text)?;
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

/// Reads a text as a saved query; a problem has a place in it.
fn check_saved(text: &str) -> Result<bool, TestCaseError> {
    let source = SourceFile { path: "q.rq".into(), bytes: Cow::Owned(text.as_bytes().to_owned()) };
    match SavedQuery::parse(&source) {
        Ok(_) => Ok(true),
        Err(problem) => {
            let Some(excerpt) = &problem.excerpt else {
                return Err(TestCaseError::fail(format!("no place: {}", problem.message)));
            };
            prop_assert!(excerpt.text.get(excerpt.spans[0].clone()).is_some());
            for word in ["untagged", "variant", "enum", "Policy", "struct", "CitationOptions"] {
                prop_assert!(
                    !problem.message.contains(word) || text.contains(word),
                    "{}",
                    problem.message
                );
            }
            Ok(false)
        }
    }
}

const FRONT_MATTER: &str = "#+ summary: Who?\n#+ defaults:\n#+   - year: 2001\n#+ enumerate: {side: [a, true]}\n\
    #+ params:\n#+   year: {label: a year, class: \"urn:x:State\"}\n#+   side: {description: \"which: this\"}\n\
    #+ examples:\n#+   early: {year: 2001, side: a}\n#+ tags: [x]\n#+ severity: note\n";

proptest! {
    #![proptest_config(support::cases(1_000))]

    #[test]
    fn any_front_matter_is_taken_or_refused(
        lines in prop::collection::vec("(summary|tags|params|defaults|examples|severity|  year|  - a)?:? ?(\\PC*|[\\[\\]{}:,\"'a*&!|>%@` -]*)", 0..6),
    ) {
        let front = lines.iter().fold(String::new(), |front, line| front + "#+ " + line + "\n");
        check_saved(&format!("{front}ASK {{ ?s ?p ?_year_integer . ?s ?p ?_side }}"))?;
    }

    #[test]
    fn changed_front_matter_is_taken_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), "|[\\[\\]{}:,\"'a#\n\t *&-]{0,3}", 0_usize..3), 1..4),
    ) {
        let mut front: Vec<char> = FRONT_MATTER.chars().collect();
        for (at, other, cut) in &changes {
            let at = at.index(front.len());
            let end = (at + cut).min(front.len());
            front.splice(at..end, other.chars());
        }
        let front: String = front.into_iter().collect();
        check_saved(&format!("{front}ASK {{ ?s ?p ?_year_integer . ?s ?p ?_side }}"))?;
    }

    #[test]
    fn any_turtle_is_taken_or_refused(text in "(@prefix x: <x:> \\. )?(\\PC*|[<>\"'{}()\\[\\]#a:x. \n\\\\@^;,0-9?_]*)") {
        for format in [GraphFormat::Turtle, GraphFormat::TriG, GraphFormat::NQuads, GraphFormat::RdfXml, GraphFormat::JsonLd] {
            let source = SourceFile { path: "file".into(), bytes: Cow::Owned(text.clone().into_bytes()) };
            let file = RdfFile::of(source, format);
            if let Err(error) = load_files(vec![file.into()]) {
                for problem in error.problems {
                    if let Some(excerpt) = &problem.excerpt {
                        prop_assert!(excerpt.text.get(excerpt.spans[0].clone()).is_some());
                    }
                }
            }
        }
    }
}

/// A text of a hundred times the length takes far less than the square of that to read.
#[test]
fn the_time_is_that_of_the_text() {
    let long = |count: usize| {
        let triples = "?s <x:p> \"a\" ; a ?c . OPTIONAL { ?s ?p ( 1 2 ) } ".repeat(count);
        let open = "{ ( [ <a \" ' ".repeat(count);
        [format!("SELECT * {{ {triples}"), open]
    };
    for (short, long) in long(200).into_iter().zip(long(20_000)) {
        let time = |text: &str| {
            let start = Instant::now();
            is_complete(text);
            start.elapsed()
        };
        let limit = time(&short) * 2_000 + Duration::from_millis(200);
        assert!(time(&long) < limit);
    }
}

#[test]
fn front_matter_that_the_changes_begin_with_is_taken() {
    let query = format!("{FRONT_MATTER}ASK {{ ?s ?p ?_year_integer . ?s ?p ?_side }}");
    assert!(check_saved(&query).unwrap());
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
        let thread = std::thread::Builder::new().stack_size(dossier::internals::STACK);
        thread.spawn(move || check(&text).unwrap()).unwrap().join().unwrap();
        assert!(start.elapsed() < Duration::from_secs(5), "{open}: {:?}", start.elapsed());
    }
}

/// (The case files cannot show backslashes.)
#[test]
fn a_backslash_that_escapes_nothing_is_explained() {
    let text = "SELECT * { ?s ?p <x:a>, dos:a\\xb }";
    let mut prefixes = Prefixes::default();
    prefixes.add("dos", "https://w3id.org/dossier/ontology#");
    let problem = parse("query", text, &prefixes).unwrap_err();
    assert_eq!(problem.excerpt.map(|excerpt| excerpt.column), Some(30));
    let help = r"in a name, `\` stands only before punctuation: `ex:a\,b`";
    assert_eq!(problem.help.as_deref(), Some(help));
}

/// W3C's queries that the grammar and the parser take differently, each with the reason.
const DIFFERENT: [(&str, &str); 0] = [];

/// W3C's queries, if they are there: SPARQL 1.0 and 1.1, right and wrong ones.
fn suite() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/suites/rdf-tests/sparql");
    let (mut folders, mut queries) =
        (vec![root.join("sparql10"), root.join("sparql11")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rq") {
                let name = path.strip_prefix(&root).unwrap().display().to_string();
                queries.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    queries.sort();
    queries
}

#[test]
fn the_suite_is_taken_by_the_grammar_as_by_the_parser() {
    let queries = suite();
    if queries.is_empty() {
        skip("W3C's tests of SPARQL are not beside the repository");
        return;
    }
    let mut different = Vec::new();
    let mut accepted = 0;
    for (name, text) in &queries {
        // (The tests have relative IRIs.)
        let based = format!("BASE <http://example.com/> {text}");
        let is_sparql = is_sparql(&based);
        accepted += usize::from(is_sparql);
        if is_sparql != is_accepted(&based) && !DIFFERENT.iter().any(|(known, _)| known == name) {
            different.push(name);
        }
        if let Err(problem) = format_query(name, &based) {
            assert!(!is_sparql, "{name}: {}", problem.message);
        }
    }
    assert!(different.is_empty(), "{different:#?}");
    assert!(accepted >= 400 && queries.len() >= 500, "{accepted} of {}", queries.len());
}
