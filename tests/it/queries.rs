//! Every saved query gives its expected answer. These were derived by reading the document, not by running the query.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support::saved_cases;
use dossier::{
    Data, Dossier, Expected, GraphFormat, RdfFile, Selection, Session, SourceFile, write_quads,
};
use oxigraph::model::Term;
use std::borrow::Cow;
use std::collections::BTreeMap;

fn answer(
    session: &Session,
    name: &str,
    arguments: &[(String, String)],
) -> (Vec<String>, Vec<Vec<Option<Term>>>) {
    let saved = session.catalogue().get(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    let query = session.bind(&saved, arguments).unwrap_or_else(|error| panic!("{name}: {error}"));
    let answer = session.answer(&query, None, None).unwrap();
    let rows = answer.rows().unwrap_or_else(|| panic!("{name} is no SELECT"));
    let variables = rows.variables().iter().map(|variable| variable.as_str().to_owned()).collect();
    (variables, rows.map(|row| row.unwrap().solution.values().to_vec()).collect())
}

fn check(session: &Session) {
    let expected: BTreeMap<String, SourceFile> = session
        .dossier()
        .expected()
        .unwrap()
        .into_iter()
        .map(|source| (source.stem().to_owned(), source))
        .collect();
    let cases = saved_cases(session);
    assert_eq!(
        cases.keys().collect::<Vec<_>>(),
        expected.keys().collect::<Vec<_>>(),
        "each case has an expected answer, and each expected answer a case"
    );
    for (case, (name, arguments)) in &cases {
        let expected = Expected::parse(&expected[case], session.prefixes()).unwrap();
        let (variables, rows) = answer(session, name, arguments);
        assert_eq!(variables, expected.variables, "{case}");
        assert_eq!(rows, expected.rows, "{case}");
    }
}

#[test]
fn every_saved_query_gives_its_expected_answer() {
    let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    check(&session);
    assert!(session.catalogue().names().unwrap().len() >= 27);
}

/// The order of the rows is the query's: it does not change with the order of the data.
#[test]
fn the_order_of_the_data_does_not_matter() {
    let built_in = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    let mut text = Vec::new();
    write_quads(
        GraphFormat::NQuads,
        built_in.select(Selection::All).unwrap().map(Result::unwrap).collect(),
        &built_in.layout().unwrap(),
        &mut text,
    )
    .unwrap();
    let text = String::from_utf8(text).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.reverse();
    let middle = lines.len() / 3;
    lines.rotate_left(middle);
    let source =
        SourceFile { path: "reversed.nq".into(), bytes: Cow::Owned(lines.join("\n").into_bytes()) };
    let file = RdfFile::new(source).unwrap();
    check(&Session::of_files(Dossier::built_in(), vec![file.into()]).unwrap());
}
