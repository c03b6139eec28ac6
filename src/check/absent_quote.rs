//! What to do about a quote that does not occur in its document: the kind of difference, or the nearest words.

use super::invisible::invisible_difference;
use crate::claim::{DiffPart, DiffSide, Folding, Nearest, QuoteFinder};
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

/// The least similarity of words that are shown as the nearest ones.
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
        if text.contains(quote) {
            return "the words occur there, but not at `oa:prefix` and `oa:suffix`".to_owned();
        }
        if let Some(difference) = invisible_difference(text, quote) {
            return difference;
        }
        self.decorated(quote)
            .or_else(|| self.folded(quote))
            .or_else(|| self.nearest(quote))
            .or_else(|| agreement(text, quote))
            .unwrap_or_else(|| "copy the words of the document verbatim".to_owned())
    }

    /// Says what was added around or between words that occur: marks of footnotes, or quotation marks.
    fn decorated(&self, quote: &str) -> Option<String> {
        let occurs = |words: &str| {
            self.document.text().contains(words)
                || !self.finder.folded(words, Folding::Typographic).is_empty()
        };
        let (bare, marks) = without_footnote_marks(quote);
        if let Some(mark) = marks.first().filter(|_| !bare.is_empty() && occurs(&bare)) {
            let (is, it) = match marks.len() {
                1 => ("is a mark", "it"),
                _ => ("and the like are marks", "them"),
            };
            return Some(format!("`{mark}` {is} of a footnote: remove {it}"));
        }
        let trimmed = quote.trim();
        let inner = trimmed.trim_matches(is_quotation_mark).trim();
        (inner.len() < trimmed.len() && !inner.is_empty() && occurs(inner))
            .then(|| "remove the quotation marks around the words".to_owned())
    }

    /// Describes a difference in typography, case or accents alone.
    fn folded(&self, quote: &str) -> Option<String> {
        let found = [Folding::Typographic, Folding::Loose]
            .into_iter()
            .find_map(|folding| self.finder.folded(quote, folding).into_iter().next())?;
        let words = &self.document.text()[found.clone()];
        let kinds = differing_kinds(words, quote.trim());
        let kinds = match kinds.as_slice() {
            ["white space"] if words.contains('\n') && !quote.contains('\n') => {
                return Some(BROKEN_LINES.to_owned());
            }
            ["white space"] => {
                return Some(
                    "the words occur there with different white space or line breaks: a line break is `\\n`"
                        .to_owned(),
                );
            }
            [] => "the typography".to_owned(),
            [only] => (*only).to_owned(),
            [all @ .., last] => format!("{} and {last}", all.join(", ")),
        };
        Some(format!(
            "the document has “{}”{}: only {kinds} differ",
            abridged(words),
            self.place(&found)
        ))
    }

    /// Shows the nearest words with what differs.
    fn nearest(&self, quote: &str) -> Option<String> {
        let Nearest { span, .. } =
            self.finder.nearest(quote).filter(|nearest| nearest.similarity >= SIMILARITY)?;
        let words = &self.document.text()[span.clone()];
        let differences = differences(&DiffPart::between(quote, words));
        let listed = if differences.len() > MOST_DIFFERENCES {
            String::new()
        } else {
            format!(": the quote {}", differences.join(", "))
        };
        Some(format!("the nearest words{} are “{}”{listed}", self.place(&span), abridged(words)))
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

fn is_quotation_mark(c: char) -> bool {
    "'‘’‚‛′ʼ`´‹›\"“”„‟″«»".contains(c)
}

/// Names the kinds of difference between words that are the same when folded.
fn differing_kinds(words: &str, quote: &str) -> Vec<&'static str> {
    let is_dash = |c: char| "-‐‑‒–—―−".contains(c);
    let of =
        |text: &str, is: &dyn Fn(char) -> bool| text.chars().filter(|c| is(*c)).collect::<String>();
    let differs = |is: &dyn Fn(char) -> bool| of(words, is) != of(quote, is);
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
    [
        (has_case, "upper and lower case"),
        (accents(words) != accents(quote), "accents"),
        (differs(&is_quotation_mark), "quotation marks"),
        (differs(&is_dash), "dashes"),
        (spaces(words) != spaces(quote), "white space"),
    ]
    .into_iter()
    .filter_map(|(differs, kind)| differs.then_some(kind))
    .collect()
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
            ("The society's café", "“The society’s café” (¶1 s1): only quotation marks differ"),
            ("The society’s cafe", "“The society’s café” (¶1 s1): only accents differ"),
            ("café - it", "“café – it” (¶1 s1): only dashes differ"),
            (
                "the society's cafe - it is old - opens",
                "(¶1 s1): only upper and lower case, accents, quotation marks, dashes and white space differ",
            ),
        ] {
            let help = help(text, quote);
            assert!(help.ends_with(kinds), "{help}");
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
