//! Reading from a store without a query: quads that match a pattern, and lookups built on them.

use super::backend::{QuadPattern, Quads};
use super::{Embedded, Store, failed};
use crate::diagnostic::Result;
use crate::vocabulary::{Prefixes, rdf, rdfs, sh};
use oxigraph::model::{
    GraphName, GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad,
    Term, TermRef, Triple,
};
use std::collections::HashMap;

/// The help text for operations that would have to read all data of an endpoint.
const ASK: &str = "query what you need: `dossier query 'CONSTRUCT …' --endpoint URL`";

impl Store {
    /// Returns whether an IRI occurs anywhere in the store: as a subject, predicate, object or graph name.
    pub fn mentions(&self, iri: NamedNodeRef<'_>) -> Result<bool> {
        let any = QuadPattern::default();
        for pattern in [
            QuadPattern { subject: Some(iri.into()), ..any },
            QuadPattern { predicate: Some(iri), ..any },
            QuadPattern { object: Some(iri.into()), ..any },
            QuadPattern { graph: Some(iri.into()), ..any },
        ] {
            if self.has(pattern)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the values of a property of a resource, in the default graph.
    pub fn objects(
        &self,
        subject: NamedOrBlankNodeRef<'_>,
        property: NamedNodeRef<'_>,
    ) -> Result<Vec<Term>> {
        if let Some(cached) = self.cached_objects(subject, property)? {
            return Ok(cached);
        }
        self.default_graph(Some(subject), Some(property), None)
            .map(|quad| Ok(quad?.object))
            .collect()
    }

    /// Returns the values of a property of a resource that are IRIs, sorted.
    pub(crate) fn iris(
        &self,
        thing: NamedOrBlankNodeRef<'_>,
        property: NamedNodeRef<'_>,
    ) -> Result<Vec<NamedNode>> {
        let iri = |value| match value {
            Term::NamedNode(iri) => Some(iri),
            _ => None,
        };
        let mut iris: Vec<NamedNode> =
            self.objects(thing, property)?.into_iter().filter_map(iri).collect();
        iris.sort();
        Ok(iris)
    }

    /// Returns the resources that have a value for a property, in the default graph.
    pub fn subjects(
        &self,
        property: NamedNodeRef<'_>,
        object: TermRef<'_>,
    ) -> Result<Vec<NamedOrBlankNode>> {
        self.default_graph(None, Some(property), Some(object))
            .map(|quad| Ok(quad?.subject))
            .collect()
    }

    /// Returns those of the [`subjects`](Self::subjects) that are IRIs.
    pub fn things(
        &self,
        property: NamedNodeRef<'_>,
        object: TermRef<'_>,
    ) -> Result<Vec<NamedNode>> {
        let subjects = self.subjects(property, object)?.into_iter();
        let iri = |subject| match subject {
            NamedOrBlankNode::NamedNode(iri) => Some(iri),
            NamedOrBlankNode::BlankNode(_) => None,
        };
        Ok(subjects.filter_map(iri).collect())
    }

    /// Returns the subject–object pairs of a property, in the default graph.
    pub fn pairs(&self, property: NamedNodeRef<'_>) -> Result<Vec<(NamedOrBlankNode, Term)>> {
        self.default_graph(None, Some(property), None)
            .map(|quad| quad.map(|quad| (quad.subject, quad.object)))
            .collect()
    }

    /// Returns the named graphs that contain a triple.
    pub(crate) fn graphs_of(&self, triple: &Triple) -> Result<Vec<NamedOrBlankNode>> {
        let mut graphs = Vec::new();
        for quad in self.standing(triple) {
            match quad?.graph_name {
                GraphName::NamedNode(name) => graphs.push(name.into()),
                GraphName::BlankNode(name) => graphs.push(name.into()),
                GraphName::DefaultGraph => {}
            }
        }
        Ok(graphs)
    }

    /// Returns the quads that contain a triple, as the store has them.
    pub(super) fn standing(&self, triple: &Triple) -> impl Iterator<Item = Result<Quad>> + use<> {
        let triple = triple.as_ref();
        self.scan(Some(triple.subject), Some(triple.predicate), Some(triple.object), None)
    }

    /// Returns the triples of a named graph, or of the default graph, that match a pattern.
    pub fn triples(
        &self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        predicate: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
        graph: Option<NamedNodeRef<'_>>,
    ) -> impl Iterator<Item = Result<Triple>> + use<> {
        let graph = graph.map_or(GraphNameRef::DefaultGraph, GraphNameRef::from);
        self.scan(subject, predicate, object, Some(graph)).map(|quad| quad.map(Triple::from))
    }

    /// Returns the triples of the default graph whose subject is one of `things`.
    pub(crate) fn triples_of(&self, things: &[NamedNode]) -> Result<Vec<Triple>> {
        if self.capabilities().asks_by_request {
            return self.requested_triples(things);
        }
        let of = |thing: &NamedNode| self.triples(Some(thing.into()), None, None, None);
        things.iter().flat_map(of).collect()
    }

    /// Returns at most `most` triples of a named graph, or of the default graph, in which a resource is the subject or
    /// the object.
    pub(crate) fn some_triples(
        &self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        object: Option<TermRef<'_>>,
        graph: Option<NamedNodeRef<'_>>,
        most: usize,
    ) -> Result<Vec<Triple>> {
        let graph = graph.map_or(GraphNameRef::DefaultGraph, GraphNameRef::from);
        let pattern = QuadPattern { subject, predicate: None, object, graph: Some(graph) };
        let quads = self.some(pattern, most);
        quads.map(|quad| quad.map(Triple::from)).collect()
    }

    /// Returns the triples of a named graph, in no particular order.
    pub fn graph(&self, name: NamedNodeRef<'_>) -> Result<Vec<Triple>> {
        self.triples(None, None, None, Some(name)).collect()
    }

    /// Returns the triples of several named graphs, in no particular order.
    pub fn graphs(&self, names: &[NamedNode]) -> Result<HashMap<NamedNode, Vec<Triple>>> {
        if self.capabilities().asks_by_request {
            return self.requested_contents(names);
        }
        names.iter().map(|name| Ok((name.clone(), self.graph(name.as_ref())?))).collect()
    }

    /// Returns whether the store has any named graph.
    pub fn has_named_graphs(&self) -> Result<bool> {
        self.looked_through()?.has_named_graphs()
    }

    /// Returns the prefixes that the store's data declares.
    pub fn declared_prefixes(&self) -> Result<Prefixes> {
        let mut quads = Vec::new();
        for property in [sh::DECLARE, sh::PREFIX, sh::NAMESPACE] {
            for quad in self.default_graph(None, Some(property), None) {
                quads.push(quad?);
            }
        }
        Ok(Prefixes::declared_in(&quads))
    }

    /// Checks that the whole store may be scanned.
    ///
    /// # Errors
    /// Fails if the store is an endpoint.
    pub(crate) fn check_whole(&self) -> Result<()> {
        self.looked_through().map(drop)
    }

    fn looked_through(&self) -> Result<&Embedded> {
        self.embedded("an endpoint cannot be read as a whole", ASK)
    }

    /// Returns the number of quads, including those of the default graph.
    pub fn size(&self) -> Result<u64> {
        let embedded = self.looked_through()?;
        embedded.store.len().map(|size| size as u64).map_err(failed)
    }

    /// Returns every quad, including those of the default graph.
    pub fn quads(&self) -> impl Iterator<Item = Result<Quad>> {
        self.scan(None, None, None, None)
    }

    /// Returns the instances of a class and of its subclasses, each once.
    pub(crate) fn instances(&self, class: &NamedNode) -> Result<Vec<NamedNode>> {
        if self.capabilities().asks_by_request {
            return self.requested_instances(class);
        }
        let mut classes = vec![class.clone()];
        let mut things = Vec::new();
        let mut next = 0;
        while let Some(class) = classes.get(next).cloned() {
            next += 1;
            for subclass in self.things(rdfs::SUB_CLASS_OF, class.as_ref().into())? {
                if !classes.contains(&subclass) {
                    classes.push(subclass);
                }
            }
            things.extend(self.things(rdf::TYPE, class.as_ref().into())?);
        }
        things.sort();
        things.dedup();
        Ok(things)
    }

    pub(super) fn default_graph(
        &self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        property: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
    ) -> impl Iterator<Item = Result<Quad>> {
        self.scan(subject, property, object, Some(GraphNameRef::DefaultGraph))
    }

    fn scan(
        &self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        predicate: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
        graph: Option<GraphNameRef<'_>>,
    ) -> Quads {
        let pattern = QuadPattern { subject, predicate, object, graph };
        self.backend.quads(pattern, None, self.cancellation())
    }

    /// Returns whether any quad matches a pattern.
    fn has(&self, pattern: QuadPattern<'_>) -> Result<bool> {
        Ok(self.some(pattern, 1).next().transpose()?.is_some())
    }

    /// Returns at most `most` quads that match a pattern.
    fn some(&self, pattern: QuadPattern<'_>, most: usize) -> impl Iterator<Item = Result<Quad>> {
        self.backend.quads(pattern, Some(most), self.cancellation()).take(most)
    }
}
