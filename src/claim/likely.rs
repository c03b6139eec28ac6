//! The places in a text that a quote may mean which it does not contain. Figures and rare words tell them apart better
//! than words that stand everywhere.

use super::nearest::{Alignment, Nearest, QuoteWord, WordIndex, around, length, with_punctuation};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// How much of the score is the share of the quote's words, and not their order.
const OF_SHARE: f64 = 2.0 / 3.0;

/// By how much the score of a place may be lower for it to be as likely.
const NEAR: f64 = 0.1;

/// The least similarity of likely words, if they do not contain the most of the quote anyway.
const SIMILARITY: f64 = 0.6;

/// The share of a quote that is most of it.
const MOST: f64 = 0.7;

/// By how much a sentence must have more of the quote than the words in it that are similar to the quote.
const MORE: f64 = 0.15;

/// A word that occurs as often is rare.
const RARE: usize = 2;

/// A place that a quote may mean.
struct Likely {
    words: Range<usize>,
    similarity: f64,
    score: f64,
}

impl WordIndex {
    /// Returns the place that a quote may mean most likely, and a second one if it is nearly as likely. `sentences` returns
    /// the spans of the sentences that overlap a span.
    pub(super) fn likely(
        &self,
        text: &str,
        quote: &str,
        sentences: impl Fn(Range<usize>) -> Vec<Range<usize>>,
    ) -> Vec<Nearest> {
        let Some(words) = self.words_of(quote) else { return Vec::new() };
        let regions = self.regions(&words);
        let places = |regions: &mut dyn Iterator<Item = Range<usize>>| -> Vec<Likely> {
            let aligned = regions.filter_map(|region| self.align(&words, region));
            aligned.filter_map(|place| self.weighed(&words, place, &sentences)).collect()
        };
        let Some(first) = best(places(&mut regions.iter().cloned())) else { return Vec::new() };
        // Another place may lie in the same region.
        let rest = |place: &Likely| {
            places(&mut regions.iter().flat_map(|region| around(region, &place.words)))
        };
        let (first, second) = match best(rest(&first)) {
            Some(second) if second.score > first.score => {
                let other = best(rest(&second));
                (second, other)
            }
            second => (first, second),
        };
        let lead = first.score - second.as_ref().map_or(0.0, |second| second.score);
        let second = second.filter(|_| lead <= NEAR);
        let place = |Likely { words, similarity, .. }: Likely| {
            let span = self.words[words.start].span.start..self.words[words.end - 1].span.end;
            Nearest { span: with_punctuation(text, quote, span), similarity, lead }
        };
        [first].into_iter().chain(second).map(place).collect()
    }

    /// Returns a place with its score, or `None` if it has too little of the quote. If its sentences have much more of
    /// the quote, they are the place.
    fn weighed(
        &self,
        quote: &[QuoteWord],
        Alignment { words, similarity }: Alignment,
        sentences: impl Fn(Range<usize>) -> Vec<Range<usize>>,
    ) -> Option<Likely> {
        let span = self.words[words.start].span.start..self.words[words.end - 1].span.end;
        let sentences: Vec<Range<usize>> = sentences(span)
            .iter()
            .map(|sentence| {
                let end = self.words.partition_point(|word| word.span.end <= sentence.end);
                self.words.partition_point(|word| word.span.start < sentence.start)..end
            })
            .collect();
        let whole = sentences.iter().fold(words.clone(), |whole, sentence| {
            whole.start.min(sentence.start)..whole.end.max(sentence.end)
        });
        let wide_share = self.share(quote, &whole);
        let has_most = |words: &Range<usize>, less: f64| {
            !words.is_empty() && self.share(quote, words) + less >= wide_share
        };
        // Rather the words that are similar than a sentence, and rather one sentence than several.
        let words = match sentences.into_iter().find(|sentence| has_most(sentence, 0.0)) {
            _ if has_most(&words, MORE) => words,
            Some(sentence) => sentence,
            None => whole,
        };
        let score = (1.0 - OF_SHARE) * similarity + OF_SHARE * wide_share;
        (similarity >= SIMILARITY || wide_share >= MOST).then_some(Likely {
            words,
            similarity,
            score,
        })
    }

