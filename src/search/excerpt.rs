//! The part of a text that is shown of it: the words that were looked for, with those around them.

use super::terms::SearchTerm;
use super::words::{key_of, words};
use std::ops::Range;

/// A text, or a part of it, on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchExcerpt {
    /// The text, with an ellipsis where it was cut.
    pub text: String,
    /// The byte ranges of the words that were looked for, in order.
    pub marks: Vec<Range<usize>>,
}

/// Returns the words of a text that a search looks for, in order.
pub(super) fn marks(text: &str, terms: &[SearchTerm]) -> Vec<Range<usize>> {
    let found: Vec<(Range<usize>, String)> =
        words(text).map(|(range, word)| (range, key_of(word))).collect();
    let mut is_marked = vec![false; found.len()];
    for term in terms {
        let Some((last, before)) = term.keys.split_last() else { continue };
        for (at, window) in found.windows(term.keys.len()).enumerate() {
            let Some(((_, end), start)) = window.split_last() else { continue };
            let is_last = if term.is_open { end.starts_with(last) } else { end == last };
            if is_last && start.iter().map(|(_, key)| key).eq(before) {
                is_marked[at..at + window.len()].fill(true);
            }
        }
    }
    found.into_iter().zip(is_marked).filter(|(_, is)| *is).map(|((range, _), _)| range).collect()
}

/// Returns the part of a text with the most of some marked words, of at most about `characters` characters, on one line.
pub(super) fn excerpt(text: &str, marks: &[Range<usize>], characters: usize) -> SearchExcerpt {
    let part = part_with(text, marks, characters);
    let mut shown = SearchExcerpt { text: String::new(), marks: Vec::new() };
    if part.start > 0 {
        shown.text.push_str("… ");
    }
    let mut is_after_space = true;
    for (at, c) in text[part.clone()].char_indices() {
        let at = part.start + at;
        if marks.iter().any(|mark| mark.start == at) {
            shown.marks.push(shown.text.len()..shown.text.len());
        }
        let is_space = c.is_whitespace();
        match is_space {
            true if is_after_space => {}
            true => shown.text.push(' '),
            false => shown.text.push(c),
        }
        is_after_space = is_space;
        if marks.iter().any(|mark| mark.end == at + c.len_utf8())
            && let Some(last) = shown.marks.last_mut()
        {
            last.end = shown.text.len();
        }
    }
    shown.text.truncate(shown.text.trim_end().len());
    // A word that is too long for the part.
    if let Some(last) = shown.marks.last_mut().filter(|last| last.start == last.end) {
        last.end = shown.text.len();
    }
    if part.end < text.trim_end().len() {
        shown.text.push_str(" …");
    }
    shown
}

/// Returns the part of a text around the densest marks, whose ends are those of words.
fn part_with(text: &str, marks: &[Range<usize>], characters: usize) -> Range<usize> {
    if text.chars().nth(characters).is_none() {
        return 0..text.len();
    }
    let around = |mark: &Range<usize>| {
        // A quarter of the room is for the words before the mark.
        let before = text[..mark.start].char_indices().rev().map(|(at, _)| at);
        let start = before.take(characters / 4).last().unwrap_or(mark.start);
        let start = if start < characters / 8 { 0 } else { start };
        let after = text[start..].char_indices().nth(characters);
        start..after.map_or(text.len(), |(at, _)| start + at)
    };
    let held = |part: &Range<usize>| {
        marks.iter().filter(|mark| part.start <= mark.start && mark.end <= part.end).count()
    };
    // Of parts with equally many marks the first one.
    let parts = marks.iter().map(around).rev();
    let part = parts.max_by_key(held).unwrap_or_else(|| around(&(0..0)));
    let starts = |at: usize| at == 0 || text[..at].ends_with(char::is_whitespace);
    let start = match text[part.clone()].find(char::is_whitespace) {
        Some(space) if !starts(part.start) => part.start + space,
        _ => part.start,
    };
    let first_mark = marks.iter().map(|mark| mark.start).find(|start| part.contains(start));
    let start = start.min(first_mark.unwrap_or(start));
    let least = first_mark.unwrap_or(start);
    let end = match text[least..part.end].rfind(char::is_whitespace) {
        Some(space) if part.end < text.len() && space > 0 => least + space,
        _ => part.end,
    };
    start..end
}

#[cfg(test)]
mod tests {
    use super::super::terms::terms_of;
    use super::*;
    use proptest::prelude::*;

    /// Returns an excerpt with its marks between brackets.
    fn shown(text: &str, typed: &str, characters: usize) -> String {
        let SearchExcerpt { text: mut shown, marks } =
            excerpt(text, &marks(text, &terms_of(typed)), characters);
        for mark in marks.iter().rev() {
            shown.insert(mark.end, ']');
            shown.insert(mark.start, '[');
        }
        shown
    }

    #[test]
    fn the_words_are_shown_with_those_around_them() {
        let text = "The club was founded\n in 1984 by Ada, Ben and Cleo, who met each Friday to drink tea.";
        assert_eq!(
            shown(text, "ada founded", 200),
            "The club was [founded] in 1984 by [Ada], Ben and Cleo, who met each Friday to drink tea."
        );
        assert_eq!(shown(text, "tea", 24), "… drink [tea].");
        assert_eq!(shown(text, "club", 24), "The [club] was founded …");
        assert_eq!(shown(text, "\"in 1984\"", 30), "… [in] [1984] by Ada, Ben …");
        assert_eq!(shown("x", "y", 10), "x");
    }

    proptest! {
        #[test]
        fn no_text_is_cut_in_a_character(
            text in "([a-c]{1,3}|é|\\PC|\n| ){0,60}",
            typed in "[a-c]{1,2}( [a-c])?",
            characters in 8_usize..40,
        ) {
            let marks = marks(&text, &terms_of(&typed));
            let shown = excerpt(&text, &marks, characters);
            for mark in &shown.marks {
                prop_assert!(shown.text.get(mark.clone()).is_some_and(|word| !word.is_empty()), "{:?}", shown);
            }
            prop_assert!(!shown.text.contains('\n'));
            prop_assert!(marks.is_empty() || !shown.marks.is_empty(), "{:?}", shown);
        }
    }
}
