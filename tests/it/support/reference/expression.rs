//! Expressions: section 17 of the specification, on terms.
//!
//! Where section 17.3 lets an implementation give a result instead of a type error, a few extensions are made, which
//! are common: literals of different datatypes with disjoint value spaces, all of them known, are not equal; strings with
//! the same language tag are ordered, and years; every term is `<=` itself.

use super::number::Number;
use super::{Refused, Remark};
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{Literal, Term, Variable};
use spargebra::algebra::{Expression, Function, GraphPattern};

/// Why an expression has no value.
#[derive(Debug)]
pub(super) enum Error {
    /// What the specification calls an error.
    Type,
    /// What is not done here.
    Refused(Refused),
}

type Value = Result<Term, Error>;

/// What an expression is evaluated in.
pub(super) struct Context<'a> {
    /// The value of a variable in the current solution.
    pub variable: &'a dyn Fn(&Variable) -> Option<Term>,
    /// Whether a pattern has a solution.
    pub exists: &'a dyn Fn(&GraphPattern) -> bool,
    /// Called with what a reader of the answer has to know.
    pub remark: &'a dyn Fn(Remark),
}

impl Context<'_> {
    /// The value of an expression.
    pub fn value(&self, expression: &Expression) -> Value {
        match expression {
            Expression::NamedNode(iri) => Ok(iri.clone().into()),
            Expression::Literal(literal) => Ok(literal.clone().into()),
            Expression::Variable(variable) => (self.variable)(variable).ok_or(Error::Type),
            Expression::Or(a, b) => self.either(a, b, true),
            Expression::And(a, b) => self.either(a, b, false),
            Expression::Not(a) => Ok(boolean(!self.truth(a)?)),
            Expression::Equal(a, b) => equal(&self.value(a)?, &self.value(b)?).map(boolean),
            Expression::SameTerm(a, b) => Ok(boolean(self.value(a)? == self.value(b)?)),
            Expression::Less(a, b) => self.less(a, b, false),
            Expression::Greater(a, b) => self.less(b, a, false),
            Expression::LessOrEqual(a, b) => self.less(a, b, true),
            Expression::GreaterOrEqual(a, b) => self.less(b, a, true),
            Expression::In(needle, list) => self.is_in(needle, list),
            Expression::Add(a, b) => self.arithmetic(a, b, Number::add),
            Expression::Subtract(a, b) => self.arithmetic(a, b, Number::subtract),
            Expression::Multiply(a, b) => self.arithmetic(a, b, Number::multiply),
            Expression::Divide(a, b) => self.arithmetic(a, b, Number::divide),
            Expression::UnaryPlus(a) => Ok(self.number(a)?.into()),
            Expression::UnaryMinus(a) => {
                self.number(a)?.negated().map(Into::into).ok_or(Error::Type)
            }
            Expression::Exists(pattern) => Ok(boolean((self.exists)(pattern))),
            Expression::Bound(variable) => Ok(boolean((self.variable)(variable).is_some())),
            Expression::If(condition, then, otherwise) => {
                self.value(if self.truth(condition)? { then } else { otherwise })
            }
            Expression::Coalesce(list) => {
                for element in list {
                    match self.value(element) {
                        Err(Error::Type) => {}
                        value => return value,
                    }
                }
                Err(Error::Type)
            }
            Expression::FunctionCall(function, arguments) => {
                let arguments: Vec<Term> =
                    arguments.iter().map(|a| self.value(a)).collect::<Result<_, _>>()?;
                call(function, &arguments)
            }
        }
    }

    /// The effective boolean value of an expression: section 17.2.2.
    pub fn truth(&self, expression: &Expression) -> Result<bool, Error> {
        let Term::Literal(literal) = self.value(expression)? else { return Err(Error::Type) };
        if literal.language().is_some() {
            // A plain literal of the specification may have a language tag.
            (self.remark)(Remark::LanguageStringAsBoolean);
        }
        if is_string(&literal) {
            return Ok(!literal.value().is_empty());
        }
        if literal.datatype() == xsd::BOOLEAN {
            return Ok(matches!(literal.value(), "true" | "1"));
        }
        match Number::parse(&literal) {
            Some(number) => Ok(number.is_true()),
            None if Number::is_datatype(literal.datatype()) => Ok(false),
            None => Err(Error::Type),
        }
    }

    /// `||` when `decisive` is true, `&&` when it is false: the decisive value wins over an error.
    fn either(&self, a: &Expression, b: &Expression, decisive: bool) -> Value {
        match (self.truth(a), self.truth(b)) {
            (Err(Error::Refused(refused)), _) | (_, Err(Error::Refused(refused))) => {
                Err(Error::Refused(refused))
            }
            (Ok(value), _) | (_, Ok(value)) if value == decisive => Ok(boolean(decisive)),
            (Ok(_), Ok(_)) => Ok(boolean(!decisive)),
            _ => Err(Error::Type),
        }
    }

    /// `a IN (b, c)` is `(a = b) || (a = c)`.
    fn is_in(&self, needle: &Expression, list: &[Expression]) -> Value {
        let mut has_error = false;
        for element in list {
            let is_equal =
                self.value(needle).and_then(|needle| equal(&needle, &self.value(element)?));
            match is_equal {
                Ok(true) => return Ok(boolean(true)),
                Ok(false) => {}
                Err(Error::Type) => has_error = true,
                Err(refused) => return Err(refused),
            }
        }
        if has_error { Err(Error::Type) } else { Ok(boolean(false)) }
    }

    fn less(&self, a: &Expression, b: &Expression, or_equal: bool) -> Value {
        let (a, b) = (self.value(a)?, self.value(b)?);
        if let (Term::Literal(a), Term::Literal(b)) = (&a, &b)
            && as_boolean(a).is_some()
            && as_boolean(b).is_some_and(|b| Some(b) != as_boolean(a))
        {
            (self.remark)(Remark::OrderOfBooleans);
        }
        less(&a, &b, or_equal).map(boolean)
    }

    fn number(&self, expression: &Expression) -> Result<Number, Error> {
        match self.value(expression)? {
            Term::Literal(literal) => Number::parse(&literal).ok_or(Error::Type),
            _ => Err(Error::Type),
        }
    }

    fn arithmetic(
        &self,
        a: &Expression,
        b: &Expression,
        operation: fn(Number, Number) -> Option<Number>,
    ) -> Value {
        operation(self.number(a)?, self.number(b)?).map(Into::into).ok_or(Error::Type)
    }
}

