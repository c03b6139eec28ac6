//! The pages of the built-in dossier, read again.

use super::{attributes, built_in, check_shape, page, texts};
use dossier::internals::{page_at, response_to};
use dossier::{Data, Dossier, Session};
use std::fs;

#[test]
fn every_page_has_the_same_shape() {
    let session = built_in();
    for (target, expected) in [
        ("/", 200),
        ("/ask/members", 200),
        ("/ask/members/year=2016", 200),
        ("/ask/members/year=x", 400),
        ("/ask/status", 200),
        ("/ask/status/state=China", 200),
        ("/ask/status/state=Chna", 400),
        ("/ask/instruments/from=2010/to=2015", 200),
        ("/ask/statements/entity=sco:SCO", 200),
        ("/ask/membrs", 404),
        ("/thing/sco:SCO", 200),
        ("/thing/dos:State", 200),
        ("/thing/claim:created", 200),
        ("/thing/Chnia", 404),
        ("/read/sco", 200),
        ("/read/nothing", 404),
        ("/claim/claim:founding-members", 200),
        ("/claim/sco:omission-update", 200),
        ("/draw/overview", 200),
        ("/draw/timeline", 200),
        ("/search", 200),
        ("/search?q=iran", 200),
        ("/query", 200),
        ("/query?query=ASK+%7B+%3Fs+%3Fp+%3Fo+%7D", 200),
        ("/query?query=SELEC", 400),
        ("/query?query=ASK%7B%7D&layout=1", 200),
        ("/query?query=SELEC&layout=1", 400),
        ("/query?layout=1", 200),
        ("/query?query=DESCRIBE+sco%3ASCO", 200),
        ("/query?query=SELECT+*+%7B+%3Fs+a+sco%3ANothing+%7D", 200),
    ] {
        let (status, page) = page(&session, target);
        assert_eq!(status, expected, "{target}");
        check_shape(target, &page);
    }
}

#[test]
fn a_row_leads_to_the_words_that_it_rests_on() {
    let session = built_in();
    let (_, answer) = page(&session, "/ask/members/year=2017");
    // India became a member in 2017, which no claim takes back.
    let row = answer.select("tbody tr").iter().find(|row| row.text().contains("India")).unwrap();
    assert_eq!(
        row.select("td a").iter().next().unwrap().attr("href").unwrap().to_string(),
        "/thing/country:IN"
    );
    let mark = row.select("a[role=doc-noteref]").iter().next().unwrap();
    let note = mark.attr("href").unwrap().to_string();
    let quote = answer.select(&format!("li{note} blockquote a"));
    assert_eq!(quote.text().to_string(), "“India and Pakistan became members in 2017”");
    let link = quote.attr("href").unwrap().to_string();
    assert_eq!(link, "/read/doc:sco#claim:joined-2017");
    let (_, document) = page(&session, "/read/doc:sco");
    let words = document.select("mark:has(> [id='claim:joined-2017'])");
    assert_eq!(words.text().to_string(), "India and Pakistan became members in 2017");
    let source = attributes(&answer, &format!("li{note} a.out"), "href");
    assert!(
        source[0].ends_with("#:~:text=India%20and%20Pakistan%20became%20members%20in%202017"),
        "{source:?}"
    );
    let rel = attributes(&answer, "a.out", "rel");
    assert!(rel.iter().all(|rel| rel == "noopener noreferrer nofollow"));
}

