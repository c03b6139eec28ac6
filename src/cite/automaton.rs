//! Property paths as finite automata (Thompson, *Regular expression search algorithm*, CACM 1968).

use oxigraph::model::{NamedNode, Triple};
use spargebra::algebra::PropertyPathExpression;

/// A path as an automaton: for each state, its steps along an edge and its free transitions.
#[derive(Debug)]
pub(super) struct Automaton {
    pub steps: Vec<Vec<(PathStep, usize)>>,
    pub free: Vec<Vec<usize>>,
    pub end: usize,
}

/// A step along an edge.
#[derive(Debug)]
pub(super) enum PathStep {
    /// Along an edge with this predicate, or against it if `is_reverse`.
    Edge { predicate: NamedNode, is_reverse: bool },
    /// Along an edge with any predicate that is not excluded, or against it if `is_reverse`.
    Other { excluded: Vec<NamedNode>, is_reverse: bool },
}

impl PathStep {
    /// Returns whether the step excludes an edge, although the edge is at its end.
    pub(super) fn excludes(&self, edge: &Triple) -> bool {
        matches!(self, Self::Other { excluded, .. } if excluded.contains(&edge.predicate))
    }
}

impl Automaton {
    /// Returns the automaton of a path, which starts in state 0.
    pub(super) fn of(path: &PropertyPathExpression) -> Self {
        let mut automaton = Self { steps: vec![Vec::new()], free: vec![Vec::new()], end: 0 };
        automaton.end = automaton.add(path, 0, false);
        automaton
    }

    fn state(&mut self) -> usize {
        self.steps.push(Vec::new());
        self.free.push(Vec::new());
        self.steps.len() - 1
    }

    /// Adds a path that starts in a state, and returns its end state.
    fn add(&mut self, path: &PropertyPathExpression, from: usize, is_reverse: bool) -> usize {
        match path {
            PropertyPathExpression::NamedNode(predicate) => {
                let to = self.state();
                self.steps[from]
                    .push((PathStep::Edge { predicate: predicate.clone(), is_reverse }, to));
                to
            }
            PropertyPathExpression::NegatedPropertySet(excluded) => {
                let to = self.state();
                self.steps[from]
                    .push((PathStep::Other { excluded: excluded.clone(), is_reverse }, to));
                to
            }
            PropertyPathExpression::Reverse(inner) => self.add(inner, from, !is_reverse),
            PropertyPathExpression::Sequence(first, second) => {
                let (first, second) = if is_reverse { (second, first) } else { (first, second) };
                let between = self.add(first, from, is_reverse);
                self.add(second, between, is_reverse)
            }
            PropertyPathExpression::Alternative(first, second) => {
                let to = self.state();
                for path in [first, second] {
                    // A separate state, so that a loop in one branch cannot enter the other.
                    let begin = self.state();
                    self.free[from].push(begin);
                    let end = self.add(path, begin, is_reverse);
                    self.free[end].push(to);
                }
                to
            }
            PropertyPathExpression::ZeroOrOne(inner) => {
                let to = self.add(inner, from, is_reverse);
                let end = self.state();
                self.free[to].push(end);
                self.free[from].push(end);
                end
            }
            PropertyPathExpression::ZeroOrMore(inner) => {
                let begin = self.state();
                self.free[from].push(begin);
                let to = self.add(inner, begin, is_reverse);
                self.free[to].push(begin);
                begin
            }
            PropertyPathExpression::OneOrMore(inner) => {
                let begin = self.state();
                self.free[from].push(begin);
                let to = self.add(inner, begin, is_reverse);
                self.free[to].push(begin);
                to
            }
        }
    }
}
