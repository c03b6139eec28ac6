//! Numbers and months that are written as English words.

use crate::vocabulary::MONTHS;
use std::collections::BTreeSet;

/// The words for small numbers. Each ordinal stands for its number.
const SMALL: [(&str, u64); 62] = [
    ("zero", 0),
    ("no", 0),
    ("none", 0),
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("once", 1),
    ("single", 1),
    ("first", 1),
    ("two", 2),
    ("twice", 2),
    ("both", 2),
    ("pair", 2),
    ("couple", 2),
    ("second", 2),
    ("three", 3),
    ("thrice", 3),
    ("third", 3),
    ("four", 4),
    ("fourth", 4),
    ("five", 5),
    ("fifth", 5),
    ("six", 6),
    ("sixth", 6),
    ("seven", 7),
    ("seventh", 7),
    ("eight", 8),
    ("eighth", 8),
    ("nine", 9),
    ("ninth", 9),
    ("ten", 10),
    ("tenth", 10),
    ("eleven", 11),
    ("eleventh", 11),
    ("twelve", 12),
    ("twelfth", 12),
    ("thirteen", 13),
    ("thirteenth", 13),
    ("fourteen", 14),
    ("fourteenth", 14),
    ("fifteen", 15),
    ("fifteenth", 15),
    ("sixteen", 16),
    ("sixteenth", 16),
    ("seventeen", 17),
    ("seventeenth", 17),
    ("eighteen", 18),
    ("eighteenth", 18),
    ("nineteen", 19),
    ("nineteenth", 19),
    ("twenty", 20),
    ("twentieth", 20),
    ("thirty", 30),
    ("thirtieth", 30),
    ("forty", 40),
    ("fortieth", 40),
    ("fifty", 50),
    ("fiftieth", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];

/// The words that multiply the number before them, with the power of ten.
const SCALES: [(&str, i32); 12] = [
    ("hundred", 2),
    ("hundredth", 2),
    ("thousand", 3),
    ("thousandth", 3),
    ("k", 3),
    ("million", 6),
    ("millionth", 6),
    ("mn", 6),
    ("m", 6),
    ("billion", 9),
    ("bn", 9),
    ("trillion", 12),
];

/// The names of the months in German, French, Spanish and Russian, also as they are inflected and abbreviated, wherever
/// they differ from the English ones.
const OTHER_MONTHS: [&[&str]; 12] = [
    &["januar", "jänner", "janvier", "janv", "enero", "ene", "январь", "января", "янв"],
    &["februar", "feber", "février", "févr", "febrero", "февраль", "февраля", "фев", "февр"],
    &["märz", "mär", "mrz", "mars", "marzo", "март", "марта", "мар"],
    &["avril", "avr", "abril", "abr", "апрель", "апреля", "апр"],
    &["mai", "mayo", "май", "мая"],
    &["juni", "juin", "junio", "июнь", "июня", "июн"],
    &["juli", "juillet", "juil", "julio", "июль", "июля", "июл"],
    &["août", "aout", "agosto", "август", "августа", "авг"],
    &["septembre", "septiembre", "setiembre", "сентябрь", "сентября", "сен", "сент"],
    &["oktober", "okt", "octobre", "octubre", "октябрь", "октября", "окт"],
    &["novembre", "noviembre", "ноябрь", "ноября", "ноя", "нояб"],
    &["dezember", "dez", "décembre", "déc", "diciembre", "dic", "декабрь", "декабря", "дек"],
];

/// Returns the number of the month with this name in lower case, or with an abbreviation of it. In Chinese and Japanese, a
/// month is its number, which counts as such.
pub(super) fn month(word: &str) -> Option<u8> {
    let other = (1..).zip(OTHER_MONTHS).find(|(_, names)| names.contains(&word));
    if let Some((number, _)) = other {
        return Some(number);
    }
    let is_abbreviated = |month: &str| {
        word.len() == 3 && month.starts_with(word) || word == "sept" && month == "september"
    };
    let is_named = |month: &str| month == word || is_abbreviated(month);
    (1..).zip(MONTHS).find(|(_, month)| is_named(month)).map(|(number, _)| number)
}

/// Returns the name of a month.
pub(super) fn month_name(number: u8) -> Option<String> {
    let name = MONTHS.get(usize::from(number).checked_sub(1)?)?;
    Some(name[..1].to_uppercase() + &name[1..])
}

/// Returns the power of ten by which a word in lower case multiplies the number before it.
pub(super) fn scale(word: &str) -> Option<i32> {
    SCALES.iter().find(|(name, _)| *name == word).map(|(_, power)| *power)
}

/// Adds the numbers that stand in a sequence of words in lower case, between which there are only spaces and hyphens.
pub(super) fn add_numbers(words: &[String], numbers: &mut BTreeSet<String>) {
    let mut start = 0;
    let mut before = None;
    while start < words.len() {
        let Some((value, length)) = number_at(&words[start..]) else {
            (start, before) = (start + 1, None);
            continue;
        };
        numbers.insert(value.to_string());
        // Nineteen eighty-four.
        if let Some(century @ 10..=99) = before
            && (1..=99).contains(&value)
        {
            numbers.insert((century * 100 + value).to_string());
        }
        (start, before) = (start + length, Some(value));
    }
    for (i, word) in words.iter().enumerate() {
        if word == "half" {
            numbers.insert("0.5".to_owned());
            if words[i + 1..].iter().take(2).any(|word| word == "dozen") {
                numbers.insert("6".to_owned());
            }
        }
    }
}

/// Returns the number that a sequence of words in lower case is as a whole: `nine`, or the ordinal of a day, `fourteenth`.
/// Words that seldom stand for a number, such as `a`, do not count.
pub(super) fn number_of(words: &[String]) -> Option<u64> {
    let is_vague = |word: &String| {
        ["a", "an", "no", "none", "once", "single", "both"].contains(&word.as_str())
    };
    let (number, length) = number_at(words)?;
    (length == words.len() && !is_vague(&words[0])).then_some(number)
}

/// Reads the number with which a sequence of words begins. Returns it and the count of its words.
fn number_at(words: &[String]) -> Option<(u64, usize)> {
    // The part that a word such as “thousand” has multiplied, and the part after it.
    let (mut total, mut current) = (0_u64, None::<u64>);
    let mut length = 0;
    for (i, word) in words.iter().enumerate() {
        let known = current.unwrap_or(0);
        if let Some((_, small)) = SMALL.iter().find(|(name, _)| name == word) {
            let fits = match *small {
                _ if current.is_none() => true,
                1..=9 => known % 100 == 0 || known % 10 == 0 && known % 100 >= 20,
                10.. => known % 100 == 0,
                0 => false,
            };
            // An article counts only at the beginning.
            if !fits || i > 0 && ["a", "an", "no"].contains(&word.as_str()) {
                break;
            }
            current = Some(known + small);
        } else if word == "dozen" {
            return Some((total + current.unwrap_or(1).checked_mul(12)?, i + 1));
        } else if let Some(power) = scale(word).filter(|_| word.len() > 2) {
            let factor = 10_u64.pow(power.unsigned_abs());
            match current {
                Some(1..=99) if power == 2 => current = Some(known * factor),
                Some(1..=999) if power > 2 => {
                    total += known * factor;
                    current = None;
                }
                _ => break,
            }
        } else if word == "and" && i > 0 && (known % 100 == 0) {
            continue;
        } else {
            break;
        }
        length = i + 1;
    }
    (length > 0).then(|| (total + current.unwrap_or(0), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<String> {
        let words: Vec<String> = text.split([' ', '-']).map(str::to_owned).collect();
        let mut numbers = BTreeSet::new();
        add_numbers(&words, &mut numbers);
        numbers.into_iter().collect()
    }

    #[test]
    fn numbers_are_read() {
        for (text, expected) in [
            ("twenty-one", &["21"][..]),
            ("two hundred", &["200"]),
            ("two hundred and five members", &["205"]),
            ("three thousand four hundred and fifty-six", &["3456"]),
            ("a hundred", &["100"]),
            ("one hundred twelve thousand", &["112000"]),
            ("two million and three", &["2000003"]),
            ("a dozen", &["12"]),
            ("two dozen", &["24"]),
            ("half a dozen", &["0.5", "12", "6"]),
            ("the twenty-first", &["21"]),
            ("third", &["3"]),
            ("nineteen eighty-four", &["19", "1984", "84"]),
            ("nineteen hundred", &["1900"]),
            ("twenty ten", &["10", "20", "2010"]),
            ("one two three", &["1", "2", "3"]),
            ("five and six", &["5", "6"]),
            ("hundreds of people", &[]),
            ("hundred", &[]),
            ("and", &[]),
            ("", &[]),
        ] {
            assert_eq!(numbers(text), expected, "{text}");
        }
    }

    #[test]
    fn months_are_read() {
        assert_eq!(month("june"), Some(6));
        assert_eq!(month("jun"), Some(6));
        assert_eq!(month("sept"), Some(9));
        assert_eq!(month("ma"), None);
        assert_eq!(month("junes"), None);
        assert_eq!(month_name(6).as_deref(), Some("June"));
        assert_eq!(month_name(13), None);
    }
}
