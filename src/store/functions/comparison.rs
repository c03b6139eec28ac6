//! Comparisons that the engine has no value for: a number and `NaN` are in no order, which is a "no" and not an error,
//! and `false` is less than `true`.

use super::arithmetic::is_numeric;
use super::call;
use oxigraph::model::{Literal, Term};
use spareval::ExpressionTerm as Value;
use spargebra::algebra::Expression;
use std::cmp::Ordering;

type Comparison = fn(&[Term]) -> Option<Term>;

/// The comparisons with their names.
pub(super) const FUNCTIONS: [(&str, Comparison); 4] = [
    ("greater", |terms| compared(terms, Ordering::is_gt)),
    ("greater or equal", |terms| compared(terms, Ordering::is_ge)),
    ("less", |terms| compared(terms, Ordering::is_lt)),
    ("less or equal", |terms| compared(terms, Ordering::is_le)),
];

/// Returns the call that stands in for a comparison the engine has no value for.
pub(super) fn own_comparison(expression: &Expression) -> Option<Expression> {
    let (name, a, b) = parts(expression)?;
    Some(call(name, vec![a.clone(), b.clone()]))
}

/// Returns whether an expression compares something with a number in the query. Where an error is as good as a "no",
/// such a comparison is right as it is.
pub(super) fn is_of_constant_number(expression: &Expression) -> bool {
    let is_number = |operand: &Expression| matches!(operand, Expression::Literal(literal) if is_numeric(literal));
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
        (a, b) if is_number(&a) && is_number(&b) && (is_nan(&a) || is_nan(&b)) => false,
        _ => return None,
    };
    Some(Literal::from(value).into())
}

const fn is_number(value: &Value) -> bool {
    matches!(
        value,
        Value::IntegerLiteral(_)
            | Value::DecimalLiteral(_)
            | Value::FloatLiteral(_)
            | Value::DoubleLiteral(_)
    )
}

fn is_nan(value: &Value) -> bool {
    match value {
        Value::FloatLiteral(number) => f32::from(*number).is_nan(),
        Value::DoubleLiteral(number) => f64::from(*number).is_nan(),
        _ => false,
    }
}
