//! Citing: which claims each row of an answer rests on.
//!
//! The query itself returns the rows. For the rows that are shown, a second query, its [`Witness`], returns what each
//! of them matched. The matched triples are looked up in the named graphs, which are the claims. Then the query is
//! evaluated again on these triples alone, and must return the row. So citing never changes the rows, and it costs only
//! as much as the shown rows need.
//!
//! Behind an endpoint each lookup is a request, so lookups are batched for many rows. 100 rows of two triples take 7
//! requests, including the query itself and the labels. If each row follows its own path of four steps, they take 14.
//! Only the members of a group inside an EXISTS, zero-length paths and empty GRAPHs need single requests.

mod absence;
mod automaton;
mod blockers;
mod citation;
mod draft;
mod fetch;
mod follow;
mod graphs;
mod leaf_triples;
mod path;
mod solve;
mod traceable;
mod triples;
mod value_table;
mod verify;
mod witness;

pub use absence::Absence;
pub use citation::{Citation, CitedTriple, Derivation, Reason, Status};
pub(crate) use traceable::untraceable;
pub(crate) use triples::{cite_graphs, cite_triples};
pub(crate) use witness::Witness;

use crate::algebra::{in_scope, pattern_of, variables_of_triple, walk};
use crate::diagnostic::Result;
use crate::engine::{EngineQuery, Store};
use crate::parallel::in_parts;
use blockers::blockers;
use citation::absorb;
use draft::{Draft, DraftResult, DraftTriple, Drafts};
use fetch::{RequestMode, RowValues};
use graphs::Graphs;
use oxigraph::model::{GraphName, Term, Triple};
use oxigraph::sparql::QuerySolution;
use rustc_hash::FxHashMap;
use solve::Solver;
use spargebra::Query;
use spargebra::algebra::{GraphPattern, QueryDataset};
use spargebra::term::{TermPattern, TriplePattern, Variable};
use std::collections::BTreeSet;
use std::sync::Arc;
use triples::{cite_all, look_up_claims};
use verify::Verifier;
use witness::{Leaf, Support};

/// The number of rows from which another thread pays off.
const FEWEST_ROWS: usize = 16;

/// The most rows that are cited together.
const MOST_AT_ONCE: usize = 4_096;

/// How answers are cited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CitationOptions {
    /// The most derivations of a row.
    pub derivations: usize,
    /// The most cited members of a group.
    pub members: usize,
    /// The most cited steps of a path.
    pub steps: usize,
    /// Whether the query is evaluated again on the cited triples.
    pub verify: bool,
}

impl Default for CitationOptions {
    fn default() -> Self {
        Self { derivations: 32, members: 512, steps: 128, verify: true }
    }
}

/// Cites the rows of a query on a store.
pub(crate) struct Citer {
    store: Store,
    query: Query,
    options: CitationOptions,
    graphs: Graphs,
    witness: Witness,
    untraceable: Option<Reason>,
    verifier: Verifier,
}

impl Citer {
    /// Prepares to cite the rows of a query.
    pub(crate) fn new(store: Store, query: &EngineQuery, options: CitationOptions) -> Self {
        let query = query.rewritten().clone();
        Self {
            options,
            graphs: Graphs::new(store.clone(), dataset_of(&query)),
            witness: Witness::of(pattern_of(&query)),
            untraceable: untraceable(&query),
            verifier: Verifier::new(&query, store.limits()),
            store,
            query,
        }
    }

    /// Returns the most rows to cite together. They are few if each lookup is a request, or if a row may rest on many
    /// solutions.
    pub(crate) fn most_at_once(&self) -> usize {
        let is_small =
            |leaf: &Leaf| matches!(leaf.support, Support::Triple { .. } | Support::Absence { .. });
        let are_many =
            !self.store.capabilities().asks_by_request && self.witness.leaves.iter().all(is_small);
        if are_many { MOST_AT_ONCE } else { 0 }
    }

