//! The lexical forms of numbers (XML Schema 1.1, part 2, [3.3.3 to 3.3.5](https://www.w3.org/TR/xmlschema11-2/#decimal)
//! and [3.4.13 to 3.4.25](https://www.w3.org/TR/xmlschema11-2/#integer)).
//!
//! `oxsdatatypes` reads them to values of 64 or 128 bits. Here integers and decimals may have any number of digits.

use super::lexical::LexicalFault;
use super::scan::Scan;
use std::cmp::Ordering;

/// The least and the greatest value of each type of integers, as far as it has one.
const RANGES: [(&str, Option<&str>, Option<&str>); 12] = [
    ("nonPositiveInteger", None, Some("0")),
    ("negativeInteger", None, Some("-1")),
    ("nonNegativeInteger", Some("0"), None),
    ("positiveInteger", Some("1"), None),
    ("long", Some("-9223372036854775808"), Some("9223372036854775807")),
    ("int", Some("-2147483648"), Some("2147483647")),
    ("short", Some("-32768"), Some("32767")),
    ("byte", Some("-128"), Some("127")),
    ("unsignedLong", Some("0"), Some("18446744073709551615")),
    ("unsignedInt", Some("0"), Some("4294967295")),
    ("unsignedShort", Some("0"), Some("65535")),
    ("unsignedByte", Some("0"), Some("255")),
];

/// Checks the lexical form of `xsd:integer` or one of the types derived from it.
pub(super) fn integer(datatype: &str, form: &str) -> Result<(), LexicalFault> {
    let mut scan = Scan::of(form);
    sign(&mut scan);
    if scan.digits().is_empty() {
        return Err(LexicalFault::Form);
    }
    scan.end()?;
    let Some(&(_, least, most)) = RANGES.iter().find(|(name, ..)| *name == datatype) else {
        return Ok(());
    };
    let is_below = least.is_some_and(|least| order(form, least).is_lt());
    let is_above = most.is_some_and(|most| order(form, most).is_gt());
    if is_below || is_above { Err(LexicalFault::Range { least, most }) } else { Ok(()) }
}

/// Compares two integers of any size.
fn order(one: &str, other: &str) -> Ordering {
    let (one_is_negative, one) = magnitude(one);
    let (other_is_negative, other) = magnitude(other);
    let by_magnitude = one.len().cmp(&other.len()).then_with(|| one.cmp(other));
    match (one_is_negative, other_is_negative) {
        (false, false) => by_magnitude,
        (true, true) => by_magnitude.reverse(),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

/// Returns whether an integer is less than zero, and its digits without leading zeros.
fn magnitude(number: &str) -> (bool, &str) {
    let digits = number.trim_start_matches(['+', '-']).trim_start_matches('0');
    (number.starts_with('-') && !digits.is_empty(), digits)
}

/// Checks the lexical form of `xsd:decimal`.
pub(super) fn decimal(form: &str) -> Result<(), LexicalFault> {
    let mut scan = Scan::of(form);
    sign(&mut scan);
    without_exponent(&mut scan)?;
    scan.end()
}

/// Checks the lexical form of `xsd:double` and `xsd:float`.
pub(super) fn double(form: &str) -> Result<(), LexicalFault> {
    if form == "NaN" {
        return Ok(());
    }
    let mut scan = Scan::of(form);
    sign(&mut scan);
    if !scan.eat("INF") {
        without_exponent(&mut scan)?;
        if scan.eat("e") || scan.eat("E") {
            sign(&mut scan);
            if scan.digits().is_empty() {
                return Err(LexicalFault::Form);
            }
        }
    }
    scan.end()
}

fn sign(scan: &mut Scan<'_>) {
    let _ = scan.eat("+") || scan.eat("-");
}

/// Reads digits with a decimal point anywhere among them.
fn without_exponent(scan: &mut Scan<'_>) -> Result<(), LexicalFault> {
    let whole = scan.digits();
    let fraction = if scan.eat(".") { scan.digits() } else { "" };
    if whole.is_empty() && fraction.is_empty() { Err(LexicalFault::Form) } else { Ok(()) }
}
