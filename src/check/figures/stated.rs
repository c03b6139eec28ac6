//! The figures of a literal: its number, or the parts of its date.

use super::number::of_form;
use super::quoted::{DigitGroup, QuotedFigures, digit_runs, numbers_of};
use super::words::month_name;
use crate::vocabulary::{is_numeric, lexical_form, xsd_name};
use oxigraph::model::Literal;
use std::fmt;

/// A figure that a literal states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Figure {
    /// A number.
    Number(String),
    /// A year of a date.
    Year(String),
    /// A month of a date, from 1.
    Month(u8),
    /// A day of a month.
    Day(u8),
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "the number {number}"),
            Self::Year(year) => write!(f, "the year {year}"),
            Self::Month(month) => {
                write!(f, "the month {}", month_name(*month).unwrap_or_else(|| month.to_string()))
            }
            Self::Day(day) => write!(f, "the day {day}"),
        }
    }
}

impl QuotedFigures {
    /// Returns the first figure of a literal that the quote lacks. An invalid literal has no figures.
    pub(crate) fn missing(&self, literal: &Literal) -> Option<Figure> {
        lexical_form(literal).ok()?;
        let form = literal.value();
        match xsd_name(literal.datatype()) {
            Some(name) if is_numeric(name) => {
                let number = of_form(form)?;
                (!self.has_number(&number)).then_some(Figure::Number(number))
            }
            Some("date" | "dateTime" | "dateTimeStamp" | "gYear" | "gYearMonth") => {
                missing_in_date(form, self)
            }
            Some("gMonth" | "gMonthDay" | "gDay") => missing_in_day(form.strip_prefix("--")?, self),
            Some("string" | "normalizedString" | "token") | None => missing_in_text(form, self),
            // A time of day and a duration are often said with other numbers: half past two, a week.
            Some(_) => None,
        }
    }
}

fn missing_in_date(form: &str, quoted: &QuotedFigures) -> Option<Figure> {
    let (is_before_christ, form) = match form.strip_prefix('-') {
        Some(form) => (true, form),
        None => (false, form),
    };
    let end = form.find(|c: char| !c.is_ascii_digit()).unwrap_or(form.len());
    let (year, rest) = form.split_at(end);
    let year = of_form(year)?;
    // The year -0043 is 44 before Christ.
    let other = year.parse::<u64>().ok().and_then(|year| year.checked_add(1));
    let has_other =
        || is_before_christ && other.is_some_and(|year| quoted.has_number(&year.to_string()));
    if !quoted.has_number(&year) && !has_other() {
        return Some(Figure::Year(year));
    }
    missing_in_day(rest.strip_prefix('-')?, quoted)
}

/// Looks for a month and a day: `06-15`, `06` or `-15`.
fn missing_in_day(form: &str, quoted: &QuotedFigures) -> Option<Figure> {
    let two_digits = |form: &str| form.get(..2)?.parse::<u8>().ok();
    if let Some(month) = two_digits(form)
        && !quoted.has_month(month)
    {
        return Some(Figure::Month(month));
    }
    let day = two_digits(form.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix('-')?)?;
    (!quoted.has_number(&day.to_string())).then_some(Figure::Day(day))
}

