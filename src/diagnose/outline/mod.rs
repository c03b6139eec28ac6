//! The elements of a query's text and their positions: each triple, condition, OPTIONAL and so on, with text that can
//! be parsed separately.

mod triples;

use crate::sparql::tree::{Node, NodeKind, SyntaxKind};
use crate::sparql::tree_of;
use std::ops::Range;

/// The kind of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ElementKind {
    /// An element in braces: a triple, a condition, an OPTIONAL and so on.
    Part,
    /// HAVING with its conditions.
    Having,
    /// LIMIT or OFFSET with its number.
    Slice,
}

/// An element of a query's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QueryElement {
    /// What it is.
    pub kind: ElementKind,
    /// The byte range in the text. For a triple that shares its subject, the range excludes the subject.
    pub span: Range<usize>,
    /// The text of the element alone; a triple includes its subject.
    pub words: String,
}

/// Returns the elements of a query, outer ones before those inside them.
pub(super) fn elements(text: &str) -> Vec<QueryElement> {
    let tree = tree_of(text);
    let mut outline = Outline::default();
    outline.inside(tree.root());
    outline.elements
}

#[derive(Default)]
struct Outline {
    elements: Vec<QueryElement>,
}

impl Outline {
    fn add(&mut self, kind: ElementKind, node: Node<'_, '_>) {
        self.elements.push(QueryElement { kind, span: node.span(), words: words(node.tokens()) });
    }

    /// Adds the elements inside a node.
    fn inside(&mut self, node: Node<'_, '_>) {
        for inner in node.children() {
            self.node(inner);
        }
    }

    fn node(&mut self, node: Node<'_, '_>) {
        let SyntaxKind::Node(kind) = node.kind() else { return };
        match kind {
            NodeKind::Triples => self.triples(node),
            NodeKind::Filter => self.filter(node),
            NodeKind::Alternatives | NodeKind::Nested | NodeKind::Named => {
                self.add(ElementKind::Part, node);
                self.inside(node);
            }
            NodeKind::Bind | NodeKind::Values => self.add(ElementKind::Part, node),
            NodeKind::Having => {
                self.add(ElementKind::Having, node);
                self.inside(node);
            }
            NodeKind::Slice => self.add(ElementKind::Slice, node),
            // The selection of a query has no elements.
            NodeKind::Select => {
                node.children()
                    .filter(|part| !part.is(NodeKind::Brackets))
                    .for_each(|part| self.node(part));
            }
            // A template is not searched for.
            NodeKind::Template | NodeKind::GroupBy | NodeKind::OrderBy => {}
            _ => self.inside(node),
        }
    }

    /// Adds a FILTER. Each operand of a conjunction is a separate element.
    fn filter(&mut self, filter: Node<'_, '_>) {
        self.add(ElementKind::Part, filter);
        self.inside(filter);
        let brackets = filter.inner(NodeKind::Brackets);
        let expression = brackets.and_then(|brackets| brackets.inner(NodeKind::Expression));
        let parts: Vec<Node<'_, '_>> = expression.into_iter().flat_map(Node::children).collect();
        let conditions: Vec<&[Node<'_, '_>]> = parts.split(|part| part.is_sign("&&")).collect();
        if conditions.len() < 2 || parts.iter().any(|part| part.is_sign("||")) {
            return;
        }
        for condition in conditions {
            let (Some(first), Some(last)) = (condition.first(), condition.last()) else { continue };
            let words = words(condition.iter().flat_map(|part| part.tokens()));
            let words = format!("FILTER({words})");
            let span = first.span().start..last.span().end;
            self.elements.push(QueryElement { kind: ElementKind::Part, span, words });
        }
    }
}

