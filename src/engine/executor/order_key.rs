//! Sort keys of terms, in the order of [`sort_key`], without making a text of each.

use super::block::UNBOUND;
use super::operator::Context;
use super::value::Value;
use crate::budget::sort_first;
use crate::engine::quirks::{long_number_parts, number_parts, sort_key};
use oxigraph::model::Term;
use oxigraph::sparql::QueryEvaluationError;
use oxsdatatypes::{Decimal, Double};
use std::borrow::Cow;
use std::ops::Range;

/// Runs of texts up to this length are sorted by comparing whole texts.
const FEW: usize = 16;

/// The sort key of a term.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum OrderKey<'a> {
    Unbound,
    BlankNode(Cow<'a, str>),
    Iri(Cow<'a, str>),
    NotANumber,
    /// The bits of the double, the fixed-point decimal, and further digits.
    Number(u64, i128, String),
    /// A boolean, a point in time or a duration.
    Other(String),
    /// The text, the datatype and the language.
    Text(Cow<'a, str>, Cow<'a, str>, Cow<'a, str>),
}

/// The kinds of keys, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyKind {
    Unbound,
    BlankNode,
    Iri,
    Value,
    Text,
}

impl KeyKind {
    const ALL: [Self; 5] = [Self::Unbound, Self::BlankNode, Self::Iri, Self::Value, Self::Text];
}

impl<'a> OrderKey<'a> {
    /// Returns the key of the term with a number.
    ///
    /// # Errors
    /// Fails if the index is damaged.
    pub(super) fn of(number: u32, context: &'a Context) -> Result<Self, QueryEvaluationError> {
        if number == UNBOUND {
            return Ok(Self::Unbound);
        }
        let value = match context.value(number) {
            Ok(Some(value)) => value,
            _ => Value::of(context.terms.term(number)?.as_ref()).into_owned(),
        };
        let of_number = |double: Double, decimal: Option<Decimal>| {
            let parts = number_parts(double, decimal);
            parts.map_or(Self::NotANumber, |(bits, parts)| Self::Number(bits, parts, String::new()))
        };
        Ok(match value {
            Value::Iri(text) => Self::Iri(text),
            Value::BlankNode(text) => Self::BlankNode(text),
            Value::Integer(value) => of_number(value.into(), Some(value.into())),
            Value::Decimal(value) => of_number(value.into(), Some(value)),
            Value::Float(value) => of_number(value.into(), None),
            Value::Double(value) => of_number(value, None),
            value @ (Value::Text(_) | Value::Tagged(..)) => {
                let datatype = value.clone().into_datatype().unwrap_or_default();
                let (text, language) = value.into_string().unwrap_or_default();
                Self::Text(text, datatype, language.unwrap_or_default())
            }
            // A triple term sorts behind literals.
            Value::Other(text, datatype) if datatype.is_empty() => {
                Self::Text(format!("{}{text}", char::MAX).into(), datatype, "".into())
            }
            Value::Other(text, datatype) => Self::of_other(Value::Other(text, datatype)),
            value => Self::Other(sort_key(value.into_term())),
        })
    }

    /// Returns the key of a literal that is not decoded: a long number, a point in time, a duration, or a text.
    fn of_other(value: Value<'a>) -> Self {
        let term = value.clone().into_term();
        if let Term::Literal(literal) = &term
            && let Some((bits, parts, rest)) = long_number_parts(literal)
        {
            return Self::Number(bits, parts, rest);
        }
        let key = sort_key(term);
        match value {
            Value::Other(text, datatype) if key.starts_with('7') => {
                Self::Text(text, datatype, "".into())
            }
            _ => Self::Other(key),
        }
    }

    const fn kind(&self) -> KeyKind {
        match self {
            Self::BlankNode(_) => KeyKind::BlankNode,
            Self::Iri(_) => KeyKind::Iri,
            Self::NotANumber | Self::Number(..) | Self::Other(_) => KeyKind::Value,
            Self::Unbound => KeyKind::Unbound,
            Self::Text(..) => KeyKind::Text,
        }
    }

    /// Returns whether the keys of different terms are equal, which only those of values can be.
    pub(super) fn is_equal(&self, other: &Self) -> bool {
        self.kind() == KeyKind::Value && self == other
    }

    /// Returns the text of a key that consists of one, at least at first.
    fn text(&self) -> Option<&str> {
        match self {
            Self::BlankNode(text) | Self::Iri(text) | Self::Text(text, ..) => Some(text),
            _ => None,
        }
    }
}

/// Returns the places of keys in their order. Equal keys are in the order of their places. It calls `check` again and again.
///
/// # Errors
/// The error of `check`.
pub(super) fn sorted_places<E: Send>(
    keys: &[OrderKey<'_>],
    check: &(impl Fn() -> Result<(), E> + Sync),
) -> Result<Vec<u32>, E> {
    let all = || (0_u32..).zip(keys);
    let mut places = Vec::with_capacity(keys.len());
    // The kinds are in the order of their keys.
    for kind in KeyKind::ALL {
        let start = places.len();
        places.extend(all().filter(|(_, key)| key.kind() == kind).map(|(place, _)| place));
        let places = places.get_mut(start..).unwrap_or_default();
        let key = |place: u32| keys.get(place as usize);
        let compare = |&a: &u32, &b: &u32| key(a).cmp(&key(b)).then(a.cmp(&b));
        if kind == KeyKind::Value {
            sort_first(places, usize::MAX, &compare, check)?;
        } else {
            let text = |place| key(place).and_then(OrderKey::text).unwrap_or_default().as_bytes();
            sort_texts(places, text, &compare, check)?;
        }
    }
    Ok(places)
}

/// Sorts places by their texts, and those with equal texts by comparing the places. The next eight bytes of each text are
/// compared as a number, after those that all texts have in common.
fn sort_texts<'a, E: Send>(
    places: &mut [u32],
    text: impl Fn(u32) -> &'a [u8],
    compare: &(impl Fn(&u32, &u32) -> std::cmp::Ordering + Sync),
    check: &(impl Fn() -> Result<(), E> + Sync),
) -> Result<(), E> {
    let mut items: Vec<(u64, u32)> = places.iter().map(|&place| (0, place)).collect();
    let mut work: Vec<(Range<usize>, usize)> = vec![(0..items.len(), 0)];
    while let Some((range, from)) = work.pop() {
        let start = range.start;
        let Some(items) = items.get_mut(range) else { continue };
        if items.len() <= FEW || items.iter().all(|&(_, place)| text(place).len() <= from) {
            sort_first(items, usize::MAX, &|(_, a), (_, b)| compare(a, b), check)?;
            continue;
        }
        let from = from + common(items.iter().map(|&(_, place)| rest(text(place), from)));
        for (chunk, place) in &mut *items {
            *chunk = first_eight(rest(text(*place), from));
        }
        sort_first(items, usize::MAX, &Ord::cmp, check)?;
        let mut next = start;
        for run in items.chunk_by(|(a, _), (b, _)| a == b) {
            if run.len() > 1 {
                work.push((next..next + run.len(), from + 8));
            }
            next += run.len();
        }
    }
    for (place, (_, sorted)) in places.iter_mut().zip(items) {
        *place = sorted;
    }
    Ok(())
}

fn rest(text: &[u8], from: usize) -> &[u8] {
    text.get(from..).unwrap_or_default()
}

/// Returns the number of bytes that all texts begin with.
fn common<'a>(mut texts: impl Iterator<Item = &'a [u8]>) -> usize {
    let Some(first) = texts.next() else { return 0 };
    let mut common = first.len();
    for text in texts {
        if text.get(..common) != first.get(..common) {
            common = first.iter().zip(text).take_while(|(a, b)| a == b).count();
        }
        if common == 0 {
            break;
        }
    }
    common
}