    /// Returns the share of the words of a quote that stand among some words of the text, in any order.
    fn share(&self, quote: &[QuoteWord], among: &Range<usize>) -> f64 {
        let mut left: FxHashMap<u32, usize> = FxHashMap::default();
        for word in &self.words[among.clone()] {
            *left.entry(word.id).or_default() += 1;
        }
        let (mut all, mut common) = (0.0, 0.0);
        for word in quote {
            let weight = self.weight(word);
            all += weight;
            let count = word.id.and_then(|id| left.get_mut(&id)).filter(|count| **count > 0);
            if let Some(count) = count {
                *count -= 1;
                common += weight;
            }
        }
        if all > 0.0 { common / all } else { 0.0 }
    }

    /// Returns how much a word of a quote tells about the place that is meant.
    fn weight(&self, word: &QuoteWord) -> f64 {
        let occurrences = word.id.map_or(0, |id| self.positions[id as usize].len());
        let weight = match word.spelling.as_str() {
            figure if figure.contains(|c: char| c.is_numeric()) => 5.0,
            _ if (1..=RARE).contains(&occurrences) => 1.5,
            _ => 1.0,
        };
        weight * f64::from(u32::try_from(length(&word.spelling)).unwrap_or(u32::MAX))
    }
}

/// Returns the place with the highest score, the first one of several.
fn best(places: Vec<Likely>) -> Option<Likely> {
    places.into_iter().reduce(|best, next| if next.score > best.score { next } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "The North Light was first lit in 1861. Its tower is 31.5 m high. Its first keeper was Tom Pell. \
        The South Light was first lit in May 1874. Its tower is 18 metres high. Its first keeper was Ann Pell, a \
        daughter of Tom Pell.";

    /// Returns the likely places in a text whose sentences end with a full stop and a space.
    fn likely<'a>(text: &'a str, quote: &str) -> Vec<&'a str> {
        let sentences = |span: Range<usize>| {
            let ends = text.match_indices(". ").map(|(end, _)| end + 1).chain([text.len()]);
            let mut start = 0;
            let all = ends.map(|end| std::mem::replace(&mut start, end)..end);
            all.filter(|sentence| sentence.start < span.end && span.start < sentence.end).collect()
        };
        let places = WordIndex::new(text).likely(text, quote, sentences);
        places.into_iter().map(|place| &text[place.span]).collect()
    }

    #[test]
    fn figures_tell_places_apart() {
        for (quote, expected) in [
            ("Its tower is 31.5 metres high", &["Its tower is 31.5 m high"][..]),
            ("Its tower is 18 meters high", &["Its tower is 18 metres high"]),
            ("Its tower is 25 metres high", &["Its tower is 18 metres high"]),
            (
                "Its first keeper was Tim Pell",
                &["Its first keeper was Tom Pell", "Its first keeper was Ann Pell"],
            ),
            (
                "The South Light was first lit in 1874",
                &["The South Light was first lit in May 1874"],
            ),
        ] {
            assert_eq!(likely(TEXT, quote), expected, "{quote}");
        }
    }

    #[test]
    fn a_sentence_with_all_words_in_another_order_is_likely() {
        let text = TEXT.replace("Its first keeper was Tom Pell", "Tom Pell was its first keeper");
        assert!(
            likely(&text, "Its first keeper was Tom Pell")
                .contains(&"Tom Pell was its first keeper")
        );
    }

    #[test]
    fn little_in_common_is_not_likely() {
        for quote in ["Penguins swim", "The keeper of penguins was always late", "", "…"] {
            assert!(likely(TEXT, quote).is_empty(), "{quote}");
        }
    }

    proptest! {
        #[test]
        fn likely_places_are_parts_of_any_text_and_do_not_overlap(
            text in "([ab]{1,2}|[1-3]|[ ,.\n]|é|\\PC){0,60}",
            quote in "([ab]{1,2}|[1-3]|[ ,.]|é|\\PC){0,12}",
        ) {
            let places = likely(&text, &quote);
            prop_assert!(places.len() <= 2 && places.iter().all(|place| !place.is_empty()));
        }
    }
}
