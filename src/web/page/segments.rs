//! The segments of a text: its parts inside which no quote begins or ends.

use crate::claim::{ClaimKind, Cover, stretches};
use crate::dossier::Document;
use std::ops::Range;

/// A part of a text with all quotes that cover it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// The byte range in the text.
    pub span: Range<usize>,
    /// The indices of the quotes that cover it.
    pub quotes: Vec<usize>,
    /// The kind of the claims that cover it; a claim takes precedence.
    pub cover: Option<ClaimKind>,
    /// Whether it has words that nothing covers.
    pub is_uncovered: bool,
    /// The indices of the quotes that begin with it.
    pub begin: Vec<usize>,
    /// The indices of the quotes that end with it.
    pub end: Vec<usize>,
}

/// Splits a part of a text where quotes begin or end. The segments are the whole part.
pub(super) fn segments(document: &Document, part: &Range<usize>, quotes: &[Cover]) -> Vec<Segment> {
    let touches = |quote: &Cover| quote.span.start < part.end && quote.span.end > part.start;
    let inside: Vec<usize> = (0..quotes.len()).filter(|&i| touches(&quotes[i])).collect();
    let covers: Vec<Cover> = inside.iter().map(|&i| quotes[i].clone()).collect();
    let these = |fits: &dyn Fn(&Range<usize>) -> bool| -> Vec<usize> {
        inside.iter().copied().filter(|&i| fits(&quotes[i].span)).collect()
    };
    stretches(document, part.clone(), &covers)
        .into_iter()
        .map(|stretch| {
            let span = stretch.span.clone();
            Segment {
                quotes: these(&|quote| quote.start <= span.start && span.end <= quote.end),
                begin: these(&|quote| quote.start == span.start),
                end: these(&|quote| quote.end == span.end),
                is_uncovered: stretch.is_uncovered(document.text()),
                cover: stretch.cover,
                span,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn segments_are_the_text_with_its_quotes(
            text in "[a-cé., \\n]{1,40}",
            quotes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..6),
        ) {
            let cuts: Vec<usize> = (0..=text.len()).filter(|&at| text.is_char_boundary(at)).collect();
            let quotes: Vec<Cover> = quotes
                .into_iter()
                .map(|(a, b)| (*a.get(&cuts), *b.get(&cuts)))
                .filter(|(a, b)| a != b)
                .map(|(a, b)| Cover { span: a.min(b)..a.max(b), by: ClaimKind::Claim })
                .collect();
            let document = Document::new(&text);
            let segments = segments(&document, &(0..text.len()), &quotes);
            let whole: String = segments.iter().map(|segment| &text[segment.span.clone()]).collect();
            prop_assert_eq!(whole, text);
            for (i, quote) in quotes.iter().enumerate() {
                let inside = segments.iter().filter(|segment| segment.quotes.contains(&i));
                let covered: usize = inside.map(|segment| segment.span.len()).sum();
                prop_assert_eq!(covered, quote.span.len());
                prop_assert_eq!(segments.iter().filter(|segment| segment.begin.contains(&i)).count(), 1);
                prop_assert_eq!(segments.iter().filter(|segment| segment.end.contains(&i)).count(), 1);
            }
            for segment in &segments {
                prop_assert_eq!(segment.cover.is_some(), !segment.quotes.is_empty());
                prop_assert!(!segment.is_uncovered || segment.quotes.is_empty());
            }
        }
    }
}
