//! Makes external text safe to show on a terminal, as plain text or in JSON.

use serde::Serialize;
use std::borrow::Cow;
use std::io::{self, Write};

/// Returns whether a terminal would interpret a character instead of showing it or starting a new line.
fn is_obeyed(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns whether a character is invisible but changes how other text looks: control characters, directional marks,
/// line separators and zero-width characters. U+200C and U+200D are excluded: Persian and other scripts need them.
fn is_hidden(c: char) -> bool {
    is_obeyed(c)
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
        )
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}')
}

/// Makes external text safe for a terminal: escapes control characters, directional marks and zero-width characters, as
/// in `\u{9b}`. Line breaks stay, and a tab becomes a space.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => safe.push(' '),
            '\r' => {}
            c if is_hidden(c) => safe.extend(c.escape_unicode()),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

/// Writes a value as JSON over several lines. Also escapes what a terminal would interpret.
pub(crate) fn write_pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    let mut rest = text.as_str();
    while let Some(at) = rest.find(is_obeyed) {
        // Such a character can only be inside a string.
        let c = rest[at..].chars().next().unwrap_or_default();
        write!(out, "{}\\u{:04x}", &rest[..at], u32::from(c))?;
        rest = &rest[at + c.len_utf8()..];
    }
    writeln!(out, "{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_shown_as_escapes() {
        for (text, shown) in [
            ("plain é ¶\nnext", "plain é ¶\nnext"),
            ("a\tb\r\n", "a b\n"),
            ("\u{1b}[31m\u{7}", "\\u{1b}[31m\\u{7}"),
            ("\u{9b}31m\u{85}\u{7f}", "\\u{9b}31m\\u{85}\\u{7f}"),
            ("\u{202e}\u{2067}\u{200f}", "\\u{202e}\\u{2067}\\u{200f}"),
            ("a\u{200b}b\u{2060}\u{feff}", "a\\u{200b}b\\u{2060}\\u{feff}"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ] {
            assert_eq!(printable(text), shown);
        }
    }

    #[test]
    fn a_terminal_obeys_nothing() {
        let value = ["\u{1b}[2J", "\u{9b}2J\u{7f}\u{202e}", "é\n\t\"\\"];
        let mut out = Vec::new();
        write_pretty(&value, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains(|c: char| c != '\n' && is_obeyed(c)), "{text}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).unwrap(), value);
    }
}
