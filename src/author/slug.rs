//! Names made of words.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Returns words as the last part of an IRI: in lower case, without accents and punctuation, with hyphens between them.
pub(super) fn slug(words: &str) -> String {
    let folded: String = words.nfd().filter(|c| !is_combining_mark(*c)).collect();
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// Returns a slug of the first few words.
pub(super) fn short_slug(words: &str, most: usize) -> String {
    slug(words).split('-').take(most).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_names() {
        assert_eq!(slug("Café (2): the Society’s"), "cafe-2-the-society-s");
        assert_eq!(slug("茶 の会"), "茶-の会");
        assert_eq!(slug("…"), "");
        assert_eq!(short_slug("one two three", 2), "one-two");
    }
}
