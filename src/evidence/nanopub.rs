//! Claims as [nanopublications](https://nanopub.net/guidelines/working_draft/).
//!
//! The assertion is the claim's graph, under its own name; the provenance says in PROV-O where it comes from. Who made
//! the nanopublication and when is not known here, so the publication info says only what it is derived from.

use super::{Claim, Graph, prov};
use crate::vocabulary::{np, prov as terms, rdf};
use oxigraph::model::Quad;

pub(super) fn quads(claim: &Claim) -> Option<Vec<Quad>> {
    if claim.triples.is_empty() {
        return None;
    }
    let nanopub = claim.part("nanopub");
    let (provenance, info) = (claim.part("provenance"), claim.part("pubinfo"));
    let mut head = Graph::new(claim.part("head"));
    head.say(&nanopub, rdf::TYPE, np::NANOPUBLICATION);
    head.say(&nanopub, np::HAS_ASSERTION, claim.name.clone());
    head.say(&nanopub, np::HAS_PROVENANCE, provenance.clone());
    head.say(&nanopub, np::HAS_PUBLICATION_INFO, info.clone());
    let mut provenance = Graph::new(provenance);
    prov::describe(claim, &mut provenance);
    let mut info = Graph::new(info);
    info.say(&nanopub, rdf::TYPE, terms::ENTITY);
    for document in &claim.documents {
        info.say(&nanopub, terms::WAS_DERIVED_FROM, document.name.clone());
    }
    let mut quads = head.quads;
    quads.extend(claim.graph());
    quads.append(&mut provenance.quads);
    quads.append(&mut info.quads);
    Some(quads)
}
