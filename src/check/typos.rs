//! Unknown names in the dossier's own namespaces, and invalid dates.

use super::files::Files;
use super::suggestions::Suggestions;
use crate::diagnostic::{Diagnostic, Excerpt, Result};
use crate::dossier::SourceFile;
use crate::session::Session;
use crate::sparql::declared_prefixes;
use crate::sparql::lexer::{TokenKind, tokens};
use crate::vocabulary::{LABELS, Prefixes, dos, owl, rdf, rdfs, xsd};
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use oxsdatatypes::{Date, GYear, GYearMonth};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Reports unknown names and invalid dates. Returns the unknown names in the data.
pub(super) fn check(
    session: &Session,
    files: &Files<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Result<HashSet<NamedNode>> {
    let known = NameRegistry::of(files);
    let mut unknown: BTreeMap<&NamedNode, bool> = BTreeMap::new();
    // An unknown document is reported with the claim that quotes it.
    let data = files.data_quads().filter(|quad| quad.predicate.as_ref() != dos::DOCUMENT);
    for quad in data.chain(files.ontology_quads()) {
        let (iris, is_type) = used(quad);
        for (i, iri) in iris.into_iter().enumerate() {
            let is_term = i == 0 || is_type || known.is_like_a_term(iri.unwrap_or(&quad.predicate));
            if let Some(iri) = iri.filter(|iri| known.is_unknown(iri)) {
                *unknown.entry(iri).or_default() |= is_term;
            }
        }
    }
    for (iri, is_term) in &unknown {
        findings.push(known.finding(files, iri, *is_term, files.mention(iri)));
    }
    for source in session.dossier().queries()?.iter().chain(&session.dossier().checks()?) {
        query(files, &known, source, findings);
    }
    dates(files, findings);
    Ok(unknown.into_keys().cloned().collect())
}

/// Returns the names that a triple uses, property first, and whether its value is a class.
fn used(quad: &Quad) -> ([Option<&NamedNode>; 2], bool) {
    let value = match &quad.object {
        Term::NamedNode(iri) => Some(iri),
        _ => None,
    };
    ([Some(&quad.predicate), value], quad.predicate.as_ref() == rdf::TYPE)
}

/// The dossier's own namespaces, and the names that exist there.
struct NameRegistry<'a> {
    prefixes: &'a Prefixes,
    /// The namespaces in which the ontology declares its terms.
    terms: BTreeSet<String>,
    /// The namespaces in which the data describes resources.
    things: BTreeSet<String>,
    subjects: HashSet<NamedNode>,
    meant: Suggestions,
}

impl<'a> NameRegistry<'a> {
    /// Collects the namespaces and names. A namespace is the dossier's own if its ontology declares a prefix for it,
    /// and the dossier declares a term or describes a resource in it. Giving labels to external resources, or repeating
    /// that an external term is a property, is not enough.
    fn of(files: &Files<'a>) -> Self {
        let mut known = Self {
            prefixes: files.prefixes,
            terms: BTreeSet::new(),
            things: BTreeSet::new(),
            subjects: HashSet::new(),
            meant: Suggestions::new(std::iter::empty()),
        };
        let ontologies: Vec<&str> = files.ontologies.iter().map(NamedNode::as_str).collect();
        for quad in files.ontology_quads() {
            let NamedOrBlankNode::NamedNode(term) = &quad.subject else { continue };
            known.subjects.insert(term.clone());
            let is_own = match (quad.predicate.as_ref(), &quad.object) {
                (property, Term::NamedNode(ontology)) if property == rdfs::IS_DEFINED_BY => {
                    ontologies.contains(&ontology.as_str())
                }
                (property, class) if property == rdf::TYPE => {
                    let is_below = |ontology: &&str| term.as_str().starts_with(*ontology);
                    *class != Term::from(owl::ONTOLOGY) && ontologies.iter().any(is_below)
                }
                _ => false,
            };
            if is_own && let Some(namespace) = known.namespace(term) {
                known.terms.insert(namespace.to_owned());
            }
        }
        for quad in files.data_quads() {
            if let GraphName::NamedNode(name) = &quad.graph_name {
                known.subjects.insert(name.clone());
            }
            let NamedOrBlankNode::NamedNode(thing) = &quad.subject else { continue };
            known.subjects.insert(thing.clone());
            let is_described = quad.graph_name != GraphName::DefaultGraph
                || !LABELS.contains(&quad.predicate.as_ref());
            if is_described && let Some(namespace) = known.namespace(thing) {
                known.things.insert(namespace.to_owned());
            }
        }
        known.meant = Suggestions::new(known.subjects.iter().map(|iri| files.prefixes.show(iri)));
        known
    }

