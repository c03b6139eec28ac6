//! The text of a query as a tree that keeps every byte: nodes of the grammar, and tokens, white space and comments as
//! its leaves. It is made for any text; what follows an error is one node of bare tokens. It has no meaning of its own:
//! algebra is built by the parser alone.
//!
//! The elements are one list in the order of the text, each node before those inside it, with the number of elements
//! that it spans. So a tree borrows its text and takes one allocation.

mod builder;
mod names;
mod node;

pub(super) use builder::{Mark, TreeBuilder};
pub(crate) use node::Node;

use super::lexer::TokenKind;
use std::ops::Range;

/// What an element of a tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SyntaxKind {
    /// A node.
    Node(NodeKind),
    /// A token. Operators of two characters are one token.
    Token(TokenKind),
    /// White space.
    Space,
    /// A comment, without the end of its line.
    Comment,
}

/// The kind of a node: a production of [SPARQL's grammar](https://www.w3.org/TR/sparql11-query/#sparqlGrammar), or several
/// that are written in the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NodeKind {
    /// The whole text.
    Text,
    /// `BASE`, `PREFIX` or `VERSION` with what it declares.
    Declaration,
    /// A SELECT query or a sub-query, from `SELECT` to its last clause.
    Select,
    /// An ASK query.
    Ask,
    /// A CONSTRUCT query.
    Construct,
    /// A DESCRIBE query.
    Describe,
    /// `FROM` with a graph.
    Dataset,
    /// The braces of CONSTRUCT.
    Template,
    /// The pattern of a query with its `WHERE`, if it has one.
    Where,
    /// `GROUP BY` with its conditions.
    GroupBy,
    /// `HAVING` with its conditions.
    Having,
    /// `ORDER BY` with its conditions.
    OrderBy,
    /// `LIMIT` or `OFFSET` with its number.
    Slice,
    /// `VALUES` with variables and rows.
    Values,
    /// The variables of VALUES in brackets.
    Variables,
    /// A row of VALUES in brackets.
    Row,
    /// A pattern in braces.
    Group,
    /// Patterns in braces, with `UNION` between them.
    Alternatives,
    /// `OPTIONAL`, `LATERAL` or `MINUS` with a pattern.
    Nested,
    /// `GRAPH` or `SERVICE` with a name and a pattern.
    Named,
    /// `FILTER` with a condition.
    Filter,
    /// `BIND` with its brackets.
    Bind,
    /// A subject with its properties, without the dot.
    Triples,
    /// A property with its objects.
    Property,
    /// A property or a path, without its objects.
    Verb,
    /// An object.
    Object,
    /// `[ … ]`.
    BlankNode,
    /// `( … )` of items.
    Collection,
    /// `<<( … )>>` or `<< … >>` with the parts of a triple.
    TripleTerm,
    /// `~` with a name, if it has one.
    Reifier,
    /// `{| … |}` with properties.
    Annotation,
    /// A literal of several tokens: a sign, a language tag or a datatype belongs to it.
    Literal,
    /// An expression: operands with operators between them.
    Expression,
    /// An operand with `!`, `+` or `-` before it.
    Unary,
    /// A name with its arguments in brackets, or `ASC` and `DESC` with theirs.
    Call,
    /// Round brackets with what is between them, in an expression or a clause.
    Brackets,
    /// `EXISTS` or `NOT EXISTS` with a pattern.
    Exists,
    /// What follows an error.
    Unread,
}

/// An element of a tree.
#[derive(Debug, Clone, Copy)]
struct Element {
    kind: SyntaxKind,
    start: usize,
    end: usize,
    /// The number of elements from this one to the last one inside it.
    size: usize,
}

/// A text as a tree.
#[derive(Debug)]
pub(crate) struct SyntaxTree<'a> {
    text: &'a str,
    elements: Vec<Element>,
}

impl<'a> SyntaxTree<'a> {
    /// Returns the text.
    pub(crate) const fn text(&self) -> &'a str {
        self.text
    }

    /// Returns the node of the whole text.
    pub(crate) const fn root(&self) -> Node<'a, '_> {
        Node::new(self, 0)
    }

    fn slice(&self, span: Range<usize>) -> &'a str {
        self.text.get(span).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparql::tree_of;
    use proptest::prelude::*;

    /// Returns the nodes of a text, each with those inside it in brackets.
    fn outline(node: Node<'_, '_>) -> String {
        let SyntaxKind::Node(kind) = node.kind() else { return node.text().to_owned() };
        let inner: Vec<String> = node.children().map(outline).collect();
        format!("{kind:?}({})", inner.join(" "))
    }

    #[test]
    fn the_nodes_are_those_of_the_grammar() {
        let tree = tree_of(
            "ASK { ?s a ex:C ; ^ex:p/ex:q \"1\"^^ex:t, -2 . FILTER (!?x || ?y - 1 < 2) } # end",
        );
        assert_eq!(
            outline(tree.root()),
            "Text(Ask(ASK Where(Group({ Triples(?s Property(Verb(a) Object(ex:C)) ; \
             Property(Verb(^ ex:p / ex:q) Object(Literal(\"1\" ^^ ex:t)) , Object(Literal(- 2)))) . \
             Filter(FILTER Brackets(( Expression(Unary(! ?x) || ?y - 1 < 2) ))) }))))"
        );
    }

    #[test]
    fn what_follows_an_error_is_bare() {
        let tree = tree_of("SELECT * { ?s ?p } ?o { # }");
        assert_eq!(
            outline(tree.root()),
            "Text(Select(SELECT * Where(Group({ Triples(?s Property(Verb(?p) Object()))))) Unread(} ?o {))"
        );
    }

    /// Checks that the elements of a tree cover its text, each inside the one around it.
    fn check(text: &str) -> Result<(), TestCaseError> {
        let tree = tree_of(text);
        let leaves =
            tree.root().all().filter(|element| !matches!(element.kind(), SyntaxKind::Node(_)));
        prop_assert_eq!(leaves.map(Node::text).collect::<String>(), text);
        for node in tree.root().all().filter(|node| matches!(node.kind(), SyntaxKind::Node(_))) {
            let mut end = node.span().start;
            for inner in node.elements() {
                prop_assert_eq!(inner.span().start, end);
                end = inner.span().end;
            }
            prop_assert_eq!(end, node.span().end);
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn a_tree_has_all_bytes_of_its_text(text in "\\PC*|[?<>\"'{}()\\[\\]#a:. \\n\\\\@^&|=!+*/;,-]*") {
            check(&text)?;
        }

        #[test]
        fn a_tree_has_all_words_of_its_text(
            text in "((SELECT|ASK|CONSTRUCT|WHERE|FILTER|VALUES|OPTIONAL|HAVING|BIND|GROUP BY|AS|[{}()\\[\\].;,]|\\?x|a|ex:b|'c'|1|#d\n)[ \\n]?)*"
        ) {
            check(&text)?;
        }
    }
}
