//! Expressions and aggregates, evaluated by the engine on numbers that are fed to it.

use super::block::UNBOUND;
use super::operator::Context;
use super::terms::Terms;
use crate::algebra::fresh;
use crate::engine::quirks;
use oxigraph::model::{NamedNode, Term, Variable};
use oxigraph::sparql::{QueryEvaluationError, QueryResults, QuerySolutionIter};
use rustc_hash::FxHashMap;
use spareval::{ExpressionTerm, InternalQuad, QueryableDataset};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern};
use spargebra::term::TriplePattern;
use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;

/// The most variables of an expression: a row is fed as a triple.
pub(super) const MOST_VARIABLES: usize = 3;

/// The most rows whose values are remembered.
const REMEMBERED: usize = 1 << 20;

/// A row as it is fed to the engine.
type Fed = [u32; MOST_VARIABLES];

/// The error of an evaluation that gives another number of rows than it was fed.
#[derive(Debug, thiserror::Error)]
#[error("an expression has no result for a row")]
struct NoResult;

/// The names of the properties whose triples are the values of the rows. They are not valid IRIs, so no query can use
/// them.
const PLACES: [&str; MOST_VARIABLES] = ["first value", "second value", "third value"];

/// A dataset of rows that are fed one after the other. A row is a triple for each of its values, which is the object:
/// the optimizer takes subjects and properties for IRIs.
struct Feed<F> {
    rows: Rc<Cell<Option<F>>>,
    /// The row that is being evaluated.
    current: Rc<Cell<Fed>>,
    terms: Rc<Terms>,
}

impl<F: FnMut() -> Option<Fed> + 'static> QueryableDataset<'static> for Feed<F> {
    type InternalTerm = u32;
    type Error = QueryEvaluationError;

    fn internal_quads_for_pattern(
        &self,
        _: Option<&u32>,
        property: Option<&u32>,
        _: Option<&u32>,
        _: Option<Option<&u32>>,
    ) -> impl Iterator<Item = Result<InternalQuad<u32>, QueryEvaluationError>> + use<F> {
        let predicate = property.copied().unwrap_or(UNBOUND);
        let place = (UNBOUND - predicate) as usize;
        // The first triple of a row begins it, and is asked for once; the others are asked for in each row.
        let mut rows = if place == 0 { self.rows.take() } else { None };
        let mut again = place > 0;
        let current = Rc::clone(&self.current);
        std::iter::from_fn(move || {
            if let Some(rows) = &mut rows {
                current.set(rows()?);
            } else if !std::mem::take(&mut again) {
                return None;
            }
            let object = current.get().get(place).copied().unwrap_or(UNBOUND);
            // The subject has no meaning. The pattern compares its property with that of the triple.
            let (subject, predicate) = (UNBOUND, predicate);
            Some(Ok(InternalQuad { subject, predicate, object, graph_name: None }))
        })
    }

    fn internalize_term(&self, term: Term) -> Result<u32, QueryEvaluationError> {
        if let Term::NamedNode(name) = &term
            && let Some(place) = (0..).zip(PLACES).find(|(_, place)| *place == name.as_str())
        {
            return Ok(UNBOUND - place.0);
        }
        self.terms.number(term)
    }

    fn externalize_term(&self, number: u32) -> Result<Term, QueryEvaluationError> {
        self.terms.term(number)
    }

    fn internalize_expression_term(
        &self,
        term: ExpressionTerm,
    ) -> Result<u32, QueryEvaluationError> {
        self.terms.number(term.into())
    }
}

/// Evaluates a pattern around rows of some variables, which are fed.
fn evaluate(
    variables: &[&Variable],
    around: impl FnOnce(GraphPattern, &mut HashSet<Variable>) -> GraphPattern,
    rows: impl FnMut() -> Option<Fed> + 'static,
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
    let mut places = PLACES.into_iter();
    let first = variables.next().unwrap_or(&unused);
    let mut fed = value(places.next().unwrap_or_default(), first);
    for (variable, place) in variables.zip(places) {
        let right = value(place, variable).into();
        fed = GraphPattern::Lateral { left: fed.into(), right };
    }
    let query = Query::Select { dataset: None, pattern: around(fed, &mut taken), base_iri: None };
    let prepared = quirks::prepared(query, context.token.clone(), context.may_have_long_numbers);
    let feed = Feed {
        rows: Rc::new(Cell::new(Some(rows))),
        current: Rc::new(Cell::new([UNBOUND; MOST_VARIABLES])),
        terms: Rc::clone(&context.terms),
    };
    match prepared.on_queryable_dataset(feed).execute()? {
        QueryResults::Solutions(solutions) => Ok(solutions),
        _ => Err(QueryEvaluationError::Unexpected(NoResult.into())),
    }
}

/// Evaluates an expression once for each distinct row of its variables.
pub(super) struct Evaluator {
    expression: Expression,
    variables: Vec<Variable>,
    /// An evaluation for each set of bound variables.
    running: FxHashMap<u8, Running>,
    known: FxHashMap<Fed, u32>,
}

/// An evaluation that waits for its next row.
struct Running {
    row: Rc<Cell<Option<Fed>>>,
    values: QuerySolutionIter<'static>,
}

impl Evaluator {
    /// Prepares an expression of some variables. Returns `None` if it has too many of them, or the engine refuses it.
    pub(super) fn new(
        expression: Expression,
        variables: Vec<Variable>,
        context: &Context,
    ) -> Option<Self> {
        if variables.len() > MOST_VARIABLES {
            return None;
        }
        let mut evaluator = Self {
            expression,
            variables,
            running: FxHashMap::default(),
            known: FxHashMap::default(),
        };
        let bound = (0..evaluator.variables.len()).fold(0, |set, place| set | 1 << place);
        let running = evaluator.start(bound, context).ok()?;
        evaluator.running.insert(bound, running);
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
        let mut key = [UNBOUND; MOST_VARIABLES];
        for (key, &number) in key.iter_mut().zip(row) {
            *key = number;
        }
        if let Some(&value) = self.known.get(&key) {
            return Ok(value);
        }
        let (mut fed, mut bound, mut next) = ([UNBOUND; MOST_VARIABLES], 0_u8, 0);
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
        let value = match solution.get(0) {
            Some(term) => context.terms.number(term.clone())?,
            None => UNBOUND,
        };
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(key, value);
        Ok(value)
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
    let rows = move || rows.next().map(|[group, value]| [group, value, UNBOUND]);
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
    use crate::engine::index::Triples;
    use oxigraph::sparql::CancellationToken;

    #[test]
    fn an_expression_has_a_value_for_each_row() {
        let index = Triples::default().index().into();
        let context = Context::new(index, CancellationToken::new(), false);
        let [x, y] = ["x", "y"].map(Variable::new_unchecked);
        let sum = Expression::Add(Box::new(x.clone().into()), Box::new(y.clone().into()));
        let mut evaluator = Evaluator::new(sum, vec![x, y], &context).unwrap();
        let number =
            |n: i64| context.terms.number(oxigraph::model::Literal::from(n).into()).unwrap();
        for (a, b) in [(1, 2), (3, 4), (1, 2)] {
            let value = evaluator.value(&[number(a), number(b)], &context).unwrap();
            assert_eq!(value, number(a + b));
        }
        assert_eq!(evaluator.value(&[number(1), UNBOUND], &context).unwrap(), UNBOUND);
    }
}
