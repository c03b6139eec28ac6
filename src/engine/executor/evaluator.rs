//! Expressions and aggregates. What is not evaluated natively is evaluated by the engine on numbers that are fed to it.

use super::block::{Block, Column, UNBOUND};
use super::native::Native;
use super::number_map::NumberMap;
use super::operator::Context;
use super::value::Value;
use crate::algebra::fresh;
use crate::engine::index_queries::{FED, FedRow, Feed, IndexDataset, MOST_FED};
use crate::engine::quirks;
use oxigraph::model::{Literal, NamedNode, Term, Variable};
use oxigraph::sparql::{QueryEvaluationError, QueryResults, QuerySolutionIter};
use rustc_hash::FxHashMap;
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern};
use spargebra::term::TriplePattern;
use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;

/// The most rows whose values are remembered.
const REMEMBERED: usize = 1 << 20;

/// The error of an evaluation that gives another number of rows than it was fed.
#[derive(Debug, thiserror::Error)]
#[error("an expression has no result for a row")]
struct NoResult;

/// Evaluates a pattern around rows of some variables, which are fed.
fn evaluate(
    variables: &[&Variable],
    around: impl FnOnce(GraphPattern, &mut HashSet<Variable>) -> GraphPattern,
    rows: impl FnMut() -> Option<FedRow> + 'static,
    mut taken: HashSet<Variable>,
    context: &Context,
) -> Result<QuerySolutionIter<'static>, QueryEvaluationError> {
    let unused = fresh("unused", &mut taken);
    // The triples of a row have the same subject: patterns that share no variable would be joined by a hash table.
    let row = fresh("row", &mut taken);
    let value = |place: &str, variable: &Variable| GraphPattern::Bgp {
        patterns: vec![TriplePattern {
            subject: row.clone().into(),
            predicate: NamedNode::new_unchecked(place).into(),
            object: variable.clone().into(),
        }],
    };
    let mut variables = variables.iter().copied();
    let mut places = FED.into_iter();
    let first = variables.next().unwrap_or(&unused);
    let mut fed = value(places.next().unwrap_or_default(), first);
    for (variable, place) in variables.zip(places) {
        let right = value(place, variable).into();
        fed = GraphPattern::Lateral { left: fed.into(), right };
    }
    let base_iri = context.base_iri.clone();
    let query = Query::Select { dataset: None, pattern: around(fed, &mut taken), base_iri };
    let prepared = quirks::prepared(query, &context.until, context.may_have_long_numbers);
    let dataset = IndexDataset { terms: Rc::clone(&context.terms), feed: Some(Feed::new(rows)) };
    match prepared.on_queryable_dataset(dataset).execute()? {
        QueryResults::Solutions(solutions) => Ok(solutions),
        _ => Err(QueryEvaluationError::Unexpected(NoResult.into())),
    }
}

/// Evaluates an expression once for each distinct row of its variables.
pub(super) struct Evaluator {
    native: Option<Native>,
    expression: Expression,
    variables: Vec<Variable>,
    /// The engine's evaluation for each set of bound variables.
    running: FxHashMap<u8, Running>,
    /// Whether its value is another one each time.
    pub is_volatile: bool,
    known: KnownValues,
    /// The numbers of the integers that were computed.
    integers: FxHashMap<i64, u32>,
    /// The numbers of false and true.
    booleans: [u32; 2],
}

/// The values that were computed, by the rows that they were computed from.
enum KnownValues {
    OfOne(NumberMap),
    OfSeveral(FxHashMap<FedRow, u32>),
}

/// An evaluation that waits for its next row.
struct Running {
    row: Rc<Cell<Option<FedRow>>>,
    values: QuerySolutionIter<'static>,
}

impl KnownValues {
    fn get(&self, row: &[u32]) -> Option<u32> {
        match (self, row) {
            (Self::OfOne(known), &[number]) => known.get(number),
            (Self::OfOne(_), _) => None,
            (Self::OfSeveral(known), row) => known.get(&fed_row(row)).copied(),
        }
    }

    fn add(&mut self, row: &[u32], value: u32) {
        match (self, row) {
            (Self::OfOne(known), &[number]) => known.insert(number, value),
            (Self::OfOne(_), _) => {}
            (Self::OfSeveral(known), row) => {
                if known.len() >= REMEMBERED {
                    known.clear();
                }
                known.insert(fed_row(row), value);
            }
        }
    }
}

