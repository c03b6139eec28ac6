//! The time of a query: `NOW()` has the same value wherever it stands in one ([SPARQL 1.1,
//! 17.4.5.1](https://www.w3.org/TR/sparql11-query/#func-now)).

use super::walk::{change, for_each_expression, for_each_operand};
use oxigraph::model::Literal;
use spargebra::algebra::{Expression, Function, GraphPattern};

/// Replaces each `NOW()` of a pattern by a time.
pub(crate) fn set_time(pattern: &mut GraphPattern, now: &Literal) {
    change(pattern, &mut |pattern| {
        for_each_expression(pattern, &mut |expression| set_in(expression, now));
        true
    });
}

fn set_in(expression: &mut Expression, now: &Literal) {
    if matches!(expression, Expression::FunctionCall(Function::Now, _)) {
        *expression = now.clone().into();
    }
    for_each_operand(expression, &mut |operand| set_in(operand, now));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Prefixes;

    #[test]
    fn the_time_is_set_everywhere() {
        let text = "ASK { BIND(NOW() AS ?a) FILTER(YEAR(NOW()) > 1 && EXISTS { ?s ?p ?o FILTER(?o < NOW()) }) }";
        let query = crate::sparql::parse("q", text, &Prefixes::default()).unwrap();
        let mut pattern = crate::algebra::pattern_of(&query).clone();
        set_time(&mut pattern, &"then".into());
        let text = pattern.to_string();
        assert_eq!(text.matches("\"then\"").count(), 3, "{text}");
        assert!(!text.contains("NOW"), "{text}");
    }
}
