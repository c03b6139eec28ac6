//! Dates of different precision, such as years and days: SPARQL cannot compare dates of two types.

use super::components::components;
use super::date_types::{by_type, is_date, is_one_of, type_of};
use super::{Finder, MOST, MOST_COUNTED, Mistake, is_written};
use crate::algebra::{conjuncts, in_graph, in_scope, walk_expression};
use crate::catalogue::BoundQuery;
use crate::diagnose::probe::{Probe, SolutionCount};
use crate::diagnose::steps::{GroupStep, pattern, steps};
use crate::diagnostic::Result;
use crate::vocabulary::{DATES, xsd};
use oxigraph::model::{Literal, NamedNode, Term};
use oxigraph::sparql::Variable;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::NamedNodePattern;
use std::collections::BTreeSet;
use std::time::Duration;

/// The time limit for finding incomparable values. If there are none, every query that compares dates pays for that
/// search.
const TIME: Duration = Duration::from_millis(200);

/// The time limit for pairs of variables: most variables that are compared with each other are not dates.
const TIME_FOR_PAIRS: Duration = Duration::from_millis(50);

/// The deepest level of nested groups that is examined.
const DEEPEST: usize = 50;

/// Dates that a query compares with a date of another type. Each comparison is an error, so they are dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incomparable {
    /// The variable with these values.
    pub variable: Variable,
    /// What they are compared with.
    pub with: ComparedWith,
    /// Their types, the coarsest first, each with its number of values.
    pub types: Vec<(NamedNode, usize)>,
    /// Their total number, or a lower bound because counting is limited in time.
    pub count: SolutionCount,
    /// A condition on the years, which all types have. It is true at least where the comparisons are.
    pub by_year: String,
}

/// What dates are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ComparedWith {
    /// A constant.
    Constant(Term),
    /// The values of another variable.
    Variable(Variable),
}

/// One comparison in a condition.
struct Comparison<'a> {
    variable: &'a Variable,
    operator: Operator,
    with: Operand<'a>,
    /// Whether it has to be true: it is a condition of its own, not a part of one.
    is_whole: bool,
    step: &'a GroupStep,
}

