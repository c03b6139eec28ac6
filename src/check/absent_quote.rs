//! What to do about a quote that does not occur in its document: the kind of difference, or the nearest words.

use super::invisible::invisible_difference;
use crate::claim::{DiffPart, DiffSide, Folding, QuoteFinder};
use crate::dossier::Document;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A document with the searches for its missing quotes.
pub(crate) struct AbsentQuotes<'a> {
    document: &'a Document,
    finder: QuoteFinder<'a>,
}

/// The help for a quote of a paragraph that is broken into lines.
pub(super) const BROKEN_LINES: &str =
    "the document breaks the paragraph into lines: join them, so that each paragraph is one line";

/// The least similarity of words whose differences are listed.
const SIMILARITY: f64 = 0.6;

/// The most differences that are listed.
const MOST_DIFFERENCES: usize = 4;

impl<'a> AbsentQuotes<'a> {
    pub(crate) fn of(document: &'a Document) -> Self {
        Self { document, finder: QuoteFinder::new(document) }
    }

    /// Describes how a text differs from a quote that it does not contain.
    pub(crate) fn help(&self, quote: &str) -> String {
        let text = self.document.text();
        if quote.trim().is_empty() {
            return "it has no words: copy those of the document".to_owned();
        }
        if text.contains(quote) {
            return "the words occur there, but not at `oa:prefix` and `oa:suffix`".to_owned();
        }
        if let Some(difference) = invisible_difference(text, quote) {
            return difference;
        }
        self.with_footnote_marks(quote)
            .or_else(|| self.folded(quote, &[Folding::Typographic, Folding::Loose]))
            .or_else(|| self.in_quotation_marks(quote))
            .or_else(|| self.folded(quote, &[Folding::Bare]))
            .or_else(|| self.nearest(quote))
            .or_else(|| agreement(text, quote))
            .unwrap_or_else(|| "copy the words of the document verbatim".to_owned())
    }

    fn occurs(&self, words: &str) -> bool {
        !words.is_empty()
            && (self.document.text().contains(words)
                || !self.finder.folded(words, Folding::Typographic).is_empty())
    }

    /// Says that marks of footnotes were added to words that occur.
    fn with_footnote_marks(&self, quote: &str) -> Option<String> {
        let (bare, marks) = without_footnote_marks(quote);
        let mark = marks.first().filter(|_| self.occurs(&bare))?;
        let (is, it) = match marks.len() {
            1 => ("is a mark", "it"),
            _ => ("and the like are marks", "them"),
        };
        Some(format!("`{mark}` {is} of a footnote: remove {it}"))
    }

    /// Says that quotation marks were added around words that occur.
    fn in_quotation_marks(&self, quote: &str) -> Option<String> {
        let trimmed = quote.trim();
        let inner = trimmed.strip_prefix(is_quotation_mark)?.strip_suffix(is_quotation_mark)?;
        self.occurs(inner.trim_matches(is_quotation_mark).trim())
            .then(|| "remove the quotation marks around the words".to_owned())
    }

    /// Describes a difference in typography, case, accents, quotation marks or white space alone.
    fn folded(&self, quote: &str, foldings: &[Folding]) -> Option<String> {
        let found = foldings
            .iter()
            .find_map(|folding| self.finder.folded(quote, *folding).into_iter().next())?;
        let found = with_quotation_marks(self.document.text(), quote, found);
        let words = &self.document.text()[found.clone()];
        let kinds = differing_kinds(words, quote.trim());
        let are_broken = words.contains('\n') || quote.contains('\n');
        let (kinds, differ) = match kinds.as_slice() {
            ["white space"] if has_blank_line(words) && !quote.contains('\n') => {
                return Some(
                    "the words stand in two paragraphs: quote the words of one, or write `\\n\\n` between them"
                        .to_owned(),
                );
            }
            ["white space"] if words.contains('\n') && !quote.contains('\n') => {
                return Some(BROKEN_LINES.to_owned());
            }
            ["white space"] if !words.contains('\n') && quote.contains('\n') => {
                let words = words.replace('\\', "\\\\").replace('"', "\\\"");
                return Some(format!("the document does not break the line: write `\"{words}\"`"));
            }
            ["white space"] if are_broken => {
                return Some(
                    "the words occur there with different white space or line breaks: a line break is `\\n`"
                        .to_owned(),
                );
            }
            ["white space"] => {
                let place = self.place(&found);
                let words = spaced(words, quote.trim());
                return Some(format!("the document has “{words}”{place}: only the spaces differ"));
            }
            [] => ("the typography".to_owned(), "differs"),
            [only] => ((*only).to_owned(), "differ"),
            [all @ .., last] => (format!("{} and {last}", all.join(", ")), "differ"),
        };
        Some(format!(
            "the document has “{}”{}: only {kinds} {differ}",
            abridged(words),
            self.place(&found)
        ))
    }

