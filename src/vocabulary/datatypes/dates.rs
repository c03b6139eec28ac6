//! The lexical forms of dates and times (XML Schema 1.1, part 2,
//! [3.3.7 to 3.3.14](https://www.w3.org/TR/xmlschema11-2/#dateTime)).
//!
//! `oxsdatatypes` reads them to values, so that it refuses years beyond its integers; here a year may have any number of
//! digits.

use super::lexical::LexicalFault;
use super::scan::Scan;

/// The English names of the months in lower case.
pub(crate) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Checks the lexical form of a datatype of dates or times.
pub(super) fn check(datatype: &str, form: &str) -> Result<(), LexicalFault> {
    let mut scan = Scan::of(form);
    match datatype {
        "date" => date(&mut scan)?,
        "dateTime" | "dateTimeStamp" => {
            date(&mut scan)?;
            scan.expect("T")?;
            time(&mut scan)?;
        }
        "time" => time(&mut scan)?,
        "gYear" => {
            year(&mut scan)?;
        }
        "gYearMonth" => {
            year(&mut scan)?;
            scan.expect("-")?;
            month(&mut scan)?;
        }
        "gMonth" => {
            scan.expect("--")?;
            month(&mut scan)?;
        }
        "gMonthDay" => {
            scan.expect("--")?;
            let month = month(&mut scan)?;
            scan.expect("-")?;
            day(&mut scan, month, true)?;
        }
        _ => {
            scan.expect("---")?;
            match scan.two_digits()? {
                1..=31 => {}
                _ => return Err(LexicalFault::Day { last: 31 }),
            }
        }
    }
    if scan.is_at_end() && datatype == "dateTimeStamp" {
        return Err(LexicalFault::NoTimeZone);
    }
    time_zone(&mut scan)?;
    scan.end()
}

fn date(scan: &mut Scan<'_>) -> Result<(), LexicalFault> {
    let is_leap = year(scan)?;
    scan.expect("-")?;
    let month = month(scan)?;
    scan.expect("-")?;
    day(scan, month, is_leap)
}

/// Reads a year: four digits, or more without a leading zero. Returns whether it is a leap year.
fn year(scan: &mut Scan<'_>) -> Result<bool, LexicalFault> {
    scan.eat("-");
    let digits = scan.digits();
    if digits.len() < 4 || digits.len() > 4 && digits.starts_with('0') {
        return Err(LexicalFault::Form);
    }
    // Leap years repeat every 400 years, so the last four digits tell.
    let last: u16 = digits[digits.len() - 4..].parse().map_err(|_| LexicalFault::Form)?;
    Ok(last.is_multiple_of(4) && (!last.is_multiple_of(100) || last.is_multiple_of(400)))
}

fn month(scan: &mut Scan<'_>) -> Result<u8, LexicalFault> {
    match scan.two_digits()? {
        month @ 1..=12 => Ok(month),
        month => Err(LexicalFault::Month(month)),
    }
}

fn day(scan: &mut Scan<'_>, month: u8, is_leap: bool) -> Result<(), LexicalFault> {
    let last = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let day = scan.two_digits()?;
    if (1..=last).contains(&day) { Ok(()) } else { Err(LexicalFault::Day { last }) }
}

/// Reads a time of day. The end of a day is `24:00:00`.
fn time(scan: &mut Scan<'_>) -> Result<(), LexicalFault> {
    let hour = scan.two_digits()?;
    scan.expect(":")?;
    let minute = scan.two_digits()?;
    scan.expect(":")?;
    let second = scan.two_digits()?;
    let fraction = scan.fraction()?;
    let is_midnight =
        hour == 24 && minute == 0 && second == 0 && fraction.bytes().all(|digit| digit == b'0');
    if is_midnight || hour < 24 && minute < 60 && second < 60 {
        Ok(())
    } else {
        Err(LexicalFault::Time)
    }
}

/// Reads a time zone, if one comes next: at most 14 hours from UTC.
fn time_zone(scan: &mut Scan<'_>) -> Result<(), LexicalFault> {
    if scan.eat("Z") || !(scan.eat("+") || scan.eat("-")) {
        return Ok(());
    }
    let hours = scan.two_digits()?;
    scan.expect(":")?;
    let minutes = scan.two_digits()?;
    if hours < 14 && minutes < 60 || hours == 14 && minutes == 0 {
        Ok(())
    } else {
        Err(LexicalFault::TimeZone)
    }
}
