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
//! operator trace     │ what an operator is, what it reads, and what it did
//!                    ▼
//! block key_table
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
mod trace;

use block::{Block, UNBOUND};
use compile::Compiler;
use operator::{Operator, Plan};
use oxigraph::model::{Term, Variable};
use oxigraph::sparql::{QueryEvaluationError, QueryResults, QuerySolutionIter};
use serde::Serialize;
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use std::sync::Arc;
use trace::Trace;

pub(super) use operator::Context;

/// A query compiled for the index of its default graph.
pub(super) struct Execution {
    plan: Plan,
    context: Context,
    /// The variables of the solutions, or `None` for an ASK.
    variables: Option<Arc<[Variable]>>,
}

impl Execution {
    /// Compiles a query of the default graph, which can be evaluated on the index until work is stopped. Returns
    /// `None` if the query has parts that are left to the engine.
    pub(super) fn new(query: &Query, mut context: Context, is_traced: bool) -> Option<Self> {
        context.is_traced = is_traced;
        let (pattern, variables) = match query {
            Query::Select { pattern, .. } => (pattern, Some(projected(pattern)?)),
            Query::Ask { pattern, .. } => (pattern, None),
            Query::Construct { .. } | Query::Describe { .. } => return None,
        };
        let plan = Compiler::new(&context).whole(pattern, variables.unwrap_or_default())?;
        Some(Self { plan, context, variables: variables.map(Arc::from) })
    }

    /// Evaluates the query. Solutions are computed lazily.
    ///
    /// # Errors
    /// Fails if the evaluation does.
    pub(super) fn evaluate(self) -> Result<QueryResults<'static>, QueryEvaluationError> {
        match self.variables.clone() {
            Some(variables) => {
                Ok(QueryResults::Solutions(QuerySolutionIter::from_tuples(variables, self.rows())))
            }
            None => self.has_rows().map(QueryResults::Boolean),
        }
    }

    /// Evaluates the query to its end, or up to a limit of solutions, and returns their number and a report about the
    /// operators in the form of the engine's reports.
    ///
    /// # Errors
    /// Fails if the evaluation does.
    pub(super) fn explain(self, limit: usize) -> Result<(usize, Vec<u8>), QueryEvaluationError> {
        let trace = self.plan.trace.clone();
        let count = match self.variables {
            Some(_) => {
                let mut count = 0;
                for row in self.rows().take(limit) {
                    row?;
                    count += 1;
                }
                count
            }
            None => self.has_rows().map(|_| 1)?,
        };
        let report = serde_json::to_vec(&Report { plan: trace.as_deref() });
        report.map(|report| (count, report)).map_err(|e| QueryEvaluationError::Unexpected(e.into()))
    }

    fn has_rows(mut self) -> Result<bool, QueryEvaluationError> {
        while let Some(block) = self.plan.operator.next(&self.context)? {
            if block.rows > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn rows(self) -> Rows {
        let variables = self.variables.iter().flat_map(|variables| variables.iter());
        let columns = variables.map(|variable| self.plan.column(variable)).collect();
        let Self { plan, context, .. } = self;
        Rows { operator: plan.operator, context, columns, block: Block::default(), row: 0 }
    }
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
