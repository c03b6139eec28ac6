//! Planning: in which order the parts of a group are joined, and how. The algebra of a query and what is known of the
//! data give the algebra that the engine is handed.
//!
//! Oxigraph 0.5 orders joins by the shape of the patterns alone. It keeps the order of what is written as a `Lateral`,
//! which is a loop that looks the right side up for each row of the left, and it builds a hash table for a join of two
//! sub-queries. So an ordered group is a chain of `Lateral`, and a hash table is asked for by a `Project` around each
//! side. Conditions are not moved here: the engine takes them as early as their variables allow.
//!
//! The solutions are the same with and without, each as many times; only their order may be another one. What could
//! give something else in another order is left as it is.

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

/// A query as it is handed to the engine.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The query.
    pub query: Query,
    /// How many rows parts of it were expected to give: the triple patterns, paths and so on that are joined, and the
    /// rows of their join.
    pub expected: Vec<(Vec<GraphPattern>, f64)>,
}

/// Whether there is anything in a query that planning could order.
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
    /// All of them, as soon as can be.
    All,
    /// So many, the first ones: without work for those that come later, if there should be more.
    First(usize),
    /// All of them, as long as they are no more than this.
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
        // A blank node of a pattern has one meaning in all of it, which a sub-query around a part of it would cut.
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
