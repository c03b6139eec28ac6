//! Edits of a text.

use std::ops::Range;

/// Returns a text in which other texts stand in place of some spans, which do not overlap.
pub(crate) fn with_edits(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(span, _)| span.start);
    let mut edited = String::with_capacity(text.len() + 10 * edits.len());
    let mut copied = 0;
    for (span, new) in edits {
        edited.push_str(&text[copied..span.start]);
        edited.push_str(&new);
        copied = span.end;
    }
    edited.push_str(&text[copied..]);
    edited
}
