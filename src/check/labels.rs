//! Checks that everything has a label.

use super::background::OF_ANYTHING;
use super::files::Files;
use super::suggestions::Suggestions;
use crate::diagnostic::{Diagnostic, Result};
use crate::session::Session;
use crate::vocabulary::{dcterms, foaf, is_of_ontology_language, org, owl, prov, rdf, rdfs, skos};
use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use std::collections::{BTreeSet, HashSet};

/// The classes whose instances need no label, because their descriptions identify them: activities, unnamed groups, and
/// relations with properties of their own.
const NAMELESS: [NamedNodeRef<'static>; 3] = [prov::ACTIVITY, foaf::GROUP, org::MEMBERSHIP];

pub(super) fn check(
    session: &Session,
    files: &Files<'_>,
    unknown: &HashSet<NamedNode>,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let labels = [rdfs::LABEL, skos::PREF_LABEL, dcterms::TITLE];
    let mut named: HashSet<&NamedNode> = HashSet::new();
    let mut terms: BTreeSet<&NamedNode> = BTreeSet::new();
    let mut things: BTreeSet<&NamedNode> = BTreeSet::new();
    let mut in_ontology: HashSet<&NamedNode> = HashSet::new();
    let quads = files.data_quads().map(|quad| (quad, true));
    for (quad, is_data) in quads.chain(files.ontology_quads().map(|quad| (quad, false))) {
        let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { continue };
        if !is_data {
            in_ontology.insert(subject);
        }
        if labels.contains(&quad.predicate.as_ref()) {
            named.insert(subject);
        }
        let is_type = quad.predicate.as_ref() == rdf::TYPE;
        if is_data {
            terms.insert(&quad.predicate);
            if let Term::NamedNode(class) = &quad.object
                && is_type
            {
                terms.insert(class);
            }
            // Claims and omissions are identified by their quotes.
            if !files.is_evidence(&quad.subject) || files.documents.contains(subject) {
                things.insert(subject);
            }
        } else if is_type && quad.object != Term::from(owl::ONTOLOGY) {
            terms.insert(subject);
        }
        // A graph that describes itself contains the head of its claim, which is reported.
        let is_of_itself = quad.graph_name == GraphName::from(subject.clone());
        if let (GraphName::NamedNode(_), true) = (&quad.graph_name, is_data && !is_of_itself) {
            things.insert(subject);
        }
    }
    let mut nameless: HashSet<NamedNode> = HashSet::new();
    for class in NAMELESS {
        nameless.extend(session.store().instances(&class.into_owned())?);
    }
    // Unknown names are already reported.
    let lacks = |thing: &&NamedNode| {
        !named.contains(thing) && !nameless.contains(*thing) && !unknown.contains(*thing)
    };
    // A thing is never meant by the name of a term, nor a term by that of a thing.
    let names_of = |is_of_terms: bool| {
        let named = named
            .iter()
            .filter(|iri| (terms.contains(**iri) || in_ontology.contains(**iri)) == is_of_terms);
        Suggestions::new(named.map(|iri| files.prefixes.show(iri)))
    };
    let (terms_named, things_named) = (names_of(true), names_of(false));
    // (The properties of every dossier and of its languages are known to readers.)
    let is_common = |term: &NamedNode| {
        is_of_ontology_language(term.as_ref()) || OF_ANYTHING.contains(&term.as_ref())
    };
    for term in terms.iter().copied().filter(|term| lacks(term) && !is_common(term)) {
        findings.push(finding(files, term, Kind::term(in_ontology.contains(term)), &terms_named));
    }
    for thing in things.iter().copied().filter(|thing| lacks(thing) && !terms.contains(thing)) {
        findings.push(finding(files, thing, Kind::Thing, &things_named));
    }
    Ok(())
}

/// What lacks a label.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Thing,
    /// A term that the ontology describes.
    Term,
    /// A term of another vocabulary. Nothing says that its name is right.
    ForeignTerm,
}

impl Kind {
    const fn term(is_in_ontology: bool) -> Self {
        if is_in_ontology { Self::Term } else { Self::ForeignTerm }
    }
}

fn finding(files: &Files<'_>, thing: &NamedNode, kind: Kind, named: &Suggestions) -> Diagnostic {
    let (noun, folder) = match kind {
        Kind::Thing => ("thing", "data/"),
        Kind::Term | Kind::ForeignTerm => ("term", "ontology/"),
    };
    let shown = files.prefixes.show(thing);
    // A name that differs in a letter from a labelled one is probably a misspelling.
    let near = named.a_letter_off(&shown);
    let message = format!("the {noun} {} has no label", files.show(thing));
    let finding = Diagnostic::warning("no-label", message).at(files.subject(thing)).about(thing);
    finding.suggest(near, || {
        let why = match kind {
            Kind::ForeignTerm => "check its spelling; if it is right,",
            Kind::Thing | Kind::Term => "results show its IRI:",
        };
        format!("{why} add `{shown} rdfs:label \"…\"@en .` to a file of `{folder}`")
    })
}
