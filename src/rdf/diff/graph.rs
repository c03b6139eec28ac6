//! The part of a dataset with blank nodes, in a form for matching.

use oxigraph::model::{BlankNode, GraphName, NamedOrBlankNode, Quad, Term};
use rustc_hash::FxHashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The content of one of the four positions of a quad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Slot {
    /// The hash of an IRI, a literal or the default graph.
    Ground(u64),
    /// The index of a blank node.
    Node(usize),
}

/// The quads that mention blank nodes. A hash collision can make a diff larger than necessary, but not wrong, because
/// the diff itself compares the quads.
pub(super) struct BlankNodeQuads<'a> {
    /// The labels of the blank nodes, in order.
    pub nodes: Vec<&'a str>,
    /// The quads.
    pub quads: Vec<[Slot; 4]>,
    /// The quads that mention each blank node.
    pub incident: Vec<Vec<usize>>,
}

impl<'a> BlankNodeQuads<'a> {
    /// Builds the graph of those of the distinct quads that mention blank nodes.
    pub(super) fn of(quads: impl Iterator<Item = &'a Quad> + Clone) -> Self {
        let mut nodes: Vec<&str> =
            quads.clone().flat_map(blank_nodes).map(BlankNode::as_str).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let numbers: FxHashMap<&str, usize> = nodes.iter().copied().zip(0..).collect();
        let incident = vec![Vec::new(); nodes.len()];
        let mut graph = Self { nodes, quads: Vec::new(), incident };
        let node = |node: &BlankNode| {
            numbers.get(node.as_str()).map_or(Slot::Ground(0), |number| Slot::Node(*number))
        };
        for quad in quads {
            let slots = [
                match &quad.subject {
                    NamedOrBlankNode::BlankNode(subject) => node(subject),
                    NamedOrBlankNode::NamedNode(subject) => Slot::Ground(hash(subject)),
                },
                Slot::Ground(hash(&quad.predicate)),
                match &quad.object {
                    Term::BlankNode(object) => node(object),
                    object => Slot::Ground(hash(object)),
                },
                match &quad.graph_name {
                    GraphName::BlankNode(name) => node(name),
                    name => Slot::Ground(hash(name)),
                },
            ];
            let number = graph.quads.len();
            graph.quads.push(slots);
            for node in nodes_of(&slots) {
                if graph.incident[node].last() != Some(&number) {
                    graph.incident[node].push(number);
                }
            }
        }
        graph
    }

    /// Returns a hash of each quad that mentions a node, relative to that node. `other` gives the values of other
    /// nodes.
    pub(super) fn views<'g>(
        &'g self,
        node: usize,
        other: impl Fn(usize) -> u64 + 'g,
    ) -> impl Iterator<Item = u64> + 'g {
        self.incident[node].iter().map(move |&quad| {
            hash(&self.quads[quad].map(|slot| match slot {
                Slot::Ground(ground) => (0_u8, ground),
                Slot::Node(this) if this == node => (1, 0),
                Slot::Node(this) => (2, other(this)),
            }))
        })
    }

    /// Returns the neighbours of a node, each with a hash of the link that represents other nodes by their colours.
    pub(super) fn neighbours<'g>(
        &'g self,
        node: usize,
        colours: &'g [u64],
    ) -> impl Iterator<Item = (u64, usize)> + 'g {
        self.incident[node].iter().flat_map(move |&quad| {
            let slots = self.quads[quad];
            nodes_of(&slots).filter(move |child| *child != node).map(move |child| {
                let key = hash(&slots.map(|slot| match slot {
                    Slot::Ground(ground) => (0_u8, ground),
                    Slot::Node(this) if this == node => (1, 0),
                    Slot::Node(this) if this == child => (3, colours[this]),
                    Slot::Node(this) => (2, colours[this]),
                }));
                (key, child)
            })
        })
    }
}

/// Returns the blank nodes of a quad.
pub(super) fn blank_nodes(quad: &Quad) -> impl Iterator<Item = &BlankNode> {
    let subject = match &quad.subject {
        NamedOrBlankNode::BlankNode(node) => Some(node),
        NamedOrBlankNode::NamedNode(_) => None,
    };
    let object = match &quad.object {
        Term::BlankNode(node) => Some(node),
        _ => None,
    };
    let graph = match &quad.graph_name {
        GraphName::BlankNode(node) => Some(node),
        _ => None,
    };
    [subject, object, graph].into_iter().flatten()
}

/// Returns the indexes of the blank nodes of a quad.
pub(super) fn nodes_of(slots: &[Slot; 4]) -> impl Iterator<Item = usize> + use<> {
    slots
        .map(|slot| match slot {
            Slot::Node(node) => Some(node),
            Slot::Ground(_) => None,
        })
        .into_iter()
        .flatten()
}

/// Returns a hash that is the same in every run.
pub(super) fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
