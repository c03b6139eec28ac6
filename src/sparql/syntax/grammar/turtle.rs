//! Parses the statements of Turtle and TriG.

use super::patterns::{NodeSyntax, Verbs};
use super::{Halt, Language, Parse, Reader};
use crate::diagnostic::{Fault, did_you_mean, nearest};
use crate::sparql::lexer::TokenKind;
use crate::sparql::syntax::expectation::{self, Expectation};
use crate::vocabulary::{DOS, well_known};

impl Reader<'_> {
    /// Parses [`turtleDoc`](https://www.w3.org/TR/turtle/#grammar-production-turtleDoc) or
    /// [`trigDoc`](https://www.w3.org/TR/trig/#grammar-production-trigDoc).
    pub(super) fn turtle_document(&mut self) -> Parse {
        while self.here.is_some() {
            if self.keyword("@prefix") {
                self.prefix()?;
                self.dot()?;
            } else if self.keyword("@base") {
                self.base()?;
                self.dot()?;
            } else if self.keyword("PREFIX") {
                self.prefix()?;
            } else if self.keyword("BASE") {
                self.base()?;
            } else if self.word() == "@version" {
                self.version()?;
                self.dot()?;
            } else if self.version()? {
                // It has no dot.
            } else if self.language == Language::TriG && self.keyword("GRAPH") {
                if self.graph_node(Verbs::Names)?.is_none() {
                    return self.stop(expectation::GRAPH);
                }
                self.need_open("{", expectation::TEMPLATE)?;
                self.template()?;
            } else if self.language == Language::TriG && self.opens("{") {
                self.template()?;
            } else {
                self.statement()?;
            }
        }
        Ok(())
    }

    /// Parses the triples of one subject, or a graph name with its triples.
    fn statement(&mut self) -> Parse {
        let word = self.word();
        let is_literal = match self.kind() {
            Some(TokenKind::String) => true,
            Some(TokenKind::Word) => word.starts_with(|c: char| c.is_ascii_digit()),
            _ => false,
        };
        if is_literal {
            let fault = Fault::new(
                self.span(),
                "literal-as-subject",
                "the subject of a triple cannot be a literal",
            );
            return self.wrong(fault.help("a triple begins with an IRI or a blank node"));
        }
        let Some(subject) = self.graph_node(Verbs::Names)? else {
            return self.stop(expectation::STATEMENT);
        };
        if subject == NodeSyntax::Term && self.word() == "{" {
            if self.language == Language::Turtle {
                let fault = Fault::new(
                    self.span(),
                    "graph-in-turtle",
                    "graphs in braces are TriG, but this is Turtle",
                );
                return self.wrong(fault.help("name the file `….trig`"));
            }
            self.opens("{");
            return self.template();
        }
        let has_properties = self.property_list(Verbs::Names)?;
        if !has_properties && subject == NodeSyntax::Term {
            return self.stop(expectation::PROPERTY);
        }
        if self.symbol(".") {
            return Ok(());
        }
        if !has_properties {
            self.expected.push(Expectation::Word("."));
        }
        Err(Halt)
    }

    fn dot(&mut self) -> Parse {
        if self.symbol(".") {
            return Ok(());
        }
        self.stop(expectation::DOT)
    }

    /// Checks that the file declares the prefix of the current prefixed name.
    pub(super) fn declared(&mut self) -> Parse {
        let prefix = self.word().split(':').next().unwrap_or_default();
        if self.names.declared.contains(prefix) {
            return Ok(());
        }
        let start = self.span().start;
        let fault = Fault::new(
            start..start + prefix.len() + 1,
            "prefix-undeclared",
            format!("the prefix `{prefix}:` is not declared"),
        );
        let near = nearest(prefix, self.names.declared.iter().copied());
        let known = well_known(prefix).or((prefix == "dos").then_some(DOS));
        self.wrong(match (known, near) {
            (Some(namespace), _) => {
                fault.help(format!("add at the top: `@prefix {prefix}: <{namespace}> .`"))
            }
            (None, Some(near)) => fault.help(did_you_mean(format_args!("{near}:"))),
            (None, None) => {
                fault.help(format!("add at the top: `@prefix {prefix}: <…> .`, with its namespace"))
            }
        })
    }
}