fn fed_row(row: &[u32]) -> FedRow {
    let mut fed = [UNBOUND; MOST_FED];
    for (fed, &number) in fed.iter_mut().zip(row) {
        *fed = number;
    }
    fed
}

impl Evaluator {
    /// Prepares an expression of some variables. Returns `None` if it has too many of them, or the engine refuses it.
    pub(super) fn new(
        expression: Expression,
        variables: Vec<Variable>,
        context: &Context,
    ) -> Option<Self> {
        if variables.len() > MOST_FED {
            return None;
        }
        let number = |value: bool| context.terms.number(Term::from(Literal::from(value))).ok();
        let mut evaluator = Self {
            native: Native::new(&expression, &variables),
            known: match variables.as_slice() {
                [_] => KnownValues::OfOne(NumberMap::new(context.index.terms())),
                _ => KnownValues::OfSeveral(FxHashMap::default()),
            },
            expression,
            variables,
            running: FxHashMap::default(),
            is_volatile: false,
            integers: FxHashMap::default(),
            booleans: [number(false)?, number(true)?],
        };
        if evaluator.native.is_none() {
            let bound = (0..evaluator.variables.len()).fold(0, |set, place| set | 1 << place);
            let running = evaluator.start(bound, context).ok()?;
            evaluator.running.insert(bound, running);
        }
        Some(evaluator)
    }

    fn start(&self, bound: u8, context: &Context) -> Result<Running, QueryEvaluationError> {
        let row = Rc::new(Cell::new(None));
        let fed = Rc::clone(&row);
        let variables = self.variables.iter().enumerate();
        let variables: Vec<&Variable> =
            variables.filter(|&(place, _)| bound >> place & 1 == 1).map(|(_, v)| v).collect();
        let around = |inner: GraphPattern, taken: &mut HashSet<Variable>| {
            let variable = fresh("value", taken);
            let expression = self.expression.clone();
            let variables = vec![variable.clone()];
            let inner = GraphPattern::Extend { inner: inner.into(), variable, expression }.into();
            GraphPattern::Project { inner, variables }
        };
        let taken = self.variables.iter().cloned().collect();
        let values = evaluate(&variables, around, move || fed.take(), taken, context)?;
        Ok(Running { row, values })
    }

    /// Returns the value of the expression for a row of its variables, or `UNBOUND` if it has none.
    ///
    /// # Errors
    /// Fails if the evaluation is cancelled or the index is damaged.
    pub(super) fn value(
        &mut self,
        row: &[u32],
        context: &Context,
    ) -> Result<u32, QueryEvaluationError> {
        if self.is_volatile {
            return self.value_by_engine(row, context);
        }
        if let Some(value) = self.known.get(row) {
            return Ok(value);
        }
        // A single value can take long.
        context.check()?;
        let native = self.native.as_ref().and_then(|native| native.value(row, context).ok());
        let value = match native {
            Some(None) => UNBOUND,
            Some(Some(value)) => number_of(value, self.booleans, &mut self.integers, context)?,
            None => self.value_by_engine(row, context)?,
        };
        self.known.add(row, value);
        Ok(value)
    }

    /// Returns the values of the expression for the rows of a block that has its variables in some columns.
    ///
    /// # Errors
    /// Fails if the evaluation is cancelled or the index is damaged.
    pub(super) fn values(
        &mut self,
        block: &Block,
        columns: &[usize],
        context: &Context,
    ) -> Result<Column, QueryEvaluationError> {
        let mut key = Vec::new();
        if block.rows > 0 && block.is_constant_in(columns) && !self.is_volatile {
            block.key(columns, 0, &mut key);
            return self.value(&key, context).map(Column::Same);
        }
        if let &[column] = columns
            && let Some(Column::Each(numbers)) = block.columns.get(column)
        {
            let values = numbers.iter().map(|&number| self.value(&[number], context));
            return values.collect::<Result<_, _>>().map(Column::Each);
        }
        let values = (0..block.rows).map(|row| {
            block.key(columns, row, &mut key);
            self.value(&key, context)
        });
        values.collect::<Result<_, _>>().map(Column::Each)
    }

    fn value_by_engine(
        &mut self,
        row: &[u32],
        context: &Context,
    ) -> Result<u32, QueryEvaluationError> {
        let (mut fed, mut bound, mut next) = ([UNBOUND; MOST_FED], 0_u8, 0);
        for (place, &number) in row.iter().enumerate() {
            if number != UNBOUND {
                fed[next] = number;
                next += 1;
                bound |= 1 << place;
            }
        }
        if !self.running.contains_key(&bound) {
            let running = self.start(bound, context)?;
            self.running.insert(bound, running);
        }
        let missing = || QueryEvaluationError::Unexpected(NoResult.into());
        let running = self.running.get_mut(&bound).ok_or_else(missing)?;
        running.row.set(Some(fed));
        let solution = running.values.next().ok_or_else(missing)??;
        match solution.get(0) {
            Some(term) => context.terms.number(term.clone()),
            None => Ok(UNBOUND),
        }
    }
}

