//! The shortest context that selects one of several occurrences of a quote.

use memchr::memmem::Finder;
use std::ops::Range;

/// The text directly before and after a quote that selects one of its occurrences, as in a
/// [text quote selector](https://www.w3.org/TR/annotation-model/#text-quote-selector). Both are empty for words that
/// occur once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selector {
    /// The text directly before the quote.
    pub prefix: String,
    /// The text directly after it.
    pub suffix: String,
}

/// The most words of a prefix or a suffix. Nobody reads longer ones.
const MOST_WORDS: usize = 12;

impl Selector {
    /// Returns the shortest prefix or suffix, in whole words, that only one occurrence of the words at a span has. It has
    /// both if neither suffices. Returns `None` if twelve words on each side do not suffice.
    pub fn shortest(text: &str, span: &Range<usize>) -> Option<Self> {
        let words = text.get(span.clone()).filter(|words| !words.is_empty())?;
        let others = others(text, words, span.start);
        if others.is_empty() {
            return Some(Self::default());
        }
        let prefixes: Vec<&str> = prefixes(&text[..span.start]).take(MOST_WORDS).collect();
        let suffixes: Vec<&str> = suffixes(&text[span.end..]).take(MOST_WORDS).collect();
        let select = |prefix: &str, suffix: &str| {
            let is_alike = |&start: &usize| {
                text[..start].ends_with(prefix) && text[start + words.len()..].starts_with(suffix)
            };
            let selector = Self { prefix: prefix.to_owned(), suffix: suffix.to_owned() };
            (!others.iter().any(is_alike)).then_some(selector)
        };
        let prefix = prefixes.iter().find_map(|prefix| select(prefix, ""));
        let suffix = suffixes.iter().find_map(|suffix| select("", suffix));
        match (prefix, suffix) {
            (Some(before), Some(after)) if after.suffix.len() < before.prefix.len() => Some(after),
            (Some(before), _) => Some(before),
            (None, Some(after)) => Some(after),
            (None, None) => {
                let both = prefixes.iter().zip(&suffixes);
                both.into_iter().find_map(|(prefix, suffix)| select(prefix, suffix))
            }
        }
    }
}

impl Selector {
    /// Adds a prefix and a suffix where a claim has one already, of as many words, so that it can be replaced.
    #[must_use]
    pub(crate) fn replacing(
        mut self,
        text: &str,
        span: &Range<usize>,
        [prefix, suffix]: [Option<&str>; 2],
    ) -> Self {
        let count = |words: &str| words.split_whitespace().count().max(1);
        if let Some(words) = prefix.filter(|_| self.prefix.is_empty()) {
            let longest = prefixes(&text[..span.start]).take(count(words)).last();
            longest.unwrap_or_default().clone_into(&mut self.prefix);
        }
        if let Some(words) = suffix.filter(|_| self.suffix.is_empty()) {
            let longest = suffixes(&text[span.end..]).take(count(words)).last();
            longest.unwrap_or_default().clone_into(&mut self.suffix);
        }
        self
    }
}

/// Returns where words occur apart from one place.
fn others(text: &str, words: &str, but: usize) -> Vec<usize> {
    let finder = Finder::new(words);
    let step = words.chars().next().map_or(1, char::len_utf8);
    let (mut from, mut found) = (0, Vec::new());
    while let Some(at) = text.as_bytes().get(from..).and_then(|rest| finder.find(rest)) {
        let start = from + at;
        from = start + step;
        if start != but {
            found.push(start);
        }
    }
    found
}

/// Returns the ends of a text that begin with a word, the shortest first.
fn prefixes(before: &str) -> impl Iterator<Item = &str> {
    let mut start = before.len();
    std::iter::from_fn(move || {
        let rest = before[..start].trim_end();
        if rest.is_empty() {
            return None;
        }
        let space = rest.char_indices().rev().find(|(_, c)| c.is_whitespace());
        start = space.map_or(0, |(at, c)| at + c.len_utf8());
        Some(&before[start..])
    })
}

/// Returns the beginnings of a text that end with a word, the shortest first.
fn suffixes(after: &str) -> impl Iterator<Item = &str> {
    let mut end = 0;
    std::iter::from_fn(move || {
        let rest = &after[end..];
        let word = rest.find(|c: char| !c.is_whitespace())?;
        end += word + rest[word..].find(char::is_whitespace).unwrap_or(rest.len() - word);
        Some(&after[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::Document;
    use proptest::prelude::*;

    #[test]
    fn the_shortest_side_selects() {
        let text = "The club met in May. The society met in June. The club met at noon.";
        let select = |words: &str, number: usize| {
            let (start, _) = text.match_indices(words).nth(number).unwrap();
            let selector = Selector::shortest(text, &(start..start + words.len())).unwrap();
            (selector.prefix, selector.suffix)
        };
        let pair = |prefix: &str, suffix: &str| (prefix.to_owned(), suffix.to_owned());
        assert_eq!(select("society", 0), pair("", ""));
        assert_eq!(select("met in", 0), pair("club ", ""));
        assert_eq!(select("met", 1), pair("society ", ""));
        assert_eq!(select("The club met", 1), pair("", " at"));
        assert_eq!(select("club", 0), pair("", " met in"));
    }

    #[test]
    fn a_prefix_is_replaced_by_one_of_as_many_words() {
        let text = "The society met in June.";
        let replaced = Selector::default().replacing(text, &(12..15), [Some("Our old "), None]);
        let expected = Selector { prefix: "The society ".to_owned(), suffix: String::new() };
        assert_eq!(replaced, expected);
        let replaced = Selector::default().replacing(text, &(0..11), [Some("a"), Some(" b")]);
        let expected = Selector { prefix: String::new(), suffix: " met".to_owned() };
        assert_eq!(replaced, expected);
    }

    #[test]
    fn both_sides_select_where_neither_does() {
        assert_eq!(
            Selector::shortest("aaa", &(1..2)),
            Some(Selector { prefix: "a".to_owned(), suffix: "a".to_owned() })
        );
        let row = "tea ".repeat(100);
        assert_eq!(Selector::shortest(&row, &(200..203)), None);
        assert_eq!(Selector::shortest("", &(0..0)), None);
    }

    proptest! {
        #[test]
        fn a_selector_selects_its_place(text in "([ab]|[ .]){1,40}", start in 0_usize..40, length in 1_usize..4) {
            let span = start..start + length;
            prop_assume!(span.end <= text.len());
            if let Some(Selector { prefix, suffix }) = Selector::shortest(&text, &span) {
                let located = Document::new(&text).locate(&text[span.clone()], &prefix, &suffix);
                prop_assert_eq!(located, Ok(span));
            }
        }
    }
}
