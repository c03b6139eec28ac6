//! SUM, AVG, MIN and MAX of values that are decoded natively.

use super::operator::Context;
use super::value::Value;
use oxigraph::sparql::QueryEvaluationError;
use oxsdatatypes::{Decimal, Double, Integer};
use spargebra::algebra::AggregateFunction;
use std::cmp::Ordering;

/// The number of units per one in a fixed-point decimal of the engine.
const PARTS: i128 = 1_000_000_000_000_000_000;

/// A value of a group, as numbers of the group and the term, and how often it occurs.
pub(super) type Occurrence = (usize, u32, usize);

/// Returns the value of an aggregate for each group, or `None` if only the engine knows it: for other aggregates, other
/// values, and sums that exceed its types in some order.
///
/// # Errors
/// Fails if the query has too many values.
pub(super) fn totals(
    function: &AggregateFunction,
    occurrences: impl Iterator<Item = Occurrence>,
    groups: usize,
    context: &Context,
) -> Result<Option<Vec<Option<u32>>>, QueryEvaluationError> {
    let is_average = *function == AggregateFunction::Avg;
    let wanted = match function {
        AggregateFunction::Min => Ordering::Less,
        AggregateFunction::Max => Ordering::Greater,
        AggregateFunction::Sum | AggregateFunction::Avg => {
            let Some(sums) = sums(occurrences, groups, context) else { return Ok(None) };
            let mut totals = Vec::with_capacity(groups);
            for sum in sums {
                let Some(value) = sum.finish(is_average) else { return Ok(None) };
                let is_empty = sum.rows == 0;
                totals.push(if is_empty {
                    None
                } else {
                    Some(context.terms.number(value.into_term())?)
                });
            }
            return Ok(Some(totals));
        }
        _ => return Ok(None),
    };
    Ok(extremes(wanted, occurrences, groups, context))
}

fn extremes(
    wanted: Ordering,
    occurrences: impl Iterator<Item = Occurrence>,
    groups: usize,
    context: &Context,
) -> Option<Vec<Option<u32>>> {
    let mut best: Vec<Option<(Value<'_>, u32)>> = vec![None; groups];
    for (group, number, _) in occurrences {
        let value = context.value(number).ok()??;
        let Some(best) = best.get_mut(group) else { continue };
        let is_better = match best {
            Some((other, _)) => value.extreme_order(other)? == wanted,
            None => true,
        };
        if is_better {
            *best = Some((value, number));
        }
    }
    Some(best.into_iter().map(|best| best.map(|(_, number)| number)).collect())
}

fn sums(
    occurrences: impl Iterator<Item = Occurrence>,
    groups: usize,
    context: &Context,
) -> Option<Vec<Sum>> {
    let mut sums = vec![Sum::default(); groups];
    for (group, number, rows) in occurrences {
        let value = context.value(number).ok()??;
        if let Some(sum) = sums.get_mut(group) {
            sum.add(&value, rows)?;
        }
    }
    Some(sums)
}

/// The sum of the numbers of a group: integers and decimals, or doubles alone.
#[derive(Debug, Clone, Default)]
struct Sum {
    rows: usize,
    integers: Exact,
    /// In units of the engine's decimals.
    decimals: Option<Exact>,
    doubles: Option<Double>,
}

/// A sum, and that of the absolute values, which no sum of some of them exceeds.
#[derive(Debug, Clone, Copy, Default)]
struct Exact {
    sum: i128,
    size: i128,
}

impl Exact {
    fn add(&mut self, number: i128, rows: usize) -> Option<()> {
        let total = number.checked_mul(i128::try_from(rows).ok()?)?;
        self.sum = self.sum.checked_add(total)?;
        self.size = self.size.checked_add(total.checked_abs()?)?;
        Some(())
    }
}

impl Sum {
    /// Adds a value that occurs several times. Returns `None` if it cannot be added here.
    fn add(&mut self, value: &Value<'_>, rows: usize) -> Option<()> {
        match value {
            Value::Integer(number) if self.doubles.is_none() => {
                self.integers.add(i64::from(*number).into(), rows)?;
                if self.integers.size > i64::MAX.into() {
                    return None;
                }
            }
            Value::Decimal(number) if self.doubles.is_none() => {
                let parts = i128::from_be_bytes(number.to_be_bytes());
                self.decimals.get_or_insert_default().add(parts, rows)?;
            }
            Value::Double(number) if self.rows == 0 || self.doubles.is_some() => {
                let sum = self.doubles.get_or_insert_default();
                for _ in 0..rows {
                    *sum = *sum + *number;
                }
            }
            _ => return None,
        }
        self.rows += rows;
        Some(())
    }

    /// Returns the sum or the average, divided as the engine does.
    fn finish(&self, is_average: bool) -> Option<Value<'static>> {
        let rows = Integer::from(i64::try_from(self.rows).ok()?);
        if let Some(sum) = self.doubles {
            return Some(Value::Double(if is_average { sum / Double::from(rows) } else { sum }));
        }
        let Some(decimals) = self.decimals else {
            let sum = Integer::from(i64::try_from(self.integers.sum).ok()?);
            if !is_average || self.rows == 0 {
                return Some(Value::Integer(sum));
            }
            return Some(Value::Decimal(Decimal::from(sum).checked_div(rows)?));
        };
        self.integers.size.checked_mul(PARTS)?.checked_add(decimals.size)?;
        let parts = self.integers.sum.checked_mul(PARTS)?.checked_add(decimals.sum)?;
        let sum = Decimal::from_be_bytes(parts.to_be_bytes());
        Some(Value::Decimal(if is_average { sum.checked_div(rows)? } else { sum }))
    }
}
