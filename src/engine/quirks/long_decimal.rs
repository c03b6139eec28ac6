//! Numbers that exceed the engine's types: 64-bit integers, and 128-bit decimals with 18 fractional digits. XSD sets
//! [no bound](https://www.w3.org/TR/xmlschema11-2/#decimal) to either, so longer numbers are compared by their digits.

use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, NamedNodeRef, Term};
use spareval::ExpressionTerm as Value;
use std::cmp::Ordering;

/// Returns whether the engine recognizes a literal as a number.
pub(super) fn is_numeric(literal: &Literal) -> bool {
    matches!(
        Value::from(Term::from(literal.clone())),
        Value::IntegerLiteral(_)
            | Value::DecimalLiteral(_)
            | Value::FloatLiteral(_)
            | Value::DoubleLiteral(_)
    )
}

/// A decimal of unlimited length.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LongDecimal {
    is_negative: bool,
    /// The digits before the decimal point, without leading zeros.
    whole: String,
    /// The digits after the decimal point, without trailing zeros.
    fraction: String,
}

impl LongDecimal {
    /// Parses a literal of a decimal or integer type whose range is not limited to 64 bits. Returns `None` for other
    /// types and for invalid numbers.
    pub(crate) fn read(literal: &Literal) -> Option<Self> {
        let bounds = bounds(literal.datatype())?;
        let text = literal.value().trim_matches(['\t', '\n', '\r', ' ']);
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let has_point = unsigned.contains('.');
        if !are_digits(whole)
            || !are_digits(fraction)
            || whole.is_empty() && fraction.is_empty()
            || has_point && literal.datatype() != xsd::DECIMAL
        {
            return None;
        }
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.trim_end_matches('0').to_owned();
        let is_zero = whole.is_empty() && fraction.is_empty();
        let read = Self { is_negative: text.starts_with('-') && !is_zero, whole, fraction };
        let is_within = match bounds {
            Bounds::None => true,
            Bounds::NotNegative => !read.is_negative,
            Bounds::Positive => !read.is_negative && !is_zero,
            Bounds::NotPositive => read.is_negative || is_zero,
            Bounds::Negative => read.is_negative,
            Bounds::Unsigned64 => is_zero || text.parse::<u64>().is_ok(),
        };
        is_within.then_some(read)
    }

    /// Returns whether a literal is a number that exceeds the engine's types. Most literals are ruled out by a quick
    /// check.
    pub(crate) fn is_needed_for(literal: &Literal) -> bool {
        // Fewer characters always fit into 64 bits and 18 fractional digits.
        literal.value().len() > 18 && Self::read(literal).is_some() && !is_numeric(literal)
    }

    /// Returns the digits without the decimal point, and the number of fractional digits.
    pub(crate) fn unscaled(&self) -> (String, usize) {
        let sign = if self.is_negative { "-" } else { "" };
        (format!("{sign}0{}{}", self.whole, self.fraction), self.fraction.len())
    }

    /// Returns the nearest double.
    pub(crate) fn nearest(&self) -> f64 {
        let sign = if self.is_negative { "-" } else { "" };
        // Any sequence of digits parses as a number in Rust.
        format!("{sign}0{}.{}0", self.whole, self.fraction).parse().unwrap_or(f64::NAN)
    }

    /// Returns the number rounded down to a multiple of 10⁻¹⁸, in these units, and a text that represents the
    /// remainder. Among decimals with the same multiple, the texts sort like the decimals. A number that does not fit
    /// into 128 bits gets the extreme multiple.
    pub(crate) fn in_parts(&self) -> (i128, String) {
        let (kept, rest) = self.fraction.split_at(self.fraction.len().min(18));
        match format!("{}{kept:0<18}", self.whole).parse::<i128>() {
            Ok(parts) if !self.is_negative => (parts, rest.to_owned()),
            Ok(parts) if rest.is_empty() => (-parts, String::new()),
            Ok(parts) => (-parts - 1, complement(rest)),
            Err(_) if !self.is_negative => (i128::MAX, self.by_length()),
            // Among negative numbers, the longer one is less.
            Err(_) => (i128::MIN, self.by_length().chars().map(opposite).chain(['~']).collect()),
        }
    }

