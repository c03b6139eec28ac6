//! The structure of plain text: blocks between empty lines, with the lists and tables in them.

use super::header::{ends_sentence, is_fields, is_long, is_prose};
use super::markers::{Marker, Markers};
use super::outline::{FORM_FEED, Outline};
use super::sentences::Prose;
use super::trim;
use std::ops::Range;

/// A line that is not empty.
struct Line {
    /// The byte range in the text, without white space at its ends.
    span: Range<usize>,
    /// The number of characters that it is indented by.
    indent: usize,
}

/// What a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineKind {
    /// Prose, or an item that began in a line before.
    Words,
    /// The first line of an item, whose words begin at this position.
    Item(usize),
    /// A row of a table, or a line between rows.
    Row,
}

/// Adds the passages of a plain text.
pub(super) fn read(text: &str, outline: &mut Outline<'_>) {
    for block in blocks(text) {
        let kinds = kinds(text, &block);
        let span = span(&block);
        let words = &text[span.clone()];
        let is_body = is_prose(words)
            || kinds.iter().any(|kind| matches!(kind, LineKind::Item(_)))
            || Marker::of(words).is_some_and(|marker| marker.is_bullet())
            || (kinds.contains(&LineKind::Row) && !is_fields(words));
        if is_body || outline.has_body() {
            read_block(text, &block, &kinds, outline);
        } else {
            for line in block {
                outline.header_line(line.span);
            }
        }
    }
}

/// Adds the passages of a block of the body.
fn read_block(text: &str, block: &[Line], kinds: &[LineKind], outline: &mut Outline<'_>) {
    let mut last = None;
    let mut at = 0;
    while let (Some(line), Some(&kind)) = (block.get(at), kinds.get(at)) {
        // The words before a list or a table belong to it.
        if matches!(
            (last, kind),
            (None, _)
                | (Some(LineKind::Row), LineKind::Words | LineKind::Item(_))
                | (Some(LineKind::Item(_)), LineKind::Row)
        ) {
            outline.paragraph(line.span.start);
        }
        let goes_on = |next: &&LineKind| kind != LineKind::Row && **next == LineKind::Words;
        let more = kinds[at + 1..].iter().take_while(goes_on).count();
        let end = block[at + more].span.end;
        match kind {
            LineKind::Row => outline.row(line.span.clone()),
            LineKind::Item(start) => {
                outline.item();
                outline.sentences(start, Prose::new(&text[start..end]).sentences());
            }
            LineKind::Words => {
                let start = line.span.start;
                outline.sentences(start, Prose::new(&text[start..end]).sentences());
                outline.prose_ends(end);
            }
        }
        last = Some(kind);
        at += 1 + more;
    }
}

/// Returns what each line of a block belongs to.
fn kinds(text: &str, block: &[Line]) -> Vec<LineKind> {
    let words = |line: &Line| &text[line.span.clone()];
    let is_row: Vec<bool> = block.iter().map(|line| is_table_line(words(line))).collect();
    // One line with a tab or a bar is not a table.
    let in_table = |at: usize| {
        is_row[at] && (at > 0 && is_row[at - 1] || is_row.get(at + 1).is_some_and(|&next| next))
    };
    let lines: Vec<&str> = (block.iter().enumerate())
        .map(|(at, line)| if in_table(at) { "" } else { words(line) })
        .collect();
    let markers = Markers::of(&lines);
    // One bullet is enough if the next line is indented. A number with such lines is that of a paragraph.
    let is_list = markers.count() > 1
        || (block.windows(2).enumerate()).any(|(at, lines)| {
            markers.at(at).is_some() && !in_table(at + 1) && lines[0].indent < lines[1].indent
        });
    let kind = |(at, line): (usize, &Line)| match markers.at(at) {
        _ if in_table(at) => LineKind::Row,
        Some(marker) if is_list => LineKind::Item(line.span.start + marker.length),
        _ => LineKind::Words,
    };
    block.iter().enumerate().map(kind).collect()
}

/// Returns whether a line looks like a row of a table, or like the line between two rows.
fn is_table_line(line: &str) -> bool {
    let words = Marker::of(line).map_or(line, |marker| &line[marker.length..]);
    let is_between = |line: &str| {
        line.starts_with('+') && line.len() > 2 && line.chars().all(|c| "+-=".contains(c))
    };
    words.contains(['\t', '|']) || is_between(line)
}

