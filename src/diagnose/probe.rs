//! Small time-limited queries on a store.

use crate::budget::{Cancellation, Stop};
use crate::diagnostic::Result;
use crate::engine::plan::Statistics;
use crate::engine::{Store, prepare};
use oxigraph::model::{NamedNode, Term};
use oxigraph::sparql::{QueryResults, QuerySolution};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, AggregateFunction, GraphPattern, QueryDataset};
use spargebra::term::Variable;
use std::cell::{Cell, OnceCell};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// A number of solutions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SolutionCount {
    /// The number of counted solutions.
    pub number: usize,
    /// Whether there are more than were counted.
    pub has_more: bool,
}

/// A sample of a variable's values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValueSample {
    /// The distinct values, sorted by their text.
    pub terms: Vec<Term>,
    /// Whether there are more.
    pub has_more: bool,
}

/// The most names that are compared with one name.
const MOST_NAMES: usize = 5_000;

/// How often a query looks whether all work is stopped.
const LOOK: Duration = Duration::from_millis(20);

/// Queries a store for patterns, within a time limit. Afterwards every result is `None`.
///
/// Each query may use at most half of the remaining time, so that later ones still have some: an expensive query is
/// abandoned, and cheap ones get their results.
pub(super) struct Probe<'a> {
    store: &'a Store,
    /// The most solutions of a pattern that are searched for values.
    most_looked_at: Option<usize>,
    dataset: Option<QueryDataset>,
    time: Duration,
    end: Instant,
    /// Sends the deadline of each query to a thread, which starts with the first query.
    watched: OnceCell<Sender<Deadline>>,
    was_given_up: Cell<bool>,
}

/// The deadline of a query, and what stops it.
type Deadline = (Instant, Cancellation);

/// The engine's results for a query, and what says whether it was abandoned.
struct Reply {
    results: QueryResults<'static>,
    until: Cancellation,
}

impl<'a> Probe<'a> {
    /// The most solutions that a diagnosis counts.
    pub(super) const MOST: usize = 10_000;

    /// Starts the clock. A tenth of the time is reserved for the query that runs at the end: the engine notices a
    /// cancellation only at the next matching triple, which may be at the end of a long scan.
    pub(super) fn new(store: &'a Store, dataset: Option<&QueryDataset>, time: Duration) -> Self {
        let time = time.saturating_sub(time / 10);
        Self {
            store,
            most_looked_at: None,
            dataset: dataset.cloned(),
            time,
            end: Instant::now() + time,
            watched: OnceCell::new(),
            was_given_up: Cell::new(false),
        }
    }

    /// Has a query stopped at a deadline, or when all work is stopped, unless another query replaces it before.
    fn watch(&self, deadline: Deadline) {
        let watched = self.watched.get_or_init(|| {
            let (next, waiting) = mpsc::channel();
            let whole = self.store.limits().cancellation.clone();
            // Without a thread, the clock is still checked between queries.
            let _ = std::thread::Builder::new().spawn(move || stop_in_time(&waiting, &whole));
            next
        });
        let _ = watched.send(deadline);
    }

    /// Returns a probe that searches at most this many solutions of a pattern for names.
    pub(super) fn looking_at(self, most: usize) -> Self {
        Self { most_looked_at: Some(most), ..self }
    }

    /// Returns the statistics of the queried data, or `None` if there are none yet or the query has FROM.
    pub(super) fn statistics(&self) -> Option<Arc<Statistics>> {
        if self.dataset.is_none() { self.store.known_statistics() } else { None }
    }

    /// Returns the IRIs that a variable has as values in the solutions of a pattern; only some of them if there are
    /// many.
    ///
    /// # Errors
    /// Fails if the pattern cannot be evaluated.
    pub(super) fn names(
        &self,
        pattern: &GraphPattern,
        variable: &Variable,
    ) -> Result<Vec<NamedNode>> {
        let values = match self.most_looked_at {
            Some(most) => {
                self.values(&limited(pattern.clone(), vec![variable.clone()], most), variable, most)
            }
            None => self.values(pattern, variable, MOST_NAMES),
        };
        Ok(iris(values?.terms))
    }

    /// Returns whether each query is a request to an endpoint.
    pub(super) fn asks_by_request(&self) -> bool {
        self.store.capabilities().asks_by_request
    }

    fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// Returns whether the time is over.
    pub(super) fn is_over(&self) -> bool {
        self.left().is_zero()
    }

    /// Returns whether half of the time is over.
    pub(super) fn is_half_over(&self) -> bool {
        self.left() < self.time / 2
    }

    /// Returns whether a result is missing or incomplete for lack of time, unless the result itself says so.
    pub(super) fn was_given_up(&self) -> bool {
        self.was_given_up.get()
    }

    /// Returns whether a pattern has a solution, or `None` if the time runs out.
    ///
    /// # Errors
    /// Fails if the pattern cannot be evaluated.
    pub(super) fn has_match(&self, pattern: &GraphPattern) -> Result<Option<bool>> {
        let has = self.has_match_within(self.left() / 2, pattern)?;
        self.note(has.is_none());
        Ok(has)
    }

    /// Returns whether a pattern has a solution, or `None` if a third of the time is not enough.
    ///
    /// # Errors
    /// Fails if the pattern cannot be evaluated.
    pub(super) fn has_quick_match(&self, pattern: &GraphPattern) -> Result<Option<bool>> {
        self.has_match_within((self.left() / 2).min(self.time / 3), pattern)
    }

    fn has_match_within(&self, time: Duration, pattern: &GraphPattern) -> Result<Option<bool>> {
        let query =
            Query::Ask { dataset: self.dataset.clone(), pattern: pattern.clone(), base_iri: None };
        Ok(match self.ask(&query, time)? {
            Some(Reply { results: QueryResults::Boolean(value), until }) => {
                (!until.is_stopped()).then_some(value)
            }
            _ => None,
        })
    }

    /// Returns the number of solutions of a pattern, up to a limit or as far as the time suffices. Returns `None` if
    /// there are none by then.
    ///
    /// # Errors
    /// Fails if the pattern cannot be evaluated.
    pub(super) fn count(
        &self,
        pattern: &GraphPattern,
        most: usize,
    ) -> Result<Option<SolutionCount>> {
        let some = limited(pattern.clone(), Vec::new(), most + 1);
        let Some((solutions, until)) = self.solutions(some)? else { return Ok(None) };
        let number = solutions.count();
        let is_cut = until.is_stopped();
        self.note(is_cut && number == 0);
        Ok((number > 0 || !is_cut)
            .then(|| SolutionCount { number: number.min(most), has_more: is_cut || number > most }))
    }

    /// Returns values of a variable in the solutions of a pattern, as far as the time suffices.
    ///
    /// # Errors
    /// Fails if the pattern cannot be evaluated.
    pub(super) fn values(
        &self,
        pattern: &GraphPattern,
        variable: &Variable,
        most: usize,
    ) -> Result<ValueSample> {
        let values = GraphPattern::Project {
            inner: pattern.clone().into(),
            variables: vec![variable.clone()],
        };
        let some = GraphPattern::Slice {
            inner: GraphPattern::Distinct { inner: values.into() }.into(),
            start: 0,
            length: Some(most + 1),
        };
        let mut values = ValueSample { has_more: true, ..ValueSample::default() };
        if let Some((solutions, until)) = self.solutions(some)? {
            values.terms.extend(solutions.filter_map(|row| row.get(0).cloned()));
            values.has_more = values.terms.len() > most || until.is_stopped();
            self.note(values.terms.is_empty() && until.is_stopped());
        }
        values.terms.truncate(most);
        values.terms.sort_by_cached_key(ToString::to_string);
        Ok(values)
    }

    /// Returns the values of a variable in the solutions of a pattern, one for each solution, as far as the time
    /// suffices.
    ///
    /// # Errors
    /// Fails if the pattern cannot be evaluated.
    pub(super) fn occurrences(
        &self,
        pattern: &GraphPattern,
        variable: &Variable,
        most: usize,
    ) -> Result<ValueSample> {
        let some = limited(pattern.clone(), vec![variable.clone()], most + 1);
        let mut values = ValueSample { has_more: true, ..ValueSample::default() };
        if let Some((solutions, until)) = self.solutions(some)? {
            values.terms.extend(solutions.filter_map(|row| row.get(0).cloned()));
            values.has_more = values.terms.len() > most || until.is_stopped();
        }
        values.terms.truncate(most);
        Ok(values)
    }

