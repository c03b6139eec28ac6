//! The search for the smallest part of a pattern that has no match.

use super::near::occurrences;
use super::outline::ElementKind;
use super::probe::{Count, Probe};
use super::search::{InGraph, Search, anything};
use super::steps::{Step, pattern, steps};
use super::words::Part;
use super::{Cause, Diagnosis, Hint, Reason, Role};
use crate::error::Result;
use crate::query::{
    in_graph, in_scope, is_for_blank_node, pattern_of, with_variables_for_blank_nodes,
};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, Variable};
use std::collections::BTreeSet;

/// How many parts without a match are told.
const MOST_CAUSES: usize = 3;

impl Search<'_> {
    /// Why a query that has no rows has none, or one that counts counts nothing.
    pub fn diagnosis(mut self, query: &Query) -> Result<Diagnosis> {
        let whole = with_variables_for_blank_nodes(pattern_of(query));
        let mut causes = Vec::new();
        if query.dataset().is_some_and(|dataset| !dataset.default.is_empty())
            && self.has(&anything())? == Some(false)
        {
            causes.push(self.no_triples_from(query));
        } else if let Some((members, values)) = counted(&whole) {
            match self.has(members)? {
                Some(false) => causes = self.causes(members, None)?,
                Some(true) if !values.is_empty() => {
                    let needed = with_needed(members, &values);
                    if self.has(&needed)? == Some(false) {
                        causes = self.causes(&needed, None)?;
                    }
                }
                _ => {}
            }
            if causes.is_empty() && self.has(&whole)? == Some(false) {
                causes = self.causes(&whole, None)?;
            }
        } else if let Query::Select { .. } | Query::Ask { .. } = query {
            causes = self.causes(&whole, None)?;
        } else {
            causes = self.causes_of_graph(&whole)?;
        }
        causes.truncate(MOST_CAUSES);
        Ok(Diagnosis { causes, is_complete: self.is_complete && !self.probe.is_over() })
    }

    /// The causes of a CONSTRUCT or DESCRIBE without triples.
    fn causes_of_graph(&mut self, whole: &GraphPattern) -> Result<Vec<Cause>> {
        if self.has(whole)? == Some(false) {
            return self.causes(whole, None);
        }
        // There is something to describe, of which nothing is said.
        let mut causes = Vec::new();
        let mut pattern = whole;
        while let GraphPattern::Project { inner, .. } | GraphPattern::Extend { inner, .. } = pattern
        {
            if let GraphPattern::Extend { expression: Expression::NamedNode(iri), .. } = pattern
                && let Some(hint) = self.unknown(iri, Role::Thing)?
            {
                let words = format!("DESCRIBE {}", self.words.prefixes().show(iri));
                let occurrences = occurrences(iri, Role::Thing);
                let part = Part { pattern: occurrences, words, spans: Vec::new() };
                causes.push(Cause {
                    reason: Reason::NoMatch,
                    element: part.clone(),
                    part,
                    matched: None,
                    hints: vec![hint],
                });
            }
            pattern = inner;
        }
        Ok(causes)
    }

    fn no_triples_from(&self, query: &Query) -> Cause {
        let graphs = query.dataset().map(|dataset| dataset.default.as_slice()).unwrap_or_default();
        let prefixes = self.words.prefixes();
        let from: Vec<String> =
            graphs.iter().map(|graph| format!("FROM {}", prefixes.show(graph))).collect();
        let part = Part { pattern: anything(), words: from.join(" "), spans: Vec::new() };
        Cause {
            reason: Reason::NoGraph,
            element: part.clone(),
            part,
            matched: None,
            hints: Vec::new(),
        }
    }

    /// The causes of a pattern that has no solution.
    fn causes(&mut self, pattern: &GraphPattern, graph: InGraph<'_>) -> Result<Vec<Cause>> {
        let mut pattern = pattern;
        loop {
            pattern = match pattern {
                GraphPattern::Distinct { inner }
                | GraphPattern::Reduced { inner }
                | GraphPattern::OrderBy { inner, .. }
                | GraphPattern::Project { inner, .. }
                | GraphPattern::Group { inner, .. } => inner,
                GraphPattern::Extend { inner, .. } if is_grouped(inner) => inner,
                GraphPattern::Filter { inner, .. } if is_grouped(inner) => {
                    match self.has(&in_graph((**inner).clone(), graph))? {
                        Some(true) => return Ok(vec![self.having(pattern, inner, graph)?]),
                        Some(false) => inner,
                        None => return Ok(Vec::new()),
                    }
                }
                GraphPattern::Slice { inner, start, length } => {
                    let reason = match length {
                        Some(0) => Some(Reason::NoLimit),
                        _ if *start > 0
                            && self.has(&in_graph((**inner).clone(), graph))? == Some(true) =>
                        {
                            Some(Reason::Offset)
                        }
                        _ => None,
                    };
                    match reason {
                        Some(reason) => {
                            return Ok(vec![self.slice(reason, pattern, inner, graph)?]);
                        }
                        None => inner,
                    }
                }
                GraphPattern::Union { .. } => return self.union(pattern, graph),
                GraphPattern::Graph { name, inner } => {
                    return self.graph(pattern, name, inner, graph);
                }
                group => return self.group(&steps(group), graph),
            };
        }
    }

    fn having(
        &self,
        pattern: &GraphPattern,
        groups: &GraphPattern,
        graph: InGraph<'_>,
    ) -> Result<Cause> {
        let whole = in_graph(pattern.clone(), graph);
        let part = self.words.behind(ElementKind::Having, "HAVING", whole);
        Ok(Cause {
            reason: Reason::Having,
            element: part.clone(),
            part,
            matched: self.counted_as("the groups", &in_graph(groups.clone(), graph))?,
            hints: Vec::new(),
        })
    }

    fn slice(
        &self,
        reason: Reason,
        pattern: &GraphPattern,
        inner: &GraphPattern,
        graph: InGraph<'_>,
    ) -> Result<Cause> {
        let keyword = if reason == Reason::NoLimit { "LIMIT" } else { "OFFSET" };
        let whole = in_graph(pattern.clone(), graph);
        let part = self.words.behind(ElementKind::Slice, keyword, whole);
        Ok(Cause {
            reason,
            element: part.clone(),
            part,
            matched: self.counted_as("the rest of the query", &in_graph(inner.clone(), graph))?,
            hints: Vec::new(),
        })
    }

    fn counted_as(&self, words: &str, pattern: &GraphPattern) -> Result<Option<(Part, Count)>> {
        let part = Part { pattern: pattern.clone(), words: words.to_owned(), spans: Vec::new() };
        Ok(self
            .probe
            .count(pattern, Probe::MOST)?
            .filter(|count| count.number > 0)
            .map(|count| (part, count)))
    }

    /// No side of a UNION matches: each has its cause.
    fn union(&mut self, pattern: &GraphPattern, graph: InGraph<'_>) -> Result<Vec<Cause>> {
        let mut sides = Vec::new();
        let mut rest = pattern;
        while let GraphPattern::Union { left, right } = rest {
            sides.push(&**right);
            rest = left;
        }
        sides.push(rest);
        let mut causes = Vec::new();
        for side in sides.into_iter().rev() {
            if causes.len() >= MOST_CAUSES {
                break;
            }
            causes.extend(self.causes(side, graph)?);
        }
        Ok(causes)
    }

    /// Nothing matches in a graph.
    fn graph(
        &mut self,
        pattern: &GraphPattern,
        name: &NamedNodePattern,
        inner: &GraphPattern,
        around: InGraph<'_>,
    ) -> Result<Vec<Cause>> {
        if around.is_some() && self.has(pattern)? == Some(true) {
            // What it matches does not fit to the name of the graph around it.
            let whole = in_graph(pattern.clone(), around);
            let part = self.words.part([&Step::Match(pattern.clone())], whole);
            let (reason, element) = (Reason::NoMatch, part.clone());
            return Ok(vec![Cause { reason, part, element, matched: None, hints: Vec::new() }]);
        }
        let is_there = self.has(&in_graph(anything(), Some(name)))?;
        let mut causes = match is_there {
            Some(false) => {
                let part = self.words.part([&Step::Match(pattern.clone())], pattern.clone());
                let hints = match name {
                    NamedNodePattern::NamedNode(name) => self.unknown_graph(name)?,
                    NamedNodePattern::Variable(_) => Vec::new(),
                };
                let element = part.clone();
                vec![Cause { reason: Reason::NoGraph, part, element, matched: None, hints }]
            }
            Some(true) => self.causes(inner, Some(name))?,
            None => Vec::new(),
        };
        if let Some(cause) = causes.first_mut()
            && self.has(inner)? == Some(true)
            && let Some(count) = self.probe.count(inner, Probe::MOST)?
        {
            cause.hints.insert(0, Hint::WithoutGraph(count));
        }
        Ok(causes)
    }

    /// The causes in a group: an element that has no match by itself, else the elements that have none together.
    fn group(&mut self, all: &[Step], graph: InGraph<'_>) -> Result<Vec<Cause>> {
        let mut alone = Vec::new();
        for (i, step) in all.iter().enumerate() {
            if !matches!(step, Step::Match(_)) {
                continue;
            }
            match self.has(&in_graph(pattern([step]), graph))? {
                Some(true) => {}
                Some(false) => alone.push(i),
                None => break,
            }
            if alone.len() == MOST_CAUSES {
                break;
            }
        }
        if alone.is_empty() {
            return self.together(all, graph);
        }
        let matched = self.matched_without(all, &alone, graph)?;
        let mut causes = Vec::new();
        for step in alone.into_iter().filter_map(|i| all.get(i)) {
            for mut cause in self.alone(step, graph)? {
                cause.matched = cause.matched.or_else(|| matched.clone());
                causes.push(cause);
            }
        }
        Ok(causes)
    }

    /// The causes of an element that has no match by itself.
    fn alone(&mut self, step: &Step, graph: InGraph<'_>) -> Result<Vec<Cause>> {
        let reason = match step {
            Step::Match(GraphPattern::Bgp { .. } | GraphPattern::Path { .. }) => Reason::NoMatch,
            Step::Match(GraphPattern::Values { .. }) => Reason::NoValues,
            Step::Match(GraphPattern::Service { .. }) => return Ok(Vec::new()),
            Step::Match(inner) => return self.causes(inner, graph),
            _ => return Ok(Vec::new()),
        };
        let part = self.words.part([step], in_graph(pattern([step]), graph));
        let hints = match reason {
            Reason::NoMatch => self.hints(&[step], graph)?,
            _ => Vec::new(),
        };
        Ok(vec![Cause { reason, element: part.clone(), part, matched: None, hints }])
    }

    /// What still has matches where some elements have none by themselves: all others, else those before the first.
    fn matched_without(
        &mut self,
        all: &[Step],
        alone: &[usize],
        graph: InGraph<'_>,
    ) -> Result<Option<(Part, Count)>> {
        let every: Vec<&Step> = all.iter().collect();
        let kept: Vec<&Step> =
            all.iter().enumerate().filter(|(i, _)| !alone.contains(i)).map(|(_, s)| s).collect();
        let before: Vec<&Step> = all.iter().take(alone.first().copied().unwrap_or(0)).collect();
        for some in [kept, before] {
            let matches: Vec<&Step> =
                some.iter().copied().filter(|step| matches!(step, Step::Match(_))).collect();
            for part in [some, matches] {
                if is_closed(&part, &every)
                    && let Some(matched) = self.matched(&part, graph)?
                {
                    return Ok(Some(matched));
                }
            }
        }
        Ok(None)
    }

    /// Some steps and how many matches they have: nothing if they have none.
    fn matched(&self, some: &[&Step], graph: InGraph<'_>) -> Result<Option<(Part, Count)>> {
        // An OPTIONAL, say, has nothing of its own to match.
        if !some.iter().any(|step| matches!(step, Step::Match(_))) {
            return Ok(None);
        }
        let whole = in_graph(pattern(some.iter().copied()), graph);
        let count = self.probe.count(&whole, Probe::MOST)?.filter(|count| count.number > 0);
        Ok(count.map(|count| (self.words.part(some.iter().copied(), whole), count)))
    }

    /// The cause where each element matches by itself.
    fn together(&mut self, all: &[Step], graph: InGraph<'_>) -> Result<Vec<Cause>> {
        let ordered = connected(all);
        // No step makes solutions of no solutions: behind the first beginning without a match no other has one.
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
            return Ok(Vec::new());
        }
        let mut smallest: Vec<&Step> = ordered.iter().take(empty).copied().collect();
        if is_known {
            self.reduce(&mut smallest, graph)?;
        }
        let Some((last, before)) = smallest.split_last() else { return Ok(Vec::new()) };
        if before.is_empty() && matches!(last, Step::Match(_)) {
            return self.alone(last, graph);
        }
        if let Step::Filter(Expression::Exists(inner)) = last
            && self.has(&in_graph((**inner).clone(), graph))? == Some(false)
        {
            let matched = self.matched(before, graph)?;
            let mut causes = self.causes(inner, graph)?;
            for cause in &mut causes {
                cause.matched.clone_from(&matched);
            }
            return Ok(causes);
        }
        // Before a condition, or a MINUS, is what stands before it in the query, whether or not the part needs it.
        let beginning = || ordered.iter().take(matching).copied().collect::<Vec<_>>();
        let is_joined = matches!(last, Step::Match(_) | Step::Lateral(_));
        let still = if is_known && is_joined { before.to_vec() } else { beginning() };
        let matched = self.matched(&still, graph)?;
        let (reason, hints) = match last {
            _ if !is_known => (Reason::NeverTogether(Vec::new()), Vec::new()),
            Step::Filter(condition) => {
                (Reason::Filter, self.filter_hints(condition, &still, graph)?)
            }
            Step::Minus(_) => (Reason::Minus, Vec::new()),
            _ => (Reason::NeverTogether(shared(last, before)), self.hints(&smallest, graph)?),
        };
        let whole = in_graph(pattern(smallest.iter().copied()), graph);
        let element = self.words.part([*last], in_graph(pattern([*last]), graph));
        let part = self.words.part(smallest.iter().copied(), whole);
        Ok(vec![Cause { reason, part, element, matched, hints }])
    }

    /// Leaves out one step after the other, as long as what is left has no match. The last one stays.
    fn reduce(&mut self, some: &mut Vec<&Step>, graph: InGraph<'_>) -> Result<()> {
        let mut i = 0;
        while i + 1 < some.len() {
            let mut fewer = some.clone();
            fewer.remove(i);
            if self.probe.is_over() {
                self.is_complete = false;
                return Ok(());
            }
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

/// Whether a pattern is a group with its aggregates, or conditions and names on top of one.
fn is_grouped(pattern: &GraphPattern) -> bool {
    let mut pattern = pattern;
    loop {
        pattern = match pattern {
            GraphPattern::Group { .. } => return true,
            GraphPattern::Extend { inner, .. } | GraphPattern::Filter { inner, .. } => inner,
            _ => return false,
        };
    }
}

/// The variables of a query that are counts and nothing else.
pub fn counts(query: &Query) -> Vec<Variable> {
    let mut named = Vec::new();
    let mut pattern = pattern_of(query);
    loop {
        pattern = match pattern {
            GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::OrderBy { inner, .. }
            | GraphPattern::Filter { inner, .. }
            | GraphPattern::Slice { inner, .. }
            | GraphPattern::Project { inner, .. } => inner,
            GraphPattern::Extend { inner, variable, expression } => {
                named.push((variable, expression));
                inner
            }
            GraphPattern::Group { aggregates, .. } => {
                let is_count = |variable: &Variable| {
                    aggregates.iter().any(|(name, aggregate)| {
                        name == variable
                            && matches!(
                                aggregate,
                                AggregateExpression::CountSolutions { .. }
                                    | AggregateExpression::FunctionCall {
                                        name: AggregateFunction::Count,
                                        ..
                                    }
                            )
                    })
                };
                return named
                    .into_iter()
                    .filter(|(_, e)| matches!(e, Expression::Variable(v) if is_count(v)))
                    .map(|(variable, _)| variable.clone())
                    .collect();
            }
            _ => return Vec::new(),
        };
    }
}

/// The members of the groups of a query, and the variables that it counts the values of: none if it counts members.
fn counted(pattern: &GraphPattern) -> Option<(&GraphPattern, BTreeSet<Variable>)> {
    let mut pattern = pattern;
    loop {
        pattern = match pattern {
            GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::OrderBy { inner, .. }
            | GraphPattern::Project { inner, .. }
            | GraphPattern::Slice { inner, .. }
            | GraphPattern::Filter { inner, .. }
            | GraphPattern::Extend { inner, .. } => inner,
            GraphPattern::Group { inner, aggregates, .. } => {
                let variables = aggregates.iter().filter_map(|(_, aggregate)| match aggregate {
                    AggregateExpression::CountSolutions { .. } => None,
                    AggregateExpression::FunctionCall { expr, .. } => {
                        Some(Step::Filter(expr.clone()).variables())
                    }
                });
                return Some((inner, variables.flatten().collect()));
            }
            _ => return None,
        };
    }
}

/// The pattern with a join in the place of each OPTIONAL that gives one of the variables.
fn with_needed(inner: &GraphPattern, needed: &BTreeSet<Variable>) -> GraphPattern {
    let mut all = Vec::new();
    for step in steps(inner) {
        match step {
            Step::Optional(right, condition) if !in_scope(&right).is_disjoint(needed) => {
                all.extend(steps(&right));
                all.extend(condition.map(Step::Filter));
            }
            step => all.push(step),
        }
    }
    pattern(&all)
}

/// Whether what some steps look at is given by them, as far as all the steps give it.
fn is_closed(some: &[&Step], all: &[&Step]) -> bool {
    let given = |steps: &[&Step]| -> BTreeSet<Variable> {
        steps.iter().flat_map(|step| step.gives()).collect()
    };
    let (given_by_all, given) = (given(all), given(some));
    let lost: BTreeSet<Variable> = given_by_all.difference(&given).cloned().collect();
    lost.is_empty() || some.iter().all(|step| step.looks_at().is_disjoint(&lost))
}

/// The variables that the last of some steps shares with those before it.
fn shared(last: &Step, before: &[&Step]) -> Vec<Variable> {
    let given: BTreeSet<Variable> = before.iter().flat_map(|step| step.gives()).collect();
    last.gives()
        .intersection(&given)
        .filter(|variable| !is_for_blank_node(variable))
        .cloned()
        .collect()
}

/// The steps in an order in which each shares a variable with one before it, if there is one that does. What is joined
/// is moved within what is joined one after the other, and nowhere else.
fn connected(all: &[Step]) -> Vec<&Step> {
    /// How many steps are worth it: it looks at each pair of them.
    const FEW: usize = 200;
    if all.len() > FEW {
        return all.iter().collect();
    }
    let mut ordered: Vec<&Step> = Vec::with_capacity(all.len());
    let mut seen = BTreeSet::new();
    let mut run: Vec<&Step> = Vec::new();
    for step in all.iter().map(Some).chain([None]) {
        if let Some(step @ Step::Match(_)) = step {
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