/// Returns the lines of the blocks, which empty lines separate.
fn blocks(text: &str) -> Vec<Vec<Line>> {
    let mut blocks: Vec<Vec<Line>> = Vec::new();
    let mut start = 0;
    // Whether an empty line, and whether a page break, stands between the last block and here.
    let (mut is_apart, mut is_turned) = (true, false);
    for piece in text.split_inclusive(['\n', '\x0c']) {
        let raw = start..start + piece.len();
        start = raw.end;
        let span = trim(text, raw.clone());
        let turns = piece.as_bytes().last() == Some(&FORM_FEED);
        if span.is_empty() {
            // What follows a form feed in its line is not an empty line.
            let is_rest = raw.start.checked_sub(1).map(|at| text.as_bytes()[at]) == Some(FORM_FEED);
            is_apart |= !turns && !is_rest;
            is_turned |= turns;
            continue;
        }
        let line = Line { indent: text[raw.start..span.start].chars().count(), span };
        match blocks.last_mut() {
            Some(block) if goes_on(text, block, &line, is_apart, is_turned) => block.push(line),
            _ => blocks.push(vec![line]),
        }
        (is_apart, is_turned) = (false, turns);
    }
    blocks
}

/// Returns whether a line goes on with a block. A page break in a paragraph does not end it.
fn goes_on(text: &str, block: &[Line], line: &Line, is_apart: bool, is_turned: bool) -> bool {
    if !is_turned {
        return !is_apart;
    }
    let (before, line) = (&text[span(block)], &text[line.span.clone()]);
    if ends_sentence(before) {
        return !is_apart;
    }
    let is_part = Marker::of(line).is_some() || is_table_line(line);
    if is_part {
        return !is_apart;
    }
    // A title, a running head and the number of a page are short, and a sentence goes on after none of them.
    line.starts_with(char::is_lowercase) || (is_long(before) && !before.ends_with(':'))
}

/// Returns the byte range of a block.
fn span(block: &[Line]) -> Range<usize> {
    let start = block.first().map_or(0, |line| line.span.start);
    start..block.last().map_or(start, |line| line.span.end)
}

#[cfg(test)]
mod tests {
    use super::super::{Document, PassageLocator};
    use proptest::prelude::*;

    /// The passages of a text, one per line: its locator, then its words.
    fn passages(text: &str) -> Vec<String> {
        Document::new(text).listed()
    }

    #[test]
    fn the_header_ends_where_prose_begins() {
        assert!(passages("").is_empty());
        assert_eq!(passages("Only a title"), ["header, line 1: Only a title"]);
        assert_eq!(
            passages("Title\n\nWho met?\n\nA heading\n\nThey met.[2]"),
            ["header, line 1: Title", "¶1 s1: Who met?", "¶2 s1: A heading", "¶3 s1: They met.[2]",]
        );
        assert_eq!(
            passages("Title\n\n- Tea\n- Coffee"),
            ["header, line 1: Title", "¶1 item 1: Tea", "¶1 item 2: Coffee"]
        );
        assert_eq!(
            passages("From: Ada\nTo:\tBen\nDate:\t1984\n\n• Tea"),
            [
                "header, line 1: From: Ada",
                "header, line 2: To: Ben",
                "header, line 3: Date: 1984",
                "¶1 s1: • Tea",
            ]
        );
    }

    #[test]
    fn list_items_are_passages() {
        // The words before a list belong to it, and nested items are counted with the others.
        assert_eq!(
            passages(
                "There are:\n- Tea. It is\n  green.\n  1. Assam\n  2. Darjeeling\n- Coffee\n\nThat is all."
            ),
            [
                "¶1 s1: There are:",
                "¶1 item 1: Tea.",
                "¶1 item 1 s2: It is green.",
                "¶1 item 2: Assam",
                "¶1 item 3: Darjeeling",
                "¶1 item 4: Coffee",
                "¶2 s1: That is all.",
            ]
        );
        assert_eq!(
            passages("(a) The parties agree.\n(b) 2. Tea is free.\n"),
            ["¶1 item 1: The parties agree.", "¶1 item 2: 2. Tea is free."]
        );
        // One bullet is a list if its lines are indented. A number is that of a paragraph.
        assert_eq!(passages("- The parties\n  agree."), ["¶1 item 1: The parties agree."]);
        assert_eq!(
            passages("2. The parties\n   agree. They sign."),
            ["¶1 s1: 2. The parties agree.", "¶1 s2: They sign."]
        );
        assert_eq!(
            passages("1. The parties\nagree.\n\n– So they say\nhere."),
            ["¶1 s1: 1. The parties agree.", "¶2 s1: – So they say here."]
        );
        assert_eq!(
            passages("It was held on\n3. Mai 2001 and\n9. Juni 2004."),
            ["¶1 s1: It was held on 3. Mai 2001 and 9. Juni 2004."]
        );
    }

