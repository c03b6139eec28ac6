//! An annotated document as JSON: passages, quotes and uncovered words, with character positions.

use super::AnnotatedDocument;
use crate::answer::write::TermJson;
use crate::claim::{Claim, ClaimKind, stretches};
use crate::dossier::DocumentWords;
use crate::printable::write_pretty;
use oxigraph::model::{NamedNode, Term, Triple};
use serde::Serialize;
use std::io::{self, Write};

/// Writes a document as JSON. Positions count Unicode code points of the text, with exclusive ends. Terms are written
/// as in the JSON of SPARQL results.
///
/// # Errors
/// Fails if the writer fails.
pub(crate) fn write_json(reading: &AnnotatedDocument, out: &mut dyn Write) -> io::Result<()> {
    write_pretty(&DocumentJson::new(reading), out)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DocumentJson<'a> {
    document: &'a str,
    title: Option<&'a str>,
    derived_from: Option<&'a str>,
    passages: Vec<DocumentWords<'a>>,
    quotes: Vec<QuoteJson<'a>>,
    uncovered: Vec<DocumentWords<'a>>,
    without_place: Vec<UnplacedJson<'a>>,
    words: CountsJson,
}

#[derive(Serialize)]
struct QuoteJson<'a> {
    number: usize,
    #[serde(flatten)]
    thing: ThingJson<'a>,
    #[serde(flatten)]
    words: DocumentWords<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ThingJson<'a> {
    Claim { claim: &'a str, states: Vec<StatementJson>, readings: &'a [String] },
    Omission { omission: &'a str, reasons: &'a [String] },
}

#[derive(Serialize)]
struct StatementJson {
    #[serde(serialize_with = "as_binding")]
    subject: Term,
    #[serde(serialize_with = "as_binding")]
    predicate: Term,
    #[serde(serialize_with = "as_binding")]
    object: Term,
}

fn as_binding<S: serde::Serializer>(term: &Term, serializer: S) -> Result<S::Ok, S::Error> {
    TermJson(term.as_ref()).serialize(serializer)
}

#[derive(Serialize)]
struct UnplacedJson<'a> {
    thing: &'a str,
    quotes: Vec<&'a str>,
    reason: Option<String>,
}

#[derive(Serialize)]
struct CountsJson {
    total: usize,
    claims: usize,
    omissions: usize,
    uncovered: usize,
}

impl<'a> DocumentJson<'a> {
    fn new(reading: &'a AnnotatedDocument) -> Self {
        let text = reading.text.text();
        let placed = reading.covers();
        let passages = reading.text.passages().iter();
        let lines = reading.blocks().into_iter().flat_map(|block| block.lines);
        let uncovered = lines
            .flat_map(|line| stretches(&reading.text, line.span, &placed))
            .filter(|stretch| stretch.is_uncovered(text));
        let words = reading.words;
        Self {
            document: reading.document.as_str(),
            title: reading.title.as_deref(),
            derived_from: reading.derived_from.as_ref().map(NamedNode::as_str),
            passages: passages.map(|passage| reading.text.words_at(passage.span.clone())).collect(),
            quotes: (1..)
                .zip(&reading.quotes)
                .map(|(n, quote)| QuoteJson::new(reading, n, quote))
                .collect(),
            uncovered: uncovered.map(|stretch| reading.text.words_at(stretch.span)).collect(),
            without_place: reading.without_place.iter().map(UnplacedJson::new).collect(),
            words: CountsJson {
                total: words.total(),
                claims: words.claims,
                omissions: words.omissions,
                uncovered: words.uncovered,
            },
        }
    }
}

impl<'a> QuoteJson<'a> {
    fn new(reading: &'a AnnotatedDocument, number: usize, quote: &'a super::Annotation) -> Self {
        let thing = match quote.cover.by {
            ClaimKind::Claim | ClaimKind::Other => ThingJson::Claim {
                claim: quote.claim.name.as_str(),
                states: quote.states.iter().map(StatementJson::new).collect(),
                readings: &quote.claim.notes,
            },
            ClaimKind::Omission => ThingJson::Omission {
                omission: quote.claim.name.as_str(),
                reasons: &quote.claim.notes,
            },
        };
        Self { number, thing, words: reading.text.words_at(quote.cover.span.clone()) }
    }
}

impl StatementJson {
    fn new(triple: &Triple) -> Self {
        Self {
            subject: triple.subject.clone().into(),
            predicate: triple.predicate.clone().into(),
            object: triple.object.clone(),
        }
    }
}

impl<'a> UnplacedJson<'a> {
    fn new(claim: &'a Claim) -> Self {
        Self {
            thing: claim.name.as_str(),
            quotes: claim.quotes.iter().map(|quote| quote.text.as_str()).collect(),
            reason: claim.place().err().map(|misplaced| misplaced.to_string()),
        }
    }
}
