//! Batch lookups from an endpoint, before values are needed one by one. On an embedded store, single lookups are faster
//! than preparing a batch, so nothing is prefetched.
//!
//! Results are cached for the lifetime of the store, so changes behind an endpoint are seen by a new session.

use super::stating_graphs::StatingGraphs;
use super::{EngineQuery, Store};
use crate::cache::Cache;
use crate::diagnostic::Result;
use crate::endpoint::{
    about, called, contents_of, edges_of, graph_of, graphs_of, instances_of, named_graphs_of,
    quad_of, triples_of,
};
use crate::vocabulary::{
    ALL_NAMES, dcterms, dos, foaf, oa, prov, rdf, rdfs, schema, schema_http, skos,
};
use oxigraph::model::{
    GraphName, GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNodeRef, Term, Triple,
};
use oxigraph::sparql::{QueryResults, QuerySolution};
use rustc_hash::FxHashSet;
use spargebra::Query;
use std::collections::HashMap;
use std::sync::Arc;

/// The properties that are read of a claim, a document or a resource, to show its label and its quotes.
const READ: [NamedNodeRef<'static>; 15] = [
    rdf::TYPE,
    dos::DOCUMENT,
    dos::QUOTE,
    dos::READING,
    dos::REASON,
    oa::PREFIX,
    oa::SUFFIX,
    dcterms::TITLE,
    skos::PREF_LABEL,
    rdfs::LABEL,
    skos::ALT_LABEL,
    foaf::NAME,
    schema::NAME,
    schema_http::NAME,
    prov::WAS_DERIVED_FROM,
];

/// The capacity of the cache, in resources.
const MOST_THINGS: usize = 1 << 17;

/// The most triples or resources in one request. Some servers refuse longer queries.
pub(super) const BATCH: usize = 100;

/// The properties of a resource, each with a value.
type PropertyValues = Arc<[(NamedNode, Term)]>;

/// A cache of the properties of resources.
#[derive(Clone)]
pub(super) struct LookupCache(Cache<NamedNode, PropertyValues>);

impl Default for LookupCache {
    fn default() -> Self {
        Self(Cache::new(MOST_THINGS))
    }
}

