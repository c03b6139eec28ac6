//! Why a condition is true for no solution: the values before it.

use super::hints::{kind, shown};
use super::nearest::{is_text, nearest_term};
use super::probe::ValueSample;
use super::search::{InGraph, PatternSearch};
use super::steps::{GroupStep, pattern};
use super::{Difference, Hint};
use crate::algebra::{in_graph, in_scope, walk_expression};
use crate::diagnostic::Result;
use crate::vocabulary::xsd;
use oxigraph::model::Term;
use spargebra::algebra::{Expression, Function, GraphPattern};
use spargebra::term::Variable;
use std::collections::BTreeSet;

/// The most values of a variable that are examined.
const MOST_VALUES: usize = 1_000;

/// The most variables of a condition that are described.
const MOST_VARIABLES: usize = 2;

impl PatternSearch<'_> {
    /// Returns the hints for a condition that is true for none of the solutions before it.
    pub(super) fn filter_hints(
        &self,
        condition: &Expression,
        before: &[&GroupStep],
        graph: InGraph<'_>,
    ) -> Result<Vec<Hint>> {
        let whole = in_graph(pattern(before.iter().copied()), graph);
        let mut hints: Vec<Hint> = self.of_functions(condition, &whole)?.into_iter().collect();
        if !hints.is_empty() {
            return Ok(hints);
        }
        for comparison in ConstantComparison::of(condition) {
            if !in_scope(&whole).contains(comparison.variable) {
                continue;
            }
            let values = self.probe.values(&whole, comparison.variable, MOST_VALUES)?;
            hints.extend(comparison.hint(&values));
            if !hints.is_empty() {
                return Ok(hints);
            }
        }
        let mut described = BTreeSet::new();
        walk_expression(condition, &mut |inner| {
            if let Expression::Variable(variable) = inner {
                described.insert(variable);
            }
        });
        for variable in described.into_iter().take(MOST_VARIABLES) {
            hints.extend(self.described(variable, &whole)?);
        }
        Ok(hints)
    }

    /// Returns why a function of a condition is always an error: invalid flags or patterns, or values that are not
    /// strings.
    fn of_functions(&self, condition: &Expression, whole: &GraphPattern) -> Result<Option<Hint>> {
        let mut calls = Vec::new();
        walk_expression(condition, &mut |inner| {
            if let Expression::FunctionCall(function, arguments) = inner {
                calls.push((function, arguments.as_slice()));
            }
        });
        for (function, arguments) in calls {
            if let Some(hint) = invalid_regex(function, arguments) {
                return Ok(Some(hint));
            }
            if let [Expression::Variable(variable), _, ..] = arguments
                && matches!(
                    function,
                    Function::Regex
                        | Function::Replace
                        | Function::Contains
                        | Function::StrStarts
                        | Function::StrEnds
                )
                && in_scope(whole).contains(variable)
            {
                let values = self.probe.values(whole, variable, MOST_VALUES)?;
                let is_other = |term: &Term| !matches!(term, Term::Literal(l) if is_text(l));
                if let Some(found) = values.terms.first()
                    && values.terms.iter().all(is_other)
                    && !found.is_blank_node()
                {
                    let (variable, found) = (variable.clone(), found.clone());
                    return Ok(Some(Hint::NotText {
                        function: function.to_string(),
                        variable,
                        found,
                    }));
                }
            }
        }
        Ok(None)
    }

    /// Returns a hint that describes the values of a variable.
    fn described(&self, variable: &Variable, whole: &GraphPattern) -> Result<Option<Hint>> {
        let values = self.probe.values(whole, variable, MOST_VALUES)?;
        let Some(first) = values.terms.first() else { return Ok(None) };
        let first = kind(first);
        let is_ordered = is_ordered(&first) && values.terms.iter().all(|term| kind(term) == first);
        if is_ordered
            && values.terms.len() > 1
            && let Some((least, greatest)) = self.probe.extremes(whole, variable)?
        {
            return Ok(Some(Hint::Between { variable: variable.clone(), least, greatest }));
        }
        Ok(Some(Hint::Among { variable: variable.clone(), values: shown(values) }))
    }
}

/// Returns what is invalid in the constants of a REGEX or REPLACE ([XPath Functions,
/// 5.6.2](https://www.w3.org/TR/xpath-functions-31/#flags)).
fn invalid_regex(function: &Function, arguments: &[Expression]) -> Option<Hint> {
    let (pattern, flags) = match (function, arguments) {
        (Function::Regex, [_, pattern, rest @ ..])
        | (Function::Replace, [_, pattern, _, rest @ ..]) => (pattern, rest.first()),
        _ => return None,
    };
    let flags = match flags {
        Some(Expression::Literal(flags)) => flags.value(),
        Some(_) => return None,
        None => "",
    };
    if !flags.chars().all(|flag| "smixq".contains(flag)) {
        return Some(Hint::RegexFlags { flags: flags.to_owned() });
    }
    let Expression::Literal(pattern) = pattern else { return None };
    let pattern = pattern.value();
    // Syntax that only XPath has cannot be judged by another regex engine.
    let is_of_xpath = ["\\i", "\\I", "\\c", "\\C", "-["].iter().any(|part| pattern.contains(part));
    let is_invalid = !flags.contains('q') && !is_of_xpath && regex::Regex::new(pattern).is_err();
    is_invalid.then(|| Hint::RegexPattern { pattern: pattern.to_owned() })
}

