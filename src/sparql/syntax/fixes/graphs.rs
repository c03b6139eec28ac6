//! Fixes for marks around the graphs of TriG: a missing one before a graph, a superfluous one after it.

use super::{Fix, FixContext, is_name};
use crate::sparql::lexer::token_from;
use crate::sparql::syntax::expectation;

/// Fixes a statement without its `.`, after which a graph begins.
pub(super) fn dot_before_graph(place: &FixContext<'_>) -> Option<Fix> {
    let found = place.refusal.found.as_ref()?;
    let last = place.refusal.previous.as_ref()?;
    let name =
        if place.is("GRAPH") { token_from(place.text, found.span.end)? } else { found.clone() };
    let brace = token_from(place.text, name.span.end)?;
    if !place.expects(expectation::AFTER_OBJECT)
        || !place.refusal.open.is_empty()
        || !is_name(place, &name)
        || &place.text[brace.span] != "{"
    {
        return None;
    }
    let end = last.span.end;
    let line = place.text[..end].matches('\n').count() + 1;
    Some(Fix::new(
        end.saturating_sub(place.text[..end].chars().next_back().map_or(0, char::len_utf8))..end,
        "dot-missing",
        format!(
            "`{}` begins a graph, but the statement before it has no `.`",
            &place.text[name.span]
        ),
        format!("write `.` at the end of line {line}"),
    ))
}

/// Fixes a mark after the closing brace of a graph.
pub(super) fn mark_after_graph(place: &FixContext<'_>) -> Option<Fix> {
    let is_mark = matches!(place.word, "." | ";" | ",");
    let follows = place.previous == "}" && place.refusal.open.is_empty();
    (is_mark && follows)
        .then(|| place.help(format!("remove the `{}`: a graph ends with its `}}`", place.word)))
}
