//! Patterns that are evaluated for the rows of another one.

use super::block::Block;
use super::operator::{Context, Operator};
use oxigraph::sparql::QueryEvaluationError;
use std::cell::RefCell;
use std::rc::Rc;

/// The rows of the left side for which the right side of a join is evaluated at once.
pub(super) const AT_ONCE: usize = 2_048;

/// A place for a block that is handed to an operator.
pub(super) type Slot = Rc<RefCell<Option<Block>>>;

/// The input of a pattern that is evaluated for rows of another one: the block in its slot.
pub(super) struct Handed(pub Slot);

impl Operator for Handed {
    fn next(&mut self, _: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        Ok(self.0.borrow_mut().take())
    }
}

/// A pattern that is evaluated for the rows of each block of an input. All its operators return to their initial state
/// at the end of their input.
pub(super) struct Branch {
    pub slot: Slot,
    pub operator: Box<dyn Operator>,
}

/// A UNION, for each block of an input.
pub(super) struct HandedUnion {
    pub input: Box<dyn Operator>,
    pub branches: Vec<Branch>,
    /// The block for which the branches are evaluated, and the number of the current branch.
    pub current: Option<(Block, usize)>,
}

impl Operator for HandedUnion {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        loop {
            let Some((block, number)) = &mut self.current else {
                let Some(block) = self.input.next(context)? else { return Ok(None) };
                self.current = Some((block, 0));
                if let Some(((block, _), branch)) = self.current.as_ref().zip(self.branches.first())
                {
                    branch.slot.replace(Some(block.clone()));
                }
                continue;
            };
            let Some(branch) = self.branches.get_mut(*number) else {
                self.current = None;
                continue;
            };
            if let Some(found) = branch.operator.next(context)? {
                return Ok(Some(found));
            }
            *number += 1;
            if let Some(next) = self.branches.get(*number) {
                next.slot.replace(Some(block.clone()));
            }
        }
    }
}