/// Returns the first eight bytes as a number, with zeros after the end.
fn first_eight(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(bytes) => u64::from_be_bytes(*bytes),
        None => {
            let mut bytes = [0; 8];
            for (byte, &of_text) in bytes.iter_mut().zip(text) {
                *byte = of_text;
            }
            u64::from_be_bytes(bytes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Cancellation;
    use crate::engine::index::Triples;
    use oxigraph::model::{BlankNode, Literal, NamedNode};
    use proptest::prelude::*;

    fn term() -> impl Strategy<Value = Term> {
        let datatypes = [
            "integer", "decimal", "double", "float", "boolean", "string", "dateTime", "date",
            "gYear", "duration", "time", "anyURI", "byte",
        ];
        let texts = "-?[0-9]{1,3}(\\.[0-9]{1,2})?|[ab\\x00]{0,12}|(aaaaaaaa){1,3}[ab]?|[0-9]\\?|(NaN|INF|true)|20[01][0-9]-0[1-3]-0[1-3](T0[0-9]:00:00)?(Z|-05:00)?|-?P[1-9][MD]|-?[0-9]{17,22}(\\.[0-9]{16,22})?";
        (texts, 0..datatypes.len() + 3).prop_map(move |(text, kind)| {
            match (datatypes.get(kind), kind - datatypes.len().min(kind)) {
                (Some(datatype), _) => {
                    let datatype = format!("http://www.w3.org/2001/XMLSchema#{datatype}");
                    Literal::new_typed_literal(text, NamedNode::new_unchecked(datatype)).into()
                }
                (None, 0) => Literal::new_language_tagged_literal_unchecked(text, "en").into(),
                (None, 1) => NamedNode::new_unchecked(format!("x:{text}")).into(),
                _ => BlankNode::new_unchecked(format!("b{text}")).into(),
            }
        })
    }

    proptest! {
        /// Terms are in the order of the texts that the engine sorts by.
        #[test]
        fn keys_are_in_the_order_of_the_engine(terms in prop::collection::vec(term(), 0..80)) {
            let index = Triples::default().index().into();
            let context = Context::new(index, &Cancellation::default(), true);
            let (mut keys, mut texts) = (Vec::new(), Vec::new());
            for term in terms {
                let number = context.terms.number(term.clone()).unwrap();
                keys.push(OrderKey::of(number, &context).unwrap());
                texts.push(sort_key(term));
            }
            for (one, a) in keys.iter().zip(&texts) {
                for (other, b) in keys.iter().zip(&texts) {
                    prop_assert_eq!(one.cmp(other), a.cmp(b), "{:?} {:?}", one, other);
                }
            }
            let mut expected: Vec<u32> = (0_u32..).zip(&texts).map(|(place, _)| place).collect();
            expected.sort_by_key(|&place| &texts[place as usize]);
            let sorted = sorted_places(&keys, &|| Ok::<_, ()>(())).unwrap();
            prop_assert_eq!(sorted, expected, "{:?}", keys);
        }
    }
}
