//! Errors of JSON-LD: of its JSON syntax and of its content.

use crate::diagnostic::{Diagnostic, error, lower_first};
use serde::de::IgnoredAny;
use serde_json::error::Category;
use std::iter;
use std::ops::Range;

/// Returns the diagnostic for invalid JSON and its location.
pub(crate) fn json_problem(text: &str) -> Option<(Range<usize>, Diagnostic)> {
    const MESSAGES: [(&str, &str, Option<&str>); 8] = [
        (
            "trailing characters",
            "unexpected text after the end of the JSON",
            Some("put several objects into `[ … ]`, with `,` between them"),
        ),
        (
            "key must be a string",
            "expected a key in `\"`",
            Some("write keys in double quotes: `\"name\": …`"),
        ),
        ("expected `:`", "expected `:` after the key", None),
        (
            "expected `,` or `}`",
            "expected `,` or `}`",
            Some("check for a missing `,` between two entries, or an extra quote"),
        ),
        (
            "expected `,` or `]`",
            "expected `,` or `]`",
            Some("check for a missing `,` between two values"),
        ),
        ("invalid escape", "invalid escape in a string", Some("write a backslash as `\\\\`")),
        (
            "control character",
            "the line ends inside a string",
            Some("close the string with `\"`; write a new line inside it as `\\n`"),
        ),
        (
            "expected value",
            "expected a value",
            Some(
                "a value is a string in `\"`, a number, `true`, `false`, `null`, `[ … ]` or `{ … }`",
            ),
        ),
    ];
    let error = serde_json::from_str::<IgnoredAny>(text).err()?;
    let message = error.to_string();
    if message.starts_with("recursion") {
        return None;
    }
    if error.classify() == Category::Eof {
        let (start, open) = never_closed(text)?;
        let problem = error!("json-syntax", "unclosed `{open}`");
        return Some((
            start..start + 1,
            problem.help(match open {
                '{' => "close it with `}`",
                '[' => "close it with `]`",
                _ => "close it with `\"`",
            }),
        ));
    }
    let line: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let mut start = (line + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let length = text[start..].chars().next().map_or(0, char::len_utf8);
    let before = text[..start].trim_end();
    if text[start..].starts_with(['}', ']']) && before.ends_with(',') {
        let problem = error!("json-syntax", "nothing follows this `,`").help("remove the `,`");
        return Some((before.len() - 1..before.len(), problem));
    }
    if message.starts_with("expected `,`") && text[start..].starts_with('"') {
        let problem = error!("json-syntax", "missing `,` before this").help("write `,` before it");
        return Some((start..start + length, problem));
    }
    let known = MESSAGES.iter().find(|(begin, ..)| message.starts_with(begin));
    let problem = match known {
        Some((_, message, help)) => {
            let problem = Diagnostic::error("json-syntax", *message);
            match help {
                Some(help) => problem.help(*help),
                None => problem,
            }
        }
        None => {
            Diagnostic::error("json-syntax", message.split(" at line ").next().unwrap_or_default())
        }
    };
    Some((start..start + length, problem))
}

/// Returns the last unclosed bracket or quote of a JSON text, with its position.
fn never_closed(text: &str) -> Option<(usize, char)> {
    let mut open = Vec::new();
    let (mut quote, mut escaped) = (None, false);
    for (i, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote.is_some() => escaped = true,
            '"' => quote = if quote.is_some() { None } else { Some(i) },
            '{' | '[' if quote.is_none() => open.push((i, c)),
            '}' | ']' if quote.is_none() => {
                open.pop();
            }
            _ => {}
        }
    }
    quote.map(|i| (i, '"')).or_else(|| open.pop())
}

/// The parser's message if, for example, a term definition is a number.
const NO_DEFINITION: &str = "Term definition value must be";

/// The beginning of the parser's message if the address of a context is relative to nothing.
const RELATIVE_CONTEXT: &str = "Invalid remote context URL '";

/// A part of the parser's message if contexts include each other.
const TOO_MANY_CONTEXTS: &str = "remote context, threshold exceeded";

/// Turns a message of the JSON-LD parser about valid JSON into a diagnostic.
pub(super) fn json_ld_in_words(message: &str) -> Diagnostic {
    if let Some(context) = message.strip_prefix(RELATIVE_CONTEXT) {
        let address = context.split('\'').next().unwrap_or_default();
        error!(
            "json-ld-context-remote",
            "the address of the context `{address}` is relative, and the file has no address"
        )
        .help("say with `--base IRI` what it is relative to")
    } else if message.contains(TOO_MANY_CONTEXTS) {
        error!("json-ld-context", "its contexts include each other, or are nested too deep")
            .help("remove the address of a context that includes this one")
    } else if message.starts_with(NO_DEFINITION) {
        error!("json-ld-context", "a term in its context is neither an IRI nor a map")
            .help("write `\"name\": \"http://example.com/name\"`, or `\"name\": {\"@id\": …}`")
    } else {
        let words = message
            .split(' ')
            .map(|word| if word.starts_with('@') { format!("`{word}`") } else { word.to_owned() });
        Diagnostic::error("json-ld-syntax", lower_first(&words.collect::<Vec<_>>().join(" ")))
    }
}

/// How many parts of an address are compared with the text of its file.
const MOST_PARTS: usize = 32;

/// Locates a context in a JSON-LD file: the string with its address, or with the end of it if it is relative, otherwise
/// `@context`.
pub(super) fn context_place(text: &str, address: &str) -> Option<Range<usize>> {
    let ends = address.match_indices('/').take(MOST_PARTS).map(|(slash, _)| &address[slash + 1..]);
    let words = iter::once(address).chain(ends).filter(|word| !word.is_empty()).chain(["@context"]);
    words.into_iter().find_map(|word| {
        let quoted = format!("\"{word}\"");
        text.find(&quoted).map(|start| start..start + quoted.len())
    })
}

/// Locates an error in a JSON-LD file, because its parser does not: at the words that the message names, if they occur
/// once.
pub(super) fn json_ld_place(text: &str, message: &str) -> Option<Range<usize>> {
    let keyword = message.split([' ', ',']).find(|word| word.starts_with('@'));
    let is_of_context = message.starts_with(NO_DEFINITION) || message.contains(TOO_MANY_CONTEXTS);
    let keyword = if is_of_context { Some("@context") } else { keyword };
    let quoted = message.split('\'').nth(1).filter(|quoted| !quoted.is_empty());
    let word = format!("\"{}\"", quoted.or(keyword)?);
    let start = text.find(&word)?;
    let is_alone = !text[start + word.len()..].contains(&word);
    is_alone.then_some(start..start + word.len())
}
