//! `CONCAT`, and `GROUP_CONCAT` of any terms that have a text. A text that would be too long stops the work: with a few
//! nested calls, the engine would make one that no memory holds.

use super::own;
use crate::budget::Cancellation;
use crate::vocabulary::{tag_of, tagged};
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, NamedNode, Term};
use spareval::AggregateFunctionAccumulator;
use std::borrow::Cow;

pub(super) const CONCAT: &str = "CONCAT";

/// Returns the concatenation of texts. It has their language and base direction if all have the same.
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
    let tag = |literal: &&Literal| tag_of(literal.as_ref()).map(Cow::into_owned);
    let of_all = texts.first().and_then(tag);
    Some(match of_all.filter(|all| texts.iter().all(|text| tag(text).as_ref() == Some(all))) {
        Some(tag) => tagged(&text, &tag).into_owned().into(),
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
