//! What planning needs from the store: statistics, the number of triples that match a pattern, and the index.

use super::backend::Backend as _;
use super::folder::manifest;
use super::index::{TripleIndex, Triples};
use super::index_queries::{find, is_of_default_graph, reads_nothing};
use super::plan::{AccessPath, CountResult, Knowledge, RowGoal, Statistics, has_joins, plan};
use super::prepare::{EngineQuery, Planned};
use super::{Embedded, evaluation_failed, failed, sidecar};
use crate::algebra::{pattern_of, walk};
use crate::budget::Cancellation;
use crate::diagnostic::Result;
use oxigraph::model::{
    GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNodeRef, Quad, TermRef, Triple, TripleRef,
};
use oxigraph::sparql::QueryResults;
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern, Variable};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The number of quads from which statistics pay off: on smaller stores, an unplanned query takes no longer than
/// gathering them.
pub(super) const WORTH_PLANNING: usize = 5_000;

/// The number of triples of a pattern from which a query that looks at all of them is worth building the index. The
/// engine reads about ten million triples in the time that the index of a million takes.
const WORTH_INDEXING: usize = 20_000;

/// Whether queries are planned, and what is known about the store.
#[derive(Clone, Default)]
pub(super) struct Planning {
    is_off: bool,
    known: Arc<Mutex<PlanningState>>,
}

#[derive(Default)]
struct PlanningState {
    is_worth_planning: Option<bool>,
    statistics: Option<Arc<Statistics>>,
    /// The index of the default graph, if the graph has not changed since it was built.
    index: Option<Arc<TripleIndex>>,
    /// The triples from which statistics and index are computed on demand.
    triples: Option<Triples>,
    /// Whether the store has changed since they were made.
    is_old: bool,
}

impl PlanningState {
    /// Computes the statistics and the index from the triples of the default graph.
    fn learn(&mut self, triples: Triples) -> Arc<Statistics> {
        let index = triples.index();
        let statistics = Arc::new(Statistics::of(&index));
        self.statistics = Some(Arc::clone(&statistics));
        self.index = index.is_whole().then(|| index.into());
        statistics
    }
}

impl Planning {
    fn known(&self) -> MutexGuard<'_, PlanningState> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores the persisted statistics and index of the current state.
    #[cfg(feature = "disk")]
    pub(super) fn note_kept(&self, statistics: Option<Statistics>, index: Option<TripleIndex>) {
        let (statistics, index) = (statistics.map(Arc::new), index.map(Arc::new));
        *self.known() = PlanningState { statistics, index, ..PlanningState::default() };
    }

    /// Stores the triples of the default graph in its current state.
    pub(super) fn note_triples(&self, triples: Triples) {
        *self.known() = PlanningState { triples: Some(triples), ..PlanningState::default() };
    }

    /// Records that the store has too few quads for planning, so that no query has to count them.
    pub(super) fn note_few(&self) {
        *self.known() = PlanningState { is_worth_planning: Some(false), ..<_>::default() };
    }

    /// Computes statistics and index from the stored triples.
    pub(super) fn learn(&self) {
        let mut known = self.known();
        if let Some(triples) = known.triples.take() {
            known.learn(triples);
        }
    }

    /// Saves the statistics and the index in the folder of a store, if they are known and up to date.
    pub(super) fn keep(&self, folder: &Path) -> Result<()> {
        let known = self.known();
        if let Some(statistics) = known.statistics.as_ref().filter(|_| !known.is_old) {
            sidecar::keep_statistics(folder, statistics)
                .map_err(|error| sidecar::not_kept(folder, "statistics", &error))?;
        }
        #[cfg(feature = "disk")]
        if let Some(index) = &known.index {
            sidecar::keep_index(folder, index)
                .map_err(|error| sidecar::not_kept(folder, "index", &error))?;
        }
        Ok(())
    }

    /// Records that quads, in their stored form, have been added to the default graph.
    pub(super) fn note_addition(&self, quads: &[Quad]) {
        let mut known = self.known();
        let index = known.index.take();
        let Some(mut triples) = known.triples.take().or_else(|| Some(index?.to_triples())) else {
            drop(known);
            return self.note_change();
        };
        for quad in quads {
            triples.add(TripleRef::new(&quad.subject, &quad.predicate, &quad.object));
        }
        *known = PlanningState { triples: Some(triples), ..PlanningState::default() };
    }

    /// Records that the store has changed.
    pub(super) fn note_change(&self) {
        let mut known = self.known();
        known.is_old = true;
        // With outdated data, terms that are new would be planned for as if they had no triples.
        (known.index, known.triples) = (None, None);
        known.is_worth_planning = known.is_worth_planning.filter(|&is_worth_it| is_worth_it);
    }
}

