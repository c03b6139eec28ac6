//! Fixes for texts of several words without quotation marks.

use super::FixContext;
use crate::sparql::syntax::expectation;

/// Returns the words that begin at the error and stand in the place of an object, as a string, if there are several: they
/// go on to the mark after the object, or to the end of the line.
pub(super) fn quoted_words(place: &FixContext<'_>) -> Option<String> {
    let line = place.rest().lines().next().unwrap_or_default();
    let is_end = |(at, c): &(usize, char)| {
        let rest = &line[at + c.len_utf8()..];
        match c {
            ';' | '"' | '{' | '}' | '[' | ']' | '<' | '\\' => true,
            '.' => rest.trim_start().is_empty() || rest.trim_start().starts_with('}'),
            ',' => is_object(rest.trim_start()),
            _ => false,
        }
    };
    let end = line.char_indices().find(is_end).map_or(line.len(), |(at, _)| at);
    let words = line[..end].trim();
    let is_tag =
        |tag: &str| !tag.is_empty() && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let (text, tag) = match words.rsplit_once('@').filter(|(_, tag)| is_tag(tag)) {
        Some((text, tag)) => (text.trim(), format!("@{tag}")),
        None => (words, String::new()),
    };
    let is_text = place.expects(expectation::OBJECT)
        && text.contains(' ')
        && !text.contains([':', '#'])
        && !line[end..].starts_with(['"', '[', '{', '<', '\\']);
    is_text.then(|| format!("\"{text}\"{tag}"))
}

/// Returns whether a text begins with another object: a string or a name.
fn is_object(rest: &str) -> bool {
    let word = rest.split_whitespace().next().unwrap_or_default();
    rest.starts_with(['"', '\'', '<', '[']) || word.contains(':')
}
