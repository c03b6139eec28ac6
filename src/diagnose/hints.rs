//! Suggestions of what would have matched.

use super::nearest::{nearest_of, nearest_term};
use super::probe::{Probe, ValueSample, iris};
use super::search::{InGraph, PatternSearch};
use super::steps::{GroupStep, pattern};
use super::{Difference, Hint, Role};
use crate::algebra::{in_graph, in_scope, term_variable};
use crate::diagnostic::Result;
use crate::vocabulary::{is_numeric, rdf, xsd_name};
use oxigraph::model::{NamedNode, Term};
use spargebra::algebra::{Expression, Function, GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern, Variable};

/// The most hints about one part.
const MOST_HINTS: usize = 3;

/// The most values of a variable that are examined.
const MOST_VALUES: usize = 500;

/// The most values that are shown.
const SHOWN: usize = 3;

impl PatternSearch<'_> {
    /// Returns the hints for steps that have no match together.
    pub(super) fn hints(&self, some: &[&GroupStep], graph: InGraph<'_>) -> Result<Vec<Hint>> {
        let mut hints = Vec::new();
        for (iri, role) in names(some) {
            if hints.len() < MOST_HINTS {
                hints.extend(self.unknown(&iri, role)?);
            }
        }
        if !hints.is_empty() {
            return Ok(hints);
        }
        hints.extend(self.same_thing(some, graph)?);
        hints.extend(self.reversed(some, graph)?);
        if let [.., last] = some
            && some.len() > 1
        {
            hints.extend(self.other_sides(last, some, graph)?);
        }
        for (i, step) in some.iter().enumerate() {
            for (opened, written) in openings(step) {
                let most = if is_predicate_of(step, &written) { 0 } else { MOST_HINTS - 1 };
                if hints.len() <= most && !hints.iter().any(is_better) {
                    hints.extend(self.in_place(some, i, &opened, &written, graph)?);
                }
            }
        }
        hints.truncate(MOST_HINTS);
        Ok(hints)
    }

    /// Returns the terms that would match in place of another one, with everything else unchanged.
    fn in_place(
        &self,
        some: &[&GroupStep],
        index: usize,
        opened: &GroupStep,
        written: &Term,
        graph: InGraph<'_>,
    ) -> Result<Option<Hint>> {
        let steps =
            some.iter().enumerate().map(|(i, step)| if i == index { opened } else { *step });
        let whole = in_graph(pattern(steps), graph);
        let place = place();
        if let Term::Literal(literal) = written {
            let same = alike(&whole, &place, literal.value());
            let same = self.probe.values(&same, &place, 20)?;
            if let Some((instead, difference)) = nearest_term(written, &same.terms) {
                return Ok(Some(Hint::Instead { written: written.clone(), instead, difference }));
            }
        }
        let mut values = self.probe.values(&whole, &place, MOST_VALUES)?;
        values.terms.retain(|term| !term.is_blank_node());
        if let Some((instead, difference)) = nearest_term(written, &values.terms) {
            return Ok(Some(Hint::Instead { written: written.clone(), instead, difference }));
        }
        if let Term::NamedNode(iri) = written
            && let Some((instead, difference)) =
                nearest_of(iri, &iris(values.terms.clone()))
            // The name exists, so it is not a spelling mistake.
            && difference != Difference::Spelling
        {
            let (written, instead) = (written.clone(), instead.into());
            return Ok(Some(Hint::Instead { written, instead, difference }));
        }
        if values.terms.is_empty() {
            return Ok(None);
        }
        Ok(Some(Hint::Others { written: written.clone(), values: shown(values) }))
    }

    /// Returns a hint if a triple would match the other way round.
    fn reversed(&self, some: &[&GroupStep], graph: InGraph<'_>) -> Result<Option<Hint>> {
        for (i, step) in some.iter().enumerate() {
            let Some(turned) = turned(step) else { continue };
            // Beside another triple with the same predicate, a reversed one may match only that triple.
            if some.iter().filter(|other| predicate_of(other) == predicate_of(step)).count() > 1 {
                continue;
            }
            let steps = || {
                let all = some.iter().enumerate();
                all.map(|(j, step)| if j == i { &turned } else { *step })
            };
            let whole = in_graph(pattern(steps()), graph);
            if self.has(&whole)? == Some(true)
                && let Some(count) = self.probe.count(&whole, Probe::MOST)?
            {
                let part = self.words.part([&turned], whole);
                return Ok(Some(Hint::Reversed { part, count }));
            }
        }
        Ok(None)
    }

    /// Returns hints for variables that have values of one kind in the last step, and of another kind in the other
    /// steps.
    fn other_sides(
        &self,
        last: &GroupStep,
        some: &[&GroupStep],
        graph: InGraph<'_>,
    ) -> Result<Vec<Hint>> {
        let Some((_, before)) = some.split_last() else { return Ok(Vec::new()) };
        let (before, last) =
            (in_graph(pattern(before.iter().copied()), graph), in_graph(pattern([last]), graph));
        let mut hints = Vec::new();
        for variable in in_scope(&before).intersection(&in_scope(&last)) {
            let one = self.probe.values(&before, variable, MOST_VALUES)?;
            let other = self.probe.values(&last, variable, MOST_VALUES)?;
            if let Some((one, other)) = apart(&one.terms, &other.terms) {
                hints.push(Hint::OtherSide { variable: variable.clone(), one, other });
            }
        }
        Ok(hints)
    }
}

