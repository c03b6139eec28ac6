//! The figures of a quote. A figure that can be read in several ways, such as `1.234`, counts in all of them, since a
//! wrong warning costs more than a missing one.

use super::number::{number, times_power_of_ten};
use super::words::{add_numbers, month, scale};
use std::collections::BTreeSet;

/// The numbers and months that stand in a quote.
#[derive(Debug, Default)]
pub(crate) struct QuotedFigures {
    numbers: BTreeSet<String>,
    months: BTreeSet<u8>,
    has_percent: bool,
}

/// Digits, and the character that stands between them and the digits before.
#[derive(Debug, Clone, Copy)]
pub(super) struct DigitGroup<'a> {
    separator: Option<char>,
    pub(super) digits: &'a str,
}

/// Digits with at most one character between them.
pub(super) struct DigitRun<'a> {
    pub(super) groups: Vec<DigitGroup<'a>>,
    before: Option<char>,
    after: &'a str,
}

impl QuotedFigures {
    /// Reads the figures of a quote.
    pub(crate) fn of(quote: &str) -> Self {
        let mut figures = Self { has_percent: quote.contains(['%', '‰']), ..Self::default() };
        figures.add_words(quote);
        for run in digit_runs(quote) {
            let found = numbers_of(&run.groups);
            if let (Some('\'' | '’' | '‘'), [DigitGroup { digits, .. }]) =
                (run.before, &*run.groups)
                && digits.len() == 2
            {
                figures.numbers.extend([format!("19{digits}"), format!("20{digits}")]);
            }
            let word = following_word(run.after);
            if word == "dozen" {
                let dozens = found.iter().filter_map(|found| found.parse::<u64>().ok());
                let counts = dozens.filter_map(|dozens| dozens.checked_mul(12));
                figures.numbers.extend(counts.map(|count| count.to_string()));
            }
            if let Some(power) = scale(&word) {
                let scaled = found.iter().filter_map(|found| times_power_of_ten(found, power));
                figures.numbers.extend(scaled);
            }
            figures.numbers.extend(found);
        }
        figures
    }

    fn add_words(&mut self, quote: &str) {
        let mut sequence: Vec<String> = Vec::new();
        let is_between = |c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑');
        for piece in quote.split_inclusive(|c: char| !c.is_alphabetic()) {
            let word = piece.trim_end_matches(|c: char| !c.is_alphabetic());
            if !word.is_empty() {
                let word = word.to_lowercase();
                self.months.extend(month(&word));
                self.has_percent |= word == "percent" || word == "cent";
                sequence.push(word);
            }
            // Anything but a space or a hyphen ends a number.
            if piece[word.len()..].chars().any(|c| !is_between(c)) {
                add_numbers(&sequence, &mut self.numbers);
                sequence.clear();
            }
        }
        add_numbers(&sequence, &mut self.numbers);
    }

    /// Returns whether a number is there, or the percentage that it is.
    pub(super) fn has_number(&self, number: &str) -> bool {
        let percentage =
            || times_power_of_ten(number, 2).is_some_and(|number| self.numbers.contains(&number));
        self.numbers.contains(number) || self.has_percent && percentage()
    }

    /// Returns whether a month is there, by its name or its number.
    pub(super) fn has_month(&self, month: u8) -> bool {
        self.months.contains(&month) || self.numbers.contains(&month.to_string())
    }
}

/// Returns the runs of digits of a text.
pub(super) fn digit_runs(text: &str) -> Vec<DigitRun<'_>> {
    let mut runs = Vec::new();
    let mut start = 0;
    while let Some(at) = text[start..].find(|c: char| c.is_ascii_digit()) {
        start += at;
        let before = text[..start].chars().next_back();
        let (mut groups, mut separator) = (Vec::new(), None);
        loop {
            let rest = &text[start..];
            let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            groups.push(DigitGroup { separator, digits: &rest[..length] });
            start += length;
            let mut next = text[start..].chars();
            separator = next.next().filter(|c| is_separator(*c));
            match separator {
                Some(c) if next.next().is_some_and(|c| c.is_ascii_digit()) => start += c.len_utf8(),
                _ => break,
            }
        }
        runs.push(DigitRun { groups, before, after: &text[start..] });
    }
    runs
}

/// Returns whether a character can stand inside a number or a date.
fn is_separator(c: char) -> bool {
    is_in_number(c) || matches!(c, '/' | '-' | '–' | '‐' | '‑' | ':')
}

