//! What an operator is: it pulls blocks from its inputs and makes blocks of its own.

use super::block::{Block, MOST, UNBOUND};
use super::trace::Trace;
use super::value::{Evaluated, NotNative, Value, is_native};
use crate::budget::Cancellation;
use crate::engine::index::TripleIndex;
use crate::engine::query_terms::QueryTerms;
use oxigraph::model::Variable;
use oxigraph::sparql::{CancellationToken, QueryEvaluationError};
use oxiri::Iri;
use std::rc::Rc;
use std::sync::Arc;

/// A step of an evaluation.
pub(super) trait Operator {
    /// Returns the next block, or `None` at the end. A block may be empty.
    ///
    /// # Errors
    /// Fails if the evaluation is cancelled or the index is damaged.
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError>;
}

/// What all operators of a query read.
#[derive(Clone)]
pub(in crate::engine) struct Context {
    pub index: Arc<TripleIndex>,
    pub terms: Rc<QueryTerms>,
    /// What stops the evaluation.
    pub until: Cancellation,
    token: CancellationToken,
    /// What relative IRIs of the query are resolved against.
    pub base_iri: Option<Iri<String>>,
    /// Whether the data may have numbers that exceed the engine's types.
    pub may_have_long_numbers: bool,
    /// Whether operators note what they do.
    pub is_traced: bool,
}

/// An operator and the meaning of its columns.
pub(super) struct Plan {
    pub operator: Box<dyn Operator>,
    pub columns: Vec<PlanColumn>,
    /// What it did, if that is wanted.
    pub trace: Option<Rc<Trace>>,
}

/// The variable of a column, and whether each row binds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlanColumn {
    pub variable: Variable,
    pub is_certain: bool,
}

impl Context {
    /// Returns the context of a query on an index, which is evaluated until work is stopped.
    pub(in crate::engine) fn new(
        index: Arc<TripleIndex>,
        until: &Cancellation,
        may_have_long_numbers: bool,
    ) -> Self {
        let terms = Rc::new(QueryTerms::new(Arc::clone(&index), until));
        let (until, token) = (until.clone(), until.token());
        let base_iri = None;
        Self { index, terms, until, token, base_iri, may_have_long_numbers, is_traced: false }
    }

    /// Decodes the term with a number, or returns `None` if the number stands for no term.
    pub(super) fn value(&self, number: u32) -> Evaluated<Value<'_>> {
        if number == UNBOUND {
            return Ok(None);
        }
        if let Some(term) = self.index.term(number) {
            return if is_native(term) { Ok(Some(Value::of(term))) } else { Err(NotNative) };
        }
        // The engine reports an index that is damaged.
        let term = self.terms.term(number).map_err(|_| NotNative)?;
        if !is_native(term.as_ref()) {
            return Err(NotNative);
        }
        Ok(Some(Value::of(term.as_ref()).into_owned()))
    }

    /// Checks whether to continue.
    ///
    /// # Errors
    /// Fails if the evaluation is cancelled.
    pub(super) fn check(&self) -> Result<(), QueryEvaluationError> {
        self.checking()()
    }

    /// Returns what checks whether to continue, for all threads.
    pub(super) fn checking(&self) -> impl Fn() -> Result<(), QueryEvaluationError> + Sync {
        let token = &self.token;
        || if token.is_cancelled() { Err(QueryEvaluationError::Cancelled) } else { Ok(()) }
    }
}

impl Plan {
    pub(super) fn new(operator: impl Operator + 'static, columns: Vec<PlanColumn>) -> Self {
        Self { operator: Box::new(operator), columns, trace: None }
    }

    /// Returns the column of a variable.
    pub(super) fn column(&self, variable: &Variable) -> Option<usize> {
        self.columns.iter().position(|column| column.variable == *variable)
    }

    /// Returns the columns of variables, or `None` if one has no column.
    pub(super) fn all_columns<'a>(
        &self,
        variables: impl IntoIterator<Item = &'a Variable>,
    ) -> Option<Vec<usize>> {
        variables.into_iter().map(|variable| self.column(variable)).collect()
    }

    /// Returns whether each row binds a variable.
    pub(super) fn is_certain(&self, variable: &Variable) -> bool {
        self.columns.iter().any(|column| column.is_certain && column.variable == *variable)
    }
}

/// An input whose blocks have a limited size: blocks with constant columns are cut.
pub(super) struct Pieces {
    input: Box<dyn Operator>,
    /// A block of which only the first rows have been returned.
    rest: Option<Block>,
    most: usize,
}

impl Pieces {
    pub(super) fn new(input: Box<dyn Operator>) -> Self {
        Self::of_at_most(MOST, input)
    }

    pub(super) fn of_at_most(most: usize, input: Box<dyn Operator>) -> Self {
        Self { input, rest: None, most }
    }
}

impl Pieces {
    /// Returns the next block, which is not cut if all its rows are equal.
    ///
    /// # Errors
    /// Fails if the evaluation is cancelled or the index is damaged.
    pub(super) fn next_or_equal_rows(
        &mut self,
        context: &Context,
    ) -> Result<Option<Block>, QueryEvaluationError> {
        self.piece(true, context)
    }

    fn piece(
        &mut self,
        keeps_equal_rows: bool,
        context: &Context,
    ) -> Result<Option<Block>, QueryEvaluationError> {
        context.check()?;
        let Some(block) =
            self.rest.take().map_or_else(|| self.input.next(context), |b| Ok(Some(b)))?
        else {
            return Ok(None);
        };
        if block.rows <= self.most || keeps_equal_rows && block.has_equal_rows() {
            return Ok(Some(block));
        }
        let piece = block.slice(0, self.most);
        self.rest = Some(block.slice(self.most, block.rows - self.most));
        Ok(Some(piece))
    }
}

impl Operator for Pieces {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        self.piece(false, context)
    }
}
