//! Arranges a dataset as a tree. Nodes that link to others come first, sorted by class as in the ontology; mere link
//! targets, such as states and topics, come last. A node is embedded at its first mention only.

use super::node_map::{NodeMaps, TermId, class_rank};
use super::node_object::{NodeObject, NodeValue};
use crate::vocabulary::{Ontology, rdf, rdfs, skos};
use oxigraph::model::TermRef;
use std::collections::HashMap;

/// The maximum depth of embedding. Deeper nodes go to the top level, so that recursive readers do not overflow.
const DEEPEST: usize = 24;

/// Builds the top-level nodes one after the other.
pub(super) struct NodeTree<'m, 'q> {
    maps: &'m NodeMaps<'q>,
    ontology: &'m Ontology,
    /// Whether nodes are embedded in each other.
    is_nested: bool,
    written: Vec<bool>,
}

/// Which nodes may be embedded in a node.
#[derive(Clone, Copy, PartialEq)]
enum EmbedScope {
    All,
    BlankNodes,
}

impl<'m, 'q> NodeTree<'m, 'q> {
    /// Creates a tree or, without `is_nested`, a flat list of all nodes in which only RDF lists have their short form.
    pub(super) fn new(maps: &'m NodeMaps<'q>, ontology: &'m Ontology, is_nested: bool) -> Self {
        Self { maps, ontology, is_nested, written: vec![false; maps.things().len()] }
    }

