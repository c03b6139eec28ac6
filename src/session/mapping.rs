//! Mapping claims, with their quotes located in the texts, to the vocabularies of other programs.

use super::Session;
use super::selection::Selection;
use crate::claim::{ClaimVocabulary, Statement};
use crate::diagnostic::Result;
use crate::vocabulary::{dos, rdf};
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term, Triple};
use std::collections::{BTreeMap, HashMap};

/// The number of characters of context around a quote.
const AROUND: usize = 32;
/// The namespace of Web Annotation, whose terms describe the quote of a claim.
const OA: &str = "http://www.w3.org/ns/oa#";
/// The namespace of the core ontology.
const DOS: &str = "https://w3id.org/dossier/ontology#";

/// Claims in another vocabulary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// The quads.
    pub quads: Vec<Quad>,
    /// The number of omitted claims: the vocabulary has no valid form for them, or they have no IRI.
    pub left_out: usize,
    /// The number of claims with a quote that could not be located.
    pub without_place: usize,
}

type PropertyList = Vec<(NamedNode, Term)>;

impl Session {
    /// Maps the claims to a vocabulary.
    ///
    /// # Errors
    /// Fails if the store fails or a text cannot be read.
    pub fn map_claims(&self, vocabulary: ClaimVocabulary) -> Result<Mapping> {
        let mut stated: HashMap<NamedNode, Vec<Triple>> = HashMap::new();
        let mut said: HashMap<NamedNode, PropertyList> = HashMap::new();
        let mut claims: BTreeMap<String, NamedNode> = BTreeMap::new();
        let mut mapped = Mapping::default();
        for quad in self.select(Selection::Claims)? {
            let quad = quad?;
            if let GraphName::NamedNode(name) = &quad.graph_name {
                stated.entry(name.clone()).or_default().push(quad.into());
                continue;
            }
            let is_claim = quad.graph_name.is_default_graph()
                && quad.predicate.as_ref() == rdf::TYPE
                && quad.object == Term::from(dos::CLAIM);
            match quad.subject {
                NamedOrBlankNode::NamedNode(name) if is_claim => {
                    claims.insert(name.as_str().to_owned(), name);
                }
                NamedOrBlankNode::BlankNode(_) => mapped.left_out += usize::from(is_claim),
                NamedOrBlankNode::NamedNode(name) => {
                    if is_of_other_vocabularies(&quad.predicate, &quad.object) {
                        said.entry(name).or_default().push((quad.predicate, quad.object));
                    }
                }
            }
        }
        for name in claims.into_values() {
            let claim = self.claim(&name)?.with_surroundings(self.texts()?, AROUND);
            let triples = stated.remove(&name).unwrap_or_default();
            match vocabulary.quads(Statement { claim: &claim, triples: &triples, said: &said }) {
                None => mapped.left_out += 1,
                Some(quads) => {
                    let are_placed = !claim.quotes.is_empty()
                        && claim.quotes.iter().all(|quote| quote.place.is_ok());
                    mapped.without_place += usize::from(!are_placed);
                    mapped.quads.extend(quads);
                }
            }
        }
        Ok(mapped)
    }
}

/// Returns whether a statement uses terms other than those that are mapped.
fn is_of_other_vocabularies(property: &NamedNode, value: &Term) -> bool {
    let property_is = |namespace| property.as_str().starts_with(namespace);
    let is_own_class = property.as_ref() == rdf::TYPE
        && matches!(value, Term::NamedNode(class) if class.as_str().starts_with(DOS));
    !(property_is(DOS) || property_is(OA) || is_own_class)
}
