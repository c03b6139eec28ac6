//! Evaluates queries on the numbers of the index: blocks of columns pass from operator to operator, and a number
//! becomes a term only where its value matters.
//!
//! The design is that of vectorized engines (Boncz, Zukowski and Nes: MonetDB/X100, CIDR 2005) over an index of
//! dictionary-encoded triples (Neumann and Weikum: RDF-3X, VLDB 2008). An expression is evaluated by the engine itself,
//! once for each distinct combination of the values of its variables, so its results are the engine's.
//!
//! ```text
//! compile            │ from algebra to operators, or `None` for what is left to the engine
//!                    ▼
//! group order rows   │ the operators
//! condition join scan
//!                    ▼
//! evaluator          │ expressions and aggregates
//!                    ▼
//! operator           │ what an operator is, and what it reads
//!                    ▼
//! block key_table terms
//! ```

mod block;
mod compile;
mod condition;
mod evaluator;
mod group;
mod join;
mod key_table;
mod operator;
mod order;
mod rows;
mod scan;
mod terms;

use super::index::TripleIndex;
use block::{Block, UNBOUND};
use compile::Compiler;
use operator::{Context, Operator, Plan};
use oxigraph::model::{Term, Variable};
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults, QuerySolutionIter};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use std::sync::Arc;

/// Evaluates a query of the default graph on its index until the token is cancelled. Returns `None` if the query has
/// parts that are left to the engine.
///
/// # Errors
/// Fails if the evaluation does.
pub(super) fn execute(
    query: &Query,
    index: &Arc<TripleIndex>,
    token: &CancellationToken,
    may_have_long_numbers: bool,
) -> Option<Result<QueryResults<'static>, QueryEvaluationError>> {
    let context = Context::new(Arc::clone(index), token.clone(), may_have_long_numbers);
    match query {
        Query::Select { pattern, .. } => {
            let variables = projected(pattern)?;
            let plan = Compiler::new(&context).whole(pattern, variables)?;
            Some(Ok(QueryResults::Solutions(solutions(plan, context, variables))))
        }
        Query::Ask { pattern, .. } => {
            let plan = Compiler::new(&context).whole(pattern, &[])?;
            Some(has_rows(plan, &context).map(QueryResults::Boolean))
        }
        Query::Construct { .. } | Query::Describe { .. } => None,
    }
}

/// Returns the variables of the solutions of a query.
fn projected(pattern: &GraphPattern) -> Option<&[Variable]> {
    match pattern {
        GraphPattern::Project { variables, .. } => Some(variables),
        GraphPattern::Slice { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner } => projected(inner),
        _ => None,
    }
}

fn has_rows(mut plan: Plan, context: &Context) -> Result<bool, QueryEvaluationError> {
    while let Some(block) = plan.operator.next(context)? {
        if block.rows > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

fn solutions(plan: Plan, context: Context, variables: &[Variable]) -> QuerySolutionIter<'static> {
    let columns = variables.iter().map(|variable| plan.column(variable)).collect();
    let rows = Rows { operator: plan.operator, context, columns, block: Block::default(), row: 0 };
    QuerySolutionIter::from_tuples(variables.into(), rows)
}

/// The rows of a plan as terms.
struct Rows {
    operator: Box<dyn Operator>,
    context: Context,
    /// The column of each variable of the solutions, if the plan has one.
    columns: Vec<Option<usize>>,
    block: Block,
    row: usize,
}

impl Iterator for Rows {
    type Item = Result<Vec<Option<Term>>, QueryEvaluationError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.row >= self.block.rows {
            match self.operator.next(&self.context) {
                Ok(Some(block)) => (self.block, self.row) = (block, 0),
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
        let row = self.row;
        self.row += 1;
        let terms = self.columns.iter().map(|&column| match column {
            Some(column) => match self.block.get(column, row) {
                UNBOUND => Ok(None),
                number => self.context.terms.term(number).map(Some),
            },
            None => Ok(None),
        });
        Some(terms.collect())
    }
}
