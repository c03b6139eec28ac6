//! How the blocks of a text are laid out: which lines may be broken anew, and which stand as they are.

use super::locator::{PassageLocator, PassagePart};
use super::{Document, trim};
use std::ops::Range;

/// A block of a text, as it is numbered: the header of a page, or a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    page: Option<u32>,
    paragraph: Option<u32>,
    /// The prose that it begins with, which may be empty.
    pub(super) prose: Range<usize>,
}

impl Block {
    pub(super) const fn new(page: Option<u32>, paragraph: Option<u32>, start: usize) -> Self {
        Self { page, paragraph, prose: start..start }
    }
}

/// A block of a text, as it is read: the header of a page, or a paragraph. The blocks contain everything except white
/// space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextBlock {
    /// The number of the page, if the text has pages.
    pub page: Option<u32>,
    /// The number of the paragraph, or `None` for the header.
    pub paragraph: Option<u32>,
    /// Its prose, and each other line.
    pub lines: Vec<TextLine>,
}

/// A line of a text, or prose of several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextLine {
    /// The byte range in the text, without white space at its ends.
    pub span: Range<usize>,
    /// The number of characters that it is indented by.
    pub indent: usize,
    /// Whether it is prose.
    pub is_prose: bool,
    /// The header line, list item or row that begins in it.
    pub begins: Option<PassagePart>,
}

impl TextBlock {
    /// Returns the byte range of the whole block.
    pub(crate) fn span(&self) -> Range<usize> {
        let start = self.lines.first().map_or(0, |line| line.span.start);
        start..self.lines.last().map_or(start, |line| line.span.end)
    }
}

impl Document {
    /// Returns the header, followed by the paragraphs.
    pub(crate) fn blocks(&self) -> Vec<TextBlock> {
        let text = self.text();
        // A text without passages has no blocks, but may have marks.
        let only = [Block::new(None, None, 0)];
        let blocks = if self.blocks.is_empty() { &only } else { &self.blocks[..] };
        let mut start = 0;
        let mut laid_out = Vec::new();
        for (number, block) in blocks.iter().enumerate() {
            let end = blocks.get(number + 1).map_or(text.len(), |next| {
                let before = &text[..next.prose.start];
                before.rfind(['\n', '\x0c']).map_or(0, |end| end + 1).max(block.prose.end)
            });
            let mut lines = self.lines(start..block.prose.start);
            if block.prose.is_empty() {
                // The marks before the first passage stand in its line.
                lines = self.lines(start..end);
            } else {
                let span = block.prose.clone();
                lines.push(TextLine { span, indent: 0, is_prose: true, begins: None });
                lines.extend(self.lines(block.prose.end..end));
            }
            if !lines.is_empty() {
                laid_out.push(TextBlock { page: block.page, paragraph: block.paragraph, lines });
            }
            start = end;
        }
        laid_out
    }

    /// Returns the lines of a part of the text that are not empty.
    fn lines(&self, part: Range<usize>) -> Vec<TextLine> {
        let mut start = part.start;
        let mut lines = Vec::new();
        for line in self.text()[part].split_inclusive(['\n', '\x0c']) {
            let span = trim(self.text(), start..start + line.len());
            if !span.is_empty() {
                let indent = self.text()[start..span.start].chars().count();
                let begins = self.begins_in(&span);
                lines.push(TextLine { span, indent, is_prose: false, begins });
            }
            start += line.len();
        }
        lines
    }

    /// Returns the header line, list item or row that begins in a line.
    fn begins_in(&self, line: &Range<usize>) -> Option<PassagePart> {
        let mut passages = self.passages_at(line.clone()).iter();
        let first = passages.find(|passage| passage.span.start >= line.start)?;
        let PassageLocator { part, .. } = first.place;
        match part {
            PassagePart::HeaderLine(_)
            | PassagePart::Row { .. }
            | PassagePart::Item { sentence: 1, .. } => Some(part),
            PassagePart::Sentence { .. } | PassagePart::Item { .. } => None,
        }
    }
}
