//! Arithmetic with numbers that exceed the engine's types.

use super::call;
use super::number::Number;
use oxigraph::model::Term;
use oxigraph::model::vocab::xsd;
use spargebra::algebra::{Expression, Function};

type Calculation = fn(&[Term]) -> Option<Term>;

/// The calculations, by name.
pub(super) const FUNCTIONS: [(&str, Calculation); 13] = [
    ("add", |terms| of_two(terms, |a, b| Some(a.plus(b)))),
    ("subtract", |terms| of_two(terms, |a, b| Some(a.minus(b)))),
    ("multiply", |terms| of_two(terms, |a, b| Some(a.times(b)))),
    ("divide", |terms| of_two(terms, Number::divided_by)),
    ("plus", |terms| of_one(terms, Some)),
    ("minus", |terms| of_one(terms, |a| Some(a.negated()))),
    ("absolute", |terms| of_one(terms, |a| Some(a.absolute()))),
    ("ceiling", |terms| of_one(terms, |a| Some(a.ceiling()))),
    ("floor", |terms| of_one(terms, |a| Some(a.floor()))),
    ("rounded", |terms| of_one(terms, |a| Some(a.rounded()))),
    ("to integer", |terms| of_one(terms, Number::into_integer)),
    ("to decimal", |terms| of_one(terms, Number::into_decimal)),
    ("to double", |terms| of_one(terms, |a| Some(Number::Double(a.into_double())))),
];

/// Returns the call that replaces a calculation for which the engine has no value.
pub(super) fn own_calculation(expression: &Expression) -> Option<Expression> {
    let (name, operands) = match expression {
        Expression::Add(a, b) => ("add", vec![(**a).clone(), (**b).clone()]),
        Expression::Subtract(a, b) => ("subtract", vec![(**a).clone(), (**b).clone()]),
        Expression::Multiply(a, b) => ("multiply", vec![(**a).clone(), (**b).clone()]),
        Expression::Divide(a, b) => ("divide", vec![(**a).clone(), (**b).clone()]),
        Expression::UnaryPlus(a) => ("plus", vec![(**a).clone()]),
        Expression::UnaryMinus(a) => ("minus", vec![(**a).clone()]),
        Expression::FunctionCall(function, operands) => {
            let name = match function {
                Function::Abs => "absolute",
                Function::Ceil => "ceiling",
                Function::Floor => "floor",
                Function::Round => "rounded",
                Function::Custom(name) => match name.as_ref() {
                    xsd::INTEGER => "to integer",
                    xsd::DECIMAL => "to decimal",
                    xsd::DOUBLE => "to double",
                    _ => return None,
                },
                _ => return None,
            };
            (name, operands.clone())
        }
        _ => return None,
    };
    Some(call(name, operands))
}

fn of_one(terms: &[Term], calculate: fn(Number) -> Option<Number>) -> Option<Term> {
    let [a] = terms else { return None };
    calculate(Number::of(a)?)?.into_term()
}

fn of_two(terms: &[Term], calculate: fn(Number, Number) -> Option<Number>) -> Option<Term> {
    let [a, b] = terms else { return None };
    calculate(Number::of(a)?, Number::of(b)?)?.into_term()
}