    /// Returns the nodes of the default graph, each with the graph that it names, then those of other graphs.
    pub(super) fn nodes(mut self) -> impl Iterator<Item = NodeObject<'m>> {
        let names = self.maps.graphs();
        let headless: Vec<TermId> =
            names.iter().copied().filter(|name| self.maps.find(None, *name).is_none()).collect();
        for &name in &names {
            if let Some(head) = self.maps.find(None, name) {
                // The node that names a graph stays at the top level with its graph.
                self.written[head] = true;
            }
        }
        let roots = self.roots(None);
        let things = roots.into_iter().map(Ok).chain(headless.into_iter().map(Err));
        things.filter_map(move |root| match root {
            Ok(thing) => {
                let subject = self.maps.things()[thing].subject;
                let is_head = names.binary_search(&subject).is_ok();
                if !is_head {
                    return self.root(thing);
                }
                let mut node = self.node(thing, EmbedScope::BlankNodes, 0);
                node.id = self.maps.name(subject);
                node.graph = Some(self.graph(subject));
                Some(node)
            }
            Err(name) => Some(NodeObject {
                id: self.maps.name(name),
                graph: Some(self.graph(name)),
                ..NodeObject::default()
            }),
        })
    }

    fn graph(&mut self, name: TermId) -> Vec<NodeObject<'m>> {
        self.roots(Some(name)).into_iter().filter_map(|thing| self.root(thing)).collect()
    }

    fn root(&mut self, thing: usize) -> Option<NodeObject<'m>> {
        if self.written[thing] {
            return None;
        }
        let subject = self.maps.things()[thing].subject;
        let mut node = self.node(thing, EmbedScope::All, 0);
        if self.maps.mentions_of(subject) != Some(0) {
            node.id = self.maps.name(subject);
        }
        Some(node)
    }

    /// Returns the nodes of a graph in top-level order, including those that may be embedded before.
    fn roots(&self, graph: Option<TermId>) -> Vec<usize> {
        let things = self.maps.of_graph(graph);
        let mut class_of: Vec<Option<TermId>> = Vec::with_capacity(things.len());
        let mut labels = Vec::with_capacity(things.len());
        // For each node, the number of links to other described nodes and the number of links from them.
        let mut links = vec![(0_usize, 0_usize); things.len()];
        for thing in things.clone() {
            let (mut class, mut label) = (None, None);
            for (property, values) in self.maps.properties(thing) {
                if property == rdf::TYPE {
                    class = values.min_by_key(|class| self.class_order(*class));
                    continue;
                }
                if property == rdfs::LABEL || property == skos::PREF_LABEL {
                    label = label.or(values.clone().next());
                }
                for value in values.filter(|value| self.maps.literal(*value).is_none()) {
                    if let Some(other) = self.maps.find(graph, value)
                        && other != thing
                    {
                        links[thing - things.start].0 += 1;
                        links[other - things.start].1 += 1;
                    }
                }
            }
            class_of.push(class);
            labels.push(label.unwrap_or(TermId::MAX));
        }
        let mut of_class: HashMap<Option<TermId>, (usize, usize, usize)> = HashMap::new();
        for (class, (from, to)) in class_of.iter().zip(links) {
            let sum = of_class.entry(*class).or_default();
            *sum = (sum.0 + 1, sum.1 + from, sum.2 + to);
        }
        let class_order: HashMap<Option<TermId>, _> = of_class
            .into_iter()
            .map(|(class, (members, from, to))| {
                // Classes that are mostly linked to, such as states and topics, are leaves.
                let is_leaf = from < 2 * members && to >= from;
                (class, (is_leaf, class.is_none(), class.map(|class| self.class_order(class))))
            })
            .collect();
        let mut roots: Vec<_> = things
            .zip(class_of.into_iter().zip(labels))
            .map(|(thing, (class, label))| {
                let subject = self.maps.things()[thing].subject;
                let waits = self.is_nested && self.maps.mentions_of(subject) > Some(0);
                let is_cell = self.maps.properties(thing).any(|(property, _)| {
                    property.as_str() == "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest"
                });
                ((is_cell, waits, class_order.get(&class), label, subject), thing)
            })
            .collect();
        roots.sort_unstable();
        roots.into_iter().map(|(_, thing)| thing).collect()
    }

    fn class_order(&self, class: TermId) -> (usize, TermId) {
        let class_term: TermRef<'_> = self.maps.term(class);
        (class_rank(class_term, self.ontology).unwrap_or(usize::MAX), class)
    }

    fn node(&mut self, thing: usize, embed: EmbedScope, depth: usize) -> NodeObject<'m> {
        self.written[thing] = true;
        let maps = self.maps;
        let graph = maps.things()[thing].graph;
        let mut node = NodeObject::default();
        for (property, values) in maps.properties(thing) {
            if property == rdf::TYPE {
                node.types = values.clone().filter_map(|class| maps.name(class)).collect();
                let others: Vec<_> = values
                    .filter_map(|value| maps.literal(value))
                    .map(NodeValue::Literal)
                    .collect();
                if !others.is_empty() {
                    node.properties.push((property.as_str(), others));
                }
            } else {
                let values = values.map(|value| self.value(graph, value, embed, depth)).collect();
                node.properties.push((property.as_str(), values));
            }
        }
        node
    }

    fn value(
        &mut self,
        graph: Option<TermId>,
        value: TermId,
        embed: EmbedScope,
        depth: usize,
    ) -> NodeValue<'m> {
        let maps = self.maps;
        if let Some(literal) = maps.literal(value) {
            return NodeValue::Literal(literal);
        }
        let Some(name) = maps.name(value) else { return NodeValue::Null };
        if depth >= DEEPEST {
            return NodeValue::Node(NodeObject::reference(name));
        }
        if let Some(cells) = maps.list(graph, value)
            && cells.iter().all(|(cell, _)| !self.written[*cell])
        {
            for (cell, _) in cells {
                self.written[*cell] = true;
            }
            let items = cells.iter().map(|(_, item)| self.value(graph, *item, embed, depth + 1));
            return NodeValue::List(items.collect());
        }
        let is_blank = maps.is_embeddable(value);
        match maps.find(graph, value) {
            Some(thing)
                if self.is_nested
                    && !self.written[thing]
                    && (embed == EmbedScope::All || is_blank) =>
            {
                let mut node = self.node(thing, embed, depth + 1);
                if !is_blank {
                    node.id = Some(name);
                }
                NodeValue::Node(node)
            }
            _ => NodeValue::Node(NodeObject::reference(name)),
        }
    }
}
