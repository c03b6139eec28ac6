//! Values of terms: decoded, compared and calculated with as the engine does.
//!
//! Only kinds of values that are frequent are decoded. What depends on another kind, or on a number that exceeds the
//! engine's types, is [`NotNative`], and the engine evaluates it.

use crate::vocabulary::direction_of;
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{BlankNode, Literal, NamedNode, Term, TermRef};
use oxsdatatypes::{Boolean, Date, DateTime, Decimal, Double, Float, GYear, Integer};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::str::FromStr;

/// The namespace of the datatypes that are decoded.
const XSD: &str = "http://www.w3.org/2001/XMLSchema#";

/// The value of a term.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    Iri(Cow<'a, str>),
    BlankNode(Cow<'a, str>),
    Text(Cow<'a, str>),
    /// A text and its language.
    Tagged(Cow<'a, str>, Cow<'a, str>),
    Boolean(bool),
    Integer(Integer),
    Decimal(Decimal),
    Float(Float),
    Double(Double),
    DateTime(DateTime),
    Date(Date),
    Year(GYear),
    /// A literal that is not decoded: its text and its datatype.
    Other(Cow<'a, str>, Cow<'a, str>),
}

/// The value of an expression: `None` for an error, or [`NotNative`] if the engine has to evaluate it.
pub(super) type Evaluated<T> = Result<Option<T>, NotNative>;

/// An expression whose value only the engine knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotNative;

/// The operations of arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// Two numbers as the more general type of them.
#[derive(Debug, Clone, Copy)]
enum Numbers {
    Integers(Integer, Integer),
    Decimals(Decimal, Decimal),
    Floats(Float, Float),
    Doubles(Double, Double),
}

/// Returns whether a term has a value here. What RDF 1.2 adds has not.
pub(super) fn is_native(term: TermRef<'_>) -> bool {
    match term {
        TermRef::NamedNode(_) | TermRef::BlankNode(_) => true,
        TermRef::Literal(literal) => direction_of(literal).is_none(),
        #[cfg(feature = "rdf-12")]
        TermRef::Triple(_) => false,
    }
}

impl<'a> Value<'a> {
    /// Decodes a term, which must be in its stored form. What it makes of those that are [not native](is_native) is
    /// good for sorting only.
    pub(super) fn of(term: TermRef<'a>) -> Self {
        let literal = match term {
            TermRef::NamedNode(node) => return Self::Iri(node.as_str().into()),
            TermRef::BlankNode(node) => return Self::BlankNode(node.as_str().into()),
            TermRef::Literal(literal) => literal,
            #[cfg(feature = "rdf-12")]
            TermRef::Triple(_) => return Self::Other(term.to_string().into(), "".into()),
        };
        let text = literal.value();
        if let Some(language) = literal.language() {
            return Self::Tagged(text.into(), language.into());
        }
        let datatype = literal.datatype().as_str();
        let decoded = match datatype.strip_prefix(XSD) {
            Some("string") => return Self::Text(text.into()),
            Some("integer") => parsed(text, Self::Integer),
            Some("decimal") => parsed(text, Self::Decimal),
            Some("double") => parsed(text, Self::Double),
            Some("float") => parsed(text, Self::Float),
            Some("boolean") => parsed(text, |value: Boolean| Self::Boolean(value.into())),
            Some("dateTime") => parsed(text, Self::DateTime),
            Some("date") => parsed(text, Self::Date),
            Some("gYear") => parsed(text, Self::Year),
            _ => None,
        };
        decoded.unwrap_or_else(|| Self::Other(text.into(), datatype.into()))
    }

    /// Returns the value with its own texts.
    pub(super) fn into_owned(self) -> Value<'static> {
        fn own(text: Cow<'_, str>) -> Cow<'static, str> {
            Cow::Owned(text.into_owned())
        }
        match self {
            Self::Iri(text) => Value::Iri(own(text)),
            Self::BlankNode(text) => Value::BlankNode(own(text)),
            Self::Text(text) => Value::Text(own(text)),
            Self::Tagged(text, language) => Value::Tagged(own(text), own(language)),
            Self::Other(text, datatype) => Value::Other(own(text), own(datatype)),
            Self::Boolean(value) => Value::Boolean(value),
            Self::Integer(value) => Value::Integer(value),
            Self::Decimal(value) => Value::Decimal(value),
            Self::Float(value) => Value::Float(value),
            Self::Double(value) => Value::Double(value),
            Self::DateTime(value) => Value::DateTime(value),
            Self::Date(value) => Value::Date(value),
            Self::Year(value) => Value::Year(value),
        }
    }

    /// Returns the term of the value.
    pub(super) fn into_term(self) -> Term {
        let literal = match self {
            Self::Iri(text) => return NamedNode::new_unchecked(text).into(),
            Self::BlankNode(text) => return BlankNode::new_unchecked(text).into(),
            Self::Text(text) => Literal::new_simple_literal(text),
            Self::Tagged(text, language) => {
                Literal::new_language_tagged_literal_unchecked(text, language)
            }
            Self::Other(text, datatype) => {
                Literal::new_typed_literal(text, NamedNode::new_unchecked(datatype))
            }
            Self::Boolean(value) => value.into(),
            Self::Integer(value) => value.into(),
            Self::Decimal(value) => value.into(),
            Self::Float(value) => value.into(),
            Self::Double(value) => value.into(),
            Self::DateTime(value) => value.into(),
            Self::Date(value) => value.into(),
            Self::Year(value) => value.into(),
        };
        literal.into()
    }

    /// Returns the effective boolean value.
    pub(super) fn is_true(&self) -> Option<bool> {
        Some(match self {
            Self::Boolean(value) => *value,
            Self::Text(text) => !text.is_empty(),
            Self::Integer(value) => Boolean::from(*value).into(),
            Self::Decimal(value) => Boolean::from(*value).into(),
            Self::Float(value) => Boolean::from(*value).into(),
            Self::Double(value) => Boolean::from(*value).into(),
            _ => return None,
        })
    }

    /// Returns the text of an IRI or a literal.
    pub(super) fn into_text(self) -> Option<Cow<'a, str>> {
        Some(match self {
            Self::Iri(text) | Self::Text(text) | Self::Tagged(text, _) | Self::Other(text, _) => {
                text
            }
            Self::BlankNode(_) => return None,
            Self::Boolean(value) => value.to_string().into(),
            Self::Integer(value) => value.to_string().into(),
            Self::Decimal(value) => value.to_string().into(),
            Self::Float(value) => value.to_string().into(),
            Self::Double(value) => value.to_string().into(),
            Self::DateTime(value) => value.to_string().into(),
            Self::Date(value) => value.to_string().into(),
            Self::Year(value) => value.to_string().into(),
        })
    }

    /// Returns the text and the language of a string.
    pub(super) fn into_string(self) -> Option<(Cow<'a, str>, Option<Cow<'a, str>>)> {
        match self {
            Self::Text(text) => Some((text, None)),
            Self::Tagged(text, language) => Some((text, Some(language))),
            _ => None,
        }
    }

    /// Returns the language of a literal, which may be empty.
    pub(super) fn into_language(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Tagged(_, language) => Some(language),
            Self::Iri(_) | Self::BlankNode(_) => None,
            _ => Some("".into()),
        }
    }

    /// Returns the datatype of a literal.
    pub(super) fn into_datatype(self) -> Option<Cow<'a, str>> {
        let datatype = match self {
            Self::Iri(_) | Self::BlankNode(_) => return None,
            Self::Other(_, datatype) => return Some(datatype),
            Self::Text(_) => xsd::STRING,
            Self::Tagged(..) => rdf::LANG_STRING,
            Self::Boolean(_) => xsd::BOOLEAN,
            Self::Integer(_) => xsd::INTEGER,
            Self::Decimal(_) => xsd::DECIMAL,
            Self::Float(_) => xsd::FLOAT,
            Self::Double(_) => xsd::DOUBLE,
            Self::DateTime(_) => xsd::DATE_TIME,
            Self::Date(_) => xsd::DATE,
            Self::Year(_) => xsd::G_YEAR,
        };
        Some(datatype.as_str().into())
    }

    /// Returns whether the value is a number.
    pub(super) const fn is_number(&self) -> Result<bool, NotNative> {
        match self {
            Self::Integer(_) | Self::Decimal(_) | Self::Float(_) | Self::Double(_) => Ok(true),
            Self::Other(..) => Err(NotNative),
            _ => Ok(false),
        }
    }

    /// Returns whether two values are equal.
    pub(super) fn equals(&self, other: &Self) -> Result<bool, NotNative> {
        Ok(match (self, other) {
            (Self::Iri(a), Self::Iri(b))
            | (Self::BlankNode(a), Self::BlankNode(b))
            | (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Tagged(a, one), Self::Tagged(b, another)) => a == b && one == another,
            (Self::Iri(_) | Self::BlankNode(_) | Self::Tagged(..), _)
            | (_, Self::Iri(_) | Self::BlankNode(_) | Self::Tagged(..)) => false,
            (Self::Other(..), _) | (_, Self::Other(..)) => return Err(NotNative),
            (Self::Boolean(a), Self::Boolean(b)) => a == b,
            (Self::DateTime(a), Self::DateTime(b)) => a == b,
            (Self::Date(a), Self::Date(b)) => a == b,
            (Self::Year(a), Self::Year(b)) => a == b,
            _ => Numbers::of(self, other).is_some_and(Numbers::are_equal),
        })
    }

    /// Returns whether the order of two values satisfies a predicate. `NaN` has no order to any number.
    pub(super) fn compares(&self, other: &Self, holds: fn(Ordering) -> bool) -> Evaluated<bool> {
        if let Some(numbers) = Numbers::of(self, other) {
            return Ok(Some(numbers.order().is_some_and(holds)));
        }
        if matches!(self, Self::Other(..)) || matches!(other, Self::Other(..)) {
            return Err(NotNative);
        }
        Ok(self.order(other).map(holds))
    }

    /// Returns the order of two values, or `None` if they have none.
    fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Iri(a), Self::Iri(b)) | (Self::BlankNode(a), Self::BlankNode(b)) => {
                (a == b).then_some(Ordering::Equal)
            }
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Tagged(a, one), Self::Tagged(b, another)) => (one == another).then(|| a.cmp(b)),
            (Self::Boolean(a), Self::Boolean(b)) => Some(a.cmp(b)),
            (Self::DateTime(a), Self::DateTime(b)) => a.partial_cmp(b),
            (Self::Date(a), Self::Date(b)) => a.partial_cmp(b),
            (Self::Year(a), Self::Year(b)) => a.partial_cmp(b),
            _ => Numbers::of(self, other).and_then(Numbers::order),
        }
    }

    /// Returns the order of two values for MIN and MAX, or `None` if it depends on the other values of the group.
    pub(super) fn extreme_order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Iri(a), Self::Iri(b)) | (Self::BlankNode(a), Self::BlankNode(b)) => {
                Some(a.cmp(b))
            }
            (Self::Tagged(a, one), Self::Tagged(b, another)) => {
                Some(a.cmp(b).then_with(|| one.cmp(another)))
            }
            _ => self.order(other),
        }
    }

    /// Returns the result of a calculation.
    pub(super) fn calculate(&self, operation: Operation, other: &Self) -> Evaluated<Self> {
        if let Some(numbers) = Numbers::of(self, other) {
            return numbers.calculate(operation).map(Some).ok_or(NotNative);
        }
        // Nothing can be calculated with these.
        let is_plain = |value: &Self| {
            matches!(
                value,
                Self::Iri(_)
                    | Self::BlankNode(_)
                    | Self::Text(_)
                    | Self::Tagged(..)
                    | Self::Boolean(_)
            )
        };
        if is_plain(self) || is_plain(other) { Ok(None) } else { Err(NotNative) }
    }
}