#[derive(Clone, Copy)]
enum Operand<'a> {
    Date(&'a Literal),
    Variable(&'a Variable),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    const fn turned_round(self) -> Self {
        match self {
            Self::Equal => Self::Equal,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

impl Finder<'_> {
    /// Warns about date comparisons that drop values of other types. Values are looked up only if the query compares
    /// dates.
    pub(super) fn dates(&mut self, asked: &BoundQuery, whole: &GraphPattern) -> Result<()> {
        let mut groups = Vec::new();
        look(whole, None, DEEPEST, &mut groups);
        if groups.is_empty() {
            return Ok(());
        }
        let dataset = asked.query.dataset();
        let probe = Probe::new(self.store, dataset, TIME);
        for (steps, graph) in groups.into_iter().take(MOST) {
            self.without_components(&probe, &asked.text, &steps, graph)?;
            let comparisons: Vec<Comparison<'_>> = steps.iter().flat_map(comparisons).collect();
            let variables: BTreeSet<&Variable> = comparisons.iter().map(|c| c.variable).collect();
            for variable in variables {
                if is_written(&asked.text, variable) {
                    let of_it: Vec<_> =
                        comparisons.iter().filter(|c| c.variable == variable).collect();
                    let has_date = of_it.iter().any(|c| matches!(c.with, Operand::Date(_)));
                    let short;
                    let probe = if has_date {
                        &probe
                    } else {
                        short = Probe::new(self.store, dataset, TIME_FOR_PAIRS);
                        &short
                    };
                    self.incomparable(probe, variable, of_it, &steps, graph)?;
                }
            }
        }
        Ok(())
    }

    /// Warns if values of a variable are compared only with dates of other types.
    fn incomparable(
        &mut self,
        probe: &Probe<'_>,
        variable: &Variable,
        comparisons: Vec<&Comparison<'_>>,
        steps: &[GroupStep],
        graph: Option<&NamedNodePattern>,
    ) -> Result<()> {
        // A query that compares with a date of each type drops none.
        let types: BTreeSet<&str> = comparisons
            .iter()
            .filter_map(|comparison| match comparison.with {
                Operand::Date(date) => Some(date.datatype().as_str()),
                Operand::Variable(_) => None,
            })
            .collect();
        let (constants, others): (Vec<_>, Vec<_>) =
            comparisons.into_iter().partition(|c| matches!(c.with, Operand::Date(_)));
        let Some(first) = constants.first().or(others.first()).copied() else { return Ok(()) };
        let told = if constants.is_empty() { others } else { constants };
        let left_out = match first.with {
            Operand::Date(_) => is_one_of(
                variable,
                DATES.into_iter().filter(|datatype| !types.contains(datatype.as_str())),
            ),
            Operand::Variable(other) => Expression::And(
                Box::new(Expression::And(
                    Box::new(is_one_of(variable, DATES.into_iter())),
                    Box::new(is_one_of(other, DATES.into_iter())),
                )),
                Box::new(Expression::Not(Box::new(Expression::Equal(
                    Box::new(type_of(variable)),
                    Box::new(type_of(other)),
                )))),
            ),
        };
        // The comparisons themselves would drop these values.
        let before = steps.iter().filter(|step| !told.iter().any(|c| c.step == *step));
        let inner = in_graph(pattern(before), graph);
        if !in_scope(&inner).contains(variable) {
            return Ok(());
        }
        let inner = GraphPattern::Filter { expr: left_out, inner: inner.into() };
        let values = probe.occurrences(&inner, variable, MOST_COUNTED)?;
        let types = by_type(&values.terms);
        if types.is_empty() {
            return Ok(());
        }
        let number = types.iter().map(|(_, number)| number).sum();
        let count = SolutionCount { number, has_more: values.has_more };
        let with = match first.with {
            Operand::Date(date) => ComparedWith::Constant(date.clone().into()),
            Operand::Variable(other) => ComparedWith::Variable(other.clone()),
        };
        let part = self.words.part(told.iter().map(|c| c.step), GraphPattern::default());
        let by_year = by_years(&told);
        let found = Incomparable { variable: variable.clone(), with, types, count, by_year };
        self.add(Mistake::Incomparable(found), part.spans);
        Ok(())
    }
}

/// Returns a condition on the years that is true wherever the comparisons are, or wherever one of them is, as an
/// example.
fn by_years(comparisons: &[&Comparison<'_>]) -> String {
    let Some(first) = comparisons.first() else { return String::new() };
    let is_list = comparisons.len() > 1
        && comparisons.iter().all(|c| c.operator == Operator::Equal && c.step == first.step);
    if is_list && let GroupStep::Filter(Expression::In(..)) = first.step {
        let years: BTreeSet<String> = comparisons
            .iter()
            .filter_map(|comparison| match comparison.with {
                Operand::Date(date) => Some(year(date).0),
                Operand::Variable(_) => None,
            })
            .collect();
        let years: Vec<String> = years.into_iter().collect();
        return format!("YEAR({}) IN ({})", first.variable, years.join(", "));
    }
    let are_whole = comparisons.iter().all(|comparison| comparison.is_whole);
    let said = comparisons.iter().take(if are_whole { usize::MAX } else { 1 });
    said.map(|comparison| by_year(comparison)).collect::<Vec<_>>().join(" && ")
}

/// Returns the year of a date, written as a number, and the text after it.
fn year(date: &Literal) -> (String, &str) {
    let value = date.value();
    let end = value.char_indices().find(|(i, c)| *i > 0 && !c.is_ascii_digit());
    let (year, rest) = value.split_at(end.map_or(value.len(), |(i, _)| i));
    let is_before = year.starts_with('-');
    let digits = year.trim_start_matches('-').trim_start_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    (format!("{}{digits}", if is_before { "-" } else { "" }), rest)
}

/// Returns the comparison of years that is true wherever a comparison of dates is.
fn by_year(comparison: &Comparison<'_>) -> String {
    let variable = comparison.variable;
    let (operator, with) = match comparison.with {
        Operand::Variable(other) => {
            let operator = match comparison.operator {
                Operator::Less => Operator::LessOrEqual,
                Operator::Greater => Operator::GreaterOrEqual,
                operator => operator,
            };
            (operator, format!("YEAR({other})"))
        }
        Operand::Date(date) => {
            let (year, rest) = year(date);
            // A year may end with a time zone, which looks like a month.
            let is_first = date.datatype() == xsd::G_YEAR
                || rest.get(1..).is_some_and(|rest| {
                    ["01-01", "01"].contains(&rest)
                        || rest.strip_prefix("01-01T").is_some_and(|time| {
                            !time.contains(|c: char| c.is_ascii_digit() && c != '0')
                        })
                });
            let operator = match comparison.operator {
                Operator::Less if !is_first => Operator::LessOrEqual,
                Operator::Greater if date.datatype() != xsd::G_YEAR => Operator::GreaterOrEqual,
                operator => operator,
            };
            (operator, year)
        }
    };
    format!("YEAR({variable}) {} {with}", operator.sign())
}

/// A group that compares dates: its steps and its graph.
type Group<'a> = (Vec<GroupStep>, Option<&'a NamedNodePattern>);

/// Collects the groups of a pattern that compare dates. Skips SERVICE.
fn look<'a>(
    pattern: &'a GraphPattern,
    graph: Option<&'a NamedNodePattern>,
    depth: usize,
    groups: &mut Vec<Group<'a>>,
) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let mut rest = pattern;
    loop {
        match rest {
            GraphPattern::Bgp { .. }
            | GraphPattern::Path { .. }
            | GraphPattern::Values { .. }
            | GraphPattern::Service { .. } => return,
            GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. }
            | GraphPattern::OrderBy { inner, .. }
            | GraphPattern::Project { inner, .. }
            | GraphPattern::Group { inner, .. } => rest = inner,
            GraphPattern::Graph { name, inner } => return look(inner, Some(name), depth, groups),
            GraphPattern::Union { left, right } => {
                look(left, graph, depth, groups);
                rest = right;
            }
            _ => break,
        }
    }
    let group = rest;
    if compares(group) {
        groups.push((steps(group), graph));
    }
    // The conditions of a group are wrapped around what they apply to.
    loop {
        match rest {
            GraphPattern::Filter { inner, .. } | GraphPattern::Extend { inner, .. } => rest = inner,
            GraphPattern::LeftJoin { left, right, expression } => {
                if let Some(condition) = expression
                    && is_comparing(condition)
                {
                    let mut optional = steps(left);
                    optional.extend(steps(right));
                    optional
                        .extend(conjuncts(condition).into_iter().cloned().map(GroupStep::Filter));
                    groups.push((optional, graph));
                }
                look(right, graph, depth, groups);
                rest = left;
            }
            GraphPattern::Join { left, right }
            | GraphPattern::Minus { left, right }
            | GraphPattern::Lateral { left, right } => {
                look(right, graph, depth, groups);
                rest = left;
            }
            _ => return look(rest, graph, depth, groups),
        }
    }
}

