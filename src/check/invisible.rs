//! Invisible differences between a quote and a text.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::decompose_canonical;

/// The characters that look like others or are invisible, with their names.
const UNSEEN: [(char, &str); 13] = [
    ('\u{a0}', "no-break space"),
    ('\u{ad}', "soft hyphen"),
    ('\u{2007}', "figure space"),
    ('\u{2009}', "thin space"),
    ('\u{200a}', "hair space"),
    ('\u{200b}', "zero-width space"),
    ('\u{200c}', "zero-width non-joiner"),
    ('\u{200d}', "zero-width joiner"),
    ('\u{202f}', "narrow no-break space"),
    ('\u{2060}', "word joiner"),
    ('\u{3000}', "ideographic space"),
    ('\u{feff}', "byte order mark"),
    ('\u{2003}', "em space"),
];

/// Names the invisible differences between a text and a quote, and gives the words of the text in a form that can be
/// copied. The differences are unusual spaces, zero-width characters, and letters with accents that are encoded in
/// another way. Returns `None` if there are other differences.
pub(super) fn invisible_difference(text: &str, quote: &str) -> Option<String> {
    let (folded, places) = folded(text);
    let (wanted, _) = self::folded(quote);
    if wanted.is_empty() {
        return None;
    }
    let start = folded.find(&wanted)?;
    let first = *places.get(start)?;
    let end = places.get(start + wanted.len()).copied().unwrap_or(text.len());
    // A letter may be the beginning of one with an accent.
    let found = text.get(first..end).filter(|found| self::folded(found).0 == wanted)?;
    let only_in = |one: &str, other: &str| -> Vec<String> {
        let named =
            UNSEEN.iter().filter(|(c, _)| one.matches(*c).count() > other.matches(*c).count());
        let mut names: Vec<String> =
            named.map(|(c, name)| format!("a {name} (U+{:04X})", u32::from(*c))).collect();
        // The letters are the same, so the text with more characters has decomposed ones.
        if seen(one) > seen(other) {
            names.push(
                "letters in two parts, a letter and its accent (Unicode form NFD)".to_owned(),
            );
        }
        names
    };
    let (in_text, in_quote) = (only_in(found, quote), only_in(quote, found));
    let sides = [("the document", in_text), ("the quote", in_quote)];
    let words: Vec<String> = sides
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(side, names)| format!("{side} has {}", names.join(" and ")))
        .collect();
    let are_seen = |text: &str| !text.contains(|c| UNSEEN.iter().any(|(unseen, _)| *unseen == c));
    let difference = match words.join(", and ") {
        words if words.is_empty() => "they differ only in how accents are encoded".to_owned(),
        words if are_seen(found) && are_seen(quote) => {
            format!("they differ only in how accents are encoded: {words}")
        }
        words => format!("they look alike, but {words}"),
    };
    let what_to_do = if found.nfc().eq(quote.nfc()) { "copy" } else { "write" };
    (found != quote).then(|| format!("{difference}: {what_to_do} \"{}\"", in_turtle(found)))
}

/// Returns words as in a string of Turtle, with escapes for what nobody sees.
fn in_turtle(words: &str) -> String {
    let mut text = String::new();
    for c in words.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            c if UNSEEN.iter().any(|(unseen, _)| *unseen == c) => {
                text += &format!("\\u{:04X}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text
}

/// Returns the number of visible characters of a text.
fn seen(text: &str) -> usize {
    text.chars().filter(|c| !has_no_width(*c)).count()
}

const fn has_no_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Returns a text without invisible characters, with plain spaces and decomposed letters. Also returns, for each of its
/// bytes, the position of the original character.
fn folded(text: &str) -> (String, Vec<usize>) {
    let (mut folded, mut places) = (String::new(), Vec::new());
    for (place, c) in text.char_indices() {
        match c {
            c if has_no_width(c) => {}
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => folded.push(' '),
            c => decompose_canonical(c, |part| folded.push(part)),
        }
        places.resize(folded.len(), place);
    }
    (folded, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_named() {
        for (text, quote, words) in [
            (
                "founded in\u{a0}1984",
                "in 1984",
                "the document has a no-break space (U+00A0): write \"in\\u00A01984\"",
            ),
            ("founded in 1984", "in\u{a0}1984", "the quote has a no-break space (U+00A0)"),
            ("it was foun\u{ad}ded", "founded", "the document has a soft hyphen (U+00AD)"),
            (
                "Le café",
                "cafe\u{301}",
                "they differ only in how accents are encoded: the quote has letters in two parts, a letter and its accent (Unicode form NFD): copy \"café\"",
            ),
            (
                "Le cafe\u{301}.",
                "café",
                "they differ only in how accents are encoded: the document has letters in two parts, a letter and its accent (Unicode form NFD): copy \"cafe\u{301}\"",
            ),
            // The sign of the unit and the letter.
            ("5 \u{c5}", "5 \u{212b}", "how accents are encoded: copy \"5 \u{c5}\""),
            ("\"in\u{a0}1984\"", "\"in 1984\"", "write \"\\\"in\\u00A01984\\\"\""),
            // Two accents on one letter, and scripts other than Latin.
            ("Vie\u{323}\u{302}t Nam", "Việt", "the document has letters in two parts"),
            (
                "서울",
                "\u{1109}\u{1165}\u{110b}\u{116e}\u{11af}",
                "the quote has letters in two parts",
            ),
        ] {
            let said = invisible_difference(text, quote).unwrap_or_default();
            assert!(said.contains(words), "{text:?} {quote:?}: {said}");
        }
        for (text, quote) in [("Le café", "cafe"), ("Le cafe\u{301}", "cafe"), ("", "é"), ("é", "")]
        {
            assert_eq!(invisible_difference(text, quote), None, "{text:?} {quote:?}");
        }
    }
}
