//! Warnings are no false alarms: no saved query has any. And they are true on random data and queries.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
use crate::support::reference::Dataset;
use crate::support::{random_data, random_query, saved_cases};
use dossier::internals::{Mistake, Store, warnings};
use dossier::{BoundQuery, Data, Dossier, Prefixes, Session};
use proptest::prelude::*;
use spargebra::SparqlParser;
use std::collections::HashMap;
use std::path::Path;

fn is_quiet(session: &Session) -> usize {
    let cases = saved_cases(session);
    for (case, (name, arguments)) in &cases {
        let saved = session.catalogue().get(name).unwrap();
        let asked = session.bind(&saved, arguments).unwrap();
        assert_eq!(session.warnings(&asked).unwrap(), [], "{case}");
    }
    cases.len()
}

#[test]
fn no_saved_query_of_the_built_in_dossier_has_a_warning() {
    let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    assert!(is_quiet(&session) > 40);
    for check in session.dossier().checks().unwrap() {
        let text = check.text().unwrap();
        let asked = session.ad_hoc_query(&check.path, text, &[]).unwrap();
        assert_eq!(session.warnings(&asked).unwrap(), [], "{}", check.path);
    }
}

#[test]
fn no_saved_query_of_the_fixtures_has_a_warning() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd");
    for folder in ["check.in/right", "footnotes.in", "read.in", "diff.in/before"] {
        let session =
            Session::open(Dossier::open(&cases.join(folder)).unwrap(), &Data::Dossier).unwrap();
        is_quiet(&session);
    }
}

/// Dates that are left out are counted up to a number, and no further.
#[test]
fn dates_are_counted_up_to_a_number() {
    let year = "^^<http://www.w3.org/2001/XMLSchema#gYear>";
    let triple = |year_number| format!("<x:{year_number}> <x:date> \"{year_number}\"{year} .");
    let many = (1000..3500).map(triple).collect::<Vec<_>>().join("\n");
    let store = Store::of(Dataset::parse(&many).materialised()).unwrap();
    let text = "SELECT ?x { ?x <x:date> ?d FILTER(?d > \"2015-01-01\"^^<http://www.w3.org/2001/XMLSchema#date>) }";
    let query = SparqlParser::new().parse_query(text).unwrap();
    let asked =
        BoundQuery { query, origin: "query".into(), text: text.into(), values: HashMap::new() };
    let found = warnings(&store, &asked, &Prefixes::default(), &|_| Ok(false)).unwrap();
    let [Mistake::Incomparable(found)] = found.iter().map(|w| &w.mistake).collect::<Vec<_>>()[..]
    else {
        panic!("{found:?}")
    };
    assert!(found.count.has_more && found.count.number <= 2_000, "{found:?}");
    assert_eq!(found.by_year, "YEAR(?d) >= 2015");
}

proptest! {
    #![proptest_config(support::cases(150))]

    /// Whatever is asked, looking for mistakes fails only where asking does, and points into the text.
    #[test]
    fn warnings_stand_in_the_text(
        text in random_query::query(),
        data in random_data::dataset(),
    ) {
        let Ok(query) = SparqlParser::new().parse_query(&text) else {
            return Err(TestCaseError::reject("no SPARQL"));
        };
        let store = Store::of(Dataset::parse(&data).materialised()).unwrap();
        let asked = BoundQuery { query, origin: "query".into(), text, values: HashMap::new() };
        let found = warnings(&store, &asked, &Prefixes::default(), &|_| Ok(false)).unwrap();
        for warning in &found {
            for span in &warning.spans {
                let words = asked.text.get(span.clone());
                prop_assert!(words.is_some_and(|words| !words.is_empty()), "{warning:?}");
            }
            match &warning.mistake {
                // The names of the queries are those of the data, or there is no such name in it.
                Mistake::Unknown { iri, .. } => prop_assert!(!data.contains(&iri.to_string())),
                Mistake::Product { parts } => prop_assert!(parts.len() > 1),
                _ => {}
            }
        }
    }
}
