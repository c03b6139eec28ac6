//! The terms of an evaluation on the index: those of the index, and those that the query has or computes.

use super::index::{TermKind, TripleIndex};
use super::quirks::stored_form;
use crate::budget::Cancellation;
use oxigraph::model::{Literal, Term};
use oxigraph::sparql::{CancellationToken, QueryEvaluationError};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::sync::Arc;

/// The numbers from this one on stand for no term.
pub(super) const RESERVED: u32 = u32::MAX - 7;

/// Terms and their numbers. Two numbers are the same if and only if their terms are.
pub(super) struct QueryTerms {
    pub index: Arc<TripleIndex>,
    /// The terms that the index does not have. Their numbers follow its own.
    computed: RefCell<Computed>,
    /// What stops the evaluation.
    token: CancellationToken,
}

#[derive(Default)]
struct Computed {
    numbers: FxHashMap<Term, u32>,
    terms: Vec<Term>,
}

/// The error for a number without a term, which means that the file of the index has been changed.
#[derive(Debug, thiserror::Error)]
#[error(
    "the index of the store is damaged (it has no term number {0}); rebuild it with `dossier compact`, or query without it with `--no-plan`"
)]
struct NoTerm(u32);

/// The error for more terms than 32 bits can number.
#[derive(Debug, thiserror::Error)]
#[error("the query computes more than four billion different values")]
struct TooManyTerms;

impl QueryTerms {
    pub(super) fn new(index: Arc<TripleIndex>, until: &Cancellation) -> Self {
        Self { index, computed: RefCell::default(), token: until.token() }
    }

    /// Returns whether the evaluation is stopped.
    pub(super) fn is_stopped(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Returns the number of a term.
    ///
    /// # Errors
    /// Fails if there are too many terms.
    pub(super) fn number(&self, term: Term) -> Result<u32, QueryEvaluationError> {
        let term = match &term {
            Term::Literal(literal) => stored_form(literal.as_ref()).map_or(term, Literal::into),
            _ => term,
        };
        self.number_as_written(term)
    }

    /// Returns the number of a term. A literal that is not in its stored form has a number of its own.
    ///
    /// # Errors
    /// Fails if there are too many terms.
    pub(super) fn number_as_written(&self, term: Term) -> Result<u32, QueryEvaluationError> {
        if let Some(number) = self.index.number(term.as_ref()) {
            return Ok(number);
        }
        let mut computed = self.computed.borrow_mut();
        if let Some(&number) = computed.numbers.get(&term) {
            return Ok(number);
        }
        let number = u32::try_from(self.index.terms() + computed.terms.len())
            .ok()
            .filter(|&number| number < RESERVED)
            .ok_or_else(|| QueryEvaluationError::Unexpected(TooManyTerms.into()))?;
        computed.terms.push(term.clone());
        computed.numbers.insert(term, number);
        Ok(number)
    }

    /// Returns the kind of the term with a number.
    ///
    /// # Errors
    /// Fails if the index is damaged.
    pub(super) fn kind(&self, number: u32) -> Result<TermKind, QueryEvaluationError> {
        match self.index.kind(number) {
            Some(kind) => Ok(kind),
            None => Ok(match self.term(number)? {
                Term::NamedNode(_) => TermKind::NamedNode,
                Term::BlankNode(_) => TermKind::BlankNode,
                Term::Literal(_) => TermKind::Literal,
                #[cfg(feature = "rdf-12")]
                Term::Triple(_) => TermKind::Triple,
            }),
        }
    }

    /// Returns the term with a number.
    ///
    /// # Errors
    /// Fails if the index is damaged.
    pub(super) fn term(&self, number: u32) -> Result<Term, QueryEvaluationError> {
        if let Some(term) = self.index.term(number) {
            return Ok(term.into_owned());
        }
        let computed = self.computed.borrow();
        let place = (number as usize).checked_sub(self.index.terms());
        place
            .and_then(|place| computed.terms.get(place))
            .cloned()
            .ok_or_else(|| QueryEvaluationError::Dataset(NoTerm(number).into()))
    }
}
