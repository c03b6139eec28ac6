//! Checks that triples outside claims are not facts: only names, codes, links and types are allowed there.

use super::files::{Files, QuadFile};
use super::prefixes::leave_out;
use crate::diagnostic::Diagnostic;
use crate::vocabulary::{dcterms, dos, owl, prov, rdf, rdfs, skos};
use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use std::collections::HashSet;

/// The properties that anything may have without a claim.
pub(super) const OF_ANYTHING: [NamedNodeRef<'static>; 20] = [
    dcterms::SOURCE,
    owl::DIFFERENT_FROM,
    owl::SAME_AS,
    rdf::TYPE,
    rdfs::LABEL,
    rdfs::SEE_ALSO,
    skos::ALT_LABEL,
    skos::BROAD_MATCH,
    skos::BROADER,
    skos::CLOSE_MATCH,
    skos::EXACT_MATCH,
    skos::HAS_TOP_CONCEPT,
    skos::IN_SCHEME,
    skos::NARROW_MATCH,
    skos::NARROWER,
    skos::NOTATION,
    skos::PREF_LABEL,
    skos::RELATED,
    skos::RELATED_MATCH,
    skos::TOP_CONCEPT_OF,
];

/// The properties that concept schemes, and the texts from which documents are derived, may have besides. (For a
/// document itself, they are evidence.)
const OF_TEXTS: [NamedNodeRef<'static>; 5] = [
    dcterms::CREATOR,
    dcterms::DESCRIPTION,
    dcterms::PUBLISHER,
    dcterms::TITLE,
    prov::WAS_DERIVED_FROM,
];

/// Reports facts outside claims. `unknown` are the names that are reported as unknown.
pub(super) fn check(
    files: &Files<'_>,
    unknown: &HashSet<NamedNode>,
    findings: &mut Vec<Diagnostic>,
) {
    // A claim or a document whose class is wrong has evidence all the same.
    let is_mistyped = |subject: &NamedOrBlankNode| match subject {
        NamedOrBlankNode::NamedNode(subject) => files.is_mistyped(subject, unknown),
        NamedOrBlankNode::BlankNode(_) => false,
    };
    let texts = texts(files);
    let misplaced: Vec<&str> =
        files.data.iter().filter_map(|file| ontology(file, findings)).collect();
    let quads = files.data.iter().filter(|file| !misplaced.contains(&file.path()));
    for quad in quads.flat_map(|file| &file.quads) {
        if quad.graph_name != GraphName::DefaultGraph
            || files.is_evidence(&quad.subject)
            || is_mistyped(&quad.subject)
            || is_background(quad, &texts)
        {
            continue;
        }
        let message =
            format!("{} is outside any claim, so no quote supports it", statement(files, quad));
        let finding = Diagnostic::error("fact-without-claim", message)
            .at(place(files, quad))
            .help(help(files, quad));
        findings.push(match &quad.subject {
            NamedOrBlankNode::NamedNode(subject) => finding.about(subject),
            NamedOrBlankNode::BlankNode(_) => finding,
        });
    }
}

/// Reports a file of the data that is an ontology. Returns its path.
fn ontology<'f>(file: &'f QuadFile, findings: &mut Vec<Diagnostic>) -> Option<&'f str> {
    let is_declaration = |quad: &&Quad| {
        quad.predicate == rdf::TYPE
            && quad.object == Term::from(owl::ONTOLOGY)
            && quad.graph_name == GraphName::DefaultGraph
    };
    let declaration = file.quads.iter().find(is_declaration)?;
    let place =
        file.statements([declaration].into_iter()).get(declaration).map(|p| p.object.clone());
    let name = file.path().rsplit_once('/').map_or(file.path(), |(_, name)| name);
    let message = format!("`{}` is an ontology, but `data/` is for claims", file.path());
    findings.push(
        Diagnostic::error("ontology-misplaced", message)
            .at(place)
            .help(format!("move it to `ontology/{name}`")),
    );
    Some(file.path())
}

/// Removes the findings that follow from an ontology among the data, and says how many.
pub(super) fn remove_consequences(files: &Files<'_>, findings: &mut Vec<Diagnostic>) {
    const CAUSE: &str = "ontology-misplaced";
    let is = |finding: &Diagnostic, id: &str| finding.id.as_deref() == Some(id);
    if !findings.iter().any(|finding| is(finding, CAUSE)) {
        return;
    }
    // Without the prefixes that it declares, answers have other names, and queries run without their classes.
    leave_out(CAUSE, findings, |finding| {
        ["answer-differs", "answer-broken", "prefix-undeclared", "query-fails"]
            .iter()
            .any(|id| is(finding, id))
            || is(finding, "no-label")
                && finding.about.as_deref().is_some_and(|it| files.ontologies.contains(it))
    });
}

fn is_background(quad: &Quad, texts: &HashSet<&NamedNode>) -> bool {
    let property = quad.predicate.as_ref();
    let is_text = match &quad.subject {
        NamedOrBlankNode::NamedNode(subject) => texts.contains(subject),
        NamedOrBlankNode::BlankNode(_) => false,
    };
    OF_ANYTHING.contains(&property) || is_text && OF_TEXTS.contains(&property)
}

/// Returns what documents are derived from, and the concept schemes.
fn texts<'a>(files: &'a Files<'_>) -> HashSet<&'a NamedNode> {
    let mut texts = HashSet::new();
    for quad in files.data_quads().filter(|quad| quad.graph_name == GraphName::DefaultGraph) {
        match (&quad.subject, quad.predicate.as_ref(), &quad.object) {
            (_, property, Term::NamedNode(source)) if property == prov::WAS_DERIVED_FROM => {
                texts.insert(source);
            }
            (NamedOrBlankNode::NamedNode(scheme), property, Term::NamedNode(class))
                if property == rdf::TYPE && class.as_ref() == skos::CONCEPT_SCHEME =>
            {
                texts.insert(scheme);
            }
            _ => {}
        }
    }
    texts
}

fn statement(files: &Files<'_>, quad: &Quad) -> String {
    format!(
        "`{} {} {}`",
        files.prefixes.show_term(&quad.subject.clone().into()),
        files.prefixes.show(&quad.predicate),
        files.prefixes.show_term(&quad.object)
    )
}

fn place(files: &Files<'_>, quad: &Quad) -> Option<crate::diagnostic::Excerpt> {
    let NamedOrBlankNode::NamedNode(subject) = &quad.subject else {
        return files.mention(&quad.predicate);
    };
    files.outside(subject, &quad.predicate).or_else(|| files.subject(subject))
}

fn help(files: &Files<'_>, quad: &Quad) -> String {
    let evidence = [dos::DOCUMENT, dos::QUOTE, dos::READING, dos::REASON];
    if evidence.contains(&quad.predicate.as_ref()) {
        match &quad.subject {
            NamedOrBlankNode::NamedNode(subject) => format!(
                "if this is the head of a claim, declare it: `{} a dos:Claim`",
                files.prefixes.show(subject)
            ),
            NamedOrBlankNode::BlankNode(_) => {
                "if this is the head of a claim, give it the IRI of its graph".to_owned()
            }
        }
    } else {
        "move it to the graph of a claim whose quote states it".to_owned()
    }
}