/// Returns whether a hint is so good that other possible values need not be listed.
fn is_better(hint: &Hint) -> bool {
    matches!(hint, Hint::Reversed { .. } | Hint::OtherSide { .. } | Hint::Instead { .. })
}

/// Truncates a sample to the values that are shown.
pub(super) fn shown(mut values: ValueSample) -> ValueSample {
    values.has_more |= values.terms.len() > SHOWN;
    values.terms.truncate(SHOWN);
    values
}

/// Returns two values that look alike but differ. If no two values are of the same kind, returns two of different
/// kinds.
fn apart(one: &[Term], other: &[Term]) -> Option<(Term, Term)> {
    let by_words: std::collections::HashMap<&str, &Term> = other
        .iter()
        .filter_map(|term| match term {
            Term::Literal(literal) => Some((literal.value(), term)),
            _ => None,
        })
        .collect();
    for term in one {
        if let Term::Literal(literal) = term
            && let Some(alike) = by_words.get(literal.value())
        {
            return Some((term.clone(), (*alike).clone()));
        }
    }
    let kinds = |terms: &[Term]| terms.iter().map(kind).collect::<std::collections::HashSet<_>>();
    let (first, second) = (one.first()?, other.first()?);
    kinds(one).is_disjoint(&kinds(other)).then(|| (first.clone(), second.clone()))
}

/// Returns the kind of a term for comparisons.
pub(super) fn kind(term: &Term) -> String {
    match term {
        Term::Literal(literal) if literal.language().is_some() => "text in a language".to_owned(),
        Term::Literal(literal) if xsd_name(literal.datatype()).is_some_and(is_numeric) => {
            "number".to_owned()
        }
        Term::Literal(literal) => literal.datatype().as_str().to_owned(),
        _ => "resource".to_owned(),
    }
}

/// Returns the variable that replaces a term in a search.
fn place() -> Variable {
    Variable::new_unchecked("any_value")
}

/// Returns the step with a variable in place of each of its terms in turn, objects first.
fn openings(step: &GroupStep) -> Vec<(GroupStep, Term)> {
    let mut openings = Vec::new();
    let opened: TermPattern = place().into();
    match step {
        GroupStep::Match(GraphPattern::Bgp { patterns }) => {
            let [triple] = patterns.as_slice() else { return openings };
            let with = |triple: TriplePattern| {
                GroupStep::Match(GraphPattern::Bgp { patterns: vec![triple] })
            };
            if let Some(term) = constant(&triple.object) {
                openings
                    .push((with(TriplePattern { object: opened.clone(), ..triple.clone() }), term));
            }
            if let Some(term) = constant(&triple.subject) {
                openings.push((with(TriplePattern { subject: opened, ..triple.clone() }), term));
            }
            if let NamedNodePattern::NamedNode(predicate) = &triple.predicate
                && !openings.is_empty()
                && predicate.as_ref() != rdf::TYPE
            {
                let any = TriplePattern { predicate: place().into(), ..triple.clone() };
                openings.push((with(any), predicate.clone().into()));
            }
        }
        GroupStep::Match(GraphPattern::Path { subject, path, object }) => {
            let with = |subject: &TermPattern, object: &TermPattern| {
                let (subject, path, object) = (subject.clone(), path.clone(), object.clone());
                GroupStep::Match(GraphPattern::Path { subject, path, object })
            };
            if let Some(term) = constant(object) {
                openings.push((with(subject, &opened), term));
            }
            if let Some(term) = constant(subject) {
                openings.push((with(&opened, object), term));
            }
        }
        _ => {}
    }
    openings
}

