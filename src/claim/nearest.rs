//! The place in a text that is nearest to a quote which it does not contain.

use super::folding::{FoldedText, Folding};
use rustc_hash::FxHashMap;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation as _;

/// The place that resembles a quote most.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    /// The byte range in the text. It begins and ends with whole words.
    pub span: Range<usize>,
    /// How alike the words are, from 0 to 1.
    pub similarity: f64,
    /// By how much the similarity exceeds that of the second best place.
    pub lead: f64,
}

/// The words of a text, indexed so that places similar to a quote are found without scanning it.
#[derive(Debug)]
pub struct WordIndex {
    pub(super) words: Vec<Word>,
    /// The distinct words, folded, by id.
    spellings: Vec<String>,
    ids: FxHashMap<String, u32>,
    /// The positions of each distinct word, by id.
    pub(super) positions: Vec<Vec<u32>>,
}

/// A word of the text.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) span: Range<usize>,
    pub(super) id: u32,
}

/// A word of a quote: its spelling, and its id if the text has it.
pub(super) struct QuoteWord {
    pub(super) spelling: String,
    pub(super) id: Option<u32>,
}

/// A range of words of the text that a quote was aligned with.
#[derive(Clone)]
pub(super) struct Alignment {
    pub(super) words: Range<usize>,
    pub(super) similarity: f64,
}

impl WordIndex {
    /// The longest quote that is searched for, in words.
    const MOST_WORDS: usize = 2_000;
    /// Words and pairs of words that are more frequent say little about a place.
    const OFTEN: usize = 500;
    /// The most places that are aligned with a quote.
    const MOST_PLACES: usize = 6;
    /// About how many pairs of words are compared for a quote. Very long quotes are compared with fewer places.
    const EFFORT: usize = 10_000_000;

    /// Indexes the words of a text.
    pub fn new(text: &str) -> Self {
        let folded = FoldedText::new(text, Folding::Loose);
        let mut index = Self {
            words: Vec::new(),
            spellings: Vec::new(),
            ids: FxHashMap::default(),
            positions: Vec::new(),
        };
        for (start, word) in folded.text().unicode_word_indices() {
            let Some(span) = folded.original(start..start + word.len()) else { continue };
            let Ok(position) = u32::try_from(index.words.len()) else { break };
            let id = match index.ids.get(word) {
                Some(id) => *id,
                None => {
                    // There are at most as many as positions.
                    let id = u32::try_from(index.spellings.len()).unwrap_or(u32::MAX);
                    index.spellings.push(word.to_owned());
                    index.ids.insert(word.to_owned(), id);
                    index.positions.push(Vec::new());
                    id
                }
            };
            index.positions[id as usize].push(position);
            index.words.push(Word { span, id });
        }
        index
    }

    /// Returns the place nearest to a quote in the text that was indexed. Returns `None` if they have no words in common
    /// from which a search can start, or the quote is longer than 2,000 words.
    pub fn nearest(&self, text: &str, quote: &str) -> Option<Nearest> {
        let words = self.words_of(quote)?;
        let regions = self.regions(&words);
        let aligned = regions.iter().filter_map(|region| self.align(&words, region.clone()));
        let best = aligned.reduce(
            |best, next| {
                if next.similarity > best.similarity { next } else { best }
            },
        )?;
        // Another place may lie in the same region.
        let second = regions
            .iter()
            .flat_map(|region| around(region, &best.words))
            .filter_map(|region| self.align(&words, region))
            .map(|alignment| alignment.similarity)
            .fold(0.0, f64::max);
        let span = self.words[best.words.start].span.start..self.words[best.words.end - 1].span.end;
        Some(Nearest {
            span: with_punctuation(text, quote, span),
            similarity: best.similarity,
            lead: best.similarity - second,
        })
    }

    /// Returns the words of a quote, or `None` if it is too long to be searched for.
    pub(super) fn words_of(&self, quote: &str) -> Option<Vec<QuoteWord>> {
        let folded = FoldedText::new(quote, Folding::Loose);
        let words = folded
            .text()
            .unicode_words()
            .map(|word| QuoteWord { spelling: word.to_owned(), id: self.ids.get(word).copied() });
        let words: Vec<QuoteWord> = words.take(Self::MOST_WORDS + 1).collect();
        (words.len() <= Self::MOST_WORDS).then_some(words)
    }

