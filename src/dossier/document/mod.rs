//! The text of a document: its passages, and the location of quotes in it.

mod abbreviations;
mod header;
mod layout;
mod locator;
mod markdown;
mod markers;
mod outline;
mod plain;
mod sentences;

pub(crate) use layout::{TextBlock, TextLine};
pub(crate) use locator::{LocatorUnit, PassageLocator, PassagePart};

use layout::Block;
use memchr::memmem::Finder;
use outline::Outline;
use serde::Serialize;
use std::ops::Range;

/// The text of a document, split into passages.
///
/// The blocks before the first one of prose are the header; each of its lines is a passage. Each later block is a
/// paragraph, whose sentences are passages, as are the sentences of list items and the rows of tables. Passages are in
/// the order of the text and do not overlap; marks, such as the number of an item, stand in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    text: String,
    passages: Vec<Passage>,
    blocks: Vec<Block>,
    /// The number of characters that begin before each [`STEP`] of bytes.
    characters: Vec<usize>,
}

/// The number of bytes between two entries of the character index.
const STEP: usize = 1 << 12;

/// A sentence of a paragraph or of a list item, a row of a table, or a line of the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The locator of the passage.
    pub place: PassageLocator,
    /// The byte range in the text.
    pub span: Range<usize>,
}

/// The reason why a quote does not occur exactly once in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOneQuote {
    /// It does not occur, or not between its prefix and its suffix.
    Absent,
    /// It occurs this many times.
    Ambiguous(usize),
}

/// Words of a document, with their passages and character positions.
#[derive(Debug, Serialize)]
pub(crate) struct DocumentWords<'a> {
    places: Vec<PassageLocator>,
    text: &'a str,
    start: usize,
    end: usize,
}

impl Document {
    /// Splits a plain text into its passages.
    pub fn new(text: &str) -> Self {
        let mut outline = Outline::of(text);
        plain::read(text, &mut outline);
        Self::with(text, outline)
    }

    /// Splits a Markdown text into its passages. The words remain those of the text, with the marks among them.
    pub fn markdown(text: &str) -> Self {
        let mut outline = Outline::of(text);
        markdown::read(text, &mut outline);
        Self::with(text, outline)
    }

    fn with(text: &str, outline: Outline<'_>) -> Self {
        let mut before = 0;
        let characters = text.as_bytes().chunks(STEP).map(|bytes| {
            let here = before;
            before += beginning_in(bytes);
            here
        });
        let characters = characters.collect();
        let (passages, blocks) = outline.finish();
        Self { text: text.to_owned(), passages, blocks, characters }
    }

    /// Returns the whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the passages, in the order of the text.
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }

    /// Returns the passages that overlap a byte range of the text.
    pub(crate) fn passages_at(&self, span: Range<usize>) -> &[Passage] {
        let start = self.passages.partition_point(|passage| passage.span.end <= span.start);
        let end = self.passages.partition_point(|passage| passage.span.start < span.end);
        &self.passages[start..end.max(start)]
    }

    /// Returns the byte range of a quote. `prefix` and `suffix` are the text directly before and after it, as in a
    /// [text quote selector](https://www.w3.org/TR/annotation-model/#text-quote-selector). They may be empty.
    ///
    /// # Errors
    /// If the quote does not occur exactly once.
    pub(crate) fn locate(
        &self,
        quote: &str,
        prefix: &str,
        suffix: &str,
    ) -> Result<Range<usize>, NotOneQuote> {
        let mut places = self.occurrences(quote).filter(|span| {
            self.text[..span.start].ends_with(prefix) && self.text[span.end..].starts_with(suffix)
        });
        match (places.next(), places.count()) {
            (Some(span), 0) => Ok(span),
            (Some(_), more) => Err(NotOneQuote::Ambiguous(more + 1)),
            (None, _) => Err(NotOneQuote::Absent),
        }
    }

    /// Returns the byte ranges at which words occur in the text. They may overlap.
    pub(crate) fn occurrences<'a>(
        &'a self,
        words: &str,
    ) -> impl Iterator<Item = Range<usize>> + 'a {
        let first = words.chars().next().map(char::len_utf8);
        let length = words.len();
        // The text may be long, and a page may have many claims about the same text.
        let finder = Finder::new(words).into_owned();
        let mut from = 0;
        std::iter::from_fn(move || {
            let first = first?;
            let start = from + finder.find(&self.text.as_bytes()[from..])?;
            from = start + first;
            Some(start..start + length)
        })
    }

    /// Returns the words of a byte range with their locators, as JSON shows them.
    pub(crate) fn words_at(&self, span: Range<usize>) -> DocumentWords<'_> {
        let characters = self.characters(span.clone());
        DocumentWords {
            places: self.passages_at(span.clone()).iter().map(|passage| passage.place).collect(),
            text: &self.text[span],
            start: characters.start,
            end: characters.end,
        }
    }

    /// Converts a byte range of the text to characters (Unicode code points), as in Web Annotation, end exclusive.
    pub fn characters(&self, span: Range<usize>) -> Range<usize> {
        let before = |at: usize| {
            let step = (at / STEP).min(self.characters.len().saturating_sub(1));
            let known = self.characters.get(step).copied().unwrap_or_default();
            known + beginning_in(&self.text.as_bytes()[step * STEP..at])
        };
        before(span.start)..before(span.end)
    }
}

