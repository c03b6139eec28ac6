//! What the blank nodes of files are called.

use oxigraph::model::{BlankNode, GraphName, NamedOrBlankNode, Quad, Term};
use std::collections::HashMap;

/// What the blank nodes of files are called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BlankNodeNames {
    /// Those of N-Triples and N-Quads keep their labels; of several files, each file's get its number before them. Those
    /// of other formats are named in the order in which they stand, for many have no label.
    #[default]
    Labels,
    /// The same, but what is read is added to what was read before: with this number, which no other load has, they get
    /// names that none of those has.
    OfLoad(u64),
    /// All are named in the order in which they stand: `b<file>-<n>`.
    InOrder,
}

/// Gives the blank nodes of a quad names that those of no other load have.
pub(crate) fn keep_apart(load: u64, quad: &mut Quad) {
    LabelPolicy::of(BlankNodeNames::OfLoad(load), 0, false).prefix(quad);
}

/// How the labels of blank nodes are treated where lines are parsed.
pub(super) enum LabelPolicy {
    Kept,
    Prefixed(String),
    /// They are named afterwards, in the order in which they stand.
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

    /// Puts before the labels of a quad what has to stand before them.
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
    /// The names of those of the file with this number.
    pub(super) fn of(number: usize) -> Self {
        Self { prefix: format!("b{number}"), names: HashMap::new() }
    }

    /// The names of those of a file that is added to others: `b<load>-<number>-<n>`.
    pub(super) fn of_load(load: u64, number: usize) -> Self {
        Self { prefix: format!("b{load}-{number}"), names: HashMap::new() }
    }

    /// Begins anew: the first one that is named has the first name again.
    pub(super) fn forget(&mut self) {
        self.names.clear();
    }

    /// Names the blank nodes of a quad.
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

/// Changes the blank nodes of a quad.
fn each_blank_node(quad: &mut Quad, mut change: impl FnMut(&mut BlankNode)) {
    if let NamedOrBlankNode::BlankNode(node) = &mut quad.subject {
        change(node);
    }
    if let Term::BlankNode(node) = &mut quad.object {
        change(node);
    }
    if let GraphName::BlankNode(node) = &mut quad.graph_name {
        change(node);
    }
}
