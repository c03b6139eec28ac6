//! Maps claims to [Web Annotations](https://www.w3.org/TR/annotation-model/).
//!
//! The body of an annotation is the claim's graph. Its target is the quote in the document: a text quote selector, and
//! a text position selector if the position is known.

use super::statement::{GraphTriples, Statement, text};
use super::{Misplaced, Quote};
use crate::dossier::NotOneQuote;
use crate::vocabulary::{oa, rdf, xsd};
use oxigraph::model::{GraphName, Literal, NamedNode, Quad};

pub(super) fn quads(statement: Statement<'_>) -> Option<Vec<Quad>> {
    // An annotation has at least one target (3.1).
    if statement.claim.documents.is_empty() {
        return None;
    }
    let mut graph = GraphTriples::new(GraphName::DefaultGraph);
    let annotation = statement.part("annotation");
    graph.say(&annotation, rdf::TYPE, oa::ANNOTATION);
    graph.say(&annotation, oa::HAS_BODY, statement.claim.name.clone());
    graph.say(&annotation, oa::MOTIVATED_BY, oa::DESCRIBING);
    statement.repeat_claim(&mut graph);
    for document in &statement.claim.documents {
        statement.repeat(document, &mut graph);
    }
    let mut selected = false;
    if let Some(document) = statement.document() {
        for (number, quote) in statement.claim.quotes.iter().enumerate() {
            if quote.place != Err(Misplaced::Text(NotOneQuote::Absent)) {
                let target = statement.part_of_quote("target", number);
                graph.say(&annotation, oa::HAS_TARGET, target.clone());
                graph.say(&target, rdf::TYPE, oa::SPECIFIC_RESOURCE);
                graph.say(&target, oa::HAS_SOURCE, document.clone());
                select(statement, number, quote, &target, &mut graph);
                selected = true;
            }
        }
    }
    if !selected {
        // It is not known which document contains which quote: the target is the whole document.
        for document in &statement.claim.documents {
            graph.say(&annotation, oa::HAS_TARGET, document.clone());
        }
    }
    graph.quads.extend(statement.graph());
    Some(graph.quads)
}

/// Describes the selectors of a target. Without a known position, there is no position selector (4.2.5).
fn select(
    statement: Statement<'_>,
    number: usize,
    quote: &Quote,
    target: &NamedNode,
    graph: &mut GraphTriples,
) {
    let selector = statement.part_of_quote("text-quote", number);
    graph.say(target, oa::HAS_SELECTOR, selector.clone());
    graph.say(&selector, rdf::TYPE, oa::TEXT_QUOTE_SELECTOR);
    graph.say(&selector, oa::EXACT, text(&quote.text));
    for (property, words) in [(oa::PREFIX, &quote.prefix), (oa::SUFFIX, &quote.suffix)] {
        if let Some(words) = words {
            graph.say(&selector, property, text(words));
        }
    }
    if let Ok(span) = &quote.place {
        let selector = statement.part_of_quote("text-position", number);
        graph.say(target, oa::HAS_SELECTOR, selector.clone());
        graph.say(&selector, rdf::TYPE, oa::TEXT_POSITION_SELECTOR);
        for (property, offset) in
            [(oa::START, span.characters.start), (oa::END, span.characters.end)]
        {
            let offset = Literal::new_typed_literal(offset.to_string(), xsd::NON_NEGATIVE_INTEGER);
            graph.say(&selector, property, offset);
        }
    }
}
