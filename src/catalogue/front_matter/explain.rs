//! Explains errors in front matter in the terms of its authors instead of those of a YAML parser.

use super::split_front_matter;
use crate::diagnostic::{Diagnostic, Excerpt, error, nearest};
use std::ops::Range;

/// Returns the diagnostic for front matter that the parser rejects, with a message and a line and a column of the file.
pub(super) fn problem(
    path: &str,
    text: &str,
    message: &str,
    line: usize,
    column: usize,
) -> Diagnostic {
    let excerpt = Excerpt::at_line(path, text, line, column);
    // The excerpt has the location; the parser's location is relative to the text without `#+ `.
    let message = message.split(" at line ").next().unwrap_or_default();
    let here = Here::new(text, line, column);
    let problem = in_words(message, &here).at(excerpt);
    match unclosed(text).filter(|at| Excerpt::new(path, text, *at..*at).line <= line) {
        Some(at) => bracket_unclosed(&text[at..=at]).at(Excerpt::new(path, text, at..at + 1)),
        None => problem,
    }
}

/// Returns the first bracket of the front matter that nothing closes. The parser may find the error in a later line.
fn unclosed(text: &str) -> Option<usize> {
    let mut open: Vec<usize> = Vec::new();
    let mut start = 0;
    for line in split_front_matter(text).0.split_inclusive('\n') {
        // A bracket or a quotation mark within words has no meaning.
        let (mut is_at_value, mut quote) = (true, None);
        for (at, c) in line.char_indices().skip(2) {
            match c {
                c if quote == Some(c) => quote = None,
                _ if quote.is_some() => {}
                '"' | '\'' if is_at_value => quote = Some(c),
                '{' | '[' if is_at_value => open.push(start + at),
                '}' | ']' => _ = open.pop(),
                _ => {}
            }
            is_at_value = match c {
                ':' | ',' | '{' | '[' => !open.is_empty() || c == ':',
                c => is_at_value && (c == '-' || c.is_whitespace()),
            };
        }
        start += line.len();
    }
    open.first().copied()
}

fn bracket_unclosed(bracket: &str) -> Diagnostic {
    let close = if bracket == "[" { "]" } else { "}" };
    error!("front-matter-syntax", "unclosed `{bracket}`").help(format!("close it with `{close}`"))
}

/// Finds a word of the front matter, after another one if possible: the name of a parameter, or one of its values.
pub(in crate::catalogue) fn place(text: &str, word: &str, behind: Option<&str>) -> Range<usize> {
    let (front, _) = split_front_matter(text);
    let from = behind.and_then(|name| find(front, name, 0)).map_or(0, |span| span.end);
    find(front, word, from).or_else(|| find(front, word, 0)).unwrap_or(0..0)
}

/// Finds a whole word of a text, from a byte offset on.
fn find(text: &str, word: &str, from: usize) -> Option<Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.get(from..)?.match_indices(word).find_map(|(at, _)| {
        let span = from + at..from + at + word.len();
        let is_whole = !word.is_empty()
            && !text[..span.start].ends_with(is_part)
            && !text[span.end..].starts_with(is_part);
        is_whole.then_some(span)
    })
}

/// The text at the error in the front matter.
struct Here<'a> {
    /// The field that contains it.
    field: &'a str,
    /// The value of the field.
    value: &'a str,
    /// The text from the error on.
    rest: &'a str,
    /// The line below it.
    below: &'a str,
    /// Whether the line belongs to a field above it.
    is_nested: bool,
}

impl<'a> Here<'a> {
    fn new(text: &'a str, line: usize, column: usize) -> Self {
        let mut lines = text.lines().skip(line.saturating_sub(1));
        let line = lines.next().unwrap_or_default();
        let below = lines.next().and_then(|line| line.strip_prefix("#+")).unwrap_or_default();
        let is_nested = line.starts_with("#+  ");
        let content = line.strip_prefix("#+").unwrap_or(line).trim();
        let (field, value) = content.split_once(':').unwrap_or(("", content));
        let start =
            line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(i, _)| i);
        Self { field: field.trim(), value: value.trim(), rest: &line[start..], below, is_nested }
    }

    /// Returns the field with its value in quotes, if that is short.
    fn quoted(&self) -> String {
        const LONGEST: usize = 60;
        if self.value.chars().count() > LONGEST {
            return format!("`{}: \"…\"`", self.field);
        }
        let value = self.value.replace('\\', "\\\\").replace('"', "\\\"");
        if self.field.is_empty() {
            format!("`\"{value}\"`")
        } else {
            format!("`{}: \"{value}\"`", self.field)
        }
    }
}

const EXAMPLE: &str = "write front matter in lines such as `#+ summary: Who are the members?`";

