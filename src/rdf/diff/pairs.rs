//! Pairs of matching blank nodes of two graphs.

/// Pairs of blank nodes by index; each node is in at most one pair.
pub(super) struct BlankNodePairs {
    of: [Vec<Option<usize>>; 2],
}

impl BlankNodePairs {
    /// Creates an empty set of pairs for graphs of these sizes.
    pub(super) fn none(nodes: [usize; 2]) -> Self {
        Self { of: nodes.map(|nodes| vec![None; nodes]) }
    }

    /// Adds a pair.
    pub(super) fn pair(&mut self, one: usize, other: usize) {
        self.of[0][one] = Some(other);
        self.of[1][other] = Some(one);
    }

    /// Returns the partner of a node of the first (0) or second (1) graph.
    pub(super) fn of(&self, side: usize, node: usize) -> Option<usize> {
        self.of[side][node]
    }

    /// Swaps the two graphs.
    pub(super) fn turn(&mut self) {
        self.of.reverse();
    }
}
