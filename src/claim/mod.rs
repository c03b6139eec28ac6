//! Claims: what quotes a document, where the quotes stand in its text, and what they cover of it.
//!
//! A claim is read from what is said of it, wherever that comes from: a store, an endpoint or a file. Nothing here sees
//! a store.

mod coverage;
mod nanopub;
mod oa;
mod passages;
mod prov;
mod statement;
mod texts;
mod vocabulary;

pub(crate) use coverage::{Cover, WordCounts, stretches, words};
pub(crate) use passages::{PASSAGES, is_place_of_quote};
pub(crate) use passages::{passages, place_of_quote};
pub use statement::Statement;
pub(crate) use texts::Texts;
pub use vocabulary::ClaimVocabulary;

use crate::dossier::{Document, NotOneQuote, PassageLocator};
use crate::vocabulary::{dos, oa as terms, rdf};
use oxigraph::model::{NamedNode, Term};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// What quotes a document: a claim, an omission, or a thing that is neither. A sound one has one document and one quote;
/// of a broken one all that is said is here, so that it can be told what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its name; the graph that holds what it states has the same.
    pub name: NamedNode,
    /// What it is.
    pub kind: ClaimKind,
    /// The documents that it quotes, in the order of their IRIs.
    pub documents: Vec<NamedNode>,
    /// Its quotes, in order.
    pub quotes: Vec<Quote>,
    /// What had to be read into the quotes; of an omission, why it is left out.
    pub notes: Vec<String>,
    /// What is known of the first of the documents, where somebody has looked.
    pub source: Option<Arc<DocumentMetadata>>,
}

/// What a thing is that quotes a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimKind {
    /// It states something.
    Claim,
    /// It does not say: what it quotes is taken for the words of a claim.
    Other,
    /// It says of some words that they are left out on purpose.
    Omission,
}

/// Words that are quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The words.
    pub text: String,
    /// What stands right before them, if it is known.
    pub prefix: Option<String>,
    /// What stands right after them, if it is known.
    pub suffix: Option<String>,
    /// Where they stand, or why they have no place.
    pub place: Result<Span, Misplaced>,
}

/// Where words stand in the text of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Bytes of the text.
    pub bytes: Range<usize>,
    /// Characters (Unicode code points) of the text, as Web Annotation counts them: the end is exclusive.
    pub characters: Range<usize>,
    /// The passages that the words touch.
    pub passages: Vec<PassageLocator>,
}

/// The title and origin of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentMetadata {
    /// Its title, else what it is called.
    pub title: Option<String>,
    /// What it is derived from (`prov:wasDerivedFrom`).
    pub derived_from: Option<NamedNode>,
}

/// What a citation refers to: a named graph, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reference {
    /// A claim that says what it quotes of which document.
    Claim(Claim),
    /// Another graph.
    Graph {
        /// Its name.
        name: NamedNode,
        /// What it is called.
        label: Option<String>,
    },
}

impl Reference {
    /// The name of the graph.
    pub const fn name(&self) -> &NamedNode {
        match self {
            Self::Claim(claim) => &claim.name,
            Self::Graph { name, .. } => name,
        }
    }
}

/// Why a quote has no place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misplaced {
    /// There are this many quotes, and not one.
    Quotes(usize),
    /// There are this many documents, and not one.
    Documents(usize),
    /// The text of the document is not here.
    NoText,
    /// The document and another one have one name for their texts.
    SharedText,
    /// The words do not stand in the text once.
    Text(NotOneQuote),
}

impl fmt::Display for Misplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quotes(0) => f.write_str("it quotes nothing"),
            Self::Quotes(count) => write!(f, "it has {count} quotes"),
            Self::Documents(count) => write!(f, "it has {count} documents"),
            Self::NoText => f.write_str("the text of its document is missing"),
            Self::SharedText => f.write_str("its document shares its text file with another"),
            Self::Text(NotOneQuote::Absent) => f.write_str("its quote does not occur in the text"),
            Self::Text(NotOneQuote::Ambiguous(count)) => {
                write!(f, "its quote occurs {count} times in the text")
            }
        }
    }
}

impl Claim {
    /// Reads what is said of a thing, and finds its quotes in the texts. What is no literal, or a document that is no IRI,
    /// is left out.
    pub fn read(
        name: NamedNode,
        said: impl IntoIterator<Item = (NamedNode, Term)>,
        texts: &Texts,
    ) -> Self {
        let ClaimHead { kind, documents, quotes, notes } = ClaimHead::read(said, texts);
        Self { name, kind, documents, quotes, notes, source: None }
    }

    /// Where the one quote stands in the one document.
    ///
    /// # Errors
    /// If there is not one of each, or the quote has not one place.
    pub fn place(&self) -> Result<&Span, Misplaced> {
        place(&self.quotes)
    }

