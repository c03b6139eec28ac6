//! Literals that equal no value, or are comparable with none.

use super::date_types::is_date;
use super::{Finder, MOST, MOST_TRIPLES, Mistake, groups};
use crate::diagnose::Difference;
use crate::diagnose::filters::{ComparisonKind, ConstantComparison, is_comparable};
use crate::diagnose::hints::kind;
use crate::diagnose::nearest::nearest_term;
use crate::diagnose::probe::limited;
use crate::diagnose::search::{ends, triple};
use crate::diagnose::steps::{GroupStep, pattern};
use crate::diagnostic::Result;
use crate::vocabulary::{rdf, rdfs, xsd};
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, Term};
use oxigraph::sparql::Variable;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::HashMap;

/// The most languages and datatypes of a predicate's values that are examined.
const MOST_KINDS: usize = 20;

impl Finder<'_> {
    /// Warns about literals in triples that look like one in the data but never equal it.
    pub(super) fn literals(&mut self, whole: &GraphPattern) -> Result<()> {
        for group in groups(whole).into_iter().take(MOST) {
            for step in &group {
                let Some((triple, literal)) = with_literal(step) else { continue };
                if self.search.has(&pattern([step]))? == Some(false) {
                    self.never_equal(&triple, &literal, [step])?;
                }
            }
        }
        Ok(())
    }

    /// Warns if the values of a triple's object include one that looks like a literal but never equals it. Of many
    /// values, only a sample is examined.
    fn never_equal<'s>(
        &mut self,
        triple: &TriplePattern,
        literal: &Literal,
        place: impl IntoIterator<Item = &'s GroupStep>,
    ) -> Result<()> {
        let value = Variable::new_unchecked("any_value");
        let object = TermPattern::from(value.clone());
        let (s, _, _) = ends();
        let of = |object: TermPattern| {
            let triple = TriplePattern { subject: s.clone().into(), object, ..triple.clone() };
            GraphPattern::Bgp { patterns: vec![triple] }
        };
        let first = limited(of(object), vec![value.clone()], MOST_TRIPLES);
        let mut values = self.search.probe.values(&first, &value, MOST_TRIPLES)?.terms;
        let others: Vec<Literal> =
            kinds(&values).into_iter().map(|kind| with_kind(literal.value(), kind)).collect();
        for other in others {
            if self.search.has(&of(other.clone().into()))? == Some(true) {
                values.push(other.into());
            }
        }
        let written = Term::from(literal.clone());
        if let Some((found, Difference::Language | Difference::Datatype)) =
            nearest_term(&written, &values)
            && !values.contains(&written)
        {
            let part = self.words.part(place, GraphPattern::default());
            self.add(Mistake::NeverEqual { written, found }, part.spans);
        }
        Ok(())
    }

    /// Warns about comparisons of a variable with a constant that is not comparable with any of its values.
    pub(super) fn comparisons(&mut self, whole: &GraphPattern) -> Result<()> {
        for group in groups(whole).into_iter().take(MOST) {
            let given = predicates_of(&group);
            for step in &group {
                let GroupStep::Filter(condition) = step else { continue };
                for comparison in ConstantComparison::of(condition) {
                    if matches!(comparison.kind, ComparisonKind::Language | ComparisonKind::Letters)
                    {
                        continue;
                    }
                    // Values from two places may have two types.
                    if let Some([triple]) = given.get(comparison.variable).map(Vec::as_slice) {
                        self.comparison(&comparison, triple, step)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn comparison(
        &mut self,
        comparison: &ConstantComparison<'_>,
        triple: &TriplePattern,
        step: &GroupStep,
    ) -> Result<()> {
        let NamedNodePattern::NamedNode(predicate) = &triple.predicate else { return Ok(()) };
        let written = comparison.constant.clone();
        // For dates of several types, another warning counts the dropped ones.
        let is_counted = |datatype: NamedNodeRef<'_>| {
            is_date(datatype) && matches!(&written, Term::Literal(date) if is_date(date.datatype()))
        };
        if let Some(range) = self.range(predicate)?
            && !is_counted(range.as_ref())
            && never_compared(&range, &written)
        {
            let variable = comparison.variable.clone();
            let part = self.words.part([step], GraphPattern::default());
            let predicate = predicate.clone();
            self.add(Mistake::OtherType { variable, written, predicate, range }, part.spans);
            return Ok(());
        }
        let Term::Literal(literal) = &written else { return Ok(()) };
        let (s, _, o) = ends();
        let every = crate::diagnose::search::triple(s.clone(), predicate.clone(), o.clone());
        let first = limited(every, vec![o.clone()], MOST_TRIPLES + 1);
        let is_all =
            self.search.probe.count(&first, MOST_TRIPLES)?.is_some_and(|count| !count.has_more);
        if comparison.kind == ComparisonKind::Equal {
            // Numbers can be equal without being written alike.
            if !is_all && kind(&written) == "number" {
                return Ok(());
            }
            let expr = Expression::Equal(Box::new(o.into()), Box::new(literal.clone().into()));
            let equal = GraphPattern::Filter { expr, inner: first.into() };
            let same = crate::diagnose::search::triple(s, predicate.clone(), literal.clone());
            if self.search.has(&equal)? == Some(false) && self.search.has(&same)? == Some(false) {
                self.never_equal(triple, literal, [step])?;
            }
            return Ok(());
        }
        let values = self.search.probe.values(&first, &o, MOST_TRIPLES)?;
        if is_all
            && values.terms.iter().all(|value| !is_comparable(value, &written))
            && let Some(Term::Literal(found)) = values.terms.first()
            && !is_counted(found.datatype())
        {
            let range = found.datatype().into_owned();
            let variable = comparison.variable.clone();
            let predicate = predicate.clone();
            let part = self.words.part([step], GraphPattern::default());
            self.add(Mistake::OtherType { variable, written, predicate, range }, part.spans);
        }
        Ok(())
    }

    /// Returns the range of a property, if it has one.
    fn range(&mut self, predicate: &NamedNode) -> Result<Option<NamedNode>> {
        let (_, _, o) = ends();
        let ranges = triple(predicate.clone(), rdfs::RANGE.into_owned(), o.clone());
        let ranges = self.search.probe.values(&ranges, &o, 2)?.terms;
        Ok(match ranges.as_slice() {
            [Term::NamedNode(range)] => Some(range.clone()),
            _ => None,
        })
    }
}

/// Returns one example for each language and datatype of some values.
fn kinds(values: &[Term]) -> Vec<&Literal> {
    let mut kinds: Vec<&Literal> = Vec::new();
    for value in values {
        if let Term::Literal(value) = value
            && !kinds.iter().any(|kind| {
                kind.datatype() == value.datatype() && kind.language() == value.language()
            })
            && kinds.len() < MOST_KINDS
        {
            kinds.push(value);
        }
    }
    kinds
}

/// Returns a literal with the language or datatype of another one.
fn with_kind(value: &str, kind: &Literal) -> Literal {
    match kind.language() {
        Some(language) => Literal::new_language_tagged_literal_unchecked(value, language),
        None => Literal::new_typed_literal(value, kind.datatype()),
    }
}

/// Returns a step's triple if its object is a literal and it has a constant predicate.
fn with_literal(step: &GroupStep) -> Option<(TriplePattern, Literal)> {
    let GroupStep::Match(GraphPattern::Bgp { patterns }) = step else { return None };
    match patterns.as_slice() {
        [triple @ TriplePattern { object: TermPattern::Literal(literal), .. }]
            if matches!(triple.predicate, NamedNodePattern::NamedNode(_)) =>
        {
            Some((triple.clone(), literal.clone()))
        }
        _ => None,
    }
}

/// Returns the triples of a group that bind each variable as their object. Omits variables that are bound in another
/// way.
fn predicates_of(group: &[GroupStep]) -> HashMap<Variable, Vec<TriplePattern>> {
    let mut given: HashMap<Variable, Vec<TriplePattern>> = HashMap::new();
    for step in group {
        if let GroupStep::Match(GraphPattern::Bgp { patterns }) = step {
            for triple in patterns {
                if let TermPattern::Variable(object) = &triple.object {
                    given.entry(object.clone()).or_default().push(triple.clone());
                }
            }
        }
    }
    for step in group {
        if !matches!(step, GroupStep::Match(GraphPattern::Bgp { .. })) {
            for variable in step.gives() {
                given.remove(&variable);
            }
        }
    }
    given
}

/// Returns whether a constant is not comparable with any value of a range.
fn never_compared(range: &NamedNode, constant: &Term) -> bool {
    let namespace = xsd::STRING.as_str().trim_end_matches("string");
    if range.as_str().starts_with(namespace) {
        let example = Literal::new_typed_literal("", range.clone());
        return !is_comparable(&example.into(), constant);
    }
    // A class has no literals, except that of all literals.
    let is_of_language = range.as_str().starts_with(rdf::TYPE.as_str().trim_end_matches("type"))
        || range.as_str().starts_with(rdfs::LABEL.as_str().trim_end_matches("label"));
    !is_of_language && matches!(constant, Term::Literal(_))
}
