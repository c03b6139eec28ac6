//! Computes the coverage of a text by quotes: splits it where quotes begin or end, and counts its words.

use super::ClaimKind;
use crate::dossier::Document;
use std::iter;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// A range of a text that a quote covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cover {
    /// The byte range in the text.
    pub span: Range<usize>,
    /// The kind of the claim that quotes it.
    pub by: ClaimKind,
}

/// A part of a text inside which no quote begins or ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// The byte range in the text.
    pub span: Range<usize>,
    /// The kind of claim that covers it; a claim takes precedence. `None` if no quote covers it.
    pub cover: Option<ClaimKind>,
    /// Whether it stands in no passage, such as the number of a list item. Nothing needs to cover it.
    pub is_mark: bool,
    /// The indexes of the quotes that end with the stretch.
    pub ends: Vec<usize>,
}

/// The numbers of words covered by claims, by omissions and by nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct WordCounts {
    /// Words covered by claims.
    pub claims: usize,
    /// Words covered by omissions, but not by claims.
    pub omissions: usize,
    /// Words covered by nothing.
    pub uncovered: usize,
}

impl WordCounts {
    /// Returns the number of all words.
    pub(crate) const fn total(&self) -> usize {
        self.claims + self.omissions + self.uncovered
    }
}

/// The marks that belong to the word right after them.
const OPENING: [char; 12] = ['“', '‘', '„', '‚', '«', '‹', '"', '\'', '(', '[', '¿', '¡'];

/// Splits a part of a text into consecutive stretches that cover all of it.
///
/// Uncovered stretches begin and end with words. The punctuation and white space between them and a quote are separate
/// stretches.
pub(crate) fn stretches(document: &Document, part: Range<usize>, quotes: &[Cover]) -> Vec<Stretch> {
    let text = document.text();
    let marks = marks(document, &part);
    let mut cuts: Vec<usize> = vec![part.start, part.end];
    for Cover { span, .. } in quotes {
        cuts.extend([span.start, span.end].into_iter().filter(|cut| part.contains(cut)));
    }
    cuts.extend(marks.iter().flat_map(|mark| [mark.start, mark.end]));
    cuts.sort_unstable();
    cuts.dedup();
    let mut stretches = Vec::new();
    for cut in cuts.windows(2) {
        let [start, end] = *cut else { continue };
        let cover = covering(quotes, &(start..end));
        let is_mark = marks.iter().any(|mark| mark.start <= start && end <= mark.end);
        let mut inner = vec![start, end];
        if cover.is_none() && !is_mark {
            let words = &text[start..end];
            let from = words.find(char::is_alphanumeric).unwrap_or(0);
            let from = words[..from].trim_end_matches(OPENING).len();
            // The bar at the end of a row is not of its words.
            let is_edge = |c: char| c.is_whitespace() || c == '|';
            inner.extend([start + from, start + words.trim_end_matches(is_edge).len().max(from)]);
            inner.sort_unstable();
            inner.dedup();
        }
        stretches.extend(inner.windows(2).map(|cut| Stretch {
            span: cut[0]..cut[1],
            cover,
            is_mark,
            ends: Vec::new(),
        }));
    }
    for (number, quote) in quotes.iter().enumerate() {
        if let Some(last) = stretches.iter_mut().find(|stretch| stretch.span.end == quote.span.end)
        {
            last.ends.push(number);
        }
    }
    stretches
}

impl Stretch {
    /// Returns whether the stretch contains words and no quote covers it.
    pub(crate) fn is_uncovered(&self, text: &str) -> bool {
        self.cover.is_none()
            && !self.is_mark
            && text[self.span.clone()].contains(char::is_alphanumeric)
    }
}

