//! The statements of a claim in short: one line per subject.

use super::AnnotatedDocument;
use crate::answer::write::{IriNames, Naming};
use crate::vocabulary::rdf;
use oxigraph::model::{Term, Triple};
use std::collections::HashSet;

/// Sorts the triples of a claim by subject, with the subjects first that nothing else in the claim points to. The class
/// of each subject comes first.
pub(crate) fn in_order(mut triples: Vec<Triple>) -> Vec<Triple> {
    let values: HashSet<Term> = triples.iter().map(|triple| triple.object.clone()).collect();
    triples.sort_by_cached_key(|triple| {
        (
            values.contains(&Term::from(triple.subject.clone())),
            triple.subject.to_string(),
            triple.predicate.as_ref() != rdf::TYPE,
            triple.predicate.as_str().to_owned(),
            triple.object.to_string(),
        )
    });
    triples
}

/// The names of the terms in claims. A property and a class may share one, since their positions distinguish them.
pub(crate) struct TermNames<'a> {
    properties: IriNames<'a>,
    things: IriNames<'a>,
}

impl<'a> TermNames<'a> {
    /// Creates the names of the terms in the claims of a document.
    pub(crate) fn new(reading: &AnnotatedDocument, naming: &'a Naming<'a>) -> Self {
        let triples = || reading.quotes.iter().flat_map(|quote| &quote.states);
        let properties: Vec<Term> =
            triples().map(|triple| triple.predicate.clone().into()).collect();
        let things: Vec<Term> = triples()
            .flat_map(|triple| [triple.subject.clone().into(), triple.object.clone()])
            .collect();
        Self { properties: naming.names(properties.iter()), things: naming.names(things.iter()) }
    }

    /// Returns triples as text, one line per subject: `China — code: CN; label: China, PRC`.
    pub(crate) fn lines(&self, triples: &[Triple]) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut last: Option<&Triple> = None;
        for triple in triples {
            let value = self.things.name(&triple.object);
            let property = self.properties.name(&triple.predicate.clone().into());
            let same_subject = last.is_some_and(|last| last.subject == triple.subject);
            let same_property =
                same_subject && last.is_some_and(|last| last.predicate == triple.predicate);
            last = Some(triple);
            match lines.last_mut() {
                Some(line) if same_property => line.push_str(&format!(", {value}")),
                Some(line) if same_subject => line.push_str(&format!("; {property}: {value}")),
                _ => {
                    let subject = self.things.name(&triple.subject.clone().into());
                    lines.push(format!("{subject} — {property}: {value}"));
                }
            }
        }
        lines
    }
}
