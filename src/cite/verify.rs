//! Verifying: asking the query again, on what a row rests on alone.

use super::citation::Derivation;
use super::quads;
use crate::error::Result;
use crate::limits::Limits;
use crate::store::Store;
use oxigraph::model::{Term, Triple};
use oxigraph::sparql::QueryResults;
use spargebra::Query;
use spargebra::algebra::GraphPattern;

/// A query that is asked again, without the LIMIT and OFFSET of the whole: on a part of the data they would choose
/// other rows.
pub struct Verifier {
    query: Query,
    limits: Limits,
}

impl Verifier {
    pub fn new(query: &Query, limits: &Limits) -> Self {
        let mut query = query.clone();
        match &mut query {
            Query::Select { pattern, .. }
            | Query::Construct { pattern, .. }
            | Query::Describe { pattern, .. }
            | Query::Ask { pattern, .. } => {
                while let GraphPattern::Slice { inner, .. } | GraphPattern::OrderBy { inner, .. } =
                    pattern
                {
                    *pattern = std::mem::take(inner);
                }
            }
        }
        Self { query, limits: limits.clone() }
    }

    /// Whether a SELECT gives a row.
    pub fn gives_row(&self, row: &[Option<Term>], derivation: &Derivation) -> Result<bool> {
        let store = self.store_of(derivation)?;
        let QueryResults::Solutions(solutions) = self.ask(&store)? else { return Ok(false) };
        for solution in solutions {
            if solution.map_err(|error| store.evaluation_failed(error))?.values() == row {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether an ASK gives yes.
    pub fn gives_true(&self, derivation: &Derivation) -> Result<bool> {
        Ok(matches!(self.ask(&self.store_of(derivation)?)?, QueryResults::Boolean(true)))
    }

    /// Whether a CONSTRUCT gives a triple. Each time it makes blank nodes of its own, so any will do for another.
    pub fn gives_triple(&self, triple: &Triple, derivation: &Derivation) -> Result<bool> {
        let store = self.store_of(derivation)?;
        let QueryResults::Graph(triples) = self.ask(&store)? else { return Ok(false) };
        let is_same = |a: Term, b: Term| a == b || (a.is_blank_node() && b.is_blank_node());
        for given in triples {
            let given = given.map_err(|error| store.evaluation_failed(error))?;
            if given.predicate == triple.predicate
                && is_same(given.subject.into(), triple.subject.clone().into())
                && is_same(given.object, triple.object.clone())
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn store_of(&self, derivation: &Derivation) -> Result<Store> {
        Ok(Store::of(quads(derivation))?.limited(&self.limits))
    }

    fn ask(&self, store: &Store) -> Result<QueryResults<'static>> {
        store.evaluate_as_it_is(self.query.clone())
    }
}
