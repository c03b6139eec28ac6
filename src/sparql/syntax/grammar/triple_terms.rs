//! Parses what [SPARQL 1.2](https://www.w3.org/TR/sparql12-query/#sparqlGrammar) and
//! [RDF 1.2](https://www.w3.org/TR/rdf12-turtle/#sec-grammar-grammar) add to triples. A build without the feature
//! `rdf-12` rejects it with a message that names the feature.

use super::patterns::{NodeSyntax, Verbs};
use super::{Language, Parse, Reader};
use crate::diagnostic::Fault;
use crate::sparql::lexer::TokenKind;
use crate::sparql::syntax::expectation;
use crate::sparql::tree::NodeKind;
use std::ops::Range;

/// Whether the engine of this build knows RDF 1.2.
pub(in crate::sparql::syntax) const IS_KNOWN: bool = cfg!(feature = "rdf-12");

impl Reader<'_> {
    /// Rejects a construct of RDF 1.2 in a build that knows RDF 1.1 only.
    pub(super) fn need_version(&mut self, span: Range<usize>, what: &str) -> Parse {
        if IS_KNOWN {
            return Ok(());
        }
        let fault = Fault::new(span, "rdf-1-2", format!("{what} not supported"));
        self.wrong(
            fault.help("this build knows RDF 1.1 only: build `dossier` with the feature `rdf-12`"),
        )
    }

    fn begins(&self, symbol: &str) -> bool {
        self.kind() == Some(TokenKind::Punctuation)
            && self.text.get(self.span().start..).is_some_and(|rest| rest.starts_with(symbol))
    }

    fn begins_version(&mut self, symbol: &str, what: &str) -> Parse<bool> {
        if !self.begins(symbol) {
            return Ok(false);
        }
        let start = self.span().start;
        self.need_version(start..start + symbol.len(), what)?;
        Ok(true)
    }

    /// Parses `VERSION` with its string, which a dot follows in `@version`.
    pub(super) fn version(&mut self) -> Parse<bool> {
        let is_keyword = self.kind() == Some(TokenKind::Word)
            && (self.word().eq_ignore_ascii_case("VERSION")
                || (self.language != Language::Sparql && self.word() == "@version"));
        if !is_keyword {
            return Ok(false);
        }
        let is_query = self.language == Language::Sparql;
        self.need_version(self.span(), if is_query { "SPARQL 1.2 is" } else { "RDF 1.2 is" })?;
        let declaration = self.start(NodeKind::Declaration);
        self.advance();
        if !self.string()? {
            return self.stop(expectation::STRING);
        }
        self.finish(&declaration);
        Ok(true)
    }

    /// Parses a triple term, `<<( … )>>`, or a reified triple, `<< … >>`.
    pub(super) fn triple_term(&mut self, verbs: Verbs) -> Parse<Option<NodeSyntax>> {
        if !self.begins_version("<<", "a triple inside a triple is")? {
            return Ok(None);
        }
        let node = self.start(NodeKind::TripleTerm);
        let is_term = self.opens("<<(");
        if !is_term && !self.opens("<<") {
            return Ok(None);
        }
        if self.graph_node(verbs)?.is_none() {
            return self.stop(expectation::OBJECT);
        }
        if !self.verb(Verbs::Names)? {
            return self.stop(expectation::PROPERTY);
        }
        if self.graph_node(verbs)?.is_none() {
            return self.stop(expectation::OBJECT);
        }
        if is_term {
            self.close(")>>")?;
        } else {
            self.reifier()?;
            self.close(">>")?;
        }
        self.finish(&node);
        Ok(Some(if is_term { NodeSyntax::Term } else { NodeSyntax::Triples }))
    }

    /// Parses a triple term of constants in VALUES, or of constants and variables in an expression.
    pub(super) fn triple_value(&mut self, is_expression: bool) -> Parse<bool> {
        if !self.begins_version("<<(", "a triple inside a triple is")? {
            return Ok(false);
        }
        let node = self.start(NodeKind::TripleTerm);
        self.need_open("<<(", "`<<(`")?;
        self.triple_value_part(is_expression)?;
        let verb = self.start(NodeKind::Verb);
        let is_variable = is_expression && self.free_variable();
        if !is_variable && !self.property()? {
            return self.stop(expectation::PROPERTY);
        }
        self.finish(&verb);
        self.triple_value_part(is_expression)?;
        self.close(")>>")?;
        self.finish(&node);
        Ok(true)
    }

    fn triple_value_part(&mut self, is_expression: bool) -> Parse {
        let is_there = (is_expression && self.free_variable())
            || self.triple_value(is_expression)?
            || self.iri()?
            || self.signed_literal()?;
        if is_there { Ok(()) } else { self.stop(expectation::VALUE) }
    }

    /// Parses a variable of an expression.
    fn free_variable(&mut self) -> bool {
        let name = self.variable();
        let is_there = name.is_some();
        if self.muted == 0 {
            self.free.extend(name);
        }
        is_there
    }

    /// Parses the reifiers and the annotations of a triple.
    pub(super) fn annotations(&mut self, verbs: Verbs) -> Parse {
        loop {
            if self.begins_version("{|", "annotations, `{| … |}`, are")? {
                let annotation = self.start(NodeKind::Annotation);
                self.need_open("{|", "`{|`")?;
                if !self.property_list(verbs)? {
                    return self.stop(expectation::PROPERTY);
                }
                self.close("|}")?;
                self.finish(&annotation);
            } else if !self.reifier()? {
                return Ok(());
            }
        }
    }

    /// Parses `~` with the name of a reifier, if it has one.
    fn reifier(&mut self) -> Parse<bool> {
        if !self.begins_version("~", "reifiers, `~ …`, are")? {
            return Ok(false);
        }
        let reifier = self.start(NodeKind::Reifier);
        self.symbol("~");
        if let Some(name) = self.variable() {
            self.names.bind(name);
        } else if self.word().starts_with("_:") && self.kind() == Some(TokenKind::Word) {
            if self.language == Language::Sparql {
                self.names.label(self.word(), self.span());
            }
            self.advance();
        } else if self.word() == "[" {
            let node = self.start(NodeKind::BlankNode);
            self.opens("[");
            self.close("]")?;
            self.finish(&node);
        } else {
            self.iri()?;
        }
        self.finish(&reifier);
        Ok(true)
    }
}
