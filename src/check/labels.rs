//! Checks that everything has a label.

use super::files::Files;
use super::suggestions::Suggestions;
use crate::diagnostic::{Diagnostic, Result};
use crate::session::Session;
use crate::vocabulary::{dcterms, foaf, org, owl, prov, rdf, rdfs, skos};
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
    let quads = files.data_quads().map(|quad| (quad, true));
    for (quad, is_data) in quads.chain(files.ontology_quads().map(|quad| (quad, false))) {
        let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { continue };
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
        if let (GraphName::NamedNode(_), true) = (&quad.graph_name, is_data) {
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
    let names = Suggestions::new(named.iter().map(|iri| files.prefixes.show(iri)));
    for term in terms.iter().copied().filter(lacks) {
        findings.push(finding(files, term, "term", &names));
    }
    for thing in things.iter().copied().filter(|thing| lacks(thing) && !terms.contains(thing)) {
        findings.push(finding(files, thing, "thing", &names));
    }
    Ok(())
}

fn finding(files: &Files<'_>, thing: &NamedNode, kind: &str, named: &Suggestions) -> Diagnostic {
    let folder = if kind == "term" { "ontology/" } else { "data/" };
    let shown = files.prefixes.show(thing);
    // A name that differs in a letter from a labelled one is probably a misspelling.
    let near = named.a_letter_off(&shown);
    let message = format!("the {kind} {} has no label", files.show(thing));
    Diagnostic::warning("no-label", message).at(files.subject(thing)).about(thing).suggest(
        near,
        || {
            format!(
                "results show its IRI: add `{shown} rdfs:label \"…\"@en .` to a file of `{folder}`"
            )
        },
    )
}