/// Returns the parts of a text that have words or numbers but stand in no passage.
fn marks(document: &Document, part: &Range<usize>) -> Vec<Range<usize>> {
    let mut start = part.start;
    let mut marks = Vec::new();
    let passages = document.passages_at(part.clone()).iter().map(|passage| passage.span.clone());
    for passage in passages.chain(iter::once(part.end..part.end)) {
        let between = start..passage.start.clamp(start, part.end);
        if document.text()[between.clone()].contains(char::is_alphanumeric) {
            marks.push(between);
        }
        start = passage.end.min(part.end);
    }
    marks
}

/// Counts the words of the passages of a text ([UAX #29](https://www.unicode.org/reports/tr29/#Word_Boundaries)) by
/// coverage. A word counts as covered if a quote covers a part of it.
pub(crate) fn words(document: &Document, quotes: &[Cover]) -> WordCounts {
    let mut words = WordCounts::default();
    let covered = CoveredRanges::by(quotes);
    for (start, word) in document.text().unicode_word_indices() {
        let word = start..start + word.len();
        if document.passages_at(word.clone()).is_empty() {
            continue;
        }
        match covered.touching(&word) {
            Some(ClaimKind::Omission) => words.omissions += 1,
            Some(ClaimKind::Claim | ClaimKind::Other) => words.claims += 1,
            None => words.uncovered += 1,
        }
    }
    words
}

/// The covered ranges of a text by kind of claim, in order. Those of one kind neither touch nor overlap.
struct CoveredRanges([(ClaimKind, Vec<Range<usize>>); 3]);

impl CoveredRanges {
    fn by(quotes: &[Cover]) -> Self {
        Self([ClaimKind::Claim, ClaimKind::Other, ClaimKind::Omission].map(|kind| {
            let of_kind = quotes.iter().filter(|quote| quote.by == kind);
            let mut spans: Vec<Range<usize>> = of_kind.map(|quote| quote.span.clone()).collect();
            spans.sort_by_key(|span| (span.start, span.end));
            spans.dedup_by(|next, last| {
                let joins = next.start <= last.end;
                if joins {
                    last.end = last.end.max(next.end);
                }
                joins
            });
            (kind, spans)
        }))
    }

    /// Returns the kind of claim that covers a part of the range, if any.
    fn touching(&self, part: &Range<usize>) -> Option<ClaimKind> {
        self.0.iter().find_map(|(kind, spans)| {
            let first = spans.get(spans.partition_point(|span| span.end <= part.start))?;
            (first.start < part.end).then_some(*kind)
        })
    }
}

