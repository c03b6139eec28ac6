//! The pages of two dossiers that contradict each other.

use super::{attributes, check_shape, page, texts};
use dossier::{Data, Dossier, Session};
use std::path::Path;

/// A session on the dossiers `harbour` and `museum`, which tell different years of one lighthouse.
fn both() -> Session {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/several.in");
    let open = |name: &str| Dossier::open(&folder.join(name)).unwrap();
    let joined = Dossier::join(vec![open("harbour"), open("museum")]).unwrap();
    Session::open(joined, &Data::Dossier).unwrap()
}

#[test]
fn an_answer_cites_both() {
    let session = both();
    let (status, answer) = page(&session, "/ask/museum%2Flights");
    assert_eq!(status, 200);
    check_shape("/ask/museum%2Flights", &answer);
    let rows = texts(&answer, "tbody tr");
    assert!(rows[0].starts_with("North Light1868") && rows[1].starts_with("North Light1871"));
    let quotes = texts(&answer, "blockquote");
    assert!(quotes[0].contains("first lit in 1868") && quotes[1].contains("shone since 1871"));
    let claims: Vec<String> = attributes(&answer, "a", "href")
        .into_iter()
        .filter(|link| link.starts_with("/claim/"))
        .collect();
    assert!(claims.contains(&"/claim/harbour:claim:lit".to_owned()), "{claims:?}");
    assert!(claims.contains(&"/claim/museum:claim:lit".to_owned()), "{claims:?}");
}

#[test]
fn names_of_both_have_pages() {
    let session = both();
    for (target, expected) in [
        ("/", 200),
        ("/ask/keepers", 200),
        ("/ask/keepers/lighthouse=South%20Light", 200),
        ("/ask/harbour%2Fkeepers/lighthouse=South%20Light", 200),
        ("/ask/lights", 400),
        ("/claim/museum:claim:south", 200),
        ("/claim/claim:lit", 200),
        ("/read/museum:doc:history", 200),
        ("/read/harbour:doc:history", 200),
        ("/thing/museum:doc:person-7", 200),
        ("/search?q=shone", 200),
        ("/query?query=ASK+%7B+GRAPH+museum%3Aclaim%3Alit+%7B+%3Fs+%3Fp+%3Fo+%7D+%7D", 200),
    ] {
        let (status, page) = page(&session, target);
        assert_eq!(status, expected, "{target}");
        check_shape(target, &page);
    }
    let (_, overview) = page(&session, "/");
    assert!(texts(&overview, "h1")[0].contains("harbour and museum"));
    let queries = attributes(&overview, "a", "href");
    assert!(queries.contains(&"/ask/museum%2Flights".to_owned()), "{queries:?}");
}
