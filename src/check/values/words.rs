//! Faults of values as findings: what is wrong, and what to write instead.

use super::hierarchy::Types;
use super::meant::{Meant, TermKind};
use super::rules::{ValueFault, ValueRules};
use super::suffix::outside;
use crate::check::figures::WrittenFigure;
use crate::check::statements::StatementPlace;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::vocabulary::{
    DOS, LexicalFault, Prefixes, dos, form_and_example, is_numeric, lexical_form,
    nearest_xsd_datatype, rdf, xsd, xsd_name,
};
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};

/// What findings are made of: names, and things to suggest.
pub(super) struct Words<'a> {
    prefixes: &'a Prefixes,
    rules: &'a ValueRules,
    types: &'a Types,
    meant: Meant<'a>,
}

impl<'a> Words<'a> {
    pub(super) fn new(
        prefixes: &'a Prefixes,
        rules: &'a ValueRules,
        types: &'a Types,
        quads: impl Iterator<Item = &'a Quad>,
    ) -> Self {
        Self { prefixes, rules, types, meant: Meant::of(quads) }
    }

    /// Returns the finding for a fault of a statement.
    pub(super) fn finding(
        &self,
        quad: &Quad,
        fault: &ValueFault<'_>,
        place: Option<&StatementPlace>,
    ) -> Diagnostic {
        let place = place.map(|place| match fault {
            ValueFault::Domain(_) | ValueFault::Turned => place.predicate.clone(),
            _ => place.object.clone(),
        });
        let finding = self.message_and_help(quad, fault).at(place);
        match (&quad.graph_name, &quad.subject) {
            (GraphName::NamedNode(thing), _) | (_, NamedOrBlankNode::NamedNode(thing)) => {
                finding.about(thing)
            }
            _ => finding,
        }
    }

    fn message_and_help(&self, quad: &Quad, fault: &ValueFault<'_>) -> Diagnostic {
        let property = self.show(&quad.predicate);
        let value = self.value(&quad.object);
        match fault {
            ValueFault::TextForTerm(kind) => {
                let message = if quad.predicate.as_ref() == rdf::TYPE {
                    format!("expected a class after `a`, not {value}")
                } else {
                    format!("{property} takes {}, not {value}", kind.words())
                };
                Diagnostic::error("value-kind", message).help(self.name_a_term(*kind, quad))
            }
            ValueFault::LiteralForThing(classes) => {
                let message = format!("{property} takes {}, not {value}", self.a_thing(classes));
                Diagnostic::error("value-kind", message)
                    .help(self.name_a_thing(classes, &quad.object))
            }
            ValueFault::ThingForLiteral(datatypes) => {
                let expected = match datatypes {
                    [] => "a literal".to_owned(),
                    datatypes => self.choice(datatypes),
                };
                let message = format!("{property} takes {expected}, not the thing {value}");
                Diagnostic::error("value-kind", message).help(if quad.predicate == dos::QUOTE {
                    "write the quoted words in quotation marks; `dos:document` names the document"
                        .to_owned()
                } else {
                    self.write_a_literal(datatypes, None)
                })
            }
            ValueFault::UnknownDatatype => self.unknown_datatype(&quad.object),
            ValueFault::Suffix => {
                let (suffix, help) = self.suffix(quad).unwrap_or_default();
                let message = format!("{suffix} stands inside the quotation marks");
                Diagnostic::warning("suffix-in-string", message).help(help)
            }
            ValueFault::LexicalForm(fault) => self.lexical(&quad.object, *fault),
            ValueFault::Datatype(datatypes) => {
                let message = format!("{property} takes {}, not {value}", self.choice(datatypes));
                let help = match self.suffix(quad) {
                    Some((_, help)) => help,
                    None => self.write_a_literal(datatypes, Some(&quad.object)),
                };
                Diagnostic::error("value-datatype", message).help(help)
            }
            ValueFault::Class(classes) => {
                let message = format!(
                    "{property} takes {}, but {value} is {}",
                    self.a_thing(classes),
                    self.its_classes(&quad.object)
                );
                let another = self.name_a_thing(classes, &quad.object);
                Diagnostic::error("value-class", message).help(format!(
                    "{another}, or give {} the type {}",
                    if quad.object.is_blank_node() { "it" } else { &value },
                    self.choice(classes)
                ))
            }
            ValueFault::Turned => {
                let subject = Term::from(quad.subject.clone());
                let message =
                    format!("the subject and the object of {property} are the wrong way round");
                Diagnostic::error("value-class", message).help(format!(
                    "write `{} {} {}`",
                    self.prefixes.show_term(&quad.object),
                    self.prefixes.show(&quad.predicate),
                    self.prefixes.show_term(&subject)
                ))
            }
            ValueFault::Domain(classes) => {
                let subject = Term::from(quad.subject.clone());
                let message = format!(
                    "{property} describes {}, but {} is {}",
                    self.a_thing(classes),
                    self.value(&subject),
                    self.its_classes(&subject)
                );
                Diagnostic::warning("subject-class", message).help(self.another_subject(quad))
            }
        }
    }

