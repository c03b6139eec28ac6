//! Repeated property paths.

use super::{Compiler, Variables, looked_up};
use crate::algebra::term_variable;
use crate::engine::executor::block::Block;
use crate::engine::executor::operator::Plan;
use crate::engine::executor::path::{Path, PathLookup, Repeat, Step};
use crate::engine::executor::probe::Place;
use crate::engine::executor::rows::Constant;
use crate::engine::index::TripleIndex;
use oxigraph::model::{NamedNode, Variable};
use spargebra::algebra::PropertyPathExpression;
use spargebra::term::TermPattern;

impl Compiler<'_> {
    /// Compiles a path. Paths that are not repeated have become other patterns before.
    pub(super) fn path(
        &self,
        [subject, object]: [&TermPattern; 2],
        path: &PropertyPathExpression,
        input: Option<Plan>,
        needed: &Variables,
    ) -> Option<Plan> {
        let index = &self.context.index;
        let Step::Repeated(repeat, forward, _) = step(path, false, index) else { return None };
        let Step::Repeated(_, backward, _) = step(path, true, index) else { return None };
        let input = input.unwrap_or_else(|| {
            let block = Block { rows: 1, columns: Vec::new() };
            Plan::new(Constant(Some(block)), Vec::new())
        });
        let mut places = [Place::Free; 2];
        let mut found: Vec<(&Variable, usize)> = Vec::new();
        for (position, (place, end)) in places.iter_mut().zip([subject, object]).enumerate() {
            let constant = match end {
                TermPattern::NamedNode(node) => Some(node.clone().into()),
                TermPattern::Literal(literal) => Some(literal.clone().into()),
                _ => None,
            };
            if let Some(constant) = constant {
                *place = Place::Known(self.context.terms.number(constant).ok()?);
                continue;
            }
            let variable = term_variable(end)?;
            if let Some(column) = input.column(variable) {
                *place = Place::Bound(column);
            }
            found.push((variable, position));
        }
        let is_loop = matches!(found.as_slice(), [(start, _), (end, _)] if start == end);
        if is_loop {
            found.truncate(1);
        }
        let (sources, columns) = looked_up(&input, &found, needed);
        let path = Path::new(repeat, *forward, *backward);
        Some(Plan::new(PathLookup::new(input.operator, path, places, is_loop, sources), columns))
    }
}

/// Returns a path as what is followed in the index, from its start or from its end.
fn step(path: &PropertyPathExpression, is_backward: bool, index: &TripleIndex) -> Step {
    let number = |property: &NamedNode| index.number(property.as_ref().into());
    let repeated =
        |inner: &PropertyPathExpression, repeat| step(inner, is_backward, index).repeated(repeat);
    match path {
        PropertyPathExpression::NamedNode(property) => {
            Step::Property { property: number(property), is_backward }
        }
        PropertyPathExpression::NegatedPropertySet(excluded) => {
            Step::Except { properties: excluded.iter().filter_map(number).collect(), is_backward }
        }
        PropertyPathExpression::Reverse(inner) => step(inner, !is_backward, index),
        PropertyPathExpression::Sequence(first, second) => {
            let (first, second) = if is_backward { (second, first) } else { (first, second) };
            let [first, second] =
                [first, second].map(|inner| Box::new(step(inner, is_backward, index)));
            Step::Sequence(first, second, Vec::new())
        }
        PropertyPathExpression::Alternative(first, second) => {
            let [first, second] =
                [first, second].map(|inner| Box::new(step(inner, is_backward, index)));
            Step::Either(first, second)
        }
        PropertyPathExpression::ZeroOrMore(inner) => repeated(inner, Repeat::ZeroOrMore),
        PropertyPathExpression::OneOrMore(inner) => repeated(inner, Repeat::OneOrMore),
        PropertyPathExpression::ZeroOrOne(inner) => repeated(inner, Repeat::ZeroOrOne),
    }
}
