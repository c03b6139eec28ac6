//! Maps claims to [nanopublications](https://nanopub.net/guidelines/working_draft/).
//!
//! The assertion is the claim's graph under its own name; the provenance describes its origin in PROV-O. The author and
//! the date of the nanopublication are not known here, so the publication info contains only its source.

use super::prov;
use super::statement::{GraphTriples, Statement};
use crate::vocabulary::{np, prov as terms, rdf};
use oxigraph::model::Quad;

pub(super) fn quads(statement: Statement<'_>) -> Option<Vec<Quad>> {
    if statement.triples.is_empty() {
        return None;
    }
    let nanopub = statement.part("nanopub");
    let (provenance, info) = (statement.part("provenance"), statement.part("pubinfo"));
    let mut head = GraphTriples::new(statement.part("head"));
    head.say(&nanopub, rdf::TYPE, np::NANOPUBLICATION);
    head.say(&nanopub, np::HAS_ASSERTION, statement.claim.name.clone());
    head.say(&nanopub, np::HAS_PROVENANCE, provenance.clone());
    head.say(&nanopub, np::HAS_PUBLICATION_INFO, info.clone());
    let mut provenance = GraphTriples::new(provenance);
    prov::describe(statement, &mut provenance);
    let mut info = GraphTriples::new(info);
    info.say(&nanopub, rdf::TYPE, terms::ENTITY);
    for document in &statement.claim.documents {
        info.say(&nanopub, terms::WAS_DERIVED_FROM, document.clone());
    }
    let mut quads = head.quads;
    quads.extend(statement.graph());
    quads.append(&mut provenance.quads);
    quads.append(&mut info.quads);
    Some(quads)
}