    /// Returns the longest namespace of an IRI that has a prefix.
    fn namespace(&self, iri: &NamedNode) -> Option<&'a str> {
        self.prefixes
            .iter()
            .map(|(_, namespace)| namespace)
            .filter(|namespace| iri.as_str().starts_with(namespace))
            .max_by_key(|namespace| namespace.len())
    }

    fn is_unknown(&self, iri: &NamedNode) -> bool {
        let is_own = |namespace: &str| {
            iri.as_str() != namespace
                && (self.things.contains(namespace) || self.terms.contains(namespace))
        };
        !self.subjects.contains(iri) && self.namespace(iri).is_some_and(is_own)
    }

    fn is_like_a_term(&self, iri: &NamedNode) -> bool {
        self.namespace(iri).is_some_and(|namespace| self.terms.contains(namespace))
    }

    fn finding(
        &self,
        files: &Files<'_>,
        iri: &NamedNode,
        is_term: bool,
        place: Option<Excerpt>,
    ) -> Diagnostic {
        let near = self.meant.near(&files.prefixes.show(iri));
        let (id, message) = if is_term {
            ("undeclared-term", format!("the term {} is not declared", files.show(iri)))
        } else {
            ("unknown-thing", format!("{} has no description", files.show(iri)))
        };
        Diagnostic::error(id, message).at(place).about(iri).suggest(near, || {
            if is_term {
                "declare it in `ontology/`, with a label and a comment"
            } else {
                "add at least an `rdfs:label`"
            }
        })
    }
}

/// Reports unknown names in a saved query, which would find nothing.
fn query(
    files: &Files<'_>,
    known: &NameRegistry<'_>,
    source: &SourceFile,
    findings: &mut Vec<Diagnostic>,
) {
    let Ok(text) = source.text() else { return };
    let prefixes = declared_prefixes(text);
    let mut seen = BTreeSet::new();
    let mut is_class = false;
    for token in tokens(text) {
        let word = &text[token.span.clone()];
        let iri = match token.kind {
            TokenKind::Word => prefixes.expand(word),
            TokenKind::Iri => NamedNode::new(&word[1..word.len() - 1]).ok(),
            _ => None,
        };
        let after_a = std::mem::replace(&mut is_class, word == "a");
        // The namespace of a prefix is not a name.
        let Some(iri) = iri.filter(|iri| !iri.as_str().ends_with(['#', '/'])) else { continue };
        if known.is_unknown(&iri) && seen.insert(iri.clone()) {
            let is_term = after_a || known.is_like_a_term(&iri);
            let place = Excerpt::new(&source.path, text, token.span);
            findings.push(known.finding(files, &iri, is_term, Some(place)));
        }
    }
}

/// Checks that the values of date properties are valid dates, and have the datatype that matches their precision.
fn dates(files: &Files<'_>, findings: &mut Vec<Diagnostic>) {
    let mut properties: BTreeSet<NamedNode> = BTreeSet::from([dos::DATE.into_owned()]);
    loop {
        let before = properties.len();
        for quad in files.ontology_quads() {
            if let (NamedOrBlankNode::NamedNode(property), Term::NamedNode(wider)) =
                (&quad.subject, &quad.object)
                && quad.predicate.as_ref() == rdfs::SUB_PROPERTY_OF
                && properties.contains(wider)
            {
                properties.insert(property.clone());
            }
        }
        if properties.len() == before {
            break;
        }
    }
    for quad in files.data_quads().filter(|quad| properties.contains(&quad.predicate)) {
        let Some((id, message)) = wrong_date(files, &quad.object) else { continue };
        let characters = match &quad.object {
            Term::Literal(literal) => literal.value(),
            _ => "",
        };
        let property = quad.predicate.as_str();
        let place = files
            .place(|outline| outline.value(property, characters))
            .or_else(|| files.mention(&quad.predicate));
        let message = format!("the value of {} {message}", files.show(&quad.predicate));
        let finding = Diagnostic::error(id, message).at(place).help(match likely(characters) {
            Some(datatype) => format!("write `\"{characters}\"^^xsd:{datatype}`"),
            None => "write a year `\"2001\"^^xsd:gYear`, a month `\"2001-06\"^^xsd:gYearMonth` or a day `\"2001-06-15\"^^xsd:date`".to_owned(),
        });
        findings.push(match &quad.graph_name {
            GraphName::NamedNode(claim) => finding.about(claim),
            _ => finding,
        });
    }
}

fn wrong_date(files: &Files<'_>, value: &Term) -> Option<(&'static str, String)> {
    let Term::Literal(literal) = value else {
        return Some(("date-datatype", "is not a date".to_owned()));
    };
    let datatype = literal.datatype();
    if !DATES.iter().any(|(known, _, _)| *known == datatype) {
        let shown = if datatype == xsd::STRING {
            "a string".to_owned()
        } else {
            files.show(&datatype.into_owned())
        };
        return Some(("date-datatype", format!("is {shown}, not a date: {literal}")));
    }
    (!is_valid(literal)).then(|| {
        (
            "date-value",
            format!("is not a valid {}: `{}`", files.show(&datatype.into_owned()), literal.value()),
        )
    })
}

type IsValid = fn(&str) -> bool;

/// The datatypes of dates.
const DATES: [(NamedNodeRef<'static>, &str, IsValid); 3] = [
    (xsd::G_YEAR, "gYear", |value| value.parse::<GYear>().is_ok()),
    (xsd::G_YEAR_MONTH, "gYearMonth", |value| value.parse::<GYearMonth>().is_ok()),
    (xsd::DATE, "date", |value| value.parse::<Date>().is_ok()),
];

fn is_valid(literal: &Literal) -> bool {
    DATES
        .iter()
        .any(|(datatype, _, is_valid)| *datatype == literal.datatype() && is_valid(literal.value()))
}

/// Returns the datatype that a lexical value suggests.
fn likely(characters: &str) -> Option<&'static str> {
    DATES.iter().find(|(_, _, is_valid)| is_valid(characters)).map(|(_, name, _)| *name)
}
