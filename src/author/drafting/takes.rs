//! What the values of a property are, in a word: what a declaration says, and what the ontology says.

use super::finding::{self, DraftSyntax};
use super::lexicon::{Lexicon, TermRole};
use super::turtle::{bare, is_quoted};
use crate::author::draft::TAKES;
use crate::check::{PropertyRule, WrittenFigure};
use crate::diagnostic::{Diagnostic, did_you_mean, nearest};
use crate::dossier::last_part;
use crate::vocabulary::{
    DATES, is_of_ontology_language, is_xsd_datatype, lexical_form, rdf, xsd, xsd_name,
};
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, Term};

/// What the values of a property are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Takes {
    /// Dates, as precise as they are known.
    Dates,
    /// Literals of a datatype.
    Literals(NamedNode),
    /// Literals of any datatype.
    AnyLiterals,
    /// Things of a class, or of any.
    Things(Option<NamedNode>),
    /// Nothing is declared.
    Anything,
}

/// What a property could take, as a value tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guess {
    /// In a word.
    pub(super) takes: String,
    /// What else the value might be.
    pub(super) other: Option<&'static str>,
    /// The value as it has to be typed, if it was written for people.
    pub(super) typed: Option<String>,
}

const DATE: &str = "date";
pub(super) const THING: &str = "thing";
/// Text, in the language of the labels.
const TEXT: &str = "text";

const ANY_URI: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#anyURI");

