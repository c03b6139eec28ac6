//! Dates and numbers that are written for people, such as `14 May 1991` and `£312,500`, as a datatype writes them.

use super::number::{number, times_power_of_ten};
use super::words::{month, number_of, scale};
use crate::vocabulary::{lexical_form, xsd};
use oxigraph::model::{Literal, NamedNodeRef};

/// What a text for people says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WrittenFigure {
    /// A day or a month, with its year: `1991-05-14` or `1991-05`.
    Date(String),
    /// A number: `312500`.
    Number(String),
}

impl WrittenFigure {
    /// Reads a text that is a date or a number and nothing else.
    pub(crate) fn of(text: &str) -> Option<Self> {
        date(text).map(Self::Date).or_else(|| written_number(text).map(Self::Number))
    }

    /// Returns the figure as datatypes write it.
    pub(crate) fn form(&self) -> &str {
        let (Self::Date(form) | Self::Number(form)) = self;
        form
    }

    /// Returns the figure as a literal of a datatype. A date loses what the datatype has no place for.
    pub(crate) fn literal(&self, datatype: NamedNodeRef<'_>) -> Option<Literal> {
        let form = self.form();
        let form = match (self, datatype) {
            (Self::Date(_), xsd::G_YEAR) => form.split('-').next().unwrap_or(form),
            (Self::Date(_), xsd::G_YEAR_MONTH) => form.get(..7).unwrap_or(form),
            (Self::Number(_), xsd::G_YEAR) => return None,
            _ => form,
        };
        let literal = Literal::new_typed_literal(form, datatype);
        lexical_form(&literal).is_ok().then_some(literal)
    }

    /// Returns the figure as a literal of the first of these datatypes that loses nothing, or else of any that can hold
    /// it.
    pub(crate) fn literal_of_one<'a>(
        &self,
        mut datatypes: impl Iterator<Item = NamedNodeRef<'a>> + Clone,
    ) -> Option<Literal> {
        let mut literals = datatypes.clone().filter_map(|datatype| self.literal(datatype));
        let exact = literals.find(|literal| literal.value() == self.form());
        exact.or_else(|| datatypes.find_map(|datatype| self.literal(datatype)))
    }
}

/// Reads a date with a year and a month.
fn date(text: &str) -> Option<String> {
    let (mut year, mut month_number, mut day) = (None, None, None);
    let mut ordinal: Vec<String> = Vec::new();
    let text = text.to_lowercase();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '-')) {
        let word = word.trim_end_matches('.');
        let digits = word.trim_end_matches(char::is_alphabetic);
        let suffix = &word[digits.len()..];
        if word.is_empty() || ["the", "of", "on", "in"].contains(&word) {
            continue;
        }
        let slot = if digits.is_empty() {
            match month(word) {
                Some(number) => {
                    if month_number.replace(u32::from(number)).is_some() {
                        return None;
                    }
                    continue;
                }
                None => {
                    ordinal.push(word.to_owned());
                    continue;
                }
            }
        } else if digits.len() == 4 && suffix.is_empty() {
            &mut year
        } else if digits.len() < 3 && ["", "st", "nd", "rd", "th"].contains(&suffix) {
            &mut day
        } else {
            return numeric_date(&text);
        };
        if slot.replace(digits.parse().ok()?).is_some() {
            return None;
        }
    }
    if !ordinal.is_empty() {
        let number = u32::try_from(number_of(&ordinal)?).ok()?;
        if day.replace(number).is_some() {
            return None;
        }
    }
    form_of(year?, month_number?, day)
}

/// Reads a date such as `14.05.1991`. With slashes, days and months can be told apart only from 13 on.
fn numeric_date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.trim().split(['.', '/']).collect();
    let [one, other, year] = parts.as_slice() else { return None };
    let number = |digits: &str| digits.parse::<u32>().ok().filter(|_| digits.len() <= 2);
    let (one, other) = (number(one)?, number(other)?);
    let year = year.parse().ok().filter(|_| year.len() == 4)?;
    match (text.contains('/'), text.contains('.')) {
        (false, true) => form_of(year, other, Some(one)),
        (true, false) if one > 12 || one == other => form_of(year, other, Some(one)),
        (true, false) if other > 12 => form_of(year, one, Some(other)),
        _ => None,
    }
}

