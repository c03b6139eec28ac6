//! What an expression sees of the pattern that it belongs to, and how that is remembered.

use crate::algebra::{certain, fresh, in_scope};
use oxigraph::model::Literal;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::Variable;
use std::collections::{BTreeSet, HashSet};

/// What an expression sees of the pattern that it belongs to.
#[derive(Default)]
pub(super) struct ExpressionScope {
    /// The variables that each solution of the pattern has.
    certain: BTreeSet<Variable>,
    /// Those that a solution may have. What is joined to it later may give them a value that it did not see.
    pub possible: BTreeSet<Variable>,
    /// Variables that remember what others were when they were seen.
    copies: Vec<(Variable, Variable)>,
    /// Variables that remember whether a condition held.
    held: Vec<(Variable, Expression)>,
    /// Whether it is put together of two patterns, neither of which sees all of it.
    is_of_two: bool,
}

impl ExpressionScope {
    pub(super) fn of(pattern: &GraphPattern) -> Self {
        Self { certain: certain(pattern), possible: in_scope(pattern), ..Self::default() }
    }

    /// What the condition of an OPTIONAL sees: this pattern, which is the left one, and the right one. What the right
    /// one may bind is seen as it binds it, and else as the left one does.
    pub(super) fn beside(&self, right: &GraphPattern) -> Self {
        let mut both = Self { is_of_two: true, ..Self::of(right) };
        both.certain.extend(self.certain.iter().cloned());
        both.possible.extend(self.possible.iter().cloned());
        both
    }

    /// Takes what this pattern has to remember for both too, and leaves what the right one has to.
    pub(super) fn take_back(&mut self, mut both: Self) -> Self {
        let of_left = |(variable, _): &(Variable, Variable)| self.possible.contains(variable);
        let (left, right) = std::mem::take(&mut both.copies).into_iter().partition(of_left);
        self.copies.extend::<Vec<_>>(left);
        Self { copies: right, ..Self::default() }
    }

    /// Whether conditions can be remembered: not where two patterns are seen at once.
    pub(super) const fn remembers_conditions(&self) -> bool {
        !self.is_of_two
    }

    /// The variable that has the value of another one as it is seen here.
    pub(super) fn as_seen(
        &mut self,
        variable: &Variable,
        taken: &mut HashSet<Variable>,
    ) -> Variable {
        if self.certain.contains(variable) {
            return variable.clone();
        }
        if let Some((_, copy)) = self.copies.iter().find(|(original, _)| original == variable) {
            return copy.clone();
        }
        let copy = fresh(&format!("{}_seen", variable.as_str()), taken);
        self.copies.push((variable.clone(), copy.clone()));
        copy
    }

    /// The variable that is true if a condition holds here, and false if it does not or fails.
    pub(super) fn whether(
        &mut self,
        condition: Expression,
        taken: &mut HashSet<Variable>,
    ) -> Variable {
        let held = fresh("holds", taken);
        let (yes, no) = (Literal::from(true).into(), Literal::from(false).into());
        let value = Expression::If(Box::new(condition), Box::new(yes), Box::new(no));
        let value = Expression::Coalesce(vec![value, Literal::from(false).into()]);
        self.held.push((held.clone(), value));
        held
    }

    /// The pattern, which remembers what was seen of it.
    pub(super) fn remembering(self, pattern: GraphPattern) -> GraphPattern {
        let copies = self.copies.into_iter().map(|(original, copy)| (copy, original.into()));
        copies.chain(self.held).fold(pattern, |inner, (variable, expression)| {
            GraphPattern::Extend { inner: inner.into(), variable, expression }
        })
    }
}