/// Returns whether a character can stand inside a number.
fn is_in_number(c: char) -> bool {
    is_space(c) || matches!(c, ',' | '.' | '\'' | '’')
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// Returns the numbers that a run of digits can be read as.
pub(super) fn numbers_of(groups: &[DigitGroup<'_>]) -> BTreeSet<String> {
    let mut numbers = BTreeSet::new();
    let is_end = |group: &DigitGroup<'_>| group.separator.is_some_and(|c| !is_in_number(c));
    let mut rest = groups;
    while let Some((_, others)) = rest.split_first() {
        let length = 1 + others.iter().take_while(|group| !is_end(group)).count();
        // 1984-86 ends in 1986.
        if let [year, short] = rest
            && length == 1
            && let Some((century, year)) = year.digits.split_at_checked(2)
            && (year.len(), short.digits.len()) == (2, 2)
            && year < short.digits
        {
            numbers.insert(format!("{century}{}", short.digits));
        }
        add_segment(&rest[..length], &mut numbers);
        rest = &rest[length..];
    }
    numbers
}

/// Adds what groups of digits can be read as, between which there are only separators of numbers.
fn add_segment(groups: &[DigitGroup<'_>], numbers: &mut BTreeSet<String>) {
    /// More groups than a number has.
    const MOST: usize = 7;
    let mut is_whole = false;
    for start in 0..groups.len() {
        // A space may also stand between two numbers.
        let is_after_space = start == 0 || groups[start].separator.is_some_and(is_space);
        for end in start + 1..=groups.len().min(start + MOST) {
            let is_before_space =
                groups.get(end).is_none_or(|group| group.separator.is_some_and(is_space));
            if is_after_space && is_before_space {
                let before = numbers.len();
                add_number(&groups[start..end], numbers);
                is_whole |= numbers.len() > before && end - start == groups.len();
            }
        }
    }
    // A date, or a list.
    if groups.len() > 2 && !is_whole {
        numbers.extend(groups.iter().map(|group| number(group.digits, "")));
    }
}

/// Adds what groups of digits can be read as together: digits with separators of thousands, a decimal point, or both.
fn add_number(groups: &[DigitGroup<'_>], numbers: &mut BTreeSet<String>) {
    let joined =
        |groups: &[DigitGroup<'_>]| groups.iter().map(|group| group.digits).collect::<String>();
    let Some((last, others)) = groups.split_last() else { return };
    if are_thousands(groups) {
        numbers.insert(number(&joined(groups), ""));
    }
    let is_point = last.separator.is_some_and(|c| c == '.' || c == ',');
    let is_other = || others[1..].iter().all(|group| group.separator != last.separator);
    if is_point && !others.is_empty() && are_thousands(others) && is_other() {
        numbers.insert(number(&joined(others), last.digits));
    }
}

/// Returns whether digits are grouped by thousands, with one separator everywhere.
fn are_thousands(groups: &[DigitGroup<'_>]) -> bool {
    match groups {
        [] => false,
        [_] => true,
        [first, others @ ..] => {
            (1..=3).contains(&first.digits.len())
                && others
                    .iter()
                    .all(|group| group.digits.len() == 3 && group.separator == others[0].separator)
        }
    }
}

/// Returns the word right after digits, in lower case.
fn following_word(after: &str) -> String {
    let after = after.trim_start_matches(|c: char| is_space(c) || c == '-');
    let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
    after[..end].to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(quote: &str) -> Vec<String> {
        QuotedFigures::of(quote).numbers.into_iter().collect()
    }

    #[test]
    fn digits_are_read_in_all_ways() {
        for (quote, expected) in [
            ("1,234", &["1.234", "1234"][..]),
            ("1.234", &["1.234", "1234"]),
            ("1 234", &["1", "1234", "234"]),
            ("1\u{202f}234\u{202f}567", &["1", "1234", "1234567", "234", "234567", "567"]),
            ("1,234,567", &["1234567"]),
            ("1,234.50", &["1234.5"]),
            ("1.234,5", &["1234.5"]),
            ("1'234", &["1234"]),
            ("3.5", &["3.5"]),
            ("3,5", &["3.5"]),
            ("007", &["7"]),
            ("2017-06-09", &["2017", "6", "9"]),
            ("09.06.2017", &["2017", "6", "9"]),
            ("9/6/2017", &["2017", "6", "9"]),
            ("14:30", &["14", "30"]),
            ("1984–86", &["1984", "1986", "86"]),
            ("2016/17", &["17", "2016", "2017"]),
            ("the ’84 vintage", &["1984", "2084", "84"]),
            ("in 2017 100 members", &["100", "2017"]),
            ("in 2017 100 000 people", &["0", "100", "100000", "2017"]),
            ("the 21st and the 1980s", &["1980", "21"]),
            ("1.5 million", &["1.5", "1500000"]),
            ("2 dozen", &["12", "2", "24"]),
            ("40bn", &["40", "40000000000"]),
            ("1,2,3", &["1", "2", "3"]),
            ("1, 2 and 3.", &["1", "2", "3"]),
            ("COVID-19", &["19"]),
            ("", &[]),
        ] {
            assert_eq!(numbers(quote), expected, "{quote}");
        }
    }
}
