//! What people write beside words that they mark in a document: a comment and tags.

use super::cells::{cells, plain};
use super::item::{HeadKey, Item, twice};
use crate::author::draft::{Draft, DraftContent, DraftStatement};
use crate::diagnostic::{Diagnostic, Fault, Severity};

/// Adds a comment to a draft. Lines that begin with `- ` are items as in Markdown sheets, and the others the reading.
pub(super) fn add_comment(draft: &mut Draft, comment: &str, problems: &mut Vec<Diagnostic>) {
    let mut reading = Vec::new();
    for line in comment.lines() {
        match line.trim().strip_prefix("- ") {
            Some(item) => match Item::parse(item) {
                Ok(Item::Content(content)) => say(draft, content),
                Ok(Item::Head(key, words)) => {
                    if key.of(draft).replace(words).is_some() {
                        problems.push(twice(key));
                    }
                }
                Err(Fault { diagnostic, .. }) => problems.push(*diagnostic),
            },
            None => reading.push(line.trim()),
        }
    }
    let reading = reading.join("\n");
    let reading = reading.trim();
    if !reading.is_empty() && HeadKey::Reading.of(draft).replace(reading.to_owned()).is_some() {
        problems.push(twice(HeadKey::Reading));
    }
}

/// Adds a tag to a draft: `S | P | O` as in Markdown sheets, `P | O` about the thing that the quote names, or the class of
/// that thing.
pub(super) fn add_tag(draft: &mut Draft, tag: &str) {
    let parts: Vec<String> =
        cells(tag, '|', false).into_iter().map(|cell| tag[cell].to_owned()).collect();
    let (subject, property, value) = match parts.as_slice() {
        [subject, property, value] => (plain(subject), plain(property), value.clone()),
        [property, value] => (draft.quote.clone(), plain(property), value.clone()),
        _ => (draft.quote.clone(), "a".to_owned(), tag.trim().to_owned()),
    };
    say(draft, DraftContent::Statement { subject, property, value });
}

fn say(draft: &mut Draft, content: DraftContent) {
    draft.says.push(DraftStatement { place: draft.place.clone(), content });
}

/// Returns the note on annotations that quote nothing, if there are any.
pub(super) fn without_quotes(file: &str, count: usize) -> Option<Diagnostic> {
    let words = match count {
        0 => return None,
        1 => "1 annotation quotes nothing, and is left out".to_owned(),
        count => format!("{count} annotations quote nothing, and are left out"),
    };
    let message = format!("`{file}`: {words}");
    Some(Diagnostic::of(Severity::Note, "annotation-without-quote", message))
}
