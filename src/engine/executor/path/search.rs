//! Breadth-first searches for the nodes to which a path leads.

use crate::engine::executor::operator::Context;
use crate::engine::index::TripleIndex;
use oxigraph::sparql::QueryEvaluationError;
use rustc_hash::FxHashSet;

/// How often a step may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine::executor) enum Repeat {
    ZeroOrOne,
    ZeroOrMore,
    OneOrMore,
}

/// A path from one node to others. The end where it begins is that of the search, not that of the triples.
pub(in crate::engine::executor) enum Step {
    /// From the subject to the object of the triples with a property, or back. No triple has the property `None`.
    Property {
        property: Option<u32>,
        is_backward: bool,
    },
    /// The same for all properties but some.
    Except {
        properties: Vec<u32>,
        is_backward: bool,
    },
    /// One path after the other, with the nodes between them while they are followed.
    Sequence(Box<Self>, Box<Self>, Vec<u32>),
    Either(Box<Self>, Box<Self>),
    Repeated(Repeat, Box<Self>, Search),
}

impl Repeat {
    /// Returns whether a path of this kind connects each node with itself.
    pub(super) const fn has_zero(self) -> bool {
        matches!(self, Self::ZeroOrOne | Self::ZeroOrMore)
    }
}

impl Step {
    /// Repeats a path. A repetition of a repetition becomes a single one.
    pub(in crate::engine::executor) fn repeated(self, repeat: Repeat) -> Self {
        match self {
            Self::Repeated(inner, step, search) => {
                let repeat = if inner == repeat { repeat } else { Repeat::ZeroOrMore };
                Self::Repeated(repeat, step, search)
            }
            step => Self::Repeated(repeat, Box::new(step), Search::default()),
        }
    }

    /// Adds the nodes to which the path leads from a node, some perhaps more than once.
    ///
    /// # Errors
    /// Fails if the evaluation is cancelled.
    pub(super) fn follow(
        &mut self,
        node: u32,
        context: &Context,
        found: &mut Vec<u32>,
    ) -> Result<(), QueryEvaluationError> {
        let index = &context.index;
        match self {
            Self::Property { property: None, .. } => {}
            Self::Property { property, is_backward: false } => {
                let range = index.find(Some(node), *property, None);
                found.extend(range.pairs(index).iter().map(|&[_, object]| object));
            }
            Self::Property { property, is_backward: true } => {
                let range = index.find(None, *property, Some(node));
                found.extend(range.pairs(index).iter().map(|&[_, subject]| subject));
            }
            Self::Except { properties, is_backward } => {
                let range = match is_backward {
                    false => index.find(Some(node), None, None),
                    true => index.find(None, None, Some(node)),
                };
                let pairs = range.pairs(index).iter();
                let pairs = pairs.filter(|[property, _]| !properties.contains(property));
                found.extend(pairs.map(|&[_, other]| other));
            }
            Self::Sequence(first, second, between) => {
                between.clear();
                first.follow(node, context, between)?;
                between.sort_unstable();
                between.dedup();
                for &node in &*between {
                    context.check()?;
                    second.follow(node, context, found)?;
                }
            }
            Self::Either(first, second) => {
                first.follow(node, context, found)?;
                second.follow(node, context, found)?;
            }
            Self::Repeated(repeat, step, search) => {
                search.begin(node, *repeat, &context.index);
                while search.advance(step, context)? {}
                found.extend_from_slice(&search.found);
            }
        }
        Ok(())
    }

    /// Returns the nodes from which the path leads anywhere, and perhaps others, sorted.
    pub(super) fn sources(&self, index: &TripleIndex) -> Vec<u32> {
        let all = |position| index.counts(position, 0).map(|(node, _)| node).collect();
        let mut nodes: Vec<u32> = match self {
            Self::Property { property: None, .. } => Vec::new(),
            Self::Property { property, is_backward } => {
                let place = usize::from(*is_backward);
                let range = index.find(None, *property, None);
                let mut nodes: Vec<u32> =
                    range.pairs(index).iter().filter_map(|pair| pair.get(place)).copied().collect();
                nodes.sort_unstable();
                nodes
            }
            Self::Except { is_backward: false, .. } => all(0),
            Self::Except { is_backward: true, .. } => all(2),
            Self::Sequence(first, ..) => first.sources(index),
            Self::Either(first, second) => {
                let mut nodes = first.sources(index);
                nodes.append(&mut second.sources(index));
                nodes.sort_unstable();
                nodes
            }
            Self::Repeated(repeat, ..) if repeat.has_zero() => nodes(index).collect(),
            Self::Repeated(_, step, _) => step.sources(index),
        };
        nodes.dedup();
        nodes
    }
}

