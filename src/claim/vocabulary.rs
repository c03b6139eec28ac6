//! Maps claims and their quotes to vocabularies that other programs know.
//!
//! Each mapping is a function from a claim to quads; it depends on neither a store nor a text. A claim's triples stay
//! unchanged in the graph with the claim's name. The mapping adds nothing that the dossier does not state and that does
//! not follow from the text: a quote that does not occur in its document gets neither a position nor a source.

use super::statement::Statement;
use super::{nanopub, oa, prov};
use oxigraph::model::Quad;

/// A vocabulary to which claims are mapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimVocabulary {
    /// [PROV-O](https://www.w3.org/TR/prov-o/): entities with quotation and derivation.
    Prov,
    /// [Web Annotations](https://www.w3.org/TR/annotation-model/), whose bodies are the claims.
    Oa,
    /// [Nanopublications](https://nanopub.net/guidelines/working_draft/), whose assertions are the claims.
    Nanopub,
}

impl ClaimVocabulary {
    /// All vocabularies, in the order of the help.
    pub const ALL: [Self; 3] = [Self::Prov, Self::Oa, Self::Nanopub];

    /// Returns the name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prov => "prov",
            Self::Oa => "oa",
            Self::Nanopub => "nanopub",
        }
    }

    /// Returns the prefixes that the mapping uses, with their namespaces.
    pub const fn prefixes(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Prov => &[("prov", "http://www.w3.org/ns/prov#")],
            Self::Oa => &[("oa", "http://www.w3.org/ns/oa#")],
            Self::Nanopub => {
                &[("np", "http://www.nanopub.org/nschema#"), ("prov", "http://www.w3.org/ns/prov#")]
            }
        }
    }

    /// Returns the quads for a claim, or `None` if the vocabulary has no valid form for it. An annotation requires a
    /// document as its target, a nanopublication a triple to assert.
    pub fn quads(self, statement: Statement<'_>) -> Option<Vec<Quad>> {
        match self {
            Self::Prov => Some(prov::quads(statement)),
            Self::Oa => oa::quads(statement),
            Self::Nanopub => nanopub::quads(statement),
        }
    }
}
