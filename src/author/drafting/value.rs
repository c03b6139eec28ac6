//! The values of statements as people type them: things by their labels, literals by what the property takes.

use super::finding::{self, DraftSyntax};
use super::lexicon::{Lexicon, LiteralType, PropertyUsage, TermRole, plain, text_in};
use super::turtle::{bare, is_quoted, literal};
use crate::check::PropertyRule;
use crate::diagnostic::Diagnostic;
use crate::vocabulary::{ALL_NAMES, lexical_form, rdf, xsd};
use oxigraph::model::{Literal, NamedNode, Term};

impl Lexicon<'_> {
    /// Returns the value of a property that a text stands for: a thing, a literal as in Turtle, or a text or figure whose
    /// type the ontology tells, or else the data.
    ///
    /// # Errors
    /// If the text does not fit the property, or names nothing.
    pub(super) fn value(
        &self,
        property: &NamedNode,
        text: &str,
        syntax: DraftSyntax,
    ) -> Result<Term, Diagnostic> {
        if property.as_ref() == rdf::TYPE {
            return self.find(text, TermRole::Class, syntax).map(Term::from);
        }
        let rule = self.rules.of_property(property);
        let usage = self.usage_of(property);
        let is_of_things = match rule {
            Some(rule) if rule.has_things() => true,
            Some(rule) if rule.has_literals() => false,
            _ => usage.is_some_and(PropertyUsage::has_only_things),
        };
        let classes = rule.map_or(&[][..], |rule| rule.classes());
        if is_quoted(text) {
            let literal = literal(text, self.prefixes())?;
            return if is_of_things {
                let class = self.a_class(classes);
                Err(finding::text_for_thing(&self.show(property), text, class))
            } else {
                Ok(literal.into())
            };
        }
        if is_of_things {
            return self.find(text, TermRole::Thing(classes), syntax).map(Term::from);
        }
        let is_iri = text.starts_with('<') && text.ends_with('>');
        let is_of_literals = ALL_NAMES.contains(&property.as_ref())
            || rule.is_some_and(PropertyRule::has_literals)
            || usage.is_some_and(PropertyUsage::has_only_literals);
        if is_iri || !is_of_literals {
            if let Some(iri) = self.iri(text) {
                return iri.map(Term::from);
            }
            if !is_of_literals
                && let [thing] = self.called(text, TermRole::Thing(classes)).as_slice()
            {
                return Ok((*thing).clone().into());
            }
        }
        self.literal(property, text).map(Term::from)
    }

    /// Returns the literal that a text stands for as the value of a property.
    fn literal(&self, property: &NamedNode, text: &str) -> Result<Literal, Diagnostic> {
        let rule = self.rules.of_property(property);
        if let Some(choice) = rule.and_then(|rule| rule.datatypes().first()) {
            // Turtle writes whole numbers without a point.
            if choice.iter().any(|datatype| *datatype == xsd::DECIMAL)
                && let Some(number) =
                    bare(text).filter(|number| rule.is_none_or(|rule| rule.accepts(number)))
            {
                return Ok(number);
            }
            let typed = choice.iter().map(|datatype| self.typed(text, datatype));
            let mut fitting = typed.filter(|literal| rule.is_none_or(|rule| rule.accepts(literal)));
            return fitting.next().ok_or_else(|| {
                finding::unfit_value(&self.show(property), text, choice, self.prefixes())
            });
        }
        let used = self.usage_of(property).map(|usage| usage.literal_types()).unwrap_or_default();
        for literal_type in &used {
            if let LiteralType::Datatype(datatype) = literal_type
                && datatype.as_ref() != xsd::STRING
            {
                let literal = Literal::new_typed_literal(text, datatype.clone());
                if lexical_form(&literal).is_ok() {
                    return Ok(literal);
                }
            }
        }
        if let Some(literal) = bare(text) {
            return Ok(literal);
        }
        let is_text = |literal_type: &&&LiteralType| match literal_type {
            LiteralType::Language(_) => true,
            LiteralType::Datatype(datatype) => datatype.as_ref() == xsd::STRING,
        };
        let own = text_in(self.language.as_deref());
        Ok(plain(text, used.iter().find(is_text).copied().unwrap_or(&own)))
    }

    fn typed(&self, text: &str, datatype: &NamedNode) -> Literal {
        if datatype.as_ref() == rdf::LANG_STRING {
            let language = self.language.as_deref().unwrap_or("en");
            return plain(text, &text_in(Some(language)));
        }
        Literal::new_typed_literal(text, datatype.clone())
    }

    /// Names one of some classes, if there are any.
    fn a_class(&self, classes: &[Vec<NamedNode>]) -> Option<String> {
        Some(self.short_name(classes.first()?.first()?))
    }
}
