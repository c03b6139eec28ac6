//! The terms of the languages for ontologies: RDF, RDF Schema and OWL 2.

use super::{owl, rdf, rdfs};
use oxigraph::model::NamedNodeRef;

/// The terms of [RDF](https://www.w3.org/TR/rdf11-schema/) in its namespace.
const RDF: &str = "type Property Statement subject predicate object value List first rest nil Bag Seq Alt langString HTML \
    XMLLiteral JSON PlainLiteral CompoundLiteral language direction dirLangString reifies";

/// The terms of [RDF Schema](https://www.w3.org/TR/rdf11-schema/).
const RDFS: &str = "Resource Class Literal Datatype Container ContainerMembershipProperty Proposition range domain subClassOf \
    subPropertyOf label comment seeAlso isDefinedBy member";

/// The terms of [OWL 2](https://www.w3.org/TR/owl2-rdf-based-semantics/), with those of OWL 1 that are deprecated.
const OWL: &str = "AllDifferent AllDisjointClasses AllDisjointProperties Annotation AnnotationProperty \
    AsymmetricProperty Axiom Class DataRange DatatypeProperty DeprecatedClass DeprecatedProperty FunctionalProperty \
    InverseFunctionalProperty IrreflexiveProperty NamedIndividual NegativePropertyAssertion Nothing ObjectProperty Ontology \
    OntologyProperty ReflexiveProperty Restriction SymmetricProperty TransitiveProperty Thing allValuesFrom \
    annotatedProperty annotatedSource annotatedTarget assertionProperty backwardCompatibleWith bottomDataProperty \
    bottomObjectProperty cardinality complementOf datatypeComplementOf deprecated differentFrom disjointUnionOf \
    disjointWith distinctMembers equivalentClass equivalentProperty hasKey hasSelf hasValue imports incompatibleWith \
    intersectionOf inverseOf maxCardinality maxQualifiedCardinality members minCardinality minQualifiedCardinality \
    onClass onDataRange onDatatype onProperties onProperty oneOf priorVersion propertyChainAxiom propertyDisjointWith \
    qualifiedCardinality rational real sameAs someValuesFrom sourceIndividual targetIndividual targetValue \
    topDataProperty topObjectProperty unionOf versionIRI versionInfo withRestrictions";

/// Returns the namespace of a term of a language, and the names of its terms.
fn languages() -> [(&'static str, &'static str); 3] {
    let namespace = |term: NamedNodeRef<'static>| {
        let iri = term.as_str();
        &iri[..=iri.rfind('#').unwrap_or(0)]
    };
    [(namespace(rdf::TYPE), RDF), (namespace(rdfs::LABEL), RDFS), (namespace(owl::CLASS), OWL)]
}

/// Returns whether an IRI belongs to a language for ontologies: RDF, RDF Schema or OWL.
pub(crate) fn is_of_ontology_language(iri: NamedNodeRef<'_>) -> bool {
    languages().iter().any(|(namespace, _)| iri.as_str().starts_with(namespace))
}

/// Returns whether an IRI is in the namespace of RDF, RDF Schema or OWL, but is none of their terms.
pub(crate) fn is_misspelt_language_term(iri: NamedNodeRef<'_>) -> bool {
    let local = |(namespace, names): &(&str, &'static str)| {
        Some((iri.as_str().strip_prefix(namespace)?.to_owned(), *names))
    };
    languages().iter().find_map(local).is_some_and(|(local, names)| {
        let is_member = local.strip_prefix('_').is_some_and(|number| {
            names == RDF && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        !local.is_empty() && !is_member && names.split_whitespace().all(|name| name != local)
    })
}

/// Returns the IRIs of all terms of RDF, RDF Schema and OWL.
pub(crate) fn language_terms() -> impl Iterator<Item = String> {
    languages().into_iter().flat_map(|(namespace, names)| {
        names.split_whitespace().map(move |name| format!("{namespace}{name}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_known_in_their_case() {
        for term in language_terms() {
            assert!(!is_misspelt_language_term(NamedNodeRef::new_unchecked(&term)), "{term}");
        }
        for (iri, expected) in [
            ("http://www.w3.org/2002/07/owl#Property", true),
            ("http://www.w3.org/2000/01/rdf-schema#class", true),
            ("http://www.w3.org/1999/02/22-rdf-syntax-ns#_2", false),
            ("http://www.w3.org/1999/02/22-rdf-syntax-ns#_", true),
            ("http://www.w3.org/2002/07/owl#", false),
            ("http://example.com/owl#Property", false),
        ] {
            let iri = NamedNodeRef::new_unchecked(iri);
            assert_eq!(is_misspelt_language_term(iri), expected, "{iri}");
        }
    }
}