#[test]
fn a_form_has_the_values_that_there_are() {
    let session = built_in();
    let (_, form) = page(&session, "/ask/status");
    let states = texts(&form, "select[name=state] option");
    let expected = [
        "Choose…",
        "China",
        "India",
        "Iran",
        "Kazakhstan",
        "Kyrgyzstan",
        "Pakistan",
        "Russia",
        "Tajikistan",
        "Uzbekistan",
    ];
    assert_eq!(states, expected);
    assert!(form.select("table").is_empty());
    assert_eq!(
        page_at(&session, "/ask/status", Some("state=country%3AIR")),
        (303, "/ask/status/state=country:IR".into())
    );
    // However a value was typed, the page knows its own address.
    for typed in ["China", "china", "country:CN", "https://w3id.org/dossier/country/CN"] {
        let typed = typed.replace('/', "%2F");
        let (_, answer) = page(&session, &format!("/ask/status/state={typed}"));
        assert_eq!(
            attributes(&answer, "link[rel=canonical]", "href"),
            ["/ask/status/state=country:CN"],
            "{typed}"
        );
        assert_eq!(texts(&answer, "option[selected]"), ["China"], "{typed}");
    }
    let (_, year) = page(&session, "/ask/members/year=2016");
    assert_eq!(attributes(&year, "input[name=year]", "value"), ["2016"]);
    let formats = texts(&year, ".formats a");
    assert_eq!(formats, ["CSV", "CSV for spreadsheets", "JSON", "TSV", "XML", "Markdown"]);
    assert_eq!(attributes(&year, ".formats a", "href")[0], "/ask/members/year=2016.csv");
}

#[test]
fn a_wrong_value_stays_and_is_explained() {
    let session = built_in();
    let (status, answer) = page(&session, "/ask/status/state=Chna");
    assert_eq!(status, 400);
    assert_eq!(texts(&answer, "option[selected]"), ["Chna"]);
    assert_eq!(texts(&answer, ".message .title"), ["Error: invalid value Chna for state"]);
    assert_eq!(attributes(&answer, ".meant a", "href"), ["/ask/status/state=China"]);
    let (_, answer) = page(&session, "/ask/members/year=last");
    assert_eq!(attributes(&answer, "input[name=year]", "value"), ["last"]);
    assert_eq!(texts(&answer, ".message .help"), ["Help: expected a year, like 2016"]);
}

#[test]
fn a_query_is_explained_where_it_is_wrong() {
    let session = built_in();
    let (status, answer) = page(&session, "/query?query=SELECT+*+WHERE+%7B+%3Fs+%3Fp+%7D");
    assert_eq!(status, 400);
    assert_eq!(texts(&answer, "textarea"), ["SELECT * WHERE { ?s ?p }"]);
    assert_eq!(texts(&answer, ".excerpt mark"), ["}"]);
    assert_eq!(texts(&answer, ".place"), ["query, line 1, column 24"]);
    let (status, answer) = page(&session, "/query?query=SELECT+*+%7B+%3Fs+a+sco%3ANothing+%7D");
    assert_eq!(status, 200);
    assert_eq!(
        texts(&answer, ".message .title"),
        [
            "Warning: the class sco:Nothing occurs nowhere in the data or the ontology",
            "Note: no rows: nothing matches ?s a sco:Nothing"
        ]
    );
    let (_, answer) = page(&session, "/query?query=ASK+%7B+country%3AIN+a+dos%3AState+%7D");
    assert_eq!(texts(&answer, ".verdict strong"), ["Yes"]);
}

#[test]
fn a_query_is_laid_out_and_not_run() {
    let session = built_in();
    // A form sends its button last.
    let target = "/query?query=%23+All%0Aselect+*+%7B%3Fs+a+dos%3AState%7D+limit+2&layout=1";
    let (status, laid_out) = page(&session, target);
    assert_eq!(status, 200);
    let text = laid_out.select("textarea").text().to_string();
    assert_eq!(text.trim_start(), "# All\nSELECT * {\n  ?s a dos:State .\n}\nLIMIT 2\n");
    assert_eq!(texts(&laid_out, ".query button"), ["Ask", "Lay out"]);
    assert!(laid_out.select(".answer, .message, .formats").is_empty());
    // Wrong text stays as it is.
    let target = "/query?layout=1&query=SELECT++*+WHERE+%7B+%3Fs+%3Fp+%7D";
    let (status, wrong) = page(&session, target);
    assert_eq!(status, 400);
    assert_eq!(wrong.select("textarea").text().to_string().trim(), "SELECT  * WHERE { ?s ?p }");
    assert_eq!(texts(&wrong, ".excerpt mark"), ["}"]);
    assert_eq!(texts(&wrong, ".place"), ["query, line 1, column 25"]);
}