    /// Shows the words that the quote may mean most likely, with what differs. There are two if both are as likely.
    fn nearest(&self, quote: &str) -> Option<String> {
        let likely = self.finder.likely(quote);
        let mut shown: Vec<String> = likely
            .iter()
            .map(|nearest| {
                let words = &self.document.text()[nearest.span.clone()];
                let differences = differences(&DiffPart::between(quote, words));
                let listed = match differences.len() {
                    // The order of the words differs.
                    _ if nearest.similarity < SIMILARITY => String::new(),
                    0 => ": only spaces or punctuation marks differ".to_owned(),
                    1..=MOST_DIFFERENCES => format!(": the quote {}", differences.join(", ")),
                    _ => String::new(),
                };
                format!("{} are “{}”{listed}", self.place(&nearest.span), abridged(words))
            })
            .collect();
        let first = shown.first_mut().map(std::mem::take)?;
        Some(match shown.get(1) {
            None => format!("the nearest words{first}"),
            Some(second) => format!(
                "two places are nearly the same; the nearest words{first}; those of the other{second}"
            ),
        })
    }

    fn place(&self, span: &Range<usize>) -> String {
        let passage = self.document.passages_at(span.clone()).first();
        passage.map_or_else(String::new, |passage| format!(" ({})", passage.place.short()))
    }
}

/// Says what differs in the words of a document.
fn differences(parts: &[DiffPart]) -> Vec<String> {
    let mut differences = Vec::new();
    let mut parts = parts.iter().peekable();
    while let Some(part) = parts.next() {
        differences.push(match part.side {
            DiffSide::Both => continue,
            DiffSide::New => format!("lacks “{}”", part.words),
            DiffSide::Old => match parts.next_if(|next| next.side == DiffSide::New) {
                Some(next) => format!("has “{}” instead of “{}”", part.words, next.words),
                None => format!("adds “{}”", part.words),
            },
        });
    }
    differences
}

