//! Which blank nodes of two graphs are the same.

/// Pairs of blank nodes, by their numbers; each is in one pair at most.
pub(super) struct BlankNodePairs {
    of: [Vec<Option<usize>>; 2],
}

impl BlankNodePairs {
    /// No pairs, of graphs with so many nodes.
    pub(super) fn none(nodes: [usize; 2]) -> Self {
        Self { of: nodes.map(|nodes| vec![None; nodes]) }
    }

    /// Takes down a pair.
    pub(super) fn pair(&mut self, one: usize, other: usize) {
        self.of[0][one] = Some(other);
        self.of[1][other] = Some(one);
    }

    /// The node that one of the first (0) or of the second (1) graph is in the other.
    pub(super) fn of(&self, side: usize, node: usize) -> Option<usize> {
        self.of[side][node]
    }

    /// Makes the second graph the first.
    pub(super) fn turn(&mut self) {
        self.of.reverse();
    }
}
