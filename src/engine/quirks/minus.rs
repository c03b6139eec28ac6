//! A MINUS whose sides share no variable, which removes nothing ([SPARQL 1.1,
//! 18.5](https://www.w3.org/TR/sparql11-query/#defn_algMinus)). The engine treats the variable of a GRAPH, and the
//! bindings of an EXISTS, as shared by all sides inside.

use crate::algebra::{change, in_scope, pattern_of_mut};
use spargebra::Query;
use spargebra::algebra::GraphPattern;

/// Removes each MINUS whose sides share no variable.
pub(super) fn drop_disjoint(query: &mut Query) {
    change(pattern_of_mut(query), &mut |pattern| {
        while let GraphPattern::Minus { left, right } = pattern
            && in_scope(left).is_disjoint(&in_scope(right))
        {
            *pattern = std::mem::take(left);
        }
        true
    });
}