/// Joins tokens on one line, with a space wherever something stands between two of them.
fn words<'a, 't>(tokens: impl Iterator<Item = Node<'a, 't>>) -> String
where
    'a: 't,
{
    let mut words = String::new();
    let mut end = None;
    for token in tokens {
        if end.is_some_and(|end| end < token.span().start) {
            words.push(' ');
        }
        words.push_str(token.text());
        end = Some(token.span().end);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<String> {
        elements(text).into_iter().map(|element| element.words).collect()
    }

    fn spans(text: &str) -> Vec<&str> {
        elements(text).into_iter().map(|element| &text[element.span]).collect()
    }

    #[test]
    fn triples_are_told_with_their_subjects() {
        let text = "SELECT * { ?a a x:C ; x:p 1, \"b\"@en ; ^x:q/(x:r|x:s)* -2.5 . x:d !x:p ?e }";
        assert_eq!(
            words(text),
            ["?a a x:C", "?a x:p 1", "?a x:p \"b\"@en", "?a ^x:q/(x:r|x:s)* -2.5", "x:d !x:p ?e"]
        );
        assert_eq!(
            spans(text),
            ["?a a x:C", "x:p 1", "\"b\"@en", "^x:q/(x:r|x:s)* -2.5", "x:d !x:p ?e"]
        );
    }

    #[test]
    fn brackets_are_a_triple_and_those_inside() {
        assert_eq!(
            words("ASK { ?a x:p [ x:q ?b ; x:r \"1\"^^x:t ] . [ x:s 1 ] x:t () }"),
            ["?a x:p []", "[] x:q ?b", "[] x:r \"1\"^^x:t", "[] x:s 1", "[] x:t ()"]
        );
    }

    #[test]
    fn each_keyword_makes_an_element() {
        assert_eq!(
            words(
                "CONSTRUCT { ?a ?b ?c } WHERE { { ?a x:p 1 } UNION { ?a x:q 2 } OPTIONAL { ?a x:r ?d } \
                 GRAPH ?g { ?a x:s ?e } MINUS { ?a x:t 1 } BIND (1 AS ?f) VALUES ?a { x:b } \
                 FILTER(?d > 1 && (?e || ?f)) FILTER NOT EXISTS { ?a x:u 1 } FILTER regex(?d, \"a\") } LIMIT 3"
            ),
            [
                "{ ?a x:p 1 } UNION { ?a x:q 2 }",
                "?a x:p 1",
                "?a x:q 2",
                "OPTIONAL { ?a x:r ?d }",
                "?a x:r ?d",
                "GRAPH ?g { ?a x:s ?e }",
                "?a x:s ?e",
                "MINUS { ?a x:t 1 }",
                "?a x:t 1",
                "BIND (1 AS ?f)",
                "VALUES ?a { x:b }",
                "FILTER(?d > 1 && (?e || ?f))",
                "FILTER(?d > 1)",
                "FILTER((?e || ?f))",
                "FILTER NOT EXISTS { ?a x:u 1 }",
                "?a x:u 1",
                "FILTER regex(?d, \"a\")",
                "LIMIT 3"
            ]
        );
    }

    #[test]
    fn sub_queries_and_their_ends_are_seen() {
        assert_eq!(
            words(
                "SELECT ?a { { SELECT ?a (COUNT(*) AS ?n) WHERE { ?a x:p ?b } GROUP BY ?a \
                 HAVING (COUNT(*) > 2) OFFSET 1 } ?a x:q ?c } ORDER BY ?a"
            ),
            [
                "{ SELECT ?a (COUNT(*) AS ?n) WHERE { ?a x:p ?b } GROUP BY ?a HAVING (COUNT(*) > 2) OFFSET 1 }",
                "?a x:p ?b",
                "HAVING (COUNT(*) > 2)",
                "OFFSET 1",
                "?a x:q ?c"
            ]
        );
    }

    proptest! {
        #[test]
        fn any_text_has_elements_inside_it(
            text in "(SELECT|ASK|CONSTRUCT|FILTER|VALUES|OPTIONAL|HAVING|\\PC|[?<>\"{}()\\[\\]&|#a:.;, \\n])*"
        ) {
            for element in elements(&text) {
                prop_assert!(text.get(element.span).is_some());
            }
        }
    }
}
