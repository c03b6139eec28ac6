//! JSON that people may look at on a terminal.

use super::naming::is_obeyed;
use serde::Serialize;
use std::io::{self, Write};

/// Writes a value as JSON over several lines. What a terminal would obey is escaped, also where JSON need not be.
pub(crate) fn write_pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    let mut rest = text.as_str();
    while let Some(at) = rest.find(is_obeyed) {
        // Such a character can only stand in a string.
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
    fn a_terminal_obeys_nothing() {
        let value = ["\u{1b}[2J", "\u{9b}2J\u{7f}\u{202e}", "é\n\t\"\\"];
        let mut out = Vec::new();
        write_pretty(&value, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains(|c: char| c != '\n' && is_obeyed(c)), "{text}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).unwrap(), value);
    }
}
