//! Supports results of SELECT expressions in later ones of the same SELECT: `(COUNT(?x) AS ?n) (?n * 2 AS ?m)`.
//! [SPARQL 1.1, 16.1.2](https://www.w3.org/TR/sparql11-query/#selectExpressions) allows them. If there are groups, the
//! parser rejects them, except inside COALESCE, whose operands it does not check.

use crate::algebra::{change, for_each_operand};
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::{Query, SparqlParser, SparqlSyntaxError};
use std::collections::HashSet;
use std::ops::Range;

/// Parses a query in which the variables at these spans are results of earlier SELECT expressions.
///
/// # Errors
/// As the parser's. If there are aliases, its columns refer to a text in which they are wrapped in COALESCE.
pub(super) fn parse(
    parser: SparqlParser,
    text: &str,
    mut aliases: Vec<Range<usize>>,
) -> Result<Query, SparqlSyntaxError> {
    if aliases.is_empty() {
        return parser.parse_query(text);
    }
    aliases.sort_by_key(|span| span.start);
    let mut names = HashSet::new();
    let mut accepted = String::with_capacity(text.len() + 10 * aliases.len());
    let mut copied = 0;
    for span in aliases {
        names.insert(&text[span.start + 1..span.end]);
        accepted.push_str(&text[copied..span.start]);
        accepted.push_str("COALESCE(");
        accepted.push_str(&text[span.clone()]);
        accepted.push(')');
        copied = span.end;
    }
    accepted.push_str(&text[copied..]);
    let mut query = parser.parse_query(&accepted)?;
    let (Query::Select { pattern, .. }
    | Query::Construct { pattern, .. }
    | Query::Describe { pattern, .. }
    | Query::Ask { pattern, .. }) = &mut query;
    change(pattern, &mut |pattern| {
        if let GraphPattern::Extend { expression, .. } = pattern {
            unwrap(expression, &names);
        }
        true
    });
    Ok(query)
}

/// Replaces each COALESCE whose only operand is one of these variables by the variable, which has the same value.
fn unwrap(expression: &mut Expression, names: &HashSet<&str>) {
    if let Expression::Coalesce(operands) = expression
        && let [Expression::Variable(variable)] = operands.as_slice()
        && names.contains(variable.as_str())
    {
        *expression = Expression::Variable(variable.clone());
        return;
    }
    for_each_operand(expression, &mut |operand| unwrap(operand, names));
}
