//! Aggregates: section 18.5.1 of the specification.

use super::expression::{concat, less, string_of};
use super::number::Number;
use super::{Evaluator, Remark};
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, Term};
use spargebra::algebra::AggregateFunction;
use std::cmp::Ordering;

impl Evaluator {
    /// The value of a set function on the values of a group's members; `None` is an error, in both.
    pub(super) fn set_function(
        &self,
        name: &AggregateFunction,
        values: &[Option<Term>],
    ) -> Option<Term> {
        if *name == AggregateFunction::Count {
            return Some(integer(values.iter().flatten().count()));
        }
        // An error among the values is an error of all the other set functions, but which value SAMPLE, MIN and MAX
        // take is not said.
        let values: Vec<Term> = match values.iter().cloned().collect() {
            Some(values) => values,
            None => {
                if !matches!(name, AggregateFunction::Sum | AggregateFunction::Avg) {
                    self.remark(Remark::Choice);
                }
                return None;
            }
        };
        match name {
            AggregateFunction::Sum => sum(&values),
            AggregateFunction::Avg if values.is_empty() => Some(integer(0)),
            AggregateFunction::Avg => {
                let total = number(&sum(&values)?)?;
                total.divide(number(&integer(values.len()))?).map(Into::into)
            }
            AggregateFunction::Min => self.extreme(&values, Ordering::Less),
            AggregateFunction::Max => self.extreme(&values, Ordering::Greater),
            AggregateFunction::Sample => {
                if values.iter().any(|value| *value != values[0]) {
                    self.remark(Remark::Choice);
                }
                values.first().cloned()
            }
            AggregateFunction::GroupConcat { separator } => {
                if values.len() > 1 {
                    self.remark(Remark::Choice);
                }
                let separator = separator.as_deref().unwrap_or(" ");
                // It is CONCAT with an empty string: of strings, without language tags. Not everybody reads it so, and
                // here STR() of an element is implied, as in Jena.
                let is_plain = |value: &Term| match value {
                    Term::Literal(literal) => literal.datatype() == xsd::STRING,
                    Term::BlankNode(_) => true,
                    _ => false,
                };
                if !values.iter().all(is_plain) {
                    self.remark(Remark::Choice);
                }
                concat(&values).ok()?;
                let strings: Result<Vec<_>, _> = values.iter().map(string_of).collect();
                Some(Literal::from(strings.ok()?.join(separator)).into())
            }
            AggregateFunction::Count | AggregateFunction::Custom(_) => None,
        }
    }

    /// The least or the greatest value in the order of ORDER BY. Where that does not say which, it is a choice.
    fn extreme(&self, values: &[Term], wanted: Ordering) -> Option<Term> {
        let mut best: Option<&Term> = None;
        for value in values {
            best = match best {
                None => Some(value),
                Some(best) if best == value => Some(best),
                Some(best) => match order(value, best) {
                    Some(order) if order == wanted => Some(value),
                    Some(Ordering::Equal) | None => {
                        self.remark(Remark::Choice);
                        Some(best)
                    }
                    Some(_) => Some(best),
                },
            };
        }
        best.cloned()
    }
}

/// How many.
pub(super) fn integer(count: usize) -> Term {
    Literal::from(i64::try_from(count).unwrap()).into()
}

fn number(term: &Term) -> Option<Number> {
    match term {
        Term::Literal(literal) => Number::parse(literal),
        _ => None,
    }
}

fn sum(values: &[Term]) -> Option<Term> {
    let mut total = number(&integer(0))?;
    for value in values {
        total = total.add(number(value)?)?;
    }
    Some(total.into())
}

/// Section 15.1, as far as it says something: blank nodes, IRIs, literals; IRIs by their text, literals by `<`.
fn order(a: &Term, b: &Term) -> Option<Ordering> {
    let kind = |term: &Term| match term {
        Term::BlankNode(_) => 0,
        Term::NamedNode(_) => 1,
        _ => 2,
    };
    match (a, b) {
        (Term::NamedNode(a), Term::NamedNode(b)) => Some(a.as_str().cmp(b.as_str())),
        _ if kind(a) != kind(b) => Some(kind(a).cmp(&kind(b))),
        _ => match (less(a, b, false), less(b, a, false)) {
            (Ok(true), _) => Some(Ordering::Less),
            (_, Ok(true)) => Some(Ordering::Greater),
            _ => None,
        },
    }
}