    #[test]
    fn rows_of_tables_are_passages() {
        let table = [
            "¶1 s1: Members:",
            "¶1 row 1: State | Since",
            "¶1 row 2: India | 2017",
            "¶2 s1: Source: the society.",
        ];
        assert_eq!(
            passages(
                "Members:\n| State | Since |\n|---|:-:|\n| India | 2017 |\nSource: the society."
            ),
            table
        );
        assert_eq!(
            passages(
                "Members:\n+------+\n| State | Since |\n+======+\n| India | 2017 |\nSource: the society."
            ),
            table
        );
        assert_eq!(
            passages("State\tSince\nIndia\t2017\n\nOne\ttab is no table.\n\n-\tTea\n-\tCoffee"),
            [
                "¶1 row 1: State Since",
                "¶1 row 2: India 2017",
                "¶2 s1: One tab is no table.",
                "¶3 item 1: Tea",
                "¶3 item 2: Coffee",
            ]
        );
    }

    #[test]
    fn pages_count_their_paragraphs() {
        assert_eq!(
            passages("Title\n\nIt met.\n\n12\n\n\x0cIt ended. So\n\n\x0cit was.\n\nThe end.\n\x0c"),
            [
                "p. 1, header, line 1: Title",
                "p. 1, ¶1 s1: It met.",
                "p. 1, ¶2 s1: 12",
                "p. 2, ¶1 s1: It ended.",
                "p. 2, ¶1 s2: So it was.",
                "p. 3, ¶1 s1: The end.",
            ]
        );
        // Without an empty line, a paragraph runs over the break; a title page does not.
        assert_eq!(
            passages("Title\n\x0cIt met.\x0c\nIt ended.\n\x0c\nThe end."),
            [
                "p. 1, header, line 1: Title",
                "p. 2, ¶1 s1: It met.",
                "p. 2, ¶1 s2: It ended.",
                "p. 2, ¶1 s3: The end."
            ]
        );
        assert_eq!(
            passages("- Tea\n- Coffee\n\x0c- Water\n\n\x0c\nThe end."),
            [
                "p. 1, ¶1 item 1: Tea",
                "p. 1, ¶1 item 2: Coffee",
                "p. 1, ¶1 item 3: Water",
                "p. 3, ¶1 s1: The end."
            ]
        );
    }

    /// Texts with all that the structure depends on.
    fn texts() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "tea", "Ada", "é", "日本", "Dr.", "1984", "1.", "2)", "(a)", "ii.", "-", "•", "*", "|",
            "\t", ".", "?", ". ", "[2]", "²", "”", "“", " ", "  ", "\n", "\n", "\n\n", "\n  ",
            "\x0c", "+--+", ":", "\u{2028}", "U.S.", "z. B.", "\u{301}",
        ]);
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn passages_are_in_order_and_contain_the_words(text in prop_oneof![texts(), "(?s).{0,40}"]) {
            let document = Document::new(&text);
            prop_assert_eq!(&document, &Document::new(&text));
            let mut end = 0;
            let mut last: Option<PassageLocator> = None;
            let mut between = String::new();
            for passage in document.passages() {
                prop_assert!(end <= passage.span.start && passage.span.start < passage.span.end);
                prop_assert!(last.is_none_or(|last| last < passage.place));
                let words = &text[passage.span.clone()];
                prop_assert_eq!(words, words.trim());
                between += &text[end..passage.span.start];
                between.push(' ');
                (end, last) = (passage.span.end, Some(passage.place));
            }
            between += &text[end..];
            // The marks of items are numbers or letters.
            let is_mark = |word: &str| !word.contains(char::is_alphanumeric) || super::Marker::of(&format!("{word} x")).is_some();
            let marks: Vec<&str> = between.split(|c: char| c.is_whitespace() || c == '|').collect();
            prop_assert!(marks.iter().all(|word| is_mark(word)), "{:?}", between);
            // The blocks contain everything except white space.
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            let lines = document.blocks().into_iter().flat_map(|block| block.lines);
            let whole: String = lines.map(|line| bare(&text[line.span])).collect();
            prop_assert_eq!(whole, bare(&text));
        }

        #[test]
        fn line_ends_make_no_difference(text in texts()) {
            prop_assert_eq!(passages(&text), passages(&text.replace('\n', "\r\n")));
        }
    }
}
