//! Small questions to a store, which are given up when the time is over.

use crate::diagnostic::Result;
use crate::engine::plan::Statistics;
use crate::engine::{Store, prepare};
use oxigraph::model::{NamedNode, Term};
use oxigraph::sparql::{CancellationToken, QueryResults, QuerySolution};
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
    /// How many were counted.
    pub number: usize,
    /// Whether there are more of them than were counted.
    pub has_more: bool,
}

/// Values that a variable has, and whether there are more of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValueSample {
    /// The values, each once, in the order of their words.
    pub terms: Vec<Term>,
    /// Whether there are more.
    pub has_more: bool,
}

/// How many names are compared with one.
const MOST_NAMES: usize = 5_000;

/// Asks a store about patterns, for some time. After it each answer is nothing.
///
/// No question may take more than half of the time that is left, so that the next ones still have some: one that is dear
/// is given up, and those that are cheap are answered.
pub(super) struct Probe<'a> {
    store: &'a Store,
    /// How many solutions of a pattern are looked at for values in it.
    most_looked_at: Option<usize>,
    dataset: Option<QueryDataset>,
    time: Duration,
    end: Instant,
    /// Tells a thread until when the next question may take, from the first one on.
    watched: OnceCell<Sender<Deadline>>,
    was_given_up: Cell<bool>,
}

/// When a question is given up, and what stops it then.
type Deadline = (Instant, CancellationToken);

/// What the engine makes of a question, and what tells whether it was given up.
struct Reply {
    results: QueryResults<'static>,
    token: CancellationToken,
}

impl<'a> Probe<'a> {
    /// How many solutions a diagnosis counts at most.
    pub(super) const MOST: usize = 10_000;

    /// Begins to ask. A tenth of the time is kept for what is under way at the end: the engine notices that it is to stop
    /// at the next triple that matches, for which it may have to pass by all there are.
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

    /// Has the token cancelled at some time, unless there is another question by then.
    fn watch(&self, deadline: Deadline) {
        let watched = self.watched.get_or_init(|| {
            let (next, waiting) = mpsc::channel();
            // If no thread can be had, the clock is still looked at between questions.
            let _ = std::thread::Builder::new().spawn(move || cancel_in_time(&waiting));
            next
        });
        let _ = watched.send(deadline);
    }

    /// The same, which looks at so many solutions of a pattern for the names in it, whatever there is beyond.
    pub(super) fn looking_at(self, most: usize) -> Self {
        Self { most_looked_at: Some(most), ..self }
    }

    /// The statistics of what is asked: none if there are none yet.
    pub(super) fn statistics(&self) -> Option<Arc<Statistics>> {
        if self.dataset.is_none() { self.store.known_statistics() } else { None }
    }

    /// The names that a variable has as values in the solutions of a pattern, some of them if there are many.
    ///
    /// # Errors
    /// If the pattern cannot be evaluated.
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

    fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// Whether the time is over.
    pub(super) fn is_over(&self) -> bool {
        self.left().is_zero()
    }

    /// Whether the time is half over.
    pub(super) fn is_half_over(&self) -> bool {
        self.left() < self.time / 2
    }

    /// Whether an answer is missing for want of time, or is not whole where it does not say so itself.
    pub(super) fn was_given_up(&self) -> bool {
        self.was_given_up.get()
    }

    /// Whether a pattern has a solution: nothing if the time does not suffice.
    ///
    /// # Errors
    /// If the pattern cannot be evaluated.
    pub(super) fn has_match(&self, pattern: &GraphPattern) -> Result<Option<bool>> {
        let has = self.has_match_within(self.left() / 2, pattern)?;
        self.note(has.is_none());
        Ok(has)
    }

    /// Whether a pattern has a solution, if that is quickly told: in a third of the time.
    ///
    /// # Errors
    /// If the pattern cannot be evaluated.
    pub(super) fn has_quick_match(&self, pattern: &GraphPattern) -> Result<Option<bool>> {
        self.has_match_within((self.left() / 2).min(self.time / 3), pattern)
    }

    fn has_match_within(&self, time: Duration, pattern: &GraphPattern) -> Result<Option<bool>> {
        let query =
            Query::Ask { dataset: self.dataset.clone(), pattern: pattern.clone(), base_iri: None };
        Ok(match self.ask(&query, time)? {
            Some(Reply { results: QueryResults::Boolean(value), token }) => {
                (!token.is_cancelled()).then_some(value)
            }
            _ => None,
        })
    }

