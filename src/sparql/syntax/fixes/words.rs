//! Fixes for misspelt words, misplaced words and words of other languages.

use super::{Fix, FixContext};
use crate::diagnostic::{did_you_mean, nearest};
use crate::sparql::declared_prefixes;
use crate::sparql::lexer::token_from;
use crate::sparql::syntax::functions::{foreign, function, names};
use crate::sparql::syntax::{clause_of, expectation, is_accepted, own_prefix};

/// Fixes case-sensitive words: `a`, `true` or `false`.
pub(super) fn small_word(place: &FixContext<'_>) -> Option<Fix> {
    let lower = place.word.to_ascii_lowercase();
    match place.word {
        "a" if !place.expects(expectation::QUERY) => Some(place.say(
            "syntax-error",
            "`a` is not allowed here",
            "it is short for the property `rdf:type`",
        )),
        "A" if place.expects_any(&[expectation::PROPERTY, expectation::PATH]) => {
            Some(place.help("write `a` in lower case"))
        }
        word if matches!(lower.as_str(), "true" | "false") && word != lower => {
            Some(place.help(format!("write `{lower}`")))
        }
        _ => None,
    }
}

/// Fixes functions without brackets around them, and unknown functions.
pub(super) fn function_name(place: &FixContext<'_>) -> Option<Fix> {
    const PLACES: [&str; 4] =
        [expectation::OPERAND, expectation::CONSTRAINT, expectation::KEY, expectation::SELECTED];
    let is_call = place.text[place.span.end..].trim_start().starts_with('(');
    let word = place.word;
    if !is_call || !place.is_plain_word() || !place.expects_any(&PLACES) {
        return None;
    }
    if place.expects(expectation::SELECTED) && function(word).is_some() {
        let (call, name) = (call(place), word.to_ascii_lowercase());
        let help = format!("write it in brackets, with a name: `({call} AS ?{name})`");
        return Some(place.help(help));
    }
    let is_keyword =
        |word: &str| place.refusal.keywords.iter().any(|k| k.eq_ignore_ascii_case(word));
    let message = format!("unknown function `{word}`");
    match foreign(word).or_else(|| nearest(word, names())) {
        Some(near) => Some(place.say("function-unknown", message, did_you_mean(near))),
        None if is_keyword(word)
            || nearest(word, place.refusal.keywords.iter().copied()).is_some() =>
        {
            None
        }
        None => Some(place.say(
            "function-unknown",
            message,
            "section 17.4 of SPARQL 1.1 lists the functions",
        )),
    }
}

/// Fixes misplaced clauses.
pub(super) fn clause(place: &FixContext<'_>) -> Option<Fix> {
    let word = place.word;
    if place.is("UNION") {
        return Some(place.help("write both sides in braces: `{ … } UNION { … }`"));
    }
    if place.expects(expectation::STAR) && (place.is("WHERE") || place.is("FROM")) {
        return Some(place.help("name the variables to select, or write `*` for all"));
    }
    // A keyword and a number without a space, such as `LIMIT10`.
    if let Some(at) = word.find(|c: char| c.is_ascii_digit())
        && let parted = format!("{} {}", &word[..at], &word[at..])
        && place.expects(expectation::END)
        && is_accepted(&format!("SELECT * {{}} {parted}"))
    {
        return Some(place.help(format!("write `{parted}`")));
    }
    let clause = clause_of(word)?;
    if place.expects(expectation::END) {
        let order = "the order is `GROUP BY`, `HAVING`, `ORDER BY`, `LIMIT` and `OFFSET`, `VALUES`";
        return Some(place.help(order));
    }
    place.closes("}").then(|| place.help(format!("close the pattern with `}}` before `{clause}`")))
}

