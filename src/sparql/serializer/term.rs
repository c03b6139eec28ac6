//! Writes terms and variables.

use super::Writer;
use crate::vocabulary::{rdf, xsd};
use spargebra::term::{
    BlankNode, GroundTerm, Literal, NamedNode, NamedNodePattern, TermPattern, Variable,
};

impl Writer<'_> {
    pub(super) fn iri(&mut self, iri: &NamedNode) {
        let prefixes = self.prefixes;
        match prefixes.split(iri.as_str()) {
            Some((prefix, local)) => {
                self.used.insert(prefix);
                self.text.push_str(&format!("{prefix}:{local}"));
            }
            None => self.text.push_str(&iri.to_string()),
        }
    }

    /// Writes an IRI as a predicate; `rdf:type` becomes `a`.
    pub(super) fn predicate(&mut self, iri: &NamedNode) {
        if iri.as_ref() == rdf::TYPE {
            self.push("a");
        } else {
            self.iri(iri);
        }
    }

    pub(super) fn verb(&mut self, verb: &NamedNodePattern) {
        match verb {
            NamedNodePattern::NamedNode(iri) => self.predicate(iri),
            NamedNodePattern::Variable(variable) => self.variable(variable),
        }
    }

    pub(super) fn name(&mut self, name: &NamedNodePattern) {
        match name {
            NamedNodePattern::NamedNode(iri) => self.iri(iri),
            NamedNodePattern::Variable(variable) => self.variable(variable),
        }
    }

    pub(super) fn variable(&mut self, variable: &Variable) {
        let variable = self.names.get(variable).unwrap_or(variable);
        self.text.push_str(&variable.to_string());
    }

    pub(super) fn term_pattern(&mut self, term: &TermPattern) {
        match term {
            TermPattern::NamedNode(iri) => self.iri(iri),
            TermPattern::BlankNode(node) => self.blank_node(node),
            // Unlike in an expression, a sign is part of the number here.
            TermPattern::Literal(literal) => self.literal(literal),
            TermPattern::Variable(variable) => self.variable(variable),
            #[cfg(feature = "rdf-12")]
            TermPattern::Triple(triple) => {
                self.text.push_str("<<( ");
                self.term_pattern(&triple.subject);
                self.text.push(' ');
                self.verb(&triple.predicate);
                self.text.push(' ');
                self.term_pattern(&triple.object);
                self.text.push_str(" )>>");
            }
        }
    }

    pub(super) fn ground_term(&mut self, term: Option<&GroundTerm>) {
        match term {
            Some(GroundTerm::NamedNode(iri)) => self.iri(iri),
            Some(GroundTerm::Literal(literal)) => self.literal(literal),
            #[cfg(feature = "rdf-12")]
            Some(GroundTerm::Triple(triple)) => {
                self.text.push_str("<<( ");
                self.iri(&triple.subject);
                self.text.push(' ');
                self.predicate(&triple.predicate);
                self.text.push(' ');
                self.ground_term(Some(&triple.object));
                self.text.push_str(" )>>");
            }
            None => self.push("UNDEF"),
        }
    }

    /// Writes a literal; unsigned numbers and booleans in their short forms.
    pub(super) fn literal(&mut self, literal: &Literal) {
        let value = literal.value();
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let datatype = literal.datatype();
        let is_short = if datatype == xsd::INTEGER {
            digits(value)
        } else if datatype == xsd::DECIMAL {
            value.split_once('.').is_some_and(|(whole, part)| digits(whole) && digits(part))
        } else {
            datatype == xsd::BOOLEAN && matches!(value, "true" | "false")
        };
        if is_short {
            self.push(value);
        } else if literal.language().is_some() || datatype == xsd::STRING {
            self.text.push_str(&literal.to_string());
        } else {
            self.text.push_str(&Literal::new_simple_literal(value).to_string());
            self.push("^^");
            self.iri(&datatype.into_owned());
        }
    }

    /// Writes a blank node, numbered in order of occurrence. Inside EXISTS, blank nodes become variables, which are
    /// equivalent there: parsers that read an expression twice (as `spargebra` does after a `!`) reject the label as a
    /// repeated use. Blank nodes in several blocks become variables too.
    fn blank_node(&mut self, node: &BlankNode) {
        let is_variable = self.exists > 0 || self.shared_blank_nodes.contains(node);
        let numbers = if is_variable { &mut self.blank_variables } else { &mut self.blank_nodes };
        let next = numbers.len() + 1;
        let number = *numbers.entry(node.clone()).or_insert(next);
        let text = if is_variable {
            format!("?{}{number}", self.blank_variable)
        } else {
            format!("_:b{number}")
        };
        self.push(&text);
    }
}
