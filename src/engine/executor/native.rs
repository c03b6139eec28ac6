//! Expressions that are evaluated here: comparisons, arithmetic, logic, and the frequent functions. Their values are
//! those of the engine with its workarounds (`quirks::functions`).

use super::block::UNBOUND;
use super::operator::Context;
use super::value::{Evaluated, NotNative, Operation, Value, is_native};
use crate::engine::quirks::{compiled_pattern, lower_case_language, stored_term};
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Term, Variable};
use oxsdatatypes::Integer;
use regex::Regex;
use spargebra::algebra::{Expression, Function};
use std::borrow::Cow;
use std::cmp::Ordering;

/// The most nodes of an expression that is evaluated here.
const MOST_NODES: usize = 1_000;

/// An expression over the columns of a row.
pub(super) enum Native {
    Constant(Value<'static>),
    Column(usize),
    /// A variable that no row binds.
    Unbound,
    IsBound(usize),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
    Compare(Box<[Self; 2]>, fn(Ordering) -> bool),
    Equal(Box<[Self; 2]>),
    In(Box<Self>, Vec<Self>),
    Calculate(Box<[Self; 2]>, Operation),
    If(Box<[Self; 3]>),
    Coalesce(Vec<Self>),
    OfOne(OfOne, Box<Self>),
    OfTwo(OfTwo, Box<[Self; 2]>),
    Concat(Vec<Self>),
    Matches(Box<Self>, Box<Regex>),
}

/// Functions of one value.
#[derive(Clone, Copy)]
pub(super) enum OfOne {
    IsIri,
    IsBlank,
    IsLiteral,
    IsNumeric,
    Text,
    Language,
    Datatype,
    Length,
    UpperCase,
    LowerCase,
    Year,
    Month,
    Day,
}

/// Functions of two strings.
#[derive(Clone, Copy)]
pub(super) enum OfTwo {
    Contains,
    Starts,
    Ends,
    LanguageMatches,
}

impl Native {
    /// Compiles an expression of variables, whose values are the columns of a row. Returns `None` if it has a part that
    /// only the engine can evaluate.
    pub(super) fn new(expression: &Expression, variables: &[Variable]) -> Option<Self> {
        let mut nodes = 0;
        crate::algebra::walk_expression(expression, &mut |_| nodes += 1);
        if nodes > MOST_NODES {
            return None;
        }
        Compilation { variables }.compiled(expression)
    }

    /// Returns the value for a row.
    pub(super) fn value<'a>(&'a self, row: &[u32], context: &'a Context) -> Evaluated<Value<'a>> {
        let truth = |value| Ok(Some(Value::Boolean(value)));
        match self {
            Self::Constant(value) => Ok(Some(value.clone())),
            Self::Column(place) => match row.get(*place) {
                Some(&number) => context.value(number),
                None => Err(NotNative),
            },
            Self::Unbound => Ok(None),
            Self::IsBound(place) => truth(row.get(*place).is_some_and(|&number| number != UNBOUND)),
            Self::Not(inner) => Ok(inner.truth(row, context)?.map(|value| Value::Boolean(!value))),
            Self::And(all) => decided(all, row, context, false),
            Self::Or(all) => decided(all, row, context, true),
            Self::Compare(operands, holds) => {
                let Some((a, b)) = both(operands, row, context)? else { return Ok(None) };
                Ok(a.compares(&b, *holds)?.map(Value::Boolean))
            }
            Self::Equal(operands) => {
                let Some((a, b)) = both(operands, row, context)? else { return Ok(None) };
                truth(a.equals(&b)?)
            }
            Self::In(needle, members) => is_in(needle, members, row, context),
            Self::Calculate(operands, operation) => {
                let Some((a, b)) = both(operands, row, context)? else { return Ok(None) };
                a.calculate(*operation, &b)
            }
            Self::If(parts) => {
                let [condition, yes, no] = &**parts;
                match condition.truth(row, context)? {
                    Some(true) => yes.value(row, context),
                    Some(false) => no.value(row, context),
                    None => Ok(None),
                }
            }
            Self::Coalesce(all) => {
                for one in all {
                    if let Some(value) = one.value(row, context)? {
                        return Ok(Some(value));
                    }
                }
                Ok(None)
            }
            Self::OfOne(function, operand) => match operand.value(row, context)? {
                Some(value) => function.of(value),
                None => Ok(None),
            },
            Self::OfTwo(function, operands) => {
                let Some((a, b)) = both(operands, row, context)? else { return Ok(None) };
                Ok(function.of(a, b).map(Value::Boolean))
            }
            Self::Concat(all) => concatenated(all, row, context),
            Self::Matches(text, regex) => {
                let Some(text) = text.value(row, context)? else { return Ok(None) };
                Ok(text.into_string().map(|(text, _)| Value::Boolean(regex.is_match(&text))))
            }
        }
    }

