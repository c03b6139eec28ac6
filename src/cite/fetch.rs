//! Fetching: from rows to their witness solutions, many rows at a time.

use super::value_table::{ValueTable, constant, correlate, restrict};
use super::witness::Witness;
use crate::algebra::certain;
use crate::diagnostic::Result;
use crate::engine::plan::RowGoal;
use crate::engine::{EngineQuery, Store};
use oxigraph::model::Term;
use oxigraph::sparql::{QueryResults, QuerySolution};
use rustc_hash::{FxHashMap, FxHashSet};
use spargebra::Query;
use spargebra::algebra::{GraphPattern, QueryDataset};
use spargebra::term::Variable;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The values of a row, one for each variable, or `None` if it is unbound.
pub(super) type RowValues = Vec<Option<Term>>;

/// How a request uses its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RequestMode {
    /// The values are those of a row that the query itself returned.
    Row,
    /// Solutions have exactly these values, and leave the other keys unbound. There may be no solution.
    Exactly,
    /// The pattern is that of an EXISTS, which sees the bound values.
    FromWithin,
}

/// The most solutions that may belong to no row, or to a row that has enough. Applies if rows are fetched one by one,
/// or if none of their values can be written in the query.
const MOST_STRAY: usize = 50_000;

/// The most solutions per row in a batch whose rows could also be fetched one by one.
const FEW_EACH: usize = 8;

/// Like [`MOST_STRAY`], for batches of rows.
const FEW_STRAY: usize = 1_024;

/// The most rows in one request to an endpoint. Some servers refuse longer queries.
const MOST_REQUESTED: usize = 64;

/// Fetches the solutions of witnesses from a store.
pub(super) struct Fetcher<'a> {
    store: &'a Store,
    dataset: Option<&'a QueryDataset>,
}

impl<'a> Fetcher<'a> {
    pub(super) const fn new(store: &'a Store, dataset: Option<&'a QueryDataset>) -> Self {
        Self { store, dataset }
    }

    /// Fetches up to `most` solutions of a witness for each request.
    pub(super) fn fetch(
        &self,
        witness: &Witness,
        keys: &[Variable],
        requests: &[RowValues],
        most: usize,
        mode: RequestMode,
    ) -> Result<Vec<FetchResult>> {
        if mode == RequestMode::Row && witness.needs().iter().all(|needed| keys.contains(needed)) {
            // The row itself is the solution, and has all the information.
            let keys: Arc<[Variable]> = keys.into();
            let itself = |request: &RowValues| FetchResult {
                solutions: vec![Arc::new(QuerySolution::from((
                    Arc::clone(&keys),
                    request.clone(),
                )))],
                has_more: false,
            };
            return Ok(requests.iter().map(itself).collect());
        }
        let mut fetched: Vec<FetchResult> =
            requests.iter().map(|_| FetchResult::default()).collect();
        let askable: BTreeSet<usize> = match mode {
            RequestMode::Row | RequestMode::Exactly => {
                let certain = certain(&witness.pattern);
                (0..keys.len()).filter(|&i| certain.contains(&keys[i])).collect()
            }
            RequestMode::FromWithin => (0..keys.len()).collect(),
        };
        // Rows are fetched together if the same keys of them can be written in a query.
        let mut batches: BTreeMap<(Vec<usize>, Vec<usize>), Vec<usize>> = BTreeMap::new();
        for (i, request) in requests.iter().enumerate() {
            if !self.store.capabilities().can_ask_about_blank_nodes
                && request.iter().flatten().any(Term::is_blank_node)
            {
                // A blank node would have another name in another response.
                continue;
            }
            let bound = (0..keys.len()).filter(|&k| request[k].is_some());
            let written = askable.iter().copied();
            let written = written.filter(|&k| request[k].as_ref().and_then(constant).is_some());
            batches.entry((written.collect(), bound.collect())).or_default().push(i);
        }
        for ((written, bound), members) in batches {
            // A variable that is unbound outside an EXISTS is free inside it.
            let compared = match mode {
                RequestMode::Row | RequestMode::Exactly => (0..keys.len()).collect(),
                RequestMode::FromWithin => bound,
            };
            let batch = Batch { witness, keys, requests, written, compared, mode, most };
            if self.store.capabilities().asks_by_request
                && !(mode == RequestMode::FromWithin && witness.has_barrier)
            {
                for members in members.chunks(MOST_REQUESTED) {
                    self.request(&batch, members, &mut fetched)?;
                }
                continue;
            }
            let stray = if batch.written.is_empty() { MOST_STRAY } else { FEW_STRAY };
            // Where rows can be fetched one by one, those with many solutions are fetched that way, so that the others
            // need not wait.
            let each = if witness.has_barrier { most } else { most.min(FEW_EACH) };
            if mode == RequestMode::FromWithin && witness.has_barrier {
                // A group would include the members of other rows.
                for &member in &members {
                    self.ask(&batch, &[member], stray + most, &mut fetched)?;
                }
                continue;
            }
            self.ask(&batch, &members, stray + members.len() * each, &mut fetched)?;
            let is_open = |i: &usize| fetched[*i].has_more && fetched[*i].solutions.len() < most;
            let open: Vec<usize> = members.into_iter().filter(is_open).collect();
            if witness.has_barrier {
                if !open.is_empty() {
                    self.ask(&batch, &open, MOST_STRAY + open.len() * most, &mut fetched)?;
                }
            } else {
                for member in open {
                    self.ask(&batch, &[member], MOST_STRAY + most, &mut fetched)?;
                }
            }
        }
        Ok(fetched)
    }

