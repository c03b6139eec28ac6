//! The triples of a query's text, each with its subject.

use super::{ElementKind, Outline, QueryElement, words};
use crate::sparql::tree::{Node, NodeKind};

impl Outline {
    /// Adds triples that share a subject.
    pub(super) fn triples(&mut self, triples: Node<'_, '_>) {
        let Some(subject) = triples.children().next() else { return };
        if subject.is(NodeKind::BlankNode) {
            self.properties(subject, "[]", None);
        }
        self.properties(triples, &term(subject), Some(subject.span().start));
    }

    /// Adds a triple for each object in triples or square brackets. The span of the first one begins with the subject.
    fn properties(&mut self, node: Node<'_, '_>, subject: &str, mut start: Option<usize>) {
        for property in node.children().filter(|part| part.is(NodeKind::Property)) {
            let mut verb = None;
            for part in property.children() {
                if part.is(NodeKind::Verb) {
                    verb = Some(part);
                    start = start.or(Some(part.span().start));
                }
                let Some(verb) = verb.filter(|_| part.is(NodeKind::Object)) else { continue };
                let Some(object) = part.children().next() else { continue };
                let is_bracket = object.is(NodeKind::BlankNode);
                let from = object.span().start;
                // The triples inside brackets are elements of their own.
                let end = if is_bracket { from + 1 } else { object.span().end };
                self.elements.push(QueryElement {
                    kind: ElementKind::Part,
                    span: start.take().unwrap_or(from)..end,
                    words: format!("{subject} {} {}", words(verb.tokens()), term(object)),
                });
                if is_bracket {
                    self.properties(object, "[]", None);
                }
            }
        }
    }
}

/// Returns the words of a subject or an object.
fn term(term: Node<'_, '_>) -> String {
    if term.is(NodeKind::BlankNode) { "[]".to_owned() } else { words(term.tokens()) }
}