fn parsed<'a, T: FromStr>(text: &str, made: impl Fn(T) -> Value<'a>) -> Option<Value<'a>> {
    text.parse().ok().map(made)
}

impl Numbers {
    fn of(a: &Value<'_>, b: &Value<'_>) -> Option<Self> {
        use Value::{Decimal, Double, Float, Integer};
        Some(match (a, b) {
            (&Integer(a), &Integer(b)) => Self::Integers(a, b),
            (&Integer(a), &Decimal(b)) => Self::Decimals(a.into(), b),
            (&Integer(a), &Float(b)) => Self::Floats(a.into(), b),
            (&Integer(a), &Double(b)) => Self::Doubles(a.into(), b),
            (&Decimal(a), &Integer(b)) => Self::Decimals(a, b.into()),
            (&Decimal(a), &Decimal(b)) => Self::Decimals(a, b),
            (&Decimal(a), &Float(b)) => Self::Floats(a.into(), b),
            (&Decimal(a), &Double(b)) => Self::Doubles(a.into(), b),
            (&Float(a), &Integer(b)) => Self::Floats(a, b.into()),
            (&Float(a), &Decimal(b)) => Self::Floats(a, b.into()),
            (&Float(a), &Float(b)) => Self::Floats(a, b),
            (&Float(a), &Double(b)) => Self::Doubles(a.into(), b),
            (&Double(a), &Integer(b)) => Self::Doubles(a, b.into()),
            (&Double(a), &Decimal(b)) => Self::Doubles(a, b.into()),
            (&Double(a), &Float(b)) => Self::Doubles(a, b.into()),
            (&Double(a), &Double(b)) => Self::Doubles(a, b),
            _ => return None,
        })
    }

