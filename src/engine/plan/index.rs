//! How the engine finds triples, and what that costs.

/// The costs of index operations, in units of about 0.1 µs.
mod cost {
    /// Skipping one triple in memory.
    pub(super) const PASS: f64 = 1.5;
    /// Seeking in a sorted array in memory.
    pub(super) const STEP: f64 = 1.0;
    /// Reading one triple after that.
    pub(super) const TAKE: f64 = 0.1;
    /// Seeking in a sorted index on disk.
    pub(super) const SEARCH: f64 = 120.0;
    /// Reading one triple after that.
    pub(super) const READ: f64 = 2.0;
}

/// How the engine finds the triples that match a pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AccessPath {
    /// The engine's own store in memory: it scans all quads of the subject, the property or the object, whichever are
    /// fewest.
    Chains {
        /// The average number of graphs that contain a triple.
        copies: f64,
    },
    /// Sorted arrays: a seek leads directly to the matches, and is cheap.
    Arrays,
    /// A store on disk: a seek in a sorted index leads directly to the matches, but is expensive.
    Sorted,
}

impl AccessPath {
    /// Returns the cost of finding the matching triples, where `fewest` is the smallest number of triples of one of the
    /// terms.
    pub(super) fn cost(self, fewest: f64, matching: f64) -> f64 {
        match self {
            Self::Chains { copies } => cost::PASS * fewest * copies,
            Self::Arrays => cost::STEP + cost::TAKE * matching,
            Self::Sorted => cost::SEARCH + cost::READ * matching,
        }
    }
}
