//! Missing components of dates: a month, day or hour that a date's type does not have. Each such value is an error,
//! which a FILTER removes.

use super::date_types::{by_type, is_one_of};
use super::{Finder, MOST_COUNTED, Mistake, is_written};
use crate::algebra::{in_graph, in_scope, walk_expression};
use crate::diagnose::probe::{Probe, SolutionCount};
use crate::diagnose::steps::{GroupStep, pattern};
use crate::diagnostic::Result;
use crate::vocabulary::DATES;
use oxigraph::model::NamedNode;
use oxigraph::sparql::Variable;
use spargebra::algebra::{Expression, Function, GraphPattern};
use spargebra::term::NamedNodePattern;
use std::collections::BTreeSet;

/// Dates without a component that a condition uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithoutComponent {
    /// The variable with these values.
    pub variable: Variable,
    /// The function, such as `MONTH`.
    pub function: &'static str,
    /// Their types, the coarsest first, each with its number of values.
    pub types: Vec<(NamedNode, usize)>,
    /// Their total number, or a lower bound because counting is limited in time.
    pub count: SolutionCount,
}

/// Returns the components that a condition uses: the variable, the function, and how many of [`DATES`] lack the
/// component.
pub(super) fn components(condition: &Expression) -> BTreeSet<(&Variable, &'static str, usize)> {
    let mut found = BTreeSet::new();
    walk_expression(condition, &mut |inner| {
        if let Expression::FunctionCall(function, arguments) = inner
            && let [Expression::Variable(variable)] = arguments.as_slice()
        {
            let component = match function {
                Function::Month => ("MONTH", 1),
                Function::Day => ("DAY", 2),
                Function::Hours => ("HOURS", 3),
                Function::Minutes => ("MINUTES", 3),
                Function::Seconds => ("SECONDS", 3),
                _ => return,
            };
            found.insert((variable, component.0, component.1));
        }
    });
    found
}

impl Finder<'_> {
    /// Warns if dates of a group lack components that its conditions use.
    pub(super) fn without_components(
        &mut self,
        probe: &Probe<'_>,
        text: &str,
        steps: &[GroupStep],
        graph: Option<&NamedNodePattern>,
    ) -> Result<()> {
        let of_step = |step: &GroupStep| match step {
            GroupStep::Filter(condition) => components(condition)
                .into_iter()
                .map(|(variable, function, lacking)| (variable.clone(), function, lacking))
                .collect(),
            _ => BTreeSet::new(),
        };
        let all: BTreeSet<_> = steps.iter().flat_map(of_step).collect();
        for (variable, function, lacking) in all {
            let wants =
                |step: &&GroupStep| of_step(step).contains(&(variable.clone(), function, lacking));
            let before = pattern(steps.iter().filter(|step| !wants(step)));
            let inner = in_graph(before, graph);
            if !is_written(text, &variable) || !in_scope(&inner).contains(&variable) {
                continue;
            }
            let expr = is_one_of(&variable, DATES.into_iter().take(lacking));
            let inner = GraphPattern::Filter { expr, inner: inner.into() };
            let values = probe.occurrences(&inner, &variable, MOST_COUNTED)?;
            let types = by_type(&values.terms);
            let number = types.iter().map(|(_, number)| number).sum();
            if number > 0 {
                let count = SolutionCount { number, has_more: values.has_more };
                let part = self.words.part(steps.iter().filter(wants), GraphPattern::default());
                let found = WithoutComponent { variable, function, types, count };
                self.add(Mistake::WithoutComponent(found), part.spans);
            }
        }
        Ok(())
    }
}
