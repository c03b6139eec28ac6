//! Folds texts for comparison: typography, and optionally case and accents. A folded text knows where each of its parts
//! stands in the original.

use memchr::memmem::Finder;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{
    canonical_combining_class, decompose_compatible, is_combining_mark,
};

/// What a comparison ignores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Folding {
    /// The forms of quotation marks, dashes, ellipses and ligatures, the amount and kind of white space, invisible
    /// characters, hyphenation at the end of a line, and composed or decomposed letters.
    Typographic,
    /// The same, and also case and accents.
    Loose,
    /// The same, and also quotation marks, apostrophes and all white space.
    Bare,
}

/// A folded text with a map back to the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoldedText {
    text: String,
    /// In order of both texts, and without gaps in the folded one.
    runs: Vec<Run>,
}

/// A part of a folded text and its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    /// Where the part begins in the folded text.
    start: usize,
    original: Range<usize>,
    /// Whether both are the same, so that positions inside correspond. Otherwise the run corresponds as a whole.
    is_verbatim: bool,
}

impl FoldedText {
    /// Folds a text.
    pub fn new(text: &str, folding: Folding) -> Self {
        let mut folder = Folder { source: text, folding, text: String::new(), runs: Vec::new() };
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            at = folder.step(at, c);
        }
        Self { text: folder.text, runs: folder.runs }
    }

    /// Returns the folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the byte range of the original that corresponds to a range of the folded text. Returns `None` if the range
    /// is empty, or begins or ends inside something that was folded as a whole, such as a ligature.
    pub fn original(&self, folded: Range<usize>) -> Option<Range<usize>> {
        if folded.is_empty() {
            return None;
        }
        let run_at = |at: usize| {
            let next = self.runs.partition_point(|run| run.start <= at);
            let end = self.runs.get(next).map_or(self.text.len(), |run| run.start);
            Some((self.runs.get(next.checked_sub(1)?)?, end))
        };
        let (first, _) = run_at(folded.start)?;
        let start = match folded.start - first.start {
            0 => first.original.start,
            offset if first.is_verbatim => first.original.start + offset,
            _ => return None,
        };
        let (last, last_end) = run_at(folded.end - 1)?;
        let end = match last_end - folded.end {
            0 => last.original.end,
            rest if last.is_verbatim => last.original.end - rest,
            _ => return None,
        };
        Some(start..end)
    }

    /// Returns where folded words occur, as byte ranges of the original. Matches may overlap.
    pub fn find_all<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let finder = Finder::new(folded);
        let mut from = 0;
        std::iter::from_fn(move || {
            let first = folded.chars().next()?;
            let start = from + finder.find(self.text.as_bytes().get(from..)?)?;
            from = start + first.len_utf8();
            Some(start..start + folded.len())
        })
        // A letter is not the beginning of one with an accent.
        .filter(|found| !self.text[found.end..].starts_with(continues_letter))
        .filter_map(|found| self.original(found))
    }
}

/// Folds words, and trims white space from both ends.
pub(crate) fn folded(words: &str, folding: Folding) -> String {
    FoldedText::new(words, folding).text.trim().to_owned()
}

/// Returns whether a character belongs to the letter before it.
fn continues_letter(c: char) -> bool {
    // The vowels and final consonants of decomposed Korean syllables.
    is_combining_mark(c) || matches!(c, '\u{1160}'..='\u{11ff}')
}

struct Folder<'a> {
    source: &'a str,
    folding: Folding,
    text: String,
    runs: Vec<Run>,
}

