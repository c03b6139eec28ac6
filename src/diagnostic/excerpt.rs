//! Excerpts: locations in a text, with the lines that contain them.

use std::ops::Range;

/// An excerpt of a text: a line, or the lines of several locations, with the spans to mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The name of the text: a file's path, or `query`.
    pub origin: String,
    /// The first line of the excerpt, from 1.
    pub line: usize,
    /// The column of the first marked character, in characters, from 1.
    pub column: usize,
    /// The text of the lines, without the last line end.
    pub text: String,
    /// The byte ranges of `text` to mark.
    pub spans: Vec<Range<usize>>,
    /// The byte ranges of `text` to mark less prominently.
    pub context: Vec<Range<usize>>,
}

impl Excerpt {
    /// The maximum length of a line in an excerpt. A data file can be one single line.
    const LONGEST: usize = 240;

    /// Creates the excerpt for a byte range of a text. If the range has several lines, it shows the first one.
    ///
    /// `span` is clipped to the text and to whole characters, so every position is valid.
    pub fn new(origin: impl Into<String>, text: &str, span: Range<usize>) -> Self {
        let floor = |index: usize| {
            (0..=index.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
        };
        let start = floor(span.start);
        let end = floor(span.end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
        let shown_start = if start - line_start > Self::LONGEST {
            floor(start - Self::LONGEST / 2)
        } else {
            line_start
        };
        let shown_end = floor(line_end.min(shown_start + Self::LONGEST)).max(start);
        let shown = text[shown_start..shown_end].trim_end_matches('\r');
        let from = (start - shown_start).min(shown.len());
        let span = from..(end - shown_start).clamp(from, shown.len());
        Self {
            origin: origin.into(),
            line: text[..line_start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            spans: Vec::from([span]),
            context: Vec::new(),
            text: shown.to_owned(),
        }
    }

    /// Creates the excerpt for several byte ranges of a text and the related ones: all lines from the first to the
    /// last. A range of several lines is marked on its first one. Returns `None` if there are no ranges.
    pub(crate) fn of_all(
        origin: &str,
        text: &str,
        spans: &[Range<usize>],
        context: &[Range<usize>],
    ) -> Option<Self> {
        let is_in_text = |span: &&Range<usize>| text.get((*span).clone()).is_some();
        let places = || spans.iter().chain(context).filter(is_in_text).map(|span| span.start);
        let (start, last) = (places().min()?, places().max()?);
        let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = |at: usize| text[at..].find('\n').map_or(text.len(), |i| at + i);
        let marks = |spans: &[Range<usize>], but: &[Range<usize>]| {
            let mut marks: Vec<_> = spans
                .iter()
                .filter(|span| is_in_text(span) && !but.contains(span))
                .map(|span| {
                    span.start - line_start..span.end.min(line_end(span.start)) - line_start
                })
                .collect();
            marks.sort_by_key(|span| (span.start, span.end));
            marks.dedup();
            marks
        };
        Some(Self {
            spans: marks(spans, &[]),
            context: marks(context, spans),
            text: text[line_start..line_end(last)].to_owned(),
            ..Self::new(origin, text, start..start)
        })
    }

    /// Creates the excerpt for a line and a column of a text (both from 1, the column in characters).
    pub(crate) fn at_line(
        origin: impl Into<String>,
        text: &str,
        line: usize,
        column: usize,
    ) -> Self {
        let start: usize =
            text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = &text[start..];
        let offset =
            rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(i, _)| i);
        let length = rest[offset..].chars().next().map_or(0, char::len_utf8);
        Self::new(origin, text, start + offset..start + offset + length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_points_at_its_line() {
        let text = "first\nsécond line\nthird";
        let at = text.find("line").unwrap();
        let excerpt = Excerpt::new("f", text, at..at + 4);
        assert_eq!((excerpt.line, excerpt.column), (2, 8));
        assert_eq!(&excerpt.text[excerpt.spans[0].clone()], "line");
        assert_eq!(Excerpt::at_line("f", text, 2, 8).spans[0].start, excerpt.spans[0].start);
    }

    #[test]
    fn an_excerpt_takes_any_span() {
        let text = "é\n";
        for start in 0..6 {
            for end in 0..6 {
                let excerpt = Excerpt::new("f", text, start..end);
                assert!(excerpt.text.get(excerpt.spans[0].clone()).is_some());
            }
        }
        assert_eq!(Excerpt::new("f", "", 3..9).line, 1);
        assert!(Excerpt::at_line("f", "a\nb", 9, 9).spans[0].is_empty());
    }

    #[test]
    fn an_excerpt_of_a_long_line_stays_short() {
        let text = "x".repeat(10_000);
        let excerpt = Excerpt::new("f", &text, 5_000..5_001);
        assert!(excerpt.text.len() <= Excerpt::LONGEST);
        assert_eq!(excerpt.column, 5_001);
    }
}