    /// Returns the effective boolean value for a row.
    pub(super) fn truth(&self, row: &[u32], context: &Context) -> Evaluated<bool> {
        Ok(self.value(row, context)?.and_then(|value| value.is_true()))
    }
}

type Pair<'a> = (Value<'a>, Value<'a>);

fn both<'a>(operands: &'a [Native; 2], row: &[u32], context: &'a Context) -> Evaluated<Pair<'a>> {
    let [a, b] = operands;
    let Some(a) = a.value(row, context)? else { return Ok(None) };
    Ok(b.value(row, context)?.map(|b| (a, b)))
}

/// Combines expressions by OR (`decisive` is true) or AND (`decisive` is false), where an error counts unless another
/// expression decides.
fn decided<'a>(
    all: &[Native],
    row: &[u32],
    context: &Context,
    decisive: bool,
) -> Evaluated<Value<'a>> {
    let mut has_failed = false;
    for one in all {
        match one.truth(row, context)? {
            Some(value) if value == decisive => return Ok(Some(Value::Boolean(decisive))),
            Some(_) => {}
            None => has_failed = true,
        }
    }
    Ok((!has_failed).then_some(Value::Boolean(!decisive)))
}

fn is_in<'a>(
    needle: &Native,
    members: &[Native],
    row: &[u32],
    context: &Context,
) -> Evaluated<Value<'a>> {
    if members.is_empty() {
        return Ok(Some(Value::Boolean(false)));
    }
    let Some(needle) = needle.value(row, context)? else { return Ok(None) };
    let mut has_failed = false;
    for member in members {
        match member.value(row, context)? {
            Some(member) if needle.equals(&member)? => return Ok(Some(Value::Boolean(true))),
            Some(_) => {}
            None => has_failed = true,
        }
    }
    Ok((!has_failed).then_some(Value::Boolean(false)))
}

/// The longest text that is concatenated here. The engine stops a query whose texts grow further.
const LONGEST_TEXT: usize = 1 << 20;

/// Concatenates strings. The result has a language if all of them have that language.
fn concatenated<'a>(all: &[Native], row: &[u32], context: &Context) -> Evaluated<Value<'a>> {
    let mut whole = String::new();
    let mut language: Option<Option<String>> = None;
    for one in all {
        let Some(value) = one.value(row, context)? else { return Ok(None) };
        let Some((text, own)) = value.into_string() else { return Ok(None) };
        if whole.len() + text.len() > LONGEST_TEXT {
            return Err(NotNative);
        }
        whole.push_str(&text);
        let own = own.as_deref();
        language = match language {
            Some(language) if language.as_deref() == own => Some(language),
            Some(_) => Some(None),
            None => Some(own.map(str::to_owned)),
        };
    }
    Ok(Some(match language.flatten() {
        Some(language) => Value::Tagged(whole.into(), language.into()),
        None => Value::Text(whole.into()),
    }))
}