    /// Returns the ranges of words in which the quote may be, the likeliest first: those where many rare words, or pairs of
    /// words, have the same distances as in the quote.
    pub(super) fn regions(&self, quote: &[QuoteWord]) -> Vec<Range<usize>> {
        let mut votes = self.votes(quote);
        votes.sort_unstable_by_key(|(diagonal, _)| *diagonal);
        let length = i64::try_from(quote.len()).unwrap_or(i64::MAX);
        let width = (length / 3).max(3);
        let slack = length / 2 + 8;
        let all = i64::try_from(self.words.len()).unwrap_or(i64::MAX);
        // The sum of the votes for each window, which begins with a vote.
        let (mut sums, mut end, mut sum) = (Vec::with_capacity(votes.len()), 0, 0.0);
        for (diagonal, weight) in &votes {
            while let Some((_, weight)) =
                votes.get(end).filter(|(next, _)| *next <= diagonal + width)
            {
                sum += weight;
                end += 1;
            }
            sums.push((sum, *diagonal));
            sum -= weight;
        }
        let cells = quote.len() * usize::try_from(length + width + 2 * slack).unwrap_or(usize::MAX);
        let most = (Self::EFFORT / cells.max(1)).clamp(2, Self::MOST_PLACES);
        let mut regions = Vec::new();
        while regions.len() < most {
            let best =
                sums.iter().copied().reduce(|best, next| if next.0 > best.0 { next } else { best });
            let Some((_, diagonal)) = best else { break };
            sums.retain(|(_, other)| (other - diagonal).abs() > width);
            let clamp = |at: i64| usize::try_from(at.clamp(0, all)).unwrap_or(0);
            regions.push(clamp(diagonal - slack)..clamp(diagonal + width + length + slack));
        }
        regions
    }

    /// Returns, for each occurrence of a word or a pair of words of the quote, where the quote would begin, with a weight.
    fn votes(&self, quote: &[QuoteWord]) -> Vec<(i64, f64)> {
        let mut votes = Vec::new();
        let mut rarest: Option<(usize, &[u32])> = None;
        let mut vote = |number: usize, positions: &[u32]| {
            let weight = 1.0 / f64::from(u32::try_from(positions.len()).unwrap_or(u32::MAX));
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            votes.extend(positions.iter().map(|position| (i64::from(*position) - number, weight)));
        };
        for (number, word) in quote.iter().enumerate() {
            let Some(id) = word.id else { continue };
            let positions = self.positions[id as usize].as_slice();
            if positions.len() <= Self::OFTEN {
                vote(number, positions);
            }
            if rarest.is_none_or(|(_, known)| positions.len() < known.len()) {
                rarest = Some((number, positions));
            }
            let pairs = self.pairs(id, quote.get(number + 1).and_then(|next| next.id));
            if pairs.len() <= Self::OFTEN {
                vote(number, &pairs);
            }
        }
        if let Some((number, positions)) =
            rarest.filter(|(_, positions)| positions.len() > Self::OFTEN)
        {
            vote(number, &positions[..Self::OFTEN]);
        }
        votes
    }

    /// Returns where two words stand side by side.
    fn pairs(&self, id: u32, next: Option<u32>) -> Vec<u32> {
        let Some(next) = next else { return Vec::new() };
        let (firsts, seconds) = (&self.positions[id as usize], &self.positions[next as usize]);
        let is = |position: u32, id: u32| {
            self.words.get(position as usize).is_some_and(|word| word.id == id)
        };
        if firsts.len() <= seconds.len() {
            firsts.iter().copied().filter(|first| is(first + 1, next)).collect()
        } else {
            let before = seconds.iter().filter_map(|second| second.checked_sub(1));
            before.filter(|first| is(*first, id)).collect()
        }
    }

    /// Aligns a quote with the most similar words of a region
    /// ([Sellers' algorithm](https://en.wikipedia.org/wiki/Approximate_string_matching)).
    pub(super) fn align(&self, quote: &[QuoteWord], region: Range<usize>) -> Option<Alignment> {
        let words = self.words.get(region.clone()).filter(|words| !words.is_empty())?;
        // The cost of aligning the quote up to a word with the region up to each word, and where the alignment begins.
        let mut row: Vec<(usize, usize)> = (0..=words.len()).map(|start| (0, start)).collect();
        for quoted in quote {
            let (mut diagonal, removal) = (row[0], length(&quoted.spelling));
            row[0].0 += removal;
            for (number, word) in words.iter().enumerate() {
                let spelling = &self.spellings[word.id as usize];
                let change = if quoted.id == Some(word.id) {
                    0
                } else {
                    difference(&quoted.spelling, spelling)
                };
                let changed = (diagonal.0 + change, diagonal.1);
                let removed = (row[number + 1].0 + removal, row[number + 1].1);
                let added = (row[number].0 + addition(spelling), row[number].1);
                diagonal = row[number + 1];
                // Of equally good ones, the longest: a word that was replaced belongs to it.
                row[number + 1] = [changed, removed, added].into_iter().min().unwrap_or(changed);
            }
        }
        let ends = row.iter().enumerate().rev();
        let (end, &(cost, start)) = ends.min_by_key(|(_, (cost, _))| *cost)?;
        if start >= end {
            return None;
        }
        let lengths = |words: &[Word]| -> usize {
            words.iter().map(|word| length(&self.spellings[word.id as usize])).sum()
        };
        let quoted: usize = quote.iter().map(|word| length(&word.spelling)).sum();
        let longest = quoted.max(lengths(&words[start..end]));
        Some(Alignment {
            words: region.start + start..region.start + end,
            similarity: 1.0 - share(cost, longest),
        })
    }
}

/// Returns what is left of a region before and after some words.
pub(super) fn around(region: &Range<usize>, words: &Range<usize>) -> [Range<usize>; 2] {
    [
        region.start..region.end.min(words.start).max(region.start),
        region.start.max(words.end).min(region.end)..region.end,
    ]
}

