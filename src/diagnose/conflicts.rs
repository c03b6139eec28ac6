//! The smallest part of a group that has no match although each element has one by itself.

use super::search::{InGraph, PatternSearch};
use super::steps::{GroupStep, pattern};
use super::{Cause, Mismatch};
use crate::algebra::{in_graph, is_for_blank_node, term_variable};
use crate::diagnostic::Result;
use crate::engine::plan::Statistics;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, Variable};
use std::collections::BTreeSet;

/// The most queries about small sets of elements, before larger sets are tried.
const MOST_FEW: usize = 200;

/// Steps that have no match together.
struct Empty<'s> {
    /// The steps, in order.
    steps: Vec<&'s GroupStep>,
    /// The number of steps of the whole group before the last of them.
    before: usize,
    /// Whether they are known to be minimal. Otherwise they are what remains of the group.
    is_smallest: bool,
}

impl PatternSearch<'_> {
    /// Returns the cause if each element matches by itself.
    pub(super) fn conflicts(&self, all: &[GroupStep], graph: InGraph<'_>) -> Result<Vec<Cause>> {
        let ordered = connected(all);
        let empty = match self.few(&ordered, graph)? {
            Some(few) => Some(few),
            None => self.beginning(&ordered, graph)?,
        };
        let Some(Empty { steps: smallest, before: standing, is_smallest }) = empty else {
            return Ok(Vec::new());
        };
        let Some((last, before)) = smallest.split_last() else { return Ok(Vec::new()) };
        if before.is_empty() && matches!(last, GroupStep::Match(_)) {
            return self.alone(last, graph);
        }
        if let GroupStep::Filter(Expression::Exists(inner)) = last
            && self.has(&in_graph((**inner).clone(), graph))? == Some(false)
        {
            let matched = self.matched(before, graph)?;
            let mut causes = self.causes(inner, graph)?;
            for cause in &mut causes {
                cause.matched.clone_from(&matched);
            }
            return Ok(causes);
        }
        // For a condition or a MINUS, that is everything before it in the query, whether or not the part needs it.
        let is_joined = matches!(last, GroupStep::Match(_) | GroupStep::Lateral(_));
        let still = match ordered.get(..standing) {
            Some(standing) if !(is_smallest && is_joined) => standing,
            _ => before,
        };
        let mut matched = self.matched(still, graph)?;
        if matched.is_none() && still.len() > before.len() {
            matched = self.matched(before, graph)?;
        }
        let (reason, hints) = match last {
            _ if !is_smallest => (Mismatch::NeverTogether(Vec::new()), Vec::new()),
            GroupStep::Filter(condition) => {
                (Mismatch::Filter, self.filter_hints(condition, still, graph)?)
            }
            GroupStep::Minus(_) => (Mismatch::Minus, Vec::new()),
            _ => (Mismatch::NeverTogether(shared(last, before)), self.hints(&smallest, graph)?),
        };
        let whole = in_graph(pattern(smallest.iter().copied()), graph);
        let element = self.words.part([*last], in_graph(pattern([*last]), graph));
        let part = self.words.part(smallest.iter().copied(), whole);
        Ok(vec![Cause { reason, part, element, matched, hints }])
    }

    /// Returns the first two elements without a common match: two that share a variable, or a condition and what it
    /// uses. Each check has little time, but is much cheaper than joining everything.
    fn few<'s>(&self, ordered: &[&'s GroupStep], graph: InGraph<'_>) -> Result<Option<Empty<'s>>> {
        let sets = (0..ordered.len()).flat_map(|i| few_that_end_at(i, ordered));
        for (before, steps) in sets.take(MOST_FEW) {
            if self.probe.is_half_over() {
                break;
            }
            let is_all = steps.len() == ordered.len();
            let some = match (steps.as_slice(), graph) {
                ([one, other], None) => self.by_values(one, other),
                _ => None,
            };
            let some = some.unwrap_or_else(|| in_graph(pattern(steps.iter().copied()), graph));
            if is_all || self.probe.has_quick_match(&some)? == Some(false) {
                return Ok(Some(Empty { steps, before, is_smallest: true }));
            }
        }
        Ok(None)
    }

    /// Returns a pattern that has a solution if two triples have one together, and that checks each shared value only
    /// once. The values are those of the triple with fewer of them. Returns `None` if that is not faster.
    fn by_values(&self, one: &GroupStep, other: &GroupStep) -> Option<GraphPattern> {
        let (one_gives, other_gives) = (one.gives(), other.gives());
        let mut shared = one_gives.intersection(&other_gives);
        let (variable, None) = (shared.next()?, shared.next()) else { return None };
        let statistics = self.probe.statistics()?;
        let (of_one, of_other) =
            (values(&statistics, one, variable)?, values(&statistics, other, variable)?);
        let (left, right) = if of_one <= of_other { (one, other) } else { (other, one) };
        let variables = vec![variable.clone()];
        let left = GraphPattern::Project { inner: pattern([left]).into(), variables };
        let left = GraphPattern::Distinct { inner: left.into() };
        Some(GraphPattern::Lateral { left: left.into(), right: pattern([right]).into() })
    }

    /// Returns the shortest prefix of the steps without a match, minimized. Returns `None` if the time runs out before
    /// its end is known.
    fn beginning<'s>(
        &self,
        ordered: &[&'s GroupStep],
        graph: InGraph<'_>,
    ) -> Result<Option<Empty<'s>>> {
        // A step cannot create solutions from none, so every prefix after the first one without a match has none
        // either.
        let (mut matching, mut empty) = (0, ordered.len());
        let mut is_known = true;
        while empty - matching > 1 {
            let middle = usize::midpoint(matching, empty);
            let beginning = ordered.iter().take(middle).copied();
            match self.has(&in_graph(pattern(beginning), graph))? {
                Some(true) => matching = middle,
                Some(false) => empty = middle,
                None => {
                    is_known = false;
                    break;
                }
            }
        }
        if !is_known && matching == 0 {
            return Ok(None);
        }
        let mut steps: Vec<&GroupStep> = ordered.iter().take(empty).copied().collect();
        if is_known {
            self.reduce(&mut steps, graph)?;
        }
        Ok(Some(Empty { steps, before: matching, is_smallest: is_known }))
    }

    /// Removes one step after the other as long as the rest has no match. The last one stays.
    fn reduce(&self, some: &mut Vec<&GroupStep>, graph: InGraph<'_>) -> Result<()> {
        let mut i = 0;
        while i + 1 < some.len() && !self.probe.is_over() {
            let mut fewer = some.clone();
            fewer.remove(i);
            if is_closed(&fewer, some)
                && self.has(&in_graph(pattern(fewer.iter().copied()), graph))? == Some(false)
            {
                *some = fewer;
            } else {
                i += 1;
            }
        }
        Ok(())
    }
}

