//! Planning: the order and the kind of the joins in a group. Takes the algebra of a query and what is known of the
//! data, and returns the algebra that the engine evaluates.
//!
//! Oxigraph 0.5 orders joins by the shape of the patterns alone. It keeps the order of a `Lateral`, a loop that looks
//! up the right side for each row of the left, and it builds a hash table to join two sub-queries. So an ordered group
//! is a chain of `Lateral`, and a hash join is requested with a `Project` around each side. Conditions are not moved
//! here: the engine applies them as early as their variables allow.
//!
//! Planning keeps the solutions and their multiplicities; only their order may change. Anything whose result could
//! depend on the order is left as it is.

mod estimate;
mod group;
mod index;
mod knowledge;
mod order;
mod planner;
mod single;
mod statistics;
mod void;

pub use index::AccessPath;
pub use knowledge::{CountResult, Knowledge};
pub(crate) use statistics::FREQUENT;
pub use statistics::Statistics;

use crate::algebra::{pattern_of, pattern_of_mut, walk, with_variables_for_blank_nodes};
use planner::Planner;
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use spargebra::term::TermPattern;

/// A planned query, as the engine receives it.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The query.
    pub query: Query,
    /// The estimated rows of the joined patterns (triple patterns, paths and so on), and of their join.
    pub expected: Vec<(Vec<GraphPattern>, f64)>,
}

/// Returns whether a query has joins that planning could order.
pub(crate) fn has_joins(query: &Query) -> bool {
    let mut found = false;
    walk(pattern_of(query), &mut |pattern| {
        found = found
            || match pattern {
                GraphPattern::Bgp { patterns } => patterns.len() > 1,
                GraphPattern::Join { .. } => true,
                _ => false,
            };
    });
    found
}

/// How many solutions of a query the caller wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowGoal {
    /// All of them, as fast as possible.
    All,
    /// Only the first ones, without work for later ones.
    First(usize),
    /// All of them, provided there are no more than this.
    AtMost(usize),
}

/// Plans a query.
pub fn plan(query: &Query, knowledge: Knowledge<'_>, wanted: RowGoal) -> Plan {
    let mut query = query.clone();
    let most = match (wanted, &query) {
        (_, Query::Ask { .. }) => Some(1),
        (RowGoal::First(most), _) => Some(most),
        (RowGoal::All | RowGoal::AtMost(_), _) => None,
    };
    let pattern = pattern_of_mut(&mut query);
    if has_blank_nodes(pattern) {
        // A blank node means the same in its whole pattern. A sub-query around a part of the pattern would cut that
        // scope.
        *pattern = with_variables_for_blank_nodes(pattern);
    }
    let mut planner = Planner::new(knowledge);
    *pattern = planner.whole(pattern, most);
    let expected = planner.expected;
    Plan { query, expected }
}

fn has_blank_nodes(pattern: &GraphPattern) -> bool {
    let is_blank = |term: &TermPattern| matches!(term, TermPattern::BlankNode(_));
    let mut found = false;
    walk(pattern, &mut |pattern| {
        found = found
            || match pattern {
                GraphPattern::Bgp { patterns } => {
                    patterns.iter().any(|t| is_blank(&t.subject) || is_blank(&t.object))
                }
                GraphPattern::Path { subject, object, .. } => is_blank(subject) || is_blank(object),
                _ => false,
            };
    });
    found
}
