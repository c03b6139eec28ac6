//! Forms: inputs for numbers and dates, what is typed into them, and how many rows their answers show.

use super::{attributes, page, texts};
use dossier::internals::response_to;
use dossier::{Data, Dossier, Session};
use std::fs;
use std::path::Path;

const QUERY: &str = "\
#+ summary: What was counted
#+ params:
#+   count: { label: how many }
#+   day: { default: \"2001-06-15\" }
#+   unit: { values: [kilogram, litre] }
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?count {
  BIND(?_count_integer AS ?count) FILTER(STR(?__day_date) > '2') FILTER(STR(?__month_xsd_gYearMonth) != '')
  FILTER(?__size_decimal = 2.5) FILTER(?__open_boolean) FILTER(STR(?__year_xsd_gYear) != '') FILTER(?__unit != '')
}
";

fn session(folder: &Path, data: &str, query: &str) -> Session {
    for name in ["ontology", "data/documents", "queries"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    let ontology = "<x:o> a <http://www.w3.org/2002/07/owl#Ontology> .";
    fs::write(folder.join("ontology/o.ttl"), ontology).unwrap();
    fs::write(folder.join("data/d.ttl"), data).unwrap();
    fs::write(folder.join("queries/q.rq"), query).unwrap();
    Session::open(Dossier::open(folder).unwrap(), &Data::Dossier).unwrap()
}

#[test]
fn inputs_have_the_type_of_their_values() {
    let folder = tempfile::tempdir().unwrap();
    let session = session(folder.path(), "", QUERY);
    let (status, form) = page(&session, "/ask/q");
    assert_eq!(status, 200);
    let input = |name: &str, attribute: &str| {
        attributes(&form, &format!("form.parameters [name={name}]"), attribute)
    };
    for (name, kind) in [
        ("count", "number"),
        ("day", "date"),
        ("month", "text"),
        ("size", "text"),
        ("year", "text"),
    ] {
        assert_eq!(input(name, "type"), [kind], "{name}");
    }
    assert_eq!(input("month", "pattern"), ["-?[0-9]{4,}-[0-9]{2}"]);
    assert_eq!(input("year", "pattern"), ["-?[0-9]{4,}"]);
    let required = attributes(&form, ".parameters [required]", "name");
    assert_eq!(required, ["count"]);
    assert_eq!(texts(&form, "select[name=open] option"), ["Any", "true", "false"]);
    assert_eq!(texts(&form, "select[name=unit] option"), ["Any", "kilogram", "litre"]);
    assert_eq!(texts(&form, ".hint"), ["how many", "2001-06-15 by default"]);
}

#[test]
fn typed_values_are_asked_and_stay_in_the_form() {
    let folder = tempfile::tempdir().unwrap();
    let session = session(folder.path(), "", QUERY);
    let arguments =
        "count=-3/day=2016-02-29/month=2016-02/size=2.50/open=true/year=-0044/unit=litre";
    let (status, answer) = page(&session, &format!("/ask/q/{arguments}"));
    assert_eq!(status, 200);
    assert_eq!(texts(&answer, "tbody td:first-child"), ["-3"]);
    for (name, kind, value) in [
        ("count", "number", "-3"),
        ("day", "date", "2016-02-29"),
        ("month", "text", "2016-02"),
        ("size", "text", "2.50"),
        ("year", "text", "-0044"),
    ] {
        let selector = format!("input[name={name}]");
        assert_eq!(attributes(&answer, &selector, "type"), [kind], "{name}");
        assert_eq!(attributes(&answer, &selector, "value"), [value], "{name}");
    }
    assert_eq!(texts(&answer, "option[selected]"), ["true", "litre"]);
}

#[test]
fn wrong_values_are_explained_and_stay_in_the_form() {
    let folder = tempfile::tempdir().unwrap();
    let session = session(folder.path(), "", QUERY);
    for (name, value, title, help) in [
        ("count", "3.5", "invalid value 3.5 for count", "expected a whole number"),
        ("count", "three", "invalid value three for count", "expected a whole number"),
        (
            "day",
            "2001-02-30",
            "invalid value 2001-02-30 for day",
            "expected a day, like 2001-06-15",
        ),
        ("day", "15.6.2001", "invalid value 15.6.2001 for day", "expected a day, like 2001-06-15"),
        ("month", "2001-13", "invalid value 2001-13 for month", "expected"),
        ("year", "01", "invalid value 01 for year", "expected a year"),
        (
            "size",
            "2,5",
            "invalid value 2,5 for size",
            "expected a number, like 2.5: did you mean size=2.5?",
        ),
    ] {
        let others = if name == "count" { "" } else { "/count=7" };
        let (status, answer) = page(&session, &format!("/ask/q/{name}={value}{others}"));
        assert_eq!(status, 400, "{name}={value}");
        assert_eq!(texts(&answer, ".message .title"), [format!("Error: {title}")]);
        let helps = texts(&answer, ".message .help");
        assert!(helps[0].contains(help), "{helps:?}");
        // A browser shows no wrong value in an input with a type.
        let selector = format!("input[name={name}]");
        assert_eq!(attributes(&answer, &selector, "type"), ["text"], "{name}={value}");
        assert_eq!(attributes(&answer, &selector, "value"), [value]);
        if !others.is_empty() {
            assert_eq!(attributes(&answer, "input[name=count]", "value"), ["7"]);
        }
        assert!(answer.select("table").is_empty());
    }
    // What was probably meant is a link.
    let (_, answer) = page(&session, "/ask/q/count=7/unit=liter");
    assert_eq!(texts(&answer, "option[selected]"), ["liter"]);
    assert_eq!(texts(&answer, ".message .help"), ["Help: did you mean unit=litre?"]);
    assert_eq!(attributes(&answer, ".meant a", "href"), ["/ask/q/count=7/unit=litre"]);
    let (_, answer) = page(&session, "/ask/q/cuont=7");
    assert_eq!(texts(&answer, ".message .help"), ["Help: did you mean count?"]);
}

#[test]
fn the_number_of_rows_is_limited_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<String> = (0..10_001).map(|i| format!("<x:{i}> <x:p> {i} .\n")).collect();
    let data = lines.concat();
    let query = "SELECT ?s ?o { ?s <x:p> ?o FILTER(?o >= ?_from_integer) }";
    let session = session(folder.path(), &data, query);
    let json = |from: &str| {
        let target = format!("/ask/q/from={from}.json");
        let plain = Some("cite=0");
        let (status, _, body) = response_to(&session, "GET", &target, plain, None, None, b"");
        (status, serde_json::from_slice::<serde_json::Value>(&body).unwrap())
    };
    let (status, all) = page(&session, "/ask/q/from=0");
    assert_eq!(status, 200);
    assert_eq!(texts(&all, ".count"), ["The first 10000 rows; there are more"]);
    assert_eq!(all.select("tbody tr").length(), 10_000);
    let (status, problem) = json("0");
    assert_eq!((status, problem["id"].as_str()), (400, Some("rows-exceeded")));
    assert_eq!(problem["detail"], "the answer has more than 10000 rows");
    let (status, rows) = json("1");
    assert_eq!(status, 200);
    assert_eq!(rows["results"]["bindings"].as_array().unwrap().len(), 10_000);
    let target = "/ask/q/from=0.csv";
    let (status, _, csv) = response_to(&session, "GET", target, None, None, None, b"");
    assert_eq!((status, csv.iter().filter(|byte| **byte == b'\n').count()), (200, 10_002));
}
