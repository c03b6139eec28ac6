//! Claims in [PROV-O](https://www.w3.org/TR/prov-o/).
//!
//! A claim, its quotes and its documents are entities. A quote has its words as value and was quoted from the document;
//! the claim was derived from the quote, and has the document as its primary source. A claim is no `prov:Bundle`: what
//! it states is in general no provenance.

use super::{Claim, Graph, Standing, text};
use crate::vocabulary::{prov, rdf};
use oxigraph::model::{GraphName, Quad};

pub(super) fn quads(claim: &Claim) -> Vec<Quad> {
    let mut graph = Graph::new(GraphName::DefaultGraph);
    describe(claim, &mut graph);
    graph.quads.extend(claim.graph());
    graph.quads
}

/// Says where a claim comes from.
pub(super) fn describe(claim: &Claim, graph: &mut Graph) {
    graph.say(&claim.name, rdf::TYPE, prov::ENTITY);
    graph.repeat(&claim.name, &claim.said, &claim.readings);
    for document in &claim.documents {
        graph.say(&claim.name, prov::HAD_PRIMARY_SOURCE, document.name.clone());
        graph.say(&document.name, rdf::TYPE, prov::ENTITY);
        graph.repeat(&document.name, &document.said, &[]);
    }
    for (number, quote) in claim.quotes.iter().enumerate() {
        let name = claim.part_of_quote("quote", number);
        graph.say(&claim.name, prov::WAS_DERIVED_FROM, name.clone());
        graph.say(&name, rdf::TYPE, prov::ENTITY);
        graph.say(&name, prov::VALUE, text(&quote.words));
        if let Some(document) = claim.document()
            && quote.standing != Standing::Nowhere
        {
            graph.say(&name, prov::WAS_QUOTED_FROM, document.name.clone());
        }
    }
}
