//! Small questions to a store, which are given up when the time is over.

use crate::error::Result;
use crate::plan::Statistics;
use crate::query::for_engine;
use crate::store::Store;
use oxigraph::model::{NamedNode, Term};
use oxigraph::sparql::{CancellationToken, QueryResults, QuerySolution};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, AggregateFunction, GraphPattern, QueryDataset};
use spargebra::term::Variable;
use std::cell::OnceCell;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// A number of solutions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// How many were counted.
    pub number: usize,
    /// Whether there are more of them than were counted.
    pub has_more: bool,
}

/// Values that a variable has, and whether there are more of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// The values, each once, in the order of their words.
    pub terms: Vec<Term>,
    /// Whether there are more.
    pub has_more: bool,
}

/// How many names are compared with one.
const MOST_NAMES: usize = 5_000;

/// Asks a store about patterns, for some time. After it each answer is nothing.
pub struct Probe<'a> {
    store: &'a Store,
    /// How many solutions of a pattern are looked at for values in it.
    most_looked_at: Option<usize>,
    dataset: Option<QueryDataset>,
    end: Instant,
    token: CancellationToken,
    /// What a thread waits for that cancels the token at the end, from the first question on. When it is dropped, the
    /// thread need not wait any more.
    finished: OnceCell<Sender<()>>,
}

impl<'a> Probe<'a> {
    /// How many solutions a diagnosis counts at most.
    pub const MOST: usize = 10_000;

    /// Begins to ask. A tenth of the time is kept for what is under way at the end: the engine notices that it is to stop
    /// at the next triple that matches, for which it may have to pass by all there are.
    pub fn new(store: &'a Store, dataset: Option<&QueryDataset>, time: Duration) -> Self {
        let time = time.saturating_sub(time / 10);
        Self {
            store,
            most_looked_at: None,
            dataset: dataset.cloned(),
            end: Instant::now() + time,
            token: CancellationToken::new(),
            finished: OnceCell::new(),
        }
    }

    fn watch(&self) {
        self.finished.get_or_init(|| {
            let (finished, waiting) = mpsc::channel();
            let cancelled = self.token.clone();
            let time = self.end.saturating_duration_since(Instant::now());
            // If no thread can be had, the clock is still looked at between questions.
            let _ = std::thread::Builder::new().spawn(move || {
                if waiting.recv_timeout(time) == Err(RecvTimeoutError::Timeout) {
                    cancelled.cancel();
                }
            });
            finished
        });
    }

    /// The same, which looks at so many solutions of a pattern for the names in it, whatever there is beyond.
    pub fn looking_at(self, most: usize) -> Self {
        Self { most_looked_at: Some(most), ..self }
    }

    /// The statistics of what is asked: none if there are none yet.
    pub fn statistics(&self) -> Option<Arc<Statistics>> {
        if self.dataset.is_none() { self.store.known_statistics() } else { None }
    }

    /// The names that a variable has as values in the solutions of a pattern, some of them if there are many.
    ///
    /// # Errors
    /// If the pattern cannot be evaluated.
    pub fn names(&self, pattern: &GraphPattern, variable: &Variable) -> Result<Vec<NamedNode>> {
        let values = match self.most_looked_at {
            Some(most) => {
                self.values(&limited(pattern.clone(), vec![variable.clone()], most), variable, most)
            }
            None => self.values(pattern, variable, MOST_NAMES),
        };
        Ok(iris(values?.terms))
    }

    /// Whether the time is over.
    pub fn is_over(&self) -> bool {
        self.token.is_cancelled() || Instant::now() >= self.end
    }

    /// Whether a pattern has a solution: nothing if the time does not suffice.
    ///
    /// # Errors
    /// If the pattern cannot be evaluated.
    pub fn has_match(&self, pattern: &GraphPattern) -> Result<Option<bool>> {
        let query =
            Query::Ask { dataset: self.dataset.clone(), pattern: pattern.clone(), base_iri: None };
        match self.ask(&query)? {
            Some(QueryResults::Boolean(value)) if !self.token.is_cancelled() => Ok(Some(value)),
            _ => Ok(None),
        }
    }