    /// Says what to do about a subject of a wrong class.
    fn another_subject(&self, quad: &Quad) -> String {
        let is_claim = || match &quad.subject {
            NamedOrBlankNode::NamedNode(subject) => {
                let classes = self.types.of_thing(&subject.clone().into());
                classes.iter().any(|class| class.as_ref() == dos::CLAIM)
            }
            NamedOrBlankNode::BlankNode(_) => false,
        };
        // Nobody else declares the terms of the core ontology.
        if quad.predicate.as_str().starts_with(DOS) {
            return "correct the subject or the property".to_owned();
        }
        if quad.graph_name == GraphName::DefaultGraph && is_claim() {
            let claim = self.prefixes.show_term(&quad.subject.clone().into());
            return format!("a statement belongs in the graph of its claim: `{claim} {{ … }}`");
        }
        let property = self.prefixes.show(&quad.predicate);
        format!(
            "correct the subject or the property, or widen the domain: `{property} rdfs:domain …`"
        )
    }

    fn show(&self, iri: &NamedNode) -> String {
        format!("`{}`", self.prefixes.show(iri))
    }

    fn value(&self, value: &Term) -> String {
        match value {
            Term::Literal(literal) => format!("`{}`", self.literal(literal)),
            Term::NamedNode(thing) => self.show(thing),
            Term::BlankNode(_) => "the blank node".to_owned(),
            #[cfg(feature = "rdf-12")]
            Term::Triple(_) => "the triple term".to_owned(),
        }
    }

    /// Formats a literal, of which a long one is shortened.
    fn literal(&self, literal: &Literal) -> String {
        const LONGEST: usize = 60;
        let text = literal.value();
        let Some((end, _)) = text.char_indices().nth(LONGEST) else {
            return self.prefixes.show_term(&literal.clone().into());
        };
        Literal::new_simple_literal(format!("{}…", &text[..end])).to_string()
    }