impl OfOne {
    fn of(self, value: Value<'_>) -> Evaluated<Value<'_>> {
        let truth = |value| Ok(Some(Value::Boolean(value)));
        match self {
            Self::IsIri => truth(matches!(value, Value::Iri(_))),
            Self::IsBlank => truth(matches!(value, Value::BlankNode(_))),
            Self::IsLiteral => truth(!matches!(value, Value::Iri(_) | Value::BlankNode(_))),
            Self::IsNumeric => truth(value.is_number()?),
            Self::Text => Ok(value.into_text().map(Value::Text)),
            Self::Language => Ok(value.into_language().map(Value::Text)),
            Self::Datatype => Ok(value.into_datatype().map(Value::Iri)),
            Self::Length => {
                let length = |(text, _): (Cow<'_, str>, _)| {
                    i64::try_from(text.chars().count()).ok().map(Integer::from)
                };
                Ok(value.into_string().and_then(length).map(Value::Integer))
            }
            Self::UpperCase => Ok(with_text(value, str::to_uppercase)),
            Self::LowerCase => Ok(with_text(value, str::to_lowercase)),
            Self::Year | Self::Month | Self::Day => self.of_date(&value),
        }
    }

    /// Returns a part of a date.
    fn of_date<'a>(self, value: &Value<'_>) -> Evaluated<Value<'a>> {
        let part: Integer = match (self, value) {
            (Self::Year, Value::DateTime(at)) => at.year().into(),
            (Self::Year, Value::Date(at)) => at.year().into(),
            (Self::Year, Value::Year(at)) => at.year().into(),
            (Self::Month, Value::DateTime(at)) => at.month().into(),
            (Self::Month, Value::Date(at)) => at.month().into(),
            (Self::Day, Value::DateTime(at)) => at.day().into(),
            (Self::Day, Value::Date(at)) => at.day().into(),
            // It may be a date that is not decoded.
            (_, Value::Other(..)) => return Err(NotNative),
            _ => return Ok(None),
        };
        Ok(Some(Value::Integer(part)))
    }
}

/// Changes the text of a string, and keeps its language.
fn with_text(value: Value<'_>, change: fn(&str) -> String) -> Option<Value<'_>> {
    let (text, language) = value.into_string()?;
    let text = change(&text).into();
    Some(match language {
        Some(language) => Value::Tagged(text, language),
        None => Value::Text(text),
    })
}

impl OfTwo {
    fn of(self, a: Value<'_>, b: Value<'_>) -> Option<bool> {
        if let Self::LanguageMatches = self {
            return match (a, b) {
                (Value::Text(language), Value::Text(range)) => Some(is_of_range(&language, &range)),
                _ => None,
            };
        }
        let ((text, language), (part, other)) = (a.into_string()?, b.into_string()?);
        // The languages must be compatible.
        if other.is_some() && language != other {
            return None;
        }
        Some(match self {
            Self::Starts => text.starts_with(&*part),
            Self::Ends => text.ends_with(&*part),
            Self::Contains | Self::LanguageMatches => text.contains(&*part),
        })
    }
}

/// Returns whether a language is of a [basic range](https://www.rfc-editor.org/rfc/rfc4647#section-3.3.1).
fn is_of_range(language: &str, range: &str) -> bool {
    if range == "*" {
        return !language.is_empty();
    }
    let mut parts = language.split('-');
    range
        .split('-')
        .all(|wanted| parts.next().is_some_and(|part| part.eq_ignore_ascii_case(wanted)))
}

struct Compilation<'a> {
    variables: &'a [Variable],
}