fn covering(quotes: &[Cover], part: &Range<usize>) -> Option<ClaimKind> {
    let touches = |quote: &&Cover| quote.span.start < part.end && part.start < quote.span.end;
    quotes.iter().filter(touches).map(|quote| quote.by).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn placed(text: &str, quotes: &[(&str, ClaimKind)]) -> Vec<Cover> {
        let place = |&(quote, by): &(&str, ClaimKind)| {
            let start = text.find(quote).unwrap();
            Cover { span: start..start + quote.len(), by }
        };
        quotes.iter().map(place).collect()
    }

    #[test]
    fn quotes_overlap_and_nest() {
        let text = "one two three four";
        let quotes = placed(
            text,
            &[
                ("one two", ClaimKind::Claim),
                ("two three", ClaimKind::Omission),
                ("two", ClaimKind::Claim),
            ],
        );
        let document = Document::new(text);
        let stretches = stretches(&document, 0..text.len(), &quotes);
        let shown: Vec<_> = stretches
            .iter()
            .map(|stretch| (&text[stretch.span.clone()], stretch.cover, stretch.ends.as_slice()))
            .collect();
        assert_eq!(
            shown,
            [
                ("one ", Some(ClaimKind::Claim), &[][..]),
                ("two", Some(ClaimKind::Claim), &[0, 2]),
                (" three", Some(ClaimKind::Omission), &[1]),
                (" ", None, &[]),
                ("four", None, &[]),
            ]
        );
        let words = words(&document, &quotes);
        assert_eq!(words, WordCounts { claims: 2, omissions: 1, uncovered: 1 });
        assert_eq!(words.total(), 4);
    }

    #[test]
    fn punctuation_is_nothing_uncovered() {
        let text = "One. (two), three!";
        let quotes = placed(text, &[("One", ClaimKind::Claim)]);
        let uncovered: Vec<_> = stretches(&Document::new(text), 0..text.len(), &quotes)
            .into_iter()
            .filter(|stretch| stretch.is_uncovered(text))
            .map(|stretch| &text[stretch.span])
            .collect();
        assert_eq!(uncovered, ["(two), three!"]);
        assert!(!stretches(&Document::new("."), 0..1, &[])[0].is_uncovered("."));
        assert_eq!(stretches(&Document::new(""), 0..0, &[]), []);
    }

    #[test]
    fn the_number_of_an_item_needs_no_cover() {
        let text = "1. tea\n2. coffee";
        let document = Document::new(text);
        let quotes = placed(text, &[("tea", ClaimKind::Claim)]);
        let uncovered: Vec<_> = stretches(&document, 0..text.len(), &quotes)
            .into_iter()
            .filter(|stretch| stretch.is_uncovered(text))
            .map(|stretch| &text[stretch.span])
            .collect();
        assert_eq!(uncovered, ["coffee"]);
        let words = words(&document, &quotes);
        assert_eq!(words, WordCounts { claims: 1, omissions: 0, uncovered: 1 });
    }

    proptest! {
        #[test]
        fn what_covers_a_part_is_found(
            quotes in prop::collection::vec((0_usize..30, 0_usize..9, any::<bool>()), 0..9),
            part in (0_usize..30, 1_usize..9),
        ) {
            let quotes: Vec<Cover> = quotes
                .into_iter()
                .map(|(start, length, is_claim)| {
                    let by = if is_claim { ClaimKind::Claim } else { ClaimKind::Omission };
                    Cover { span: start..start + length, by }
                })
                .collect();
            let part = part.0..part.0 + part.1;
            prop_assert_eq!(CoveredRanges::by(&quotes).touching(&part), covering(&quotes, &part));
        }

        #[test]
        fn the_stretches_are_the_text(
            text in "[a-cé.,  \\n]{0,40}",
            quotes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<bool>()), 0..6),
        ) {
            let cuts: Vec<usize> =
                (0..=text.len()).filter(|&cut| text.is_char_boundary(cut)).collect();
            let quotes: Vec<Cover> = quotes
                .into_iter()
                .map(|(a, b, claim)| {
                    let (a, b) = (*a.get(&cuts), *b.get(&cuts));
                    let by = if claim { ClaimKind::Claim } else { ClaimKind::Omission };
                    Cover { span: a.min(b)..a.max(b), by }
                })
                .collect();
            let document = Document::new(&text);
            let stretches = stretches(&document, 0..text.len(), &quotes);
            let whole: String = stretches.iter().map(|stretch| &text[stretch.span.clone()]).collect();
            prop_assert_eq!(&whole, &text);
            for stretch in &stretches {
                prop_assert!(!stretch.span.is_empty());
                for quote in &quotes {
                    let inside = quote.span.start <= stretch.span.start && stretch.span.end <= quote.span.end;
                    let outside = quote.span.end <= stretch.span.start || stretch.span.end <= quote.span.start;
                    prop_assert!(inside || outside);
                    prop_assert!(stretch.cover.is_some() || outside || quote.span.is_empty());
                }
            }
            // Each non-empty quote is marked once.
            for (number, quote) in quotes.iter().enumerate() {
                let marks = stretches.iter().flat_map(|stretch| &stretch.ends).filter(|&&end| end == number);
                prop_assert!(quote.span.is_empty() || marks.count() == 1);
            }
            let words = words(&document, &quotes);
            prop_assert_eq!(words.total(), text.unicode_words().count());
        }
    }
}
