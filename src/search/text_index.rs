//! An inverted index of texts: which of them have some words, and how well they fit.
//!
//! Texts are ranked by BM25 (Robertson and Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond*, 2009). A word
//! that only begins as it was typed counts half.

#![allow(clippy::cast_precision_loss, reason = "scores are rounded")]

use super::postings::Postings;
use super::terms::SearchTerm;
use super::words::{key_of, words};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// How much a word counts that only begins as it was typed.
const BEGINNING: f32 = 0.5;

/// How soon further occurrences of a word in a text count less: `k1` of BM25.
const SATURATION: f32 = 1.2;

/// How much the length of a text counts: `b` of BM25.
const LENGTH: f32 = 0.75;

/// An inverted index of texts, which are numbered in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct TextIndex {
    /// The words with their postings, sorted.
    words: Vec<(Box<str>, Postings)>,
    /// The number of words of each text.
    lengths: Vec<u16>,
    average_length: f32,
}

/// Texts that are being indexed.
#[derive(Default)]
pub(super) struct TextIndexBuilder {
    words: FxHashMap<Box<str>, Postings>,
    lengths: Vec<u16>,
    /// The positions of the words of a text, and the room of the list, which is used again.
    positions: FxHashMap<Box<str>, Vec<u32>>,
}

/// A text that has all the words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TextMatch {
    /// The number of the text.
    pub(super) text: u32,
    /// Whether the text is what was typed, and nothing else.
    pub(super) is_whole: bool,
    /// How well it fits.
    pub(super) score: f32,
}

/// What one part of a search contributes to a text.
#[derive(Debug, Clone, Copy)]
struct TermMatch {
    text: u32,
    /// How often it occurs. Beginnings count less.
    frequency: f32,
    /// Whether it occurs as it was typed.
    is_exact: bool,
}

impl TextIndexBuilder {
    /// Returns the number of the next text.
    pub(super) fn next(&self) -> u32 {
        u32::try_from(self.lengths.len()).unwrap_or(u32::MAX)
    }

    /// Adds a text.
    pub(super) fn add(&mut self, text: &str) {
        let number = self.next();
        let mut length = 0_u32;
        for (_, word) in words(text) {
            let key = key_of(word);
            match self.positions.get_mut(key.as_str()) {
                Some(positions) => positions.push(length),
                None => drop(self.positions.insert(key.into(), vec![length])),
            }
            length += 1;
        }
        for (word, positions) in self.positions.drain() {
            self.words.entry(word).or_default().add(number, &positions);
        }
        self.lengths.push(u16::try_from(length).unwrap_or(u16::MAX));
    }

    /// Returns the index of the texts.
    pub(super) fn finish(self) -> TextIndex {
        let mut words: Vec<(Box<str>, Postings)> = self.words.into_iter().collect();
        for (_, postings) in &mut words {
            postings.shrink();
        }
        words.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let total: f32 = self.lengths.iter().map(|length| f32::from(*length)).sum();
        let average_length = total / (self.lengths.len().max(1) as f32);
        TextIndex { words, lengths: self.lengths, average_length }
    }
}

impl TextIndex {
    /// Returns the texts in which all parts of a search occur, the best first; of equal ones, the first.
    pub(super) fn find(&self, terms: &[SearchTerm]) -> Vec<TextMatch> {
        let Some((first, others)) = terms.split_first() else { return Vec::new() };
        let wanted: usize = terms.iter().map(|term| term.keys.len()).sum();
        let found = self.occurrences(first);
        let weight = self.rarity(found.len());
        let mut matches: Vec<TextMatch> =
            found.into_iter().map(|found| self.scored(found, weight)).collect();
        for term in others {
            let found = self.occurrences(term);
            let weight = self.rarity(found.len());
            let mut found = found.into_iter().peekable();
            matches.retain_mut(|so_far| {
                while found.next_if(|found| found.text < so_far.text).is_some() {}
                let Some(found) = found.next_if(|found| found.text == so_far.text) else {
                    return false;
                };
                let scored = self.scored(found, weight);
                so_far.is_whole &= scored.is_whole;
                so_far.score += scored.score;
                true
            });
        }
        for found in &mut matches {
            found.is_whole &= usize::from(self.length(found.text)) == wanted;
        }
        sort(&mut matches);
        matches
    }

