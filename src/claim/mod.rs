//! Claims: their quotes, the position of the quotes in the documents, and the coverage of the text.
//!
//! A claim is read from statements about it, whether they come from a store, an endpoint or a file. Nothing here
//! depends on a store.
//!
//! Words that are nearly those of a document are found by these modules:
//!
//! ```text
//!   revision ── marks              what becomes of a quote in a new text; what in a difference can change its meaning
//!      │
//!   sloppy                         the words of a document for those that a person typed
//!      │
//!   nearest  selector  word_diff   the nearest place; the context that selects a place; differences word by word
//!      │
//!   folding  word_boundary         typography, case and accents are ignored; words are not cut
//! ```

mod coverage;
mod folding;
mod likely;
mod marks;
mod nanopub;
mod nearest;
mod oa;
mod passages;
mod prov;
mod revision;
mod selector;
mod sloppy;
mod source_link;
mod statement;
mod texts;
mod vocabulary;
mod word_boundary;
mod word_diff;

pub(crate) use coverage::{Cover, WordCounts, stretches, words};
pub(crate) use folding::folded;
pub use folding::{FoldedText, Folding};
pub use marks::Mark;
pub(crate) use marks::cautions;
pub use nearest::{Nearest, WordIndex};
pub(crate) use passages::{PASSAGES, is_place_of_quote};
pub(crate) use passages::{passages, place_of_quote};
pub use revision::{Change, Proposal, Revision, Verdict};
pub use selector::Selector;
pub use sloppy::{Likeness, QuoteFinder, QuoteMatch, QuotePlace};
pub use statement::Statement;
pub(crate) use texts::Texts;
pub use vocabulary::ClaimVocabulary;
pub use word_diff::{DiffPart, DiffSide};

use crate::dossier::{Document, NotOneQuote, PassageLocator};
use crate::vocabulary::{dos, oa as terms, rdf};
use oxigraph::model::{NamedNode, Term};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A thing that quotes a document: a claim, an omission, or neither. A valid one has one document and one quote. An
/// invalid one has all documents and quotes, so that the error can be reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its name, which is also the name of the graph of its statements.
    pub name: NamedNode,
    /// Its kind.
    pub kind: ClaimKind,
    /// The documents that it quotes, sorted by IRI.
    pub documents: Vec<NamedNode>,
    /// Its quotes, in order.
    pub quotes: Vec<Quote>,
    /// The readings of the quotes; for an omission, its reasons.
    pub notes: Vec<String>,
    /// The metadata of the first document, if it has been looked up.
    pub source: Option<Arc<DocumentMetadata>>,
}

/// The kind of a thing that quotes a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimKind {
    /// A claim, which states something.
    Claim,
    /// A thing without one of these types, whose quotes are treated like those of a claim.
    Other,
    /// An omission: words that are left out on purpose.
    Omission,
}

/// A quote from a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The quoted words.
    pub text: String,
    /// The text directly before them, if it is known.
    pub prefix: Option<String>,
    /// The text directly after them, if it is known.
    pub suffix: Option<String>,
    /// Their position, or the reason why they have none.
    pub place: Result<Span, Misplaced>,
}

/// The position of a quote in the text of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The byte range.
    pub bytes: Range<usize>,
    /// The range in characters (Unicode code points), as Web Annotation counts them. The end is exclusive.
    pub characters: Range<usize>,
    /// The passages that the quote overlaps.
    pub passages: Vec<PassageLocator>,
}

impl Span {
    /// Returns the position of a byte range in a document.
    pub(crate) fn of(document: &Document, bytes: Range<usize>) -> Self {
        let passages = document.passages_at(bytes.clone()).iter();
        Self {
            passages: passages.map(|passage| passage.place).collect(),
            characters: document.characters(bytes.clone()),
            bytes,
        }
    }
}

/// The title and origin of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentMetadata {
    /// Its title, otherwise its label.
    pub title: Option<String>,
    /// Its source (`prov:wasDerivedFrom`).
    pub derived_from: Option<NamedNode>,
}

/// The target of a citation: a named graph with its metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reference {
    /// A claim with its quote and document.
    Claim(Claim),
    /// Another graph.
    Graph {
        /// Its name.
        name: NamedNode,
        /// Its label.
        label: Option<String>,
    },
}

impl Reference {
    /// Returns the name of the graph.
    pub const fn name(&self) -> &NamedNode {
        match self {
            Self::Claim(claim) => &claim.name,
            Self::Graph { name, .. } => name,
        }
    }

    /// Returns a key that puts footnotes in the order in which their documents are read: by document, then by place.
    /// Other graphs come after claims.
    pub(crate) fn reading_order(&self) -> impl Ord + use<> {
        let claim = match self {
            Self::Claim(claim) => Some(claim),
            Self::Graph { .. } => None,
        };
        let place = claim.and_then(|claim| claim.place().ok());
        let place = place.map(|span| (span.characters.start, span.characters.end));
        let document = claim.and_then(|claim| claim.documents.first().cloned());
        (claim.is_none(), document, place, self.name().clone())
    }
}

/// The reason why a quote has no position in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misplaced {
    /// There are this many quotes instead of one.
    Quotes(usize),
    /// There are this many documents instead of one.
    Documents(usize),
    /// The text of the document is not available.
    NoText,
    /// Several documents share the name of the text.
    SharedText,
    /// The quote does not occur exactly once in the text.
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
    /// Reads a claim from statements about it, and locates its quotes in the texts. Ignores quotes and notes that are
    /// not literals, and documents that are not IRIs.
    pub fn read(
        name: NamedNode,
        said: impl IntoIterator<Item = (NamedNode, Term)>,
        texts: &Texts,
    ) -> Self {
        let ClaimHead { kind, documents, quotes, notes } = ClaimHead::read(said, texts);
        Self { name, kind, documents, quotes, notes, source: None }
    }

    /// Returns the position of the only quote in the only document.
    ///
    /// # Errors
    /// If there is not exactly one of each, or if the quote has no unique position.
    pub fn place(&self) -> Result<&Span, Misplaced> {
        place(&self.quotes)
    }

    /// Replaces the prefixes and suffixes of located quotes by the surrounding text, up to this many characters.
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

    /// Returns whether it is a claim with a quote and a document.
    pub fn has_evidence(&self) -> bool {
        self.kind == ClaimKind::Claim && !self.documents.is_empty() && !self.quotes.is_empty()
    }

    /// Returns the passages that the quote overlaps, or an empty slice if it has no position.
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
        // Prefixes and suffixes belong to the claim; with several quotes, it is not known which one they surround.
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
    /// Locates words in a text. The prefix and the suffix may be empty.
    pub fn locate(words: &str, prefix: &str, suffix: &str, document: &Document) -> Self {
        let around = [prefix, suffix].map(|side| (!side.is_empty()).then(|| side.to_owned()));
        Self::find(words.to_owned(), around, Ok(document))
    }

    /// Locates words in a text, if there is one.
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
            Ok(Span::of(document, bytes))
        });
        Self { text: words, prefix, suffix, place }
    }
}

/// Returns the position of the only quote.
fn place(quotes: &[Quote]) -> Result<&Span, Misplaced> {
    match quotes {
        [quote] => quote.place.as_ref().map_err(|misplaced| *misplaced),
        quotes => Err(match quotes.first().map(|quote| &quote.place) {
            Some(Err(misplaced)) if !matches!(misplaced, Misplaced::Text(_)) => *misplaced,
            _ => Misplaced::Quotes(quotes.len()),
        }),
    }
}