impl Folder<'_> {
    /// Folds what begins with a character, and returns where the next part begins.
    fn step(&mut self, at: usize, c: char) -> usize {
        let after = at + c.len_utf8();
        if matches!(c, '-' | '\u{2010}' | '\u{ad}')
            && self.text.ends_with(char::is_alphabetic)
            && let Some(end) = hyphenation_end(&self.source[after..])
        {
            return after + end;
        }
        match c {
            _ if has_no_width(c) => after,
            _ if c.is_whitespace() => {
                self.space(at..after);
                after
            }
            '\'' | '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' | '`' | '´' | '‹' | '›' => {
                self.mark("'", at..after);
                after
            }
            '"' | '“' | '”' | '„' | '‟' | '″' | '«' | '»' => {
                self.mark("\"", at..after);
                after
            }
            '-' if self.source[after..].starts_with('-') => {
                let rest = &self.source[after..];
                let end = after + (rest.len() - rest.trim_start_matches('-').len());
                self.long_dash(at..end);
                end
            }
            '—' | '―' => {
                self.long_dash(at..after);
                after
            }
            '‐' | '‑' | '‒' | '–' | '−' => {
                self.push("-", at..after);
                after
            }
            '…' => {
                self.push("...", at..after);
                after
            }
            '\u{fb00}'..='\u{fb06}' => {
                let mut letters = String::new();
                decompose_compatible(c, |letter| letters.push(letter));
                self.push(&letters, at..after);
                after
            }
            _ => self.letter(at, c),
        }
    }

    /// Folds a character with the combining marks that follow it.
    fn letter(&mut self, at: usize, c: char) -> usize {
        let after = at + c.len_utf8();
        let rest = &self.source[after..];
        if c.is_ascii() && rest.bytes().next().is_none_or(|byte| byte.is_ascii()) {
            let lower = c.to_ascii_lowercase();
            let folded = if self.folding == Folding::Typographic { c } else { lower };
            self.push(folded.encode_utf8(&mut [0; 4]), at..after);
            return after;
        }
        let marks = rest.find(|c| canonical_combining_class(c) == 0).unwrap_or(rest.len());
        let end = after + marks;
        let cluster = &self.source[at..end];
        let folded: String = match self.folding {
            Folding::Typographic => cluster.nfd().collect(),
            Folding::Loose | Folding::Bare => {
                let lower = cluster.chars().flat_map(char::to_lowercase);
                let bare = lower.nfd().filter(|c| !is_combining_mark(*c));
                bare.fold(String::new(), |bare, letter| bare + plain(letter).as_ref())
            }
        };
        self.push(&folded, at..end);
        end
    }

    fn space(&mut self, original: Range<usize>) {
        if !self.text.ends_with(' ') {
            self.mark(" ", original);
        }
    }

    /// Folds white space, or a quotation mark.
    fn mark(&mut self, folded: &str, original: Range<usize>) {
        if self.folding != Folding::Bare {
            self.push(folded, original);
        }
    }

    /// Folds a dash that separates parts of a sentence, which some typists surround with spaces.
    fn long_dash(&mut self, original: Range<usize>) {
        self.space(original.clone());
        self.push("-", original.clone());
        self.mark(" ", original);
    }

    fn push(&mut self, folded: &str, original: Range<usize>) {
        if folded.is_empty() {
            return;
        }
        let is_verbatim = self.source[original.clone()] == *folded;
        match self.runs.last_mut() {
            Some(run) if run.is_verbatim && is_verbatim && run.original.end == original.start => {
                run.original.end = original.end;
            }
            _ => self.runs.push(Run { start: self.text.len(), original, is_verbatim }),
        }
        self.text.push_str(folded);
    }
}

/// Returns how much white space stands between a hyphen and the rest of its word, if the word continues on the next line.
fn hyphenation_end(rest: &str) -> Option<usize> {
    let next = rest.find(|c: char| !c.is_whitespace())?;
    let is_next_line = rest[..next].matches('\n').count() == 1;
    (is_next_line && rest[next..].starts_with(char::is_lowercase)).then_some(next)
}

