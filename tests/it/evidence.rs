//! Claims in the vocabularies of other programs: what their specifications require holds, and nothing is made up.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
use dossier::internals::NotOneQuote;
use dossier::{
    Claim, ClaimKind, ClaimVocabulary, Data, Dossier, Misplaced, Quote, Selection, Session, Span,
    Statement,
};
use oxigraph::model::{
    BlankNode, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term, Triple,
};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;

fn iri(iri: &str) -> NamedNode {
    NamedNode::new(iri).unwrap()
}

/// The rows of a query, in the prefixes of the three vocabularies.
fn rows(quads: &[Quad], query: &str) -> Vec<Vec<Option<Term>>> {
    let store = Store::new().unwrap();
    store.extend(quads.iter().cloned()).unwrap();
    let query = format!(
        "PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX oa: <http://www.w3.org/ns/oa#>
         PREFIX np: <http://www.nanopub.org/nschema#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
         PREFIX skos: <http://www.w3.org/2004/02/skos/core#> {query}"
    );
    let query = SparqlEvaluator::new().parse_query(&query).unwrap();
    let QueryResults::Solutions(solutions) = query.on_store(&store).execute().unwrap() else {
        panic!("a SELECT has solutions")
    };
    solutions.map(|row| row.unwrap().values().to_vec()).collect()
}

fn count(quads: &[Quad], query: &str) -> usize {
    rows(quads, query).len()
}

/// The conditions of the guidelines on the structure of a nanopublication, each as a query for what breaks it.
fn check_nanopub(quads: &[Quad], nanopubs: usize) {
    let whole = "GRAPH ?h { ?n a np:Nanopublication ; np:hasAssertion ?a ; np:hasProvenance ?p ; np:hasPublicationInfo ?i }";
    assert_eq!(count(quads, &format!("SELECT * {{ {whole} }}")), nanopubs);
    for property in ["a", "np:hasAssertion", "np:hasProvenance", "np:hasPublicationInfo"] {
        let value = if property == "a" { "np:Nanopublication" } else { "?x" };
        let query = format!("SELECT * {{ GRAPH ?h {{ ?n {property} {value} }} }}");
        assert_eq!(count(quads, &query), nanopubs, "{property} once each");
    }
    for broken in [
        // The nanopublication and its four graphs have five different names.
        "FILTER(?n = ?h || ?n = ?a || ?n = ?p || ?n = ?i || ?h = ?a || ?h = ?p || ?h = ?i || ?a = ?p || ?a = ?i || ?p = ?i)",
        "FILTER(!ISIRI(?n) || !ISIRI(?h) || !ISIRI(?a) || !ISIRI(?p) || !ISIRI(?i))",
        "FILTER NOT EXISTS { GRAPH ?a { ?s ?q ?o } }",
        // The provenance speaks of the assertion, and the publication info of the nanopublication.
        "FILTER NOT EXISTS { GRAPH ?p { ?a ?q ?o } }",
        "FILTER NOT EXISTS { GRAPH ?i { ?n ?q ?o } }",
    ] {
        assert_eq!(count(quads, &format!("SELECT * {{ {whole} {broken} }}")), 0, "{broken}");
    }
    // Every triple stands in one of the four graphs.
    assert!(quads.iter().all(|quad| !quad.graph_name.is_default_graph()));
    let graphs = rows(
        quads,
        &format!(
            "SELECT DISTINCT ?g {{ {whole} GRAPH ?g {{ ?s ?q ?o }} FILTER(?g IN (?h, ?a, ?p, ?i)) }}"
        ),
    );
    assert_eq!(graphs.len(), count(quads, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?q ?o } }"));
}