    /// Sends some requests to an endpoint, in batches as long as that suffices.
    fn request(
        &self,
        batch: &Batch<'_>,
        members: &[usize],
        fetched: &mut [FetchResult],
    ) -> Result<()> {
        let stray = if batch.written.is_empty() { MOST_STRAY } else { FEW_STRAY };
        self.ask(batch, members, stray + members.len() * batch.most, fetched)?;
        let is_open = |i: &usize| fetched[*i].has_more && fetched[*i].solutions.len() < batch.most;
        let open: Vec<usize> = members.iter().copied().filter(is_open).collect();
        if members.len() > 1 && !open.is_empty() {
            for half in open.chunks(open.len().div_ceil(2)) {
                self.request(batch, half, fetched)?;
            }
        }
        Ok(())
    }

    /// Fetches some requests together. Marks those that may have more solutions.
    fn ask(
        &self,
        batch: &Batch<'_>,
        members: &[usize],
        budget: usize,
        fetched: &mut [FetchResult],
    ) -> Result<()> {
        let &Batch { witness, keys, requests, mode, most, .. } = batch;
        let values = |request: &RowValues| -> Vec<_> {
            batch.written.iter().filter_map(|&k| request[k].as_ref().and_then(constant)).collect()
        };
        for &i in members {
            fetched[i] = FetchResult::default();
        }
        let mut rows = ValueTable {
            variables: batch.written.iter().map(|&k| keys[k].clone()).collect(),
            values: members.iter().map(|&i| values(&requests[i])).collect(),
        };
        let mut seen = FxHashSet::default();
        rows.values.retain(|row| seen.insert(row.clone()));
        let pattern = match mode {
            RequestMode::Row | RequestMode::Exactly => restrict(witness.pattern.clone(), &rows),
            RequestMode::FromWithin => correlate(witness.pattern.clone(), &rows),
        };
        let mut variables = witness.variables.clone();
        if mode == RequestMode::FromWithin {
            variables
                .extend(rows.variables.iter().filter(|v| !witness.variables.contains(v)).cloned());
        }
        let pattern = GraphPattern::Project { inner: pattern.into(), variables };
        let query = Query::Select { dataset: self.dataset.cloned(), pattern, base_iri: None };
        let query = EngineQuery::of_joined_parts(query);
        let QueryResults::Solutions(solutions) =
            self.store.evaluate(query, RowGoal::AtMost(budget))?
        else {
            return Ok(());
        };
        let compared: Vec<usize> = match mode {
            RequestMode::Row | RequestMode::Exactly => batch.compared.clone(),
            RequestMode::FromWithin => batch
                .compared
                .iter()
                .copied()
                .filter(|&k| {
                    witness.variables.contains(&keys[k]) || rows.variables.contains(&keys[k])
                })
                .collect(),
        };
        let mut owners: FxHashMap<RowValues, Vec<usize>> = FxHashMap::default();
        for &i in members {
            let key = compared.iter().map(|&k| requests[i][k].clone()).collect();
            owners.entry(key).or_default().push(i);
        }
        let mut open = members.len();
        for (count, solution) in solutions.enumerate() {
            if open == 0 || count >= budget {
                for &i in members {
                    fetched[i].has_more = true;
                }
                return Ok(());
            }
            let solution = Arc::new(solution.map_err(|error| self.store.evaluation_failed(error))?);
            let key: RowValues =
                compared.iter().map(|&k| solution.get(&keys[k]).cloned()).collect();
            for &owner in owners.get(&key).into_iter().flatten() {
                let fetched = &mut fetched[owner];
                if fetched.solutions.len() < most {
                    fetched.solutions.push(Arc::clone(&solution));
                } else if !fetched.has_more {
                    fetched.has_more = true;
                    open -= 1;
                }
            }
        }
        // Stopped steps end as if they had no more rows.
        self.store.limits().cancellation.check()
    }
}

/// Requests that are fetched together.
struct Batch<'a> {
    witness: &'a Witness,
    keys: &'a [Variable],
    requests: &'a [RowValues],
    /// The keys whose values are written in the query.
    written: Vec<usize>,
    /// The keys whose values a solution must have.
    compared: Vec<usize>,
    mode: RequestMode,
    most: usize,
}

/// The solutions of a request.
#[derive(Debug, Default)]
pub(super) struct FetchResult {
    pub solutions: Vec<Arc<QuerySolution>>,
    pub has_more: bool,
}
