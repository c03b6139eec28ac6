//! Language tags, which the store keeps in lower case. A query may use any case, because tags are compared
//! [case-insensitively](https://www.rfc-editor.org/rfc/rfc5646#section-2.1.1).

use oxigraph::model::Literal;
use oxigraph::model::vocab::xsd;
use spargebra::algebra::{Expression, Function};

/// Makes the comparison of a language with a string match the stored lower-case form.
pub(in crate::engine) fn rewrite(expression: &mut Expression) {
    match expression {
        Expression::Equal(a, b) | Expression::SameTerm(a, b) => {
            match (is_language(a), is_language(b)) {
                (true, false) => lower(b),
                (false, true) => lower(a),
                _ => {}
            }
        }
        Expression::In(needle, list) if is_language(needle) => list.iter_mut().for_each(lower),
        _ => {}
    }
}

fn is_language(expression: &Expression) -> bool {
    matches!(expression, Expression::FunctionCall(Function::Lang, _))
}

fn lower(expression: &mut Expression) {
    if let Expression::Literal(literal) = expression
        && literal.datatype() == xsd::STRING
    {
        *literal = Literal::new_simple_literal(literal.value().to_ascii_lowercase());
    }
}
