//! The sentences of a paragraph.

use super::abbreviations::is_abbreviation;
use super::header::{STOPS, is_closing, is_superscript};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// The text of a paragraph, in which sentences are looked for.
///
/// [UAX #29](https://www.unicode.org/reports/tr29/#Sentence_Boundaries) knows neither abbreviations nor notes. So it is
/// applied to a copy of the text, the mask, where the same number of bytes stands for what it would take for something
/// else.
pub(super) struct Prose<'a> {
    text: &'a str,
    mask: Vec<u8>,
}

/// A space: sentences neither begin nor end with it.
const SPACE: u8 = b' ';
/// A closing bracket, which belongs to the sentence before it.
const CLOSING: u8 = b')';
/// A comma, after which a sentence goes on.
const COMMA: u8 = b',';
/// A letter, as any other.
const LETTER: u8 = b'x';

impl<'a> Prose<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        // A line break inside a paragraph would end the sentence.
        let mask =
            text.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { SPACE } else { byte });
        Self { text, mask: mask.collect() }
    }

    /// Returns the byte ranges of the sentences, without white space at their ends.
    pub(super) fn sentences(mut self) -> Vec<Range<usize>> {
        for (at, stop) in self.text.match_indices(STOPS) {
            let next = at + stop.len();
            if self.goes_on(at, next) {
                self.hide(at..next, COMMA);
            } else {
                self.hide_notes(next);
            }
        }
        let Ok(mask) = String::from_utf8(self.mask) else { return Vec::new() };
        let trimmed = |(start, words): (usize, &str)| {
            let start = start + (words.len() - words.trim_start().len());
            start..start + words.trim().len()
        };
        mask.split_sentence_bound_indices()
            .filter(|(_, words)| !words.trim().is_empty())
            .map(trimmed)
            .collect()
    }

    /// Hides marks of a markup language: they neither end sentences nor are they lost from them. White space, and the
    /// marks that begin a line, stand between sentences.
    pub(super) fn hide_markup(&mut self, range: Range<usize>) {
        let mut begins_line = false;
        for (at, c) in self.text[range.clone()].char_indices() {
            let at = range.start + at;
            begins_line = c == '\n' || (begins_line && (c == '>' || c.is_whitespace()));
            let by = if begins_line || c.is_whitespace() { SPACE } else { CLOSING };
            self.hide(at..at + c.len_utf8(), by);
        }
    }

    /// Hides code, in which no sentence ends.
    pub(super) fn hide_code(&mut self, range: Range<usize>) {
        self.hide(range, LETTER);
    }

    /// Puts a byte in the place of whole characters.
    fn hide(&mut self, range: Range<usize>, by: u8) {
        self.mask[range].fill(by);
    }

    /// Returns whether the sentence goes on after a stop at which Unicode's rules could end it.
    fn goes_on(&self, at: usize, next: usize) -> bool {
        if self.text[at..next] == *"." {
            return is_enumerator(self.text[..at].trim_start()) || is_abbreviation(self.text, at);
        }
        // “Go!” he said.
        let rest = self.text[next..].trim_start_matches(is_closing);
        let is_closed = rest.len() < self.text.len() - next;
        is_closed && rest.trim_start().starts_with(char::is_lowercase)
    }

    /// Joins the notes behind a stop to its sentence: `.[2]`, `.²`, `.”12`.
    fn hide_notes(&mut self, stop: usize) {
        let text = self.text;
        let mut at = stop;
        loop {
            let rest = &text[at..];
            let closing = rest.len() - rest.trim_start_matches(is_closing).len();
            let note = note(&rest[closing..], &text[..stop]);
            self.hide(at + closing..at + closing + note, CLOSING);
            at += closing + note;
            if note == 0 {
                break;
            }
        }
    }
}

/// Returns whether the beginning of a block is the number of an enumeration: `1`, `2.3`, `a`, `IV`, `(b`.
fn is_enumerator(start: &str) -> bool {
    const LONGEST: usize = 9;
    if start.len() > LONGEST {
        return false;
    }
    let number = start.strip_prefix('(').unwrap_or(start);
    let all = |allowed: &str| number.chars().all(|c| allowed.contains(c));
    let is_letter = number.len() == 1 && number.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_number =
        number.split('.').all(|part| (1..=3).contains(&part.len())) && all("0123456789.");
    let is_roman = !number.is_empty() && (all("ivxl") || all("IVXL"));
    is_letter || is_number || is_roman
}

