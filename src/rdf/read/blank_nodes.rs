//! Names the blank nodes of files.

use oxigraph::model::{BlankNode, GraphName, NamedOrBlankNode, Quad};
use std::collections::HashMap;

/// The names of the blank nodes of files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BlankNodeNames {
    /// N-Triples and N-Quads keep their labels; if there are several files, the file's number precedes each label.
    /// Blank nodes of other formats are named in order of occurrence, because many have no label.
    #[default]
    Labels,
    /// Like `Labels`, for data that is added to existing data. The number, unique to this load, makes the names
    /// distinct from those of other loads.
    OfLoad(u64),
    /// All are named in order of occurrence: `b<file>-<n>`.
    InOrder,
}

/// Renames the blank nodes of a quad to names that no other load uses.
pub(crate) fn keep_apart(load: u64, quad: &mut Quad) {
    LabelPolicy::of(BlankNodeNames::OfLoad(load), 0, false).prefix(quad);
}

/// How the line parsers treat labels of blank nodes.
pub(super) enum LabelPolicy {
    Kept,
    Prefixed(String),
    /// Named afterwards, in order of occurrence.
    InOrder,
}

impl LabelPolicy {
    pub(super) fn of(names: BlankNodeNames, number: usize, are_several: bool) -> Self {
        match names {
            BlankNodeNames::Labels if are_several => Self::Prefixed(format!("f{number}-")),
            BlankNodeNames::Labels => Self::Kept,
            BlankNodeNames::OfLoad(load) => Self::Prefixed(format!("f{load}-{number}-")),
            BlankNodeNames::InOrder => Self::InOrder,
        }
    }

    /// Adds the prefix of the policy to the labels of a quad.
    pub(super) fn prefix(&self, quad: &mut Quad) {
        if let Self::Prefixed(prefix) = self {
            each_blank_node(quad, |node| {
                *node = BlankNode::new_unchecked(format!("{prefix}{}", node.as_str()));
            });
        }
    }
}

/// The names of the blank nodes of one file: `b<number>-<n>`.
pub(super) struct BlankNodes {
    prefix: String,
    names: HashMap<BlankNode, BlankNode>,
}

impl BlankNodes {
    /// Creates the names for the file with this number.
    pub(super) fn of(number: usize) -> Self {
        Self { prefix: format!("b{number}"), names: HashMap::new() }
    }

    /// Creates the names for a file that is added to existing data: `b<load>-<number>-<n>`.
    pub(super) fn of_load(load: u64, number: usize) -> Self {
        Self { prefix: format!("b{load}-{number}"), names: HashMap::new() }
    }

    /// Starts again with the first name.
    pub(super) fn forget(&mut self) {
        self.names.clear();
    }

    /// Renames the blank nodes of a quad.
    pub(super) fn rename(&mut self, quad: &mut Quad) {
        each_blank_node(quad, |node| *node = self.name(node));
    }

    fn name(&mut self, node: &BlankNode) -> BlankNode {
        if let Some(name) = self.names.get(node) {
            return name.clone();
        }
        let name = BlankNode::new_unchecked(format!("{}-{}", self.prefix, self.names.len() + 1));
        self.names.insert(node.clone(), name.clone());
        name
    }
}

/// Calls `change` for each blank node of a quad.
fn each_blank_node(quad: &mut Quad, mut change: impl FnMut(&mut BlankNode)) {
    if let NamedOrBlankNode::BlankNode(node) = &mut quad.subject {
        change(node);
    }
    crate::vocabulary::each_blank_node(&mut quad.object, &mut change);
    if let GraphName::BlankNode(node) = &mut quad.graph_name {
        change(node);
    }
}
