//! Maps claims to [PROV-O](https://www.w3.org/TR/prov-o/).
//!
//! A claim, its quotes and its documents are entities. A quote has its text as value and was quoted from the document;
//! the claim was derived from the quote, and the document is its primary source. A claim is not a `prov:Bundle`,
//! because its statements are usually not about provenance.

use super::Misplaced;
use super::statement::{GraphTriples, Statement, text};
use crate::dossier::NotOneQuote;
use crate::vocabulary::{prov, rdf};
use oxigraph::model::{GraphName, Quad};

pub(super) fn quads(statement: Statement<'_>) -> Vec<Quad> {
    let mut graph = GraphTriples::new(GraphName::DefaultGraph);
    describe(statement, &mut graph);
    graph.quads.extend(statement.graph());
    graph.quads
}

/// Describes the origin of a claim.
pub(super) fn describe(statement: Statement<'_>, graph: &mut GraphTriples) {
    graph.say(&statement.claim.name, rdf::TYPE, prov::ENTITY);
    statement.repeat_claim(graph);
    for document in &statement.claim.documents {
        graph.say(&statement.claim.name, prov::HAD_PRIMARY_SOURCE, document.clone());
        graph.say(document, rdf::TYPE, prov::ENTITY);
        statement.repeat(document, graph);
    }
    for (number, quote) in statement.claim.quotes.iter().enumerate() {
        let name = statement.part_of_quote("quote", number);
        graph.say(&statement.claim.name, prov::WAS_DERIVED_FROM, name.clone());
        graph.say(&name, rdf::TYPE, prov::ENTITY);
        graph.say(&name, prov::VALUE, text(&quote.text));
        if let Some(document) = statement.document()
            && quote.place != Err(Misplaced::Text(NotOneQuote::Absent))
        {
            graph.say(&name, prov::WAS_QUOTED_FROM, document.clone());
        }
    }
}
