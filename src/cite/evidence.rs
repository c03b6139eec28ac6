//! Evidence: what a claim quotes, and where that stands.

use crate::dossier::Place;
use crate::engine::Misplaced;
use oxigraph::model::NamedNode;
use std::ops::Range;

/// What a claim rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The claim: its graph has this name.
    pub claim: NamedNode,
    /// The document that it quotes.
    pub document: NamedNode,
    /// The title of the document, else what it is called.
    pub title: Option<String>,
    /// What the document is derived from (`prov:wasDerivedFrom`).
    pub derived_from: Option<NamedNode>,
    /// The words of the document.
    pub quote: String,
    /// What had to be read into them.
    pub readings: Vec<String>,
    /// The passages that the quote touches: none if it does not stand in the one document exactly once.
    pub places: Vec<Place>,
    /// Where the quote stands: characters (Unicode code points) of the document's text, the end exclusive.
    pub characters: Option<Range<usize>>,
    /// Why the quote has no place.
    pub misplaced: Option<Misplaced>,
}
