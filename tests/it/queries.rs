//! Every saved query gives its expected answer. These were derived by reading the document, not by running the query.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support::saved_cases;
use dossier::{
    CitationOptions, Data, Dossier, Expected, Format, GraphFormat, RdfFile, Selection, Session,
    SourceFile, Terms, write_quads,
};
use oxigraph::model::Term;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::process::Command;

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

/// The library writes an answer of each form as the program does.
#[test]
fn an_answer_is_written_as_the_program_writes_it() {
    let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    let select = "SELECT ?s ?w { ?m org:member ?s ; dos:since ?w } ORDER BY ?s ?w LIMIT 3";
    let construct = "CONSTRUCT { ?m org:member ?s } WHERE { ?m org:member ?s ; dos:since ?w }";
    for (query, format) in [
        (select, "table"),
        (select, "csv"),
        (select, "json"),
        ("ASK { ?m org:member ?s }", "table"),
        ("ASK { ?m org:member ?s }", "json"),
        (construct, "trig"),
        (construct, "jsonld"),
    ] {
        for cite in [false, true] {
            let bound = session.ad_hoc_query("query", query, &[]).unwrap();
            let citing = cite.then(CitationOptions::default);
            let answer = session.answer(&bound, None, citing).unwrap();
            let mut written = Vec::new();
            let chosen = Format::from_name(format);
            session.write(answer, chosen, Terms::Label, &mut written).unwrap();
            let mut command = Command::new(env!("CARGO_BIN_EXE_dossier"));
            command.args(["query", query, "--format", format]);
            let output = command.args(cite.then_some("--cite")).output().unwrap();
            let expected = String::from_utf8(output.stdout).unwrap();
            assert_eq!(
                String::from_utf8(written).unwrap(),
                expected,
                "{query} as {format}, {cite}"
            );
        }
    }
    let bound = session.ad_hoc_query("query", construct, &[]).unwrap();
    for (format, citing) in [("csv", None), ("turtle", Some(CitationOptions::default()))] {
        let answer = session.answer(&bound, None, citing).unwrap();
        let chosen = Format::from_name(format);
        let written = session.write(answer, chosen, Terms::Label, &mut Vec::new());
        assert!(written.is_err(), "{format}");
    }
}
