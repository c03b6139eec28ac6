//! Fixes for dates that stand in data as people write them.

use super::{Fix, FixContext};
use crate::sparql::lexer::TokenKind;
use crate::sparql::syntax::expectation;
use crate::vocabulary::MONTHS;

/// Fixes a date without quotation marks whose month is a word, or whose parts are separated by dots or slashes.
pub(super) fn written_date(place: &FixContext<'_>) -> Option<Fix> {
    let is_after = place.expects(expectation::AFTER_OBJECT);
    let number = place.refusal.previous.as_ref().filter(|token| {
        token.kind == TokenKind::Word && place.previous.starts_with(|c: char| c.is_ascii_digit())
    });
    let start = match number {
        Some(number) if is_after => number.span.start,
        _ if place.expects(expectation::OBJECT) && place.is_plain_word() => place.span.start,
        _ => return None,
    };
    let (length, date) = date_at(place.text.get(start..)?)?;
    let datatype = if date.len() > "1984-06".len() { "xsd:date" } else { "xsd:gYearMonth" };
    let help = format!("write `\"{date}\"^^{datatype}`");
    let message = Some("a date stands in quotation marks, with its datatype".to_owned());
    Some(Fix { span: start..start + length, message, ..place.help(help) })
}

/// Returns the length of the date at the beginning of a text, and the date as XML Schema writes it: `12 March 1902`,
/// `March 12, 1902`, `March 1902`, `12.03.1902`. Of `12/03/1902`, nobody knows which is the month.
fn date_at(text: &str) -> Option<(usize, String)> {
    let line = text.lines().next()?;
    let (mut parts, mut at) = (Vec::new(), 0);
    while parts.len() < 3 {
        at += line[at..].len() - line[at..].trim_start_matches([' ', '.', ',']).len();
        let length =
            line[at..].find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(line.len() - at);
        if length == 0 {
            break;
        }
        parts.push((&line[at..at + length], at + length));
        at += length;
    }
    let month = |word: &str| {
        let word = word.to_lowercase();
        let is_it = |name: &&str| **name == word || word.len() == 3 && name.starts_with(&word);
        MONTHS.iter().position(is_it).map(|at| at + 1)
    };
    let number = |word: &str, most: usize| {
        let number: usize = word.parse().ok()?;
        (word.len() <= 2 && (1..=most).contains(&number)).then_some(number)
    };
    let is_year = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let dated = |day: &str, month: usize, (year, end): (&str, usize)| {
        let day = number(day, 31)?;
        is_year(year).then(|| (end, format!("{year}-{month:02}-{day:02}")))
    };
    match parts.as_slice() {
        [(one, _), (other, _), year] => month(other)
            .and_then(|month| dated(one, month, *year))
            .or_else(|| month(one).and_then(|month| dated(other, month, *year)))
            .or_else(|| number(other, 12).and_then(|month| dated(one, month, *year))),
        _ => None,
    }
    .or_else(|| match parts.as_slice() {
        [(one, _), (year, end), ..] if is_year(year) => {
            month(one).map(|month| (*end, format!("{year}-{month:02}")))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::date_at;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for (text, written, date) in [
            ("12 March 1902 ; a b", "12 March 1902", "1902-03-12"),
            ("March 3, 1902 .", "March 3, 1902", "1902-03-03"),
            ("May 1874 .", "May 1874", "1874-05"),
            ("Sep 1874.", "Sep 1874", "1874-09"),
            ("12.03.1902 .", "12.03.1902", "1902-03-12"),
            ("1.1.1900", "1.1.1900", "1900-01-01"),
        ] {
            let found = date_at(text).map(|(end, date)| (&text[..end], date));
            assert_eq!(found, Some((written, date.to_owned())), "{text}");
        }
        for text in
            ["12/03/1902", "12 metres", "Tom Pell", "13 13 1902", "32 March 1902", "May", "é", ""]
        {
            assert_eq!(date_at(text), None, "{text}");
        }
    }
}