    /// Cites the rows of a SELECT, in their order. Citing rows together is faster than citing them one by one.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn solutions(&self, rows: &[QuerySolution]) -> Result<Vec<Citation>> {
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        let keys = first.variables();
        let values: Vec<&[Option<Term>]> = rows.iter().map(QuerySolution::values).collect();
        let mut known: FxHashMap<&[Option<Term>], usize> = FxHashMap::default();
        let mut distinct: Vec<RowValues> = Vec::new();
        let places: Vec<usize> = values
            .iter()
            .map(|values| {
                *known.entry(values).or_insert_with(|| {
                    distinct.push(values.to_vec());
                    distinct.len() - 1
                })
            })
            .collect();
        // A barrier would be evaluated by each thread, and a lookup would be a request of each.
        let is_whole = self.witness.has_barrier || self.store.capabilities().asks_by_request;
        let least = if is_whole { usize::MAX } else { FEWEST_ROWS };
        let citations = in_parts(&distinct, least, |rows| {
            let found = self.derive(keys, rows, RequestMode::Row)?;
            self.look_up(&found)?;
            let cite = |row: &RowValues, found: Drafts| {
                let mut citation =
                    self.citation(found, |derivation| self.verifier.gives_row(row, derivation))?;
                if citation.status == Status::Uncited(Reason::NotTraced)
                    && !self.store.capabilities().can_ask_about_blank_nodes
                    && row.iter().flatten().any(Term::is_blank_node)
                {
                    citation.status = Status::Uncited(Reason::BlankNode);
                }
                Ok(citation)
            };
            let found = rows.iter().zip(found);
            if !is_whole {
                return found.map(|(row, found)| cite(row, found)).collect();
            }
            // A group may have few rows that rest on much data. The data from an endpoint is already here.
            in_parts(&found.collect::<Vec<_>>(), 1, |found| {
                found.iter().map(|(row, found)| cite(row, found.clone())).collect()
            })
        })?;
        look_up_claims(&self.store, &citations)?;
        if distinct.len() == rows.len() {
            return Ok(citations);
        }
        Ok(places.into_iter().map(|place| citations[place].clone()).collect())
    }

    /// Cites the answer of an ASK.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn boolean(&self, answer: bool) -> Result<Citation> {
        if answer {
            let mut found = self.derive(&[], &[Vec::new()], RequestMode::Row)?;
            self.look_up(&found)?;
            let found = found.pop().unwrap_or_default();
            return self.citation(found, |derivation| self.verifier.gives_true(derivation));
        }
        if let Some(reason) = &self.untraceable {
            return Ok(Citation::uncited(reason.clone()));
        }
        let mut pattern = pattern_of(&self.query);
        while let GraphPattern::Project { inner, .. } = pattern {
            pattern = inner;
        }
        let (dataset, pattern) = (self.graphs.dataset(), Arc::new(pattern.clone()));
        let absence = Absence::of(dataset, &pattern, &BTreeSet::new(), false, |_| None);
        let derivation = Derivation { triples: Vec::new(), absences: vec![absence] };
        let status = match self.options.verify {
            true if self.verifier.gives_true(&derivation)? => {
                Status::Unverified(Reason::NotReproduced)
            }
            true => Status::Verified,
            false => Status::Unverified(Reason::NotAsked),
        };
        Ok(Citation { derivations: vec![derivation], has_more: false, status })
    }

    /// Cites the triples of a CONSTRUCT or a DESCRIBE, in their order.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn triples(&self, triples: &[Triple]) -> Result<Vec<Citation>> {
        let citations = match &self.query {
            Query::Construct { template, .. } => self.constructed(template, triples)?,
            // A triple that DESCRIBE returns is in the data as it is.
            _ => cite_all(&self.store, triples, &self.graphs)?,
        };
        look_up_claims(&self.store, &citations)?;
        Ok(citations)
    }

    /// Looks up, in batches, which graphs state the triples of the drafts.
    fn look_up(&self, found: &[Drafts]) -> Result<()> {
        let drafts = found.iter().flat_map(|found| &found.drafts);
        let needed = drafts.flat_map(|draft| &draft.triples);
        self.store.look_up_graphs(needed.filter_map(|needed| match needed {
            DraftTriple::Stated(triple, _) => Some(triple),
            DraftTriple::Cited(_) => None,
        }))
    }

    /// Cites the triples of a CONSTRUCT. A triple rests on every solution that produces it with any triple of the
    /// template. A triple that matches the template need not have such a solution.
    fn constructed(&self, template: &[TriplePattern], triples: &[Triple]) -> Result<Vec<Citation>> {
        let mut found: Vec<Drafts> = triples.iter().map(|_| Drafts::default()).collect();
        let visible = in_scope(pattern_of(&self.query));
        for pattern in template {
            let keys: Vec<Variable> = variables_of_triple(pattern).into_iter().cloned().collect();
            // A variable that no solution binds may be one that a sub-query hides and the witness exposes.
            if !keys.iter().all(|key| visible.contains(key)) {
                continue;
            }
            let mut owners = Vec::new();
            let mut rows = Vec::new();
            for (i, triple) in triples.iter().enumerate() {
                if let Some(row) = unified(pattern, triple, &keys) {
                    owners.push(i);
                    rows.push(row);
                }
            }
            for (owner, ways) in
                owners.into_iter().zip(self.derive(&keys, &rows, RequestMode::Exactly)?)
            {
                found[owner].drafts.extend(ways.drafts);
                found[owner].has_more |= ways.has_more;
            }
        }
        self.look_up(&found)?;
        triples
            .iter()
            .zip(found)
            .map(|(triple, found)| {
                self.citation(found, |derivation| self.verifier.gives_triple(triple, derivation))
            })
            .collect()
    }

    fn derive(
        &self,
        keys: &[Variable],
        rows: &[RowValues],
        mode: RequestMode,
    ) -> Result<Vec<Drafts>> {
        if self.untraceable.is_some() {
            return Ok(rows.iter().map(|_| Drafts::default()).collect());
        }
        self.solver().derive(&self.witness, keys, rows, mode)
    }

    fn solver(&self) -> Solver<'_> {
        Solver::new(&self.store, &self.graphs, self.options)
    }

    /// Adds to a derivation the claims that its absences depend on, and those that keep others out of its groups.
    /// Returns whether anything was added.
    fn add_blockers(&self, derivation: &mut Derivation) -> Result<bool> {
        let mut negating: Vec<&GraphPattern> =
            derivation.absences.iter().map(|absence| &absence.pattern).collect();
        walk(pattern_of(&self.query), &mut |pattern| {
            if let GraphPattern::Group { inner, .. } = pattern {
                negating.push(inner);
            }
        });
        let mut added = Vec::new();
        for blocker in negating.into_iter().flat_map(blockers) {
            let (witness, any) = (Witness::of(&blocker), [Vec::new()]);
            for found in self.solver().derive(&witness, &[], &any, RequestMode::Exactly)? {
                for draft in found.drafts {
                    let finished = draft.finish(&self.graphs)?;
                    added.extend(finished.into_iter().flat_map(|found| found.derivation.triples));
                }
            }
        }
        let before = derivation.triples.len();
        for cited in added {
            if !derivation.triples.contains(&cited) {
                derivation.triples.push(cited);
            }
        }
        Ok(derivation.triples.len() > before)
    }

    /// Returns why some triples of a draft cannot be looked up, or `None` if they can.
    fn unaskable(&self, draft: &Draft) -> Option<Reason> {
        let has_blank_node = |needed: &DraftTriple| {
            let (DraftTriple::Stated(triple, _) | DraftTriple::Cited(CitedTriple { triple, .. })) =
                needed;
            triple.subject.is_blank_node() || triple.object.is_blank_node()
        };
        (!self.store.capabilities().can_ask_about_blank_nodes
            && draft.triples.iter().any(has_blank_node))
        .then_some(Reason::BlankNode)
    }

    fn citation(
        &self,
        found: Drafts,
        verify: impl Fn(&Derivation) -> Result<bool>,
    ) -> Result<Citation> {
        if let Some(reason) = &self.untraceable {
            return Ok(Citation::uncited(reason.clone()));
        }
        let mut whole = Vec::with_capacity(found.drafts.len());
        let mut broken = Vec::new();
        let mut has_more = found.has_more;
        for draft in found.drafts {
            let unaskable = self.unaskable(&draft);
            let Some(DraftResult { derivation, is_choice, gap }) = draft.finish(&self.graphs)?
            else {
                continue;
            };
            has_more |= is_choice;
            match gap.or(unaskable).or_else(|| derivation.gap()) {
                None => whole.push(derivation),
                Some(gap) => broken.push((derivation, gap)),
            }
        }
        if whole.is_empty() {
            let Some((derivation, gap)) = broken.into_iter().next() else {
                return Ok(Citation::uncited(Reason::NotTraced));
            };
            let status = match gap {
                Reason::NotTraced => Status::Uncited(Reason::NotTraced),
                gap => Status::Partial(gap),
            };
            return Ok(Citation { derivations: vec![derivation], has_more, status });
        }
        has_more |= !broken.is_empty();
        let mut derivations = absorb(whole);
        let first = &mut derivations[0];
        let status = if first.triples.is_empty() && first.absences.is_empty() {
            Status::Uncited(Reason::NothingNeeded)
        } else if !self.options.verify {
            Status::Unverified(Reason::NotAsked)
        } else if verify(first)? || (self.add_blockers(first)? && verify(first)?) {
            let is_background = first.is_background() && first.absences.is_empty();
            if is_background { Status::Background } else { Status::Verified }
        } else {
            Status::Unverified(Reason::NotReproduced)
        };
        Ok(Citation { derivations, has_more, status })
    }
}

