//! `COUNT(DISTINCT *)`, which counts solutions by their variables ([SPARQL 1.1,
//! 18.5.1.2](https://www.w3.org/TR/sparql11-query/#defn_aggCount)). The engine also distinguishes solutions by the
//! values of blank nodes and of the variables that rewritten paths introduce.

use crate::algebra::{change, in_scope, pattern_of_mut};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, GraphPattern};

/// Restricts each `COUNT(DISTINCT *)` to the variables of the query.
pub(super) fn count_by_variables(query: &mut Query) {
    change(pattern_of_mut(query), &mut |pattern| {
        if let GraphPattern::Group { inner, aggregates, .. } = pattern
            && aggregates.iter().any(|(_, aggregate)| counts_distinct_solutions(aggregate))
        {
            let variables = in_scope(inner).into_iter().collect();
            *inner = GraphPattern::Project { inner: std::mem::take(inner), variables }.into();
        }
        true
    });
}

const fn counts_distinct_solutions(aggregate: &AggregateExpression) -> bool {
    matches!(aggregate, AggregateExpression::CountSolutions { distinct: true })
}