#[test]
fn queries_have_colours() {
    let session = built_in();
    let (_, saved) = page(&session, "/ask/members/year=2016");
    let saved_text = saved.select("details code").text().to_string();
    let file = fs::read_to_string("queries/members.rq").unwrap();
    let query: String = file.split_inclusive('\n').filter(|line| !line.starts_with("#+")).collect();
    assert_eq!(saved_text, query);
    assert!(texts(&saved, "details .k").contains(&"SELECT".to_owned()));
    assert!(texts(&saved, "details .v").contains(&"?__year_xsd_gYear".to_owned()));
    let (_, asked) = page(&session, "/query?query=ASK+%7B+%3Fs+a+dos%3AState+%7D+%23+all");
    let shown = asked.select("details").last();
    let classes = [".k", ".v", ".n", ".c"].map(|class| shown.select(class).text().to_string());
    assert_eq!(classes, ["ASKa", "?s", "dos:State", "# all"]);
    // A long query has few colours, so that its page stays small.
    let long =
        format!("ASK {{ {} }}", "?s ?p ?o . ".repeat(3_000)).replace(' ', "+").replace('?', "%3F");
    let (_, html) = page_at(&session, "/query", Some(&format!("query={long}")));
    assert!(html.len() < 4 * long.len(), "{} of {}", html.len(), long.len());
}

#[test]
fn a_document_is_whole_and_its_claims_stand_beside_it() {
    let session = built_in();
    let (_, document) = page(&session, "/read/sco");
    assert_eq!(texts(&document, "#p1"), ["¶1"]);
    // The marks of claims are no part of the text.
    document.select("sup, .item").remove();
    let text = texts(&document, ".block .text p").join(" ");
    assert!(text.starts_with("Shanghai Cooperation Organisation Picture text: logo, outdoors, astronomy, outer space Acronym: SCO"));
    assert!(
        text.contains("became members in 2017, and Iran signed a memorandum on joining in 2022."),
        "{text}"
    );
    assert_eq!(texts(&document, ".text .uncovered"), ["and"]);
    assert_eq!(document.select("mark.omission[data-claims]").length(), 2);
    let (_, left_out) = page(&session, "/ask/left-out");
    let passages = attributes(&left_out, "tbody td:nth-child(2) a", "href");
    assert_eq!(passages, ["/read/doc:sco#header-2", "/read/doc:sco#header-7"]);
    assert_eq!(texts(&left_out, "tbody td:nth-child(2)"), ["header, line 2", "header, line 7"]);
    assert_eq!(document.select("[id='header-7'], [id='p1s2'], [id='p3s5']").length(), 3);
    // 28 claims and 2 omissions, each with words.
    assert_eq!(document.select(".claims > li").length(), 30);
    assert_eq!(document.select("mark .anchor").length(), 30);
    // Where two claims quote the same words, one mark has both.
    let both = document.select("mark:has(> [id='claim:created'])");
    let numbers = both.attr("data-claims").unwrap().to_string();
    assert!(numbers.split(' ').count() >= 2, "{numbers}");
}

#[test]
fn a_thing_has_its_values_in_the_order_of_the_ontology() {
    let session = built_in();
    let (_, thing) = page(&session, "/thing/sco:SCO");
    assert_eq!(texts(&thing, ".kind"), ["intergovernmental organisation"]);
    let properties = texts(&thing, "section[aria-labelledby=facts] dt");
    let place = |name: &str| properties.iter().position(|known| known == name).unwrap();
    assert!(
        place("label") < place("type") && place("type") < place("established"),
        "{properties:?}"
    );
    assert!(place("established") < place("founder"), "{properties:?}");
    assert_eq!(thing.select("svg[role=group] .focus").length(), 1);
    assert!(thing.select("svg style").is_empty());
    let query = texts(&thing, "a[href^='/query']");
    assert_eq!(query, ["SPARQL", "Open as SPARQL"]);
}