fn dataset_of(query: &Query) -> Option<&QueryDataset> {
    match query {
        Query::Select { dataset, .. }
        | Query::Construct { dataset, .. }
        | Query::Describe { dataset, .. }
        | Query::Ask { dataset, .. } => dataset.as_ref(),
    }
}

/// Returns the values with which a template triple produces a triple, or `None` if it cannot. A blank node of the
/// template matches any term.
fn unified(pattern: &TriplePattern, triple: &Triple, keys: &[Variable]) -> Option<RowValues> {
    let mut values: RowValues = vec![None; keys.len()];
    unify(pattern, triple, &mut |variable, term| {
        let place = keys.iter().position(|key| *key == variable);
        place.is_some_and(|place| match &values[place] {
            Some(value) => *value == term,
            None => {
                values[place] = Some(term);
                true
            }
        })
    })
    .then_some(values)
}

/// Returns whether a triple matches a pattern. The callback takes the value of a variable, or refuses it.
fn unify(
    pattern: &TriplePattern,
    triple: &Triple,
    take: &mut dyn FnMut(Variable, Term) -> bool,
) -> bool {
    let mut unify = |pattern: TermPattern, term: Term| match pattern {
        TermPattern::Variable(variable) => take(variable, term),
        TermPattern::NamedNode(iri) => Term::from(iri) == term,
        TermPattern::Literal(literal) => Term::from(literal) == term,
        TermPattern::BlankNode(_) => term.is_blank_node(),
        #[cfg(feature = "rdf-12")]
        TermPattern::Triple(pattern) => {
            matches!(term, Term::Triple(triple) if unify(&pattern, &triple, take))
        }
    };
    unify(pattern.subject.clone(), triple.subject.clone().into())
        && unify(pattern.predicate.clone().into(), triple.predicate.clone().into())
        && unify(pattern.object.clone(), triple.object.clone())
}

/// Returns the quads of a derivation: its triples in the default graph and in their stating graphs.
fn quads(derivation: &Derivation) -> impl Iterator<Item = oxigraph::model::Quad> + '_ {
    derivation.triples.iter().flat_map(|cited| {
        let graphs = cited.graphs.iter().cloned().map(GraphName::from);
        graphs
            .chain([GraphName::DefaultGraph])
            .map(|graph| cited.triple.as_ref().clone().in_graph(graph))
    })
}