fn in_words(message: &str, here: &Here<'_>) -> Diagnostic {
    let quote = || format!("put the text in quotes: {}", here.quoted());
    if let Some((name, known)) = unknown(message, "unknown field `") {
        let problem = error!("front-matter-field", "front matter has no field `{name}` here");
        let near = nearest(name, known.split(", "));
        return problem.suggest(near, || format!("the fields are {known}"));
    }
    if let Some((name, known)) = unknown(message, "unknown variant `") {
        let problem = error!("front-matter-value", "invalid value `{name}` for `{}`", here.field);
        return problem.help(format!("expected one of {known}"));
    }
    if let Some(rest) = message.strip_prefix("duplicate mapping key: ") {
        let name = rest.split(',').next().unwrap_or_default();
        return error!("front-matter-twice", "duplicate field `{name}`").help("remove one of them");
    }
    if let Some(bracket) = message.strip_prefix("unclosed bracket '") {
        return bracket_unclosed(bracket.trim_end_matches('\''));
    }
    let begins = here.rest.chars().next().filter(|c| "*&!%@`|>".contains(*c));
    let (words, help) = match (message, begins) {
        ("unclosed quote", _) => (
            "unclosed string".to_owned(),
            "close the text with the same quotation mark that it begins with".to_owned(),
        ),
        ("mapping values are not allowed in this context", _) => {
            ("a text with a `:` must be in quotes".to_owned(), quote())
        }
        (_, Some(c)) => (format!("a text that begins with `{c}` must be in quotes"), quote()),
        _ if message.starts_with("tabs disallowed") => (
            "front matter cannot be indented with tabs".to_owned(),
            "indent with spaces".to_owned(),
        ),
        _ if message.ends_with("did not find expected key") => (
            "the indentation of this line does not match the lines before it".to_owned(),
            "start lines that belong together in the same column".to_owned(),
        ),
        ("expected sequence start", _) => (
            format!("`{}` must be a list", here.field),
            format!("write `{}: [{}]`", here.field, here.value),
        ),
        ("expected string scalar", _) => (format!("`{}` must be a text", here.field), quote()),
        _ => with_colon(here).map_or_else(
            || shape(here),
            |field| {
                let words = "a text with a `:` must be in quotes".to_owned();
                (words, format!("put the text in quotes: {}", field.quoted()))
            },
        ),
    };
    Diagnostic::error("front-matter-syntax", words).help(help)
}

/// Finds the field with an unquoted `: ` in its text: on the line, or in its braces.
fn with_colon<'a>(here: &Here<'a>) -> Option<Here<'a>> {
    let is_bare =
        |value: &str| value.contains(": ") && !value.starts_with(['"', '\'', '{', '[', '|', '>']);
    let inside = here.value.strip_prefix('{').map(|fields| fields.trim_end_matches('}'));
    let fields = inside.into_iter().flat_map(|fields| fields.split(','));
    let of_braces = fields.filter_map(|field| field.split_once(':'));
    of_braces
        .chain([(here.field, here.value)])
        .map(|(field, value)| Here {
            field: field.trim(),
            value: value.trim(),
            rest: "",
            below: "",
            is_nested: false,
        })
        .find(|field| is_bare(field.value))
}

/// Returns the unknown name, and the comma-separated list of known names.
fn unknown<'a>(message: &'a str, begin: &str) -> Option<(&'a str, &'a str)> {
    let (name, rest) = message.strip_prefix(begin)?.split_once('`')?;
    Some((name, rest.split("one of ").nth(1).unwrap_or_default()))
}

/// The fields whose values stand on the lines below them.
const MAPPINGS: [&str; 5] = ["params", "examples", "defaults", "enumerate", "mint"];

/// Describes the form of a field's value.
fn shape(here: &Here<'_>) -> (String, String) {
    let below = here.below.trim();
    let is_flush = here.below.starts_with(' ') && !here.below.starts_with("  ");
    if MAPPINGS.contains(&here.field) && here.value.is_empty() && is_flush && !below.is_empty() {
        let message = format!("the lines below `{}:` are not indented", here.field);
        return (message, format!("indent them: `#+   {below}`"));
    }
    if here.field.is_empty() && MAPPINGS.contains(&here.value) {
        let message = format!("a `:` is missing after `{}`", here.value);
        return (message, format!("write `#+ {}:`", here.value));
    }
    let (what, example) = match here.field {
        "params" => ("parameters with a description each", "params: {year: {label: a year}}"),
        "defaults" => ("parameters with a value each", "defaults: {year: 2001}"),
        "enumerate" => ("parameters with a list of values each", "enumerate: {year: [2001, 2016]}"),
        "examples" => ("cases with arguments each", "examples: {early: {year: 2001}}"),
        // (A case or a parameter: each has its own fields.)
        field if !field.is_empty() && !here.value.is_empty() && here.is_nested => {
            let message = format!("`{field}` needs names and values in braces");
            let value = here.value;
            if value.starts_with('{') && value.contains(" = ") {
                let meant = value.replace(" = ", ": ");
                return (
                    "a value is missing".to_owned(),
                    format!("write `:` instead of `=`: `{field}: {meant}`"),
                );
            }
            return (
                message,
                format!(
                    "write it like `{field}: {{ NAME: {value} }}`, with the name of a parameter in an example, or of a field in `params`"
                ),
            );
        }
        field if !field.is_empty() && here.value.is_empty() => {
            return (format!("`{field}:` has no value"), EXAMPLE.to_owned());
        }
        _ => return ("invalid front matter".to_owned(), EXAMPLE.to_owned()),
    };
    (format!("expected {what}"), format!("write it like `{example}`"))
}
