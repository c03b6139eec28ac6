//! Finds the words of a document that a person typed from memory, without special characters, or shortened.

use super::Span;
use super::folding::{FoldedText, Folding, folded};
use super::nearest::{Nearest, WordIndex};
use super::selector::Selector;
use super::word_boundary::cuts;
use crate::dossier::Document;
use std::cell::OnceCell;
use std::ops::Range;

/// Finds words in a document. What the searches have in common is prepared when it is first needed.
#[derive(Debug)]
pub struct QuoteFinder<'a> {
    document: &'a Document,
    typographic: OnceCell<FoldedText>,
    loose: OnceCell<FoldedText>,
    bare: OnceCell<FoldedText>,
    words: OnceCell<WordIndex>,
}

/// Where the words that a person typed stand in a document.
#[derive(Debug, Clone, PartialEq)]
pub enum QuoteMatch {
    /// In one place.
    One {
        /// The document's own words.
        span: Span,
        /// How the typed words differ from them.
        likeness: Likeness,
    },
    /// In several places.
    Several {
        /// The places, in the order of the text.
        places: Vec<QuotePlace>,
        /// How the typed words differ from those of the document.
        likeness: Likeness,
    },
    /// Nowhere. The place with the nearest words, if there are any in common.
    Absent(Option<Nearest>),
}

/// One of several places with the same words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotePlace {
    /// The document's own words.
    pub span: Span,
    /// The text before or after them that selects this place. `None` if only a very long one would.
    pub selector: Option<Selector>,
}

/// How typed words differ from those of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Not at all.
    Exact,
    /// In their typography.
    Typographic,
    /// In case, accents or typography.
    Loose,
    /// They name the beginning and the end: `first words … last words`.
    Shortened,
}

impl<'a> QuoteFinder<'a> {
    /// Prepares searches in a document.
    pub fn new(document: &'a Document) -> Self {
        let (typographic, loose, bare, words) = <_>::default();
        Self { document, typographic, loose, bare, words }
    }

    /// Finds the document's own words for those that a person typed: the same words, otherwise those that differ in
    /// typography, otherwise in case and accents. Words are found as wholes. If the typed words contain an ellipsis (`…`,
    /// `...`, `[…]`), they can stand for the shortest span that begins and ends like them and has at most two paragraphs.
    pub fn find(&self, typed: &str) -> QuoteMatch {
        let typed = typed.trim();
        let parts = parts(typed);
        for (found, likeness) in [
            (self.exact(typed), Likeness::Exact),
            (self.folded(typed, Folding::Typographic), Likeness::Typographic),
            (self.folded(typed, Folding::Loose), Likeness::Loose),
        ] {
            if !found.is_empty() {
                return self.matched(found, likeness);
            }
        }
        if parts.len() > 1 || parts.first().is_some_and(|part| *part != typed) {
            for folding in [Folding::Typographic, Folding::Loose] {
                let found = self.shortened(&parts, folding);
                if !found.is_empty() {
                    return self.matched(found, Likeness::Shortened);
                }
            }
        }
        QuoteMatch::Absent(self.nearest(&parts.join(" ")))
    }

    /// Returns the place with the words nearest to a quote.
    pub fn nearest(&self, quote: &str) -> Option<Nearest> {
        let text = self.document.text();
        self.words.get_or_init(|| WordIndex::new(text)).nearest(text, quote)
    }

    /// Returns the place that a quote may mean most likely, and a second one if it is nearly as likely.
    pub fn likely(&self, quote: &str) -> Vec<Nearest> {
        let text = self.document.text();
        let sentences = |span| {
            let passages = self.document.passages_at(span).iter();
            passages.map(|passage| passage.span.clone()).collect()
        };
        self.words.get_or_init(|| WordIndex::new(text)).likely(text, quote, sentences)
    }

    /// Returns the places whose words are the same after folding.
    pub fn folded(&self, quote: &str, folding: Folding) -> Vec<Range<usize>> {
        let text = self.document.text();
        let cell = match folding {
            Folding::Typographic => &self.typographic,
            Folding::Loose => &self.loose,
            Folding::Bare => &self.bare,
        };
        let folded_text = cell.get_or_init(|| FoldedText::new(text, folding));
        let quote = folded(quote, folding);
        folded_text.find_all(&quote).filter(|span| !cuts(text, span)).collect()
    }

    fn exact(&self, typed: &str) -> Vec<Range<usize>> {
        let text = self.document.text();
        let found = self.document.occurrences(typed);
        found.filter(|span| !cuts(text, span)).collect()
    }

    /// Returns the shortest spans that contain the parts in their order.
    fn shortened(&self, parts: &[&str], folding: Folding) -> Vec<Range<usize>> {
        let mut matches = parts.iter().map(|part| self.folded(part, folding)).rev();
        let mut spans = matches.next().unwrap_or_default();
        for earlier in matches {
            // Each span begins with the last match of the part before it.
            spans = spans
                .into_iter()
                .filter_map(|span| {
                    let before = earlier.partition_point(|part| part.end <= span.start);
                    Some(earlier.get(before.checked_sub(1)?)?.start..span.end)
                })
                .collect();
            // Of those that begin together, the first one is the shortest.
            spans.dedup_by_key(|span| span.start);
        }
        spans.retain(|span| paragraphs(&self.document.text()[span.clone()]) <= 2);
        spans
    }

    fn matched(&self, found: Vec<Range<usize>>, likeness: Likeness) -> QuoteMatch {
        let span = |bytes| Span::of(self.document, bytes);
        match <[_; 1]>::try_from(found) {
            Ok([only]) => QuoteMatch::One { span: span(only), likeness },
            Err(several) => {
                let text = self.document.text();
                let place = |bytes: Range<usize>| QuotePlace {
                    selector: Selector::shortest(text, &bytes),
                    span: span(bytes),
                };
                QuoteMatch::Several { places: several.into_iter().map(place).collect(), likeness }
            }
        }
    }
}

