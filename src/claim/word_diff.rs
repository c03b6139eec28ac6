//! Compares two versions of a few sentences word by word. Typography is not a difference.

use super::folding::{FoldedText, Folding};
use imara_diff::{Algorithm, Diff, Hunk, InternedInput};
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

/// Two texts as tokens, with the stretches in which they differ.
pub(super) struct WordDiff {
    pub(super) old: Vec<Token>,
    pub(super) new: Vec<Token>,
    hunks: Vec<Hunk>,
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
        let mut input = InternedInput::default();
        input.update_before(old.iter().map(|token| token.folded.as_str()));
        input.update_after(new.iter().map(|token| token.folded.as_str()));
        let hunks = Diff::compute(Algorithm::Myers, &input).hunks().collect();
        Self { old, new, hunks }
    }

    /// Returns the tokens that only the old text has, and those that only the new text has, as indices.
    pub(super) fn changed(&self) -> (Vec<usize>, Vec<usize>) {
        let (olds, news): (Vec<_>, Vec<_>) =
            self.hunks.iter().map(|hunk| (indices(&hunk.before), indices(&hunk.after))).unzip();
        (olds.into_iter().flatten().collect(), news.into_iter().flatten().collect())
    }

    /// Returns the difference as parts for people. `old` and `new` are the texts that were compared.
    pub(super) fn parts(&self, old: &str, new: &str) -> Vec<DiffPart> {
        let mut parts: Vec<DiffPart> = Vec::new();
        let (mut old_end, mut new_end) = (0, 0);
        for hunk in &self.hunks {
            let (before, after) = (indices(&hunk.before), indices(&hunk.after));
            self.push_equal(&mut parts, old_end..before.start, new_end..after.start, new);
            (old_end, new_end) = (before.end, after.end);
            self.push_space(&mut parts, &before, &after);
            push(&mut parts, DiffSide::Old, &words(old, &self.old[before]));
            push(&mut parts, DiffSide::New, &words(new, &self.new[after]));
        }
        self.push_equal(&mut parts, old_end..self.old.len(), new_end..self.new.len(), new);
        parts
    }

    fn push_equal(
        &self,
        parts: &mut Vec<DiffPart>,
        before: Range<usize>,
        after: Range<usize>,
        new: &str,
    ) {
        self.push_space(parts, &before, &after);
        push(parts, DiffSide::Both, &words(new, &self.new[after]));
    }

    /// Separates what follows from what is there already, if it is separated in one of the texts.
    fn push_space(&self, parts: &mut Vec<DiffPart>, before: &Range<usize>, after: &Range<usize>) {
        let is_spaced = follows_space(&self.old, before) || follows_space(&self.new, after);
        if is_spaced && !parts.is_empty() {
            push(parts, DiffSide::Both, " ");
        }
    }
}

fn indices(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// Returns whether there is white space before the first token of a range.
fn follows_space(tokens: &[Token], range: &Range<usize>) -> bool {
    let Some(before) = range.start.checked_sub(1) else { return false };
    !range.is_empty() && tokens[before].span.end < tokens[range.start].span.start
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
