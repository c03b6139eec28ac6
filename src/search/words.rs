//! The words of a text, as they are indexed and looked for.

use crate::vocabulary::folded;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation as _;

/// Returns the words of a text with their byte ranges, in order, as
/// [Unicode Standard Annex 29](https://www.unicode.org/reports/tr29/#Word_Boundaries) divides it.
pub(super) fn words(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    text.unicode_word_indices().map(|(start, word)| (start..start + word.len(), word))
}

/// Returns a word without case and accents, and without the English possessive: `Kalniņš’s` becomes `kalnins`.
pub(super) fn key_of(word: &str) -> String {
    let base = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
    if base.is_ascii() { base.to_ascii_lowercase() } else { folded(base) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_accents_and_possessives() {
        let keys = |text: &str| words(text).map(|(_, word)| key_of(word)).collect::<Vec<_>>();
        assert_eq!(
            keys("The SCO’s Café, anti-terrorism"),
            ["the", "sco", "cafe", "anti", "terrorism"]
        );
        assert_eq!(keys("2001-06-15 … 3.5 %"), ["2001", "06", "15", "3.5"]);
        assert_eq!(keys("上海 Ελλάς"), ["上", "海", "ελλας"]);
        assert!(keys("… — !").is_empty());
    }
}