/// Returns whether a term is the predicate of a triple.
fn is_predicate_of(step: &GroupStep, term: &Term) -> bool {
    matches!(
        (step, term),
        (GroupStep::Match(GraphPattern::Bgp { patterns }), Term::NamedNode(iri))
            if patterns.iter().any(|triple| triple.predicate == NamedNodePattern::from(iri.clone()))
    )
}

fn constant(term: &TermPattern) -> Option<Term> {
    match term {
        TermPattern::NamedNode(iri) => Some(iri.clone().into()),
        TermPattern::Literal(literal) => Some(literal.clone().into()),
        _ => None,
    }
}

/// Returns the predicate of a triple.
fn predicate_of(step: &GroupStep) -> Option<&NamedNodePattern> {
    match step {
        GroupStep::Match(GraphPattern::Bgp { patterns }) => patterns.first().map(|t| &t.predicate),
        _ => None,
    }
}

/// Returns a triple with subject and object exchanged.
fn turned(step: &GroupStep) -> Option<GroupStep> {
    let GroupStep::Match(GraphPattern::Bgp { patterns }) = step else { return None };
    let [TriplePattern { subject, predicate, object }] = patterns.as_slice() else { return None };
    if matches!(object, TermPattern::Literal(_))
        || matches!(predicate, NamedNodePattern::Variable(_))
        || subject == object
        || term_variable(subject).is_some_and(|variable| term_variable(object) == Some(variable))
    {
        return None;
    }
    let (subject, predicate, object) = (object.clone(), predicate.clone(), subject.clone());
    let patterns = vec![TriplePattern { subject, predicate, object }];
    Some(GroupStep::Match(GraphPattern::Bgp { patterns }))
}

/// Returns the names in some steps with their roles, the most likely mistakes first.
fn names(some: &[&GroupStep]) -> Vec<(NamedNode, Role)> {
    let mut names = Vec::new();
    for step in some {
        match step {
            GroupStep::Match(GraphPattern::Bgp { patterns }) => {
                for triple in patterns {
                    let mut is_type = false;
                    if let NamedNodePattern::NamedNode(predicate) = &triple.predicate {
                        is_type = predicate.as_ref() == rdf::TYPE;
                        names.push((predicate.clone(), Role::Predicate));
                    }
                    if let TermPattern::NamedNode(object) = &triple.object {
                        let role = if is_type { Role::Class } else { Role::Thing };
                        names.push((object.clone(), role));
                    }
                    if let TermPattern::NamedNode(subject) = &triple.subject {
                        names.push((subject.clone(), Role::Thing));
                    }
                }
            }
            GroupStep::Match(GraphPattern::Path { subject, path, object }) => {
                for predicate in predicates(path) {
                    names.push((predicate.clone(), Role::Predicate));
                }
                for term in [subject, object] {
                    if let TermPattern::NamedNode(thing) = term {
                        names.push((thing.clone(), Role::Thing));
                    }
                }
            }
            _ => {}
        }
    }
    names
}

/// Returns the predicates of a path, except those that it excludes.
pub(super) fn predicates(path: &PropertyPathExpression) -> Vec<&NamedNode> {
    match path {
        PropertyPathExpression::NamedNode(predicate) => vec![predicate],
        PropertyPathExpression::Reverse(inner)
        | PropertyPathExpression::ZeroOrMore(inner)
        | PropertyPathExpression::OneOrMore(inner)
        | PropertyPathExpression::ZeroOrOne(inner) => predicates(inner),
        PropertyPathExpression::Sequence(a, b) | PropertyPathExpression::Alternative(a, b) => {
            let mut both = predicates(a);
            both.extend(predicates(b));
            both
        }
        PropertyPathExpression::NegatedPropertySet(_) => Vec::new(),
    }
}

/// Returns a pattern that restricts a variable to certain words, ignoring case, language and datatype.
pub(super) fn alike(whole: &GraphPattern, variable: &Variable, words: &str) -> GraphPattern {
    let lower = |text: Expression| Expression::FunctionCall(Function::LCase, vec![text]);
    let text = Expression::FunctionCall(Function::Str, vec![variable.clone().into()]);
    let words = oxigraph::model::Literal::new_simple_literal(words);
    GraphPattern::Filter {
        expr: Expression::Equal(lower(text).into(), lower(words.into()).into()),
        inner: whole.clone().into(),
    }
}