impl Compilation<'_> {
    fn compiled(&self, expression: &Expression) -> Option<Native> {
        let mut expression = Cow::Borrowed(expression);
        if matches!(&*expression, Expression::Equal(..) | Expression::In(..)) {
            lower_case_language(expression.to_mut());
        }
        Some(match &*expression {
            Expression::NamedNode(node) => constant(&node.clone().into())?,
            Expression::Literal(literal) => constant(&literal.clone().into())?,
            Expression::Variable(variable) => match self.place(variable) {
                Some(place) => Native::Column(place),
                None => Native::Unbound,
            },
            Expression::Bound(variable) => match self.place(variable) {
                Some(place) => Native::IsBound(place),
                None => Native::Constant(Value::Boolean(false)),
            },
            Expression::Not(inner) => Native::Not(self.compiled(inner)?.into()),
            Expression::And(a, b) => Native::And(vec![self.compiled(a)?, self.compiled(b)?]),
            Expression::Or(a, b) => Native::Or(vec![self.compiled(a)?, self.compiled(b)?]),
            Expression::Equal(a, b) => Native::Equal(self.pair(a, b)?),
            Expression::Less(a, b) => Native::Compare(self.pair(a, b)?, Ordering::is_lt),
            Expression::LessOrEqual(a, b) => Native::Compare(self.pair(a, b)?, Ordering::is_le),
            Expression::Greater(a, b) => Native::Compare(self.pair(a, b)?, Ordering::is_gt),
            Expression::GreaterOrEqual(a, b) => Native::Compare(self.pair(a, b)?, Ordering::is_ge),
            Expression::In(needle, members) => {
                Native::In(self.compiled(needle)?.into(), self.all(members)?)
            }
            Expression::Add(a, b) => Native::Calculate(self.pair(a, b)?, Operation::Add),
            Expression::Subtract(a, b) => Native::Calculate(self.pair(a, b)?, Operation::Subtract),
            Expression::Multiply(a, b) => Native::Calculate(self.pair(a, b)?, Operation::Multiply),
            Expression::Divide(a, b) => Native::Calculate(self.pair(a, b)?, Operation::Divide),
            Expression::If(condition, yes, no) => Native::If(Box::new([
                self.compiled(condition)?,
                self.compiled(yes)?,
                self.compiled(no)?,
            ])),
            Expression::Coalesce(all) => Native::Coalesce(self.all(all)?),
            Expression::FunctionCall(function, arguments) => self.call(function, arguments)?,
            Expression::SameTerm(..)
            | Expression::Exists(_)
            | Expression::UnaryPlus(_)
            | Expression::UnaryMinus(_) => return None,
        })
    }

    fn call(&self, function: &Function, arguments: &[Expression]) -> Option<Native> {
        let of_one = |function: OfOne| match arguments {
            [operand] => Some(Native::OfOne(function, self.compiled(operand)?.into())),
            _ => None,
        };
        let of_two = |function: OfTwo| match arguments {
            [a, b] => Some(Native::OfTwo(function, self.pair(a, b)?)),
            _ => None,
        };
        match function {
            Function::IsIri => of_one(OfOne::IsIri),
            Function::IsBlank => of_one(OfOne::IsBlank),
            Function::IsLiteral => of_one(OfOne::IsLiteral),
            Function::IsNumeric => of_one(OfOne::IsNumeric),
            Function::Str => of_one(OfOne::Text),
            Function::Lang => of_one(OfOne::Language),
            Function::Datatype => of_one(OfOne::Datatype),
            Function::StrLen => of_one(OfOne::Length),
            Function::UCase => of_one(OfOne::UpperCase),
            Function::LCase => of_one(OfOne::LowerCase),
            Function::Year => of_one(OfOne::Year),
            Function::Month => of_one(OfOne::Month),
            Function::Day => of_one(OfOne::Day),
            Function::Contains => of_two(OfTwo::Contains),
            Function::StrStarts => of_two(OfTwo::Starts),
            Function::StrEnds => of_two(OfTwo::Ends),
            Function::LangMatches => of_two(OfTwo::LanguageMatches),
            Function::Concat => Some(Native::Concat(self.all(arguments)?)),
            Function::Regex => match arguments {
                [text, pattern, flags @ ..] => {
                    let flags = match flags {
                        [] => "",
                        [flags] => simple(flags)?,
                        _ => return None,
                    };
                    let regex = compiled_pattern(simple(pattern)?, flags)?;
                    Some(Native::Matches(self.compiled(text)?.into(), regex.into()))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn place(&self, variable: &Variable) -> Option<usize> {
        self.variables.iter().position(|other| other == variable)
    }

    fn pair(&self, a: &Expression, b: &Expression) -> Option<Box<[Native; 2]>> {
        Some(Box::new([self.compiled(a)?, self.compiled(b)?]))
    }

    fn all(&self, expressions: &[Expression]) -> Option<Vec<Native>> {
        expressions.iter().map(|expression| self.compiled(expression)).collect()
    }
}

fn constant(term: &Term) -> Option<Native> {
    let stored = stored_term(term.as_ref());
    is_native(stored.as_ref()).then(|| Native::Constant(Value::of(stored.as_ref()).into_owned()))
}

/// Returns the text of an expression that is a plain string.
fn simple(expression: &Expression) -> Option<&str> {
    match expression {
        Expression::Literal(literal) if literal.datatype() == xsd::STRING => Some(literal.value()),
        _ => None,
    }
}