/// Returns the number of a value. Booleans and integers are looked up once.
fn number_of(
    value: Value<'_>,
    booleans: [u32; 2],
    integers: &mut FxHashMap<i64, u32>,
    context: &Context,
) -> Result<u32, QueryEvaluationError> {
    match value {
        Value::Boolean(value) => Ok(booleans[usize::from(value)]),
        Value::Integer(value) => {
            if let Some(&number) = integers.get(&i64::from(value)) {
                return Ok(number);
            }
            let number = context.terms.number(Literal::from(value).into())?;
            integers.insert(value.into(), number);
            Ok(number)
        }
        value => context.terms.number(value.into_term()),
    }
}

/// Evaluates an aggregate of the values of each group by the engine. The rows are pairs of a group and a value, both as
/// numbers.
///
/// # Errors
/// Fails if the evaluation is cancelled or the index is damaged.
pub(super) fn aggregate(
    aggregate: &AggregateExpression,
    value: &Variable,
    mut rows: impl Iterator<Item = [u32; 2]> + 'static,
    context: &Context,
) -> Result<Vec<(u32, u32)>, QueryEvaluationError> {
    let mut taken: HashSet<Variable> = [value.clone()].into();
    let group = fresh("group", &mut taken);
    let around = |inner: GraphPattern, taken: &mut HashSet<Variable>| {
        let result = fresh("result", taken);
        let aggregates = vec![(result.clone(), aggregate.clone())];
        let variables = vec![group.clone()];
        let inner = GraphPattern::Group { inner: inner.into(), variables, aggregates }.into();
        GraphPattern::Project { inner, variables: vec![group.clone(), result] }
    };
    let rows = move || {
        let mut row = [UNBOUND; MOST_FED];
        let [first, second, ..] = &mut row;
        [*first, *second] = rows.next()?;
        Some(row)
    };
    let solutions = evaluate(&[&group, value], around, rows, taken.clone(), context)?;
    let number =
        |term: Option<&Term>| term.map_or(Ok(UNBOUND), |term| context.terms.number(term.clone()));
    solutions
        .map(|solution| {
            let solution = solution?;
            Ok((number(solution.get(0))?, number(solution.get(1))?))
        })
        .collect()
}

/// Evaluates an aggregate of no rows by the engine.
///
/// # Errors
/// Fails if the evaluation is cancelled.
pub(super) fn aggregate_of_nothing(
    aggregate: &AggregateExpression,
    context: &Context,
) -> Result<u32, QueryEvaluationError> {
    let around = |inner: GraphPattern, taken: &mut HashSet<Variable>| {
        let result = fresh("result", taken);
        let aggregates = vec![(result.clone(), aggregate.clone())];
        let inner = GraphPattern::Group { inner: inner.into(), variables: Vec::new(), aggregates };
        GraphPattern::Project { inner: inner.into(), variables: vec![result] }
    };
    let mut solutions = evaluate(&[], around, || None, HashSet::new(), context)?;
    match solutions.next().transpose()?.as_ref().and_then(|solution| solution.get(0)) {
        Some(term) => context.terms.number(term.clone()),
        None => Ok(UNBOUND),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Cancellation;
    use crate::engine::index::Triples;

    #[test]
    fn an_expression_has_a_value_for_each_row() {
        let index = Triples::default().index().into();
        let context = Context::new(index, &Cancellation::default(), false);
        let [x, y] = ["x", "y"].map(Variable::new_unchecked);
        let sum = Expression::Add(Box::new(x.clone().into()), Box::new(y.clone().into()));
        let mut evaluator = Evaluator::new(sum, vec![x, y], &context).unwrap();
        let number = |n: i64| context.terms.number(Literal::from(n).into()).unwrap();
        for (a, b) in [(1, 2), (3, 4), (1, 2)] {
            let value = evaluator.value(&[number(a), number(b)], &context).unwrap();
            assert_eq!(value, number(a + b));
        }
        assert_eq!(evaluator.value(&[number(1), UNBOUND], &context).unwrap(), UNBOUND);
    }
}
