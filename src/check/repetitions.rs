//! Claims that state the same with the same words.

use super::files::Files;
use crate::claim::Claim;
use crate::diagnostic::Diagnostic;
use crate::rdf::diff::DatasetDiff;
use crate::vocabulary::dos;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::ops::Range;

/// The statements of a claim, without their graph.
type Statements = Vec<Quad>;

/// Reports claims that repeat an earlier one. Those that are new count as later than all others.
pub(super) fn check(files: &Files<'_>, new: &BTreeSet<NamedNode>, findings: &mut Vec<Diagnostic>) {
    let mut claims = suspects(files);
    for of_quote in &mut claims {
        of_quote.sort_by_key(|claim| new.contains(*claim));
    }
    let suspects: BTreeSet<&NamedNode> = claims.iter().flatten().copied().collect();
    let mut statements: FxHashMap<&NamedNode, Statements> = FxHashMap::default();
    for quad in files.data_quads() {
        if let GraphName::NamedNode(claim) = &quad.graph_name
            && suspects.contains(claim)
        {
            let quad = Quad { graph_name: GraphName::DefaultGraph, ..quad.clone() };
            statements.entry(claim).or_default().push(quad);
        }
    }
    for of_quote in claims {
        // Claims that differ in what is compared first are not compared further.
        let mut known: FxHashMap<_, Vec<&NamedNode>> = FxHashMap::default();
        for claim in of_quote {
            let Some(stated) = statements.get(claim) else { continue };
            let alike = known.entry((place(files, claim), outline(stated))).or_default();
            let is_same = |other: &&&NamedNode| {
                statements
                    .get(**other)
                    .is_some_and(|other| DatasetDiff::between(other, stated).is_empty())
            };
            match alike.iter().find(is_same) {
                Some(first) => findings.push(finding(files, first, claim)),
                None => alike.push(claim),
            }
        }
    }
}

/// Returns the claims that quote the same words of the same document, in the order of the files.
fn suspects<'a>(files: &'a Files<'_>) -> Vec<Vec<&'a NamedNode>> {
    let mut by_quote: FxHashMap<_, Vec<&NamedNode>> = FxHashMap::default();
    let mut seen = BTreeSet::new();
    for quad in files.data_quads() {
        if let (NamedOrBlankNode::NamedNode(claim), Term::Literal(quote)) =
            (&quad.subject, &quad.object)
            && quad.predicate.as_ref() == dos::QUOTE
            && quad.graph_name == GraphName::DefaultGraph
            && files.claims.contains_key(claim)
            && seen.insert((claim, quote.value()))
        {
            by_quote.entry(quote.value()).or_default().push(claim);
        }
    }
    by_quote.retain(|_, claims| claims.len() > 1);
    let mut suspects = Vec::new();
    for claims in by_quote.into_values() {
        let mut by_document: FxHashMap<BTreeSet<NamedNode>, Vec<&NamedNode>> = FxHashMap::default();
        for claim in claims {
            by_document.entry(files.iris(claim, dos::DOCUMENT)).or_default().push(claim);
        }
        suspects.extend(by_document.into_values().filter(|claims| claims.len() > 1));
    }
    suspects
}

/// Returns where the quote of a claim stands in its document, if it stands there once.
fn place(files: &Files<'_>, claim: &NamedNode) -> Option<Range<usize>> {
    let claim = Claim::read(claim.clone(), files.properties_of(claim), &files.texts);
    claim.place().ok().map(|span| span.characters.clone())
}

/// Returns the statements in an order of their own, in which all blank nodes are one.
fn outline(statements: &[Quad]) -> BTreeSet<String> {
    let outline = statements.iter().map(|quad| {
        let subject = match &quad.subject {
            NamedOrBlankNode::NamedNode(subject) => subject.as_str(),
            NamedOrBlankNode::BlankNode(_) => "",
        };
        let object =
            if quad.object.is_blank_node() { String::new() } else { quad.object.to_string() };
        format!("{subject} {} {object}", quad.predicate)
    });
    outline.collect()
}

fn finding(files: &Files<'_>, first: &NamedNode, second: &NamedNode) -> Diagnostic {
    let message = format!(
        "{} has the same quote and the same statements as {}",
        files.show(second),
        files.show(first)
    );
    let head = |claim: &NamedNode| files.outside(claim, &dos::QUOTE.into_owned());
    let finding = Diagnostic::error("claim-repeated", message).at(head(second)).about(second);
    match head(first) {
        Some(place) => finding.note(format!("the other one is at {}:{}", place.origin, place.line)),
        None => finding,
    }
    .help("remove one of them")
}
