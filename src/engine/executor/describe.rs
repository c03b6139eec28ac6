//! The triples of a DESCRIBE: those whose subject is in a row of its pattern, or is a blank node that they lead to.

use super::block::{Block, UNBOUND};
use super::operator::{Context, Operator, Plan};
use crate::engine::index::{TermKind, TripleRange};
use crate::engine::index_queries::triple;
use oxigraph::model::Triple;
use oxigraph::sparql::QueryEvaluationError;
use rustc_hash::FxHashSet;

/// The triples about the terms in the rows of a plan.
pub(super) struct Describe {
    operator: Box<dyn Operator>,
    context: Context,
    block: Block,
    row: usize,
    described: FxHashSet<u32>,
    /// The terms whose triples come next.
    next: Vec<u32>,
    /// The triples of the current term that have not been returned.
    rest: Option<TripleRange>,
}

impl Describe {
    /// Describes the terms in all columns of a plan.
    pub(super) fn new(plan: Plan, context: Context) -> Self {
        Self {
            operator: plan.operator,
            context,
            block: Block::default(),
            row: 0,
            described: FxHashSet::default(),
            next: Vec::new(),
            rest: None,
        }
    }

    fn next_triple(&mut self) -> Result<Option<Triple>, QueryEvaluationError> {
        loop {
            let index = &self.context.index;
            if let Some(numbers) = self.rest.as_mut().and_then(|rest| rest.next(index)) {
                let [_, _, object] = numbers;
                if index.kind(object) == Some(TermKind::BlankNode) && self.described.insert(object)
                {
                    self.next.push(object);
                }
                match triple(index, numbers) {
                    Some(triple) => return Ok(Some(triple)),
                    None => continue,
                }
            }
            self.context.check()?;
            if let Some(term) = self.next.pop() {
                self.rest = Some(index.find(Some(term), None, None));
                continue;
            }
            while self.row >= self.block.rows {
                let Some(block) = self.operator.next(&self.context)? else { return Ok(None) };
                (self.block, self.row) = (block, 0);
            }
            for column in 0..self.block.columns.len() {
                let term = self.block.get(column, self.row);
                if term != UNBOUND && self.described.insert(term) {
                    self.next.push(term);
                }
            }
            self.row += 1;
        }
    }
}

impl Iterator for Describe {
    type Item = Result<Triple, QueryEvaluationError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_triple().transpose()
    }
}
