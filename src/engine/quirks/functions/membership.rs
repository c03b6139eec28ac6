//! `IN` with many constants, evaluated by a set lookup instead of one comparison per constant.

use super::own;
use crate::engine::quirks::long_decimal::LongDecimal;
use crate::vocabulary::xsd;
use oxigraph::model::{Literal, NamedNode, Term};
use rustc_hash::FxHashSet;
use spargebra::algebra::Expression;

/// The number of constants from which a lookup pays off.
const MANY: usize = 16;

/// Returns the name of the membership function with this number.
pub(super) fn name(number: usize) -> NamedNode {
    own(&format!("member {number}"))
}

/// Rewrites a short `IN` as comparisons, so that each can handle numbers that exceed the engine's types.
pub(super) fn spell_out(expression: &mut Expression) {
    let Expression::In(value, list) = expression else { return };
    if list.len() >= MANY || !super::is_repeatable(value) {
        return;
    }
    let equal = |member: Expression| Expression::Equal(value.clone(), Box::new(member));
    let comparisons = std::mem::take(list).into_iter().map(equal);
    let any = comparisons.reduce(|a, b| Expression::Or(Box::new(a), Box::new(b)));
    *expression = any.unwrap_or_else(|| Literal::from(false).into());
}

/// Rewrites an `IN` without members as `false`. The engine evaluates the value as a condition, which is an error for most
/// kinds of values.
pub(super) fn settle(expression: &mut Expression) {
    if matches!(expression, Expression::In(_, list) if list.is_empty()) {
        *expression = Literal::from(false).into();
    }
}

/// The constants of an `IN`, as a set.
pub(super) struct MemberSet {
    terms: FxHashSet<Term>,
    integers: FxHashSet<i64>,
    /// Whether all constants have datatypes whose comparison cannot fail and that have one term per value.
    are_simple: bool,
}

/// How the value of a term is compared.
enum Value {
    /// By identity of terms.
    Same,
    Text,
    Integer(i64),
    Other,
}

impl MemberSet {
    /// Returns the members of an `IN`, or `None` if they are few or not all of them are constants.
    pub(super) fn of(expressions: &[Expression]) -> Option<Self> {
        if expressions.len() < MANY {
            return None;
        }
        let mut members =
            Self { terms: FxHashSet::default(), integers: FxHashSet::default(), are_simple: true };
        for expression in expressions {
            let term: Term = match expression {
                Expression::NamedNode(iri) => iri.clone().into(),
                Expression::Literal(literal) => literal.clone().into(),
                _ => return None,
            };
            match value(&term) {
                Value::Same | Value::Text => {}
                Value::Integer(integer) => {
                    members.integers.insert(integer);
                }
                Value::Other => members.are_simple = false,
            }
            members.terms.insert(term);
        }
        Some(members)
    }

    /// Returns whether a term equals a member, or `None` if only the engine can decide.
    pub(super) fn contain(&self, terms: &[Term]) -> Option<Term> {
        let [term] = terms else { return None };
        let contains = match value(term) {
            Value::Same => Some(self.terms.contains(term)),
            Value::Text => {
                self.terms.contains(term).then_some(true).or(self.are_simple.then_some(false))
            }
            Value::Integer(integer) => self
                .integers
                .contains(&integer)
                .then_some(true)
                .or(self.are_simple.then_some(false)),
            // A long number equals neither an integer of the engine nor a text.
            Value::Other if self.are_simple && is_long_number(term) => Some(false),
            Value::Other => None,
        };
        contains.map(|contains| Literal::from(contains).into())
    }
}

fn is_long_number(term: &Term) -> bool {
    matches!(term, Term::Literal(literal) if LongDecimal::is_needed_for(literal))
}

fn value(term: &Term) -> Value {
    match term {
        Term::Literal(literal) if literal.language().is_some() => Value::Same,
        Term::Literal(literal) if literal.datatype() == xsd::STRING => Value::Text,
        Term::Literal(literal) if literal.datatype() == xsd::INTEGER => {
            literal.value().parse().map_or(Value::Other, Value::Integer)
        }
        Term::Literal(_) => Value::Other,
        _ => Value::Same,
    }
}