/// Returns a text without marks of footnotes, such as `[6]`, and these marks. `dossier read` prints them.
fn without_footnote_marks(text: &str) -> (String, Vec<&str>) {
    let (mut bare, mut marks, mut rest) = (String::new(), Vec::new(), text);
    while let Some(start) = rest.find('[') {
        let digits = rest[start + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let end = start + 1 + digits;
        if digits > 0 && rest[end..].starts_with(']') {
            bare.push_str(rest[..start].trim_end());
            marks.push(&rest[start..=end]);
            rest = &rest[end + 1..];
        } else {
            bare.push_str(&rest[..=start]);
            rest = &rest[start + 1..];
        }
    }
    bare.push_str(rest);
    (bare.trim().to_owned(), marks)
}

/// Widens a span of words by the quotation marks next to it that the quote has there, or whose counterpart is inside.
fn with_quotation_marks(text: &str, quote: &str, span: Range<usize>) -> Range<usize> {
    const PAIRS: [(char, char); 6] =
        [('“', '”'), ('‘', '’'), ('«', '»'), ('„', '“'), ('‹', '›'), ('"', '"')];
    let words = &text[span.clone()];
    let quote = quote.trim();
    let is_open = |(open, close): &(char, char)| {
        if open == close {
            words.matches(*open).count() % 2 == 1
        } else {
            words.rfind(*open) > words.rfind(*close)
        }
    };
    let is_unopened = |(open, close): &(char, char)| {
        if open == close {
            words.matches(*open).count() % 2 == 1
        } else {
            let opened = words.find(*open);
            words.find(*close).is_some_and(|at| opened.is_none_or(|open| open > at))
        }
    };
    let closes = |c: &char| {
        is_quotation_mark(*c)
            && (quote.ends_with(is_quotation_mark) && !words.ends_with(is_quotation_mark)
                || PAIRS.iter().any(|pair| pair.1 == *c && is_open(pair)))
    };
    let opens = |c: &char| {
        is_quotation_mark(*c)
            && (quote.starts_with(is_quotation_mark) && !words.starts_with(is_quotation_mark)
                || PAIRS.iter().any(|pair| pair.0 == *c && is_unopened(pair)))
    };
    let before = text[..span.start].chars().next_back().filter(opens).map_or(0, char::len_utf8);
    let after = text[span.end..].chars().next().filter(closes).map_or(0, char::len_utf8);
    span.start - before..span.end + after
}

/// Returns the words around the first difference in white space, so that it is seen in a long quote.
fn spaced(words: &str, quote: &str) -> String {
    const AROUND: usize = 30;
    let same = words.char_indices().zip(quote.chars()).find(|((_, one), other)| one != other);
    let at = same.map_or(words.len().min(quote.len()), |((at, _), _)| at);
    let start = words[..at].char_indices().rev().nth(AROUND).map_or(0, |(start, _)| start);
    let start = words[..start].rfind(char::is_whitespace).map_or(0, |space| space + 1);
    let end = words[at..].char_indices().nth(AROUND).map_or(words.len(), |(end, _)| at + end);
    let end = words[end..].find(char::is_whitespace).map_or(words.len(), |space| end + space);
    let [before, after] = [(start > 0, "… "), (end < words.len(), " …")]
        .map(|(is_cut, mark)| if is_cut { mark } else { "" });
    format!("{before}{}{after}", &words[start..end])
}

fn is_quotation_mark(c: char) -> bool {
    "'‘’‚‛′ʼ`´‹›\"“”„‟″«»".contains(c)
}

/// Names the kinds of difference between words that are the same when folded.
fn differing_kinds(words: &str, quote: &str) -> Vec<&'static str> {
    let is_dash = |c: char| "-‐‑‒–—―−".contains(c);
    let of =
        |text: &str, is: &dyn Fn(char) -> bool| text.chars().filter(|c| is(*c)).collect::<String>();
    let differs = |is: &dyn Fn(char) -> bool| of(words, is) != of(quote, is);
    // An apostrophe stands between letters.
    let of_marks = |text: &str, is_apostrophe: bool| -> String {
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        let marks = text.char_indices().filter(|(at, c)| {
            let inside = is_letter(text[..*at].chars().next_back())
                && is_letter(text[at + c.len_utf8()..].chars().next());
            is_quotation_mark(*c) && inside == is_apostrophe
        });
        marks.map(|(_, mark)| mark).collect()
    };
    let mark_differs = |is: bool| of_marks(words, is) != of_marks(quote, is);
    let letters = |text: &str| text.nfd().filter(|c| c.is_alphabetic()).collect::<String>();
    let accents = |text: &str| text.nfd().filter(|c| is_combining_mark(*c)).collect::<String>();
    let spaces = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_whitespace())
            .filter(|s| !s.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (one, other) = (letters(words), letters(quote));
    let has_case = one != other && one.to_lowercase() == other.to_lowercase();
    let kinds: Vec<&str> = [
        (has_case, "upper and lower case"),
        (accents(words) != accents(quote), "accents"),
        (mark_differs(false), "quotation marks"),
        (mark_differs(true), "apostrophes"),
        (differs(&is_dash), "dashes"),
        (spaces(words) != spaces(quote), "white space"),
    ]
    .into_iter()
    .filter_map(|(differs, kind)| differs.then_some(kind))
    .collect();
    // Spaces can also stand elsewhere.
    let parts = |text: &str| text.split_whitespace().map(str::len).collect::<Vec<_>>();
    if kinds.is_empty() && parts(words) != parts(quote) { vec!["white space"] } else { kinds }
}

/// Describes how far a text agrees with a quote, if for more than a word.
fn agreement(text: &str, quote: &str) -> Option<String> {
    let ends = quote.char_indices().map(|(end, _)| end).chain([quote.len()]);
    let longest = ends.take_while(|&end| text.contains(&quote[..end])).last().unwrap_or(0);
    // A word that differs is excluded as a whole.
    let agreed = quote[..longest].rfind(char::is_whitespace).map_or("", |end| &quote[..end]);
    let words: Vec<&str> = agreed.split_whitespace().collect();
    let start = text.find(agreed).filter(|_| words.len() > 1)?;
    Some(format!(
        "they agree up to “{}”; then the document has “{}”, but the quote has “{}”",
        words[words.len().saturating_sub(5)..].join(" "),
        beginning(&text[start + agreed.len()..]),
        beginning(&quote[agreed.len()..])
    ))
}

fn has_blank_line(words: &str) -> bool {
    words.lines().any(|line| line.trim().is_empty())
}

/// Returns words with single spaces, without the middle if they are many.
fn abridged(words: &str) -> String {
    const MANY: usize = 30;
    let words: Vec<&str> = words.split_whitespace().collect();
    match words.as_slice() {
        many if many.len() > MANY => {
            format!("{} … {}", many[..MANY / 2].join(" "), many[many.len() - MANY / 3..].join(" "))
        }
        few => few.join(" "),
    }
}

