//! What was found.

use super::excerpt::{SearchExcerpt, excerpt};
use crate::cite::Citation;
use crate::dossier::PassageLocator;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use std::ops::Range;

/// The kinds of what can be found, in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HitKind {
    /// A saved query.
    Query,
    /// A document, by one of its names or another text about it.
    Document,
    /// A thing, by one of its names or another text about it.
    Thing,
    /// A class or a property of the ontology.
    Term,
    /// A claim, by its quote.
    Claim,
    /// An omission, by its quote.
    Omission,
    /// A passage of a document that none of the claims quotes that were found.
    Passage,
}

impl HitKind {
    /// All kinds, in their order.
    pub const ALL: [Self; 7] = [
        Self::Query,
        Self::Document,
        Self::Thing,
        Self::Term,
        Self::Claim,
        Self::Omission,
        Self::Passage,
    ];

    /// Returns the name, as options and results have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Document => "document",
            Self::Thing => "thing",
            Self::Term => "term",
            Self::Claim => "claim",
            Self::Omission => "omission",
            Self::Passage => "passage",
        }
    }

    /// Returns the name for many of it.
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Query => "saved queries",
            Self::Document => "documents",
            Self::Thing => "things",
            Self::Term => "terms",
            Self::Claim => "claims",
            Self::Omission => "omissions",
            Self::Passage => "passages",
        }
    }
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its kind.
    pub kind: HitKind,
    /// What it is.
    pub target: HitTarget,
    /// Where its text stands.
    pub place: Option<HitPlace>,
    /// The text in which the words were found.
    pub text: String,
    /// The byte ranges of these words in the text, in order.
    pub marks: Vec<Range<usize>>,
    /// What it rests on: the claims that state the text of a thing; the claim itself; those that quote a passage. `None` for
    /// a saved query, and for a passage that nothing quotes.
    pub citation: Option<Citation>,
}

/// What a hit is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum HitTarget {
    /// A saved query, by name.
    Query(String),
    /// A resource: the thing, the claim, or the document of the passage.
    Resource(NamedOrBlankNode),
}

/// Where the text of a hit stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HitPlace {
    /// It is the value of this property.
    Property(NamedNode),
    /// It stands at this place of this document.
    Passage(NamedNode, PassageLocator),
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchResults {
    /// The hits, by kind and then the best first.
    pub hits: Vec<Hit>,
    /// The kinds of which there are more hits, with their number.
    pub omitted: Vec<(HitKind, usize)>,
    /// Whether so much was found that only the best of it was looked at.
    pub is_partial: bool,
    /// Words that occur nowhere, each with the nearest one that does.
    pub missing: Vec<(String, Option<String>)>,
}

/// What is wanted of a search.
#[derive(Debug, Clone, Copy)]
pub struct SearchOptions<'o> {
    /// The kinds of hits; all if it is empty.
    pub kinds: &'o [HitKind],
    /// The most hits of a kind.
    pub most: usize,
    /// Whether hits are cited.
    pub cite: bool,
    /// Whether some of the words are enough, instead of all.
    pub any: bool,
}

impl Hit {
    /// Returns the part of its text with the words that were found.
    pub fn excerpt(&self, characters: usize) -> SearchExcerpt {
        excerpt(&self.text, &self.marks, characters)
    }
}
