//! Graph lookups: which named graphs state a triple, and which triples connect a term with others.

use super::citation::CitedTriple;
use crate::cache::Cache;
use crate::diagnostic::Result;
use crate::engine::{NumberedTriples, StatingGraphs, Store};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term, Triple};
use rustc_hash::{FxHashMap, FxHashSet};
use spargebra::algebra::QueryDataset;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The capacity of the cache of edges from an endpoint, in ends.
const MOST_ENDS: usize = 1 << 17;

/// The graphs of a store, as a query sees them.
pub(super) struct Graphs {
    store: Store,
    /// The dataset of the query; `None` if it is the store's.
    dataset: Option<Arc<QueryDataset>>,
    /// The edges that were looked up in an endpoint.
    edges: Cache<EdgeEnd, Arc<[Triple]>>,
}

/// One end of edges: those from or to a term, in a named graph or in the default graph.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct EdgeEnd {
    pub thing: Term,
    /// Whether the edges lead to the term.
    pub is_reverse: bool,
    /// The property; `None` for any.
    pub predicate: Option<NamedNode>,
    pub graph: Option<NamedNode>,
}

impl Graphs {
    /// Creates the view of a store for a query with these FROM and FROM NAMED clauses.
    pub(super) fn new(store: Store, dataset: Option<&QueryDataset>) -> Self {
        let dataset = dataset.cloned().map(Arc::new);
        Self { store, dataset, edges: Cache::new(MOST_ENDS) }
    }

    /// Returns the dataset of the query, or `None` if it is the store's.
    pub(super) const fn dataset(&self) -> Option<&Arc<QueryDataset>> {
        self.dataset.as_ref()
    }

    /// Returns the graphs that FROM merges into the default graph, or `None` if it is the store's.
    fn merged(&self) -> Option<&[NamedNode]> {
        self.dataset.as_ref().map(|dataset| dataset.default.as_slice())
    }

    /// Looks up a triple in the default graph. The named graphs that state it are sorted; if there are none, the triple
    /// is background. Returns `None` if it is not in the data.
    pub(super) fn cite(&self, triple: &Arc<Triple>) -> Result<Option<CitedTriple>> {
        let StatingGraphs { triple, is_there, graphs, has_nameless } =
            self.store.stating_graphs(triple)?;
        Ok(match self.merged() {
            None => CitedTriple::of(StatingGraphs { triple, is_there, graphs, has_nameless }),
            Some(merged) => {
                let graphs: Arc<[NamedNode]> =
                    graphs.iter().filter(|graph| merged.contains(graph)).cloned().collect();
                let is_nameless = false;
                (!graphs.is_empty()).then_some(CitedTriple { triple, graphs, is_nameless })
            }
        })
    }

    /// Returns the triples of the default graph by numbers, or `None` if there is no index of it.
    pub(super) fn numbered(&self) -> Option<NumberedTriples> {
        if self.dataset.is_none() { self.store.numbered_triples() } else { None }
    }

    /// Looks up a triple in a named graph. Returns `None` if the graph does not state it.
    pub(super) fn cite_in(
        &self,
        triple: &Arc<Triple>,
        graph: NamedNode,
    ) -> Result<Option<CitedTriple>> {
        let StatingGraphs { triple, graphs, has_nameless, .. } =
            self.store.stating_graphs(triple)?;
        // Behind an endpoint, a blank node cannot be looked up, so the query's own answer has to do.
        let is_unaskable = has_nameless && !self.store.capabilities().can_ask_about_blank_nodes;
        let is_there = is_unaskable || graphs.contains(&graph);
        Ok(is_there.then(|| CitedTriple::of_graph(triple, graph)))
    }

    /// Returns the edges at an end.
    pub(super) fn edges(&self, end: &EdgeEnd) -> Result<Vec<Triple>> {
        if self.are_requested() {
            self.look_up_edges([end])?;
            return Ok(self.edges.get(end).map(|edges| edges.to_vec()).unwrap_or_default());
        }
        let mut edges = Vec::new();
        for graph in self.graphs_at(end) {
            for triple in self.store.triples(
                end.subject().as_ref().map(NamedOrBlankNode::as_ref),
                end.predicate.as_ref().map(NamedNode::as_ref),
                end.object().map(Term::as_ref),
                graph.map(NamedNode::as_ref),
            ) {
                edges.push(triple?);
            }
        }
        Ok(edges)
    }

    /// Returns whether each lookup is a request.
    pub(super) fn are_requested(&self) -> bool {
        self.store.capabilities().asks_by_request
    }

    /// Returns whether the edges at an end have yet to be requested from an endpoint.
    pub(super) fn are_unknown(&self, end: &EdgeEnd) -> bool {
        self.are_requested()
            && !end.thing.is_blank_node()
            && !self.graphs_at(end).is_empty()
            && self.edges.get(end).is_none()
    }

