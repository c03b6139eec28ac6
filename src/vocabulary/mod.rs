//! Names of IRIs: constants for the terms that the program knows, the prefix map, and labels.

mod datatypes;
mod labels;
mod ontology;
mod ontology_languages;
mod prefixes;
mod qualified;
mod triple_term;
mod web_link;

pub(crate) use datatypes::{
    LexicalFault, MONTHS, check_lexical_form, form_and_example, is_derived, is_numeric,
    is_xsd_datatype, lexical_form, nearest_xsd_datatype, xsd_name,
};
pub use labels::Labels;
pub(crate) use labels::{ALL_NAMES, LABELS, NAMES, folded};
pub use ontology::Ontology;
pub(crate) use ontology_languages::{
    is_misspelt_language_term, is_of_ontology_language, language_terms,
};
pub use prefixes::Prefixes;
pub(crate) use prefixes::{PrefixClash, well_known};
pub use qualified::AmbiguousPrefix;
#[cfg(feature = "rdf-12")]
pub(crate) use triple_term::parts;
pub(crate) use triple_term::{
    direction_of, each_blank_node, hides_blank_node, in_parts, is_triple_term, tag_of, tagged,
};
pub(crate) use web_link::outside;

use oxigraph::model::NamedNodeRef;

/// The namespace of the core ontology.
pub(crate) const DOS: &str = "https://w3id.org/dossier/ontology#";