/// What the Web Annotation model and vocabulary require.
fn check_oa(quads: &[Quad], annotations: usize) {
    assert_eq!(count(quads, "SELECT ?a { ?a a oa:Annotation FILTER(ISIRI(?a)) }"), annotations);
    for broken in [
        // One or more targets (3.1); a specific resource has exactly one source (4).
        "?x a oa:Annotation FILTER NOT EXISTS { ?x oa:hasTarget ?t }",
        "?x a oa:SpecificResource OPTIONAL { ?x oa:hasSource ?s } { SELECT ?x (COUNT(?y) AS ?n) { ?x a oa:SpecificResource OPTIONAL { ?x oa:hasSource ?y } } GROUP BY ?x } FILTER(?n != 1)",
        // A text quote selector has exactly one exact text, at most one prefix and one suffix (4.2.4).
        "?x a oa:TextQuoteSelector { SELECT ?x (COUNT(?y) AS ?n) { ?x a oa:TextQuoteSelector OPTIONAL { ?x oa:exact ?y } } GROUP BY ?x } FILTER(?n != 1)",
        "?x oa:prefix ?one , ?other FILTER(?one != ?other)",
        "?x oa:suffix ?one , ?other FILTER(?one != ?other)",
        // A text position selector has exactly one start and one end, not negative (4.2.5).
        "?x a oa:TextPositionSelector FILTER NOT EXISTS { ?x oa:start ?s ; oa:end ?e FILTER(?s >= 0 && ?e > ?s) }",
        "?x oa:start|oa:end ?v FILTER(DATATYPE(?v) != xsd:integer && DATATYPE(?v) != xsd:nonNegativeInteger)",
        "?x oa:hasSelector ?s FILTER NOT EXISTS { ?s a ?class FILTER(?class IN (oa:TextQuoteSelector, oa:TextPositionSelector)) }",
        // A motivation is one of the vocabulary's (3.3.5).
        "?x oa:motivatedBy ?m FILTER(?m != oa:describing)",
    ] {
        assert_eq!(count(quads, &format!("SELECT * {{ {broken} }}")), 0, "{broken}");
    }
    assert_eq!(count(quads, "SELECT ?a { ?a a oa:Annotation ; oa:motivatedBy ?m }"), annotations);
    assert_eq!(count(quads, "SELECT ?a { ?a a oa:Annotation ; oa:hasBody ?b }"), annotations);
}

/// What PROV-O's definitions require: what is quoted, derived from, or has a value is an entity.
fn check_prov(quads: &[Quad]) {
    for broken in [
        "?x prov:wasQuotedFrom|prov:wasDerivedFrom|prov:hadPrimarySource|prov:value ?y FILTER NOT EXISTS { ?x a prov:Entity }",
        "?x prov:wasQuotedFrom|prov:hadPrimarySource ?y FILTER NOT EXISTS { ?y a prov:Entity }",
        "?x prov:value ?one , ?other FILTER(?one != ?other)",
        "?x a prov:Bundle",
    ] {
        assert_eq!(count(quads, &format!("SELECT * {{ {broken} }}")), 0, "{broken}");
    }
}

fn built_in() -> Session {
    Session::open(Dossier::built_in(), &Data::Dossier).unwrap()
}

#[test]
fn every_claim_of_the_dossier_is_valid_in_each_vocabulary() {
    let session = built_in();
    let stated: BTreeSet<String> = (session.select(Selection::Claims).unwrap())
        .map(Result::unwrap)
        .filter(|quad| !quad.graph_name.is_default_graph())
        .map(|quad| quad.to_string())
        .collect();
    for vocabulary in ClaimVocabulary::ALL {
        let mapped = session.map_claims(vocabulary).unwrap();
        assert_eq!((mapped.left_out, mapped.without_place), (0, 0));
        let quads: BTreeSet<String> = mapped.quads.iter().map(ToString::to_string).collect();
        assert!(stated.is_subset(&quads), "{}", vocabulary.name());
        assert!(!quads.iter().any(|quad| quad.contains("ontology#quote>")));
    }
    let prov = session.map_claims(ClaimVocabulary::Prov).unwrap().quads;
    check_prov(&prov);
    assert_eq!(
        count(
            &prov,
            "SELECT ?c { ?c prov:hadPrimarySource ?d ; prov:wasDerivedFrom ?q . ?q prov:wasQuotedFrom ?d ; prov:value ?words }"
        ),
        28
    );
    let oa = session.map_claims(ClaimVocabulary::Oa).unwrap().quads;
    check_oa(&oa, 28);
    check_nanopub(&session.map_claims(ClaimVocabulary::Nanopub).unwrap().quads, 28);
}

