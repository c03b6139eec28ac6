//! The locators of passages.

use serde::{Serialize, Serializer};
use std::cmp::Ordering;

/// The locator of a passage, as people cite it. All numbers count from 1. Locators are ordered as the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PassageLocator {
    /// The page on which the passage's block begins, if the text has pages. Each page counts its own header lines and
    /// paragraphs.
    pub page: Option<u32>,
    /// The place in the text, or on the page.
    pub part: PassagePart,
}

/// The place of a passage in a text or on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PassagePart {
    /// A line of the header, not counting empty lines.
    HeaderLine(u32),
    /// A sentence of a paragraph.
    Sentence {
        /// The number of the paragraph, counted after the header.
        paragraph: u32,
        /// The number of the sentence in the paragraph.
        sentence: u32,
    },
    /// A sentence of a list item.
    Item {
        /// The number of the paragraph, which is the list with the words before it.
        paragraph: u32,
        /// The number of the item, including the items of nested lists.
        item: u32,
        /// The number of the sentence in the item.
        sentence: u32,
    },
    /// A row of a table.
    Row {
        /// The number of the paragraph, which is the table with the words before it.
        paragraph: u32,
        /// The number of the row.
        row: u32,
    },
}

/// What one number of a locator counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LocatorUnit {
    Page,
    HeaderLine,
    Paragraph,
    Item,
    Row,
    Sentence,
}

impl LocatorUnit {
    /// Returns the name of the unit in JSON, which is the local name of its property in RDF.
    const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::HeaderLine => "headerLine",
            Self::Paragraph => "paragraph",
            Self::Item => "item",
            Self::Row => "row",
            Self::Sentence => "sentence",
        }
    }
}

impl PassageLocator {
    /// Returns the numbers of the locator with their units, the largest unit first.
    pub(crate) fn numbers(self) -> impl Iterator<Item = (LocatorUnit, u32)> {
        use LocatorUnit::{HeaderLine, Item, Page, Paragraph, Row, Sentence};
        let inside = match self.part {
            PassagePart::HeaderLine(line) => [Some((HeaderLine, line)), None, None],
            PassagePart::Sentence { paragraph, sentence } => {
                [Some((Paragraph, paragraph)), Some((Sentence, sentence)), None]
            }
            PassagePart::Item { paragraph, item, sentence } => {
                [Some((Paragraph, paragraph)), Some((Item, item)), Some((Sentence, sentence))]
            }
            PassagePart::Row { paragraph, row } => {
                [Some((Paragraph, paragraph)), Some((Row, row)), None]
            }
        };
        self.page.map(|page| (Page, page)).into_iter().chain(inside.into_iter().flatten())
    }

    /// Returns the locator in words: `paragraph 3, sentence 4`, `page 2, paragraph 1, item 3`, or `header, line 2`.
    pub fn words(&self) -> String {
        let words = self.spoken().map(|(unit, number)| match unit {
            LocatorUnit::HeaderLine => format!("header, line {number}"),
            unit => format!("{} {number}", unit.name()),
        });
        words.collect::<Vec<_>>().join(", ")
    }

    /// Returns the locator in short form: `¶3 s4`, `p. 2, ¶1 item 3`, or `header, line 2`.
    pub fn short(&self) -> String {
        let mut short = String::new();
        for (unit, number) in self.spoken() {
            short += &match unit {
                LocatorUnit::Page => format!("p. {number}, "),
                LocatorUnit::HeaderLine => format!("header, line {number}"),
                LocatorUnit::Paragraph => format!("¶{number}"),
                LocatorUnit::Item => format!(" item {number}"),
                LocatorUnit::Row => format!(" row {number}"),
                LocatorUnit::Sentence => format!(" s{number}"),
            };
        }
        short
    }

    /// Returns the locator as the fragment of an IRI: `p3s4`, `page2p1i3s1`, or `header-2`.
    pub(crate) fn fragment(self) -> String {
        let mut fragment = String::new();
        for (unit, number) in self.numbers() {
            let unit = match unit {
                LocatorUnit::Page => "page",
                LocatorUnit::HeaderLine => "header-",
                LocatorUnit::Paragraph => "p",
                LocatorUnit::Item => "i",
                LocatorUnit::Row => "r",
                LocatorUnit::Sentence => "s",
            };
            fragment += &format!("{unit}{number}");
        }
        fragment
    }

    /// Returns the numbers that people say: most items have one sentence, whose number says nothing.
    fn spoken(self) -> impl Iterator<Item = (LocatorUnit, u32)> {
        let is_item = matches!(self.part, PassagePart::Item { .. });
        self.numbers().filter(move |number| !(is_item && *number == (LocatorUnit::Sentence, 1)))
    }
}

impl Ord for PassageLocator {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |locator: &Self| {
            let [paragraph, item, row, last] = match locator.part {
                PassagePart::HeaderLine(line) => [0, 0, 0, line],
                PassagePart::Sentence { paragraph, sentence } => [paragraph, 0, 0, sentence],
                PassagePart::Item { paragraph, item, sentence } => [paragraph, item, 0, sentence],
                PassagePart::Row { paragraph, row } => [paragraph, 0, row, 0],
            };
            (locator.page, paragraph, item, row, last)
        };
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for PassageLocator {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for PassageLocator {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.numbers().map(|(unit, number)| (unit.name(), number)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locators_have_names_and_an_order() {
        let part = |part| PassageLocator { page: None, part };
        let paged = |page, part| PassageLocator { page: Some(page), part };
        let item = |sentence| PassagePart::Item { paragraph: 3, item: 2, sentence };
        let sentence = PassagePart::Sentence { paragraph: 3, sentence: 4 };
        let in_order = [
            (part(PassagePart::HeaderLine(2)), "header, line 2", "header, line 2", "header-2"),
            (part(sentence), "paragraph 3, sentence 4", "¶3 s4", "p3s4"),
            (part(item(1)), "paragraph 3, item 2", "¶3 item 2", "p3i2s1"),
            (part(item(2)), "paragraph 3, item 2, sentence 2", "¶3 item 2 s2", "p3i2s2"),
            (
                part(PassagePart::Row { paragraph: 4, row: 1 }),
                "paragraph 4, row 1",
                "¶4 row 1",
                "p4r1",
            ),
            (
                paged(1, PassagePart::HeaderLine(1)),
                "page 1, header, line 1",
                "p. 1, header, line 1",
                "page1header-1",
            ),
            (paged(1, sentence), "page 1, paragraph 3, sentence 4", "p. 1, ¶3 s4", "page1p3s4"),
            (
                paged(2, PassagePart::Sentence { paragraph: 1, sentence: 1 }),
                "page 2, paragraph 1, sentence 1",
                "p. 2, ¶1 s1",
                "page2p1s1",
            ),
        ];
        for (locator, words, short, fragment) in in_order {
            assert_eq!(locator.words(), words);
            assert_eq!(locator.short(), short);
            assert_eq!(locator.fragment(), fragment);
        }
        assert!(in_order.is_sorted_by(|one, other| one.0 < other.0));
        let json = serde_json::to_string(&paged(2, item(1))).unwrap();
        assert_eq!(json, r#"{"page":2,"paragraph":3,"item":2,"sentence":1}"#);
    }
}
