//! ORDER BY with sort keys that are totally ordered. The engine compares two values by meaning if it can, and otherwise
//! by text. That is not transitive: of `9`, `10` and `"1?"`, each sorts before the next, and the last before the first.
//! Sorting with such comparisons gives an arbitrary order, or ends the process. So the key of each value is computed
//! once, and the keys are compared.

use super::functions::with_own_functions;
use super::sort_key::sort_key;
use crate::algebra::{change, fresh, pattern_of, pattern_of_mut, variables, walk};
use crate::budget::Cancellation;
use oxigraph::model::{Literal, NamedNode};
use oxigraph::sparql::{PreparedSparqlQuery, SparqlEvaluator};
use spargebra::Query;
use spargebra::algebra::{Expression, Function, GraphPattern, OrderExpression};
use spargebra::term::Variable;
use std::collections::HashSet;

/// The name of the function that returns the key of a value. It is not a valid IRI, so no query can use it.
pub(crate) const SORT_KEY: &str = "sort key";

/// Returns a query that is ready to be evaluated until work is stopped, with its sorting done by keys. The
/// parameter says whether the data may have numbers that exceed the engine's types.
pub(crate) fn prepared(
    mut query: Query,
    until: &Cancellation,
    may_have_long_numbers: bool,
) -> PreparedSparqlQuery {
    let mut evaluator = SparqlEvaluator::new().with_cancellation_token(until.token());
    if is_sorted(&query) {
        sort_by_keys(&mut query);
        let name = NamedNode::new_unchecked(SORT_KEY);
        evaluator = evaluator.with_custom_function(name, |values| {
            Some(Literal::new_simple_literal(sort_key(values.first()?.clone())).into())
        });
    }
    with_own_functions(&mut query, evaluator, until, may_have_long_numbers).for_query(query)
}

fn is_sorted(query: &Query) -> bool {
    let mut is_sorted = false;
    walk(pattern_of(query), &mut |pattern| {
        is_sorted = is_sorted || matches!(pattern, GraphPattern::OrderBy { .. });
    });
    is_sorted
}

/// Replaces each value that a query sorts by with its key, which is computed beforehand.
fn sort_by_keys(query: &mut Query) {
    let mut taken: HashSet<Variable> = variables(pattern_of(query)).into_iter().cloned().collect();
    change(pattern_of_mut(query), &mut |pattern| {
        if let GraphPattern::OrderBy { inner, expression } = pattern {
            for order in expression {
                let (OrderExpression::Asc(value) | OrderExpression::Desc(value)) = order;
                let key = fresh("key", &mut taken);
                let value = std::mem::replace(value, key.clone().into());
                let function = Function::Custom(NamedNode::new_unchecked(SORT_KEY));
                **inner = GraphPattern::Extend {
                    inner: std::mem::take(inner),
                    variable: key,
                    expression: Expression::FunctionCall(function, vec![value]),
                };
            }
        }
        true
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::EngineQuery;
    use oxigraph::sparql::{QueryResults, QuerySolution};
    use spargebra::SparqlParser;
    use std::cmp::Reverse;

    fn rows(results: QueryResults<'_>) -> Vec<QuerySolution> {
        match results {
            QueryResults::Solutions(solutions) => solutions.map(Result::unwrap).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn what_has_no_order_for_the_engine_is_sorted() {
        let values: Vec<String> = (0..200)
            .map(|i| match i % 4 {
                0 => (i * 7919 % 1009).to_string(),
                1 => format!("\"{}?\"", i * 104_729 % 1013),
                2 => format!("\"{}\"@en", i * 7907 % 1019),
                _ => "UNDEF".to_owned(),
            })
            .collect();
        let text = format!(
            "SELECT ?v {{ VALUES ?v {{ {} }} {{ SELECT ?w {{ BIND(1 AS ?w) }} ORDER BY RAND() }} }} ORDER BY DESC(?v)",
            values.join(" ")
        );
        let query = SparqlParser::new().parse_query(&text).unwrap();
        let store = crate::engine::Store::of([]).unwrap();
        let rows = rows(store.evaluate_unplanned(EngineQuery::of_parts(query)).unwrap());
        assert_eq!(rows.len(), values.len());
        // An unbound value sorts before all others.
        assert!(rows.is_sorted_by_key(|row| Reverse(row.get("v").cloned().map(sort_key))));
    }
}
