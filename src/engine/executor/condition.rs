//! Conditions, as they are evaluated for the rows of a block.

use super::block::{Block, Column, UNBOUND};
use super::evaluator::Evaluator;
use super::matcher::Matcher;
use super::operator::{Context, Operator, Pieces};
use crate::engine::index::TermKind;
use oxigraph::model::{Literal, Term};
use oxigraph::sparql::QueryEvaluationError;

/// The value of a condition: true, false, or `None` for an error.
type Truth = Option<bool>;

/// A condition on rows.
pub(super) enum Condition {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    /// Whether a column has a value.
    Bound(usize),
    /// Whether the value of a column is the term with this number.
    Is(usize, u32),
    /// Whether the value of a column is a term of this kind.
    HasKind(usize, TermKind),
    Exists(Box<Matcher>),
    /// An expression of some columns whose value is a boolean.
    Expression(Box<Evaluator>, Vec<usize>),
    Constant(Truth),
}

impl Condition {
    /// Returns the rows that meet the condition.
    ///
    /// # Errors
    /// Fails if the evaluation is cancelled or the index is damaged.
    pub(super) fn rows(
        &mut self,
        block: &Block,
        context: &Context,
    ) -> Result<Vec<u32>, QueryEvaluationError> {
        let values = self.values(block, context)?;
        Ok((0..)
            .zip(values)
            .filter(|&(_, value)| value == Some(true))
            .map(|(row, _)| row)
            .collect())
    }

    /// Returns whether equal rows can meet the condition or not.
    fn is_volatile(&self) -> bool {
        match self {
            Self::Not(inner) => inner.is_volatile(),
            Self::And(all) | Self::Or(all) => all.iter().any(Self::is_volatile),
            Self::Expression(evaluator, _) => evaluator.is_volatile,
            _ => false,
        }
    }

    /// Returns the order in which conditions are evaluated: the cheap ones first.
    pub(super) fn cost(&self) -> u8 {
        match self {
            Self::Constant(_) | Self::Bound(_) | Self::Is(..) | Self::HasKind(..) => 0,
            Self::Not(inner) => inner.cost(),
            Self::And(all) | Self::Or(all) => all.iter().map(Self::cost).max().unwrap_or_default(),
            Self::Expression(..) => 1,
            Self::Exists(_) => 2,
        }
    }

    fn values(
        &mut self,
        block: &Block,
        context: &Context,
    ) -> Result<Vec<Truth>, QueryEvaluationError> {
        let rows = 0..block.rows;
        Ok(match self {
            Self::Constant(truth) => vec![*truth; block.rows],
            Self::Bound(column) => {
                rows.map(|row| Some(block.get(*column, row) != UNBOUND)).collect()
            }
            Self::Is(column, term) => {
                let is_it = |row| match block.get(*column, row) {
                    UNBOUND => None,
                    number => Some(number == *term),
                };
                rows.map(is_it).collect()
            }
            Self::HasKind(column, kind) => {
                let is_it = |row| match block.get(*column, row) {
                    UNBOUND => Ok(None),
                    number => Ok(Some(context.terms.kind(number)? == *kind)),
                };
                rows.map(is_it).collect::<Result<_, QueryEvaluationError>>()?
            }
            Self::Not(inner) => {
                let values = inner.values(block, context)?;
                values.into_iter().map(|value| value.map(|value| !value)).collect()
            }
            Self::And(all) => combined(all, block, context, false)?,
            Self::Or(all) => combined(all, block, context, true)?,
            Self::Exists(matcher) => {
                matcher.has_match(block, context)?.into_iter().map(Some).collect()
            }
            Self::Expression(evaluator, columns) => {
                let is_true = context.terms.number(Term::from(Literal::from(true)))?;
                let truth = |value| if value == UNBOUND { None } else { Some(value == is_true) };
                match evaluator.values(block, columns, context)? {
                    Column::Same(value) => vec![truth(value); block.rows],
                    Column::Each(values) => values.into_iter().map(truth).collect(),
                }
            }
        })
    }
}

/// Combines conditions by OR (`decisive` is true) or AND (`decisive` is false), where an error counts unless another
/// condition decides.
fn combined(
    all: &mut [Condition],
    block: &Block,
    context: &Context,
    decisive: bool,
) -> Result<Vec<Truth>, QueryEvaluationError> {
    let mut values = vec![Some(!decisive); block.rows];
    for condition in all {
        for (value, other) in values.iter_mut().zip(condition.values(block, context)?) {
            *value = match (*value, other) {
                (Some(value), _) | (_, Some(value)) if value == decisive => Some(decisive),
                (None, _) | (_, None) => None,
                _ => Some(!decisive),
            };
        }
    }
    Ok(values)
}

/// Keeps the rows that meet all conditions.
pub(super) struct Filter {
    pub input: Pieces,
    pub conditions: Vec<Condition>,
}

impl Operator for Filter {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        let is_volatile = self.conditions.iter().any(Condition::is_volatile);
        let block = if is_volatile {
            self.input.next(context)?
        } else {
            self.input.next_or_equal_rows(context)?
        };
        let Some(mut block) = block else { return Ok(None) };
        // Equal rows meet the conditions together, unless these have another value each time.
        let whole = block.rows;
        let are_equal = whole > 1 && block.has_equal_rows() && !is_volatile;
        if are_equal {
            block.rows = 1;
        }
        for condition in &mut self.conditions {
            let rows = condition.rows(&block, context)?;
            if rows.len() < block.rows {
                block = block.of_rows(&rows);
            }
        }
        if are_equal && block.rows == 1 {
            block.rows = whole;
        }
        Ok(Some(block))
    }
}

/// The value of a condition in a column of its own.
pub(super) struct TruthOf {
    pub input: Pieces,
    pub condition: Condition,
}

impl Operator for TruthOf {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        let Some(mut block) = self.input.next(context)? else { return Ok(None) };
        let number = |value: bool| context.terms.number(Term::from(Literal::from(value)));
        let (yes, no) = (number(true)?, number(false)?);
        let numbers =
            self.condition.values(&block, context)?.into_iter().map(|value| match value {
                Some(true) => yes,
                Some(false) => no,
                None => UNBOUND,
            });
        block.columns.push(Column::Each(numbers.collect()));
        Ok(Some(block))
    }
}