fn form_of(year: u32, month: u32, day: Option<u32>) -> Option<String> {
    let (form, datatype) = match day {
        Some(day) => (format!("{year:04}-{month:02}-{day:02}"), xsd::DATE),
        None => (format!("{year:04}-{month:02}"), xsd::G_YEAR_MONTH),
    };
    lexical_form(&Literal::new_typed_literal(form.clone(), datatype)).is_ok().then_some(form)
}

const CURRENCIES: [char; 4] = ['£', '$', '€', '¥'];

/// Reads a number with separators of thousands, a currency, a percent sign, or in words.
fn written_number(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let has_currency = text.contains(CURRENCIES);
    let text = text.strip_prefix(CURRENCIES).unwrap_or(&text).trim_start();
    let ends = ["per cent", "percent", "%", "£", "$", "€", "¥"];
    let text = ends.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text).trim_end();
    let end = text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |last| last + 1);
    let (figure, word) = text.split_at(end);
    if figure.is_empty() {
        let words: Vec<String> =
            word.split([' ', '-']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let is_ordinal = words.last().is_some_and(|word| {
            word.ends_with("th")
                || ["first", "second", "third", "twice", "thrice"].contains(&&**word)
        });
        return number_of(&words).filter(|_| !is_ordinal).map(|number| number.to_string());
    }
    let (whole, fraction) = figure.split_once('.').unwrap_or((figure, ""));
    let is_separator =
        |c: char| matches!(c, ',' | ' ' | '\'' | '’' | '\u{a0}' | '\u{2009}' | '\u{202f}');
    let groups: Vec<&str> = whole.split(is_separator).collect();
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let are_thousands = match groups.as_slice() {
        [only] => !only.is_empty(),
        [first, others @ ..] => {
            (1..=3).contains(&first.len()) && others.iter().all(|group| group.len() == 3)
        }
        [] => false,
    };
    if !are_thousands || !are_digits(fraction) || !groups.iter().all(|group| are_digits(group)) {
        return None;
    }
    let figure = number(&groups.concat(), fraction);
    match word.trim() {
        "" => Some(figure),
        // Metres, rather than millions.
        "m" if !has_currency => None,
        word => times_power_of_ten(&figure, scale(word)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_for_people_have_a_form() {
        let date = |form: &str| Some(WrittenFigure::Date(form.to_owned()));
        let number = |form: &str| Some(WrittenFigure::Number(form.to_owned()));
        for (text, expected) in [
            ("fourteenth of May 1991", date("1991-05-14")),
            ("the twenty-first of June 1991", date("1991-06-21")),
            ("2 June 2012", date("2012-06-02")),
            ("2nd June, 2012", date("2012-06-02")),
            ("May 14, 1991", date("1991-05-14")),
            ("Sept. 3 2001", date("2001-09-03")),
            ("14-May-1991", date("1991-05-14")),
            ("14. Mai 1991", date("1991-05-14")),
            ("14.05.1991", date("1991-05-14")),
            ("14/5/1991", date("1991-05-14")),
            ("5/14/1991", date("1991-05-14")),
            ("4/5/1991", None),
            ("31 June 2012", None),
            ("June 2012", date("2012-06")),
            ("May", None),
            ("Lantern Day 2012", None),
            ("June or July 2012", None),
            ("1,240", number("1240")),
            ("1 240.50", number("1240.5")),
            ("£300", number("300")),
            ("£312,500", number("312500")),
            ("60 %", number("60")),
            ("60 per cent", number("60")),
            ("2.5 million", number("2500000")),
            ("$2.5m", number("2500000")),
            ("12 m", None),
            ("nine", number("9")),
            ("two hundred and five", number("205")),
            ("ninth", None),
            ("a", None),
            ("1,24", None),
            ("12 members", None),
            ("harbour", None),
            ("", None),
        ] {
            assert_eq!(WrittenFigure::of(text), expected, "{text}");
        }
    }

    #[test]
    fn a_date_fits_its_datatype() {
        let date = WrittenFigure::Date("1991-05-14".to_owned());
        let form = |datatypes: &[NamedNodeRef<'static>]| {
            date.literal_of_one(datatypes.iter().copied()).map(|literal| literal.value().to_owned())
        };
        assert_eq!(form(&[xsd::G_YEAR, xsd::DATE]).as_deref(), Some("1991-05-14"));
        assert_eq!(form(&[xsd::G_YEAR]).as_deref(), Some("1991"));
        assert_eq!(form(&[xsd::G_YEAR_MONTH]).as_deref(), Some("1991-05"));
        assert_eq!(form(&[xsd::INTEGER]), None);
    }
}
