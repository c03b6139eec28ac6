//! The cells of a line: what stands between delimiters, where a delimiter within quotes or angle brackets belongs to the
//! cell.

use oxigraph::model::Literal;
use std::ops::Range;
use std::str::FromStr as _;

/// Returns the byte ranges of the cells of a line, without the white space around them. Quotes and angle brackets count
/// only where a cell begins, or its value behind an `=` if it has a name: in `5" wide | width | 5`, no cell is quoted.
pub(super) fn cells(line: &str, delimiter: char, have_names: bool) -> Vec<Range<usize>> {
    let (mut cells, mut start, mut at) = (Vec::new(), 0, 0);
    let mut begins = true;
    while let Some(next) = line[at..].chars().next() {
        if next == delimiter {
            cells.push(trimmed(line, start..at));
            start = at + next.len_utf8();
            (at, begins) = (start, true);
            continue;
        }
        let quoted = if begins { quoted_length(&line[at..]) } else { None };
        begins = (begins && next.is_whitespace()) || (have_names && next == '=');
        at += quoted.unwrap_or(next.len_utf8());
    }
    cells.push(trimmed(line, start..line.len()));
    cells
}

/// Returns the range without the white space at its ends.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let words = &text[range.clone()];
    let start = range.start + (words.len() - words.trim_start().len());
    start..(range.start + words.trim_end().len()).max(start)
}

/// Returns the length of the string or the IRI with which a text begins.
fn quoted_length(text: &str) -> Option<usize> {
    if let Some(iri) = text.strip_prefix('<') {
        return Some(iri.find('>')? + 2);
    }
    let mut is_escaped = false;
    for (at, character) in text.strip_prefix('"')?.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some(at + 2),
            _ => {}
        }
    }
    None
}

/// Returns the text of a cell: what a string in quotes stands for, and any other cell as it is.
pub(super) fn plain(cell: &str) -> String {
    string_in(cell).unwrap_or_else(|| cell.to_owned())
}

/// Returns what a string in quotes stands for, if the cell is one and has neither a type nor a language.
fn string_in(cell: &str) -> Option<String> {
    if !cell.starts_with('"') || !cell.ends_with('"') {
        return None;
    }
    Literal::from_str(cell).ok().map(|literal| literal.destruct().0)
}

/// Returns a text as a cell that [`plain()`] reads back to it: as it is if it can stand so, and otherwise in quotes.
pub(super) fn as_plain_cell(text: &str, delimiter: Option<char>) -> String {
    let stands = !text.is_empty()
        && text.trim() == text
        && !text.starts_with(['"', '<'])
        && !text.contains(|c: char| c.is_control() || Some(c) == delimiter);
    if stands { text.to_owned() } else { quoted(text) }
}

/// Returns a string in quotes, on one line.
pub(super) fn quoted(text: &str) -> String {
    Literal::new_simple_literal(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> Vec<&str> {
        cells(line, '|', false).into_iter().map(|cell| &line[cell]).collect()
    }

    #[test]
    fn quotes_and_brackets_hold_delimiters() {
        assert_eq!(split(" a | b|c "), ["a", "b", "c"]);
        assert_eq!(
            split(r#"a | "x | \" | y"@en | <x:a|b>"#),
            ["a", r#""x | \" | y"@en"#, "<x:a|b>"]
        );
        assert_eq!(split(r#"5" wide | b | c"#), [r#"5" wide"#, "b", "c"]);
        assert_eq!(split(r#""open | b"#), [r#""open"#, "b"]);
        assert_eq!(split("||"), ["", "", ""]);
        let named = r#"k="a, b", é=c = d , e"#;
        let found: Vec<_> = cells(named, ',', true).into_iter().map(|cell| &named[cell]).collect();
        assert_eq!(found, [r#"k="a, b""#, "é=c = d", "e"]);
    }

    #[test]
    fn texts_come_back_from_cells() {
        for text in ["a b", " a", "", "a\nb", "\"a\" b", "\"a\"", "<a>", "a | b", "\u{0}\\", "é"] {
            assert_eq!(plain(&as_plain_cell(text, Some('|'))), text);
            let line = format!("{} | b", as_plain_cell(text, Some('|')));
            assert_eq!(split(&line).len(), 2, "{line}");
        }
        assert_eq!(plain("\"a\"@en"), "\"a\"@en");
    }
}
