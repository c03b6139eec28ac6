//! Numbers: the operators of `XPath` on `xsd:integer`, `xsd:decimal`, `xsd:float` and `xsd:double`.

use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, NamedNodeRef, Term};
use oxsdatatypes::{Decimal, Double, Float, Integer};

/// A number. Of two of them, both are promoted to the type that stands further down.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Integer(Integer),
    Decimal(Decimal),
    Float(Float),
    Double(Double),
}

impl Number {
    /// The number that a literal stands for.
    pub fn parse(literal: &Literal) -> Option<Self> {
        let text = literal.value();
        match literal.datatype() {
            xsd::INTEGER => text.parse().ok().map(Self::Integer),
            xsd::DECIMAL => text.parse().ok().map(Self::Decimal),
            xsd::FLOAT => text.parse().ok().map(Self::Float),
            xsd::DOUBLE => text.parse().ok().map(Self::Double),
            _ => None,
        }
    }

    /// Whether literals of a datatype should be numbers.
    pub fn is_datatype(datatype: NamedNodeRef) -> bool {
        matches!(datatype, xsd::INTEGER | xsd::DECIMAL | xsd::FLOAT | xsd::DOUBLE)
    }

    /// Neither zero nor NaN.
    pub fn is_true(self) -> bool {
        match self {
            Self::Integer(n) => n != Integer::from(0),
            Self::Decimal(n) => n != Decimal::from(0),
            Self::Float(n) => !n.is_nan() && n != Float::from(0_f32),
            Self::Double(n) => !n.is_nan() && n != Double::from(0_f64),
        }
    }

    /// `op:numeric-add`.
    pub fn add(self, other: Self) -> Option<Self> {
        match promoted(self, other) {
            Pair::Integer(a, b) => a.checked_add(b).map(Self::Integer),
            Pair::Decimal(a, b) => a.checked_add(b).map(Self::Decimal),
            Pair::Float(a, b) => Some(Self::Float(a + b)),
            Pair::Double(a, b) => Some(Self::Double(a + b)),
        }
    }

    /// `op:numeric-subtract`.
    pub fn subtract(self, other: Self) -> Option<Self> {
        match promoted(self, other) {
            Pair::Integer(a, b) => a.checked_sub(b).map(Self::Integer),
            Pair::Decimal(a, b) => a.checked_sub(b).map(Self::Decimal),
            Pair::Float(a, b) => Some(Self::Float(a - b)),
            Pair::Double(a, b) => Some(Self::Double(a - b)),
        }
    }

    /// `op:numeric-multiply`.
    pub fn multiply(self, other: Self) -> Option<Self> {
        match promoted(self, other) {
            Pair::Integer(a, b) => a.checked_mul(b).map(Self::Integer),
            Pair::Decimal(a, b) => a.checked_mul(b).map(Self::Decimal),
            Pair::Float(a, b) => Some(Self::Float(a * b)),
            Pair::Double(a, b) => Some(Self::Double(a * b)),
        }
    }

    /// `op:numeric-divide`: of two integers it gives a decimal.
    pub fn divide(self, other: Self) -> Option<Self> {
        match promoted(self, other) {
            Pair::Integer(a, b) => {
                Decimal::from(a).checked_div(Decimal::from(b)).map(Self::Decimal)
            }
            Pair::Decimal(a, b) => a.checked_div(b).map(Self::Decimal),
            Pair::Float(a, b) => Some(Self::Float(a / b)),
            Pair::Double(a, b) => Some(Self::Double(a / b)),
        }
    }

    /// `op:numeric-unary-minus`.
    pub fn negated(self) -> Option<Self> {
        match self {
            Self::Integer(n) => n.checked_neg().map(Self::Integer),
            Self::Decimal(n) => n.checked_neg().map(Self::Decimal),
            Self::Float(n) => Some(Self::Float(-n)),
            Self::Double(n) => Some(Self::Double(-n)),
        }
    }

    /// `fn:abs`.
    pub fn absolute(self) -> Option<Self> {
        match self {
            Self::Integer(n) => n.checked_abs().map(Self::Integer),
            Self::Decimal(n) => n.checked_abs().map(Self::Decimal),
            Self::Float(n) => Some(Self::Float(n.abs())),
            Self::Double(n) => Some(Self::Double(n.abs())),
        }
    }

    /// `op:numeric-equal`.
    pub fn is_equal(self, other: Self) -> bool {
        match promoted(self, other) {
            Pair::Integer(a, b) => a == b,
            Pair::Decimal(a, b) => a == b,
            Pair::Float(a, b) => a == b,
            Pair::Double(a, b) => a == b,
        }
    }

    /// `op:numeric-less-than`.
    pub fn is_less(self, other: Self) -> bool {
        match promoted(self, other) {
            Pair::Integer(a, b) => a < b,
            Pair::Decimal(a, b) => a < b,
            Pair::Float(a, b) => a < b,
            Pair::Double(a, b) => a < b,
        }
    }
}

impl From<Number> for Term {
    fn from(number: Number) -> Self {
        let (text, datatype) = match number {
            Number::Integer(n) => (n.to_string(), xsd::INTEGER),
            Number::Decimal(n) => (n.to_string(), xsd::DECIMAL),
            Number::Float(n) => (n.to_string(), xsd::FLOAT),
            Number::Double(n) => (n.to_string(), xsd::DOUBLE),
        };
        Literal::new_typed_literal(text, datatype).into()
    }
}

enum Pair {
    Integer(Integer, Integer),
    Decimal(Decimal, Decimal),
    Float(Float, Float),
    Double(Double, Double),
}

/// Section 17.3: numeric type promotion.
fn promoted(a: Number, b: Number) -> Pair {
    match (a, b) {
        (Number::Integer(a), Number::Integer(b)) => Pair::Integer(a, b),
        (Number::Double(_), _) | (_, Number::Double(_)) => Pair::Double(double(a), double(b)),
        (Number::Float(_), _) | (_, Number::Float(_)) => Pair::Float(float(a), float(b)),
        (a, b) => Pair::Decimal(decimal(a), decimal(b)),
    }
}

fn double(number: Number) -> Double {
    match number {
        Number::Integer(n) => n.into(),
        Number::Decimal(n) => n.into(),
        Number::Float(n) => n.into(),
        Number::Double(n) => n,
    }
}

fn float(number: Number) -> Float {
    match number {
        Number::Integer(n) => n.into(),
        Number::Decimal(n) => n.into(),
        Number::Float(n) => n,
        Number::Double(n) => n.into(),
    }
}

fn decimal(number: Number) -> Decimal {
    match number {
        Number::Integer(n) => n.into(),
        Number::Decimal(n) => n,
        // Not asked for: what is a float or a double is not promoted to a decimal.
        Number::Float(_) | Number::Double(_) => Decimal::from(0),
    }
}
