//! How terms are typed so that they mean the same when they are read: the reverse of finding them.

use super::finding::DraftSyntax;
use super::lexicon::{Lexicon, TermRole};
use crate::diagnostic::Result;
use crate::session::Session;
use crate::vocabulary::{rdf, xsd};
use oxigraph::model::{NamedNode, Term};

/// Types terms in such a way that they mean the same to each of several sessions.
pub(crate) struct Spelling<'a> {
    lexicons: Vec<Lexicon<'a>>,
}

impl<'a> Spelling<'a> {
    /// Reads what terms mean to the sessions, of which the first one has the prefixes.
    ///
    /// # Errors
    /// If a store fails, or an ontology file can no longer be read.
    pub(crate) fn of(sessions: &[&'a Session]) -> Result<Self> {
        let lexicons =
            sessions.iter().map(|session| Lexicon::new(session)).collect::<Result<_>>()?;
        Ok(Self { lexicons })
    }

    /// Returns how a thing is typed: its first label that means nothing else, or else its CURIE or IRI.
    pub(crate) fn thing(&self, thing: &NamedNode) -> String {
        self.term(thing, TermRole::Thing(&[]))
    }

    /// Returns how a property is typed.
    pub(crate) fn property(&self, property: &NamedNode) -> String {
        if property.as_ref() == rdf::TYPE {
            return "a".to_owned();
        }
        self.term(property, TermRole::Property(None))
    }

    /// Returns how a value of a property is typed, if anything that can be typed means it.
    pub(crate) fn value(&self, property: &NamedNode, value: &Term) -> Option<String> {
        let candidates = match value {
            Term::NamedNode(thing) => self.names(thing),
            Term::Literal(literal) => {
                let quoted = literal.to_string();
                // A datatype reads better by its CURIE.
                let datatype = literal.datatype().into_owned();
                let is_typed = literal.language().is_none() && literal.datatype() != xsd::STRING;
                let short = is_typed.then(|| {
                    let text = quoted.strip_suffix(&datatype.to_string()).unwrap_or_default();
                    format!("{text}{}", self.curie(&datatype))
                });
                [Some(literal.value().to_owned()), short, Some(quoted)]
                    .into_iter()
                    .flatten()
                    .collect()
            }
            _ => return None,
        };
        let syntax = DraftSyntax::Line;
        candidates.into_iter().find(|text| {
            // A bar divides the line unless it is quoted.
            let is_whole = !text.contains('|') || text.starts_with(['"', '<']);
            is_whole
                && can_stand(text)
                && self.lexicons.iter().all(|lexicon| {
                    lexicon.value(property, text, syntax).is_ok_and(|meant| meant == *value)
                })
        })
    }

    fn term(&self, term: &NamedNode, role: TermRole<'_>) -> String {
        let syntax = DraftSyntax::Line;
        let is_meant = |text: &String| {
            can_stand(text)
                && self.lexicons.iter().all(|lexicon| {
                    lexicon.find(text, role, syntax).is_ok_and(|meant| meant == *term)
                })
        };
        self.names(term).into_iter().find(is_meant).unwrap_or_else(|| term.to_string())
    }

    /// Returns the labels of a term, its CURIE and its IRI.
    fn names(&self, term: &NamedNode) -> Vec<String> {
        let labels = self.lexicons.first().map_or(&[][..], |lexicon| lexicon.labels_of(term));
        let mut names = labels.to_vec();
        names.extend([self.curie(term), term.to_string()]);
        names
    }

    /// Returns the CURIE of a term, or its IRI in angle brackets.
    fn curie(&self, term: &NamedNode) -> String {
        let prefixes = self.lexicons.first().map(Lexicon::prefixes);
        prefixes
            .and_then(|prefixes| prefixes.shorten(term.as_str()))
            .unwrap_or_else(|| term.to_string())
    }
}

/// Returns whether a text can be typed on a line, without white space around it.
fn can_stand(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains(char::is_control)
}