/// Returns the length of a word with the space after it.
pub(super) fn length(word: &str) -> usize {
    word.len() + 1
}

/// Returns the cost of a word that was added: half of its length, since the words of the quote are still there.
fn addition(word: &str) -> usize {
    length(word).div_ceil(2)
}

fn share(part: usize, whole: usize) -> f64 {
    let float = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    (float(part) / float(whole.max(1))).min(1.0)
}

/// Returns how much of a word changes if another one replaces it: what stands between their common beginning and their
/// common end. If they have less than half in common, it is the whole word.
fn difference(word: &str, other: &str) -> usize {
    let (longest, shortest) = (word.len().max(other.len()), word.len().min(other.len()));
    let whole = length(word);
    let (one, two) = (word.as_bytes(), other.as_bytes());
    let before = one.iter().zip(two).take_while(|(a, b)| a == b).count();
    let after = one.iter().rev().zip(two.iter().rev()).take_while(|(a, b)| a == b).count();
    match (before + after).min(shortest) {
        common if 2 * common < longest => whole.max(addition(other)),
        common => whole.min(longest - common),
    }
}

/// Adds the punctuation directly before and after the words if the quote has any there.
pub(super) fn with_punctuation(text: &str, quote: &str, span: Range<usize>) -> Range<usize> {
    let is_mark = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
    let quote = quote.trim();
    let leading = quote.chars().take_while(|c| is_mark(*c)).count();
    let trailing = quote.chars().rev().take_while(|c| is_mark(*c)).count();
    let before = text[..span.start].chars().rev().take_while(|c| is_mark(*c)).take(leading);
    let after = text[span.end..].chars().take_while(|c| is_mark(*c)).take(trailing);
    let [before, after] =
        [before.map(char::len_utf8).sum::<usize>(), after.map(char::len_utf8).sum::<usize>()];
    span.start - before..span.end + after
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nearest(text: &str, quote: &str) -> Option<(String, f64, f64)> {
        let nearest = WordIndex::new(text).nearest(text, quote)?;
        Some((text[nearest.span].to_owned(), nearest.similarity, nearest.lead))
    }

    const TEXT: &str = "The Tea Society was founded in 1984, and its first president was Ada. It meets on \
        Fridays (in the old harbour).\n\nThe Coffee Circle was founded in 1991 in the café by the river. Nobody keeps \
        its minutes.";

    #[test]
    fn the_nearest_words_are_found() {
        for (quote, expected) in [
            ("Tea Society was founded in 1985", "Tea Society was founded in 1984"),
            ("its first chairman was Ada.", "its first president was Ada."),
            ("It meets every week on Fridays", "It meets on Fridays"),
            ("fridays (in the harbor)", "Fridays (in the old harbour)"),
            (
                "The Coffee Circle was founded in 1991 in the cafe",
                "The Coffee Circle was founded in 1991 in the café",
            ),
        ] {
            let (found, similarity, _) = nearest(TEXT, quote).unwrap();
            assert_eq!(found, expected);
            assert!(similarity > 0.6, "{quote}: {similarity}");
        }
        assert_eq!(nearest(TEXT, "Penguins swim"), None);
        assert_eq!(nearest(TEXT, "…"), None);
        assert_eq!(nearest("", "tea"), None);
    }

    #[test]
    fn similarity_is_the_share_of_equal_letters() {
        // Each word counts with its space: 4 + 5 + 3, of which a letter differs.
        let (_, similarity, lead) = nearest("one tea pot of gold", "one tea pod").unwrap();
        assert!((similarity - 11.0 / 12.0).abs() < 1e-9, "{similarity}");
        assert!(lead > 0.5);
    }

    #[test]
    fn places_that_are_alike_have_no_lead() {
        let text = "In 2015 the club had 8 members. In 2016 the club had 9 members.";
        let (_, similarity, lead) = nearest(text, "In 2017 the club had 7 members").unwrap();
        assert!(similarity > 0.9 && lead < 0.05, "{similarity} {lead}");
        let (found, _, lead) = nearest(text, "In 2016 the club had 10 members").unwrap();
        assert_eq!(found, "In 2016 the club had 9 members");
        assert!(lead < 0.1);
    }

    #[test]
    fn common_words_alone_are_found_by_their_neighbours() {
        let text = "of the and of a in the of to the in a ".repeat(2_000) + "the in of to a the";
        let (found, similarity, _) = nearest(&text, "the in of to a the").unwrap();
        assert_eq!((found.as_str(), similarity), ("the in of to a the", 1.0));
    }

    proptest! {
        #[test]
        fn whole_words_of_any_text_are_found(
            text in "([ab]{1,2}|[ ,.\n]|é|\\PC){0,60}",
            quote in "([ab]{1,2}|[ ,.]|é|\\PC){0,12}",
        ) {
            if let Some(Nearest { span, similarity, lead }) = WordIndex::new(&text).nearest(&text, &quote) {
                prop_assert!(text.get(span).is_some_and(|found| !found.is_empty()));
                prop_assert!((0.0..=1.0).contains(&similarity) && lead <= similarity);
            }
        }
    }
}
