//! How the engine finds triples, and what that costs.

/// What things cost in an index, in about tenths of a microsecond.
mod cost {
    /// To pass by one triple in memory.
    pub(super) const PASS: f64 = 1.5;
    /// To go to a place of a sorted array in memory.
    pub(super) const STEP: f64 = 1.0;
    /// To read one triple there.
    pub(super) const TAKE: f64 = 0.1;
    /// To go to a place of a sorted index on disk.
    pub(super) const SEARCH: f64 = 120.0;
    /// To read one triple there.
    pub(super) const READ: f64 = 2.0;
}

/// How the engine finds the triples that match a pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AccessPath {
    /// In its own store in memory it passes by all quads of the subject, of the property or of the object, whichever are fewest.
    Chains {
        /// In how many graphs a triple stands, on average.
        copies: f64,
    },
    /// In sorted arrays it goes to those that match, and soon.
    Arrays,
    /// In its store on disk it goes to those that match, in a sorted index: no others are passed by, but going there takes long.
    Sorted,
}

impl AccessPath {
    /// What it costs to find the triples that match, among the fewest that one of their terms leads to.
    pub(super) fn cost(self, fewest: f64, matching: f64) -> f64 {
        match self {
            Self::Chains { copies } => cost::PASS * fewest * copies,
            Self::Arrays => cost::STEP + cost::TAKE * matching,
            Self::Sorted => cost::SEARCH + cost::READ * matching,
        }
    }
}
