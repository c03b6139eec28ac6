//! Aggregates of numbers, over values that are not numbers.

use super::date_types::is_date;
use super::{Finder, MOST, MOST_TRIPLES, Mistake};
use crate::algebra::walk;
use crate::diagnose::probe::SolutionCount;
use crate::diagnostic::Result;
use crate::sparql::tree_of;
use crate::vocabulary::{is_numeric, xsd, xsd_name};
use oxigraph::model::{Literal, Term};
use oxigraph::sparql::Variable;
use oxsdatatypes::Decimal;
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, GraphPattern};

/// An aggregate over values that are not numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotNumbers {
    /// The aggregate.
    pub aggregate: NumberAggregate,
    /// Whether it takes each value once.
    pub is_distinct: bool,
    /// The variable with the values.
    pub variable: Variable,
    /// One of the values that are not numbers.
    pub found: Term,
    /// The number of these values, or a lower bound because only some are examined.
    pub count: SolutionCount,
    /// What to aggregate instead.
    pub remedy: Remedy,
}

/// An aggregate that is probably meant for numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberAggregate {
    /// The sum, which has no value if one of the values is not a number.
    Sum,
    /// The average, likewise.
    Average,
    /// The least value, which of texts is the first in the order of their characters.
    Least,
    /// The greatest value, likewise.
    Greatest,
}

/// What to aggregate instead of values that are not numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// The numbers that strings such as `"12"` are converted to.
    Decimals,
    /// The same, if some of the texts have a language.
    DecimalsOfTexts,
    /// The years of dates.
    Years,
    /// The other values, which are numbers.
    Numbers,
    /// Nothing: no value is a number.
    Nothing,
}

impl Remedy {
    /// Returns the remedy for some values, and those of them that are not numbers.
    fn of(values: &[Term], others: &[&Term]) -> Self {
        if others.iter().all(|value| reads_as_number(value)) {
            let has_language =
                |value: &&Term| literal(value).is_some_and(|literal| literal.language().is_some());
            if others.iter().any(has_language) { Self::DecimalsOfTexts } else { Self::Decimals }
        } else if others.iter().all(|value| is_a_date(value)) {
            Self::Years
        } else if others.len() < values.len() {
            Self::Numbers
        } else {
            Self::Nothing
        }
    }
}

impl NumberAggregate {
    const fn of(name: &AggregateFunction) -> Option<Self> {
        match name {
            AggregateFunction::Sum => Some(Self::Sum),
            AggregateFunction::Avg => Some(Self::Average),
            AggregateFunction::Min => Some(Self::Least),
            AggregateFunction::Max => Some(Self::Greatest),
            _ => None,
        }
    }

    /// Returns the name of the aggregate in SPARQL.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sum => "SUM",
            Self::Average => "AVG",
            Self::Least => "MIN",
            Self::Greatest => "MAX",
        }
    }

    /// Returns whether it has no value if one of the values is not a number.
    pub const fn needs_numbers(self) -> bool {
        matches!(self, Self::Sum | Self::Average)
    }
}

impl Finder<'_> {
    /// Warns about sums and averages of values that are not numbers, and about the least or greatest of texts that are
    /// written like numbers. Of many values, only some are examined.
    pub(super) fn aggregates(&mut self, text: &str, whole: &GraphPattern) -> Result<()> {
        let mut found = Vec::new();
        walk(whole, &mut |pattern| {
            let GraphPattern::Group { inner, aggregates, .. } = pattern else { return };
            for (_, aggregate) in aggregates {
                if let AggregateExpression::FunctionCall {
                    name,
                    expr: Expression::Variable(variable),
                    distinct,
                } = aggregate
                    && let Some(aggregate) = NumberAggregate::of(name)
                {
                    found.push((aggregate, *distinct, variable.clone(), (**inner).clone()));
                }
            }
        });
        for (aggregate, is_distinct, variable, inner) in found.into_iter().take(MOST) {
            let values = self.search.probe.occurrences(&inner, &variable, MOST_TRIPLES)?;
            let others: Vec<&Term> =
                values.terms.iter().filter(|value| !is_number(value)).collect();
            let Some(first) = others.first() else { continue };
            let remedy = Remedy::of(&values.terms, &others);
            // Dates and names have an order of their own.
            if !aggregate.needs_numbers()
                && !matches!(remedy, Remedy::Decimals | Remedy::DecimalsOfTexts)
            {
                continue;
            }
            let count = SolutionCount { number: others.len(), has_more: values.has_more };
            let found = (*first).clone();
            let span = tree_of(text).call_of(aggregate.name(), variable.as_str());
            let mistake = NotNumbers { aggregate, is_distinct, variable, found, count, remedy };
            self.add(Mistake::NotNumbers(mistake), span);
        }
        Ok(())
    }
}

fn literal(term: &Term) -> Option<&Literal> {
    match term {
        Term::Literal(literal) => Some(literal),
        _ => None,
    }
}

fn is_number(term: &Term) -> bool {
    literal(term).is_some_and(|literal| xsd_name(literal.datatype()).is_some_and(is_numeric))
}

fn is_a_date(term: &Term) -> bool {
    literal(term).is_some_and(|literal| is_date(literal.datatype()))
}

/// Returns whether a term is a text that `xsd:decimal()` converts.
fn reads_as_number(term: &Term) -> bool {
    literal(term).is_some_and(|literal| {
        let is_text = literal.language().is_some() || literal.datatype() == xsd::STRING;
        is_text && literal.value().trim().parse::<Decimal>().is_ok()
    })
}