/// Returns whether values of a kind have a familiar order.
fn is_ordered(kind: &str) -> bool {
    let dates = [xsd::DATE, xsd::DATE_TIME, xsd::G_YEAR, xsd::G_YEAR_MONTH, xsd::TIME];
    kind == "number" || dates.iter().any(|datatype| datatype.as_str() == kind)
}

/// A comparison of a variable with a constant.
#[derive(Debug)]
pub(super) struct ConstantComparison<'a> {
    /// The variable.
    pub variable: &'a Variable,
    /// The constant.
    pub constant: Term,
    /// The kind of comparison.
    pub kind: ComparisonKind,
}

/// The kinds of comparisons of a variable with a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ComparisonKind {
    /// By value: `=` or `IN`.
    Equal,
    /// By order.
    Order,
    /// The language of the variable's value.
    Language,
    /// By characters: CONTAINS and similar functions.
    Letters,
}

impl<'a> ConstantComparison<'a> {
    /// Returns the comparisons in a condition; a list has several.
    pub(super) fn of(condition: &'a Expression) -> Vec<Self> {
        let sides = |a: &'a Expression, b: &'a Expression, kind| {
            Self::new(a, b, kind).or_else(|| Self::new(b, a, kind)).into_iter().collect()
        };
        match condition {
            Expression::Equal(a, b) | Expression::SameTerm(a, b) => {
                sides(a, b, ComparisonKind::Equal)
            }
            Expression::Greater(a, b)
            | Expression::GreaterOrEqual(a, b)
            | Expression::Less(a, b)
            | Expression::LessOrEqual(a, b) => sides(a, b, ComparisonKind::Order),
            Expression::In(needle, list) => list
                .iter()
                .filter_map(|element| Self::new(needle, element, ComparisonKind::Equal))
                .collect(),
            Expression::FunctionCall(function, arguments) => match (function, arguments.as_slice())
            {
                (Function::LangMatches, [a, b]) => {
                    Self::new(a, b, ComparisonKind::Equal).into_iter().collect()
                }
                (
                    Function::Contains | Function::StrStarts | Function::StrEnds | Function::Regex,
                    [a, b, ..],
                ) => Self::new(a, b, ComparisonKind::Letters).into_iter().collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn new(side: &'a Expression, constant: &Expression, kind: ComparisonKind) -> Option<Self> {
        let constant = match constant {
            Expression::NamedNode(iri) => iri.clone().into(),
            Expression::Literal(literal) => literal.clone().into(),
            _ => return None,
        };
        match side {
            Expression::Variable(variable) => Some(Self { variable, constant, kind }),
            Expression::FunctionCall(function, arguments) => match (function, arguments.as_slice())
            {
                (Function::Lang, [Expression::Variable(variable)]) => {
                    Some(Self { variable, constant, kind: ComparisonKind::Language })
                }
                (Function::Str, [Expression::Variable(variable)])
                    if kind == ComparisonKind::Letters =>
                {
                    Some(Self { variable, constant, kind })
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns the hint that the variable's values give about the comparison.
    fn hint(&self, values: &ValueSample) -> Option<Hint> {
        let written = self.constant.clone();
        let instead =
            |(instead, difference)| Hint::Instead { written: written.clone(), instead, difference };
        match self.kind {
            ComparisonKind::Language => {
                let mut tags: Vec<String> = values
                    .terms
                    .iter()
                    .filter_map(|term| match term {
                        Term::Literal(literal) => {
                            Some(literal.language().unwrap_or_default().to_owned())
                        }
                        _ => None,
                    })
                    .collect();
                tags.sort();
                tags.dedup();
                (!tags.is_empty())
                    .then(|| Hint::Languages { variable: self.variable.clone(), tags })
            }
            ComparisonKind::Letters => {
                let written = literal_value(&self.constant)?;
                let words = written.to_lowercase();
                let has_words = |term: &&Term| {
                    literal_value(term)
                        .is_some_and(|v| v.to_lowercase().contains(&words) && !v.contains(written))
                };
                let found = values.terms.iter().find(has_words)?;
                Some(instead((found.clone(), Difference::Case)))
            }
            ComparisonKind::Equal => nearest_term(&self.constant, &values.terms)
                .map(instead)
                .or_else(|| self.other_type(values)),
            ComparisonKind::Order => self.other_type(values),
        }
    }

    fn other_type(&self, values: &ValueSample) -> Option<Hint> {
        let found = values.terms.first()?;
        let is_other = |term: &Term| !is_comparable(term, &self.constant);
        values.terms.iter().all(is_other).then(|| Hint::OtherType {
            variable: self.variable.clone(),
            found: found.clone(),
            written: self.constant.clone(),
        })
    }
}

/// Returns whether the types of two terms are comparable.
pub(super) fn is_comparable(one: &Term, other: &Term) -> bool {
    kind(one) == kind(other)
}

fn literal_value(term: &Term) -> Option<&str> {
    match term {
        Term::Literal(literal) if is_text(literal) => Some(literal.value()),
        _ => None,
    }
}
