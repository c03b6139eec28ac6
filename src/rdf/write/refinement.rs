//! Orders the nodes of a graph by its structure, independently of their names.
//!
//! An ordered partition is refined after [Paige and Tarjan](https://doi.org/10.1137/0216062), processing only the
//! smaller parts. Then the nodes of one class look the same from any distance. The time is proportional to the edges
//! times the logarithm of the nodes. If a class is left with several nodes, one of them is set apart, which
//! distinguishes others in turn. The choice does not matter if the nodes are interchangeable, as in chains, cycles,
//! trees, grids and copies of anything. It may matter in strongly regular graphs, for example.

use std::collections::VecDeque;

/// The edges at each node, with their labels.
pub(super) struct Edges {
    /// The index at which the edges of each node begin, then the total.
    starts: Vec<usize>,
    edges: Vec<(u32, u32)>,
}

impl Edges {
    /// Groups edges, each a source, a label and a target, by source. `nodes` is the number of nodes.
    pub(super) fn of(nodes: usize, mut edges: Vec<(u32, u32, u32)>) -> Self {
        edges.sort_unstable();
        let starts = (0..=nodes)
            .map(|node| edges.partition_point(|(from, ..)| (*from as usize) < node))
            .collect();
        Self { starts, edges: edges.into_iter().map(|(_, label, to)| (label, to)).collect() }
    }

    fn at(&self, node: u32) -> &[(u32, u32)] {
        let node = node as usize;
        &self.edges[self.starts[node]..self.starts[node + 1]]
    }
}

/// Returns the position of each node in the order. `ranks` is the initial order of the nodes.
pub(super) fn places(ranks: &[u32], edges: &Edges) -> Vec<usize> {
    let mut partition = Partition::by(ranks);
    partition.refine(edges);
    let mut at = 0;
    while let Some(length) = partition.lengths.get(at) {
        if *length == 1 {
            at += 1;
        } else {
            partition.set_one_apart(at);
            partition.refine(edges);
        }
    }
    partition.places
}

/// An ordered partition of the nodes into classes. A class is identified by the position at which it begins.
struct Partition {
    order: Vec<u32>,
    /// The position of each node in the order.
    places: Vec<usize>,
    /// The class of each node.
    classes: Vec<usize>,
    /// The number of nodes of the class that begins at a position.
    lengths: Vec<usize>,
    /// The classes that may split other classes.
    queue: VecDeque<usize>,
    is_queued: Vec<bool>,
}

impl Partition {
    fn by(ranks: &[u32]) -> Self {
        let rank = |node: u32| ranks[node as usize];
        let mut order: Vec<u32> = (0..).take(ranks.len()).collect();
        order.sort_by_key(|node| rank(*node));
        let mut partition = Self {
            places: vec![0; order.len()],
            classes: vec![0; order.len()],
            lengths: vec![0; order.len()],
            queue: VecDeque::new(),
            is_queued: vec![false; order.len()],
            order: Vec::new(),
        };
        let mut class = 0;
        for same in order.chunk_by(|a, b| rank(*a) == rank(*b)) {
            for (place, node) in (class..).zip(same) {
                partition.places[*node as usize] = place;
                partition.classes[*node as usize] = class;
            }
            partition.lengths[class] = same.len();
            partition.enqueue(class);
            class += same.len();
        }
        partition.order = order;
        partition
    }

    fn enqueue(&mut self, class: usize) {
        if !std::mem::replace(&mut self.is_queued[class], true) {
            self.queue.push_back(class);
        }
    }

    /// Moves the last node of a class into a class of its own.
    fn set_one_apart(&mut self, class: usize) {
        self.lengths[class] -= 1;
        let last = class + self.lengths[class];
        self.lengths[last] = 1;
        self.classes[self.order[last] as usize] = last;
        self.enqueue(last);
    }

    /// Splits classes until the nodes of each have the same edges to each class.
    fn refine(&mut self, edges: &Edges) {
        while let Some(class) = self.queue.pop_front() {
            self.is_queued[class] = false;
            let mut reached: Vec<(usize, u32, u32)> = self.order[class..][..self.lengths[class]]
                .iter()
                .flat_map(|node| edges.at(*node))
                .map(|(label, to)| (self.classes[*to as usize], *to, *label))
                .filter(|(class, ..)| self.lengths[*class] > 1)
                .collect();
            reached.sort_unstable();
            let labels: Vec<u32> = reached.iter().map(|(.., label)| *label).collect();
            let mut start = 0;
            for same in reached.chunk_by(|(a, ..), (b, ..)| a == b) {
                let mut nodes: Vec<(&[u32], u32)> = Vec::new();
                for of_node in same.chunk_by(|(_, a, _), (_, b, _)| a == b) {
                    nodes.push((&labels[start..][..of_node.len()], of_node[0].1));
                    start += of_node.len();
                }
                nodes.sort_unstable();
                self.split(same[0].0, &nodes);
            }
        }
    }

    /// Splits a class by the labels of the edges that reach its nodes. Nodes that are not reached come first.
    fn split(&mut self, class: usize, reached: &[(&[u32], u32)]) {
        let end = class + self.lengths[class];
        for (place, (_, node)) in (0..end).rev().zip(reached.iter().rev()) {
            let (from, other) = (self.places[*node as usize], self.order[place]);
            self.order.swap(from, place);
            self.places[*node as usize] = place;
            self.places[other as usize] = from;
        }
        let mut parts = Vec::new();
        let mut start = end - reached.len();
        if start > class {
            parts.push((class, start - class));
        }
        for same in reached.chunk_by(|(a, _), (b, _)| a == b) {
            for (_, node) in same {
                self.classes[*node as usize] = start;
            }
            parts.push((start, same.len()));
            start += same.len();
        }
        // If the class has been processed, the other parts split everything that the largest would.
        let is_processed = !self.is_queued[class];
        let largest = parts.iter().max_by_key(|(_, length)| *length).map(|(start, _)| *start);
        for (start, length) in parts {
            self.lengths[start] = length;
            if !(is_processed && Some(start) == largest) {
                self.enqueue(start);
            }
        }
    }
}
