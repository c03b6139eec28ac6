//! The prefixes and the variables of a query, with their places.

use super::{Node, NodeKind, SyntaxTree};
use crate::sparql::lexer::TokenKind;
use crate::vocabulary::Prefixes;
use std::ops::Range;

impl<'a> SyntaxTree<'a> {
    /// Returns the prefixes that the query declares.
    pub(crate) fn declared_prefixes(&self) -> Prefixes {
        let mut prefixes = Prefixes::default();
        for declaration in self.root().children().filter(|node| node.is(NodeKind::Declaration)) {
            let words: Vec<&str> = declaration.tokens().map(Node::text).collect();
            if let [_, prefix, iri] = words.as_slice()
                && let Some(prefix) = prefix.strip_suffix(':')
                && let Some(iri) = iri.strip_prefix('<').and_then(|iri| iri.strip_suffix('>'))
            {
                prefixes.add(prefix, iri);
            }
        }
        prefixes
    }

    /// Iterates over the variables, with their names.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&'a str, Range<usize>)> {
        self.root().tokens().filter_map(|token| Some((variable(token)?, token.span())))
    }

    /// Returns the place of the first use of a variable.
    pub(crate) fn first_use(&self, name: &str) -> Option<Range<usize>> {
        self.variables().find(|(known, _)| *known == name).map(|(_, span)| span)
    }

    /// Returns the place at which the query or a sub-query selects a variable directly, outside of expressions. `*` names
    /// no variable.
    pub(crate) fn selected(&self, name: &str) -> Option<Range<usize>> {
        let queries = self.root().all().filter(|node| node.is(NodeKind::Select));
        let mut selected = queries.flat_map(Node::children);
        selected.find(|part| variable(*part) == Some(name)).map(Node::span)
    }

    /// Returns whether the query or a sub-query selects all variables.
    pub(crate) fn selects_all(&self) -> bool {
        let mut queries = self
            .root()
            .all()
            .filter(|node| node.is(NodeKind::Select) || node.is(NodeKind::Describe));
        queries.any(|query| query.children().any(|part| part.is_sign("*")))
    }

    /// Returns the text of the expression that gets a name, as in `(expression AS ?name)`.
    pub(crate) fn expression_named(&self, name: &str) -> Option<&'a str> {
        let is_named = |brackets: &Node<'_, '_>| {
            let parts: Vec<_> = brackets.children().collect();
            parts.windows(2).any(|pair| pair[0].is_keyword("AS") && variable(pair[1]) == Some(name))
        };
        let mut brackets = self.root().all().filter(|node| node.is(NodeKind::Brackets));
        brackets.find(is_named)?.inner(NodeKind::Expression).map(Node::text)
    }

    /// Returns the place of a function's call with a variable as its only argument, after DISTINCT or not.
    pub(crate) fn call_of(&self, function: &str, name: &str) -> Option<Range<usize>> {
        let mut calls = self.root().all().filter(|node| node.is(NodeKind::Call));
        let is_it = |call: &Node<'_, '_>| {
            let is_function = call.children().next().is_some_and(|word| word.is_keyword(function));
            let argument =
                call.inner(NodeKind::Brackets).and_then(|b| b.inner(NodeKind::Expression));
            let mut parts = argument.into_iter().flat_map(Node::children);
            is_function && parts.next().and_then(variable) == Some(name) && parts.next().is_none()
        };
        calls.find(is_it).map(Node::span)
    }
}

/// Returns the name of a variable.
fn variable<'a>(token: Node<'a, '_>) -> Option<&'a str> {
    (token.token() == Some(TokenKind::Variable)).then(|| &token.text()[1..])
}

#[cfg(test)]
mod tests {
    use crate::sparql::tree_of;

    #[test]
    fn only_plain_projections_are_selected() {
        let selected = |text: &str, name| tree_of(text).selected(name);
        assert!(selected("SELECT ?a (STR(?b) AS ?c) WHERE { ?d ?e ?f }", "a").is_some());
        for variable in ["b", "c", "d"] {
            assert_eq!(selected("SELECT ?a (STR(?b) AS ?c) { ?d ?e ?f }", variable), None);
        }
        assert!(selected("SELECT * { { select DISTINCT $x { ?x ?y ?z } } }", "x").is_some());
        assert_eq!(selected("SELECT * { ?x ?y ?z }", "x"), None);
    }

    #[test]
    fn calls_are_found_by_their_only_argument() {
        let text = "SELECT (SUM(?a * 2) AS ?b) (sum( DISTINCT ?a ) AS ?c) { ?a ?a ?a }";
        let call = tree_of(text).call_of("SUM", "a").map(|span| &text[span]);
        assert_eq!(call, Some("sum( DISTINCT ?a )"));
        assert_eq!(tree_of(text).expression_named("b"), Some("SUM(?a * 2)"));
    }
}