const fn has_no_width(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

/// Returns the letters that people type for one whose stroke or ligature is not a combining mark.
fn plain(letter: char) -> impl AsRef<str> {
    match letter {
        'ß' => "ss".to_owned(),
        'æ' => "ae".to_owned(),
        'œ' => "oe".to_owned(),
        'ø' => "o".to_owned(),
        'đ' | 'ð' => "d".to_owned(),
        'ł' => "l".to_owned(),
        'ς' => "σ".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn typography_is_folded() {
        for (one, other) in [
            ("the society’s “garden”", "the society's \"garden\""),
            ("tea — or coffee", "tea--or coffee"),
            ("tea—or coffee", "tea - or coffee"),
            ("1990–1995", "1990-1995"),
            ("and so on…", "and so on..."),
            ("a\n  b\u{a0}c\u{2009}d", "a b c d"),
            ("ﬁve oﬃces", "five offices"),
            ("inter-\nnational", "international"),
            ("inter\u{ad}national", "inter\u{ad}\r\n  national"),
            ("zero\u{200b}width\u{feff}", "zerowidth"),
            ("café", "cafe\u{301}"),
            ("Vie\u{323}\u{302}t Nam", "Việt Nam"),
            ("서울", "\u{1109}\u{1165}\u{110b}\u{116e}\u{11af}"),
        ] {
            let [one, other] = [one, other].map(|text| folded(text, Folding::Typographic));
            assert_eq!(one, other);
        }
    }

    #[test]
    fn what_may_change_the_meaning_is_not_typography() {
        for (one, other) in [
            ("café", "cafe"),
            ("Tea", "tea"),
            ("re-sign", "resign"),
            ("Anglo-\nSaxon", "AngloSaxon"),
            ("a-\n\nb", "ab"),
            ("1,5", "1.5"),
            ("-5", "5"),
            ("a b", "ab"),
        ] {
            let [one, other] = [one, other].map(|text| folded(text, Folding::Typographic));
            assert_ne!(one, other);
        }
    }

    #[test]
    fn case_and_accents_are_folded_when_asked() {
        for (one, other) in [
            ("Café", "CAFE\u{301}"),
            ("Łódź", "lodz"),
            ("Straße", "STRASSE"),
            ("Smørrebrød", "smorrebrod"),
            ("ΣΟΦΟΣ", "σοφός"),
        ] {
            let [one, other] = [one, other].map(|text| folded(text, Folding::Loose));
            assert_eq!(one, other);
        }
    }

    #[test]
    fn matches_are_ranges_of_the_original() {
        let text = "It was “inter-\nnational”, a café\u{a0}—\u{a0}in the oﬃce…";
        let found = |words: &str| {
            let folded_text = FoldedText::new(text, Folding::Typographic);
            let words = folded(words, Folding::Typographic);
            folded_text.find_all(&words).map(|span| text[span].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("\"international\""), ["“inter-\nnational”"]);
        assert_eq!(found("a cafe\u{301} - in"), ["a café\u{a0}—\u{a0}in"]);
        assert_eq!(found("office..."), ["oﬃce…"]);
        // Neither a letter without its accent nor a part of a ligature or of an ellipsis.
        assert_eq!(found("cafe"), [""; 0]);
        assert_eq!(found("the of"), [""; 0]);
        assert_eq!(found("office."), [""; 0]);
        assert_eq!(found(""), [""; 0]);
    }

    proptest! {
        #[test]
        fn every_part_has_its_origin(
            text in "([a-cA-C]|[éß\u{301}\u{323}ﬁ…—“’ \\n\u{ad}\u{200b}-]|\\PC){0,30}",
            loose in any::<bool>(),
        ) {
            let folding = if loose { Folding::Loose } else { Folding::Typographic };
            let folded_text = FoldedText::new(&text, folding);
            let mut begin = 0;
            for (i, run) in folded_text.runs.iter().enumerate() {
                let next = folded_text.runs.get(i + 1).map_or(folded_text.text.len(), |run| run.start);
                let origin = folded_text.original(run.start..next).unwrap();
                prop_assert!(text.get(origin.clone()).is_some());
                // A long dash becomes three parts of the same origin.
                prop_assert!(origin.start >= begin && !origin.is_empty());
                begin = origin.start;
            }
            // A text contains itself.
            let once = folded(&text, folding);
            let whole = folded_text.find_all(&once).next();
            prop_assert!(once.is_empty() || once.starts_with(continues_letter) || whole.is_some());
        }
    }
}
