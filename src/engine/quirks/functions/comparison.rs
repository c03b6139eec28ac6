//! Comparisons for which the engine has no value, or a wrong one. A number and `NaN` are unordered, which gives `false`
//! and not an error; for the engine, `NaN` equals itself. `false` is less than `true`. Numbers may exceed the engine's
//! types.

use super::call;
use crate::engine::quirks::long_decimal::{LongDecimal, is_numeric};
use oxigraph::model::{Literal, Term};
use oxsdatatypes::Double;
use spareval::ExpressionTerm as Value;
use spargebra::algebra::Expression;
use std::cmp::Ordering;

type Comparison = fn(&[Term]) -> Option<Term>;

/// The comparisons, by name.
pub(super) const FUNCTIONS: [(&str, Comparison); 4] = [
    ("greater", |terms| compared(terms, Ordering::is_gt)),
    ("greater or equal", |terms| compared(terms, Ordering::is_ge)),
    ("less", |terms| compared(terms, Ordering::is_lt)),
    ("less or equal", |terms| compared(terms, Ordering::is_le)),
];

pub(super) const EQUAL: &str = "equal numbers";

pub(super) const OF_NAN: &str = "comparison of NaN with NaN";

/// Returns the call that decides a comparison before the engine does, if that can be wrong.
pub(super) fn own_decision(expression: &Expression) -> Option<Expression> {
    let (Expression::GreaterOrEqual(a, b) | Expression::LessOrEqual(a, b)) = expression else {
        return None;
    };
    Some(call(OF_NAN, vec![(**a).clone(), (**b).clone()]))
}

/// Returns `false` if both operands are `NaN`, else nothing.
pub(super) fn of_nan(terms: &[Term]) -> Option<Term> {
    let is_nan = |term: &Term| matches!(term, Term::Literal(literal) if is_nan(literal));
    terms.iter().all(is_nan).then(|| Literal::from(false).into())
}

fn is_nan(literal: &Literal) -> bool {
    literal.value() == "NaN" && is_numeric(literal)
}

/// Returns the call that replaces `=` if the engine cannot decide, because one operand is a number that it does not
/// recognize.
pub(super) fn own_equality(expression: &Expression) -> Option<Expression> {
    let Expression::Equal(a, b) = expression else { return None };
    Some(call(EQUAL, vec![(**a).clone(), (**b).clone()]))
}

/// Returns whether two numbers are equal.
pub(super) fn equal(terms: &[Term]) -> Option<Term> {
    let [a, b] = terms else { return None };
    Some(Literal::from(holds_of_numbers(a, b, Ordering::is_eq)?).into())
}

/// Returns the call that replaces a comparison for which the engine has no value.
pub(super) fn own_comparison(expression: &Expression) -> Option<Expression> {
    let (name, a, b) = parts(expression)?;
    Some(call(name, vec![a.clone(), b.clone()]))
}

/// Returns whether an expression compares something with a constant number. If an error has the same effect as `false`
/// and no number exceeds the engine's types, the engine evaluates such a comparison correctly.
pub(super) fn is_of_constant_number(expression: &Expression) -> bool {
    let is_number = |operand: &Expression| matches!(operand, Expression::Literal(literal) if is_numeric(literal) && !is_nan(literal));
    parts(expression).is_some_and(|(_, a, b)| is_number(a) || is_number(b))
}

fn parts(expression: &Expression) -> Option<(&'static str, &Expression, &Expression)> {
    let [greater, greater_or_equal, less, less_or_equal] = FUNCTIONS.map(|(name, _)| name);
    Some(match expression {
        Expression::Greater(a, b) => (greater, a, b),
        Expression::GreaterOrEqual(a, b) => (greater_or_equal, a, b),
        Expression::Less(a, b) => (less, a, b),
        Expression::LessOrEqual(a, b) => (less_or_equal, a, b),
        _ => return None,
    })
}

fn compared(terms: &[Term], holds: fn(Ordering) -> bool) -> Option<Term> {
    let [a, b] = terms else { return None };
    let value = match (Value::from(a.clone()), Value::from(b.clone())) {
        (Value::BooleanLiteral(a), Value::BooleanLiteral(b)) => {
            holds(bool::from(a).cmp(&bool::from(b)))
        }
        _ => holds_of_numbers(a, b, holds)?,
    };
    Some(Literal::from(value).into())
}

/// Returns whether the order of two numbers satisfies a predicate. Decimals are compared by their digits, and by their
/// doubles if one operand is a double or a float. `NaN` is unordered. Returns `None` unless both terms are numbers.
fn holds_of_numbers(a: &Term, b: &Term, holds: fn(Ordering) -> bool) -> Option<bool> {
    let (Term::Literal(a), Term::Literal(b)) = (a, b) else { return None };
    let order = match (LongDecimal::read(a), LongDecimal::read(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        (Some(a), None) => a.nearest().partial_cmp(&double(b)?),
        (None, Some(b)) => double(a)?.partial_cmp(&b.nearest()),
        (None, None) => double(a)?.partial_cmp(&double(b)?),
    };
    Some(order.is_some_and(holds))
}

/// Returns a number of the engine as a double.
fn double(literal: &Literal) -> Option<f64> {
    Some(match Value::from(Term::from(literal.clone())) {
        Value::IntegerLiteral(number) => Double::from(number).into(),
        Value::DecimalLiteral(number) => Double::from(number).into(),
        Value::FloatLiteral(number) => Double::from(number).into(),
        Value::DoubleLiteral(number) => number.into(),
        _ => return None,
    })
}
