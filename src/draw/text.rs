//! How wide text is, which no file of a picture can ask: by the advance widths of Helvetica, which are those of Arial.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_width::UnicodeWidthChar as _;

/// The advance widths of the characters from space to `~`, in thousandths of the size of the font.
const ADVANCES: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// Returns the advance width of a character that has one in the fonts meant here.
fn advance(c: char) -> Option<u16> {
    let place = u32::from(c).checked_sub(u32::from(' '))?;
    match c {
        '“' | '”' => Some(333),
        '‘' | '’' => Some(222),
        '–' => Some(556),
        '—' | '…' | '←' | '→' => Some(1000),
        '·' => Some(278),
        _ => ADVANCES.get(usize::try_from(place).ok()?).copied(),
    }
}

/// Returns whether the width of a text is known. Otherwise it is an estimate.
pub(super) fn is_known(text: &str) -> bool {
    text.nfd().all(|c| is_combining_mark(c) || advance(c).is_some())
}

/// Returns the width of a text in a size of font.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let thousandths = |c: char| match advance(c) {
        Some(advance) => f64::from(advance),
        None if is_combining_mark(c) => 0.0,
        None if c.width() == Some(2) => 1000.0,
        None => 700.0,
    };
    text.nfd().map(thousandths).sum::<f64>() * size / 1000.0
}

/// Breaks a text into lines of a width, at spaces, and into no more than a number of them. Text without room ends in `…`.
pub(super) fn wrap(text: &str, size: f64, most: f64, lines: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match wrapped.last_mut() {
            Some(line) if width(line, size) + width(" ", size) + width(word, size) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => wrapped.push(word.to_owned()),
        }
    }
    if wrapped.len() > lines {
        let rest = wrapped.split_off(lines.saturating_sub(1)).join(" ");
        wrapped.push(rest);
    }
    wrapped.iter().map(|line| shortened(line, size, most)).collect()
}

/// Returns a text, or its beginning and `…` if it is wider than `most`.
pub(super) fn shortened(text: &str, size: f64, most: f64) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let mut room = most - width("…", size);
    let fits = |c: &char| {
        room -= width(c.encode_utf8(&mut [0; 4]), size);
        room >= 0.0
    };
    let begin: String = text.chars().take_while(fits).collect();
    begin.trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_helvetica() {
        for (text, expected) in [("", 0.0), ("Hi", 0.944), ("é", 0.556), ("中", 1.0), ("…", 1.0)]
        {
            assert!((width(text, 1.0) - expected).abs() < 1e-9, "{text}");
        }
        assert!(is_known("Crème brûlée – “x”…") && !is_known("中") && !is_known("ж"));
    }

    #[test]
    fn text_is_broken_at_spaces_and_shortened_at_the_end() {
        assert_eq!(wrap("one two three", 10.0, 40.0, 3), ["one two", "three"]);
        assert_eq!(wrap("one two three", 10.0, 40.0, 1), ["one tw…"]);
        assert_eq!(wrap("", 10.0, 40.0, 3), [""; 0]);
        assert_eq!(shortened("abc", 10.0, 5.0), "…");
    }
}
