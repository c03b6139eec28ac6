//! Supports results of SELECT expressions in later ones of the same SELECT: `(COUNT(?x) AS ?n) (?n * 2 AS ?m)`.
//! [SPARQL 1.1, 16.1.2](https://www.w3.org/TR/sparql11-query/#selectExpressions) allows them. If there are groups, the
//! parser rejects them, except inside COALESCE, whose operands it does not check.

use crate::algebra::{change, for_each_operand};
use crate::sparql::with_edits;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::{Query, SparqlParser, SparqlSyntaxError};
use std::collections::HashSet;
use std::ops::Range;

/// What the parser is given in another form than it is written in.
pub(super) struct Edited {
    /// The spans of variables that are results of earlier SELECT expressions.
    pub aliases: Vec<Range<usize>>,
    /// Other spans, with the text in their place.
    pub names: Vec<(Range<usize>, String)>,
}

/// Parses a query, parts of which are given to the parser in another form.
///
/// # Errors
/// As the parser's. If there are such parts, its columns refer to the edited text.
pub(super) fn parse(
    parser: SparqlParser,
    text: &str,
    edited: Edited,
) -> Result<Query, SparqlSyntaxError> {
    if edited.aliases.is_empty() && edited.names.is_empty() {
        return parser.parse_query(text);
    }
    let names: HashSet<&str> =
        edited.aliases.iter().map(|span| &text[span.start + 1..span.end]).collect();
    let in_coalesce = |span: Range<usize>| (span.clone(), format!("COALESCE({})", &text[span]));
    let edits = edited.aliases.into_iter().map(in_coalesce).chain(edited.names).collect();
    let accepted = with_edits(text, edits);
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
