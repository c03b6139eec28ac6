//! Generates triples for passages from the documents' texts.

use super::{ClaimHead, Texts, place};
use crate::algebra::Region;
use crate::dossier::{Document, LocatorUnit, PassageLocator};
use crate::vocabulary::{dos, oa, rdf, rdfs, schema};
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};

/// The generated triples. Queries that do not reach them need not wait for them.
pub(crate) const PASSAGES: Region<'static> = Region {
    predicates: &[
        dos::HEADER_LINE,
        dos::ITEM,
        dos::PAGE,
        dos::PARAGRAPH,
        dos::PASSAGE,
        dos::ROW,
        dos::SENTENCE,
        oa::END,
        oa::HAS_SOURCE,
        oa::START,
        rdfs::LABEL,
        schema::TEXT,
    ],
    classes: &[dos::PASSAGE_CLASS],
};

/// Returns the triples for the passages of a document with a text.
pub(crate) fn passages(iri: &NamedNode, document: &Document) -> Vec<Quad> {
    let mut quads = Vec::new();
    for passage in document.passages() {
        let text = &document.text()[passage.span.clone()];
        describe_passage(iri, passage.place, text, &mut quads);
    }
    quads
}

/// Returns the triples for the position of a quote, from the statements about the thing that quotes. A quote that does
/// not occur exactly once in its document has no position.
pub(crate) fn place_of_quote(
    thing: &NamedOrBlankNode,
    said: impl IntoIterator<Item = (NamedNode, Term)>,
    texts: &Texts,
) -> Vec<Quad> {
    let head = ClaimHead::read(said, texts);
    let (Some(document), Ok(span)) = (head.documents.first(), place(&head.quotes)) else {
        return Vec::new();
    };
    let passages = span
        .passages
        .iter()
        .map(|place| quad(thing.clone(), dos::PASSAGE, passage_iri(document, *place)));
    let offsets = [(oa::START, span.characters.start), (oa::END, span.characters.end)];
    let offsets = offsets.map(|(property, at)| quad(thing.clone(), property, integer(at as u64)));
    passages.chain(offsets).collect()
}

/// Returns whether a property of a claim or an omission is generated with the passages: the position of its quote.
pub(crate) fn is_place_of_quote(property: NamedNodeRef<'_>) -> bool {
    [dos::PASSAGE, oa::START, oa::END].contains(&property)
}

fn describe_passage(
    document: &NamedNode,
    place: PassageLocator,
    text: &str,
    quads: &mut Vec<Quad>,
) {
    let iri = passage_iri(document, place);
    let mut say = |property, value: Term| quads.push(quad(iri.clone(), property, value));
    say(rdf::TYPE, dos::PASSAGE_CLASS.into());
    say(oa::HAS_SOURCE, document.clone().into());
    say(schema::TEXT, Literal::new_simple_literal(text).into());
    for (unit, number) in place.numbers() {
        let property = match unit {
            LocatorUnit::Page => dos::PAGE,
            LocatorUnit::HeaderLine => dos::HEADER_LINE,
            LocatorUnit::Paragraph => dos::PARAGRAPH,
            LocatorUnit::Item => dos::ITEM,
            LocatorUnit::Row => dos::ROW,
            LocatorUnit::Sentence => dos::SENTENCE,
        };
        say(property, integer(number.into()).into());
    }
    say(rdfs::LABEL, Literal::new_simple_literal(place.words()).into());
}

/// Returns the IRI of a passage: a fragment of its document's IRI, such as `#header-2` or `#p3s4`.
fn passage_iri(document: &NamedNode, place: PassageLocator) -> NamedNode {
    let separator = if document.as_str().contains('#') { '/' } else { '#' };
    NamedNode::new_unchecked(format!("{}{separator}{}", document.as_str(), place.fragment()))
}

fn integer(value: u64) -> Literal {
    Literal::new_typed_literal(value.to_string(), crate::vocabulary::xsd::INTEGER)
}

fn quad(
    subject: impl Into<NamedOrBlankNode>,
    property: NamedNodeRef<'_>,
    object: impl Into<Term>,
) -> Quad {
    Quad::new(subject, property.into_owned(), object, GraphName::DefaultGraph)
}
