//! What an expression sees of its pattern, and how those values are preserved.

use crate::algebra::{certain, fresh, in_scope};
use oxigraph::model::Literal;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::Variable;
use std::collections::{BTreeSet, HashSet};

/// What an expression sees of its pattern.
#[derive(Default)]
pub(super) struct ExpressionScope {
    /// The variables that each solution of the pattern binds.
    certain: BTreeSet<Variable>,
    /// The variables that a solution may bind. A later join may bind them to values that the expression did not see.
    pub possible: BTreeSet<Variable>,
    /// Variables that preserve the values that others had when the expression saw them.
    copies: Vec<(Variable, Variable)>,
    /// Variables that record whether a condition was true.
    held: Vec<(Variable, Expression)>,
    /// Whether it combines two patterns, neither of which sees all of it.
    is_of_two: bool,
}

impl ExpressionScope {
    pub(super) fn of(pattern: &GraphPattern) -> Self {
        Self { certain: certain(pattern), possible: in_scope(pattern), ..Self::default() }
    }

    /// Returns what the condition of an OPTIONAL sees, where this is the left pattern. A variable that the right
    /// pattern may bind has the right value if there is one, and otherwise the left one.
    pub(super) fn beside(&self, right: &GraphPattern) -> Self {
        let mut both = Self { is_of_two: true, ..Self::of(right) };
        both.certain.extend(self.certain.iter().cloned());
        both.possible.extend(self.possible.iter().cloned());
        both
    }

    /// Takes back from the combined scope what this pattern has to preserve, and returns a scope with what the right
    /// pattern has to preserve.
    pub(super) fn take_back(&mut self, mut both: Self) -> Self {
        let of_left = |(variable, _): &(Variable, Variable)| self.possible.contains(variable);
        let (left, right) = std::mem::take(&mut both.copies).into_iter().partition(of_left);
        self.copies.extend::<Vec<_>>(left);
        Self { copies: right, ..Self::default() }
    }

    /// Returns whether conditions can be recorded, which is impossible for two combined patterns.
    pub(super) const fn remembers_conditions(&self) -> bool {
        !self.is_of_two
    }

    /// Returns the variable that has the value of another one as seen here.
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

    /// Returns the variable that is true if a condition holds here, and false if it does not hold or is an error.
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

    /// Returns the pattern, extended to preserve what was seen of it.
    pub(super) fn remembering(self, pattern: GraphPattern) -> GraphPattern {
        let copies = self.copies.into_iter().map(|(original, copy)| (copy, original.into()));
        copies.chain(self.held).fold(pattern, |inner, (variable, expression)| {
            GraphPattern::Extend { inner: inner.into(), variable, expression }
        })
    }
}