/// The datatypes of dates that include a year, from the coarsest to the finest.
pub(crate) const DATES: [NamedNodeRef<'static>; 4] =
    [xsd::G_YEAR, xsd::G_YEAR_MONTH, xsd::DATE, xsd::DATE_TIME];

/// Defines a module of IRI constants that share a namespace.
macro_rules! namespace {
    ($(#[$doc:meta])* $module:ident $namespace:literal $($constant:ident $local:literal)*) => {
        $(#[$doc])*
        pub(crate) mod $module {
            use oxigraph::model::NamedNodeRef;
            $(
                #[doc = concat!("`<", $namespace, $local, ">`")]
                pub(crate) const $constant: NamedNodeRef<'static> =
                    NamedNodeRef::new_unchecked(concat!($namespace, $local));
            )*
        }
    };
}

namespace! {
    /// [DCMI Metadata Terms](https://www.dublincore.org/specifications/dublin-core/dcmi-terms/).
    dcterms "http://purl.org/dc/terms/"
    CONTRIBUTOR "contributor"
    CREATOR "creator"
    DESCRIPTION "description"
    PUBLISHER "publisher"
    SOURCE "source"
    SUBJECT "subject"
    TITLE "title"
}

namespace! {
    /// The core ontology of every dossier (`ontology/core.ttl`).
    dos "https://w3id.org/dossier/ontology#"
    CLAIM "Claim"
    DOCUMENT_CLASS "Document"
    OMISSION "Omission"
    PASSAGE_CLASS "Passage"
    ADDED "added"
    DATE "date"
    DOCUMENT "document"
    EARLIEST "earliest"
    HEADER_LINE "headerLine"
    ITEM "item"
    LATEST "latest"
    OPEN_LIST "openList"
    PAGE "page"
    PARAGRAPH "paragraph"
    PASSAGE "passage"
    QUOTE "quote"
    READING "reading"
    REASON "reason"
    ROW "row"
    SENTENCE "sentence"
    SHA256 "sha256"
}

namespace! {
    /// What a push leaves on a server.
    push "https://w3id.org/dossier/push#"
    BACKGROUND "background"
    FRESH "fresh"
    SENT "sent"
}

namespace! {
    /// [FOAF](http://xmlns.com/foaf/spec/).
    foaf "http://xmlns.com/foaf/0.1/"
    GROUP "Group"
    NAME "name"
}

namespace! {
    /// [Nanopublications](https://nanopub.net/guidelines/working_draft/).
    np "http://www.nanopub.org/nschema#"
    NANOPUBLICATION "Nanopublication"
    HAS_ASSERTION "hasAssertion"
    HAS_PROVENANCE "hasProvenance"
    HAS_PUBLICATION_INFO "hasPublicationInfo"
}

namespace! {
    /// [Web Annotation](https://www.w3.org/TR/annotation-vocab/).
    oa "http://www.w3.org/ns/oa#"
    ANNOTATION "Annotation"
    SPECIFIC_RESOURCE "SpecificResource"
    TEXT_POSITION_SELECTOR "TextPositionSelector"
    TEXT_QUOTE_SELECTOR "TextQuoteSelector"
    BODY_VALUE "bodyValue"
    DESCRIBING "describing"
    END "end"
    EXACT "exact"
    HAS_BODY "hasBody"
    HAS_PURPOSE "hasPurpose"
    HAS_SELECTOR "hasSelector"
    HAS_SOURCE "hasSource"
    HAS_TARGET "hasTarget"
    MOTIVATED_BY "motivatedBy"
    PREFIX "prefix"
    START "start"
    SUFFIX "suffix"
    TAGGING "tagging"
}

namespace! {
    /// [The Organization Ontology](https://www.w3.org/TR/vocab-org/).
    org "http://www.w3.org/ns/org#"
    MEMBERSHIP "Membership"
}

namespace! {
    /// [OWL](https://www.w3.org/TR/owl2-syntax/).
    owl "http://www.w3.org/2002/07/owl#"
    ANNOTATION_PROPERTY "AnnotationProperty"
    CLASS "Class"
    DATATYPE_PROPERTY "DatatypeProperty"
    DIFFERENT_FROM "differentFrom"
    DISJOINT_WITH "disjointWith"
    EQUIVALENT_CLASS "equivalentClass"
    EQUIVALENT_PROPERTY "equivalentProperty"
    INVERSE_OF "inverseOf"
    NAMED_INDIVIDUAL "NamedIndividual"
    OBJECT_PROPERTY "ObjectProperty"
    ONTOLOGY "Ontology"
    SAME_AS "sameAs"
    THING "Thing"
    UNION_OF "unionOf"
}

namespace! {
    /// [PROV-O](https://www.w3.org/TR/prov-o/).
    prov "http://www.w3.org/ns/prov#"
    ACTIVITY "Activity"
    ENTITY "Entity"
    HAD_PRIMARY_SOURCE "hadPrimarySource"
    VALUE "value"
    WAS_DERIVED_FROM "wasDerivedFrom"
    WAS_QUOTED_FROM "wasQuotedFrom"
}

namespace! {
    /// [RDF](https://www.w3.org/TR/rdf11-concepts/).
    rdf "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    JSON "JSON"
    FIRST "first"
    LANG_STRING "langString"
    NIL "nil"
    PROPERTY "Property"
    REST "rest"
    TYPE "type"
    VALUE "value"
}

namespace! {
    /// [RDF Schema](https://www.w3.org/TR/rdf-schema/).
    rdfs "http://www.w3.org/2000/01/rdf-schema#"
    CLASS "Class"
    COMMENT "comment"
    DATATYPE "Datatype"
    DOMAIN "domain"
    IS_DEFINED_BY "isDefinedBy"
    LABEL "label"
    LITERAL "Literal"
    RANGE "range"
    RESOURCE "Resource"
    SEE_ALSO "seeAlso"
    SUB_CLASS_OF "subClassOf"
    SUB_PROPERTY_OF "subPropertyOf"
}

namespace! {
    /// [schema.org](https://schema.org/).
    schema "https://schema.org/"
    END_DATE "endDate"
    NAME "name"
    START_DATE "startDate"
    TARGET "target"
    TEXT "text"
}

namespace! {
    /// [schema.org](https://schema.org/) with `http:` IRIs.
    schema_http "http://schema.org/"
    END_DATE "endDate"
    NAME "name"
    START_DATE "startDate"
}

namespace! {
    /// [SPARQL 1.1 Service Description](https://www.w3.org/TR/sparql11-service-description/).
    sd "http://www.w3.org/ns/sparql-service-description#"
    DATASET "Dataset"
    DEFAULT_DATASET "defaultDataset"
    DEFAULT_GRAPH "defaultGraph"
    ENDPOINT "endpoint"
    GRAPH "Graph"
    RESULT_FORMAT "resultFormat"
    SERVICE "Service"
    SPARQL_11_QUERY "SPARQL11Query"
    SUPPORTED_LANGUAGE "supportedLanguage"
}

namespace! {
    /// [SHACL](https://www.w3.org/TR/shacl/), for its prefix declarations and for queries that can be run.
    sh "http://www.w3.org/ns/shacl#"
    ASK "ask"
    CONSTRUCT "construct"
    DECLARE "declare"
    DESCRIBE "describe"
    NAMESPACE "namespace"
    PREFIX "prefix"
    SELECT "select"
    SPARQL_ASK_EXECUTABLE "SPARQLAskExecutable"
    SPARQL_CONSTRUCT_EXECUTABLE "SPARQLConstructExecutable"
    SPARQL_EXECUTABLE "SPARQLExecutable"
    SPARQL_SELECT_EXECUTABLE "SPARQLSelectExecutable"
}

namespace! {
    /// [SKOS](https://www.w3.org/TR/skos-reference/).
    skos "http://www.w3.org/2004/02/skos/core#"
    CONCEPT_SCHEME "ConceptScheme"
    ALT_LABEL "altLabel"
    BROAD_MATCH "broadMatch"
    BROADER "broader"
    CLOSE_MATCH "closeMatch"
    EDITORIAL_NOTE "editorialNote"
    EXACT_MATCH "exactMatch"
    HAS_TOP_CONCEPT "hasTopConcept"
    IN_SCHEME "inScheme"
    NARROW_MATCH "narrowMatch"
    NARROWER "narrower"
    NOTATION "notation"
    PREF_LABEL "prefLabel"
    RELATED "related"
    RELATED_MATCH "relatedMatch"
    TOP_CONCEPT_OF "topConceptOf"
}

namespace! {
    /// [VoID](https://www.w3.org/TR/void/).
    void "http://rdfs.org/ns/void#"
    DATASET "Dataset"
    CLASS "class"
    CLASS_PARTITION "classPartition"
    CLASSES "classes"
    DISTINCT_OBJECTS "distinctObjects"
    DISTINCT_SUBJECTS "distinctSubjects"
    ENTITIES "entities"
    PROPERTIES "properties"
    PROPERTY "property"
    PROPERTY_PARTITION "propertyPartition"
    SPARQL_ENDPOINT "sparqlEndpoint"
    TRIPLES "triples"
}

namespace! {
    /// [XML Schema datatypes](https://www.w3.org/TR/xmlschema11-2/).
    xsd "http://www.w3.org/2001/XMLSchema#"
    BOOLEAN "boolean"
    DATE "date"
    DATE_TIME "dateTime"
    DECIMAL "decimal"
    DOUBLE "double"
    G_YEAR "gYear"
    G_YEAR_MONTH "gYearMonth"
    INTEGER "integer"
    NON_NEGATIVE_INTEGER "nonNegativeInteger"
    STRING "string"
    TIME "time"
}