#[test]
fn a_dossier_is_called_what_it_is_about() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("ontology")).unwrap();
    fs::create_dir_all(folder.path().join("queries")).unwrap();
    let ontology = r#"@prefix dcterms: <http://purl.org/dc/terms/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        <https://example.com/tea> a owl:Ontology ; dcterms:subject "The Tea Society"@en ."#;
    fs::write(folder.path().join("ontology/tea.ttl"), ontology).unwrap();
    fs::write(folder.path().join("queries/all.rq"), "#+ summary: All?\nSELECT * { ?s ?p ?o }")
        .unwrap();
    let dossier = Dossier::open(folder.path()).unwrap();
    let session = Session::open(dossier, &Data::Dossier).unwrap();
    let (_, first) = page(&session, "/");
    assert_eq!(texts(&first, "h1"), ["The Tea Society"]);
    assert_eq!(texts(&first, "title"), ["The Tea Society"]);
    // The only group of questions needs no heading.
    assert_eq!(texts(&first, ".topic h3"), Vec::<String>::new());
    assert_eq!(texts(&first, ".topic li"), ["All?"]);
    let (_, search) = page(&session, "/search?q=tea");
    assert!(texts(&search, "title")[0].ends_with(" – The Tea Society"));
}

#[test]
fn a_query_is_completed() {
    let session = built_in();
    let (status, json) =
        page_at(&session, "/complete", Some("before=SELECT+*+%7B+Kazakh&after=+%7D"));
    assert_eq!(status, 200);
    assert_eq!(
        json,
        r#"{"word":"Kazakh","candidates":[{"text":"country:KZ","meaning":"Kazakhstan"}]}"#
    );
}

#[test]
fn searches_ignore_case_and_accents() {
    let session = built_in();
    for words in ["iran", "IRAN", "Ir%C3%A1n"] {
        let (_, hits) = page(&session, &format!("/search?q={words}"));
        assert_eq!(
            attributes(&hits, "#hits a", "href"),
            ["/thing/country:IR", "/claim/claim:memorandum-2022"],
            "{words}"
        );
    }
    let (_, hits) = page(&session, "/search?q=who+join");
    assert_eq!(texts(&hits, "#hits a")[0], "Who wants to join?");
    let (_, none) = page(&session, "/search?q=xyzzy");
    assert_eq!(texts(&none, "#hits p"), ["0 hits", "xyzzy occurs nowhere"]);
}

#[test]
fn the_formats_that_a_page_offers_are_there() {
    let session = built_in();
    let graph = "/query?query=CONSTRUCT+WHERE+%7B+%3Fs+a+dos%3AState+%7D";
    for target in [
        "/ask/members/year=2016",
        "/query?query=ASK+%7B%7D",
        graph,
        "/thing/sco:SCO",
        "/read/sco",
        "/claim/claim:mandate",
        "/draw/overview",
        "/draw/timeline",
        "/search?q=iran",
    ] {
        let (_, page) = page(&session, target);
        let links = page.select(".formats a, link[rel=alternate]");
        assert!(links.length() > 0, "{target}");
        for link in &links {
            let href = link.attr("href").unwrap().to_string();
            let kind = link.attr("type").unwrap().to_string();
            let (path, query) = match href.split_once('?') {
                Some((path, query)) => (path, Some(query)),
                None => (href.as_str(), None),
            };
            let (status, headers, body) =
                response_to(&session, "GET", path, query, None, None, b"");
            assert_eq!(status, 200, "{href}: {}", String::from_utf8_lossy(&body));
            let sent = headers.iter().find(|(name, _)| *name == "content-type");
            let sent = sent.unwrap().1.split(';').next().unwrap().to_owned();
            assert_eq!(sent, kind, "{href}");
        }
    }
    let (_, answer) = page(&session, "/ask/members/year=2016");
    assert_eq!(
        attributes(&answer, ".formats a", "href")[..2],
        ["/ask/members/year=2016.csv", "/ask/members/year=2016.csv?safe=1"]
    );
}
