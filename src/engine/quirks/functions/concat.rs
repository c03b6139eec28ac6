//! `CONCAT`, and `GROUP_CONCAT` of any terms that have a text. A text that would be too long stops the work: with a few
//! nested calls, the engine would make one that no memory holds.

use super::own;
use crate::budget::Cancellation;
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, NamedNode, Term};
use spareval::AggregateFunctionAccumulator;

pub(super) const CONCAT: &str = "CONCAT";

/// Returns the concatenation of texts. It has their language if all have the same.
pub(super) fn concat(terms: &[Term], until: &Cancellation) -> Option<Term> {
    let mut texts = Vec::with_capacity(terms.len());
    for term in terms {
        let Term::Literal(literal) = term else { return None };
        if literal.language().is_none() && literal.datatype() != xsd::STRING {
            return None;
        }
        texts.push(literal);
    }
    if !until.allows_literal(texts.iter().map(|text| text.value().len()).sum()) {
        return None;
    }
    let text: String = texts.iter().map(|text| text.value()).collect();
    let language = texts.first().and_then(|text| text.language());
    Some(match language.filter(|&all| texts.iter().all(|text| text.language() == Some(all))) {
        Some(language) => Literal::new_language_tagged_literal_unchecked(text, language).into(),
        None => Literal::new_simple_literal(text).into(),
    })
}

/// Returns the name of the concatenation with the separator of this index.
pub(super) fn name(number: usize) -> NamedNode {
    own(&format!("group concat {number}"))
}

/// Returns the function that creates the accumulator of a group.
pub(super) fn concatenation(
    separator: String,
    until: &Cancellation,
) -> impl Fn() -> Box<dyn AggregateFunctionAccumulator + Send + Sync> + use<> {
    let until = until.clone();
    move || {
        let (separator, until) = (separator.clone(), until.clone());
        Box::new(Concatenation { separator, until, text: None, is_error: false })
    }
}

/// `STR()` of the elements is implied, and the result has no language.
struct Concatenation {
    separator: String,
    until: Cancellation,
    text: Option<String>,
    is_error: bool,
}

impl AggregateFunctionAccumulator for Concatenation {
    fn accumulate(&mut self, element: Term) {
        let value = match &element {
            Term::NamedNode(node) => node.as_str(),
            Term::Literal(literal) => literal.value(),
            _ => {
                self.is_error = true;
                return;
            }
        };
        if self.is_error {
            return;
        }
        match &mut self.text {
            Some(text) => {
                if !self.until.allows_literal(text.len() + self.separator.len() + value.len()) {
                    (self.is_error, self.text) = (true, None);
                    return;
                }
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
