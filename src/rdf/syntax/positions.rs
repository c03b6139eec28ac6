//! Where each statement of a Turtle or TriG document stands, which the RDF parser does not report.

use super::reader::{TextItem, TokenReader};
use super::token::TurtleTokenKind;
use crate::vocabulary::rdf;
use oxigraph::model::{BlankNode, GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use std::ops::Range;

/// The byte ranges of a statement's predicate and object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatementSpans {
    pub predicate: Range<usize>,
    pub object: Range<usize>,
}

/// Calls a function with each statement of a valid document and its position, in source order. Blank nodes without a
/// label all have the same one. The items of a list are objects of `rdf:first`. What comes after something that cannot
/// be read is left out. Relative IRIs are resolved against the base, if there is one.
pub(crate) fn each_statement(
    text: &str,
    base: Option<&str>,
    found: impl FnMut(&Quad, StatementSpans),
) {
    let Ok(mut reader) = TokenReader::new("", text, true) else { return };
    reader.resolve_against(base);
    let mut walk = Walk { reader, frames: Vec::new(), graph: GraphName::DefaultGraph, found };
    while let Some(item) = walk.reader.next() {
        if let TextItem::Token(kind, text, span) = item
            && walk.token(kind, text, span).is_none()
        {
            return;
        }
    }
}

struct Walk<'a, F> {
    reader: TokenReader<'a>,
    /// The subjects and lists that are open, the innermost last.
    frames: Vec<Subject>,
    graph: GraphName,
    found: F,
}

/// A subject, or a list as a subject of its items.
struct Subject {
    node: NamedOrBlankNode,
    predicate: Option<(NamedNode, Range<usize>)>,
    expects_object: bool,
    is_list: bool,
}

impl Subject {
    const fn of(node: NamedOrBlankNode) -> Self {
        Self { node, predicate: None, expects_object: false, is_list: false }
    }

    fn list(span: Range<usize>) -> Self {
        let predicate = Some((rdf::FIRST.into_owned(), span));
        Self { predicate, is_list: true, ..Self::of(anonymous().into()) }
    }
}

impl<F: FnMut(&Quad, StatementSpans)> Walk<'_, F> {
    /// Takes the next token. Returns `None` if it cannot be read.
    fn token(&mut self, kind: TurtleTokenKind, text: &str, span: Range<usize>) -> Option<()> {
        let Some(subject) = self.frames.last_mut() else {
            return self.at_statement(kind, text, span);
        };
        match kind {
            TurtleTokenKind::Mark(')' | ']') => {
                self.frames.pop();
                // What was closed is the subject of what follows.
                if self.frames.is_empty() {
                    self.frames.push(Subject::of(anonymous().into()));
                }
            }
            TurtleTokenKind::Mark('.') => self.frames.clear(),
            TurtleTokenKind::Mark('}') => {
                self.frames.clear();
                self.graph = GraphName::DefaultGraph;
            }
            TurtleTokenKind::Mark('{') => self.graph = self.frames.pop()?.node.into(),
            TurtleTokenKind::Mark(',') => subject.expects_object = true,
            TurtleTokenKind::Mark(';') => subject.predicate = None,
            _ if subject.is_list || subject.expects_object => return self.object(kind, text, span),
            _ if subject.predicate.is_none() => {
                subject.predicate = Some((self.reader.predicate(kind, text)?, span));
                subject.expects_object = true;
            }
            // The graph of a statement of N-Quads.
            _ => {}
        }
        Some(())
    }

    /// Takes a token between two statements.
    fn at_statement(
        &mut self,
        kind: TurtleTokenKind,
        text: &str,
        span: Range<usize>,
    ) -> Option<()> {
        if self.reader.directive(kind, text)? {
            return Some(());
        }
        match kind {
            TurtleTokenKind::Mark('}') => self.graph = GraphName::DefaultGraph,
            TurtleTokenKind::Mark('[') => self.frames.push(Subject::of(anonymous().into())),
            TurtleTokenKind::Mark('(') => self.frames.push(Subject::list(span)),
            TurtleTokenKind::Mark(_) | TurtleTokenKind::Word => {}
            _ => {
                let node = match self.reader.term(kind, text, |_| ())? {
                    Term::NamedNode(iri) => iri.into(),
                    Term::BlankNode(node) => node.into(),
                    _ => return None,
                };
                self.frames.push(Subject::of(node));
            }
        }
        Some(())
    }

    fn object(&mut self, kind: TurtleTokenKind, text: &str, span: Range<usize>) -> Option<()> {
        let (object, inside) = match kind {
            TurtleTokenKind::Mark('[') => {
                (anonymous().into(), Some(Subject::of(anonymous().into())))
            }
            TurtleTokenKind::Mark('(') => (anonymous().into(), Some(Subject::list(span.clone()))),
            _ => (self.reader.term(kind, text, |_| ())?, None),
        };
        let subject = self.frames.last_mut()?;
        subject.expects_object = false;
        let (predicate, predicate_span) = subject.predicate.clone()?;
        let quad = Quad::new(subject.node.clone(), predicate, object, self.graph.clone());
        let object = span.start..self.reader.consumed();
        (self.found)(&quad, StatementSpans { predicate: predicate_span, object });
        self.frames.extend(inside);
        Some(())
    }
}

