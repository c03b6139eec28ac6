//! Sums of dates or times and durations. The engine's optimizer reorders the operands of `+`, but its evaluator accepts
//! a duration only as the second operand.

use super::call;
use crate::engine::quirks::long_decimal::{LongDecimal, is_numeric};
use oxigraph::model::{Literal, Term};
use spareval::ExpressionTerm as Value;
use spargebra::algebra::Expression;

pub(super) const SUM: &str = "sum";
pub(super) const IS_NUMERIC: &str = "is numeric";

/// Returns the call that replaces a sum that may be of a date and a duration.
pub(super) fn own_sum(a: &Expression, b: &Expression) -> Option<Expression> {
    let is_number = |operand: &Expression| matches!(operand, Expression::Literal(literal) if is_numeric(literal));
    (!is_number(a) && !is_number(b)).then(|| call(SUM, vec![a.clone(), b.clone()]))
}

/// Returns whether a term is a number, including those that exceed the engine's types.
pub(super) fn is_number(terms: &[Term]) -> Option<Term> {
    let is_number = match terms.first()? {
        Term::Literal(literal) => is_numeric(literal) || LongDecimal::read(literal).is_some(),
        _ => false,
    };
    Some(Literal::from(is_number).into())
}

/// Adds a duration to a date, a time or both, in either operand order.
pub(super) fn sum(terms: &[Term]) -> Option<Term> {
    let [a, b] = terms else { return None };
    let (a, b) = (Value::from(a.clone()), Value::from(b.clone()));
    later(&a, &b).or_else(|| later(&b, &a)).map(Term::from)
}

fn later(start: &Value, duration: &Value) -> Option<Value> {
    Some(match (start, duration) {
        (Value::DateTimeLiteral(start), Value::DurationLiteral(duration)) => {
            Value::DateTimeLiteral(start.checked_add_duration(*duration)?)
        }
        (Value::DateTimeLiteral(start), Value::YearMonthDurationLiteral(duration)) => {
            Value::DateTimeLiteral(start.checked_add_year_month_duration(*duration)?)
        }
        (Value::DateTimeLiteral(start), Value::DayTimeDurationLiteral(duration)) => {
            Value::DateTimeLiteral(start.checked_add_day_time_duration(*duration)?)
        }
        (Value::DateLiteral(start), Value::DurationLiteral(duration)) => {
            Value::DateLiteral(start.checked_add_duration(*duration)?)
        }
        (Value::DateLiteral(start), Value::YearMonthDurationLiteral(duration)) => {
            Value::DateLiteral(start.checked_add_year_month_duration(*duration)?)
        }
        (Value::DateLiteral(start), Value::DayTimeDurationLiteral(duration)) => {
            Value::DateLiteral(start.checked_add_day_time_duration(*duration)?)
        }
        (Value::TimeLiteral(start), Value::DurationLiteral(duration)) => {
            Value::TimeLiteral(start.checked_add_duration(*duration)?)
        }
        (Value::TimeLiteral(start), Value::DayTimeDurationLiteral(duration)) => {
            Value::TimeLiteral(start.checked_add_day_time_duration(*duration)?)
        }
        _ => return None,
    })
}