/// Returns the first words of a text.
fn beginning(text: &str) -> String {
    const FEW: usize = 5;
    let words: Vec<&str> = text.split_whitespace().take(FEW + 1).collect();
    let more = if words.len() > FEW { " …" } else { "" };
    words.into_iter().take(FEW).collect::<Vec<_>>().join(" ") + more
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(text: &str, quote: &str) -> String {
        AbsentQuotes::of(&Document::new(text)).help(quote)
    }

    #[test]
    fn the_nearest_words_are_shown_with_what_differs() {
        let text = "It was founded in 1984,\nand its first president was Ada.";
        for (quote, expected) in [
            (
                "It was founded in 1985",
                "the nearest words (¶1 s1) are “It was founded in 1984”: the quote has “1985” instead of “1984”",
            ),
            (
                "It was not founded in 1984",
                "the nearest words (¶1 s1) are “It was founded in 1984”: the quote adds “not”",
            ),
            (
                "its president was Ada",
                "the nearest words (¶1 s1) are “its first president was Ada”: the quote lacks “first”",
            ),
        ] {
            assert_eq!(help(text, quote), expected);
        }
        assert_eq!(help(text, "in 1984, and its"), BROKEN_LINES);
        assert!(help(text, "in 1984,\n and its").contains("line breaks"));
        assert!(help(text, "founded").contains("oa:prefix"));
        assert!(help(text, "Penguins").contains("verbatim"));
        assert!(help("", "é").contains("verbatim"));
        assert_eq!(
            help(
                "It was founded in 1984, and its first president was Ada.",
                "It was founded in Norburg by nineteen fishers who had lost all their boats"
            ),
            "they agree up to “It was founded in”; then the document has “1984, and its first president …”, but the quote has “Norburg by nineteen fishers who …”"
        );
    }

    #[test]
    fn folding_tells_the_kind_of_difference() {
        let text = "The society’s café – it is old –\nopens at noon.";
        for (quote, kinds) in [
            ("it is Old", "“it is old” (¶1 s1): only upper and lower case differ"),
            ("The society's café", "“The society’s café” (¶1 s1): only apostrophes differ"),
            ("The society’s cafe", "“The society’s café” (¶1 s1): only accents differ"),
            ("café - it", "“café – it” (¶1 s1): only dashes differ"),
            (
                "the society's cafe - it is old - opens",
                "(¶1 s1): only upper and lower case, accents, apostrophes, dashes and white space differ",
            ),
        ] {
            let help = help(text, quote);
            assert!(help.ends_with(kinds), "{help}");
        }
    }

    #[test]
    fn words_of_two_paragraphs_are_named_as_such() {
        assert_eq!(
            help("It met on Fridays.\n\nIt sold tea.", "on Fridays. It sold"),
            "the words stand in two paragraphs: quote the words of one, or write `\\n\\n` between them"
        );
    }

    #[test]
    fn quotation_marks_and_spaces_that_differ_are_shown() {
        let text =
            "Some called the light “the Widow’s Lamp”. It shone \u{2018}far\u{2019} , they say.";
        let whole = "the document has “Some called the light “the Widow’s Lamp”” (¶1 s1): only";
        for (quote, expected) in [
            (
                "Some called the light 'the Widow's Lamp'",
                format!("{whole} quotation marks and apostrophes differ"),
            ),
            ("Some called the light “the Widow's Lamp”", format!("{whole} apostrophes differ")),
            (
                "Some called the light \"the Widow’s Lamp\"",
                format!("{whole} quotation marks differ"),
            ),
            ("Some called the light the Widow’s Lamp", format!("{whole} quotation marks differ")),
            ("'Some called the light'", "remove the quotation marks around the words".to_owned()),
            (
                "Some  called the light",
                "the document has “Some called the light” (¶1 s1): only the spaces differ"
                    .to_owned(),
            ),
            (
                "It shone ‘far’, they say .",
                "the document has “It shone ‘far’ , they say.” (¶1 s2): only the spaces differ"
                    .to_owned(),
            ),
        ] {
            assert_eq!(help(text, quote), expected, "{quote}");
        }
    }

    #[test]
    fn what_nobody_sees_is_named_first() {
        assert_eq!(
            help("It was foun\u{ad}ded in\u{a0}1984.", "was founded in 1984"),
            "they look alike, but the document has a no-break space (U+00A0) and a soft hyphen (U+00AD): write \"was foun\\u00ADded in\\u00A01984\""
        );
        assert!(help("Le café", "cafe\u{301}").contains("the quote has letters in two parts"));
        assert!(help("Le cafe\u{301}.", "café").contains("the document has letters in two parts"));
        assert!(!help("Le café", "cafe").contains("look alike"));
    }
}
