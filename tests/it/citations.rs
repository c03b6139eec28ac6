//! Every row of every saved query cites what it rests on. The citations that are expected were derived by reading the
//! claims and the queries, not by running anything.
//!
//! A file of `tests/citations` has a line for each row: derivations between bars, in a derivation `+` between what it
//! needs and `(a|b)` for what it needs one of, claims by their local names, other graphs by their IRIs in `<…>`, and a
//! `-` at its end if it rests on an absence.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support::saved_cases;
use dossier::{Citation, CitationOptions, Data, Dossier, Session, Status};
use std::collections::BTreeSet;
use std::path::Path;

const CLAIMS: &str = "https://w3id.org/dossier/sco/claim/";

/// What a row rests on: of each way to choose, the graphs, and whether there is an absence.
type Ways = BTreeSet<(BTreeSet<String>, bool)>;

fn product(factors: &[Vec<String>], is_absent: bool) -> Ways {
    let mut ways = vec![BTreeSet::new()];
    for factor in factors {
        ways = ways
            .iter()
            .flat_map(|way| {
                factor.iter().map(|graph| {
                    let mut way: BTreeSet<String> = way.clone();
                    way.insert(graph.clone());
                    way
                })
            })
            .collect();
    }
    ways.into_iter().map(|way| (way, is_absent)).collect()
}

/// Only the ways that do not need all that another one needs.
fn least(ways: &Ways) -> Ways {
    let is_more = |way: &(BTreeSet<String>, bool)| {
        ways.iter().any(|other| other != way && other.0.is_subset(&way.0) && other.1 <= way.1)
    };
    ways.iter().filter(|way| !is_more(way)).cloned().collect()
}

fn expected(line: &str) -> Ways {
    let mut ways = Ways::new();
    for derivation in line.split(" | ") {
        let (words, is_absent) = match derivation.strip_suffix('-') {
            Some(words) => (words.trim(), true),
            None => (derivation.trim(), false),
        };
        let factors: Vec<Vec<String>> = words
            .split('+')
            .filter(|factor| *factor != "background")
            .map(|factor| {
                factor
                    .trim_matches(['(', ')'])
                    .split('|')
                    .map(|name| name.trim().to_owned())
                    .collect()
            })
            .collect();
        ways.extend(product(&factors, is_absent));
    }
    least(&ways)
}

fn given(citation: &Citation) -> Ways {
    let name = |iri: &str| match iri.strip_prefix(CLAIMS) {
        Some(local) => local.to_owned(),
        None => format!("<{iri}>"),
    };
    let ways = citation.derivations.iter().flat_map(|derivation| {
        let factors: Vec<Vec<String>> = derivation
            .factors()
            .iter()
            .map(|graphs| graphs.iter().map(|graph| name(graph.as_str())).collect())
            .collect();
        product(&factors, !derivation.absences.is_empty())
    });
    least(&ways.collect())
}

#[test]
fn every_saved_query_cites_what_its_rows_rest_on() {
    let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/citations");
    let mut wrong = Vec::new();
    for (case, (name, arguments)) in saved_cases(&session) {
        let text = std::fs::read_to_string(folder.join(format!("{case}.csv")))
            .unwrap_or_else(|error| panic!("{case}: {error}"));
        let saved = session.catalogue().get(&name).unwrap();
        let query = session.bind(&saved, &arguments).unwrap();
        let answer = session.answer(&query, None, Some(CitationOptions::default())).unwrap();
        let rows = answer.rows().unwrap_or_else(|| panic!("{name} is no SELECT"));
        let citations: Vec<Citation> = rows.map(|row| row.unwrap().citation.unwrap()).collect();
        if citations.len() != text.lines().count() {
            wrong.push(format!("{case}: {} rows, not {}", citations.len(), text.lines().count()));
        }
        for (i, (citation, line)) in citations.iter().zip(text.lines()).enumerate() {
            let (given, expected) = (given(citation), expected(line));
            if given != expected {
                wrong.push(format!("{case}, row {}: {given:?}, not {expected:?}", i + 1));
            }
            if !matches!(citation.status, Status::Verified | Status::Background) {
                wrong.push(format!("{case}, row {}: {:?}", i + 1, citation.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