    /// Looks up the unknown edges at some ends, in batches.
    pub(super) fn look_up_edges<'b>(
        &self,
        ends: impl IntoIterator<Item = &'b EdgeEnd>,
    ) -> Result<()> {
        // What all lookups of one request have in common, with their terms.
        type Kind<'b> = (&'b Option<NamedNode>, bool, &'b Option<NamedNode>);
        let mut kinds: BTreeMap<Kind<'_>, FxHashSet<&Term>> = BTreeMap::new();
        let mut sought: FxHashMap<&EdgeEnd, Vec<Triple>> = FxHashMap::default();
        for end in ends.into_iter().filter(|end| self.are_unknown(end)) {
            let kind = (&end.predicate, end.is_reverse, &end.graph);
            kinds.entry(kind).or_default().insert(&end.thing);
            sought.insert(end, Vec::new());
        }
        for ((predicate, is_reverse, graph), things) in kinds {
            let things: Vec<&Term> = things.into_iter().collect();
            let of = |thing| EdgeEnd {
                thing,
                is_reverse,
                predicate: predicate.clone(),
                graph: graph.clone(),
            };
            for graph in self.graphs_of(graph.as_ref()) {
                let edges =
                    self.store.request_edges(&things, predicate.as_ref(), is_reverse, graph)?;
                for triple in edges {
                    let thing = if is_reverse {
                        triple.object.clone()
                    } else {
                        triple.subject.clone().into()
                    };
                    if let Some(edges) = sought.get_mut(&of(thing)) {
                        edges.push(triple);
                    }
                }
            }
        }
        for (end, edges) in sought {
            self.edges.keep(end.clone(), edges.into());
        }
        Ok(())
    }

    /// Looks up which graphs state some triples, in batches.
    pub(super) fn look_up<'b>(
        &self,
        triples: impl IntoIterator<Item = &'b Arc<Triple>>,
    ) -> Result<()> {
        self.store.look_up_graphs(triples)
    }

    /// Returns the graphs to search for the edges at an end, or an empty list if it cannot have edges.
    fn graphs_at<'b>(&'b self, end: &'b EdgeEnd) -> Vec<Option<&'b NamedNode>> {
        // A literal cannot be a subject.
        if end.subject().is_none() && end.object().is_none() {
            return Vec::new();
        }
        self.graphs_of(end.graph.as_ref())
    }

    /// Returns the store's graphs that make up a named graph or the default graph.
    fn graphs_of<'b>(&'b self, graph: Option<&'b NamedNode>) -> Vec<Option<&'b NamedNode>> {
        match (graph, self.merged()) {
            (None, Some(merged)) => merged.iter().map(Some).collect(),
            (graph, _) => vec![graph],
        }
    }

    /// Returns up to two triples that mention a term, in a named graph or in the default graph.
    pub(super) fn mentions(&self, thing: &Term, graph: Option<&NamedNode>) -> Result<Vec<Triple>> {
        const ENOUGH: usize = 2;
        let mut mentions = Vec::new();
        for is_reverse in [false, true] {
            let (thing, graph) = (thing.clone(), graph.cloned());
            let end = EdgeEnd { thing, is_reverse, predicate: None, graph };
            for graph in self.graphs_at(&end) {
                let (subject, object) = (end.subject(), end.object().map(Term::as_ref));
                let subject = subject.as_ref().map(NamedOrBlankNode::as_ref);
                let graph = graph.map(NamedNode::as_ref);
                for triple in self.store.some_triples(subject, object, graph, ENOUGH)? {
                    if !mentions.contains(&triple) {
                        mentions.push(triple);
                    }
                }
                if mentions.len() >= ENOUGH {
                    return Ok(mentions);
                }
            }
        }
        Ok(mentions)
    }

    /// Returns any triple of a named graph, or `None` if the graph is empty.
    pub(super) fn any_of(&self, graph: &NamedNode) -> Result<Option<Triple>> {
        let triples = self.store.some_triples(None, None, Some(graph.as_ref()), 1)?;
        Ok(triples.into_iter().next())
    }
}

impl CitedTriple {
    /// Returns a triple of the default graph with the graphs that state it, or `None` if it is not in the data.
    pub(super) fn of(stated: StatingGraphs) -> Option<Self> {
        let StatingGraphs { triple, is_there, graphs, has_nameless } = stated;
        let is_nameless = has_nameless && graphs.is_empty();
        is_there.then_some(Self { triple, graphs, is_nameless })
    }
}

impl EdgeEnd {
    fn subject(&self) -> Option<NamedOrBlankNode> {
        match &self.thing {
            Term::NamedNode(iri) if !self.is_reverse => Some(iri.clone().into()),
            Term::BlankNode(node) if !self.is_reverse => Some(node.clone().into()),
            _ => None,
        }
    }

    fn object(&self) -> Option<&Term> {
        self.is_reverse.then_some(&self.thing)
    }
}
