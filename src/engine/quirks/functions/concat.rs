//! `GROUP_CONCAT` of any terms that have a text. `STR()` is implied, and the result has no language.

use super::own;
use oxigraph::model::{Literal, NamedNode, Term};
use spareval::AggregateFunctionAccumulator;

/// Returns the name of the concatenation with the separator of this index.
pub(super) fn name(number: usize) -> NamedNode {
    own(&format!("group concat {number}"))
}

/// Returns the function that creates the accumulator of a group.
pub(super) fn concatenation(
    separator: String,
) -> impl Fn() -> Box<dyn AggregateFunctionAccumulator + Send + Sync> {
    move || Box::new(Concatenation { separator: separator.clone(), text: None, is_error: false })
}

struct Concatenation {
    separator: String,
    text: Option<String>,
    is_error: bool,
}

impl AggregateFunctionAccumulator for Concatenation {
    fn accumulate(&mut self, element: Term) {
        let value = match &element {
            Term::NamedNode(node) => node.as_str(),
            Term::Literal(literal) => literal.value(),
            Term::BlankNode(_) => {
                self.is_error = true;
                return;
            }
        };
        match &mut self.text {
            Some(text) => {
                text.push_str(&self.separator);
                text.push_str(value);
            }
            None => self.text = Some(value.to_owned()),
        }
    }

    fn finish(&mut self) -> Option<Term> {
        let text = self.text.take().unwrap_or_default();
        (!self.is_error).then(|| Literal::new_simple_literal(text).into())
    }
}