    /// Formats a choice of names: `a`, `b` or `c`.
    fn choice(&self, names: &[NamedNode]) -> String {
        let names: Vec<String> = names.iter().map(|name| self.show(name)).collect();
        match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => String::new(),
        }
    }

    fn a_thing(&self, classes: &[NamedNode]) -> String {
        match classes {
            [] => "a thing".to_owned(),
            classes => format!("a {}", self.choice(classes)),
        }
    }

    fn its_classes(&self, thing: &Term) -> String {
        let types = match thing {
            Term::NamedNode(thing) => self.types.of_thing(&thing.clone().into()),
            Term::BlankNode(thing) => self.types.of_thing(&thing.clone().into()),
            _ => &[],
        };
        let types: Vec<String> = types.iter().map(|class| self.show(class)).collect();
        format!("a {}", types.join(" and a "))
    }

    /// Says which thing to name instead of a value: the one that it is the label of, or any one of these classes.
    fn name_a_thing(&self, classes: &[NamedNode], value: &Term) -> String {
        let is_one = |thing: &NamedNode| {
            let types = self.types.of_thing(&thing.clone().into());
            types.iter().any(|class| self.rules.classes.is_below(class, classes))
        };
        // Where any thing can stand, only its label says which one is meant.
        if let Term::Literal(text) = value
            && let Some(thing) =
                self.meant.thing(text.value(), |thing| classes.is_empty() || is_one(thing))
        {
            return did_you_mean(self.prefixes.show(thing));
        }
        match self.meant.first(is_one) {
            Some(thing) => format!("name {}, such as {}", self.a_thing(classes), self.show(thing)),
            None => format!("name {} by its IRI", self.a_thing(classes)),
        }
    }

    /// Returns the language tag or the datatype that stands inside a string, and what to write instead.
    fn suffix(&self, quad: &Quad) -> Option<(String, String)> {
        let (suffix, meant) = outside(&quad.object, self.prefixes)?;
        let rule = self.rules.of_property(&quad.predicate);
        let help = if rule.is_none_or(|rule| rule.accepts(&meant)) {
            format!("write `{}`", self.literal(&meant))
        } else {
            let text = Literal::new_simple_literal(meant.value());
            format!("remove it: write `{}`", self.literal(&text))
        };
        Some((suffix, help))
    }

    /// Says which class, datatype or property to write instead of a text.
    fn name_a_term(&self, kind: TermKind, quad: &Quad) -> String {
        let text = match &quad.object {
            Term::Literal(text) => text.value(),
            _ => "",
        };
        match (self.meant.term(text, kind), kind) {
            (Some(term), _) => did_you_mean(self.prefixes.show(&term)),
            (None, TermKind::Class) => {
                "write the IRI of a class, which `ontology/` declares with `a owl:Class`".to_owned()
            }
            (None, TermKind::Range) => {
                "write the IRI of a class, or a datatype such as `xsd:string`, `xsd:decimal` or `xsd:gYear`"
                    .to_owned()
            }
            (None, TermKind::Property) => "write the IRI of a property".to_owned(),
            (None, TermKind::Thing) => "write the IRI of a thing".to_owned(),
        }
    }

    /// Says which literal to write: the given one with the right datatype, or an example.
    fn write_a_literal(&self, datatypes: &[NamedNode], given: Option<&Term>) -> String {
        let typed = |text: &str, datatype: &NamedNode| match Literal::new_language_tagged_literal(
            text, "en",
        ) {
            Ok(literal) if datatype.as_ref() == rdf::LANG_STRING => literal,
            _ => Literal::new_typed_literal(text, datatype.clone()),
        };
        let again = datatypes.iter().find_map(|datatype| {
            let Some(Term::Literal(given)) = given else { return None };
            let literal = typed(given.value(), datatype);
            lexical_form(&literal).is_ok().then_some(literal)
        });
        let again = again.or_else(|| {
            let Some(Term::Literal(given)) = given else { return None };
            let padded = padded(given.value())?;
            let literals = datatypes.iter().map(|datatype| typed(&padded, datatype));
            literals.into_iter().find(|literal| lexical_form(literal).is_ok())
        });
        let again = again.or_else(|| {
            let Some(Term::Literal(given)) = given else { return None };
            let datatypes = datatypes.iter().map(NamedNode::as_ref);
            WrittenFigure::of(given.value())?.literal_of_one(datatypes)
        });
        let example = || {
            datatypes.iter().find_map(|datatype| {
                let (form, example) = form_and_example(xsd_name(datatype.as_ref())?)?;
                Some((form, typed(example, datatype)))
            })
        };
        match again {
            Some(literal) => format!("write `{}`", self.literal(&literal)),
            None => match example() {
                Some((form, literal)) => {
                    format!("write {form}, such as `{}`", self.literal(&literal))
                }
                None => "write a literal, such as `\"green tea\"`".to_owned(),
            },
        }
    }

    /// Returns the finding for a literal that is not a lexical form of its datatype.
    fn unknown_datatype(&self, value: &Term) -> Diagnostic {
        let datatype = match value {
            Term::Literal(literal) => literal.datatype().into_owned(),
            Term::NamedNode(datatype) => datatype.clone(),
            _ => return Diagnostic::new(String::new()),
        };
        let name = xsd_name(datatype.as_ref()).unwrap_or_default();
        let message = format!("{} is not a datatype of XML Schema", self.show(&datatype));
        Diagnostic::error("datatype-unknown", message).suggest(
            nearest_xsd_datatype(name)
                .map(|near| {
                    format!("{}{near}", &datatype.as_str()[..datatype.as_str().len() - name.len()])
                })
                .and_then(|iri| NamedNode::new(iri).ok())
                .map(|near| self.prefixes.show(&near))
                .as_deref(),
            || "use one that it has, such as `xsd:date`, `xsd:integer` or `xsd:string`",
        )
    }

    fn lexical(&self, value: &Term, fault: LexicalFault) -> Diagnostic {
        let Term::Literal(literal) = value else { return Diagnostic::new(String::new()) };
        let datatype = literal.datatype().into_owned();
        let text = self.literal(&Literal::new_simple_literal(literal.value()));
        let message = format!("`{text}` is not a valid {}{}", self.show(&datatype), why(fault));
        // A year, a month or a day, and a number, are often written with each other's datatype.
        let alternatives: &[NamedNodeRef<'_>] = match xsd_name(datatype.as_ref()) {
            _ if fault != LexicalFault::Form => &[],
            Some("date" | "gYear" | "gYearMonth") => &[xsd::G_YEAR, xsd::G_YEAR_MONTH, xsd::DATE],
            Some(name) if is_numeric(name) => &[xsd::DECIMAL, xsd::DOUBLE],
            _ => &[],
        };
        let other = alternatives.iter().find_map(|other| {
            let other = Literal::new_typed_literal(literal.value(), *other);
            lexical_form(&other).is_ok().then_some(other)
        });
        Diagnostic::error("literal-invalid", message).help(match other {
            Some(other) => did_you_mean(self.literal(&other)),
            None => self.write_a_literal(&[datatype], Some(value)),
        })
    }
}

/// Returns a date whose month and day have two digits, as in `1874-05` for `1874-5`.
fn padded(date: &str) -> Option<String> {
    let parts: Vec<String> = date.trim().split('-').map(|part| format!("{part:0>2}")).collect();
    parts.first().filter(|year| year.len() == 4)?;
    (parts.len() > 1).then(|| parts.join("-"))
}

/// Says why a literal is invalid, if that is not plain.
fn why(fault: LexicalFault) -> String {
    match fault {
        LexicalFault::Form => String::new(),
        LexicalFault::Range { least: Some(least), most: Some(most) } => {
            format!(": it is not between {least} and {most}")
        }
        LexicalFault::Range { least: Some(least), .. } => format!(": it is less than {least}"),
        LexicalFault::Range { most, .. } => {
            format!(": it is greater than {}", most.unwrap_or_default())
        }
        LexicalFault::Month(month) => format!(": month {month} does not exist"),
        LexicalFault::Day { last } => format!(": the days of this month are 1 to {last}"),
        LexicalFault::Time => ": this time of day does not exist".to_owned(),
        LexicalFault::TimeZone => ": a time zone is at most 14 hours from UTC".to_owned(),
        LexicalFault::NoTimeZone => ": the time zone is missing".to_owned(),
    }
}