/// The position selects the words of the quote selector, and the text around them is what it says.
#[test]
fn positions_select_the_quote() {
    let session = built_in();
    let text = session.dossier().documents().unwrap()[0].1.text().to_owned();
    let quads = session.map_claims(ClaimVocabulary::Oa).unwrap().quads;
    let found = rows(
        &quads,
        "SELECT ?start ?end ?exact ?prefix ?suffix { ?target oa:hasSelector ?p , ?q . ?p oa:start ?start ; oa:end ?end .
         ?q oa:exact ?exact ; oa:prefix ?prefix ; oa:suffix ?suffix }",
    );
    assert_eq!(found.len(), 28);
    let characters: Vec<char> = text.chars().collect();
    for row in found {
        let word = |i: usize| match &row[i] {
            Some(Term::Literal(literal)) => literal.value().to_owned(),
            other => panic!("{other:?}"),
        };
        let (start, end): (usize, usize) = (word(0).parse().unwrap(), word(1).parse().unwrap());
        assert_eq!(characters[start..end].iter().collect::<String>(), word(2));
        assert!(characters[..start].iter().collect::<String>().ends_with(&word(3)));
        assert!(characters[end..].iter().collect::<String>().starts_with(&word(4)));
    }
}

/// A dossier with a quote that stands nowhere, one that stands three times, and a claim with two quotes.
#[test]
fn what_is_not_known_is_not_said() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/read.in");
    let session = Session::open(Dossier::open(&folder).unwrap(), &Data::Dossier).unwrap();
    let iri_of = |name: &str| session.prefixes().expand(name).unwrap();
    let oa = session.map_claims(ClaimVocabulary::Oa).unwrap();
    assert!(oa.without_place >= 2);
    let annotations = count(&oa.quads, "SELECT ?a { ?a a oa:Annotation }");
    check_oa(&oa.quads, annotations);
    let of = |claim: &str, path: &str| {
        format!("SELECT * {{ ?a oa:hasBody {} ; oa:hasTarget ?t . ?t {path} }}", iri_of(claim))
    };
    // The words are nowhere: the annotation is about the document as a whole.
    assert_eq!(count(&oa.quads, &of("g:c4", "oa:hasSelector ?s")), 0);
    assert_eq!(
        count(
            &oa.quads,
            &format!("SELECT * {{ ?a oa:hasBody {} ; oa:hasTarget ?t }}", iri_of("g:c4"))
        ),
        1
    );
    // They are there three times: no position.
    assert_eq!(count(&oa.quads, &of("g:c5", "oa:hasSelector/oa:exact ?words")), 1);
    assert_eq!(count(&oa.quads, &of("g:c5", "oa:hasSelector/oa:start ?start")), 0);
    let prov = session.map_claims(ClaimVocabulary::Prov).unwrap().quads;
    check_prov(&prov);
    let quoted = |claim: &str| {
        count(
            &prov,
            &format!("SELECT * {{ {} prov:wasDerivedFrom/prov:wasQuotedFrom ?d }}", iri_of(claim)),
        )
    };
    assert_eq!((quoted("g:c4"), quoted("g:c5"), quoted("g:c6")), (0, 1, 2));
    assert_eq!(
        count(&prov, &format!("SELECT * {{ {} prov:hadPrimarySource ?d }}", iri_of("g:c4"))),
        1
    );
}

