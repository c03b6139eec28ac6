//! Compares two versions of a few sentences word by word. Typography is not a difference.

use super::folding::{FoldedText, Folding};
use similar::{Algorithm, DiffOp, capture_diff_slices_by_key};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation as _;

/// A part of the difference between two texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffPart {
    /// Which of the texts has the words.
    pub side: DiffSide,
    /// The words, with single spaces.
    pub words: String,
}

/// Which of two texts has the words of a [`DiffPart`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffSide {
    /// Both, except for typography. The words are those of the new text.
    Both,
    /// The old one: the words were removed.
    Old,
    /// The new one: the words were added.
    New,
}

impl DiffPart {
    /// Compares two texts word by word.
    pub fn between(old: &str, new: &str) -> Vec<Self> {
        WordDiff::between(old, new).parts(old, new)
    }
}

/// Two texts as tokens, with the operations that turn one into the other.
pub(super) struct WordDiff {
    pub(super) old: Vec<Token>,
    pub(super) new: Vec<Token>,
    operations: Vec<DiffOp>,
}

/// A word, a number or a punctuation mark.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The byte range in its text.
    pub(super) span: Range<usize>,
    /// The token without its typography.
    pub(super) folded: String,
    /// Whether a digit stands directly before or after it.
    pub(super) touches_digit: bool,
}

impl WordDiff {
    pub(super) fn between(old: &str, new: &str) -> Self {
        let (old, new) = (tokens(old), tokens(new));
        let operations =
            capture_diff_slices_by_key(Algorithm::Myers, &old, &new, |token| token.folded.clone());
        Self { old, new, operations }
    }

    /// Returns the tokens that only the old text has, and those that only the new text has, as indices.
    pub(super) fn changed(&self) -> (Vec<usize>, Vec<usize>) {
        let differing = self.operations.iter().filter(|operation| !is_equal(operation));
        let (olds, news): (Vec<_>, Vec<_>) =
            differing.map(|operation| (operation.old_range(), operation.new_range())).unzip();
        (olds.into_iter().flatten().collect(), news.into_iter().flatten().collect())
    }

    /// Returns the difference as parts for people. `old` and `new` are the texts that were compared.
    pub(super) fn parts(&self, old: &str, new: &str) -> Vec<DiffPart> {
        let mut parts: Vec<DiffPart> = Vec::new();
        for operation in &self.operations {
            let (old_range, new_range) = (operation.old_range(), operation.new_range());
            let is_spaced = follows_space(&self.old, old_range.start, &old_range)
                || follows_space(&self.new, new_range.start, &new_range);
            if is_spaced && !parts.is_empty() {
                push(&mut parts, DiffSide::Both, " ");
            }
            if is_equal(operation) {
                push(&mut parts, DiffSide::Both, &words(new, &self.new[new_range]));
            } else {
                push(&mut parts, DiffSide::Old, &words(old, &self.old[old_range]));
                push(&mut parts, DiffSide::New, &words(new, &self.new[new_range]));
            }
        }
        parts
    }
}

fn is_equal(operation: &DiffOp) -> bool {
    matches!(operation, DiffOp::Equal { .. })
}

/// Returns whether there is white space before the first token of a range.
fn follows_space(tokens: &[Token], first: usize, range: &Range<usize>) -> bool {
    let Some(before) = first.checked_sub(1) else { return false };
    !range.is_empty() && tokens[before].span.end < tokens[first].span.start
}

/// Returns the words of some tokens with single spaces.
fn words(text: &str, tokens: &[Token]) -> String {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return String::new() };
    let words = text[first.span.start..last.span.end].split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

fn push(parts: &mut Vec<DiffPart>, side: DiffSide, words: &str) {
    match parts.last_mut() {
        _ if words.is_empty() => {}
        Some(last) if last.side == side => last.words.push_str(words),
        _ => parts.push(DiffPart { side, words: words.to_owned() }),
    }
}

/// Splits a text into its tokens.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let folded = FoldedText::new(text, Folding::Typographic);
    let all = folded.text();
    let mut spans: Vec<Range<usize>> = Vec::new();
    for (start, piece) in all.split_word_bound_indices() {
        if piece.trim().is_empty() {
            continue;
        }
        let end = start + piece.len();
        match spans.last_mut().filter(|last| last.end == start) {
            // An ellipsis is one character or three.
            Some(last) if is_dots(&all[last.clone()]) && piece.starts_with('.') => last.end = end,
            Some(last) if folded.original(last.clone()).is_none() => last.end = end,
            _ => spans.push(start..end),
        }
    }
    let token = |Range { start, end }| {
        let touches_digit =
            all[..start].ends_with(char::is_numeric) || all[end..].starts_with(char::is_numeric);
        let span = folded.original(start..end)?;
        Some(Token { span, folded: all[start..end].to_owned(), touches_digit })
    };
    spans.into_iter().filter_map(token).collect()
}

fn is_dots(token: &str) -> bool {
    token.chars().all(|c| c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(old: &str, new: &str) -> String {
        let parts = WordDiff::between(old, new).parts(old, new);
        let shown = parts.into_iter().map(|part| match part.side {
            DiffSide::Both => part.words,
            DiffSide::Old => format!("[-{}-]", part.words),
            DiffSide::New => format!("{{+{}+}}", part.words),
        });
        shown.collect()
    }

    #[test]
    fn words_differ_as_wholes() {
        for (old, new, expected) in [
            (
                "It was founded in 1984.",
                "It was founded in 1985.",
                "It was founded in [-1984-]{+1985+}.",
            ),
            ("It met", "It never met", "It {+never+} met"),
            ("It never met", "It met", "It [-never-] met"),
            ("one, two", "one. Two", "one[-, two-]{+. Two+}"),
            (
                "the “inter-\nnational” café…",
                "the \"international\" cafe\u{301}...",
                "the \"international\" cafe\u{301}...",
            ),
            ("a\n b", "a b c", "a b {+c+}"),
            ("", "a", "{+a+}"),
            ("5.5 %", "5,5 %", "[-5.5-]{+5,5+} %"),
        ] {
            assert_eq!(shown(old, new), expected);
        }
    }

    proptest! {
        #[test]
        fn both_texts_are_in_their_difference(
            old in "([ab]|[ .…\n]|é|ﬁ){0,20}",
            new in "([ab]|[ .…\n]|é|ﬁ){0,20}",
        ) {
            let parts = WordDiff::between(&old, &new).parts(&old, &new);
            let side = |but: DiffSide| -> String {
                let words = parts.iter().filter(|part| part.side != but).map(|part| part.words.as_str());
                let words: String = words.collect();
                FoldedText::new(&words, Folding::Typographic).text().split_whitespace().collect()
            };
            let bare = |text: &str| -> String {
                FoldedText::new(text, Folding::Typographic).text().split_whitespace().collect()
            };
            prop_assert_eq!(side(DiffSide::New).len(), bare(&old).len());
            prop_assert_eq!(side(DiffSide::Old).len(), bare(&new).len());
            let same = shown(&old, &old);
            prop_assert!(!same.contains("[-") && !same.contains("+}"), "{}", same);
        }
    }
}