/// Returns the small sets of steps that end with the step at an index, each with the number of steps before that one. A
/// step is paired with each earlier step that shares a variable, the nearest first; a condition is combined with the
/// nearest steps that bind what it uses.
fn few_that_end_at<'s>(
    index: usize,
    ordered: &[&'s GroupStep],
) -> Vec<(usize, Vec<&'s GroupStep>)> {
    let Some((last, before)) = ordered.get(..=index).and_then(|steps| steps.split_last()) else {
        return Vec::new();
    };
    let matches = before.iter().rev().filter(|step| matches!(step, GroupStep::Match(_)));
    match last {
        GroupStep::Match(_) => {
            let variables = last.gives();
            let sharing = matches.filter(|step| !step.gives().is_disjoint(&variables));
            sharing.map(|step| (index, vec![*step, *last])).collect()
        }
        GroupStep::Filter(_) => {
            let mut missing = last.looks_at();
            let mut few = vec![*last];
            for step in matches {
                let gives = step.gives();
                if !missing.is_disjoint(&gives) {
                    missing.retain(|variable| !gives.contains(variable));
                    few.push(step);
                }
            }
            few.reverse();
            let is_possible = few.len() > 1 && is_closed(&few, before);
            is_possible.then_some((index, few)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the number of distinct values of a variable in a triple whose only constant is its predicate.
fn values(statistics: &Statistics, step: &GroupStep, variable: &Variable) -> Option<u64> {
    let GroupStep::Match(GraphPattern::Bgp { patterns }) = step else { return None };
    let [triple] = patterns.as_slice() else { return None };
    let NamedNodePattern::NamedNode(predicate) = &triple.predicate else { return None };
    let property = statistics.properties.get(predicate)?;
    match (term_variable(&triple.subject)?, term_variable(&triple.object)?) {
        (subject, object) if subject == variable && object != variable => Some(property.subjects),
        (subject, object) if object == variable && subject != variable => Some(property.objects),
        _ => None,
    }
}

/// Returns whether some steps bind all variables that they use, as far as all steps bind these.
pub(super) fn is_closed(some: &[&GroupStep], all: &[&GroupStep]) -> bool {
    let given = |steps: &[&GroupStep]| -> BTreeSet<Variable> {
        steps.iter().flat_map(|step| step.gives()).collect()
    };
    let (given_by_all, given) = (given(all), given(some));
    let lost: BTreeSet<Variable> = given_by_all.difference(&given).cloned().collect();
    lost.is_empty() || some.iter().all(|step| step.looks_at().is_disjoint(&lost))
}

/// Returns the variables that the last step shares with those before it.
fn shared(last: &GroupStep, before: &[&GroupStep]) -> Vec<Variable> {
    let given: BTreeSet<Variable> = before.iter().flat_map(|step| step.gives()).collect();
    last.gives()
        .intersection(&given)
        .filter(|variable| !is_for_blank_node(variable))
        .cloned()
        .collect()
}

/// Returns the steps in an order in which each shares a variable with an earlier one, if possible. A join moves only
/// within its run of consecutive joins.
fn connected(all: &[GroupStep]) -> Vec<&GroupStep> {
    /// The most steps for which that is done, because it compares every pair.
    const FEW: usize = 200;
    if all.len() > FEW {
        return all.iter().collect();
    }
    let mut ordered: Vec<&GroupStep> = Vec::with_capacity(all.len());
    let mut seen = BTreeSet::new();
    let mut run: Vec<&GroupStep> = Vec::new();
    for step in all.iter().map(Some).chain([None]) {
        if let Some(step @ GroupStep::Match(_)) = step {
            run.push(step);
            continue;
        }
        while !run.is_empty() {
            let next = run.iter().position(|step| !step.gives().is_disjoint(&seen)).unwrap_or(0);
            let next = run.remove(next);
            seen.extend(next.gives());
            ordered.push(next);
        }
        if let Some(step) = step {
            seen.extend(step.gives());
            ordered.push(step);
        }
    }
    ordered
}
