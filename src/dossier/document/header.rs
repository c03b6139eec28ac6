//! The end of a text's header: which block is the first of the body.

/// The marks that end a sentence.
pub(super) const STOPS: [char; 9] = ['.', '?', '!', '…', '。', '！', '？', '؟', '।'];

/// The longest block without the end of a sentence that can be a title, in words.
const LONGEST_TITLE: usize = 20;

/// The longest note mark in brackets, in bytes: `[citation needed]`.
const LONGEST_NOTE: usize = 20;

/// Returns whether a block of prose belongs to the body: it ends as a sentence does, or is too long for a title. A
/// block of fields, such as `Author: Ada`, may be longer.
pub(super) fn is_prose(block: &str) -> bool {
    ends_sentence(block) || (is_long(block) && !is_fields(block))
}

/// Returns whether a block is too long for a title.
pub(super) fn is_long(block: &str) -> bool {
    block.split_whitespace().nth(LONGEST_TITLE).is_some()
}

/// Returns whether each line of a block is a name with its value: `Author: Ada`.
pub(super) fn is_fields(block: &str) -> bool {
    block.lines().all(|line| {
        let name = line
            .split_once(':')
            .filter(|(_, value)| value.is_empty() || value.starts_with(char::is_whitespace));
        name.is_some_and(|(name, _)| !name.trim().is_empty() && name.split_whitespace().count() < 5)
    })
}

/// Returns whether a text ends as a sentence does: with a stop, after which closing marks and notes may stand.
pub(super) fn ends_sentence(text: &str) -> bool {
    let mut rest = text.trim_end();
    while let Some(shorter) = without_note(rest).or_else(|| rest.strip_suffix(is_closing)) {
        rest = shorter.trim_end();
    }
    rest.ends_with(STOPS)
}

/// Returns whether a mark can stand between the end of a sentence and the next sentence: a closing quotation mark or
/// bracket, the mark of a note, or emphasis.
pub(super) const fn is_closing(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '”'
            | '’'
            | '“'
            | '‘'
            | '»'
            | '›'
            | '«'
            | '‹'
            | ')'
            | ']'
            | '}'
            | '」'
            | '』'
            | '）'
            | '》'
            | '〉'
            | '】'
            | '*'
            | '_'
            | '†'
            | '‡'
    )
}

/// Returns whether a character is a superscript digit, which is the number of a note.
pub(super) const fn is_superscript(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

/// Returns a text without the note that it ends in: `[2]`, `²`, or a number right behind a stop. Returns `None` if it
/// ends in no note.
fn without_note(text: &str) -> Option<&str> {
    if let Some(open) = text.strip_suffix(']') {
        let (before, note) = open.rsplit_once('[')?;
        return (note.len() <= LONGEST_NOTE && !note.ends_with(STOPS)).then_some(before);
    }
    if let Some(before) = text.strip_suffix(is_superscript) {
        return Some(before);
    }
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let sentence = before.trim_end_matches(is_closing).strip_suffix(STOPS)?;
    // In `2.1` the stop is a part of the number.
    let is_after_word = sentence.ends_with(|c: char| c.is_alphabetic() || is_closing(c));
    (is_after_word && (1..=3).contains(&(text.len() - before.len()))).then_some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_before_its_closing_marks_and_notes() {
        for text in [
            "It met.",
            "Who met?",
            "Meet!",
            "And so on…",
            "And so on...",
            "“It met.”",
            "(It met.)",
            "It met.[2]",
            "It met.[2][13]",
            "It met.² ",
            "It met.1",
            "It met.”12",
            "*It met.*",
            "It met.[citation needed]",
            "It met. [2]",
            "会议在北京举行。",
            "[It met.]",
        ] {
            assert!(ends_sentence(text), "{text}");
        }
        for text in [
            "",
            "The Tea Society",
            "Members:",
            "Version 2.1",
            "See [2]",
            "In 1984",
            "Tea²",
            "(Tea)",
            "[2]",
            "x].[",
            "https://example.com/tea",
            "3.1415",
        ] {
            assert!(!ends_sentence(text), "{text}");
        }
    }

    #[test]
    fn a_long_block_is_prose_unless_it_has_fields() {
        let words = "tea ".repeat(LONGEST_TITLE);
        assert!(!is_prose(&words));
        assert!(is_prose(&format!("{words}\ntea")));
        let fields = "From: Ada and all of her friends\nTo: Ben\n".repeat(4);
        assert!(!is_prose(&fields));
        assert!(is_prose(&format!("{fields}The society has always met on a day that suits her")));
        assert!(!is_fields("https://example.com/tea"));
        assert!(!is_fields("There is one thing that matters: tea"));
    }
}
