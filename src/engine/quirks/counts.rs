//! `COUNT` of an expression, which leaves out the rows where the expression has an error ([SPARQL 1.1,
//! 18.5.1.2](https://www.w3.org/TR/sparql11-query/#defn_aggCount)). The engine does so for variables alone: of any other
//! expression, an error in one row is the result.

use crate::algebra::{change, fresh, pattern_of_mut, variables};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, GraphPattern};

/// Makes each `COUNT` of an expression count the values of a variable.
pub(super) fn count_values(query: &mut Query) {
    let pattern = pattern_of_mut(query);
    let mut taken = variables(pattern).into_iter().cloned().collect();
    change(pattern, &mut |pattern| {
        if let GraphPattern::Group { inner, aggregates, .. } = pattern {
            for (_, aggregate) in aggregates {
                if let AggregateExpression::FunctionCall {
                    name: AggregateFunction::Count,
                    expr,
                    ..
                } = aggregate
                    && !matches!(expr, Expression::Variable(_))
                {
                    let variable = fresh("counted", &mut taken);
                    let expression = std::mem::replace(expr, variable.clone().into());
                    let counted = std::mem::take(inner);
                    *inner = GraphPattern::Extend { inner: counted, variable, expression }.into();
                }
            }
        }
        true
    });
}
