//! The parts that the two JSON formats share: bindings, citations and claims.

use super::absences::absent;
use crate::cite::{Citation, CitedTriple};
use crate::claim::{Claim, Reference};
use crate::dossier::PassageLocator;
use crate::vocabulary::{Prefixes, direction_of, xsd};
use oxigraph::model::{NamedNode, Term, TermRef, Variable};
use oxigraph::sparql::QuerySolution;
use serde::Serialize;
use serde::ser::{SerializeMap as _, SerializeSeq as _, Serializer};
use std::sync::Arc;

/// The bindings of a solution.
pub(super) struct BindingsJson<'a>(pub &'a QuerySolution);

impl Serialize for BindingsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0
                .iter()
                .map(|(v, term): (&Variable, &Term)| (v.as_str(), TermJson(term.as_ref()))),
        )
    }
}

/// A term as in [SPARQL 1.1 Query Results JSON, 3.2.2](https://www.w3.org/TR/sparql11-results-json/#select-encode-terms).
pub(crate) struct TermJson<'a>(pub TermRef<'a>);

impl Serialize for TermJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.0 {
            TermRef::NamedNode(iri) => {
                map.serialize_entry("type", "uri")?;
                map.serialize_entry("value", iri.as_str())?;
            }
            TermRef::BlankNode(node) => {
                map.serialize_entry("type", "bnode")?;
                map.serialize_entry("value", node.as_str())?;
            }
            TermRef::Literal(literal) => {
                map.serialize_entry("type", "literal")?;
                map.serialize_entry("value", literal.value())?;
                if let Some(language) = literal.language() {
                    map.serialize_entry("xml:lang", language)?;
                    if let Some(direction) = direction_of(literal) {
                        map.serialize_entry("its:dir", direction)?;
                    }
                } else if literal.datatype() != xsd::STRING {
                    map.serialize_entry("datatype", literal.datatype().as_str())?;
                }
            }
            #[cfg(feature = "rdf-12")]
            TermRef::Triple(triple) => {
                map.serialize_entry("type", "triple")?;
                map.serialize_entry("value", &TripleTermJson(triple))?;
            }
        }
        map.end()
    }
}

/// The triple of a triple term.
#[cfg(feature = "rdf-12")]
struct TripleTermJson<'a>(&'a oxigraph::model::Triple);

#[cfg(feature = "rdf-12")]
impl Serialize for TripleTermJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("subject", &TermJson(self.0.subject.as_ref().into()))?;
        map.serialize_entry("predicate", &TermJson(self.0.predicate.as_ref().into()))?;
        map.serialize_entry("object", &TermJson(self.0.object.as_ref()))?;
        map.end()
    }
}

/// What a row rests on.
#[derive(Serialize)]
pub(super) struct CitationJson<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    derivations: Vec<DerivationJson<'a>>,
    more: bool,
}

#[derive(Serialize)]
struct DerivationJson<'a> {
    triples: Vec<TripleJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    absent: Vec<String>,
}

#[derive(Serialize)]
struct TripleJson<'a> {
    subject: TermJson<'a>,
    predicate: TermJson<'a>,
    object: TermJson<'a>,
    #[serde(serialize_with = "iris")]
    claims: &'a [NamedNode],
}

fn iris<S: Serializer>(iris: &&[NamedNode], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(iris.len()))?;
    for iri in *iris {
        list.serialize_element(iri.as_str())?;
    }
    list.end()
}

impl<'a> CitationJson<'a> {
    pub(super) fn new(citation: &'a Citation, prefixes: &Prefixes) -> Self {
        let triple = |cited: &'a CitedTriple| TripleJson {
            subject: TermJson(cited.triple.subject.as_ref().into()),
            predicate: TermJson(cited.triple.predicate.as_ref().into()),
            object: TermJson(cited.triple.object.as_ref()),
            claims: &cited.graphs,
        };
        let derivations = citation.derivations.iter().map(|derivation| DerivationJson {
            triples: derivation.triples.iter().map(triple).collect(),
            absent: derivation.absences.iter().map(|absence| absent(absence, prefixes)).collect(),
        });
        Self {
            status: citation.status.name(),
            reason: citation.status.reason().map(ToString::to_string),
            derivations: derivations.collect(),
            more: citation.has_more,
        }
    }
}

/// Claims and other graphs by IRI, each with what is known of it.
pub(super) struct ClaimsJson(pub Vec<Arc<Reference>>);

impl Serialize for ClaimsJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|reference| {
            let reference = reference.as_ref();
            (reference.name().as_str(), ReferenceJson::new(reference))
        }))
    }
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum ReferenceJson<'a> {
    Claim(ClaimJson<'a>),
    Graph {
        #[serde(skip_serializing_if = "Option::is_none")]
        label: Option<&'a str>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClaimJson<'a> {
    document: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    derived_from: Option<&'a str>,
    quote: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    readings: &'a [String],
    places: &'a [PassageLocator],
    #[serde(skip_serializing_if = "Option::is_none")]
    characters: Option<[usize; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    without_place: Option<String>,
}

impl<'a> ReferenceJson<'a> {
    pub(super) fn new(reference: &'a Reference) -> Self {
        match reference {
            Reference::Claim(claim) => Self::Claim(ClaimJson::new(claim)),
            Reference::Graph { label, .. } => Self::Graph { label: label.as_deref() },
        }
    }
}

impl<'a> ClaimJson<'a> {
    fn new(claim: &'a Claim) -> Self {
        let place = claim.place();
        let source = claim.source.as_deref();
        let derived_from = source.and_then(|source| source.derived_from.as_ref());
        Self {
            document: claim.documents.first().map(NamedNode::as_str),
            title: source.and_then(|source| source.title.as_deref()),
            derived_from: derived_from.map(NamedNode::as_str),
            quote: claim.quotes.first().map(|quote| quote.text.as_str()),
            readings: &claim.notes,
            places: claim.passages(),
            characters: place.ok().map(|span| [span.characters.start, span.characters.end]),
            without_place: place.err().map(|misplaced| misplaced.to_string()),
        }
    }
}