    /// Puts what stands around its quotes in the place of what is said of that, where they have a place: so many
    /// characters.
    #[must_use]
    pub(crate) fn with_surroundings(mut self, texts: &Texts, characters: usize) -> Self {
        let [document] = self.documents.as_slice() else { return self };
        let Ok(text) = texts.of(document.as_str()).map(Document::text) else { return self };
        for quote in &mut self.quotes {
            let Ok(span) = &quote.place else { continue };
            let (before, after) = (&text[..span.bytes.start], &text[span.bytes.end..]);
            let start = before.char_indices().rev().nth(characters.saturating_sub(1));
            quote.prefix = Some(before[start.map_or(0, |(start, _)| start)..].to_owned());
            quote.suffix = Some(after.chars().take(characters).collect());
        }
        self
    }

    /// Whether it is a claim that says what it quotes of which document.
    pub fn has_evidence(&self) -> bool {
        self.kind == ClaimKind::Claim && !self.documents.is_empty() && !self.quotes.is_empty()
    }

    /// The passages that the quote touches: none if it has no place.
    pub fn passages(&self) -> &[PassageLocator] {
        self.place().map_or(&[], |span| &span.passages)
    }
}

/// The head of a claim without its name: its documents, quotes and notes.
struct ClaimHead {
    kind: ClaimKind,
    documents: Vec<NamedNode>,
    quotes: Vec<Quote>,
    notes: Vec<String>,
}

impl ClaimHead {
    fn read(said: impl IntoIterator<Item = (NamedNode, Term)>, texts: &Texts) -> Self {
        let (mut is_claim, mut is_omission) = (false, false);
        let (mut documents, mut quotes) = (Vec::new(), Vec::new());
        let (mut readings, mut reasons) = (Vec::new(), Vec::new());
        let (mut prefixes, mut suffixes) = (Vec::new(), Vec::new());
        for (property, value) in said {
            let property = property.as_ref();
            match value {
                Term::NamedNode(iri) if property == dos::DOCUMENT => documents.push(iri),
                Term::NamedNode(iri) if property == rdf::TYPE => {
                    is_claim |= iri.as_ref() == dos::CLAIM;
                    is_omission |= iri.as_ref() == dos::OMISSION;
                }
                Term::Literal(literal) => {
                    let words = match property {
                        dos::QUOTE => &mut quotes,
                        dos::READING => &mut readings,
                        dos::REASON => &mut reasons,
                        terms::PREFIX => &mut prefixes,
                        terms::SUFFIX => &mut suffixes,
                        _ => continue,
                    };
                    words.push(literal.destruct().0);
                }
                _ => {}
            }
        }
        let kind = match (is_claim, is_omission) {
            (true, _) => ClaimKind::Claim,
            (false, true) => ClaimKind::Omission,
            (false, false) => ClaimKind::Other,
        };
        let mut notes = if kind == ClaimKind::Omission { reasons } else { readings };
        for list in [&mut quotes, &mut notes] {
            list.sort();
            list.dedup();
        }
        documents.sort();
        documents.dedup();
        // What stands around a quote is said of the claim: of two quotes it is not known which one is meant.
        let is_one = quotes.len() == 1;
        let around = |words: Vec<String>| {
            words.into_iter().min().filter(|words| is_one && !words.is_empty())
        };
        let around = [prefixes, suffixes].map(around);
        let text = match documents.as_slice() {
            [document] => texts.of(document.as_str()),
            several => Err(Misplaced::Documents(several.len())),
        };
        let quotes = quotes.into_iter().map(|words| Quote::find(words, around.clone(), text));
        Self { kind, quotes: quotes.collect(), documents, notes }
    }
}

impl Quote {
    /// Finds words in a text, if there is one.
    fn find(
        words: String,
        [prefix, suffix]: [Option<String>; 2],
        text: Result<&Document, Misplaced>,
    ) -> Self {
        let place = text.and_then(|document| {
            let (before, after) = (prefix.as_deref(), suffix.as_deref());
            let bytes = document
                .locate(&words, before.unwrap_or_default(), after.unwrap_or_default())
                .map_err(Misplaced::Text)?;
            let passages = document.passages_at(bytes.clone()).iter();
            Ok(Span {
                passages: passages.map(|passage| passage.place).collect(),
                characters: document.characters(bytes.clone()),
                bytes,
            })
        });
        Self { text: words, prefix, suffix, place }
    }
}

/// Where the one of some quotes stands.
fn place(quotes: &[Quote]) -> Result<&Span, Misplaced> {
    match quotes {
        [quote] => quote.place.as_ref().map_err(|misplaced| *misplaced),
        quotes => Err(match quotes.first().map(|quote| &quote.place) {
            Some(Err(misplaced)) if !matches!(misplaced, Misplaced::Text(_)) => *misplaced,
            _ => Misplaced::Quotes(quotes.len()),
        }),
    }
}