    /// How many solutions a pattern has, up to a number: nothing if the time does not suffice.
    ///
    /// # Errors
    /// If the pattern cannot be evaluated.
    pub fn count(&self, pattern: &GraphPattern, most: usize) -> Result<Option<Count>> {
        let number = Variable::new_unchecked("number");
        let some = limited(pattern.clone(), Vec::new(), most + 1);
        let group = GraphPattern::Group {
            inner: some.into(),
            variables: Vec::new(),
            aggregates: vec![(
                number.clone(),
                AggregateExpression::CountSolutions { distinct: false },
            )],
        };
        let count =
            self.rows(&GraphPattern::Project { inner: group.into(), variables: vec![number] })?;
        let count = count.into_iter().flatten().next().and_then(|row| match row.get(0) {
            Some(Term::Literal(number)) => number.value().parse::<usize>().ok(),
            _ => None,
        });
        Ok(count
            .filter(|_| !self.token.is_cancelled())
            .map(|number| Count { number: number.min(most), has_more: number > most }))
    }

    /// Values of a variable in the solutions of a pattern, as far as the time suffices.
    ///
    /// # Errors
    /// If the pattern cannot be evaluated.
    pub fn values(
        &self,
        pattern: &GraphPattern,
        variable: &Variable,
        most: usize,
    ) -> Result<Values> {
        let values = GraphPattern::Project {
            inner: pattern.clone().into(),
            variables: vec![variable.clone()],
        };
        let some = GraphPattern::Slice {
            inner: GraphPattern::Distinct { inner: values.into() }.into(),
            start: 0,
            length: Some(most + 1),
        };
        let mut values = Values::default();
        for row in self.rows(&some)?.into_iter().flatten() {
            if let Some(term) = row.get(0) {
                values.terms.push(term.clone());
            }
        }
        values.has_more = values.terms.len() > most || self.is_over();
        values.terms.truncate(most);
        values.terms.sort_by_cached_key(ToString::to_string);
        Ok(values)
    }

    /// The least and the greatest value of a variable in the solutions of a pattern.
    ///
    /// # Errors
    /// If the pattern cannot be evaluated.
    pub fn extremes(
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
        let rows =
            self.rows(&GraphPattern::Project { inner: group.into(), variables: names.to_vec() })?;
        Ok(rows.filter(|_| !self.token.is_cancelled()).and_then(|rows| {
            let row = rows.first()?;
            Some((row.get(0)?.clone(), row.get(1)?.clone()))
        }))
    }

    /// The solutions of a pattern, which limits them itself, as far as the time suffices: nothing if it is over before.
    ///
    /// # Errors
    /// If the pattern cannot be evaluated.
    pub fn rows(&self, pattern: &GraphPattern) -> Result<Option<Vec<QuerySolution>>> {
        let query = Query::Select {
            dataset: self.dataset.clone(),
            pattern: pattern.clone(),
            base_iri: None,
        };
        let Some(QueryResults::Solutions(solutions)) = self.ask(&query)? else { return Ok(None) };
        // What fails half-way is what the token has stopped.
        Ok(Some(solutions.map_while(std::result::Result::ok).collect()))
    }

    fn ask(&self, query: &Query) -> Result<Option<QueryResults<'static>>> {
        if self.is_over() {
            return Ok(None);
        }
        self.watch();
        match self.store.evaluate_until(for_engine(query), &self.token) {
            Ok(results) => Ok(Some(results)),
            Err(_) if self.token.is_cancelled() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Those of some terms that are IRIs.
pub fn iris(terms: Vec<Term>) -> Vec<NamedNode> {
    let iri = |term| match term {
        Term::NamedNode(iri) => Some(iri),
        _ => None,
    };
    terms.into_iter().filter_map(iri).collect()
}

/// The first solutions of a pattern, with some of their variables.
pub fn limited(pattern: GraphPattern, variables: Vec<Variable>, length: usize) -> GraphPattern {
    let project = GraphPattern::Project { inner: pattern.into(), variables };
    GraphPattern::Slice { inner: project.into(), start: 0, length: Some(length) }
}