    /// Returns the texts in which some part of a search occurs, the best first: those with rare words, and with many of them.
    pub(super) fn find_any(&self, terms: &[SearchTerm]) -> Vec<TextMatch> {
        let mut matches = Vec::new();
        for term in terms {
            let found = self.occurrences(term);
            let weight = self.rarity(found.len());
            matches.extend(found.into_iter().map(|found| self.scored(found, weight)));
        }
        matches.sort_unstable_by_key(|found| found.text);
        matches.dedup_by(|next, so_far| {
            let is_same = next.text == so_far.text;
            if is_same {
                so_far.score += next.score;
            }
            is_same
        });
        for found in &mut matches {
            found.is_whole = false;
        }
        sort(&mut matches);
        matches
    }

    /// Returns the parts of a search that occur in no text.
    pub(super) fn missing<'t>(&self, terms: &'t [SearchTerm]) -> Vec<&'t SearchTerm> {
        terms.iter().filter(|term| self.occurrences(term).is_empty()).collect()
    }

    /// Returns the words that are indexed, without case and accents.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|(word, _)| &**word)
    }

    fn length(&self, text: u32) -> u16 {
        self.lengths.get(text as usize).copied().unwrap_or_default()
    }

    /// Returns the inverse document frequency of a part that occurs in some of the texts.
    fn rarity(&self, texts: usize) -> f32 {
        let (all, texts) = (self.lengths.len() as f32, texts as f32);
        ((all - texts + 0.5) / (texts + 0.5) + 1.0).ln()
    }

    fn scored(&self, found: TermMatch, weight: f32) -> TextMatch {
        let length = f32::from(self.length(found.text)) / self.average_length.max(1.0);
        let norm = SATURATION * (1.0 - LENGTH + LENGTH * length);
        let score = weight * found.frequency * (SATURATION + 1.0) / (found.frequency + norm);
        TextMatch { text: found.text, is_whole: found.is_exact, score }
    }

    /// Returns the texts in which a part of a search occurs, in ascending order.
    fn occurrences(&self, term: &SearchTerm) -> Vec<TermMatch> {
        let Some((last, before)) = term.keys.split_last() else { return Vec::new() };
        let words = self.starting_with(last, term.is_open);
        if before.is_empty() { Self::single(words, last) } else { self.phrase(before, words, last) }
    }

    /// Returns the words that are `key`, or begin with it if it `is_open`.
    fn starting_with(&self, key: &str, is_open: bool) -> &[(Box<str>, Postings)] {
        let start = self.words.partition_point(|(word, _)| **word < *key);
        let rest = &self.words[start..];
        let fits = |word: &str| if is_open { word.starts_with(key) } else { word == key };
        &rest[..rest.partition_point(|(word, _)| fits(word))]
    }

    fn single(words: &[(Box<str>, Postings)], typed: &str) -> Vec<TermMatch> {
        let room = words.iter().map(|(_, postings)| postings.texts() as usize).sum();
        let mut found = Vec::with_capacity(room);
        for (word, postings) in words {
            let is_exact = **word == *typed;
            let weight = if is_exact { 1.0 } else { BEGINNING };
            postings.visit(|text, positions| {
                found.push(TermMatch {
                    text,
                    frequency: weight * positions.len() as f32,
                    is_exact,
                });
            });
        }
        merged(found)
    }

    /// Returns the texts in which words follow each other, and then one of the `last` words.
    fn phrase(
        &self,
        before: &[String],
        last: &[(Box<str>, Postings)],
        typed: &str,
    ) -> Vec<TermMatch> {
        let mut ahead: Option<Places> = None;
        for key in before {
            let mut next = Places::default();
            for (_, postings) in self.starting_with(key, false) {
                let mut ahead = ahead.as_ref().map(Places::reader);
                postings.visit(|text, positions| {
                    let ahead = ahead.as_mut().map(|ahead| ahead.of(text));
                    let follows = |at: &&u32| ahead.is_none_or(|ahead| has(ahead, **at));
                    let after = positions.iter().filter(follows).map(|at| (text, at + 1));
                    next.0.extend(after);
                });
            }
            ahead = Some(next);
        }
        let ahead = ahead.unwrap_or_default();
        let mut found = Vec::new();
        for (word, postings) in last {
            let is_exact = **word == *typed;
            let weight = if is_exact { 1.0 } else { BEGINNING };
            let mut ahead = ahead.reader();
            postings.visit(|text, positions| {
                let ahead = ahead.of(text);
                let count = positions.iter().filter(|at| has(ahead, **at)).count();
                if count > 0 {
                    found.push(TermMatch { text, frequency: weight * count as f32, is_exact });
                }
            });
        }
        merged(found)
    }
}

/// The places after the words of a phrase that have occurred so far: texts with positions, in ascending order.
#[derive(Default)]
struct Places(Vec<(u32, u32)>);

/// Reads places text by text.
struct PlaceReader<'p>(&'p [(u32, u32)]);

