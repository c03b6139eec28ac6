//! Whether a quote begins or ends inside a word.

use std::ops::Range;

/// Returns whether a position is inside a word or a number. Scripts without upper and lower case attach particles to
/// words or write no spaces, so a quote may begin or end anywhere in them.
pub(super) fn cuts_word(text: &str, at: usize) -> bool {
    let (before, after) = (&text[..at], &text[at..]);
    let mut backwards = before.chars().rev();
    let mut forwards = after.chars();
    let (Some(last), Some(first)) = (backwards.next(), forwards.next()) else { return false };
    let is_separator = |c: char| matches!(c, '.' | ',' | '\'' | '’');
    let is_digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    (is_of_word(last) && is_of_word(first))
        || (last.is_numeric() && is_separator(first) && is_digit(forwards.next()))
        || (is_separator(last) && first.is_numeric() && is_digit(backwards.next()))
}

/// Returns whether a span begins or ends inside a word.
pub(super) fn cuts(text: &str, span: &Range<usize>) -> bool {
    cuts_word(text, span.start) || cuts_word(text, span.end)
}

/// Widens a span to whole words.
pub(super) fn widened(text: &str, span: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = span;
    while cuts_word(text, start)
        && let Some(c) = text[..start].chars().next_back()
    {
        start -= c.len_utf8();
    }
    while cuts_word(text, end)
        && let Some(c) = text[end..].chars().next()
    {
        end += c.len_utf8();
    }
    start..end
}

fn is_of_word(c: char) -> bool {
    c.is_lowercase() || c.is_uppercase() || c.is_numeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_are_not_cut() {
        for (text, words, whole) in [
            ("a party here", "art", "party"),
            ("it has 5.5 apples", "5", "5.5"),
            ("it has 12,000 apples", "000", "12,000"),
            ("in 1984.", "1984", "1984"),
            ("the Café", "Caf", "Café"),
            ("서울은", "서울", "서울"),
            ("5. Tea", "5", "5"),
        ] {
            let start = text.find(words).unwrap();
            let span = start..start + words.len();
            assert_eq!(cuts(text, &span), words != whole, "{text}");
            assert_eq!(&text[widened(text, span)], whole);
        }
    }
}
