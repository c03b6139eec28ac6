//! The elements of a query's text and their positions: each triple, condition, OPTIONAL and so on, with text that can
//! be parsed separately. It implements only as much of SPARQL's grammar as that needs, because the text has been parsed
//! before.

mod triples;

use crate::sparql::lexer::{Token, TokenKind, tokens};
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
    let mut reader = Reader { text, tokens: tokens(text), at: 0, elements: Vec::new() };
    reader.query();
    reader.elements
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    elements: Vec<QueryElement>,
}

impl Reader<'_> {
    fn kind(&self) -> Option<TokenKind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    fn word_at(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| &self.text[token.span.clone()])
    }

    fn word(&self) -> &str {
        self.word_at(self.at)
    }

    fn is(&self, keyword: &str) -> bool {
        self.kind() == Some(TokenKind::Word) && self.word().eq_ignore_ascii_case(keyword)
    }

    fn is_sign(&self, sign: &str) -> bool {
        self.kind() == Some(TokenKind::Punctuation) && self.word() == sign
    }

    /// Skips a token if it is there. Returns whether it was.
    fn accept(&mut self, sign: &str) -> bool {
        let is_there = self.is_sign(sign);
        self.at += usize::from(is_there);
        is_there
    }

    /// Returns the byte range of some tokens.
    fn span(&self, tokens: Range<usize>) -> Range<usize> {
        let start = self.tokens.get(tokens.start).map_or(self.text.len(), |token| token.span.start);
        let last = tokens.end.checked_sub(1).filter(|last| *last >= tokens.start);
        let end = last.and_then(|last| self.tokens.get(last)).map_or(start, |token| token.span.end);
        start..end
    }

    fn words(&self, tokens: Range<usize>) -> String {
        let mut words = String::new();
        let mut end = None;
        for token in self.tokens.get(tokens).unwrap_or_default() {
            if end.is_some_and(|end| end < token.span.start) {
                words.push(' ');
            }
            words.push_str(&self.text[token.span.clone()]);
            end = Some(token.span.end);
        }
        words
    }

    /// Adds an element.
    fn add(&mut self, kind: ElementKind, tokens: Range<usize>) {
        let words = self.words(tokens.clone());
        let span = self.span(tokens);
        self.elements.push(QueryElement { kind, span, words });
    }

    /// Reserves the index of an element that surrounds the following ones.
    fn begin(&mut self) -> usize {
        self.add(ElementKind::Part, self.at..self.at);
        self.elements.len() - 1
    }

    /// Fills a reserved index with the tokens from `start` to the current one.
    fn finish(&mut self, place: usize, start: usize) {
        let (words, span) = (self.words(start..self.at), self.span(start..self.at));
        if let Some(element) = self.elements.get_mut(place) {
            (element.words, element.span) = (words, span);
        }
    }

    fn query(&mut self) {
        // The template of a CONSTRUCT is not searched for, unless it is also the pattern.
        let mut is_template = false;
        while self.at < self.tokens.len() {
            if self.is("CONSTRUCT") {
                self.at += 1;
                is_template = self.is_sign("{");
            } else if self.is_sign("{") {
                if is_template {
                    self.skip_brackets();
                    is_template = false;
                } else {
                    self.group();
                    self.modifiers();
                    return;
                }
            } else {
                self.at += 1;
            }
        }
    }

    /// Reads what follows a group, to the end of the text or the closing brace of the sub-query.
    fn modifiers(&mut self) {
        while self.at < self.tokens.len() && !self.is_sign("}") {
            let start = self.at;
            if self.is("HAVING") {
                self.at += 1;
                while self.is_sign("(")
                    || self.kind() == Some(TokenKind::Word) && !self.is_modifier()
                {
                    self.constraint();
                }
                self.add(ElementKind::Having, start..self.at);
            } else if self.is("LIMIT") || self.is("OFFSET") {
                self.at += 2;
                self.add(ElementKind::Slice, start..self.at);
            } else if self.is("VALUES") {
                self.values();
            } else if self.is_sign("{") || self.is_sign("(") {
                self.skip_brackets();
            } else {
                self.at += 1;
            }
        }
    }

    fn is_modifier(&self) -> bool {
        ["ORDER", "LIMIT", "OFFSET", "VALUES"].iter().any(|keyword| self.is(keyword))
    }

    /// Skips everything in brackets, including these.
    fn skip_brackets(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.tokens.len() {
            if self.kind() == Some(TokenKind::Punctuation) {
                match self.word() {
                    "(" | "{" | "[" => depth += 1,
                    ")" | "}" | "]" => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    /// Reads a group, from its opening to its closing brace.
    fn group(&mut self) {
        self.accept("{");
        while self.at < self.tokens.len() {
            if self.accept("}") {
                return;
            }
            let before = self.at;
            self.element();
            // Anything unknown is skipped.
            self.at = self.at.max(before + 1);
        }
    }

    fn element(&mut self) {
        let start = self.at;
        if self.is_sign("{") {
            let place = self.begin();
            self.group();
            while self.is("UNION") {
                self.at += 1;
                self.group();
            }
            self.finish(place, start);
        } else if ["OPTIONAL", "MINUS", "LATERAL"].iter().any(|keyword| self.is(keyword)) {
            let place = self.begin();
            self.at += 1;
            self.group();
            self.finish(place, start);
        } else if self.is("GRAPH") || self.is("SERVICE") {
            let place = self.begin();
            self.at += 1;
            self.at += usize::from(self.is("SILENT"));
            self.at += 1;
            self.group();
            self.finish(place, start);
        } else if self.is("FILTER") {
            self.filter();
        } else if self.is("BIND") {
            self.at += 1;
            self.skip_brackets();
            self.add(ElementKind::Part, start..self.at);
        } else if self.is("VALUES") {
            self.values();
        } else if self.is("SELECT") {
            while self.at < self.tokens.len() && !self.is_sign("{") {
                if self.is_sign("(") {
                    self.skip_brackets();
                } else {
                    self.at += 1;
                }
            }
            self.group();
            self.modifiers();
        } else {
            self.triples();
        }
    }

    fn values(&mut self) {
        let start = self.at;
        self.at += 1;
        if self.is_sign("(") {
            self.skip_brackets();
        } else {
            self.at += 1;
        }
        self.skip_brackets();
        self.add(ElementKind::Part, start..self.at);
    }

    /// Reads a FILTER. Each operand of a conjunction is a separate element.
    fn filter(&mut self) {
        let start = self.at;
        let place = self.begin();
        self.at += 1;
        let from = self.at;
        self.constraint();
        self.finish(place, start);
        let conditions = self.conditions(from..self.at);
        if conditions.len() > 1 {
            for condition in conditions {
                let words = format!("FILTER({})", self.words(condition.clone()));
                let span = self.span(condition);
                self.elements.push(QueryElement { kind: ElementKind::Part, span, words });
            }
        }
    }

    /// Reads a condition: a parenthesized expression, an EXISTS, or a function call, including the groups inside it.
    fn constraint(&mut self) {
        while self.is("NOT") || self.is("EXISTS") {
            self.at += 1;
        }
        if self.is_sign("{") {
            self.group();
            return;
        }
        if !self.is_sign("(") {
            self.at += 1;
        }
        let mut depth = 0_usize;
        while self.at < self.tokens.len() {
            if self.is_sign("{") {
                self.group();
                continue;
            }
            depth += usize::from(self.is_sign("("));
            if self.is_sign(")") {
                depth = depth.saturating_sub(1);
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    /// Returns the tokens between the `&&` of a parenthesized condition, or an empty list if it also has `||`.
    fn conditions(&self, tokens: Range<usize>) -> Vec<Range<usize>> {
        let mut conditions = Vec::new();
        let mut depth = 0_usize;
        let mut start = tokens.start + 1;
        for at in tokens.clone() {
            match self.word_at(at) {
                "(" | "{" | "[" => depth += 1,
                ")" | "}" | "]" => depth = depth.saturating_sub(1),
                "|" if depth == 1 => return Vec::new(),
                "&" if depth == 1 && self.word_at(at + 1) == "&" => {
                    conditions.push(start..at);
                    start = at + 2;
                }
                _ => {}
            }
        }
        conditions.push(start..tokens.end.saturating_sub(1).max(start));
        conditions
    }
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