    /// How many solutions a pattern has, up to a number or as far as the time suffices: nothing if there is none by then.
    ///
    /// # Errors
    /// If the pattern cannot be evaluated.
    pub(super) fn count(
        &self,
        pattern: &GraphPattern,
        most: usize,
    ) -> Result<Option<SolutionCount>> {
        let some = limited(pattern.clone(), Vec::new(), most + 1);
        let Some((solutions, token)) = self.solutions(some)? else { return Ok(None) };
        let number = solutions.count();
        let is_cut = token.is_cancelled();
        self.note(is_cut && number == 0);
        Ok((number > 0 || !is_cut)
            .then(|| SolutionCount { number: number.min(most), has_more: is_cut || number > most }))
    }

    /// Values of a variable in the solutions of a pattern, as far as the time suffices.
    ///
    /// # Errors
    /// If the pattern cannot be evaluated.
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
        if let Some((solutions, token)) = self.solutions(some)? {
            values.terms.extend(solutions.filter_map(|row| row.get(0).cloned()));
            values.has_more = values.terms.len() > most || token.is_cancelled();
            self.note(values.terms.is_empty() && token.is_cancelled());
        }
        values.terms.truncate(most);
        values.terms.sort_by_cached_key(ToString::to_string);
        Ok(values)
    }

    /// The values of a variable in the solutions of a pattern, once for each solution, as far as the time suffices.
    ///
    /// # Errors
    /// If the pattern cannot be evaluated.
    pub(super) fn occurrences(
        &self,
        pattern: &GraphPattern,
        variable: &Variable,
        most: usize,
    ) -> Result<ValueSample> {
        let some = limited(pattern.clone(), vec![variable.clone()], most + 1);
        let mut values = ValueSample { has_more: true, ..ValueSample::default() };
        if let Some((solutions, token)) = self.solutions(some)? {
            values.terms.extend(solutions.filter_map(|row| row.get(0).cloned()));
            values.has_more = values.terms.len() > most || token.is_cancelled();
        }
        values.terms.truncate(most);
        Ok(values)
    }

    /// The least and the greatest value of a variable in the solutions of a pattern.
    ///
    /// # Errors
    /// If the pattern cannot be evaluated.
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
        let Some((mut solutions, token)) = self.solutions(extremes)? else { return Ok(None) };
        let row = solutions.next();
        self.note(token.is_cancelled());
        Ok(row.and_then(|row| Some((row.get(0)?.clone(), row.get(1)?.clone()))))
    }

    /// The solutions of a pattern, as far as the time suffices, and what tells whether it did: nothing if it is over
    /// before.
    fn solutions(
        &self,
        pattern: GraphPattern,
    ) -> Result<Option<(impl Iterator<Item = QuerySolution> + use<>, CancellationToken)>> {
        let query = Query::Select { dataset: self.dataset.clone(), pattern, base_iri: None };
        Ok(match self.ask(&query, self.left() / 2)? {
            Some(Reply { results: QueryResults::Solutions(solutions), token }) => {
                let stop = token.clone();
                // Some steps of the engine take the error of a cancelled one for an end: what comes later may be wrong.
                let in_time = move |row: std::result::Result<_, _>| {
                    // What an endpoint breaks off is not all there is, either.
                    row.map_err(|_| stop.cancel()).ok().filter(|_| !stop.is_cancelled())
                };
                Some((solutions.map_while(in_time), token))
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
        if self.is_over() {
            return Ok(None);
        }
        let token = CancellationToken::new();
        self.watch((Instant::now() + time, token.clone()));
        match self.store.evaluate_until(prepare(query), &token) {
            Ok(results) => Ok(Some(Reply { results, token })),
            Err(_) if token.is_cancelled() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Cancels each token when its time has come, unless the next one comes before, until no more are to come.
fn cancel_in_time(deadlines: &Receiver<Deadline>) {
    let mut deadline = deadlines.recv().ok();
    while let Some((end, token)) = deadline {
        deadline = match deadlines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(next) => Some(next),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                token.cancel();
                deadlines.recv().ok()
            }
        };
    }
}

/// Those of some terms that are IRIs.
pub(super) fn iris(terms: Vec<Term>) -> Vec<NamedNode> {
    let iri = |term| match term {
        Term::NamedNode(iri) => Some(iri),
        _ => None,
    };
    terms.into_iter().filter_map(iri).collect()
}

/// The first solutions of a pattern, with some of their variables.
pub(super) fn limited(
    pattern: GraphPattern,
    variables: Vec<Variable>,
    length: usize,
) -> GraphPattern {
    let project = GraphPattern::Project { inner: pattern.into(), variables };
    GraphPattern::Slice { inner: project.into(), start: 0, length: Some(length) }
}