/// Counts the characters that begin in a slice of UTF-8.
fn beginning_in(bytes: &[u8]) -> usize {
    // The other bytes of a character are 10xxxxxx.
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// Trims white space from both ends of a range.
fn trim(text: &str, span: Range<usize>) -> Range<usize> {
    let part = &text[span.clone()];
    let start = span.start + (part.len() - part.trim_start().len());
    start..(start + part.trim().len()).min(span.end)
}

#[cfg(test)]
impl Document {
    /// Returns the passages, each with its locator before its words.
    fn listed(&self) -> Vec<String> {
        let show = |passage: &Passage| {
            let words: Vec<&str> = self.text[passage.span.clone()].split_whitespace().collect();
            format!("{}: {}", passage.place.short(), words.join(" "))
        };
        self.passages.iter().map(show).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_anywhere() {
        for text in [String::new(), "a".repeat(STEP), "aé€😀\n".repeat(STEP)] {
            let document = Document::new(&text);
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            for (number, &at) in places.iter().enumerate().step_by(997) {
                assert_eq!(document.characters(at..text.len()), number..places.len());
            }
            assert_eq!(document.characters(text.len()..text.len()).start, places.len());
        }
    }

    const TEXT: &str =
        "Title\n\nOne: 1\nTwo: 2\n\nFirst sentence. Second,\nover a line. \n\nLast (e.g. this).\n";

    #[test]
    fn header_lines_and_sentences_are_counted() {
        let place = |place: PassagePart| PassageLocator { page: None, part: place };
        let line = |line| place(PassagePart::HeaderLine(line));
        let at = |paragraph, sentence| place(PassagePart::Sentence { paragraph, sentence });
        let document = Document::new(TEXT);
        let words = |passage: &Passage| (passage.place, TEXT[passage.span.clone()].to_owned());
        assert_eq!(
            document.passages().iter().map(words).collect::<Vec<_>>(),
            [
                (line(1), "Title".to_owned()),
                (line(2), "One: 1".to_owned()),
                (line(3), "Two: 2".to_owned()),
                (at(1, 1), "First sentence.".to_owned()),
                (at(1, 2), "Second,\nover a line.".to_owned()),
                (at(2, 1), "Last (e.g. this).".to_owned()),
            ]
        );
    }

    #[test]
    fn a_quote_stands_once_or_its_surroundings_tell() {
        let document = Document::new("a b a c a");
        assert_eq!(document.locate("b", "", ""), Ok(2..3));
        assert_eq!(document.locate("a", "", ""), Err(NotOneQuote::Ambiguous(3)));
        assert_eq!(document.locate("a", "", " c"), Ok(4..5));
        assert_eq!(document.locate("a", "c ", ""), Ok(8..9));
        assert_eq!(document.locate("a", "x", ""), Err(NotOneQuote::Absent));
        assert_eq!(document.locate("", "", ""), Err(NotOneQuote::Absent));
        assert_eq!(Document::new("aaa").locate("aa", "", ""), Err(NotOneQuote::Ambiguous(2)));
    }

    #[test]
    fn offsets_are_characters() {
        let document = Document::new("é ü");
        let span = document.locate("ü", "", "").unwrap();
        assert_eq!(span, 3..5);
        assert_eq!(document.characters(span), 2..3);
    }

    #[test]
    fn a_span_touches_passages() {
        let document = Document::new(TEXT);
        let at = |words: &str| document.passages_at(document.locate(words, "", "").unwrap()).len();
        assert_eq!(at("Title"), 1);
        assert_eq!(at("sentence. Second"), 2);
        assert!(document.passages_at(5..7).is_empty());
    }
}
