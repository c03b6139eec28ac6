//! Casts from strings, as defined by [XPath](https://www.w3.org/TR/xpath-functions/#casting-from-strings): surrounding
//! white space is ignored, and infinity and not-a-number each have one spelling.

use super::{call, own};
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, NamedNodeRef, Term};
use spargebra::algebra::{Expression, Function};

pub(super) const COLLAPSED: &str = "collapsed";
pub(super) const FLOATING: &str = "collapsed floating";

const OTHERS: [NamedNodeRef<'_>; 9] = [
    xsd::BOOLEAN,
    xsd::DATE,
    xsd::DATE_TIME,
    xsd::DAY_TIME_DURATION,
    xsd::DECIMAL,
    xsd::DURATION,
    xsd::INTEGER,
    xsd::TIME,
    xsd::YEAR_MONTH_DURATION,
];

/// Makes a cast read its argument as XSD requires.
pub(super) fn rewrite_call(function: &Function, arguments: &mut [Expression]) {
    let (Function::Custom(name), [argument]) = (function, arguments) else { return };
    let reader = if [xsd::DOUBLE, xsd::FLOAT].contains(&name.as_ref()) {
        FLOATING
    } else if OTHERS.contains(&name.as_ref()) {
        COLLAPSED
    } else {
        return;
    };
    let is_read = matches!(argument, Expression::FunctionCall(Function::Custom(name), _) if *name == own(reader));
    if !is_read {
        *argument = call(reader, vec![std::mem::replace(argument, Expression::Coalesce(vec![]))]);
    }
}

/// Strips the surrounding white space of a string. Other terms stay the same.
pub(super) fn collapsed(terms: &[Term]) -> Option<Term> {
    let term = terms.first()?;
    let Term::Literal(literal) = term else { return Some(term.clone()) };
    if literal.datatype() != xsd::STRING {
        return Some(term.clone());
    }
    Some(Literal::new_simple_literal(trimmed(literal.value())).into())
}

/// Like [`collapsed`], but returns `None` for a string that is not a valid floating-point number.
pub(super) fn floating(terms: &[Term]) -> Option<Term> {
    let term = collapsed(terms)?;
    if let Term::Literal(literal) = &term
        && literal.datatype() == xsd::STRING
    {
        let value = literal.value();
        let is_number = value
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
        if !is_number && !matches!(value, "INF" | "+INF" | "-INF" | "NaN") {
            return None;
        }
    }
    Some(term)
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(['\t', '\n', '\r', ' '])
}
