//! The numbers of passages: header lines, paragraphs with their sentences, items and rows, and pages.

use super::layout::Block;
use super::locator::{PassageLocator, PassagePart};
use super::{Passage, trim};
use std::ops::Range;

/// The passages of a text so far. What reads the text calls it for each part, in the order of the text.
pub(super) struct Outline<'a> {
    text: &'a str,
    passages: Vec<Passage>,
    blocks: Vec<Block>,
    /// Where the pages after the first one begin.
    page_starts: Vec<usize>,
    /// The number of these that have begun.
    turned: usize,
    has_body: bool,
    header_lines: u32,
    paragraph: u32,
    item: u32,
    row: u32,
    sentence: u32,
}

impl<'a> Outline<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self {
            text,
            passages: Vec::new(),
            blocks: Vec::new(),
            page_starts: memchr::memchr_iter(FORM_FEED, text.as_bytes()).map(|at| at + 1).collect(),
            turned: 0,
            has_body: false,
            header_lines: 0,
            paragraph: 0,
            item: 0,
            row: 0,
            sentence: 0,
        }
    }

    /// Returns whether the header has ended.
    pub(super) const fn has_body(&self) -> bool {
        self.has_body
    }

    /// Returns the passages and the blocks.
    pub(super) fn finish(self) -> (Vec<Passage>, Vec<Block>) {
        (self.passages, self.blocks)
    }

    /// Adds a line of the header.
    pub(super) fn header_line(&mut self, span: Range<usize>) {
        self.turn_pages(span.start);
        if self.header_lines == 0 {
            self.blocks.push(Block::new(self.page(), None, span.start));
        }
        self.header_lines += 1;
        self.push(PassagePart::HeaderLine(self.header_lines), span);
    }

    /// Begins a paragraph, which ends the header.
    pub(super) fn paragraph(&mut self, start: usize) {
        self.turn_pages(start);
        self.has_body = true;
        self.paragraph += 1;
        (self.item, self.row, self.sentence) = (0, 0, 0);
        self.blocks.push(Block::new(self.page(), Some(self.paragraph), start));
    }

    /// Begins a list item.
    pub(super) const fn item(&mut self) {
        self.item += 1;
        self.sentence = 0;
    }

    /// Adds sentences of the item, or of the paragraph, whose positions count from `start`.
    pub(super) fn sentences(&mut self, start: usize, sentences: Vec<Range<usize>>) {
        for span in sentences {
            self.sentence(start + span.start..start + span.end);
        }
    }

    /// Adds a sentence of the item, or of the paragraph.
    pub(super) fn sentence(&mut self, span: Range<usize>) {
        self.sentence += 1;
        let (paragraph, sentence) = (self.paragraph, self.sentence);
        let part = match self.item {
            0 => PassagePart::Sentence { paragraph, sentence },
            item => PassagePart::Item { paragraph, item, sentence },
        };
        self.push(part, span);
    }

    /// Adds a row of a table, without the bars at its ends. A row without words is a line between rows. In an item, a
    /// row is a sentence.
    pub(super) fn row(&mut self, line: Range<usize>) {
        let is_edge = |c: char| c == '|' || c.is_whitespace();
        let row = &self.text[line.clone()];
        let start = line.start + (row.len() - row.trim_start_matches(is_edge).len());
        let row = row.trim_matches(is_edge);
        let span = start..start + row.len();
        if !row.contains(char::is_alphanumeric) {
            return;
        }
        if self.item > 0 {
            self.sentence(span);
            return;
        }
        self.row += 1;
        self.push(PassagePart::Row { paragraph: self.paragraph, row: self.row }, span);
    }

    /// Records that the paragraph is prose up to a position: its lines may be broken anew.
    pub(super) fn prose_ends(&mut self, end: usize) {
        if let Some(block) = self.blocks.last_mut() {
            block.prose.end = end;
        }
    }

    fn push(&mut self, part: PassagePart, span: Range<usize>) {
        let span = trim(self.text, span);
        self.passages.push(Passage { place: PassageLocator { page: self.page(), part }, span });
    }

    /// Returns the number of the page, or `None` if the text has no pages.
    fn page(&self) -> Option<u32> {
        let page = u32::try_from(self.turned + 1).ok();
        page.filter(|_| !self.page_starts.is_empty())
    }

    fn turn_pages(&mut self, at: usize) {
        while self.page_starts.get(self.turned).is_some_and(|&start| start <= at) {
            self.turned += 1;
            (self.header_lines, self.paragraph) = (0, 0);
        }
    }
}

/// The character that begins a page.
pub(super) const FORM_FEED: u8 = b'\x0c';