/// Returns the length of a note at the beginning of the text behind a stop, or 0 if there is none.
fn note(rest: &str, before: &str) -> usize {
    const LONGEST: usize = 20;
    // A space may stand before a number in brackets.
    let bracket = rest.strip_prefix(' ').unwrap_or(rest);
    if let Some(inner) = bracket.strip_prefix('[') {
        let inner =
            inner.bytes().take(LONGEST).position(|byte| byte == b']').map(|end| &inner[..end]);
        let is_number = |inner: &&str| inner.bytes().all(|byte| byte.is_ascii_digit());
        let is_note = |inner: &&str| bracket.len() == rest.len() || is_number(inner);
        return inner
            .filter(is_note)
            .map_or(0, |inner| rest.len() - bracket.len() + inner.len() + "[]".len());
    }
    let superscript = rest.len() - rest.trim_start_matches(is_superscript).len();
    if superscript > 0 {
        return superscript;
    }
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = rest.len() - after.len();
    if !(1..=3).contains(&digits) {
        return 0;
    }
    // In `2.1 Beta` the stop is a part of the number.
    let sentence = before.strip_suffix(STOPS).unwrap_or(before);
    let is_after_word = sentence.ends_with(|c: char| c.is_alphabetic() || is_closing(c));
    let next = after.trim_start();
    let is_apart = next.len() < after.len() && !next.starts_with(char::is_lowercase);
    if is_after_word && (is_apart || next.is_empty()) { digits } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paragraphs, with a bar between two sentences.
    const CASES: &[&str] = &[
        // Unicode's rules: a full stop before a small letter, or inside a number, ends nothing.
        "It met.| It ended.",
        "It met on 3.4 days.| Why?| Because!",
        "Tea (e.g. green tea) is drunk.",
        "He asked about asean.org today.| Nobody knew.",
        "It met...| Then it ended.",
        "It met… and then it ended.",
        "会议在北京举行。| 各国签署了协议。",
        // Titles, and the names of people.
        "Dr. Smith met Mrs. Jones, Prof. Dr. Lee and St. John.| They spoke.",
        "J. R. R. Tolkien wrote it.| George W. Bush read it.",
        "M. Dupont est venu.| Sra. García y el Dr. Ruiz también.",
        "John Brown Jr. Street is in St. Louis.",
        // Numbers.
        "See No. 5, Art. 12, Fig. 3, Vol. IV and pp. 3–4 of it.| It is short.",
        "He said no.| I agreed.",
        "It is a work of art.| Nobody saw it.",
        "It met on Dec. 12 and in Sept. 2001.| It met again in Dec.| Nobody came.",
        "Tea, coffee, etc. 5 are there.| Tea, coffee, etc.| Five are there.",
        "Smith et al. Nature 5 says so.| See Smith et al.| The rest is here.",
        // Firms and states.
        "Tea Inc. Chairman Lee spoke.| Lee owns Tea Inc.| He founded it.",
        "The U.S. Senate met in the U.S.| The U.N. General Assembly did not.",
        "See i.e. Article 5, cf. Smith, vs. Jones.| It is e.g. Tea.",
        // German, French and Spanish.
        "Es gibt Tee, z. B. Assam, bzw. Kaffee.| Vgl. Abs. 3.| Nr. 5 gilt.",
        "Es gibt z.B. Assam, d. h. Tee.| Seit dem 3. Oktober 1990 gilt es.",
        "Il y a p. ex. Paris.| Hay té, p. ej. Assam, en EE. UU.| Una vez.",
        // Enumerations at the beginning.
        "1. The parties agree.| They sign.",
        "1.2. The parties agree.",
        "(a) The parties agree.",
        "IV. The parties agree.",
        "There were 12.| The rest left.",
        // Notes.
        "It met.[2]| It ended.[3][14]| So it was.",
        "It met.²| It ended.³ ",
        "It met.1| It ended.”12| So it was.",
        "It met.[citation needed]| It ended. [5]| So it was.",
        "Version 2.1 Beta is out.",
        "It met.[2] or so they say.",
        // Closing marks.
        "“It met.”| “It ended.”",
        "“It met!” she said.| “Did it?” he asked.",
        "(It met.)| It ended.",
        "\"It met.\"| \"It ended,\" he said.",
        // Lines.
        "It met on\r\na Friday.|\r\nIt ended.",
        "It met with Dr.\nSmith.",
    ];

    #[test]
    fn sentences_are_those_of_a_reader() {
        for case in CASES {
            let text = case.replace('|', "");
            let found: Vec<&str> =
                Prose::new(&text).sentences().into_iter().map(|sentence| &text[sentence]).collect();
            let expected: Vec<&str> = case.split('|').map(str::trim).collect();
            assert_eq!(found, expected, "{case}");
        }
    }

    #[test]
    fn white_space_has_no_sentences() {
        assert!(Prose::new("").sentences().is_empty());
        assert!(Prose::new(" \n ").sentences().is_empty());
    }
}