/// Returns whether a condition of a group compares dates.
fn compares(group: &GraphPattern) -> bool {
    let mut rest = group;
    loop {
        rest = match rest {
            GraphPattern::Filter { expr, .. } if is_comparing(expr) => return true,
            GraphPattern::Filter { inner, .. } | GraphPattern::Extend { inner, .. } => inner,
            GraphPattern::LeftJoin { left, .. }
            | GraphPattern::Minus { left, .. }
            | GraphPattern::Lateral { left, .. }
            | GraphPattern::Join { left, .. } => left,
            _ => return false,
        };
    }
}

fn is_comparing(condition: &Expression) -> bool {
    let mut is_comparing = !components(condition).is_empty();
    each_comparison(condition, &mut |_, _| is_comparing = true);
    is_comparing
}

/// Returns the date comparisons in a condition.
fn comparisons(step: &GroupStep) -> Vec<Comparison<'_>> {
    let GroupStep::Filter(condition) = step else { return Vec::new() };
    let mut found = Vec::new();
    each_comparison(condition, &mut |inner, operands| {
        let is_whole = std::ptr::eq(inner, condition) && operands.len() == 1;
        found.extend(operands.into_iter().map(|(variable, operator, with)| Comparison {
            variable,
            operator,
            with,
            is_whole,
            step,
        }));
    });
    found
}

/// The operands of comparisons that may be dates: a variable, the operator, and the other operand.
type Operands<'a> = Vec<(&'a Variable, Operator, Operand<'a>)>;

/// Calls back with each comparison in a condition, except `!=`: dates of two types are unequal, so it drops nothing.
fn each_comparison<'a>(
    condition: &'a Expression,
    visit: &mut dyn FnMut(&'a Expression, Operands<'a>),
) {
    let mut unequal: Option<&Expression> = None;
    walk_expression(condition, &mut |inner| {
        if let Expression::Not(negated) = inner
            && matches!(**negated, Expression::Equal(..) | Expression::In(..))
        {
            unequal = Some(negated);
        }
        let operands = operands(inner);
        if !operands.is_empty() && !unequal.is_some_and(|unequal| std::ptr::eq(unequal, inner)) {
            visit(inner, operands);
        }
    });
}

fn operands(expression: &Expression) -> Operands<'_> {
    let (a, b, operator) = match expression {
        Expression::Equal(a, b) | Expression::SameTerm(a, b) => (a, b, Operator::Equal),
        Expression::Less(a, b) => (a, b, Operator::Less),
        Expression::LessOrEqual(a, b) => (a, b, Operator::LessOrEqual),
        Expression::Greater(a, b) => (a, b, Operator::Greater),
        Expression::GreaterOrEqual(a, b) => (a, b, Operator::GreaterOrEqual),
        Expression::In(needle, list) => {
            let Expression::Variable(variable) = &**needle else { return Vec::new() };
            let dates = list.iter().filter_map(date);
            return dates.map(|date| (variable, Operator::Equal, Operand::Date(date))).collect();
        }
        _ => return Vec::new(),
    };
    let found = match (&**a, &**b) {
        (Expression::Variable(variable), constant) if date(constant).is_some() => {
            date(constant).map(|date| (variable, operator, Operand::Date(date)))
        }
        (constant, Expression::Variable(variable)) if date(constant).is_some() => {
            date(constant).map(|date| (variable, operator.turned_round(), Operand::Date(date)))
        }
        // Equality of two variables is a join: there may be very many pairs, and it is rarely meant for dates.
        (Expression::Variable(one), Expression::Variable(other))
            if operator != Operator::Equal && one != other =>
        {
            Some((one, operator, Operand::Variable(other)))
        }
        _ => None,
    };
    found.into_iter().collect()
}

/// Returns a constant that is a date with a year.
fn date(expression: &Expression) -> Option<&Literal> {
    match expression {
        Expression::Literal(literal) if is_date(literal.datatype()) => Some(literal),
        _ => None,
    }
}