/// The expressions that an expression is made of. It does not go into EXISTS.
pub(super) fn operands(expression: &Expression) -> Vec<&Expression> {
    match expression {
        Expression::NamedNode(_)
        | Expression::Literal(_)
        | Expression::Variable(_)
        | Expression::Bound(_)
        | Expression::Exists(_) => Vec::new(),
        Expression::Or(a, b)
        | Expression::And(a, b)
        | Expression::Equal(a, b)
        | Expression::SameTerm(a, b)
        | Expression::Greater(a, b)
        | Expression::GreaterOrEqual(a, b)
        | Expression::Less(a, b)
        | Expression::LessOrEqual(a, b)
        | Expression::Add(a, b)
        | Expression::Subtract(a, b)
        | Expression::Multiply(a, b)
        | Expression::Divide(a, b) => vec![a, b],
        Expression::UnaryPlus(a) | Expression::UnaryMinus(a) | Expression::Not(a) => vec![a],
        Expression::If(a, b, c) => vec![a, b, c],
        Expression::In(needle, list) => std::iter::once(&**needle).chain(list).collect(),
        Expression::Coalesce(list) | Expression::FunctionCall(_, list) => list.iter().collect(),
    }
}

/// The patterns of the EXISTS in an expression, but not of those inside another EXISTS.
pub fn exists(expression: &Expression) -> Vec<&GraphPattern> {
    match expression {
        Expression::Exists(pattern) => vec![pattern],
        expression => operands(expression).into_iter().flat_map(exists).collect(),
    }
}

fn boolean(value: bool) -> Term {
    Literal::from(value).into()
}

/// A literal that is a string, with or without a language tag.
fn is_string(literal: &Literal) -> bool {
    literal.datatype() == xsd::STRING || literal.language().is_some()
}

fn as_boolean(literal: &Literal) -> Option<bool> {
    match literal.value() {
        "true" | "1" if literal.datatype() == xsd::BOOLEAN => Some(true),
        "false" | "0" if literal.datatype() == xsd::BOOLEAN => Some(false),
        _ => None,
    }
}

/// Whether the value of a literal is known, so that it differs from every known value of another kind.
fn is_known(literal: &Literal) -> bool {
    is_string(literal)
        || as_boolean(literal).is_some()
        || Number::parse(literal).is_some()
        || literal.datatype() == xsd::G_YEAR
}

/// `=`: by value for numbers, booleans and strings, otherwise RDFterm-equal.
pub(super) fn equal(a: &Term, b: &Term) -> Result<bool, Error> {
    let (Term::Literal(x), Term::Literal(y)) = (a, b) else { return Ok(a == b) };
    if let (Some(x), Some(y)) = (Number::parse(x), Number::parse(y)) {
        return Ok(x.is_equal(y));
    }
    if let (Some(x), Some(y)) = (as_boolean(x), as_boolean(y)) {
        return Ok(x == y);
    }
    if a == b {
        Ok(true)
    } else if is_known(x) && is_known(y) {
        Ok(false)
    } else {
        Err(Error::Type)
    }
}