/// Splits typed words at ellipses.
fn parts(typed: &str) -> Vec<&str> {
    const ELLIPSES: [&str; 4] = ["[…]", "[...]", "…", "..."];
    let (mut parts, mut rest) = (Vec::new(), typed);
    loop {
        let ellipses =
            ELLIPSES.iter().filter_map(|ellipsis| Some((rest.find(ellipsis)?, ellipsis.len())));
        let first = ellipses.min_by_key(|(at, length)| (*at, std::cmp::Reverse(*length)));
        let (part, next) =
            first.map_or((rest, None), |(at, length)| (&rest[..at], Some(&rest[at + length..])));
        parts.extend(Some(part.trim()).filter(|part| !part.is_empty()));
        match next {
            Some(next) => rest = next,
            None => return parts,
        }
    }
}

/// Counts the paragraphs of a part of a text.
fn paragraphs(text: &str) -> usize {
    let (mut paragraphs, mut open) = (0, false);
    for line in text.lines() {
        let has_words = !line.trim().is_empty();
        paragraphs += usize::from(has_words && !open);
        open = has_words;
    }
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "Tea\n\nThe Tea Society’s first president was Ada – a “sailor”. It meets on\u{a0}Fridays in \
        Łódź.\n\nIn 1991, the Coffee Circle’s first president was Ben. It meets on Mondays.\n\nIt never met a party… \
        or so they say. Nobody knows.";

    /// Describes a match: how it was found, and the words.
    fn found(typed: &str) -> String {
        let document = Document::new(TEXT);
        match QuoteFinder::new(&document).find(typed) {
            QuoteMatch::One { span, likeness } => format!("{likeness:?}: {}", &TEXT[span.bytes]),
            QuoteMatch::Several { places, likeness } => {
                let places: Vec<String> = places
                    .into_iter()
                    .map(|QuotePlace { span, selector }| {
                        let Selector { prefix, suffix } = selector.unwrap();
                        format!("{}<{}>{suffix}", prefix, &TEXT[span.bytes])
                    })
                    .collect();
                format!("{likeness:?}: {}", places.join(" | "))
            }
            QuoteMatch::Absent(nearest) => {
                format!("Absent: {}", nearest.map_or("", |nearest| &TEXT[nearest.span]))
            }
        }
    }

    #[test]
    fn typed_words_are_those_of_the_document() {
        for (typed, expected) in [
            ("first president was Ben", "Exact: first president was Ben"),
            ("The Tea Society's first", "Typographic: The Tea Society’s first"),
            ("was Ada - a \"sailor\".", "Typographic: was Ada – a “sailor”."),
            ("meets on Fridays", "Typographic: meets on\u{a0}Fridays"),
            ("fridays in lodz", "Loose: Fridays in Łódź"),
            ("a party...", "Typographic: a party…"),
            ("its second president", "Absent: first president"),
            ("penguins", "Absent: "),
            ("", "Absent: "),
            ("…", "Exact: …"),
        ] {
            assert_eq!(found(typed), expected, "{typed}");
        }
    }

    #[test]
    fn the_beginning_and_the_end_stand_for_all() {
        for (typed, expected) in [
            (
                "the tea society's … sailor",
                "Shortened: The Tea Society’s first president was Ada – a “sailor",
            ),
            (
                "In 1991 [...] was Ben",
                "Shortened: In 1991, the Coffee Circle’s first president was Ben",
            ),
            ("… first president … Ben …", "Shortened: first president was Ben"),
            // The shortest span, and not one that begins earlier.
            ("It meets...Mondays", "Shortened: It meets on Mondays"),
            ("Ada…Fridays", "Shortened: Ada – a “sailor”. It meets on\u{a0}Fridays"),
            ("Fridays … 1991", "Shortened: Fridays in Łódź.\n\nIn 1991"),
            // More than two paragraphs.
            ("Fridays … Nobody knows", "Absent: say. Nobody knows"),
            ("president … was", "Shortened: <president was> Ada | <president was> Ben."),
        ] {
            assert_eq!(found(typed), expected, "{typed}");
        }
    }

    #[test]
    fn several_places_are_told_apart() {
        assert_eq!(
            found("first president"),
            "Exact: <first president> was Ada | <first president> was Ben."
        );
        assert_eq!(found("it meets on"), "Loose: <It meets on>\u{a0}Fridays | Ben. <It meets on>");
    }

    #[test]
    fn words_are_not_cut() {
        assert_eq!(found("art"), "Absent: ");
        assert_eq!(found("199"), "Absent: ");
        assert_eq!(found("Lod"), "Absent: ");
    }

    proptest! {
        #[test]
        fn any_words_can_be_typed(
            text in "([a-cA]{1,3}|[ .\n]|é|’|…|\\PC){0,40}",
            typed in "([a-cA]{1,3}|[ .]|e|'|…|\\PC){0,8}",
        ) {
            let document = Document::new(&text);
            let spans = match QuoteFinder::new(&document).find(&typed) {
                QuoteMatch::One { span, .. } => vec![span.bytes],
                QuoteMatch::Several { places, .. } => places.into_iter().map(|place| place.span.bytes).collect(),
                QuoteMatch::Absent(_) => Vec::new(),
            };
            for span in spans {
                prop_assert!(text.get(span.clone()).is_some_and(|words| !words.is_empty()));
                prop_assert!(!cuts(&text, &span));
            }
        }
    }
}