/// Fixes misspelt keywords and keywords of other languages.
pub(super) fn keyword(place: &FixContext<'_>) -> Option<Fix> {
    const OTHERS: [(&str, &str); 11] = [
        ("ORDERBY", "write `ORDER BY`"),
        ("GROUPBY", "write `GROUP BY`"),
        ("TOP", "write `LIMIT` and the number at the end of the query"),
        ("JOIN", "triples that share a variable are joined: write one after the other"),
        ("MATCH", "a query begins with `SELECT`: `SELECT * WHERE { … }`"),
        ("NULL", "write `UNDEF` in VALUES, and `!BOUND(?x)` in a condition"),
        ("IFNULL", "write `COALESCE(…)`"),
        ("CASE", "write `IF(condition, then, else)`"),
        ("DISTINCT", "write it directly after `SELECT`, or after the `(` of an aggregate"),
        ("EXPLAIN", "use the option `--explain`"),
        ("SORT", "write `ORDER BY`"),
    ];
    if !place.is_plain_word() {
        return None;
    }
    if let Some((_, help)) = OTHERS.iter().find(|(other, _)| place.is(other)) {
        return Some(place.help(*help));
    }
    let near = nearest(place.word, place.refusal.keywords.iter().copied())?;
    (place.word.len() > 2 || near.len() == place.word.len()).then(|| place.help(did_you_mean(near)))
}

/// Fixes words without a `?`, quotes or a prefix.
pub(super) fn bare_word(place: &FixContext<'_>) -> Option<Fix> {
    const VARIABLES: [&str; 4] =
        [expectation::SELECTED, expectation::VARIABLE, expectation::RESULT, expectation::KEY];
    const TERMS: [&str; 4] =
        [expectation::OPERAND, expectation::OBJECT, expectation::PATTERN, expectation::PROPERTY];
    let word = place.word;
    if !place.is_plain_word() {
        return None;
    }
    if let Some(meant) = hyphenated(place) {
        return Some(place.help(format!("the name of a variable has no `-`: write `{meant}`")));
    }
    if place.expects(expectation::CONSTRAINT) {
        return Some(place.help("write the condition in brackets: `FILTER(…)`"));
    }
    if place.expects_any(&VARIABLES) && is_sql(place.text) {
        return Some(place.say(
            "syntax-error",
            "this is SQL, but the data has no tables",
            "write what to find as a pattern: `SELECT ?name WHERE { ?thing a ex:Class ; rdfs:label ?name }`",
        ));
    }
    if place.expects(expectation::GRAPH) {
        let help = "`FROM` names a graph by its IRI, not a table: write `SELECT * WHERE { ?s ?p ?o } LIMIT 10`, for example";
        return Some(place.help(help));
    }
    if place.expects_any(&VARIABLES) {
        return Some(place.help(format!("a variable begins with `?`: `?{word}`")));
    }
    place.expects_any(&TERMS).then(|| {
        let declared = declared_prefixes(place.text);
        let prefix = own_prefix(&declared).unwrap_or("ex");
        Fix { id: Some("bare-word"), ..place.help(format!(
            "write a variable as `?{word}`, a string as `\"{word}\"`, and a name with a prefix, such as `{prefix}:{word}`"
        )) }
    })
}

/// Returns a variable whose name was written with a hyphen: `?first_name` for `?first-name`.
fn hyphenated(place: &FixContext<'_>) -> Option<String> {
    let before = place.text.get(..place.span.start)?.strip_suffix('-')?;
    let name_start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '_'))?;
    let variable = &before[name_start..];
    let is_variable = variable.starts_with(['?', '$']) && variable.len() > 1;
    is_variable.then(|| format!("{variable}_{}", place.word))
}

/// Returns whether a query selects from a table: its `FROM` stands before a plain word.
fn is_sql(text: &str) -> bool {
    let mut words = text.split_whitespace().skip_while(|word| !word.eq_ignore_ascii_case("FROM"));
    let table = words.nth(1).unwrap_or_default();
    table.starts_with(char::is_alphabetic)
        && !table.contains(':')
        && !table.eq_ignore_ascii_case("NAMED")
}

/// Returns the function call that begins at the error, up to its closing bracket.
fn call<'a>(place: &FixContext<'a>) -> &'a str {
    let mut depth = 0_usize;
    let mut at = place.span.end;
    while let Some(token) = token_from(place.text, at) {
        at = token.span.end;
        match &place.text[token.span] {
            "(" => depth += 1,
            ")" if depth <= 1 => return &place.text[place.span.start..at],
            ")" => depth -= 1,
            "{" | "}" => break,
            _ => {}
        }
    }
    "COUNT(*)"
}
