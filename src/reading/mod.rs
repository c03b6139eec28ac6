//! A document to read: its text with the claims that quote it, what is left out, and what nothing covers yet; as text
//! for people, as Markdown and as JSON.

mod json;
mod markdown;
mod shelf;
mod statements;
mod text;
mod wrap;

pub use json::write_json;
pub use markdown::write_markdown;
pub use text::{Looks, write_text};

use crate::dossier::{Cover, Document, Passage, Place, Placed, Words, last_part, text_of, words};
use crate::error::{Problem, Result};
use crate::session::Session;
use crate::store::Misplaced;
use crate::vocabulary::{dos, rdf};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Triple};
use shelf::Shelf;
use std::ops::Range;

/// A document with all that quotes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The document.
    pub document: NamedNode,
    /// Its title, else its label.
    pub title: Option<String>,
    /// What it is derived from.
    pub derived_from: Option<NamedNode>,
    /// Its text.
    pub text: Document,
    /// The quotes that have a place, in the order in which they end; those that end together, the shortest first.
    pub quotes: Vec<Quote>,
    /// The claims and omissions whose quotes have no place.
    pub unplaced: Vec<Unplaced>,
    /// How many words are covered.
    pub words: Words,
}

/// A quote that has its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The claim or the omission.
    pub thing: NamedNode,
    /// Where the quote stands, and what it is there for.
    pub placed: Placed,
    /// What had to be read into the quote; of an omission, why it is left out.
    pub notes: Vec<String>,
    /// What the claim states, in an order that does not change.
    pub states: Vec<Triple>,
}

/// A claim or an omission whose quote has no place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// The claim or the omission.
    pub thing: NamedNode,
    /// Its quotes.
    pub quotes: Vec<String>,
    /// Why it has no place.
    pub reason: Misplaced,
}

/// A part of a text that is set as one: the header or a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The number of the paragraph: none for the header.
    pub paragraph: Option<u32>,
    /// The lines of the header, or the paragraph as a whole: bytes of the text.
    pub lines: Vec<Range<usize>>,
}

impl Block {
    /// Where it stands as a whole: bytes of the text.
    pub fn span(&self) -> Range<usize> {
        let start = self.lines.first().map_or(0, |line| line.start);
        start..self.lines.last().map_or(start, |line| line.end)
    }
}

impl Reading {
    /// Opens the document that a name stands for: an IRI, a CURIE, a title or a label, or the name of its file. The
    /// name may be left out where there is one document only.
    ///
    /// # Errors
    /// If the name is that of no document or of several, or the document has no text.
    pub fn open(session: &Session, name: Option<&str>) -> Result<Self> {
        let document = Shelf::of(session)?.find(name)?;
        let documents = session.documents()?;
        let Some(text) = text_of(documents, document.as_str()) else {
            let shown = session.prefixes().show(&document);
            let file = last_part(document.as_str());
            return Err(Problem::new(format!("the document `{shown}` has no text"))
                .help(format!("put it into `data/documents/{file}.txt`"))
                .input());
        };
        let mut quotes = Vec::new();
        let mut unplaced = Vec::new();
        for thing in session.store().subjects(dos::DOCUMENT, document.as_ref().into())? {
            let NamedOrBlankNode::NamedNode(thing) = thing else { continue };
            let quotation = session.store().quotation(thing.as_ref().into())?;
            let types = session.store().iris(thing.as_ref().into(), rdf::TYPE)?;
            let is_omission = types.iter().any(|class| class.as_ref() == dos::OMISSION);
            let (cover, notes) = if is_omission {
                (Cover::Omission, quotation.reasons.clone())
            } else {
                (Cover::Claim, quotation.readings.clone())
            };
            match quotation.locate(text) {
                Ok(span) => quotes.push(Quote {
                    states: statements::in_order(session.store().graph(thing.as_ref())?),
                    thing,
                    placed: Placed { span: trimmed(text.text(), span), cover },
                    notes,
                }),
                Err(reason) => {
                    unplaced.push(Unplaced { thing, quotes: quotation.quotes, reason });
                }
            }
        }
        quotes.sort_by(|a, b| {
            let (one, other) = (&a.placed.span, &b.placed.span);
            let order = one.end.cmp(&other.end).then(other.start.cmp(&one.start));
            order.then_with(|| a.thing.cmp(&b.thing))
        });
        unplaced.sort_by(|a, b| a.thing.cmp(&b.thing));
        let placed: Vec<Placed> = quotes.iter().map(|quote| quote.placed.clone()).collect();
        Ok(Self {
            title: session.title(document.as_ref())?,
            derived_from: session.derived_from(document.as_ref())?,
            words: words(text.text(), &placed),
            text: text.clone(),
            document,
            quotes,
            unplaced,
        })
    }

    /// The header, then the paragraphs.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        for Passage { place, span } in self.text.passages() {
            let paragraph = match place {
                Place::HeaderLine(_) => None,
                Place::Sentence { paragraph, .. } => Some(*paragraph),
            };
            match blocks.last_mut() {
                Some(block) if block.paragraph == paragraph => {
                    match (place, block.lines.last_mut()) {
                        (Place::Sentence { .. }, Some(line)) => line.end = span.end,
                        _ => block.lines.push(span.clone()),
                    }
                }
                _ => blocks.push(Block { paragraph, lines: vec![span.clone()] }),
            }
        }
        blocks
    }

    /// The quotes that end in a part of the text, by their numbers from 0.
    pub fn ending_in(&self, part: &Range<usize>) -> Range<usize> {
        let ends = |quote: &Quote| quote.placed.span.end;
        let start = self.quotes.partition_point(|quote| ends(quote) <= part.start);
        let end = self.quotes.partition_point(|quote| ends(quote) <= part.end);
        start..end.max(start)
    }

    /// The quotes with their places alone.
    pub fn placed(&self) -> Vec<Placed> {
        self.quotes.iter().map(|quote| quote.placed.clone()).collect()
    }

    /// How many of the words are covered, in a line.
    pub fn coverage(&self) -> String {
        let Words { claims, omissions, uncovered } = self.words;
        let total = self.words.total();
        if total == 0 {
            return "the text has no words".to_owned();
        }
        let share = |part: usize| match part * 100 / total {
            // Nothing is rounded up to all, and little not down to nothing.
            0 if part > 0 => "under 1 %".to_owned(),
            percent => format!("{percent} %"),
        };
        let noun = if total == 1 { "word" } else { "words" };
        format!(
            "{total} {noun}: {claims} covered by claims ({}), {omissions} left out ({}), {uncovered} not covered ({})",
            share(claims),
            share(omissions),
            share(uncovered),
        )
    }
}

/// A range of a text without the white space at its ends.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let words = &text[span.clone()];
    let start = span.start + (words.len() - words.trim_start().len());
    start..(start + words.trim().len()).min(span.end)
}