/// `<`, or `<=`.
pub(super) fn less(a: &Term, b: &Term, or_equal: bool) -> Result<bool, Error> {
    if let (Term::Literal(a), Term::Literal(b)) = (a, b) {
        if let (Some(a), Some(b)) = (Number::parse(a), Number::parse(b)) {
            return Ok(a.is_less(b) || (or_equal && a.is_equal(b)));
        }
        if let (Some(a), Some(b)) = (as_boolean(a), as_boolean(b)) {
            return Ok(if or_equal { a <= b } else { !a & b });
        }
        let is_ordered = is_string(a) || a.datatype() == xsd::G_YEAR;
        if is_ordered && a.datatype() == b.datatype() && a.language() == b.language() {
            return Ok(if or_equal { a.value() <= b.value() } else { a.value() < b.value() });
        }
    }
    if a == b { Ok(or_equal) } else { Err(Error::Type) }
}

fn call(function: &Function, arguments: &[Term]) -> Value {
    match (function, arguments) {
        (Function::Str, [term]) => string_of(term).map(|text| Literal::from(text).into()),
        (Function::Lang, [Term::Literal(literal)]) => {
            Ok(Literal::from(literal.language().unwrap_or_default()).into())
        }
        (Function::Datatype, [Term::Literal(literal)]) => Ok(match literal.language() {
            Some(_) => rdf::LANG_STRING.into_owned().into(),
            None => literal.datatype().into_owned().into(),
        }),
        (Function::IsIri, [term]) => Ok(boolean(matches!(term, Term::NamedNode(_)))),
        (Function::IsBlank, [term]) => Ok(boolean(matches!(term, Term::BlankNode(_)))),
        (Function::IsLiteral, [term]) => Ok(boolean(matches!(term, Term::Literal(_)))),
        (Function::IsNumeric, [term]) => {
            Ok(boolean(matches!(term, Term::Literal(literal) if Number::parse(literal).is_some())))
        }
        (Function::Abs, [Term::Literal(literal)]) => {
            Number::parse(literal).and_then(Number::absolute).map(Into::into).ok_or(Error::Type)
        }
        (Function::UCase, [Term::Literal(literal)]) => {
            like(literal, literal.value().to_uppercase())
        }
        (Function::LCase, [Term::Literal(literal)]) => {
            like(literal, literal.value().to_lowercase())
        }
        (Function::StrLen, [Term::Literal(literal)]) if is_string(literal) => {
            let length = i64::try_from(literal.value().chars().count());
            Ok(Literal::from(length.map_err(|_| Error::Type)?).into())
        }
        (Function::Concat, arguments) => concat(arguments),
        (
            Function::Replace,
            [Term::Literal(text), Term::Literal(pattern), Term::Literal(replacement)],
        ) => {
            let is_plain = |literal: &Literal| literal.datatype() == xsd::STRING;
            if !is_plain(pattern) || !is_plain(replacement) {
                return Err(Error::Type);
            }
            // Only patterns that mean themselves.
            if !pattern.value().chars().all(char::is_alphanumeric) || pattern.value().is_empty() {
                return Err(Error::Refused(Refused::Unsupported("a regular expression")));
            }
            like(text, text.value().replace(pattern.value(), replacement.value()))
        }
        (
            Function::Lang
            | Function::Datatype
            | Function::Abs
            | Function::UCase
            | Function::LCase
            | Function::StrLen
            | Function::Replace,
            _,
        ) => Err(Error::Type),
        _ => Err(Error::Refused(Refused::Unsupported("a function"))),
    }
}

/// `STR`.
pub(super) fn string_of(term: &Term) -> Result<String, Error> {
    match term {
        Term::NamedNode(iri) => Ok(iri.as_str().to_owned()),
        Term::Literal(literal) => Ok(literal.value().to_owned()),
        _ => Err(Error::Type),
    }
}

/// A string with the language tag of another one.
fn like(literal: &Literal, text: String) -> Value {
    match literal.language() {
        Some(language) => Ok(Literal::new_language_tagged_literal_unchecked(text, language).into()),
        None if literal.datatype() == xsd::STRING => Ok(Literal::from(text).into()),
        None => Err(Error::Type),
    }
}

/// `CONCAT`: with a language tag when all the strings have that one.
pub(super) fn concat(arguments: &[Term]) -> Value {
    let mut text = String::new();
    let mut languages = Vec::new();
    for argument in arguments {
        match argument {
            Term::Literal(literal) if is_string(literal) => {
                text.push_str(literal.value());
                languages.push(literal.language());
            }
            _ => return Err(Error::Type),
        }
    }
    Ok(match languages.first() {
        Some(Some(language)) if languages.iter().all(|other| *other == Some(language)) => {
            Literal::new_language_tagged_literal_unchecked(text, *language).into()
        }
        _ => Literal::from(text).into(),
    })
}
