//! Line wrapping of styled words.

use std::io::{self, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The styles of words on a terminal with colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    Plain,
    /// A mark after a quote.
    Mark,
    /// A name: a heading, a claim.
    Name,
    /// Words that no quote covers.
    Uncovered,
    /// Secondary text.
    Quiet,
}

impl Face {
    fn style(self) -> anstyle::Style {
        let style = anstyle::Style::new();
        match self {
            Self::Plain => style,
            Self::Mark => style.fg_color(Some(anstyle::AnsiColor::Cyan.into())),
            Self::Name => style.bold(),
            Self::Uncovered => style.underline(),
            Self::Quiet => style.dimmed(),
        }
    }
}

/// A run of text in one style.
pub(super) type Piece = (Face, String);

/// Writes pieces as lines of a width, broken at white space, or inside a word that does not fit into a line. The first
/// line has its own indent.
pub(super) fn write_wrapped(
    pieces: &[Piece],
    indents: (&str, &str),
    width: usize,
    colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let room = width.saturating_sub(indents.1.width()).max(1);
    let mut indent = indents.0;
    for line in lines(pieces, room) {
        write!(out, "{indent}")?;
        write_line(&line, colour, out)?;
        indent = indents.1;
    }
    Ok(())
}

/// Writes a line without wrapping.
pub(super) fn write_line(line: &[Piece], colour: bool, out: &mut dyn Write) -> io::Result<()> {
    for (face, words) in line {
        if colour && *face != Face::Plain {
            let style = face.style();
            write!(out, "{style}{words}{style:#}")?;
        } else {
            write!(out, "{words}")?;
        }
    }
    writeln!(out)
}

fn lines(pieces: &[Piece], room: usize) -> Vec<Vec<Piece>> {
    let mut lines = Vec::new();
    let mut line: Vec<Piece> = Vec::new();
    let mut used = 0;
    for Word { pieces: word, space } in words(pieces) {
        let wide: usize = word.iter().map(|(_, part)| part.width()).sum();
        if used > 0 && used + 1 + wide > room {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            push(&mut line, space, ' ');
            used += 1;
        }
        for (face, part) in word {
            for c in part.chars() {
                let columns = c.width().unwrap_or_default();
                if used + columns > room && used > 0 {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                push(&mut line, face, c);
                used += columns;
            }
        }
    }
    lines.push(line);
    lines
}

/// A word, whose parts may have different styles, with the style of the space before it.
struct Word {
    pieces: Vec<Piece>,
    space: Face,
}

fn words(pieces: &[Piece]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    let mut space = Face::Plain;
    for (face, text) in pieces {
        for c in text.chars() {
            if c.is_whitespace() {
                open = false;
                space = *face;
            } else {
                if !open {
                    words.push(Word { pieces: Vec::new(), space });
                    open = true;
                }
                if let Some(word) = words.last_mut() {
                    push(&mut word.pieces, *face, c);
                }
            }
        }
    }
    words
}

fn push(line: &mut Vec<Piece>, face: Face, c: char) {
    match line.last_mut() {
        Some((last, words)) if *last == face => words.push(c),
        _ => line.push((face, c.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wrapped(pieces: &[Piece], indents: (&str, &str), width: usize) -> String {
        let mut out = Vec::new();
        write_wrapped(pieces, indents, width, false, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_break_at_white_space() {
        let pieces = [(Face::Plain, "one two\nthr".into()), (Face::Mark, "ee four".into())];
        assert_eq!(wrapped(&pieces, ("* ", "  "), 11), "* one two\n  three\n  four\n");
        assert_eq!(
            wrapped(&[(Face::Plain, "abcdefgh i".into())], ("", ""), 3),
            "abc\ndef\ngh\ni\n"
        );
        assert_eq!(wrapped(&[(Face::Plain, "日本語".into())], ("", ""), 4), "日本\n語\n");
        assert_eq!(wrapped(&[], ("* ", ""), 4), "* \n");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_too_wide(text in "[a-d日 \\n]{1,60}", width in 2_usize..20) {
            let pieces: Vec<Piece> = text
                .split_inclusive('c')
                .enumerate()
                .map(|(i, part)| (if i % 2 == 0 { Face::Plain } else { Face::Mark }, part.to_owned()))
                .collect();
            let lines = wrapped(&pieces, ("", ""), width);
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&lines), bare(&text));
            prop_assert!(lines.lines().all(|line| line.width() <= width));
        }
    }
}