/// The other words for literals. Of one datatype, the first one is shown.
const WORDS: [(&str, NamedNodeRef<'static>); 8] = [
    ("year", xsd::G_YEAR),
    ("number", xsd::DECIMAL),
    ("whole number", xsd::INTEGER),
    ("integer", xsd::INTEGER),
    ("yes or no", xsd::BOOLEAN),
    ("time", xsd::DATE_TIME),
    ("web address", ANY_URI),
    ("link", ANY_URI),
];

impl Lexicon<'_> {
    /// Reads what a declaration says of the values of a property.
    ///
    /// # Errors
    /// If it is neither such a word, nor a datatype, nor a class.
    pub(super) fn takes(&self, typed: &str, syntax: DraftSyntax) -> Result<Takes, Diagnostic> {
        let is = |word: &str| typed.eq_ignore_ascii_case(word);
        if is(DATE) {
            return Ok(Takes::Dates);
        }
        if is(THING) {
            return Ok(Takes::Things(None));
        }
        if is(TEXT) {
            let language = self.language.as_ref().map(|_| rdf::LANG_STRING);
            return Ok(Takes::Literals(language.unwrap_or(xsd::STRING).into_owned()));
        }
        if let Some((_, datatype)) = WORDS.into_iter().find(|(word, _)| is(word)) {
            return Ok(Takes::Literals(datatype.into_owned()));
        }
        match self.iri(typed) {
            Some(Ok(iri)) if is_datatype(iri.as_ref()) => Ok(Takes::Literals(iri)),
            Some(Ok(iri)) if xsd_name(iri.as_ref()).is_some() => {
                Err(finding::unknown_datatype(typed, &iri, self.prefixes()))
            }
            _ => self
                .find(typed, TermRole::Class, syntax)
                .map_err(|problem| {
                    let words = WORDS.into_iter().map(|(word, _)| word);
                    let near = nearest(typed, words.chain([DATE, THING, TEXT]));
                    match (near, &problem.help) {
                        (Some(near), _) => problem.help(did_you_mean(near)),
                        (None, Some(help)) => {
                            let help = format!("{help}; or take `date`, {TAKES}");
                            problem.help(help)
                        }
                        (None, None) => problem,
                    }
                })
                .and_then(|class| {
                    if is_kind_of_term(&class) {
                        Err(finding::kind_of_term(typed))
                    } else {
                        Ok(Takes::Things(Some(class)))
                    }
                }),
        }
    }

    /// Returns what the ontology says of the values of a property.
    pub(super) fn known_takes(&self, property: &NamedNode) -> Takes {
        let Some(rule) = self.rules.of_property(property) else { return Takes::Anything };
        let is_date = |choice: &Vec<NamedNode>| {
            [xsd::G_YEAR, xsd::DATE].iter().all(|date| choice.iter().any(|known| known == date))
        };
        if rule.has_things() {
            Takes::Things(rule.classes().first().and_then(|choice| choice.first()).cloned())
        } else if rule.datatypes().iter().any(is_date) {
            Takes::Dates
        } else if let Some(datatype) = rule.datatypes().first().and_then(|choice| choice.first()) {
            Takes::Literals(datatype.clone())
        } else if rule.has_literals() {
            Takes::AnyLiterals
        } else {
            Takes::Anything
        }
    }

    /// Returns whether a property that takes this, and whose things are of these classes, can be used as one that was
    /// declared to take something.
    pub(super) fn allows(
        &self,
        property: &NamedNode,
        wanted: &Takes,
        of: Option<&NamedNode>,
    ) -> bool {
        let is_text =
            |datatype: &NamedNode| [rdf::LANG_STRING, xsd::STRING].contains(&datatype.as_ref());
        let is_below = |class: &NamedNode, known: &NamedNode| {
            self.rules.is_subclass(class, std::slice::from_ref(known))
        };
        let takes = match (self.known_takes(property), wanted) {
            (Takes::Anything, _)
            | (Takes::AnyLiterals, Takes::Dates | Takes::Literals(_))
            | (Takes::Things(None), Takes::Things(_)) => true,
            (Takes::Things(Some(known)), Takes::Things(Some(class))) => is_below(class, &known),
            (Takes::Literals(known), Takes::Literals(wanted)) => {
                known == *wanted || is_text(&known) && is_text(wanted)
            }
            (known, wanted) => known == *wanted,
        };
        let domains = self.rules.of_property(property).map_or(&[][..], PropertyRule::domains);
        takes
            && of.is_none_or(|class| {
                domains.iter().all(|domain| self.rules.is_subclass(class, domain))
            })
    }

    /// Shows what a property takes, as in a declaration.
    pub(super) fn show_takes(&self, takes: &Takes) -> String {
        match takes {
            Takes::Dates => DATE.to_owned(),
            Takes::Literals(datatype) => {
                let is_text = [rdf::LANG_STRING, xsd::STRING].contains(&datatype.as_ref());
                let word = WORDS.into_iter().find(|(_, known)| *datatype == *known);
                match word {
                    _ if is_text => TEXT.to_owned(),
                    Some((word, _)) => word.to_owned(),
                    None => self.prefixes().show(datatype),
                }
            }
            Takes::AnyLiterals => "any literal".to_owned(),
            Takes::Things(None) => THING.to_owned(),
            Takes::Things(Some(class)) => self.short_name(class),
            Takes::Anything => "anything".to_owned(),
        }
    }

    /// Returns what a property could take whose value was typed like this, in a word.
    pub(super) fn guess(&self, value: &str) -> Guess {
        let guess = |word: &str, other| Guess { takes: word.to_owned(), other, typed: None };
        if is_quoted(value) {
            return guess(TEXT, None);
        }
        let is_date = |datatype: NamedNodeRef<'_>| {
            lexical_form(&Literal::new_typed_literal(value, datatype)).is_ok()
        };
        let date = DATES.into_iter().find(|datatype| is_date(*datatype));
        match (bare(value).map(|literal| literal.datatype().into_owned()), date) {
            (Some(_), Some(xsd::G_YEAR)) if value.len() == 4 => guess(DATE, Some("number")),
            (Some(datatype), _) if datatype == xsd::BOOLEAN => guess("yes or no", None),
            (Some(_), _) => guess("number", None),
            (None, Some(_)) => guess(DATE, None),
            (None, None) if value.starts_with("http://") || value.starts_with("https://") => {
                guess("web address", None)
            }
            (None, None) => match (self.iri(value), &*self.called(value, TermRole::Thing(&[]))) {
                (Some(Ok(thing)), _) => guess(&self.class_of(&thing), None),
                (None, [thing]) => guess(&self.class_of(thing), None),
                (Some(Err(_)), _) | (None, [_, ..]) => guess(THING, None),
                (None, []) => {
                    if let Some(figure) = WrittenFigure::of(value) {
                        let takes = match figure {
                            WrittenFigure::Date(_) => DATE,
                            WrittenFigure::Number(_) => "number",
                        };
                        let typed = Some(figure.form().to_owned());
                        return Guess { typed, ..guess(takes, None) };
                    }
                    // Names are short, and begin with a capital.
                    let is_name = value.starts_with(char::is_uppercase)
                        && value.split_whitespace().nth(5).is_none();
                    if is_name { guess(THING, Some(TEXT)) } else { guess(TEXT, Some(THING)) }
                }
            },
        }
    }

    /// Names the class of a thing, if it has one only.
    fn class_of(&self, thing: &NamedNode) -> String {
        match self.types.of_thing(&thing.clone().into()) {
            [class] if !self.labels_of(class).is_empty() && !is_kind_of_term(class) => {
                let name = self.short_name(class);
                let is_meant = self.called(&name, TermRole::Class) == [class];
                if is_meant { name } else { THING.to_owned() }
            }
            _ => THING.to_owned(),
        }
    }
}

impl Takes {
    /// Returns the statement that says it: a property of the ontology and its value.
    pub(super) fn range(&self) -> Option<Term> {
        match self {
            Self::Literals(range) | Self::Things(Some(range)) => Some(range.clone().into()),
            _ => None,
        }
    }
}

/// Returns whether the instances of a class are classes or properties.
fn is_kind_of_term(class: &NamedNode) -> bool {
    let name = last_part(class.as_str());
    is_of_ontology_language(class.as_ref())
        && (name.ends_with("Property") || name.ends_with("Class"))
}

fn is_datatype(iri: NamedNodeRef<'_>) -> bool {
    xsd_name(iri).is_some_and(is_xsd_datatype) || iri == rdf::LANG_STRING
}
