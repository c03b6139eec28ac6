//! What is looked for: words, of which the beginnings are enough, and phrases.

use super::words::{key_of, words};

/// A part of a search: a word or a phrase, which has to occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SearchTerm {
    /// The words, which have to follow each other, as they are indexed. There is at least one.
    pub(super) keys: Vec<String>,
    /// Whether the last word may go on: only its beginning was typed.
    pub(super) is_open: bool,
    /// The words as they were typed.
    pub(super) typed: String,
}

/// Returns the quotation marks that close a phrase that `c` opens, or `None` if it opens none.
const fn closing(c: char) -> Option<&'static [char]> {
    match c {
        '"' => Some(&['"']),
        '“' => Some(&['”']),
        '„' => Some(&['“', '”']),
        _ => None,
    }
}

/// Returns the parts of what was typed: phrases between double quotes, which have to occur as they are, and words. A word
/// that has several parts, such as `counter-terrorism`, is a phrase too. Signs without words are skipped.
pub(crate) fn terms_of(typed: &str) -> Vec<SearchTerm> {
    let mut terms = Vec::new();
    let mut rest = typed;
    let opening = |text: &str| {
        text.char_indices().find_map(|(at, c)| Some((at, at + c.len_utf8(), closing(c)?)))
    };
    while let Some((start, inside, closing)) = opening(rest) {
        terms.extend(rest[..start].split_whitespace().filter_map(|word| term(word, true)));
        // A phrase that is not closed is still being typed.
        let (quoted, is_closed) = match rest[inside..].find(closing) {
            Some(end) => (&rest[inside..inside + end], true),
            None => (&rest[inside..], false),
        };
        terms.extend(term(quoted, !is_closed));
        rest = rest[inside + quoted.len()..].trim_start_matches(closing);
    }
    terms.extend(rest.split_whitespace().filter_map(|word| term(word, true)));
    terms
}

fn term(typed: &str, is_open: bool) -> Option<SearchTerm> {
    let keys: Vec<String> = words(typed).map(|(_, word)| key_of(word)).collect();
    (!keys.is_empty()).then(|| SearchTerm { keys, is_open, typed: typed.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_stand_between_quotes() {
        for (typed, expected) in [
            ("", ""),
            ("Shanghai spirit", "shanghai* spirit*"),
            ("\"Shanghai spirit\" memb", "shanghai+spirit memb*"),
            ("“Shanghai spirit”", "shanghai+spirit"),
            ("„Tee“ \"half", "tee half*"),
            ("x \"half a phr", "x* half+a+phr*"),
            ("anti-terror", "anti+terror*"),
            ("\"\" … *", ""),
        ] {
            let shown = |term: &SearchTerm| {
                format!("{}{}", term.keys.join("+"), if term.is_open { "*" } else { "" })
            };
            let terms: Vec<String> = terms_of(typed).iter().map(shown).collect();
            assert_eq!(terms.join(" "), expected, "{typed}");
        }
    }
}