impl Embedded {
    /// Returns the same store with query planning disabled.
    #[must_use]
    pub fn without_planning(mut self) -> Self {
        self.planning.is_off = true;
        self
    }

    /// Returns the statistics of the default graph, gathered again if the store has changed.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub fn statistics(&self, cancellation: &Cancellation) -> Result<Arc<Statistics>> {
        let mut known = self.planning.known();
        if known.is_old {
            known.statistics = None;
        }
        self.gathered(&mut known, cancellation)
    }

    /// Returns the statistics of the default graph, which may be slightly outdated.
    pub(super) fn gather_statistics(&self, cancellation: &Cancellation) -> Result<Arc<Statistics>> {
        self.gathered(&mut self.planning.known(), cancellation)
    }

    /// Finishes work on a store that was opened for writing. A store on disk saves its statistics and index, which have
    /// been invalid for others since it was opened.
    ///
    /// # Errors
    /// Fails if they cannot be gathered or written.
    pub fn close(self) -> Result<()> {
        let Some(folder) = self.folder.clone() else { return Ok(()) };
        if self.planning.known().is_old {
            self.statistics(&Cancellation::default())?;
        }
        let (planning, opened) = (self.planning.clone(), manifest(&folder).ok());
        #[cfg(feature = "disk")]
        let guard = self.guard.clone();
        // What the engine writes on closing is part of the state that the statistics describe.
        drop(self);
        // Another process that opens the store for writing begins a new manifest, which makes the statistics outdated.
        if manifest(&folder).ok() != opened {
            return Ok(());
        }
        planning.keep(&folder)?;
        #[cfg(feature = "disk")]
        if let Some(guard) = guard {
            guard.keep(&folder)?;
        }
        Ok(())
    }

    /// Returns whether queries are evaluated without planning or without an index although the store is large enough
    /// for both. That happens if another program has written to a store on disk, or a load was interrupted. Statistics
    /// and index are not built for a query, which would have to wait for them.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn lacks_index(&self, cancellation: &Cancellation) -> Result<bool> {
        let lacks_index = self.folder.is_some() && self.planning.known().index.is_none();
        Ok((lacks_index || self.has_no_kept_statistics())
            && self.has_at_least(WORTH_PLANNING, cancellation)?)
    }

    fn has_no_kept_statistics(&self) -> bool {
        self.folder.as_ref().is_some_and(|folder| !sidecar::are_there(folder))
    }

    /// Returns the statistics of the default graph if they were gathered already, perhaps from an earlier state.
    /// Returns `None` if planning is disabled.
    pub(crate) fn known_statistics(&self) -> Option<Arc<Statistics>> {
        if self.planning.is_off { None } else { self.planning.known().statistics.clone() }
    }

    fn gathered(
        &self,
        known: &mut PlanningState,
        cancellation: &Cancellation,
    ) -> Result<Arc<Statistics>> {
        if let Some(statistics) = &known.statistics {
            return Ok(Arc::clone(statistics));
        }
        if let Some(triples) = known.triples.take() {
            return Ok(known.learn(triples));
        }
        if let Some(folder) = self.folder.as_ref().filter(|_| !known.is_old)
            && let Some(statistics) = sidecar::statistics(folder)
        {
            let statistics = Arc::new(statistics);
            known.statistics = Some(Arc::clone(&statistics));
            return Ok(statistics);
        }
        let mut triples = Triples::default();
        let default = Some(GraphNameRef::DefaultGraph);
        for quad in self.store.quads_for_pattern(None, None, None, default) {
            cancellation.check()?;
            let quad = quad.map_err(failed)?;
            triples.add(TripleRef::new(&quad.subject, &quad.predicate, &quad.object));
        }
        known.is_old = false;
        Ok(known.learn(triples))
    }

    /// Returns the index of the default graph, if there is one.
    pub(super) fn index(&self) -> Option<Arc<TripleIndex>> {
        if self.planning.is_off { None } else { self.planning.known().index.clone() }
    }

    /// Returns the index that answers a query, if there is one.
    pub(super) fn index_for(&self, query: &Query) -> Option<Arc<TripleIndex>> {
        let index = self.index().filter(|_| is_of_default_graph(query));
        // The executor can be stopped in every step, and the engine only where it reads data.
        let is_without = index.is_none() && !self.planning.is_off && reads_nothing(query);
        if is_without { Some(Triples::default().index().into()) } else { index }
    }

    /// Returns whether a query has something to plan, and the data is large enough for that to matter.
    pub(super) fn is_worth_planning(
        &self,
        query: &Query,
        cancellation: &Cancellation,
    ) -> Result<bool> {
        if self.planning.is_off || !has_joins(query) {
            return Ok(false);
        }
        if let Some(is_worth_planning) = self.planning.known().is_worth_planning {
            return Ok(is_worth_planning);
        }
        let has_statistics =
            self.planning.known().statistics.is_some() || !self.has_no_kept_statistics();
        // This queries the store, which in turn reads the planning state.
        let is_worth_planning =
            has_statistics && self.has_at_least(WORTH_PLANNING, cancellation)?;
        self.planning.known().is_worth_planning = Some(is_worth_planning);
        Ok(is_worth_planning)
    }

    /// Gathers statistics and index if the evaluation of a query is worth it. Returns the statistics if the query has
    /// something to plan.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(super) fn gather_for(
        &self,
        query: &Query,
        wanted: RowGoal,
        cancellation: &Cancellation,
    ) -> Result<Option<Arc<Statistics>>> {
        if self.is_worth_planning(query, cancellation)? {
            return self.gather_statistics(cancellation).map(Some);
        }
        if self.is_worth_indexing(query, wanted, cancellation)? {
            self.gather_statistics(cancellation)?;
        }
        Ok(None)
    }

    /// Returns whether a query looks at so many triples that building the index from those that were noted takes less
    /// time than looking at them in the store.
    fn is_worth_indexing(
        &self,
        query: &Query,
        wanted: RowGoal,
        cancellation: &Cancellation,
    ) -> Result<bool> {
        let can_index = !self.planning.is_off && self.planning.known().triples.is_some();
        if !can_index || !is_of_default_graph(query) {
            return Ok(false);
        }
        for triple in scanned(query, wanted) {
            if self.matches_at_least(WORTH_INDEXING, triple, cancellation)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns whether the default graph has at least this many triples.
    fn has_at_least(&self, triples: usize, cancellation: &Cancellation) -> Result<bool> {
        let [subject, property, object] = ["s", "p", "o"].map(Variable::new_unchecked);
        let all = TriplePattern {
            subject: subject.into(),
            predicate: property.into(),
            object: object.into(),
        };
        self.matches_at_least(triples, all, cancellation)
    }

    /// Returns whether a triple pattern has at least this many matches. The engine counts them without decoding their
    /// terms.
    fn matches_at_least(
        &self,
        triples: usize,
        pattern: TriplePattern,
        cancellation: &Cancellation,
    ) -> Result<bool> {
        let pattern = GraphPattern::Slice {
            inner: GraphPattern::Bgp { patterns: vec![pattern] }.into(),
            start: triples.saturating_sub(1),
            length: Some(1),
        };
        let ask = EngineQuery::of_parts(Query::Ask { dataset: None, pattern, base_iri: None });
        let results = self
            .evaluate(ask.into(), cancellation, cancellation)
            .map_err(|error| evaluation_failed(error, cancellation))?;
        cancellation.check()?;
        Ok(matches!(results, QueryResults::Boolean(true)))
    }

    /// Plans a query with these statistics.
    pub(super) fn plan_by(
        &self,
        statistics: &Statistics,
        query: &Query,
        wanted: RowGoal,
        cancellation: &Cancellation,
    ) -> Result<Planned> {
        let count = |triple: &TriplePattern, graph: Option<&NamedNode>, most: usize| {
            self.count(triple, graph, most, cancellation)
        };
        let index = if self.index_for(query).is_some() {
            AccessPath::Arrays
        } else if self.folder.is_some() {
            AccessPath::Sorted
        } else {
            // A triple of a named graph is in the default graph too.
            AccessPath::Chains { copies: if self.has_named_graphs()? { 2.0 } else { 1.0 } }
        };
        let only = |triple: &TriplePattern| self.only(triple, cancellation);
        let knowledge = Knowledge { statistics, count: &count, only: &only, index };
        Ok(plan(query, knowledge, wanted).into())
    }

    /// Counts the triples that match a pattern, up to a limit. Errors are ignored: they will occur again where they
    /// matter.
    fn count(
        &self,
        triple: &TriplePattern,
        graph: Option<&NamedNode>,
        most: usize,
        cancellation: &Cancellation,
    ) -> CountResult {
        let Some(given) = given(triple) else { return CountResult::Exactly(0) };
        let (count, is_all) = match self.index().filter(|_| graph.is_none()) {
            Some(index) => {
                let (subject, property, object) = given;
                find(&index, subject, property, object)
                    .map_or((0, true), |found| found.count(&index, most))
            }
            None => {
                let graph = graph.map(NamedNode::as_ref);
                let count = self.triples(given, graph, cancellation).take(most).count();
                (count, count < most)
            }
        };
        if is_all { CountResult::Exactly(count) } else { CountResult::AtLeast(count) }
    }

    /// Returns the triple of the default graph that matches a pattern, or `None` unless there is exactly one.
    fn only(&self, triple: &TriplePattern, cancellation: &Cancellation) -> Option<Triple> {
        let mut quads = self.triples(given(triple)?, None, cancellation);
        let first = quads.next()?.ok()?;
        quads.next().is_none().then(|| first.into())
    }
}

/// Returns the triple patterns of a query all of whose matches are looked at, and that have no known subject and object.
fn scanned(query: &Query, wanted: RowGoal) -> Vec<TriplePattern> {
    let (mut patterns, mut is_gathered) = (Vec::new(), false);
    walk(pattern_of(query), &mut |pattern| match pattern {
        GraphPattern::Bgp { patterns: triples } => {
            let is_open = |triple: &&TriplePattern| {
                let is_known = |term: &TermPattern| {
                    matches!(term, TermPattern::NamedNode(_) | TermPattern::Literal(_))
                };
                !is_known(&triple.subject) && !is_known(&triple.object)
            };
            patterns.extend(triples.iter().filter(is_open).cloned());
        }
        GraphPattern::Group { .. } | GraphPattern::OrderBy { .. } => is_gathered = true,
        _ => {}
    });
    let is_cut = match query {
        Query::Select { pattern, .. } => {
            wanted != RowGoal::All || matches!(pattern, GraphPattern::Slice { .. })
        }
        _ => true,
    };
    if is_cut && !is_gathered { Vec::new() } else { patterns }
}

/// The constant terms of a triple pattern.
pub(super) type PatternTerms<'a> =
    (Option<NamedOrBlankNodeRef<'a>>, Option<NamedNodeRef<'a>>, Option<TermRef<'a>>);

/// Returns the constant terms of a triple pattern, or `None` if no triple can match it.
fn given(triple: &TriplePattern) -> Option<PatternTerms<'_>> {
    let subject = match &triple.subject {
        TermPattern::NamedNode(node) => Some(node.as_ref().into()),
        TermPattern::Literal(_) => return None,
        _ => None,
    };
    let property = match &triple.predicate {
        NamedNodePattern::NamedNode(name) => Some(name.as_ref()),
        NamedNodePattern::Variable(_) => None,
    };
    let object = match &triple.object {
        TermPattern::NamedNode(node) => Some(node.as_ref().into()),
        TermPattern::Literal(literal) => Some(literal.as_ref().into()),
        _ => None,
    };
    Some((subject, property, object))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::passages;
    use crate::dossier::Document;
    use crate::engine::{Store, prepare};
    use crate::vocabulary::dos;
    use oxigraph::model::{GraphName, vocab::rdf};
    use spargebra::SparqlParser;

    #[test]
    fn what_came_after_loading_is_planned_for() {
        let class = NamedNodeRef::new_unchecked("x:Class");
        let quad = |i| {
            let subject = NamedNode::new_unchecked(format!("x:{i}"));
            Quad::new(subject, rdf::TYPE, class, GraphName::DefaultGraph)
        };
        let store = Embedded::of((0..10).map(quad)).unwrap();
        // The store was empty when it was loaded.
        store.planning.note_triples(Triples::default());
        store.planning.note_change();
        let known = store.gather_statistics(&Cancellation::default()).unwrap();
        assert_eq!(known.classes.get(&class.into_owned()), Some(&10));
    }

    /// Passages are added before or after the index is built.
    #[test]
    fn what_is_added_is_in_the_index() {
        let iri = NamedNodeRef::new_unchecked("x:doc");
        let graph = GraphName::DefaultGraph;
        let quad = Quad::new(iri, rdf::TYPE, dos::DOCUMENT_CLASS, graph);
        let passages =
            passages(&iri.into_owned(), &Document::new("Of tea.\n\nIt is drunk. Often."));
        let text = "SELECT ?t { ?p <http://www.w3.org/ns/oa#hasSource> <x:doc> ; <https://schema.org/text> ?t }";
        let query = SparqlParser::new().parse_query(text).unwrap();
        for is_made_before in [true, false] {
            let embedded = Embedded::of([quad.clone()]).unwrap();
            let mut triples = Triples::default();
            triples.add(quad.as_ref().into());
            embedded.planning.note_triples(triples);
            let store = Store::from(embedded.clone());
            if is_made_before {
                store.statistics().unwrap();
            }
            store.add(&passages).unwrap();
            let statistics = store.statistics().unwrap();
            assert_eq!(embedded.index_for(&query).unwrap().len() as u64, statistics.triples);
            let count = |store: &Store| match store.evaluate(prepare(&query), RowGoal::All).unwrap()
            {
                QueryResults::Solutions(solutions) => solutions.count(),
                _ => 0,
            };
            assert_eq!(count(&store), 3);
            assert_eq!(count(&store.without_planning()), 3);
        }
    }
}
