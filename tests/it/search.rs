//! Search by words: what is found, where it stands and what it rests on, in memory and behind an endpoint.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::endpoint::sco;
use crate::support::program::run;
use dossier::oxigraph::model::{NamedNode, NamedOrBlankNode};
use dossier::{
    Address, Data, Dossier, Hit, HitKind, HitPlace, HitTarget, RdfFile, SearchIndex, SearchOptions,
    SearchResults, Session, SourceFile,
};
use proptest::prelude::*;
use std::path::Path;

fn built_in() -> Session {
    Session::open(Dossier::built_in(), &Data::Dossier).unwrap()
}

fn search(session: &Session, typed: &str) -> SearchResults {
    let options = SearchOptions { kinds: &[], most: usize::MAX, cite: true, any: false };
    SearchIndex::new(session).unwrap().find(session, typed, options).unwrap()
}

/// Each hit in a line: its kind, what it is, where it stands, and the claims behind it.
fn lines(session: &Session, found: &SearchResults) -> Vec<String> {
    let curie = |iri: &NamedNode| session.prefixes().show(iri);
    let line = |hit: &Hit| {
        let target = match &hit.target {
            HitTarget::Query(name) => name.clone(),
            HitTarget::Resource(NamedOrBlankNode::NamedNode(iri)) => curie(iri),
            HitTarget::Resource(node) => node.to_string(),
        };
        let place = match &hit.place {
            None => String::new(),
            Some(HitPlace::Property(property)) => curie(property),
            Some(HitPlace::Passage(_, place)) => place.short(),
        };
        let derivations = hit.citation.iter().flat_map(|citation| &citation.derivations);
        let mut claims: Vec<String> =
            derivations.flat_map(|derivation| derivation.graphs()).map(curie).collect();
        claims.dedup();
        [hit.kind.name(), &target, &place, &claims.join("+")].join(" | ")
    };
    found.hits.iter().map(line).collect()
}

#[test]
fn what_is_found_has_its_place_and_its_claims() {
    let session = built_in();
    assert_eq!(
        lines(&session, &search(&session, "iran")),
        [
            "thing | country:IR | rdfs:label | ",
            "claim | claim:memorandum-2022 | ¶1 s2 | claim:memorandum-2022"
        ]
    );
    // A saved query is found by its question, and a phrase only where it stands.
    let queries = |typed: &str| {
        let options = SearchOptions { kinds: &[HitKind::Query], most: 3, cite: false, any: false };
        let found = SearchIndex::new(&session).unwrap().find(&session, typed, options).unwrap();
        lines(&session, &found)
    };
    assert_eq!(queries("wants to join"), ["query | candidates |  | "]);
    assert_eq!(queries("\"to join wants\""), [""; 0]);
}

#[test]
fn an_endpoint_finds_what_memory_finds() {
    let endpoint = sco();
    let remote =
        Session::open(Dossier::built_in(), &Data::Endpoint(Address::parse(&endpoint.url).unwrap()))
            .unwrap();
    let session = built_in();
    for typed in ["iran", "signed memorandum", "\"Shanghai Cooperation\"", "xyzzy"] {
        let (mut here, mut there) =
            (lines(&session, &search(&session, typed)), lines(&remote, &search(&remote, typed)));
        here.sort();
        there.sort();
        assert_eq!(here, there, "{typed}");
    }
}

#[test]
fn words_that_occur_nowhere_are_named_with_the_nearest() {
    let session = built_in();
    let found = search(&session, "Iran memorandun");
    assert_eq!(found.missing, [("memorandun".to_owned(), Some("memorandum".to_owned()))]);
    // Its beginning is enough, also for what was probably meant.
    let found = search(&session, "cyberzec");
    assert_eq!(found.missing, [("cyberzec".to_owned(), Some("cybersecurity".to_owned()))]);
    // Each occurs, but they do not occur together.
    assert!(search(&session, "Iran Uzbekistan").missing.is_empty());
}

#[test]
fn nothing_that_is_typed_breaks_a_search() {
    for typed in ["\"", "\"\"", "….,*", "-F", "\u{202e}"] {
        let (code, _, told) = run(Path::new("."), &["search", "--", typed]);
        assert!([0, 2].contains(&code) && !told.contains("panicked"), "{typed:?}: {told}");
    }
}

proptest! {
    #![proptest_config(crate::support::cases(48))]
    /// Each thing with a text that has the words is found once, and nothing else.
    #[test]
    fn things_are_found_by_their_texts(
        texts in prop::collection::vec((0_usize..4, "[ab]{1,2}( [ab]{1,2}){0,3}"), 0..10),
        typed in "[ab]{1,2}( [ab]{1,2})?",
    ) {
        let line = |(thing, text): &(usize, String)| {
            format!("<http://example.com/x{thing}> <http://example.com/p> \"{text}\" .\n")
        };
        let turtle = texts.iter().map(line).collect::<Vec<_>>().concat();
        let source = SourceFile { path: "data.ttl".into(), bytes: turtle.into_bytes().into() };
        let file = RdfFile::new(source).unwrap();
        let session = Session::of_files(Dossier::built_in(), vec![file.into()]).unwrap();
        let mut found: Vec<String> = search(&session, &typed)
            .hits
            .iter()
            .filter(|hit| hit.kind == HitKind::Thing)
            .map(|hit| match &hit.target {
                HitTarget::Resource(thing) => thing.to_string(),
                HitTarget::Query(name) => name.clone(),
            })
            .collect();
        found.sort();
        let has = |text: &str| {
            typed.split(' ').all(|word| text.split(' ').any(|part| part.starts_with(word)))
        };
        let mut expected: Vec<String> = texts
            .iter()
            .filter(|(_, text)| has(text))
            .map(|(thing, _)| format!("<http://example.com/x{thing}>"))
            .collect();
        expected.sort();
        expected.dedup();
        prop_assert_eq!(found, expected);
    }
}
