//! Queries whose results cannot be cited.

use super::citation::Reason;
use crate::algebra::{pattern_of, walk, walk_expressions};
use spargebra::Query;
use spargebra::algebra::{Expression, Function, GraphPattern};

/// Returns why the rows of a query cannot be traced, or `None` if they can. It cannot if the query uses another
/// endpoint or a function that is not deterministic.
pub(crate) fn untraceable(query: &Query) -> Option<Reason> {
    let mut reason = None;
    walk(pattern_of(query), &mut |pattern| {
        if matches!(pattern, GraphPattern::Service { .. }) {
            reason.get_or_insert(Reason::Service);
        }
        walk_expressions(pattern, &mut |expression| {
            if let Expression::FunctionCall(function, _) = expression
                && let Some(name) = changing(function)
            {
                reason.get_or_insert(Reason::Changing(name));
            }
        });
    });
    reason
}

const fn changing(function: &Function) -> Option<&'static str> {
    match function {
        Function::Rand => Some("RAND()"),
        Function::Now => Some("NOW()"),
        Function::Uuid => Some("UUID()"),
        Function::StrUuid => Some("STRUUID()"),
        Function::BNode => Some("BNODE()"),
        _ => None,
    }
}
