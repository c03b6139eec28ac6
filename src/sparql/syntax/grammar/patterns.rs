//! Parses patterns: groups, triples and paths.

use super::{Halt, Language, Parse, Reader};
use crate::sparql::lexer::TokenKind;
use crate::sparql::syntax::expectation;
use crate::sparql::tree::NodeKind;

/// Whether paths may replace properties.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verbs {
    Names,
    Paths,
}

/// The syntax of a subject or an object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeSyntax {
    /// A single term, which states nothing by itself.
    Term,
    /// Brackets that contain triples.
    Triples,
}

impl Reader<'_> {
    /// Parses a pattern in braces. It has its own scope, which the caller leaves or forgets.
    pub(super) fn group_graph_pattern(&mut self) -> Parse {
        let group = self.start(NodeKind::Group);
        self.need_open("{", expectation::GROUP)?;
        self.names.enter();
        self.names.end_of_labels();
        if let Some(query) = self.begin("SELECT", NodeKind::Select) {
            self.select(false)?;
            self.finish(&query);
            self.names.end_of_labels();
            self.close("}")?;
            self.finish(&group);
            return Ok(());
        }
        let mut is_in_triples = false;
        loop {
            if !is_in_triples {
                self.expect(expectation::PATTERN);
            }
            if self.closes("}") {
                self.finish(&group);
                self.names.end_of_labels();
                return Ok(());
            }
            if !is_in_triples && self.triples_same_subject(Verbs::Paths)? {
                is_in_triples = !self.symbol(".");
            } else if self.graph_pattern_not_triples()? {
                is_in_triples = false;
                self.symbol(".");
            } else {
                return Err(Halt);
            }
        }
    }

    pub(super) fn graph_pattern_not_triples(&mut self) -> Parse<bool> {
        if self.word() == "{" {
            let alternatives = self.start(NodeKind::Alternatives);
            loop {
                self.group_graph_pattern()?;
                self.names.leave();
                if !self.keyword("UNION") {
                    self.finish(&alternatives);
                    return Ok(true);
                }
            }
        }
        let nested = |reader: &mut Self, keyword| reader.begin(keyword, NodeKind::Nested);
        let pattern =
            if let Some(pattern) = nested(self, "OPTIONAL").or_else(|| nested(self, "LATERAL")) {
                self.group_graph_pattern()?;
                self.names.leave();
                pattern
            } else if let Some(pattern) = nested(self, "MINUS") {
                self.group_graph_pattern()?;
                self.names.forget();
                pattern
            } else if let Some(pattern) = self.begin("GRAPH", NodeKind::Named) {
                self.named_pattern(expectation::GRAPH_NAME)?;
                pattern
            } else if let Some(pattern) = self.begin("SERVICE", NodeKind::Named) {
                self.keyword("SILENT");
                self.named_pattern(expectation::SERVICE)?;
                pattern
            } else if let Some(pattern) = self.begin("FILTER", NodeKind::Filter) {
                if !self.constraint()? {
                    return self.stop(expectation::CONSTRAINT);
                }
                pattern
            } else if let Some(pattern) = self.begin("BIND", NodeKind::Bind) {
                let brackets = self.start(NodeKind::Brackets);
                self.need_open("(", "`(` with an expression")?;
                self.expression()?;
                self.need_keyword("AS")?;
                let name = self.need_variable(expectation::RESULT)?;
                self.close(")")?;
                self.finish(&brackets);
                self.names.assign(name);
                pattern
            } else if let Some(pattern) = self.begin("VALUES", NodeKind::Values) {
                self.data_block()?;
                pattern
            } else {
                return Ok(false);
            };
        self.finish(&pattern);
        Ok(true)
    }

    pub(super) fn named_pattern(&mut self, thing: &'static str) -> Parse {
        match self.variable() {
            Some(name) => self.names.bind(name),
            None => self.need_iri(thing)?,
        }
        self.group_graph_pattern()?;
        self.names.leave();
        Ok(())
    }

    pub(super) fn triples_same_subject(&mut self, verbs: Verbs) -> Parse<bool> {
        let triples = self.start(NodeKind::Triples);
        let Some(subject) = self.graph_node(verbs)? else {
            self.tree.abandon(&triples);
            return Ok(false);
        };
        if !self.property_list(verbs)? && subject == NodeSyntax::Term {
            return self.stop(expectation::PROPERTY);
        }
        self.finish(&triples);
        Ok(true)
    }

    /// Parses a subject or an object. Returns `None` if none begins here.
    pub(super) fn graph_node(&mut self, verbs: Verbs) -> Parse<Option<NodeSyntax>> {
        if let Some(name) = self.variable() {
            self.names.bind(name);
            return Ok(Some(NodeSyntax::Term));
        }
        let (word, span) = (self.word(), self.span());
        if word.starts_with("_:") && self.kind() == Some(TokenKind::Word) {
            if self.language == Language::Sparql {
                self.names.label(word, span);
            }
            self.advance();
            return Ok(Some(NodeSyntax::Term));
        }
        if let Some(node) = self.triple_term(verbs)? {
            return Ok(Some(node));
        }
        let node = self.start(NodeKind::BlankNode);
        if self.opens("[") {
            if self.closes("]") {
                self.finish(&node);
                return Ok(Some(NodeSyntax::Term));
            }
            if !self.property_list(verbs)? {
                return self.stop(expectation::PROPERTY);
            }
            self.close("]")?;
            self.finish(&node);
            return Ok(Some(NodeSyntax::Triples));
        }
        self.tree.abandon(&node);
        let node = self.start(NodeKind::Collection);
        if self.opens("(") {
            if self.closes(")") {
                self.finish(&node);
                return Ok(Some(NodeSyntax::Term));
            }
            loop {
                if self.graph_node(verbs)?.is_none() {
                    return self.stop(expectation::ITEM);
                }
                self.expect(expectation::ITEM);
                if self.closes(")") {
                    self.finish(&node);
                    return Ok(Some(NodeSyntax::Triples));
                }
            }
        }
        self.tree.abandon(&node);
        Ok((self.iri()? || self.signed_literal()?).then_some(NodeSyntax::Term))
    }

    /// Parses properties with their objects. Returns whether there are any.
    pub(super) fn property_list(&mut self, verbs: Verbs) -> Parse<bool> {
        let mut property = self.start(NodeKind::Property);
        if !self.verb(verbs)? {
            self.tree.abandon(&property);
            return Ok(false);
        }
        loop {
            loop {
                let object = self.start(NodeKind::Object);
                if self.graph_node(verbs)?.is_none() {
                    return self.stop(expectation::OBJECT);
                }
                self.annotations(verbs)?;
                self.finish(&object);
                if !self.symbol(",") {
                    break;
                }
            }
            self.finish(&property);
            let is_in_brackets =
                self.open.last().is_some_and(|open| self.text[*open..].starts_with('['));
            self.expect(if is_in_brackets {
                expectation::AFTER_OBJECT_IN_BRACKETS
            } else {
                expectation::AFTER_OBJECT
            });
            loop {
                if !self.symbol(";") {
                    return Ok(true);
                }
                property = self.start(NodeKind::Property);
                if self.verb(verbs)? {
                    break;
                }
                self.tree.abandon(&property);
                self.expect(expectation::PROPERTY);
            }
        }
    }

    pub(super) fn verb(&mut self, verbs: Verbs) -> Parse<bool> {
        let verb = self.start(NodeKind::Verb);
        let is_there = if let Some(name) = self.variable() {
            self.names.bind(name);
            true
        } else {
            match verbs {
                Verbs::Names => self.property()?,
                Verbs::Paths => self.path()?,
            }
        };
        Ok(self.finish_if(is_there, &verb))
    }

    /// Parses an IRI or `a`.
    pub(super) fn property(&mut self) -> Parse<bool> {
        if self.word() == "a" {
            self.advance();
            return Ok(true);
        }
        self.iri()
    }

    pub(super) fn path(&mut self) -> Parse<bool> {
        let mut is_first = true;
        loop {
            let is_inverse = self.symbol("^");
            if !self.path_primary()? {
                if is_first && !is_inverse {
                    return Ok(false);
                }
                return self.stop(expectation::PATH);
            }
            let _ = self.symbol("*") || self.symbol("+") || self.symbol("?");
            if !(self.symbol("/") || self.symbol("|")) {
                return Ok(true);
            }
            is_first = false;
        }
    }

    pub(super) fn path_primary(&mut self) -> Parse<bool> {
        if self.symbol("!") {
            if !self.opens("(") {
                return self.negated_property().map(|()| true);
            }
            loop {
                self.negated_property()?;
                if !self.symbol("|") {
                    self.close(")")?;
                    return Ok(true);
                }
            }
        }
        if self.opens("(") {
            if !self.path()? {
                return self.stop(expectation::PATH);
            }
            self.close(")")?;
            return Ok(true);
        }
        self.property()
    }

    pub(super) fn negated_property(&mut self) -> Parse {
        self.symbol("^");
        if self.property()? { Ok(()) } else { self.stop("a property: an IRI or `a`") }
    }
}
