//! Dates as days, counted from the first one of 1970.

use crate::vocabulary::xsd_name;
use oxigraph::model::Literal;

/// The days that a date covers: a whole year, a month or one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Days {
    pub first: i64,
    pub last: i64,
}

impl Days {
    /// Returns the days of a literal, or `None` if it is not a date with a year of at most six digits.
    pub(super) fn of(literal: &Literal) -> Option<Self> {
        let name = xsd_name(literal.datatype())?;
        let text = literal.value();
        let (is_before_zero, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let parts = match name {
            "gYear" => 1,
            "gYearMonth" => 2,
            "date" | "dateTime" => 3,
            _ => return None,
        };
        let mut numbers = digits.split('-').map(|part| {
            let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            part.get(..end.min(6))?.parse::<i64>().ok()
        });
        let mut number = || numbers.next().flatten();
        let year = number()?;
        let year = if is_before_zero { -year } else { year };
        Some(match parts {
            1 => Self { first: day(year, 1, 1), last: day(year + 1, 1, 1) - 1 },
            2 => {
                let month = number().filter(|month| (1..=12).contains(month))?;
                let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
                Self { first: day(year, month, 1), last: day(next.0, next.1, 1) - 1 }
            }
            _ => {
                let month = number().filter(|month| (1..=12).contains(month))?;
                let first = day(year, month, number().filter(|day| (1..=31).contains(day))?);
                Self { first, last: first }
            }
        })
    }
}

/// Returns the number of a day of the Gregorian calendar (Hinnant, `days_from_civil`).
pub(super) const fn day(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the day of a leap year is the last one.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Returns the year of a day.
pub(super) const fn year(of: i64) -> i64 {
    let mut year = 1970 + of.div_euclid(366);
    while day(year + 1, 1, 1) <= of {
        year += 1;
    }
    while day(year, 1, 1) > of {
        year -= 1;
    }
    year
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::NamedNode;

    fn days(text: &str, datatype: &str) -> Option<(i64, i64)> {
        let datatype = format!("http://www.w3.org/2001/XMLSchema#{datatype}");
        let literal = Literal::new_typed_literal(text, NamedNode::new_unchecked(datatype));
        Days::of(&literal).map(|days| (days.first, days.last))
    }

    #[test]
    fn a_date_covers_what_it_names() {
        assert_eq!(days("1970", "gYear"), Some((0, 364)));
        assert_eq!(days("1972-02Z", "gYearMonth"), Some((761, 789)));
        assert_eq!(days("1970-01-02", "date"), Some((1, 1)));
        assert_eq!(days("1969-12-31T10:00:00+02:00", "dateTime"), Some((-1, -1)));
        assert_eq!(days("-0001", "gYear").map(|(first, last)| last - first), Some(364));
        for (text, datatype) in [("1970-13", "gYearMonth"), ("x", "gYear"), ("1970", "string")] {
            assert_eq!(days(text, datatype), None);
        }
    }

    #[test]
    fn years_and_days_lead_back() {
        for wanted in [-5, 0, 1, 1600, 1969, 1970, 2000, 2024, 9999] {
            assert_eq!([year(day(wanted, 1, 1)), year(day(wanted, 12, 31))], [wanted, wanted]);
        }
    }
}
