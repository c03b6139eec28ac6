//! Compares two datasets, with matching of blank nodes, and writes the diff.
//!
//! Quads without blank nodes are compared as they are. Blank nodes are distinguished by colour refinement. Isomorphic
//! components of blank nodes are matched by a bounded backtracking search. The remaining blank nodes are matched with
//! the most similar ones. A diff is correct for any matching: removing its deletions from the first dataset and adding
//! its additions gives the second. The bound and the similarity affect only its size. Two datasets with the same
//! canonical form ([RDFC-1.0](https://www.w3.org/TR/rdf-canon/)) have an empty diff, unless the bound was reached;
//! [`DatasetDiff::is_smallest_unknown`] reports that.

mod alignment;
mod colour;
mod files;
mod graph;
mod graph_changes;
mod isomorphism;
mod json;
mod matching;
mod pairs;
mod patch;
mod text;

pub use files::{FileChange, FileChangeKind, file_changes, write_file_changes};
pub use graph_changes::{ChangeCounts, ChangedTriple, GraphChanges, Side, blocks, counts};
pub use json::write_json;
pub use patch::write_patch;
pub use text::write_text;

use graph::{BlankNodeQuads, blank_nodes};
use oxigraph::model::{BlankNode, GraphName, NamedOrBlankNode, Quad, Term};
use rustc_hash::{FxHashMap, FxHashSet};

/// The changes that turn one dataset into another. Blank nodes have their labels in the first one; nodes that only the
/// second one has are called `new1`, `new2` and so on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatasetDiff {
    /// The quads of the first dataset only, in order.
    pub removed: Vec<Quad>,
    /// The quads of the second dataset only, in order.
    pub added: Vec<Quad>,
    /// Whether the comparison of blank nodes was abandoned at its bound, so that a smaller or empty diff may exist.
    pub is_smallest_unknown: bool,
}

impl DatasetDiff {
    /// Computes the diff of two datasets.
    pub fn between(one: &[Quad], other: &[Quad]) -> Self {
        let quads: FxHashSet<&Quad> = one.iter().collect();
        let other_quads: FxHashSet<&Quad> = other.iter().collect();
        let (one, ground) = split(&quads);
        let (other, other_ground) = split(&other_quads);
        let mut diff = Self {
            removed: ground.into_iter().filter(|q| !other_quads.contains(q)).cloned().collect(),
            added: other_ground.into_iter().filter(|q| !quads.contains(q)).cloned().collect(),
            is_smallest_unknown: false,
        };
        let graphs =
            [BlankNodeQuads::of(one.iter().copied()), BlankNodeQuads::of(other.iter().copied())];
        let (matching, given_up) = matching::matched(&graphs[0], &graphs[1]);
        let names = names(&graphs, &matching);
        let mut left: FxHashSet<&Quad> = one.iter().copied().collect();
        for quad in other {
            let quad = renamed(quad, &names);
            if !left.remove(&quad) {
                diff.added.push(quad);
            }
        }
        diff.removed.extend(left.into_iter().cloned());
        diff.is_smallest_unknown = given_up && !diff.is_empty();
        for quads in [&mut diff.removed, &mut diff.added] {
            quads.sort_by_cached_key(graph_changes::order);
        }
        diff
    }

    /// Returns whether both datasets are the same except for the labels of blank nodes.
    pub const fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.added.is_empty()
    }

    /// Applies the diff to the first dataset and returns the second.
    pub fn apply(&self, one: &[Quad]) -> Vec<Quad> {
        let removed: FxHashSet<&Quad> = self.removed.iter().collect();
        one.iter().filter(|quad| !removed.contains(quad)).chain(&self.added).cloned().collect()
    }
}

/// Separates the quads with blank nodes from those without.
fn split<'a>(quads: &FxHashSet<&'a Quad>) -> (Vec<&'a Quad>, Vec<&'a Quad>) {
    quads.iter().partition(|quad| blank_nodes(quad).next().is_some())
}

/// Names each blank node of the second dataset.
fn names<'a>(
    graphs: &[BlankNodeQuads<'a>; 2],
    pairs: &pairs::BlankNodePairs,
) -> FxHashMap<&'a str, BlankNode> {
    let mut number = 0;
    (0..graphs[1].nodes.len())
        .map(|node| {
            let name = match pairs.of(1, node) {
                Some(one) => BlankNode::new_unchecked(graphs[0].nodes[one]),
                None => loop {
                    number += 1;
                    let name = format!("new{number}");
                    if graphs[0].nodes.binary_search(&name.as_str()).is_err() {
                        break BlankNode::new_unchecked(name);
                    }
                },
            };
            (graphs[1].nodes[node], name)
        })
        .collect()
}

fn renamed(quad: &Quad, names: &FxHashMap<&str, BlankNode>) -> Quad {
    let mut quad = quad.clone();
    let subject = match &mut quad.subject {
        NamedOrBlankNode::BlankNode(node) => Some(node),
        NamedOrBlankNode::NamedNode(_) => None,
    };
    let object = match &mut quad.object {
        Term::BlankNode(node) => Some(node),
        _ => None,
    };
    let graph = match &mut quad.graph_name {
        GraphName::BlankNode(node) => Some(node),
        _ => None,
    };
    for node in [subject, object, graph].into_iter().flatten() {
        if let Some(name) = names.get(node.as_str()) {
            *node = name.clone();
        }
    }
    quad
}