    /// Returns the least and the greatest value of a variable in the solutions of a pattern.
    ///
    /// # Errors
    /// Fails if the pattern cannot be evaluated.
    pub(super) fn extremes(
        &self,
        pattern: &GraphPattern,
        variable: &Variable,
    ) -> Result<Option<(Term, Term)>> {
        let names = [Variable::new_unchecked("least"), Variable::new_unchecked("greatest")];
        let aggregate = |name: AggregateFunction| AggregateExpression::FunctionCall {
            name,
            expr: variable.clone().into(),
            distinct: false,
        };
        let functions = [AggregateFunction::Min, AggregateFunction::Max];
        let group = GraphPattern::Group {
            inner: pattern.clone().into(),
            variables: Vec::new(),
            aggregates: names.iter().cloned().zip(functions.map(aggregate)).collect(),
        };
        let extremes = GraphPattern::Project { inner: group.into(), variables: names.to_vec() };
        let Some((mut solutions, until)) = self.solutions(extremes)? else { return Ok(None) };
        let row = solutions.next();
        self.note(until.is_stopped());
        Ok(row.and_then(|row| Some((row.get(0)?.clone(), row.get(1)?.clone()))))
    }

    /// Returns the solutions of a pattern, as far as the time suffices, and what says whether it did. Returns
    /// `None` if the time is already over.
    fn solutions(
        &self,
        pattern: GraphPattern,
    ) -> Result<Option<(impl Iterator<Item = QuerySolution> + use<>, Cancellation)>> {
        let query = Query::Select { dataset: self.dataset.clone(), pattern, base_iri: None };
        Ok(match self.ask(&query, self.left() / 2)? {
            Some(Reply { results: QueryResults::Solutions(solutions), until }) => {
                let own = until.clone();
                // Some operators of the engine treat the error of a cancelled one as the end of its rows, so later rows
                // may be wrong.
                let in_time = move |row: std::result::Result<_, _>| {
                    // Results that an endpoint cuts off are incomplete too.
                    let row = row.map_err(|_| own.stop(Stop::Interrupted)).ok();
                    row.filter(|_| !own.is_stopped())
                };
                Some((solutions.map_while(in_time), until))
            }
            _ => {
                self.note(true);
                None
            }
        })
    }

    fn note(&self, is_given_up: bool) {
        self.was_given_up.set(self.was_given_up.get() || is_given_up);
    }

    fn ask(&self, query: &Query, time: Duration) -> Result<Option<Reply>> {
        if self.is_over() || self.store.limits().cancellation.is_stopped() {
            return Ok(None);
        }
        let until = Cancellation::default();
        self.watch((Instant::now() + time, until.clone()));
        match self.store.evaluate_until(prepare(query), &until) {
            Ok(results) => Ok(Some(Reply { results, until })),
            Err(_) if until.is_stopped() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Stops each query at its deadline, or when `whole` is stopped, unless the next deadline arrives before, until the
/// channel is closed.
fn stop_in_time(deadlines: &Receiver<Deadline>, whole: &Cancellation) {
    let mut deadline = deadlines.recv().ok();
    while let Some((end, until)) = deadline {
        let left = end.saturating_duration_since(Instant::now());
        deadline = match deadlines.recv_timeout(left.min(LOOK)) {
            Ok(next) => Some(next),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) if left > LOOK && !whole.is_stopped() => {
                Some((end, until))
            }
            Err(RecvTimeoutError::Timeout) => {
                until.stop(Stop::Interrupted);
                deadlines.recv().ok()
            }
        };
    }
}

/// Returns the terms that are IRIs.
pub(super) fn iris(terms: Vec<Term>) -> Vec<NamedNode> {
    let iri = |term| match term {
        Term::NamedNode(iri) => Some(iri),
        _ => None,
    };
    terms.into_iter().filter_map(iri).collect()
}

/// Returns the query for the first solutions of a pattern, with some of their variables.
pub(super) fn limited(
    pattern: GraphPattern,
    variables: Vec<Variable>,
    length: usize,
) -> GraphPattern {
    let project = GraphPattern::Project { inner: pattern.into(), variables };
    GraphPattern::Slice { inner: project.into(), start: 0, length: Some(length) }
}
