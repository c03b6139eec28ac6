//! The marks of list items: bullets, numbers and letters.

use std::collections::HashSet;

/// The mark at the beginning of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marker {
    /// The number of bytes before the words of the item.
    pub(super) length: usize,
    sign: Sign,
}

/// What a marker says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Bullet,
    /// A number, and as which letter or roman number it can be read, in this style.
    Number {
        style: (Option<char>, char),
        values: [Option<(Numerals, u32)>; 2],
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Numerals {
    Arabic,
    Letters,
    Roman,
}

impl Marker {
    /// Returns the marker of a line without white space before it: `- `, `• `, `1. `, `1) `, `(a) `, `iv. `.
    pub(super) fn of(line: &str) -> Option<Self> {
        let end = line.find(char::is_whitespace)?;
        let (mark, words) = line.split_at(end);
        let length = line.len() - words.trim_start().len();
        if !words.contains(char::is_alphanumeric) {
            return None;
        }
        let mut characters = mark.chars();
        if let (Some(c), None) = (characters.next(), characters.next()) {
            let bullets = ['-', '*', '+', '•', '–', '◦', '▪', '‣', '●', '·'];
            return bullets.contains(&c).then_some(Self { length, sign: Sign::Bullet });
        }
        let close = mark.chars().last().filter(|c| matches!(c, '.' | ')'))?;
        let number = mark.strip_suffix(close)?;
        let open = number.strip_prefix('(').filter(|_| close == ')');
        let number = open.unwrap_or(number);
        let letter = letter(number).filter(|_| close == ')');
        let values = match arabic(number) {
            Some(value) => [Some((Numerals::Arabic, value)), None],
            None => [
                letter.map(|value| (Numerals::Letters, value)),
                roman(number).map(|value| (Numerals::Roman, value)),
            ],
        };
        let style = (open.map(|_| '('), close);
        let is_number = values.iter().any(Option::is_some);
        is_number.then_some(Self { length, sign: Sign::Number { style, values } })
    }

    /// Returns whether the marker is a bullet, which stands alone.
    pub(super) fn is_bullet(&self) -> bool {
        self.sign == Sign::Bullet
    }
}

/// The markers of a block of lines.
pub(super) struct Markers(Vec<Option<Marker>>);

impl Markers {
    /// Reads the markers of lines. A number or letter that neither follows nor precedes another one may be that of the
    /// whole paragraph, or the beginning of a date or of a name: it is not a marker.
    pub(super) fn of(lines: &[&str]) -> Self {
        let all: Vec<Option<Marker>> = lines.iter().map(|line| Marker::of(line)).collect();
        let mut used = HashSet::new();
        for Marker { sign, .. } in all.iter().flatten() {
            if let Sign::Number { style, values } = sign {
                used.extend(values.iter().flatten().map(|value| (*style, *value)));
            }
        }
        let is_in_run = |marker: &Marker| match marker.sign {
            Sign::Bullet => true,
            Sign::Number { style, values } => {
                values.into_iter().flatten().any(|(numerals, value)| {
                    let has = |value| used.contains(&(style, (numerals, value)));
                    has(value + 1) || value.checked_sub(1).is_some_and(has)
                })
            }
        };
        Self(all.into_iter().map(|marker| marker.filter(is_in_run)).collect())
    }

    /// Returns the marker of a line.
    pub(super) fn at(&self, line: usize) -> Option<Marker> {
        self.0.get(line).copied().flatten()
    }

    /// Returns the number of lines with markers.
    pub(super) fn count(&self) -> usize {
        self.0.iter().flatten().count()
    }
}

fn arabic(number: &str) -> Option<u32> {
    const LONGEST: usize = 3;
    let is_number = number.len() <= LONGEST && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|_| is_number)
}

fn letter(number: &str) -> Option<u32> {
    match number.as_bytes() {
        [letter @ (b'a'..=b'z' | b'A'..=b'Z')] => {
            Some(u32::from(letter.to_ascii_lowercase() - b'a') + 1)
        }
        _ => None,
    }
}

/// Returns the value of a roman number up to 89: hardly a list is longer, and `c)` is a letter.
fn roman(number: &str) -> Option<u32> {
    const TENS: [&str; 9] = ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx"];
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let lower = number.to_ascii_lowercase();
    if number.is_empty() || (number != lower && number != number.to_ascii_uppercase()) {
        return None;
    }
    let value = |ten: usize| {
        let rest = lower.strip_prefix(TENS[ten])?;
        let one = ONES.iter().position(|one| *one == rest)?;
        u32::try_from(10 * ten + one).ok()
    };
    (0..TENS.len()).find_map(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_end_before_words() {
        for (line, length) in [
            ("- tea", 2),
            ("•\ttea", 4),
            ("*   tea", 4),
            ("– tea", 4),
            ("1. tea", 3),
            ("12) tea", 4),
            ("a) tea", 3),
            ("(a) tea", 4),
            ("(iv) tea", 5),
            ("xiv. tea", 5),
            ("II. Tea", 4),
        ] {
            assert_eq!(Marker::of(line).map(|marker| marker.length), Some(length), "{line}");
        }
        for line in [
            "",
            "-",
            "- ",
            "* * *",
            "-5 degrees",
            "1984. Tea",
            "a. tea",
            "mix. tea",
            "Dr. Tea",
            "1.5 cups",
        ] {
            assert_eq!(Marker::of(line), None, "{line}");
        }
    }

    #[test]
    fn numbers_come_in_runs() {
        let counts = |lines: &[&str]| Markers::of(lines).count();
        assert_eq!(counts(&["1. tea", "2. coffee", "and milk", "3. water"]), 3);
        assert_eq!(counts(&["h) tea", "i) coffee", "j) water"]), 3);
        assert_eq!(counts(&["i) tea", "ii) coffee"]), 2);
        assert_eq!(counts(&["- tea", "1. tea"]), 1);
        // Dates, a name, and two styles.
        assert_eq!(counts(&["It met on", "3. Mai 2001, on", "9. Mai 2002, and on", "v. tea"]), 0);
        assert_eq!(counts(&["The emperor", "i) Napoleon", "b) Caesar"]), 0);
        assert_eq!(counts(&["words", "1) tea", "2. tea"]), 0);
    }

    #[test]
    fn roman_numbers_have_values() {
        for (number, value) in [("i", 1), ("iv", 4), ("XIX", 19), ("xl", 40), ("lxxxix", 89)] {
            assert_eq!(roman(number), Some(value));
        }
        for number in ["", "iiii", "Iv", "c", "vx", "é"] {
            assert_eq!(roman(number), None);
        }
    }
}
