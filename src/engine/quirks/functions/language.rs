//! Language tags, which the store keeps in lower case. They are compared
//! [without regard to case](https://www.rfc-editor.org/rfc/rfc5646#section-2.1.1), as a query writes them.

use oxigraph::model::Literal;
use oxigraph::model::vocab::xsd;
use spargebra::algebra::{Expression, Function};

/// Has a comparison of a language with a string find what the store has.
pub(super) fn rewrite(expression: &mut Expression) {
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