    fn by_length(&self) -> String {
        format!("{:016x}{}.{}", self.whole.len(), self.whole, self.fraction)
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        let length = self.whole.len().cmp(&other.whole.len());
        length
            .then_with(|| self.whole.cmp(&other.whole))
            .then_with(|| self.fraction.cmp(&other.fraction))
    }
}

impl PartialOrd for LongDecimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LongDecimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative, other.is_negative) {
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

/// Returns the digits of one minus the fraction, whose last digit must not be zero.
fn complement(fraction: &str) -> String {
    let last = fraction.len() - 1;
    let digit = |(i, c): (usize, char)| {
        let digit = c.to_digit(10).unwrap_or_default();
        char::from_digit(if i == last { 10 - digit } else { 9 - digit }, 10).unwrap_or(c)
    };
    fraction.chars().enumerate().map(digit).collect()
}

/// Returns the hexadecimal digit mirrored at the middle: `0` becomes `f`.
fn opposite(c: char) -> char {
    c.to_digit(16).and_then(|digit| char::from_digit(15 - digit, 16)).unwrap_or(c)
}

/// The range of the values of a type.
enum Bounds {
    None,
    NotNegative,
    Positive,
    NotPositive,
    Negative,
    Unsigned64,
}

fn bounds(datatype: NamedNodeRef<'_>) -> Option<Bounds> {
    Some(match datatype {
        xsd::DECIMAL | xsd::INTEGER => Bounds::None,
        xsd::NON_NEGATIVE_INTEGER => Bounds::NotNegative,
        xsd::POSITIVE_INTEGER => Bounds::Positive,
        xsd::NON_POSITIVE_INTEGER => Bounds::NotPositive,
        xsd::NEGATIVE_INTEGER => Bounds::Negative,
        xsd::UNSIGNED_LONG => Bounds::Unsigned64,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::NamedNode;

    fn read(value: &str, datatype: NamedNodeRef<'_>) -> Option<LongDecimal> {
        LongDecimal::read(&Literal::new_typed_literal(value, NamedNode::from(datatype)))
    }

    #[test]
    fn decimals_are_in_the_order_of_their_parts() {
        let ordered = [
            "-1180591620717411303425",
            "-1180591620717411303424.5",
            "-1180591620717411303424",
            "-52.5162750000000000001",
            "-52.516275",
            "-.5",
            "0",
            "+0.00000000000000000001",
            "52.516275",
            "52.5162750000000000001",
            "052.51627500000000000010000000001",
            "1180591620717411303424",
            "1180591620717411303424.5",
            "1180591620717411303425",
        ];
        let read: Vec<_> = ordered.iter().map(|text| read(text, xsd::DECIMAL).unwrap()).collect();
        for (i, a) in read.iter().enumerate() {
            for (j, b) in read.iter().enumerate() {
                assert_eq!(a.cmp(b), i.cmp(&j), "{} {}", ordered[i], ordered[j]);
                assert_eq!(
                    a.in_parts().cmp(&b.in_parts()),
                    i.cmp(&j),
                    "{} {}",
                    ordered[i],
                    ordered[j]
                );
            }
        }
    }

    #[test]
    fn only_what_a_type_allows_is_a_number() {
        for (value, datatype, is_number) in [
            ("-0", xsd::NON_NEGATIVE_INTEGER, true),
            ("-1", xsd::NON_NEGATIVE_INTEGER, false),
            ("0", xsd::POSITIVE_INTEGER, false),
            ("18446744073709551615", xsd::UNSIGNED_LONG, true),
            ("18446744073709551616", xsd::UNSIGNED_LONG, false),
            ("18446744073709551616", xsd::INTEGER, true),
            ("18446744073709551616", xsd::LONG, false),
            ("1.0", xsd::INTEGER, false),
            ("1.", xsd::DECIMAL, true),
            (".", xsd::DECIMAL, false),
            ("", xsd::DECIMAL, false),
            ("1e3", xsd::DECIMAL, false),
            (" 1\n", xsd::DECIMAL, true),
            ("--1", xsd::DECIMAL, false),
        ] {
            assert_eq!(read(value, datatype).is_some(), is_number, "{value} {datatype}");
        }
    }
}