/// Looks for the digits of a text.
fn missing_in_text(text: &str, quoted: &QuotedFigures) -> Option<Figure> {
    digit_runs(text).iter().find_map(|run| {
        let has = |groups: &[DigitGroup<'_>]| {
            numbers_of(groups).iter().any(|number| quoted.has_number(number))
        };
        let all = run.groups.chunks(1).find(|group| !has(group))?;
        let digits = of_form(all.first()?.digits)?;
        (!has(&run.groups)).then_some(Figure::Number(digits))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::NamedNode;

    fn lacks(quote: &str, form: &str, datatype: &str) -> Option<String> {
        let datatype = NamedNode::new(format!("http://www.w3.org/2001/XMLSchema#{datatype}"));
        let literal = Literal::new_typed_literal(form, datatype.unwrap());
        QuotedFigures::of(quote).missing(&literal).map(|figure| figure.to_string())
    }

    #[test]
    fn figures_that_are_quoted_are_found() {
        for (quote, form, datatype) in [
            ("In 2001", "2001", "gYear"),
            ("on 9 June 2017", "2017-06-09", "date"),
            ("on June 9th, 2017", "2017-06-09", "date"),
            ("on Jun. 9, 2017", "2017-06-09Z", "date"),
            ("on 09.06.2017", "2017-06-09", "date"),
            ("on 9/6/2017", "2017-06-09", "date"),
            ("am 9. Juni 2017", "2017-06-09", "date"),
            ("im März 2017", "2017-03", "gYearMonth"),
            ("le 9 août 2017", "2017-08-09", "date"),
            ("el 9 de diciembre de 2017", "2017-12-09", "date"),
            ("9 июня 2017 года", "2017-06-09", "date"),
            ("2017年6月9日", "2017-06-09", "date"),
            ("2017-06-09", "2017-06", "gYearMonth"),
            ("the ninth of June, twenty seventeen", "2017-06-09", "date"),
            ("on 9 June 2017 at noon", "2017-06-09T12:00:00Z", "dateTime"),
            ("every May 1", "--05-01", "gMonthDay"),
            ("every May", "--05", "gMonth"),
            ("on the 21st", "---21", "gDay"),
            ("in 44 BC", "-0043", "gYear"),
            ("in 44 BC", "-0044", "gYear"),
            ("Four members", "4", "integer"),
            ("a member", "1", "integer"),
            ("a dozen", "12", "byte"),
            ("some 1,234 people", "1234", "integer"),
            ("2.5 million", "2500000", "integer"),
            ("2.5 million", "2.5e6", "double"),
            ("minus 5 degrees", "-5", "integer"),
            ("25 percent", "0.25", "decimal"),
            ("25 %", "25", "integer"),
            ("7 Ritan Road", "7 Ritan Road", "string"),
            ("resolution 74/247", "A/RES/74/247", "string"),
            ("1,500 and more", "1500 people", "string"),
            ("no figures", "green tea", "string"),
            ("no figures", "true", "boolean"),
            ("a week", "P7D", "duration"),
            ("half past two", "14:30:00", "time"),
            ("see the site", "https://example.com/2017", "anyURI"),
        ] {
            assert_eq!(lacks(quote, form, datatype), None, "{quote} {form}");
        }
    }

    #[test]
    fn figures_that_are_not_quoted_are_missing() {
        for (quote, form, datatype, figure) in [
            ("In 2001", "2002", "gYear", "the year 2002"),
            ("In the 1980s", "1985", "gYear", "the year 1985"),
            ("on 9 June 2017", "2017-07-09", "date", "the month July"),
            ("on 9 June 2017", "2017-06-10", "date", "the day 10"),
            ("am 9. Juni 2017", "2017-07-09", "date", "the month July"),
            ("9 июля 2017 года", "2017-06-09", "date", "the month June"),
            ("2017年6月9日", "2017-06-10", "date", "the day 10"),
            ("in 2017", "2017-06-09", "date", "the month June"),
            ("Four members", "5", "integer", "the number 5"),
            ("some 1,234 people", "234", "integer", "the number 234"),
            ("two hundred", "2", "integer", "the number 2"),
            ("25 people", "0.25", "decimal", "the number 0.25"),
            ("7 Ritan Road", "8 Ritan Road", "string", "the number 8"),
            ("every May", "--06", "gMonth", "the month June"),
            ("on the 21st", "---22", "gDay", "the day 22"),
        ] {
            assert_eq!(lacks(quote, form, datatype).as_deref(), Some(figure), "{quote} {form}");
        }
    }

    #[test]
    fn no_text_is_too_strange() {
        for (quote, form) in
            [("", ""), ("9’9’9 9", "-"), ("’84’", "--"), ("٣", "9999999999999999999999-01")]
        {
            for datatype in ["gYear", "date", "gDay", "gMonthDay", "integer", "double", "string"] {
                lacks(quote, form, datatype);
            }
        }
    }
}