    fn are_equal(self) -> bool {
        match self {
            Self::Integers(a, b) => a == b,
            Self::Decimals(a, b) => a == b,
            Self::Floats(a, b) => a == b,
            Self::Doubles(a, b) => a == b,
        }
    }

    fn order(self) -> Option<Ordering> {
        match self {
            Self::Integers(a, b) => a.partial_cmp(&b),
            Self::Decimals(a, b) => a.partial_cmp(&b),
            Self::Floats(a, b) => a.partial_cmp(&b),
            Self::Doubles(a, b) => a.partial_cmp(&b),
        }
    }

    /// Returns the result of a calculation, or `None` if it exceeds the engine's types or has no value.
    fn calculate(self, operation: Operation) -> Option<Value<'static>> {
        use Operation::{Add, Divide, Multiply, Subtract};
        Some(match (self, operation) {
            (Self::Integers(a, b), Add) => Value::Integer(a.checked_add(b)?),
            (Self::Integers(a, b), Subtract) => Value::Integer(a.checked_sub(b)?),
            (Self::Integers(a, b), Multiply) => Value::Integer(a.checked_mul(b)?),
            (Self::Integers(a, b), Divide) => Value::Decimal(Decimal::from(a).checked_div(b)?),
            (Self::Decimals(a, b), Add) => Value::Decimal(a.checked_add(b)?),
            (Self::Decimals(a, b), Subtract) => Value::Decimal(a.checked_sub(b)?),
            (Self::Decimals(a, b), Multiply) => Value::Decimal(a.checked_mul(b)?),
            (Self::Decimals(a, b), Divide) => Value::Decimal(a.checked_div(b)?),
            (Self::Floats(a, b), Add) => Value::Float(a + b),
            (Self::Floats(a, b), Subtract) => Value::Float(a - b),
            (Self::Floats(a, b), Multiply) => Value::Float(a * b),
            (Self::Floats(a, b), Divide) => Value::Float(a / b),
            (Self::Doubles(a, b), Add) => Value::Double(a + b),
            (Self::Doubles(a, b), Subtract) => Value::Double(a - b),
            (Self::Doubles(a, b), Multiply) => Value::Double(a * b),
            (Self::Doubles(a, b), Divide) => Value::Double(a / b),
        })
    }
}