fn claim() -> BoxedStrategy<(Claim, Vec<Triple>)> {
    let names = vec!["http://example.com/c", "http://example.com/x#c", "urn:c"];
    let term = prop_oneof![
        prop::sample::select(vec!["x:a", "x:b"]).prop_map(|name| Term::from(iri(name))),
        prop::sample::select(vec!["b1-1", "b1-2"])
            .prop_map(|label| Term::from(BlankNode::new_unchecked(label))),
        "[a-z ]{0,4}".prop_map(|text| Literal::new_simple_literal(text).into()),
    ];
    let triple = (prop::sample::select(vec!["x:a", "x:b"]), term)
        .prop_map(|(subject, object)| Triple::new(iri(subject), iri("x:p"), object));
    let place = prop_oneof![
        (0..9_usize, 1..9_usize).prop_map(|(start, length)| {
            let (bytes, characters) = (start..start + length, start..start + length);
            Ok(Span { bytes, characters, passages: Vec::new() })
        }),
        Just(Err(Misplaced::NoText)),
        Just(Err(Misplaced::Text(NotOneQuote::Absent))),
    ];
    let around = prop::option::of("[a-z]{0,3}");
    let quote = ("[a-z]{1,5}", around.clone(), around, place)
        .prop_map(|(text, prefix, suffix, place)| Quote { text, prefix, suffix, place });
    let document = prop::sample::subsequence(vec!["x:d", "x:e"], 0..=2);
    (
        prop::sample::select(names),
        prop::collection::vec(triple, 0..4),
        document,
        prop::collection::vec(quote, 0..3),
        prop::collection::vec("[a-z]{1,4}", 0..2),
    )
        .prop_map(|(name, triples, documents, quotes, notes)| {
            let documents = documents.into_iter().map(iri).collect();
            let (name, kind) = (iri(name), ClaimKind::Claim);
            (Claim { name, kind, documents, quotes, notes, source: None }, triples)
        })
        .boxed()
}

proptest! {
    #![proptest_config(support::cases(128))]

    #[test]
    fn every_claim_is_valid_or_left_out((claim, triples) in claim()) {
        let graph = GraphName::from(claim.name.clone());
        let stated: BTreeSet<String> = triples.iter().map(ToString::to_string).collect();
        let title = (iri("http://purl.org/dc/terms/title"), iri("x:t").into());
        let said = claim.documents.iter().map(|name| (name.clone(), vec![title.clone()])).collect();
        for vocabulary in ClaimVocabulary::ALL {
            let statement = Statement { claim: &claim, triples: &triples, said: &said };
            let Some(quads) = vocabulary.quads(statement) else {
                let is_impossible = match vocabulary {
                    ClaimVocabulary::Prov => false,
                    ClaimVocabulary::Oa => claim.documents.is_empty(),
                    ClaimVocabulary::Nanopub => triples.is_empty(),
                    _ => panic!("{} is not tested", vocabulary.name()),
                };
                prop_assert!(is_impossible);
                continue;
            };
            let kept = quads.iter().filter(|quad| quad.graph_name == graph);
            let kept: BTreeSet<String> =
                kept.map(|quad| Triple::from(quad.clone()).to_string()).collect();
            prop_assert_eq!(&kept, &stated);
            match vocabulary {
                ClaimVocabulary::Prov => check_prov(&quads),
                ClaimVocabulary::Oa => check_oa(&quads, 1),
                ClaimVocabulary::Nanopub => check_nanopub(&quads, 1),
                _ => panic!("{} is not tested", vocabulary.name()),
            }
            let names_a_place = quads.iter().any(|quad| quad.predicate.as_str().ends_with("oa#start"));
            let is_known = claim.documents.len() == 1
                && claim.quotes.iter().any(|quote| quote.place.is_ok());
            prop_assert_eq!(names_a_place, vocabulary == ClaimVocabulary::Oa && is_known);
            let named = |quad: &Quad| matches!(quad.subject, NamedOrBlankNode::NamedNode(_));
            prop_assert!(quads.iter().all(named));
        }
    }
}
