//! Claims and their quotes in vocabularies that other programs know.
//!
//! Each mapping is a function from a claim to quads; it sees no store and no text. A claim's triples stay as they are,
//! in the graph of the claim's own name. Nothing is said that the dossier does not say or that does not follow from the
//! text: of a quote that does not stand in its document no place is given, nor that it is quoted from there.

use super::statement::Statement;
use super::{nanopub, oa, prov};
use oxigraph::model::Quad;

/// What claims are mapped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimVocabulary {
    /// [PROV-O](https://www.w3.org/TR/prov-o/): entities, quoted and derived.
    Prov,
    /// [Web Annotations](https://www.w3.org/TR/annotation-model/), whose bodies are the claims.
    Oa,
    /// [Nanopublications](https://nanopub.net/guidelines/working_draft/), whose assertions are the claims.
    Nanopub,
}

impl ClaimVocabulary {
    /// All of them, in the order in which help lists them.
    pub const ALL: [Self; 3] = [Self::Prov, Self::Oa, Self::Nanopub];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prov => "prov",
            Self::Oa => "oa",
            Self::Nanopub => "nanopub",
        }
    }

    /// The prefixes that the mapping uses, with their namespaces.
    pub const fn prefixes(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Prov => &[("prov", "http://www.w3.org/ns/prov#")],
            Self::Oa => &[("oa", "http://www.w3.org/ns/oa#")],
            Self::Nanopub => {
                &[("np", "http://www.nanopub.org/nschema#"), ("prov", "http://www.w3.org/ns/prov#")]
            }
        }
    }

    /// The quads for a claim: nothing if the vocabulary has no valid form for it. An annotation needs a document that
    /// it is about, a nanopublication a triple that it asserts.
    pub fn quads(self, statement: Statement<'_>) -> Option<Vec<Quad>> {
        match self {
            Self::Prov => Some(prov::quads(statement)),
            Self::Oa => oa::quads(statement),
            Self::Nanopub => nanopub::quads(statement),
        }
    }
}
