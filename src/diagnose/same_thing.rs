//! Triples with the same variable at two places, which match only what is related to itself.

use super::Hint;
use super::probe::Probe;
use super::search::{InGraph, PatternSearch};
use super::steps::{GroupStep, pattern};
use crate::algebra::{in_graph, term_variable};
use crate::diagnostic::Result;
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern, Variable};

impl PatternSearch<'_> {
    /// Returns the hint for a triple with one variable at two places, if it would match with another one at the second.
    pub(super) fn same_thing(
        &self,
        some: &[&GroupStep],
        graph: InGraph<'_>,
    ) -> Result<Option<Hint>> {
        for (i, step) in some.iter().enumerate() {
            let Some((variable, other, apart)) = apart(step, &|name| self.words.uses(name)) else {
                continue;
            };
            let all = some.iter().enumerate();
            let steps = all.map(|(j, step)| if j == i { &apart } else { *step });
            let whole = in_graph(pattern(steps), graph);
            if self.has(&whole)? == Some(true)
                && let Some(count) = self.probe.count(&whole, Probe::MOST)?
            {
                let part = self.words.part([&apart], whole);
                return Ok(Some(Hint::SameThing { variable, other, part, count }));
            }
        }
        Ok(None)
    }
}

/// Returns the variable that a step has at two places, another one, and the step with the other one at the second place.
fn apart(
    step: &GroupStep,
    is_used: &dyn Fn(&Variable) -> bool,
) -> Option<(Variable, Variable, GroupStep)> {
    let other = || {
        let names =
            (1..).map(|n: usize| if n == 1 { "other".to_owned() } else { format!("other{n}") });
        names.map(Variable::new_unchecked).find(|name| !is_used(name))
    };
    let GroupStep::Match(whole) = step else { return None };
    match whole {
        GraphPattern::Bgp { patterns } => {
            let [triple @ TriplePattern { subject, predicate, object }] = patterns.as_slice()
            else {
                return None;
            };
            let predicate = match predicate {
                NamedNodePattern::Variable(variable) => Some(variable),
                NamedNodePattern::NamedNode(_) => None,
            };
            let (subject, object) = (term_variable(subject), term_variable(object));
            let other = other()?;
            let (variable, triple) =
                if object.is_some() && (object == subject || object == predicate) {
                    (object, TriplePattern { object: other.clone().into(), ..triple.clone() })
                } else if predicate.is_some() && predicate == subject {
                    (predicate, TriplePattern { predicate: other.clone().into(), ..triple.clone() })
                } else {
                    return None;
                };
            let apart = GroupStep::Match(GraphPattern::Bgp { patterns: vec![triple] });
            Some((variable?.clone(), other, apart))
        }
        GraphPattern::Path { subject, path, object } if subject == object => {
            let variable = term_variable(object)?.clone();
            let other = other()?;
            let object = TermPattern::from(other.clone());
            let (subject, path) = (subject.clone(), path.clone());
            Some((variable, other, GroupStep::Match(GraphPattern::Path { subject, path, object })))
        }
        _ => None,
    }
}