fn anonymous() -> BlankNode {
    BlankNode::new_unchecked("anonymous")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_statement_has_its_place() {
        let text = r#"@prefix ex: <http://example.com/> .
PREFIX : <http://example.com/>
ex:s a ex:C ; # { comment }
    ex:p "a\"b"@EN-gb, "84"^^ex:year , -1.5 ;
    ex:q [ ex:r true ; ex:s ( 1 ex:o ) ], () .
[] ex:p ex:o .
( 1 ) ex:p ex:last .
:g { :s :p 'x' . ex:t ex:p 'y' }
GRAPH :h { :s :p 'z' }
{ :s :p 'd' }
"#;
        let mut found = Vec::new();
        each_statement(text, None, |quad, spans| {
            let graph = match &quad.graph_name {
                GraphName::NamedNode(name) => &name.as_str()[19..],
                _ => "",
            };
            let line = text[..spans.object.start].matches('\n').count() + 1;
            found
                .push(format!("{line} {graph} {} {}", &text[spans.predicate], &text[spans.object]));
        });
        assert_eq!(
            found,
            [
                "3  a ex:C",
                r#"4  ex:p "a\"b"@EN-gb"#,
                r#"4  ex:p "84"^^ex:year"#,
                "4  ex:p -1.5",
                "5  ex:q [",
                "5  ex:r true",
                "5  ex:s (",
                "5  ( 1",
                "5  ( ex:o",
                "5  ex:q (",
                "6  ex:p ex:o",
                "7  ( 1",
                "7  ex:p ex:last",
                "8 g :p 'x'",
                "8 g ex:p 'y'",
                "9 h :p 'z'",
                "10  :p 'd'",
            ]
        );
    }

    #[test]
    fn terms_are_resolved() {
        let mut quads = Vec::new();
        let text = "@prefix e: <http://e/> . e:a\\,b e:p \"\\u0041\\n\"@EN . _:x e:p 01 . <> e:p <#h> . @base <../i/> . e:a e:p <j> .";
        each_statement(text, Some("http://f/g"), |quad, _| quads.push(quad.to_string()));
        assert_eq!(
            quads,
            [
                r#"<http://e/a,b> <http://e/p> "A\n"@en"#,
                r#"_:x <http://e/p> "01"^^<http://www.w3.org/2001/XMLSchema#integer>"#,
                "<http://f/g> <http://e/p> <http://f/g#h>",
                "<http://e/a> <http://e/p> <http://f/i/j>",
            ]
        );
    }

    proptest! {
        #[test]
        fn any_text_can_be_walked(text in "\\PC*|[a-z:<>{}\\[\\]().;,@\"^1 \\n]*") {
            each_statement(&text, None, |_, _| ());
        }
    }
}
