//! Explains why a Turtle or TriG file is invalid, in the same terms as for queries.

use super::expectation::of_data;
use super::fixes::fix_data;
use super::grammar::{Language, ParseReport, read_data};
use super::said;
use crate::diagnostic::Diagnostic;
use std::ops::Range;

/// The maximum distance, in bytes, from the parser's error back to its cause.
const NEAR: usize = 200;

/// Explains why a Turtle or TriG file is invalid, if the parser reported an error near these bytes. Returns `None` if
/// the grammar finds no error there. `has_base` states whether relative IRIs have an external base.
pub(crate) fn explain_turtle(
    origin: &str,
    text: &str,
    near: Range<usize>,
    (has_graphs, has_base): (bool, bool),
) -> Option<Diagnostic> {
    let language = if has_graphs { Language::TriG } else { Language::Turtle };
    let ParseReport { refusal, .. } = read_data(text, language, has_base);
    let mut refusal = refusal?;
    let place = match (&refusal.fault, &refusal.found) {
        (Some(fault), _) => fault.span.start,
        (None, Some(found)) => found.span.start,
        (None, None) => text.len(),
    };
    let is_string = refusal.found.as_ref().is_some_and(|found| found.span.contains(&near.start));
    if !is_string && !(near.start.saturating_sub(NEAR)..=near.end).contains(&place) {
        return None;
    }
    if let Some(fault) = refusal.fault {
        return Some(fault.within(origin, text));
    }
    let fix = fix_data(text, &refusal);
    for expected in &mut refusal.expected {
        *expected = of_data(*expected);
    }
    Some(said(origin, text, "file", refusal, fix))
}
