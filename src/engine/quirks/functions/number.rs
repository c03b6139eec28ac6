//! Numbers of unlimited length, with the arithmetic of [XPath](https://www.w3.org/TR/xpath-functions/#op.numeric):
//! integers and decimals are exact, and are converted to float or double if the other operand is one.

use crate::engine::quirks::long_decimal::LongDecimal;
use num_bigint::{BigInt, Sign};
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, Term};
use oxsdatatypes::{Double, Float};
use spareval::ExpressionTerm as Value;

/// The number of fractional digits of the engine's decimals, and of quotients.
const PRECISION: u32 = 18;

/// The most characters of a number that is calculated with, because multiplication takes more than linear time.
const LONGEST: usize = 10_000;

/// A number of unlimited length.
#[derive(Clone)]
pub(super) enum Number {
    Integer(Exact),
    Decimal(Exact),
    Float(Float),
    Double(Double),
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self::Integer(Exact { parts: number.into(), scale: 0 })
    }
}

impl Number {
    /// Returns the number of a term, or `None` if it is not a number or has more than [`LONGEST`] characters.
    pub(super) fn of(term: &Term) -> Option<Self> {
        let Term::Literal(literal) = term else { return None };
        Some(match Value::from(term.clone()) {
            Value::IntegerLiteral(number) => Self::from(i64::from(number)),
            Value::DecimalLiteral(number) => Self::Decimal(Exact {
                parts: i128::from_be_bytes(number.to_be_bytes()).into(),
                scale: PRECISION,
            }),
            Value::FloatLiteral(number) => Self::Float(number),
            Value::DoubleLiteral(number) => Self::Double(number),
            _ if literal.value().len() > LONGEST => return None,
            _ => {
                let exact = Exact::of(&LongDecimal::read(literal)?)?;
                match literal.datatype() {
                    xsd::DECIMAL => Self::Decimal(exact),
                    _ => Self::Integer(exact),
                }
            }
        })
    }

    /// Returns the number as a term, or `None` if it has more than [`LONGEST`] characters.
    pub(super) fn into_term(self) -> Option<Term> {
        let (exact, datatype) = match self {
            Self::Integer(exact) => (exact, xsd::INTEGER),
            Self::Decimal(exact) => (exact, xsd::DECIMAL),
            Self::Float(number) => return Some(Literal::from(number).into()),
            Self::Double(number) => return Some(Literal::from(number).into()),
        };
        let text = exact.text();
        (text.len() <= LONGEST).then(|| Literal::new_typed_literal(text, datatype).into())
    }

    pub(super) fn plus(self, other: Self) -> Self {
        self.combined(other, Exact::plus, |a, b| a + b, |a, b| a + b)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        self.plus(other.negated())
    }

    pub(super) fn times(self, other: Self) -> Self {
        self.combined(other, Exact::times, |a, b| a * b, |a, b| a * b)
    }

    /// Returns the quotient. That of two integers is a decimal. Returns `None` if an exact number is divided by zero.
    pub(super) fn divided_by(self, other: Self) -> Option<Self> {
        let is_zero =
            matches!(&other, Self::Integer(exact) | Self::Decimal(exact) if exact.is_zero());
        if is_zero && matches!(self, Self::Integer(_) | Self::Decimal(_)) {
            return None;
        }
        match self.combined(other, Exact::divided_by, |a, b| a / b, |a, b| a / b) {
            Self::Integer(quotient) => Some(Self::Decimal(quotient)),
            quotient => Some(quotient),
        }
    }

    pub(super) fn negated(self) -> Self {
        match self {
            Self::Integer(exact) => Self::Integer(exact.negated()),
            Self::Decimal(exact) => Self::Decimal(exact.negated()),
            Self::Float(number) => Self::Float(-number),
            Self::Double(number) => Self::Double(-number),
        }
    }

    pub(super) fn absolute(self) -> Self {
        match &self {
            Self::Integer(exact) | Self::Decimal(exact) if exact.is_negative() => self.negated(),
            Self::Float(number) => Self::Float(number.abs()),
            Self::Double(number) => Self::Double(number.abs()),
            _ => self,
        }
    }

    pub(super) fn floor(self) -> Self {
        match self {
            Self::Decimal(exact) => Self::Decimal(exact.floor()),
            Self::Float(number) => Self::Float(number.floor()),
            Self::Double(number) => Self::Double(number.floor()),
            Self::Integer(_) => self,
        }
    }

    pub(super) fn ceiling(self) -> Self {
        self.negated().floor().negated()
    }