impl Places {
    fn reader(&self) -> PlaceReader<'_> {
        PlaceReader(&self.0)
    }
}

impl<'p> PlaceReader<'p> {
    /// Returns the places of a text, which comes after those that were asked for before.
    fn of(&mut self, text: u32) -> &'p [(u32, u32)] {
        let earlier = self.0.iter().take_while(|(other, _)| *other < text).count();
        let rest = &self.0[earlier..];
        let count = rest.iter().take_while(|(other, _)| *other == text).count();
        let (found, rest) = rest.split_at(count);
        self.0 = rest;
        found
    }
}

fn has(places: &[(u32, u32)], position: u32) -> bool {
    places.iter().any(|(_, other)| *other == position)
}

/// Sorts matches, the best first; of equal ones, the first text.
fn sort(matches: &mut [TextMatch]) {
    matches.sort_unstable_by(|one, other| {
        let by_score = other.score.partial_cmp(&one.score).unwrap_or(Ordering::Equal);
        other.is_whole.cmp(&one.is_whole).then(by_score).then(one.text.cmp(&other.text))
    });
}

/// Sorts matches by text, and adds up those of the same text.
fn merged(mut found: Vec<TermMatch>) -> Vec<TermMatch> {
    found.sort_unstable_by_key(|found| found.text);
    found.dedup_by(|next, so_far| {
        let is_same = next.text == so_far.text;
        if is_same {
            so_far.frequency += next.frequency;
            so_far.is_exact |= next.is_exact;
        }
        is_same
    });
    found
}

#[cfg(test)]
mod tests {
    use super::super::terms::terms_of;
    use super::*;
    use proptest::prelude::*;

    fn index(texts: &[&str]) -> TextIndex {
        let mut builder = TextIndexBuilder::default();
        for text in texts {
            builder.add(text);
        }
        builder.finish()
    }

    fn found(index: &TextIndex, typed: &str) -> Vec<u32> {
        index.find(&terms_of(typed)).iter().map(|found| found.text).collect()
    }

    #[test]
    fn the_best_texts_come_first() {
        let index = index(&[
            "the members of the club meet on Fridays",
            "Members",
            "a member",
            "membership of the club: members, members, members",
            "nothing of the kind",
            "Café Society",
        ]);
        // What was typed and nothing else; then the text that has the word often; then the shorter ones.
        assert_eq!(found(&index, "members"), [1, 3, 0]);
        // The word itself before those that only begin with it.
        assert_eq!(found(&index, "member")[0], 2);
        assert_eq!(found(&index, "\"member\""), [2]);
        assert_eq!(found(&index, "club member"), [3, 0]);
        assert_eq!(found(&index, "\"of the club\" memb"), [3, 0]);
        assert!(found(&index, "\"the of\"").is_empty());
        assert_eq!(found(&index, "CAFE soc"), [5]);
        assert!(found(&index, "tea").is_empty());
        let terms = terms_of("tea members \"of club\"");
        let missing: Vec<&str> =
            index.missing(&terms).iter().map(|term| term.typed.as_str()).collect();
        assert_eq!(missing, ["tea", "of club"]);
    }

    /// Returns whether a part of a search occurs in a text, by looking at each place of it.
    fn occurs(term: &SearchTerm, text: &str) -> bool {
        let keys: Vec<String> = words(text).map(|(_, word)| key_of(word)).collect();
        let (last, before) = term.keys.split_last().unwrap();
        keys.windows(term.keys.len()).any(|window| {
            let (end, start) = window.split_last().unwrap();
            start == before && if term.is_open { end.starts_with(last) } else { end == last }
        })
    }

    proptest! {
        #[test]
        fn the_index_finds_what_reading_finds(
            texts in prop::collection::vec("([ab]{1,2}|á|B)( ([ab]{1,2}|-)){0,6}", 0..12),
            typed in "(\"?[ab]{1,2}\"?( |-)?){0,4}",
        ) {
            let terms = terms_of(&typed);
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let mut found = found(&index(&texts), &typed);
            found.sort_unstable();
            let expected: Vec<u32> = (0..)
                .zip(&texts)
                .filter(|(_, text)| !terms.is_empty() && terms.iter().all(|term| occurs(term, text)))
                .map(|(number, _)| number)
                .collect();
            prop_assert_eq!(found, expected);
            let mut found: Vec<u32> =
                index(&texts).find_any(&terms).iter().map(|found| found.text).collect();
            found.sort_unstable();
            let expected: Vec<u32> = (0..)
                .zip(&texts)
                .filter(|(_, text)| terms.iter().any(|term| occurs(term, text)))
                .map(|(number, _)| number)
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
