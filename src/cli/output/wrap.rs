//! Lines of a width: texts, and names beside what they mean.

use std::io::{self, Write};
use textwrap::{Options, WordSplitter, wrap};
use unicode_width::UnicodeWidthStr as _;

/// The fewest columns for texts beside names. With less room they stand below them.
const LEAST_ROOM: usize = 24;

/// Writes a text between words onto lines of a width: the first one behind `before`, the others behind `hanging`.
pub(in crate::cli) fn write_filled(
    text: &str,
    before: &str,
    hanging: &str,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let options = Options::new(width)
        .initial_indent(before)
        .subsequent_indent(hanging)
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation);
    for line in wrap(text, options) {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Writes names behind an indent, and beside each, in lines of a width, what it means: below it if there is no room.
pub(in crate::cli) fn write_pairs(
    pairs: &[(String, String)],
    indent: &str,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let widest = pairs.iter().map(|(name, _)| name.width()).max().unwrap_or_default();
    let beside = " ".repeat(indent.width() + widest + 2);
    let below = format!("{indent}    ");
    let is_narrow = width < beside.len() + LEAST_ROOM;
    for (name, meaning) in pairs {
        if is_narrow {
            write_filled(name, indent, &below, width, out)?;
            write_filled(meaning, &below, &below, width, out)?;
        } else {
            let room = " ".repeat(widest - name.width() + 2);
            write_filled(meaning, &format!("{indent}{name}{room}"), &beside, width, out)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings_stand_beside_names_or_below_them() {
        let pairs =
            [("list", "what can be asked"), ("run members", "who the members are, and since when")];
        let pairs = pairs.map(|(name, meaning)| (name.to_owned(), meaning.to_owned()));
        let written = |width| {
            let mut out = Vec::new();
            write_pairs(&pairs, "  ", width, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let wide = "  list         what can be asked\n  run members  who the members are, and since when\n";
        assert_eq!(written(usize::MAX), wide);
        let beside = "  list         what can be asked\n  run members  who the members are, and\n               since when\n";
        assert_eq!(written(39), beside);
        let below = "  list\n      what can be asked\n  run members\n      who the members are, and\n      since when\n";
        assert_eq!(written(30), below);
    }
}
