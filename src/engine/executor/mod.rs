//! Evaluates queries on the numbers of the index: blocks of columns pass from operator to operator, and a number
//! becomes a term only where its value matters.
//!
//! The design is that of vectorized engines (Boncz, Zukowski and Nes: MonetDB/X100, CIDR 2005) over an index of
//! dictionary-encoded triples (Neumann and Weikum: RDF-3X, VLDB 2008). An expression is evaluated once for each distinct
//! combination of the values of its variables: natively if the values are of frequent kinds, else by the engine itself.
//!
//! ```text
//! compile            │ from algebra to operators, or `None` for what is left to the engine
//!                    ▼
//! construct describe │ the triples that are made from rows
//!                    ▼
//! group order rows   │ the operators
//! condition join path
//! lookup tally       │
//!                    ▼
//! matcher probe      │ the matches of rows in the right side of a join, and in the index
//!                    ▼
//! scan               │ the triples of a pattern
//!                    ▼
//! evaluator totals   │ expressions, aggregates and sort keys; the values of a variable as a set
//! native order_key   │
//! key_set            │
//!                    ▼
//! branch             │ a pattern that is evaluated for the rows of another one
//!                    ▼
//! operator trace     │ what an operator is, what it reads, and what it did
//!                    ▼
//! block key_table    │ columns of numbers; tables and maps of them; decoded values
//! number_map value
//! ```

mod block;
mod branch;
mod compile;
mod condition;
mod construct;
mod describe;
mod evaluator;
mod group;
mod join;
mod key_set;
mod key_table;
mod lookup;
mod matcher;
mod native;
mod number_map;
mod operator;
mod order;
mod order_key;
mod path;
mod probe;
mod rows;
mod scan;
mod tally;
mod totals;
mod trace;
mod value;

use crate::algebra::variables_of_triple;
#[cfg(feature = "rdf-12")]
use crate::algebra::{has_triple_term, has_triple_terms};
use block::{Block, UNBOUND};
use compile::Compiler;
use construct::Construct;
use describe::Describe;
use operator::{Operator, Plan};
use oxigraph::model::{Term, Variable};
use oxigraph::sparql::{QueryEvaluationError, QueryResults, QuerySolutionIter, QueryTripleIter};
use serde::Serialize;
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use spargebra::term::TriplePattern;
use std::sync::Arc;
use trace::Trace;

pub(super) use operator::Context;

/// A query compiled for the index of its default graph.
pub(super) struct Execution {
    plan: Plan,
    context: Context,
    form: Form,
}

/// What is made from the rows of a plan.
enum Form {
    Solutions(Arc<[Variable]>),
    Boolean,
    /// The triples of a template.
    Construct(Vec<TriplePattern>),
    Describe,
}

impl Execution {
    /// Compiles a query of the default graph, which can be evaluated on the index until work is stopped. Returns
    /// `None` if the query has parts that are left to the engine.
    pub(super) fn new(query: &Query, mut context: Context, is_traced: bool) -> Option<Self> {
        context.is_traced = is_traced;
        context.base_iri = match query {
            Query::Select { base_iri, .. }
            | Query::Construct { base_iri, .. }
            | Query::Describe { base_iri, .. }
            | Query::Ask { base_iri, .. } => base_iri.clone(),
        };
        let (pattern, wanted, form) = match query {
            Query::Select { pattern, .. } => {
                let variables = projected(pattern)?;
                (pattern, variables.to_vec(), Form::Solutions(variables.into()))
            }
            Query::Ask { pattern, .. } => (pattern, Vec::new(), Form::Boolean),
            #[cfg(feature = "rdf-12")]
            Query::Construct { template, .. } if template.iter().any(has_triple_term) => {
                return None;
            }
            Query::Construct { template, pattern, .. } => {
                let wanted = template.iter().flat_map(variables_of_triple).cloned().collect();
                (pattern, wanted, Form::Construct(template.clone()))
            }
            Query::Describe { pattern, .. } => {
                (pattern, projected(pattern)?.to_vec(), Form::Describe)
            }
        };
        #[cfg(feature = "rdf-12")]
        if has_triple_terms(pattern) {
            return None;
        }
        let plan = Compiler::new(&context).whole(pattern, &wanted)?;
        Some(Self { plan, context, form })
    }

    /// Evaluates the query. Solutions are computed lazily.
    ///
    /// # Errors
    /// Fails if the evaluation does.
    pub(super) fn evaluate(self) -> Result<QueryResults<'static>, QueryEvaluationError> {
        let Self { mut plan, context, form } = self;
        Ok(match form {
            Form::Solutions(variables) => {
                let rows = Rows::new(plan, context, &variables);
                QueryResults::Solutions(QuerySolutionIter::from_tuples(variables, rows))
            }
            Form::Boolean => QueryResults::Boolean(has_rows(&mut plan, &context)?),
            Form::Construct(template) => {
                let triples = Construct::new(plan, &template, context)?;
                QueryResults::Graph(QueryTripleIter::new(triples))
            }
            Form::Describe => {
                QueryResults::Graph(QueryTripleIter::new(Describe::new(plan, context)))
            }
        })
    }

    /// Evaluates the query to its end, or up to a limit of solutions, and returns their number and a report about the
    /// operators in the form of the engine's reports.
    ///
    /// # Errors
    /// Fails if the evaluation does.
    pub(super) fn explain(self, limit: usize) -> Result<(usize, Vec<u8>), QueryEvaluationError> {
        let trace = self.plan.trace.clone();
        let count = match self.evaluate()? {
            QueryResults::Boolean(_) => 1,
            QueryResults::Solutions(rows) => counted(rows, limit)?,
            QueryResults::Graph(triples) => counted(triples, limit)?,
        };
        let report = serde_json::to_vec(&Report { plan: trace.as_deref() });
        report.map(|report| (count, report)).map_err(|e| QueryEvaluationError::Unexpected(e.into()))
    }
}

/// Counts results up to a limit.
fn counted<T>(
    results: impl Iterator<Item = Result<T, QueryEvaluationError>>,
    limit: usize,
) -> Result<usize, QueryEvaluationError> {
    results.take(limit).try_fold(0, |count, result| result.map(|_| count + 1))
}

fn has_rows(plan: &mut Plan, context: &Context) -> Result<bool, QueryEvaluationError> {
    while let Some(block) = plan.operator.next(context)? {
        if block.rows > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

#[derive(Serialize)]
struct Report<'a> {
    plan: Option<&'a Trace>,
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

/// The rows of a plan as terms.
struct Rows {
    operator: Box<dyn Operator>,
    context: Context,
    /// The column of each variable of the solutions, if the plan has one.
    columns: Vec<Option<usize>>,
    block: Block,
    row: usize,
}

impl Rows {
    fn new(plan: Plan, context: Context, variables: &[Variable]) -> Self {
        let columns = variables.iter().map(|variable| plan.column(variable)).collect();
        Self { operator: plan.operator, context, columns, block: Block::default(), row: 0 }
    }
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
