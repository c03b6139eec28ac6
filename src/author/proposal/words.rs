//! Drafts and their findings in words.

use super::ListedDraft;
use crate::author::draft::{Draft, DraftPlace};
use crate::author::drafting::{DraftFinding, place_of};
use crate::author::sheet::item_of;
use crate::diagnostic::{Diagnostic, Excerpt, Severity};
use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

pub(super) fn rejected_before(because: &str) -> Diagnostic {
    Diagnostic::of(Severity::Note, "draft-rejected", format!("rejected before: {because}"))
        .help("to propose it again, remove its line from `drafts/rejected.jsonl`")
}

pub(super) fn none_kept() -> Diagnostic {
    let message = "no draft was kept: a sheet could not be read in full";
    Diagnostic::of(Severity::Note, "drafts-not-kept", message)
        .help("correct the sheet, and draft it again")
}

pub(super) fn already_claimed(count: usize) -> Option<Diagnostic> {
    let words = match count {
        0 => return None,
        1 => "1 draft is in the dossier already, and is not proposed".to_owned(),
        count => format!("{count} drafts are in the dossier already, and are not proposed"),
    };
    Some(Diagnostic::of(Severity::Note, "draft-claimed", words))
}

/// Returns a finding at its place in the sheet: at the item that it concerns, or else at the quote.
pub(super) fn placed(draft: &Draft, finding: &DraftFinding) -> Diagnostic {
    let diagnostic = finding.diagnostic.clone();
    let place = finding.place.as_ref();
    let mut here = draft.says.iter().filter(|said| said.place.as_ref() == place);
    let item = match (here.next(), here.next()) {
        (Some(said), None) if place != draft.place.as_ref() => {
            marked(draft, "- ", &item_of(&said.content))
        }
        _ => quoted(draft),
    };
    at_place(place, &item, diagnostic)
}

/// Returns the first line of a quote as it stands in a sheet.
pub(super) fn quoted(draft: &Draft) -> String {
    marked(draft, "> ", draft.quote.lines().next().unwrap_or_default())
}

/// Returns words with the marker that they have in Markdown, if the draft comes from there.
fn marked(draft: &Draft, marker: &str, words: &str) -> String {
    let file = draft.place.as_ref().map_or("", |place| place.file.as_str());
    let extension = Path::new(file).extension().and_then(|extension| extension.to_str());
    let is_table_or_json = extension.is_some_and(|extension| {
        ["csv", "tsv", "json", "jsonld"].contains(&extension.to_ascii_lowercase().as_str())
    });
    if is_table_or_json { words.to_owned() } else { format!("{marker}{words}") }
}

/// Returns a diagnostic at a line of a sheet. The sheet may have changed since, so the line shows what was read. It marks
/// the words that the message names.
pub(super) fn at_place(
    place: Option<&DraftPlace>,
    line: &str,
    diagnostic: Diagnostic,
) -> Diagnostic {
    let (Some(place), None) = (place, &diagnostic.excerpt) else { return diagnostic };
    let (words, line) = (line, place.row.as_deref().unwrap_or(line));
    let start =
        ["> ", "- "].iter().find(|marker| line.starts_with(**marker)).map_or(0, |m| m.len());
    let mut named =
        diagnostic.message.split('`').skip(1).step_by(2).filter(|words| !words.is_empty());
    let span = named.find_map(|words| match &place.row {
        Some(row) => cell_with(row, words),
        None => Some(line.find(words)?..line.find(words)? + words.len()),
    });
    // A finding that names nothing is about the quote.
    let span = span.or_else(|| cell_with(place.row.as_deref()?, words));
    let excerpt = Excerpt::new(place.file.clone(), line, span.unwrap_or(start..line.len()));
    diagnostic.at(Excerpt { line: place.line.get(), ..excerpt })
}

/// Finds words in a row of a table: as a whole cell if there is one, the last of several. Quotes come first in most
/// tables.
fn cell_with(row: &str, words: &str) -> Option<Range<usize>> {
    let is_border = |c: char| matches!(c, ',' | ';' | '\t' | '"');
    let spans = || row.match_indices(words).map(|(at, _)| at..at + words.len());
    let is_cell = |span: &Range<usize>| {
        let (before, after) =
            (row[..span.start].trim_end_matches(' '), row[span.end..].trim_start_matches(' '));
        (before.is_empty() || before.ends_with(is_border))
            && (after.is_empty() || after.starts_with(is_border))
    };
    spans().filter(is_cell).last().or_else(|| spans().next())
}

/// Returns what a draft quotes and says, as in a sheet: its place and its words on the first line, and below it its items.
/// Declarations that are `shown` already are left out.
pub(crate) fn write_draft(listed: &ListedDraft, shown: &mut HashSet<String>) -> String {
    const LONGEST: usize = 120;
    let ListedDraft { draft, verified, .. } = listed;
    let mut text = String::new();
    if let Some(place) = &draft.place {
        text.push_str(&format!(" {}:{}", place.file, place.line));
    }
    let words = match &verified.claim {
        Some(claim) => {
            text.push_str(&format!(", {}", place_of(&claim.quotation.span)));
            &claim.quotation.words
        }
        None => &draft.quote,
    };
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_long = words.chars().nth(LONGEST).is_some();
    let start: String = words.chars().take(LONGEST).collect();
    text.push_str(&format!(" “{}{}”", start.trim_end(), if is_long { " …" } else { "" }));
    for said in &draft.says {
        let item = item_of(&said.content);
        if !said.content.is_declaration() || shown.insert(item.clone()) {
            text.push_str(&format!("\n    {item}"));
        }
    }
    for (key, words) in [("reading", &draft.reading), ("omit", &draft.omission)] {
        if let Some(words) = words {
            text.push_str(&format!("\n    {key}: {}", words.replace('\n', " ")));
        }
    }
    text
}
