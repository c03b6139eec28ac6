//! The search for the smallest part of a pattern that has no match.

use super::conflicts::is_closed;
use super::nearest::occurrences;
use super::outline::ElementKind;
use super::probe::{Probe, SolutionCount};
use super::query_text::QueryPart;
use super::search::{InGraph, PatternSearch, anything, anywhere};
use super::steps::{GroupStep, pattern, steps};
use super::{Cause, Diagnosis, Hint, Mismatch, Role};
use crate::algebra::{in_graph, in_scope, pattern_of, walk, with_variables_for_blank_nodes};
use crate::diagnostic::Result;
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, Variable};
use std::collections::BTreeSet;

/// The most causes that are reported.
const MOST_CAUSES: usize = 3;

impl PatternSearch<'_> {
    /// Returns why a query has no rows, or why its counts are zero.
    pub(super) fn diagnosis(self, query: &Query) -> Result<Diagnosis> {
        let whole = with_variables_for_blank_nodes(pattern_of(query));
        let mut causes = Vec::new();
        if asks_for_triples(&whole) && self.has(&anything())? == Some(false) {
            if query.dataset().is_some_and(|dataset| !dataset.default.is_empty()) {
                causes.push(self.no_triples_from(query));
            } else if self.has(&anywhere())? == Some(false) {
                causes.push(no_triples(Mismatch::NoData, "the data"));
            }
        }
        if !causes.is_empty() {
            // No part of the query is the cause.
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
        Ok(Diagnosis { causes, is_complete: !self.probe.was_given_up() && !self.probe.is_over() })
    }

    /// Returns the causes for a CONSTRUCT or DESCRIBE without triples.
    fn causes_of_graph(&self, whole: &GraphPattern) -> Result<Vec<Cause>> {
        if self.has(whole)? == Some(false) {
            return self.causes(whole, None);
        }
        // The described resource exists, but has no triples.
        let mut causes = Vec::new();
        let mut pattern = whole;
        while let GraphPattern::Project { inner, .. } | GraphPattern::Extend { inner, .. } = pattern
        {
            if let GraphPattern::Extend { expression: Expression::NamedNode(iri), .. } = pattern
                && let Some(hint) = self.unknown(iri, Role::Thing)?
            {
                let words = format!("DESCRIBE {}", self.words.prefixes().show(iri));
                let occurrences = occurrences(iri, Role::Thing);
                let part = QueryPart { pattern: occurrences, words, spans: Vec::new() };
                causes.push(Cause {
                    reason: Mismatch::NoMatch,
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
        no_triples(Mismatch::NoGraph, from.join(" "))
    }

    /// Returns the causes for a pattern without solutions.
    pub(super) fn causes(&self, pattern: &GraphPattern, graph: InGraph<'_>) -> Result<Vec<Cause>> {
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
                        Some(0) => Some(Mismatch::NoLimit),
                        _ if *start > 0
                            && self.has(&in_graph((**inner).clone(), graph))? == Some(true) =>
                        {
                            Some(Mismatch::Offset)
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
            reason: Mismatch::Having,
            element: part.clone(),
            part,
            matched: self.counted_as("the groups", &in_graph(groups.clone(), graph))?,
            hints: Vec::new(),
        })
    }

    fn slice(
        &self,
        reason: Mismatch,
        pattern: &GraphPattern,
        inner: &GraphPattern,
        graph: InGraph<'_>,
    ) -> Result<Cause> {
        let keyword = if reason == Mismatch::NoLimit { "LIMIT" } else { "OFFSET" };
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

    fn counted_as(
        &self,
        words: &str,
        pattern: &GraphPattern,
    ) -> Result<Option<(QueryPart, SolutionCount)>> {
        let part =
            QueryPart { pattern: pattern.clone(), words: words.to_owned(), spans: Vec::new() };
        Ok(self
            .probe
            .count(pattern, Probe::MOST)?
            .filter(|count| count.number > 0)
            .map(|count| (part, count)))
    }

    /// Returns the causes for a UNION without matches: each branch has its own.
    fn union(&self, pattern: &GraphPattern, graph: InGraph<'_>) -> Result<Vec<Cause>> {
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

    /// Returns the causes for a GRAPH without matches.
    fn graph(
        &self,
        pattern: &GraphPattern,
        name: &NamedNodePattern,
        inner: &GraphPattern,
        around: InGraph<'_>,
    ) -> Result<Vec<Cause>> {
        if around.is_some() && self.has(pattern)? == Some(true) {
            // Its matches do not fit the name of the enclosing graph.
            let whole = in_graph(pattern.clone(), around);
            let part = self.words.part([&GroupStep::Match(pattern.clone())], whole);
            let (reason, element) = (Mismatch::NoMatch, part.clone());
            return Ok(vec![Cause { reason, part, element, matched: None, hints: Vec::new() }]);
        }
        let is_there = self.has(&in_graph(anything(), Some(name)))?;
        let mut causes = match is_there {
            Some(false) => {
                let part = self.words.part([&GroupStep::Match(pattern.clone())], pattern.clone());
                let hints = match name {
                    NamedNodePattern::NamedNode(name) => self.unknown_graph(name)?,
                    NamedNodePattern::Variable(_) => Vec::new(),
                };
                let element = part.clone();
                vec![Cause { reason: Mismatch::NoGraph, part, element, matched: None, hints }]
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

    /// Returns the causes in a group: elements without a match by themselves, or else elements without a common match.
    fn group(&self, all: &[GroupStep], graph: InGraph<'_>) -> Result<Vec<Cause>> {
        let mut alone = Vec::new();
        for (i, step) in all.iter().enumerate() {
            if !matches!(step, GroupStep::Match(_)) {
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
            return self.conflicts(all, graph);
        }
        let mut causes = Vec::new();
        for step in alone.iter().filter_map(|&i| all.get(i)) {
            causes.extend(self.alone(step, graph)?);
        }
        // It is the most expensive query, and the other results are more informative.
        let matched = self.matched_without(all, &alone, graph)?;
        for cause in &mut causes {
            cause.matched = cause.matched.take().or_else(|| matched.clone());
        }
        Ok(causes)
    }

    /// Returns the causes for an element without a match by itself.
    pub(super) fn alone(&self, step: &GroupStep, graph: InGraph<'_>) -> Result<Vec<Cause>> {
        let reason = match step {
            GroupStep::Match(GraphPattern::Bgp { .. } | GraphPattern::Path { .. }) => {
                Mismatch::NoMatch
            }
            GroupStep::Match(GraphPattern::Values { .. }) => Mismatch::NoValues,
            GroupStep::Match(GraphPattern::Service { .. }) => return Ok(Vec::new()),
            GroupStep::Match(inner) => return self.causes(inner, graph),
            _ => return Ok(Vec::new()),
        };
        let part = self.words.part([step], in_graph(pattern([step]), graph));
        let hints = match reason {
            Mismatch::NoMatch => self.hints(&[step], graph)?,
            _ => Vec::new(),
        };
        Ok(vec![Cause { reason, element: part.clone(), part, matched: None, hints }])
    }

    /// Returns what still matches if some elements do not: all others, or else those before the first one.
    fn matched_without(
        &self,
        all: &[GroupStep],
        alone: &[usize],
        graph: InGraph<'_>,
    ) -> Result<Option<(QueryPart, SolutionCount)>> {
        let every: Vec<&GroupStep> = all.iter().collect();
        let kept: Vec<&GroupStep> =
            all.iter().enumerate().filter(|(i, _)| !alone.contains(i)).map(|(_, s)| s).collect();
        let before: Vec<&GroupStep> =
            all.iter().take(alone.first().copied().unwrap_or(0)).collect();
        for some in [kept, before] {
            let matches: Vec<&GroupStep> =
                some.iter().copied().filter(|step| matches!(step, GroupStep::Match(_))).collect();
            let is_more = some.len() > matches.len();
            for part in is_more.then_some(some).into_iter().chain([matches]) {
                if is_closed(&part, &every)
                    && let Some(matched) = self.matched(&part, graph)?
                {
                    return Ok(Some(matched));
                }
            }
        }
        Ok(None)
    }

    /// Returns some steps and their number of matches, or `None` if they have none.
    pub(super) fn matched(
        &self,
        some: &[&GroupStep],
        graph: InGraph<'_>,
    ) -> Result<Option<(QueryPart, SolutionCount)>> {
        // An OPTIONAL, for example, has nothing of its own to match.
        if !some.iter().any(|step| matches!(step, GroupStep::Match(_))) {
            return Ok(None);
        }
        let whole = in_graph(pattern(some.iter().copied()), graph);
        let count = self.probe.count(&whole, Probe::MOST)?.filter(|count| count.number > 0);
        Ok(count.map(|count| (self.words.part(some.iter().copied(), whole), count)))
    }
}

/// Returns the cause for a query that nothing could match.
fn no_triples(reason: Mismatch, words: impl Into<String>) -> Cause {
    let part = QueryPart { pattern: anything(), words: words.into(), spans: Vec::new() };
    Cause { reason, element: part.clone(), part, matched: None, hints: Vec::new() }
}

/// Returns whether a pattern has any triple patterns.
fn asks_for_triples(pattern: &GraphPattern) -> bool {
    let mut asks = false;
    walk(pattern, &mut |pattern| {
        asks = asks
            || match pattern {
                GraphPattern::Bgp { patterns } => !patterns.is_empty(),
                GraphPattern::Path { .. } => true,
                _ => false,
            };
    });
    asks
}

/// Returns whether a pattern is an aggregation, possibly with conditions and assignments around it.
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

/// Returns the variables of a query that are nothing but counts.
pub(crate) fn counts(query: &Query) -> Vec<Variable> {
    aggregated(query, |aggregate| {
        matches!(
            aggregate,
            AggregateExpression::CountSolutions { .. }
                | AggregateExpression::FunctionCall { name: AggregateFunction::Count, .. }
        )
    })
}

/// Returns the variables of a query that show whether there was anything to aggregate. These are its counts or, without
/// counts, aggregates such as sums, which are zero or unbound if there was nothing.
pub(crate) fn aggregates(query: &Query) -> Vec<Variable> {
    let counts = counts(query);
    if !counts.is_empty() {
        return counts;
    }
    aggregated(query, |aggregate| {
        matches!(
            aggregate,
            AggregateExpression::FunctionCall {
                name: AggregateFunction::Sum
                    | AggregateFunction::Avg
                    | AggregateFunction::Min
                    | AggregateFunction::Max,
                ..
            }
        )
    })
}

fn aggregated(query: &Query, is_wanted: fn(&AggregateExpression) -> bool) -> Vec<Variable> {
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
                let is_it = |variable: &Variable| {
                    aggregates.iter().any(|(name, a)| name == variable && is_wanted(a))
                };
                return named
                    .into_iter()
                    .filter(|(_, e)| matches!(e, Expression::Variable(v) if is_it(v)))
                    .map(|(variable, _)| variable.clone())
                    .collect();
            }
            _ => return Vec::new(),
        };
    }
}

/// Returns the pattern of a query's group members, and the variables in its aggregates, which are empty if only members
/// are counted. Returns `None` if the query has no aggregation.
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
                        Some(GroupStep::Filter(expr.clone()).variables())
                    }
                });
                return Some((inner, variables.flatten().collect()));
            }
            _ => return None,
        };
    }
}

/// Returns the pattern with each OPTIONAL that binds one of the variables turned into a join.
fn with_needed(inner: &GraphPattern, needed: &BTreeSet<Variable>) -> GraphPattern {
    let mut all = Vec::new();
    for step in steps(inner) {
        match step {
            GroupStep::Optional(right, condition) if !in_scope(&right).is_disjoint(needed) => {
                all.extend(steps(&right));
                all.extend(condition.map(GroupStep::Filter));
            }
            step => all.push(step),
        }
    }
    pattern(&all)
}