impl Store {
    /// Looks up which named graphs state some triples, in batches.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn look_up_graphs<'a>(
        &self,
        triples: impl IntoIterator<Item = &'a Arc<Triple>>,
    ) -> Result<()> {
        if !self.capabilities().asks_by_request {
            return Ok(());
        }
        let mut seen = FxHashSet::default();
        let is_new = |triple: &&Arc<Triple>| {
            self.stating_graphs.by_triple.get(*triple).is_none() && seen.insert(Arc::clone(triple))
        };
        let triples: Vec<&Arc<Triple>> = triples.into_iter().filter(is_new).collect();
        for triples in triples.chunks(BATCH) {
            for stated in self.request_graphs(triples)? {
                self.stating_graphs.by_triple.keep(Arc::clone(&stated.triple), stated);
            }
        }
        Ok(())
    }

    /// Asks, in one request, which graphs state some triples. Triples with blank nodes cannot be looked up.
    pub(super) fn request_graphs(&self, triples: &[&Arc<Triple>]) -> Result<Vec<StatingGraphs>> {
        let has_blank_node =
            |triple: &Triple| triple.subject.is_blank_node() || triple.object.is_blank_node();
        let mut graphs = vec![Vec::new(); triples.len()];
        if !triples.iter().all(|triple| has_blank_node(triple)) {
            for solution in self.solutions(graphs_of(triples.iter().map(|triple| &***triple)))? {
                if let Some((number, graph)) = graph_of(&solution)
                    && let Some(graphs) = graphs.get_mut(number)
                {
                    graphs.push(graph);
                }
            }
            self.request_lost_names(triples, &mut graphs)?;
        }
        let stated = triples.iter().zip(graphs).map(|(triple, graphs)| {
            let stated = StatingGraphs::of(Arc::clone(triple), graphs);
            let is_unaskable = has_blank_node(triple);
            StatingGraphs {
                is_there: stated.is_there || is_unaskable,
                has_nameless: stated.has_nameless || is_unaskable,
                ..stated
            }
        });
        Ok(stated.collect())
    }

    /// Looks up again the named graphs of triples that were found several times, and never in a named graph: the server
    /// loses the names of graphs.
    fn request_lost_names(
        &self,
        triples: &[&Arc<Triple>],
        graphs: &mut [Vec<GraphName>],
    ) -> Result<()> {
        let is_lost = |graphs: &Vec<GraphName>| {
            graphs.len() > 1 && graphs.iter().all(GraphName::is_default_graph)
        };
        let lost: Vec<usize> = (0..triples.len()).filter(|&i| is_lost(&graphs[i])).collect();
        if lost.is_empty() {
            return Ok(());
        }
        let query = named_graphs_of(lost.iter().map(|&i| &**triples[i]));
        for solution in self.solutions(query)? {
            if let Some((number, graph)) = graph_of(&solution)
                && let Some(&i) = lost.get(number)
            {
                graphs[i].push(graph);
            }
        }
        Ok(())
    }

    /// Looks up the labels of some resources and, for claims, their quotes and documents.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn look_up<'a>(
        &self,
        things: impl IntoIterator<Item = &'a NamedNode>,
    ) -> Result<()> {
        if !self.capabilities().asks_by_request {
            return Ok(());
        }
        let new = things.into_iter().filter(|thing| self.lookups.0.get(*thing).is_none());
        let new: FxHashSet<&NamedNode> = new.collect();
        let things: Vec<&NamedNode> = new.into_iter().collect();
        for things in things.chunks(BATCH) {
            let mut properties: HashMap<&NamedNode, Vec<(NamedNode, Term)>> =
                things.iter().map(|thing| (*thing, Vec::new())).collect();
            for solution in self.solutions(about(things.iter().copied(), &READ))? {
                if let [Some(Term::NamedNode(thing)), Some(Term::NamedNode(property)), Some(value)] =
                    solution.values()
                    && let Some(properties) = properties.get_mut(thing)
                {
                    properties.push((property.clone(), value.clone()));
                }
            }
            for (thing, properties) in properties {
                self.lookups.0.keep(thing.clone(), properties.into());
            }
        }
        Ok(())
    }

    /// Looks up the properties of some claims and of the documents that they quote.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn look_up_claims<'a>(
        &self,
        claims: impl IntoIterator<Item = &'a NamedNode> + Clone,
    ) -> Result<()> {
        if !self.capabilities().asks_by_request {
            return Ok(());
        }
        self.look_up(claims.clone())?;
        let mut documents = Vec::new();
        for claim in claims {
            for (property, value) in self.properties_of(claim.into())? {
                if let Term::NamedNode(document) = value
                    && property.as_ref() == dos::DOCUMENT
                {
                    documents.push(document);
                }
            }
        }
        self.look_up(&documents)
    }

    /// Returns the values of a property of a resource, or `None` if the store is not an endpoint or the property is not
    /// one of those that are prefetched.
    pub(super) fn cached_objects(
        &self,
        subject: NamedOrBlankNodeRef<'_>,
        property: NamedNodeRef<'_>,
    ) -> Result<Option<Vec<Term>>> {
        if !self.capabilities().asks_by_request || !READ.contains(&property) {
            return Ok(None);
        }
        let properties = self.properties_of(subject)?.into_iter();
        Ok(Some(
            properties.filter(|(p, _)| p.as_ref() == property).map(|(_, value)| value).collect(),
        ))
    }

    /// Returns the properties of a resource in the default graph. From an endpoint only the prefetched properties are
    /// returned.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn properties_of(
        &self,
        thing: NamedOrBlankNodeRef<'_>,
    ) -> Result<Vec<(NamedNode, Term)>> {
        match thing {
            NamedOrBlankNodeRef::NamedNode(thing) if self.capabilities().asks_by_request => {
                let thing = thing.into_owned();
                self.look_up([&thing])?;
                Ok(self
                    .lookups
                    .0
                    .get(&thing)
                    .map(|properties| properties.to_vec())
                    .unwrap_or_default())
            }
            thing => self
                .triples(Some(thing), None, None, None)
                .map(|triple| triple.map(|triple| (triple.predicate, triple.object)))
                .collect(),
        }
    }

    /// Returns the triples of several named graphs.
    pub(super) fn requested_contents(
        &self,
        graphs: &[NamedNode],
    ) -> Result<HashMap<NamedNode, Vec<Triple>>> {
        let mut contents: HashMap<NamedNode, Vec<Triple>> = HashMap::new();
        for graphs in graphs.chunks(BATCH) {
            for solution in self.solutions(contents_of(graphs))? {
                if let Some(quad) = quad_of(&solution, None, None, None, None)
                    && let GraphName::NamedNode(name) = quad.graph_name.clone()
                {
                    contents.entry(name).or_default().push(quad.into());
                }
            }
        }
        Ok(contents)
    }

    /// Returns the triples of a named graph, or of the default graph, whose subject is one of some resources, or whose
    /// object is one of them if `is_reverse`. Blank nodes are skipped, because they cannot be looked up.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn request_edges(
        &self,
        things: &[&Term],
        predicate: Option<&NamedNode>,
        is_reverse: bool,
        graph: Option<&NamedNode>,
    ) -> Result<Vec<Triple>> {
        let mut triples = Vec::new();
        let name = graph.map_or(GraphNameRef::DefaultGraph, |graph| graph.as_ref().into());
        for things in things.chunks(BATCH) {
            let solutions = self.solutions(edges_of(things, predicate, is_reverse, graph))?;
            let quads = solutions.iter().filter_map(|solution| {
                quad_of(solution, None, predicate.map(NamedNode::as_ref), None, Some(name))
            });
            triples.extend(quads.map(Triple::from));
        }
        Ok(triples)
    }

    /// Returns the triples of the default graph whose subject is one of `things`.
    pub(super) fn requested_triples(&self, things: &[NamedNode]) -> Result<Vec<Triple>> {
        let mut triples = Vec::new();
        let default = GraphNameRef::DefaultGraph;
        for things in things.chunks(BATCH) {
            let solutions = self.solutions(triples_of(things))?;
            let quads =
                solutions.iter().filter_map(|s| quad_of(s, None, None, None, Some(default)));
            triples.extend(quads.map(Triple::from));
        }
        Ok(triples)
    }

    /// Returns the instances of a class and of its subclasses, each once.
    pub(super) fn requested_instances(&self, class: &NamedNode) -> Result<Vec<NamedNode>> {
        let solutions = self.solutions(instances_of(class))?;
        let mut things: Vec<NamedNode> = solutions
            .iter()
            .filter_map(|solution| match solution.get(0) {
                Some(Term::NamedNode(thing)) => Some(thing.clone()),
                _ => None,
            })
            .collect();
        things.sort();
        Ok(things)
    }

    /// Returns the resources with a label, ignoring case, each with its exact label.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn request_names(&self, name: &str) -> Result<Vec<(NamedNode, String)>> {
        let solutions = self.solutions(called(name, &ALL_NAMES))?;
        let named = solutions.iter().filter_map(|solution| match solution.values() {
            [Some(Term::NamedNode(thing)), Some(Term::Literal(label))] => {
                Some((thing.clone(), label.value().to_owned()))
            }
            _ => None,
        });
        Ok(named.collect())
    }

    fn solutions(&self, query: Query) -> Result<Vec<QuerySolution>> {
        let QueryResults::Solutions(solutions) =
            self.evaluate_unplanned(EngineQuery::of_parts(query))?
        else {
            return Ok(Vec::new());
        };
        solutions.map(|solution| solution.map_err(|error| self.evaluation_failed(error))).collect()
    }
}