    /// Returns the nearest integer, rounding halves up.
    pub(super) fn rounded(self) -> Self {
        match self {
            Self::Decimal(exact) => {
                Self::Decimal(exact.plus(Exact { parts: 5.into(), scale: 1 }).floor())
            }
            Self::Float(number) => Self::Float(number.round()),
            Self::Double(number) => Self::Double(number.round()),
            Self::Integer(_) => self,
        }
    }

    /// Truncates an exact number to an integer.
    pub(super) fn into_integer(self) -> Option<Self> {
        match self {
            Self::Integer(exact) | Self::Decimal(exact) => Some(Self::Integer(exact.truncated())),
            Self::Float(_) | Self::Double(_) => None,
        }
    }

    /// Returns an exact number as a decimal.
    pub(super) fn into_decimal(self) -> Option<Self> {
        match self {
            Self::Integer(exact) | Self::Decimal(exact) => Some(Self::Decimal(exact)),
            Self::Float(_) | Self::Double(_) => None,
        }
    }

    pub(super) fn into_double(self) -> Double {
        match self {
            Self::Integer(exact) | Self::Decimal(exact) => exact.nearest().into(),
            Self::Float(number) => number.into(),
            Self::Double(number) => number,
        }
    }

    fn into_float(self) -> Float {
        match self {
            Self::Float(number) => number,
            number => number.into_double().into(),
        }
    }

    /// Combines two numbers as the more general type of them.
    fn combined(
        self,
        other: Self,
        exact: fn(Exact, Exact) -> Exact,
        float: fn(Float, Float) -> Float,
        double: fn(Double, Double) -> Double,
    ) -> Self {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => Self::Integer(exact(a, b)),
            (Self::Integer(a) | Self::Decimal(a), Self::Integer(b) | Self::Decimal(b)) => {
                Self::Decimal(exact(a, b))
            }
            (a @ Self::Double(_), b) | (a, b @ Self::Double(_)) => {
                Self::Double(double(a.into_double(), b.into_double()))
            }
            (a, b) => Self::Float(float(a.into_float(), b.into_float())),
        }
    }
}

/// An exact number: `parts` times ten to the power of minus `scale`.
#[derive(Clone)]
pub(super) struct Exact {
    parts: BigInt,
    scale: u32,
}

impl Exact {
    fn of(decimal: &LongDecimal) -> Option<Self> {
        let (digits, scale) = decimal.unscaled();
        Some(Self { parts: digits.parse().ok()?, scale: scale.try_into().ok()? })
    }

    fn is_zero(&self) -> bool {
        self.parts.sign() == Sign::NoSign
    }

    fn is_negative(&self) -> bool {
        self.parts.sign() == Sign::Minus
    }

    /// Returns the unscaled value at a scale that is at least that of the number.
    fn parts_at(self, scale: u32) -> BigInt {
        self.parts * ten_to(scale - self.scale)
    }

    fn plus(self, other: Self) -> Self {
        let scale = self.scale.max(other.scale);
        Self { parts: self.parts_at(scale) + other.parts_at(scale), scale }
    }

    fn times(self, other: Self) -> Self {
        Self { parts: self.parts * other.parts, scale: self.scale + other.scale }
    }

    /// Returns the quotient, truncated after its last digit. The divisor must not be zero.
    fn divided_by(self, other: Self) -> Self {
        let scale = self.scale.max(PRECISION);
        Self { parts: self.parts_at(scale) * ten_to(other.scale) / other.parts, scale }
    }

    fn negated(self) -> Self {
        Self { parts: -self.parts, ..self }
    }

    fn truncated(self) -> Self {
        Self { parts: self.parts / ten_to(self.scale), scale: 0 }
    }

    fn floor(self) -> Self {
        let one = ten_to(self.scale);
        let is_less = self.is_negative() && (&self.parts % &one).sign() != Sign::NoSign;
        Self { parts: self.parts / one - i32::from(is_less), scale: 0 }
    }

    fn nearest(&self) -> f64 {
        // Any sequence of digits parses as a number in Rust.
        self.text().parse().unwrap_or(f64::NAN)
    }

    /// Returns the canonical form of a decimal, or of an integer if it is one.
    fn text(&self) -> String {
        let digits = self.parts.magnitude().to_string();
        let scale = self.scale as usize;
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        let fraction = fraction.trim_end_matches('0');
        let sign = if self.is_negative() { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    }
}

fn ten_to(power: u32) -> BigInt {
    BigInt::from(10).pow(power)
}
