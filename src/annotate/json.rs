//! A document to read, as JSON: passages, quotes and what nothing covers, with their characters.

use super::Reading;
use crate::answer::write::Binding;
use crate::claim::{Claim, ClaimKind, stretches};
use crate::dossier::Place;
use crate::printable::write_pretty;
use oxigraph::model::{NamedNode, Term, Triple};
use serde::Serialize;
use std::io::{self, Write};
use std::ops::Range;

/// Writes a document as JSON. Characters are Unicode code points of the text, the end exclusive; terms are as in the
/// JSON of SPARQL results.
///
/// # Errors
/// If the writer fails.
pub(crate) fn write_json(reading: &Reading, out: &mut dyn Write) -> io::Result<()> {
    write_pretty(&Json::new(reading), out)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Json<'a> {
    document: &'a str,
    title: Option<&'a str>,
    derived_from: Option<&'a str>,
    passages: Vec<Words<'a>>,
    quotes: Vec<Quote<'a>>,
    uncovered: Vec<Words<'a>>,
    without_place: Vec<Unplaced<'a>>,
    words: Counts,
}

/// Some words of the text: where they stand, in passages and in characters.
#[derive(Serialize)]
struct Words<'a> {
    places: Vec<Place>,
    text: &'a str,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct Quote<'a> {
    number: usize,
    #[serde(flatten)]
    thing: Thing<'a>,
    #[serde(flatten)]
    words: Words<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Thing<'a> {
    Claim { claim: &'a str, states: Vec<State>, readings: &'a [String] },
    Omission { omission: &'a str, reasons: &'a [String] },
}

#[derive(Serialize)]
struct State {
    #[serde(serialize_with = "as_binding")]
    subject: Term,
    #[serde(serialize_with = "as_binding")]
    predicate: Term,
    #[serde(serialize_with = "as_binding")]
    object: Term,
}

fn as_binding<S: serde::Serializer>(term: &Term, serializer: S) -> Result<S::Ok, S::Error> {
    Binding(term.as_ref()).serialize(serializer)
}

#[derive(Serialize)]
struct Unplaced<'a> {
    thing: &'a str,
    quotes: Vec<&'a str>,
    reason: Option<String>,
}

#[derive(Serialize)]
struct Counts {
    total: usize,
    claims: usize,
    omissions: usize,
    uncovered: usize,
}

impl<'a> Json<'a> {
    fn new(reading: &'a Reading) -> Self {
        let text = reading.text.text();
        let placed = reading.covers();
        let passages = reading.text.passages().iter();
        let lines = reading.blocks().into_iter().flat_map(|block| block.lines);
        let uncovered = lines
            .flat_map(|line| stretches(text, line, &placed))
            .filter(|stretch| stretch.is_uncovered(text));
        let words = reading.words;
        Self {
            document: reading.document.as_str(),
            title: reading.title.as_deref(),
            derived_from: reading.derived_from.as_ref().map(NamedNode::as_str),
            passages: passages.map(|passage| Words::new(reading, &passage.span)).collect(),
            quotes: (1..)
                .zip(&reading.quotes)
                .map(|(n, quote)| Quote::new(reading, n, quote))
                .collect(),
            uncovered: uncovered.map(|stretch| Words::new(reading, &stretch.span)).collect(),
            without_place: reading.without_place.iter().map(Unplaced::new).collect(),
            words: Counts {
                total: words.total(),
                claims: words.claims,
                omissions: words.omissions,
                uncovered: words.uncovered,
            },
        }
    }
}

impl<'a> Words<'a> {
    fn new(reading: &'a Reading, span: &Range<usize>) -> Self {
        let characters = reading.text.characters(span.clone());
        let places = reading.text.passages_at(span.clone()).iter();
        Self {
            places: places.map(|passage| passage.place).collect(),
            text: &reading.text.text()[span.clone()],
            start: characters.start,
            end: characters.end,
        }
    }
}

impl<'a> Quote<'a> {
    fn new(reading: &'a Reading, number: usize, quote: &'a super::Annotation) -> Self {
        let thing = match quote.cover.by {
            ClaimKind::Claim | ClaimKind::Other => Thing::Claim {
                claim: quote.claim.name.as_str(),
                states: quote.states.iter().map(State::new).collect(),
                readings: &quote.claim.notes,
            },
            ClaimKind::Omission => {
                Thing::Omission { omission: quote.claim.name.as_str(), reasons: &quote.claim.notes }
            }
        };
        Self { number, thing, words: Words::new(reading, &quote.cover.span) }
    }
}

impl State {
    fn new(triple: &Triple) -> Self {
        Self {
            subject: triple.subject.clone().into(),
            predicate: triple.predicate.clone().into(),
            object: triple.object.clone(),
        }
    }
}

impl<'a> Unplaced<'a> {
    fn new(claim: &'a Claim) -> Self {
        Self {
            thing: claim.name.as_str(),
            quotes: claim.quotes.iter().map(|quote| quote.text.as_str()).collect(),
            reason: claim.place().err().map(|misplaced| misplaced.to_string()),
        }
    }
}
