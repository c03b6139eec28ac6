//! The report of an update as JSON.

use super::{DocumentUpdate, RevisedQuote};
use crate::claim::{Change, ClaimKind, DiffPart, DiffSide, Mark, Verdict};
use crate::dossier::DocumentWords;
use crate::printable::write_pretty;
use oxigraph::model::NamedNode;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::ops::Range;

/// Writes the report as JSON, with all quotes. Positions count Unicode code points of the new text, with exclusive ends.
///
/// # Errors
/// Fails if the writer fails.
pub(crate) fn write_json(update: &DocumentUpdate<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut counts = BTreeMap::from(
        ["stands", "typographic", "ambiguous", "changed", "vanished"].map(|verdict| (verdict, 0)),
    );
    for quote in &update.quotes {
        *counts.entry(quote.verdict.name()).or_default() += 1;
    }
    let json = UpdateJson {
        document: update.document.as_str(),
        title: update.title.as_deref(),
        counts,
        quotes: update.quotes.iter().map(|quote| QuoteJson::new(update, quote)).collect(),
        without_quote: update.without_quote.iter().map(NamedNode::as_str).collect(),
        new_passages: update
            .new_passages
            .iter()
            .map(|passage| update.new.words_at(passage.span.clone()))
            .collect(),
    };
    write_pretty(&json, out)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UpdateJson<'a> {
    document: &'a str,
    title: Option<&'a str>,
    counts: BTreeMap<&'static str, usize>,
    quotes: Vec<QuoteJson<'a>>,
    without_quote: Vec<&'a str>,
    new_passages: Vec<DocumentWords<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QuoteJson<'a> {
    #[serde(flatten)]
    thing: ThingJson<'a>,
    quote: &'a str,
    verdict: &'static str,
    stood: bool,
    /// What differs: in the words, or around words that stand.
    marks: Vec<Mark>,
    /// The words that stand or are proposed.
    words: Option<DocumentWords<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suffix: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    similarity: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    difference: Vec<PartJson<'a>>,
    /// The places of an ambiguous quote.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    occurrences: Vec<DocumentWords<'a>>,
    /// The nearest words for a quote that vanished.
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest: Option<DocumentWords<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum ThingJson<'a> {
    Claim(&'a str),
    Omission(&'a str),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum PartJson<'a> {
    Same(&'a str),
    Removed(&'a str),
    Added(&'a str),
}

impl<'a> QuoteJson<'a> {
    fn new(update: &'a DocumentUpdate<'_>, quote: &'a RevisedQuote) -> Self {
        let name = quote.claim.name.as_str();
        let words = |span: &Range<usize>| update.new.words_at(span.clone());
        let none = BTreeSet::new();
        let (marks, similarity, difference) = match &quote.verdict {
            Verdict::Changed(Change { marks, similarity, parts, .. }) => {
                (marks, Some(rounded(*similarity)), parts.as_slice())
            }
            Verdict::Stands { around, .. } => (around, None, &[][..]),
            Verdict::Vanished(Some(nearest)) => (&none, Some(rounded(nearest.similarity)), &[][..]),
            _ => (&none, None, &[][..]),
        };
        let selector = quote.verdict.proposal().map(|proposal| &proposal.selector);
        let side = |words: &'a str| (!words.is_empty()).then_some(words);
        Self {
            thing: match quote.claim.kind {
                ClaimKind::Omission => ThingJson::Omission(name),
                ClaimKind::Claim | ClaimKind::Other => ThingJson::Claim(name),
            },
            quote: &quote.quote.text,
            verdict: quote.verdict.name(),
            stood: quote.stood(),
            marks: marks.iter().copied().collect(),
            words: quote.new_span().map(words),
            prefix: selector.and_then(|selector| side(&selector.prefix)),
            suffix: selector.and_then(|selector| side(&selector.suffix)),
            similarity,
            difference: difference.iter().map(PartJson::new).collect(),
            occurrences: match &quote.verdict {
                Verdict::Ambiguous { places, .. } => places.iter().map(words).collect(),
                _ => Vec::new(),
            },
            nearest: match &quote.verdict {
                Verdict::Vanished(Some(nearest)) => Some(words(&nearest.span)),
                _ => None,
            },
        }
    }
}

impl<'a> PartJson<'a> {
    fn new(part: &'a DiffPart) -> Self {
        match part.side {
            DiffSide::Both => Self::Same(&part.words),
            DiffSide::Old => Self::Removed(&part.words),
            DiffSide::New => Self::Added(&part.words),
        }
    }
}

/// Rounds a similarity, so that it is written in few digits.
fn rounded(similarity: f64) -> f64 {
    (similarity * 1_000.0).round() / 1_000.0
}