/// Returns the nodes of the graph, its subjects and objects.
pub(super) fn nodes(index: &TripleIndex) -> impl Iterator<Item = u32> {
    let terms = u32::try_from(index.terms()).unwrap_or(u32::MAX);
    (0..terms).filter(|&node| is_node(index, node))
}

/// Returns whether a term is a subject or an object.
pub(super) fn is_node(index: &TripleIndex, node: u32) -> bool {
    index.out_degree(node) > 0 || index.in_degree(node) > 0
}

/// A search from a node, which can be continued.
#[derive(Default)]
pub(in crate::engine::executor) struct Search {
    start: Option<u32>,
    /// Whether the start has not been followed.
    is_new: bool,
    is_once: bool,
    found: Vec<u32>,
    /// The number of nodes found that have been followed.
    followed: usize,
    is_found: NodeSet,
    /// The nodes to which the current one leads.
    reached: Vec<u32>,
}

impl Search {
    /// Begins a search from a node.
    pub(super) fn begin(&mut self, start: u32, repeat: Repeat, index: &TripleIndex) {
        self.is_found.clear(&self.found);
        self.found.clear();
        self.start = Some(start);
        (self.is_new, self.is_once) = (true, repeat == Repeat::ZeroOrOne);
        self.followed = 0;
        if repeat.has_zero() {
            self.is_found.insert(start, index.terms());
            self.found.push(start);
            self.followed = 1;
        }
    }

    pub(super) fn is_from(&self, start: u32) -> bool {
        self.start == Some(start)
    }

    pub(super) fn has_found(&self, node: u32) -> bool {
        self.is_found.contains(node)
    }

    /// Returns the nodes that have been found.
    pub(super) fn found(&self) -> &[u32] {
        &self.found
    }

    /// Follows one more node. Returns whether there was one.
    ///
    /// # Errors
    /// Fails if the evaluation is cancelled.
    pub(super) fn advance(
        &mut self,
        step: &mut Step,
        context: &Context,
    ) -> Result<bool, QueryEvaluationError> {
        let node = match (self.start, self.found.get(self.followed)) {
            (Some(start), _) if self.is_new => start,
            (_, Some(&node)) if !self.is_once => {
                self.followed += 1;
                node
            }
            _ => return Ok(false),
        };
        self.is_new = false;
        context.check()?;
        self.reached.clear();
        step.follow(node, context, &mut self.reached)?;
        for &node in &self.reached {
            if self.is_found.insert(node, context.index.terms()) {
                self.found.push(node);
            }
        }
        Ok(true)
    }
}

/// The most nodes of a hash table.
const FEW: usize = 1_000;

/// A set of nodes: a hash table of few nodes, or a bit for each term.
enum NodeSet {
    Few(FxHashSet<u32>),
    Many(Vec<u64>),
}

impl Default for NodeSet {
    fn default() -> Self {
        Self::Few(FxHashSet::default())
    }
}

impl NodeSet {
    /// Removes all nodes, which are given.
    fn clear(&mut self, nodes: &[u32]) {
        match self {
            Self::Few(few) => few.clear(),
            Self::Many(bits) => {
                for &node in nodes {
                    if let Some(word) = bits.get_mut(node as usize / 64) {
                        *word = 0;
                    }
                }
            }
        }
    }

    /// Adds a node. Returns whether it is new.
    fn insert(&mut self, node: u32, terms: usize) -> bool {
        if let Self::Few(few) = self {
            if few.len() < FEW {
                return few.insert(node);
            }
            let mut bits = vec![0; terms / 64 + 1];
            for &node in &*few {
                set(&mut bits, node);
            }
            *self = Self::Many(bits);
        }
        match self {
            Self::Many(bits) => set(bits, node),
            Self::Few(_) => false,
        }
    }

    fn contains(&self, node: u32) -> bool {
        match self {
            Self::Few(few) => few.contains(&node),
            Self::Many(bits) => {
                bits.get(node as usize / 64).is_some_and(|word| word >> (node % 64) & 1 == 1)
            }
        }
    }
}

/// Sets the bit of a node. Returns whether it was not set.
fn set(bits: &mut Vec<u64>, node: u32) -> bool {
    let (place, bit) = (node as usize / 64, 1_u64 << (node % 64));
    if place >= bits.len() {
        // The term occurs in the query only.
        bits.resize(place + 1, 0);
    }
    match bits.get_mut(place) {
        Some(word) if *word & bit == 0 => {
            *word |= bit;
            true
        }
        _ => false,
    }
}
