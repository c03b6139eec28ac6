//! A SPARQL endpoint in the place of the data: the same questions have the same answers, by few requests, and whatever
//! a server does has an error with what to do about it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support;
use crate::support::endpoint::{Endpoint, JSON, response};
use crate::support::program::{dossier, run, told};
use dossier::internals::{Store, answer};
use dossier::{Address, Citation, CitationOptions, Data, Dossier, Prefixes, Session};
use proptest::prelude::*;
use spargebra::Query;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// The data of the built-in dossier behind an endpoint.
pub fn sco() -> Endpoint {
    let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    let store = oxigraph::store::Store::new().unwrap();
    store.extend(session.stored_quads().unwrap().map(Result::unwrap)).unwrap();
    Endpoint::over(store)
}

/// The data of a TriG text as a store has it: the triples of named graphs stand in the default graph, too.
fn merged(trig: &str) -> oxigraph::store::Store {
    let store = oxigraph::store::Store::new().unwrap();
    let quads = oxigraph::io::RdfParser::from_format(oxigraph::io::RdfFormat::TriG)
        .for_slice(trig)
        .map(Result::unwrap);
    for quad in quads {
        let merged = oxigraph::model::Quad {
            graph_name: oxigraph::model::GraphName::DefaultGraph,
            ..quad.clone()
        };
        store.extend([quad, merged]).unwrap();
    }
    store
}

/// The rows of a query in no order, each with its citation: none if there may be more ways to obtain it than these.
fn cited(store: &Store, query: &Query, with_claims: bool) -> Vec<(String, Option<String>)> {
    let answer = answer(store, query, None, Some(CitationOptions::default())).unwrap();
    let Some(rows) = answer.rows() else { return Vec::new() };
    let mut rows: Vec<(String, Option<String>)> = rows
        .map(|row| {
            let row = row.unwrap();
            let Citation { derivations, has_more, status } = row.citation.unwrap();
            let claims = derivations.iter().map(|derivation| format!("{:?}", derivation.factors()));
            let mut claims: Vec<String> = claims.filter(|_| with_claims).collect();
            claims.sort();
            // Of more ways than are looked for, any are found.
            let citation = (!has_more).then(|| format!("{} {claims:?}", status.name()));
            (format!("{:?}", row.solution.values()), citation)
        })
        .collect();
    rows.sort();
    rows
}

/// Checks that a query has the same rows and citations there and here. An endpoint is not asked for further ways along a
/// path: it may say that there are more where here all of them are known.
fn is_cited_alike(text: &str, data: &str, with_claims: bool) -> Result<(), TestCaseError> {
    let Some(query) = query_of(text) else { return Ok(()) };
    let (there, here) = there_and_here(data);
    let (there, here) = (cited(&there, &query, with_claims), cited(&here, &query, with_claims));
    prop_assert_eq!(there.len(), here.len());
    for ((row, there), (row_here, here)) in there.into_iter().zip(here) {
        prop_assert_eq!(row, row_here);
        if there.is_some() && here.is_some() {
            prop_assert_eq!(there, here);
        }
    }
    Ok(())
}

/// A random text as a query: none if it is not one, or if its citations leave a choice, as a path of no step does, which
/// rests on any triple that mentions its thing.
fn query_of(text: &str) -> Option<Query> {
    let has_choice = support::leaves_a_choice(text) || text.contains(")?") || text.contains(")*");
    dossier::internals::parse("query", text, &Prefixes::default()).ok().filter(|_| !has_choice)
}

/// The data behind an endpoint, and the same data here.
fn there_and_here(data: &str) -> (Store, Store) {
    let data = merged(data);
    let here = Store::of(data.iter().map(Result::unwrap)).unwrap();
    (Store::at_endpoint(Address::parse(&Endpoint::over(data).url).unwrap()), here)
}

proptest! {
    #![proptest_config(support::cases(48))]

    #[test]
    fn random_queries_are_cited_by_the_claims_of_the_data(
        text in support::random_query::monotone(),
        data in support::random_data::dataset(),
    ) {
        is_cited_alike(&text, &data, true)?;
    }

    #[test]
    fn random_queries_are_answered_and_verified_as_in_the_data(
        text in support::random_query::query(),
        data in support::random_data::dataset(),
    ) {
        is_cited_alike(&text, &data, false)?;
    }
}

/// Runs the program on an endpoint, in a folder without a dossier.
fn ask(url: &str, arguments: &[&str]) -> (i32, String, String) {
    run(Path::new("/"), &[arguments, &["--endpoint", url]].concat())
}

/// Runs the program on the built-in dossier.
fn ask_here(arguments: &[&str]) -> (i32, String, String) {
    run(Path::new("/"), arguments)
}

#[test]
fn the_answers_are_those_of_the_data() {
    let endpoint = sco();
    for arguments in [
        &["run", "members"][..],
        &["run", "members", "year=2016", "-F", "json"],
        &["run", "status", "state=India"],
        &["query", "SELECT * { ?s a org:Membership ; dos:since ?o } ORDER BY ?s ?o", "-F", "tsv"],
        &["query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"],
        &["query", "ASK { country:IN ?p ?o }", "--exit-status"],
        &["query", "ASK { country:IN ?p 7 }", "--exit-status", "--no-diagnose"],
        &["query", "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c . ?c a owl:Class }"],
        &["query", "DESCRIBE country:IN", "-F", "ntriples"],
        &["query", "SELECT ?s { ?s a org:Membership } ORDER BY ?s", "--limit", "3"],
        &["query", "SELECT ?s { ?s a org:Membership } ORDER BY ?s LIMIT 2", "--limit-rows", "3"],
        &["query", "SELECT ?s { ?s a org:Membership } ORDER BY ?s", "--limit-rows", "3"],
        &[],
        &["show", "China"],
        &["show", "country:CN", "-F", "json"],
    ] {
        assert_eq!(ask(&endpoint.url, arguments), ask_here(arguments), "{arguments:?}");
    }
}

#[test]
fn the_citations_are_those_of_the_data() {
    let endpoint = sco();
    let mut most = 0;
    let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    let saved = support::saved_cases(&session);
    let saved = saved.values().map(|(name, arguments)| {
        let arguments = arguments.iter().map(|(name, value)| format!("{name}={value}"));
        let run = ["run".to_owned(), name.clone()].into_iter().chain(arguments);
        run.chain(["--cite".to_owned()]).collect::<Vec<_>>()
    });
    let others = [
        &["query", "ASK { ?s a org:Membership }", "--cite"][..],
        &["query", "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c . ?c a owl:Class }", "--cite"],
        &["query", "DESCRIBE sco:SCO", "--cite"],
        &[
            "query",
            "SELECT ?s ?o { ?s ?p ?o FILTER(isIRI(?s) && isIRI(?o)) } ORDER BY ?s ?p ?o LIMIT 300",
            "--cite",
            "-F",
            "csv",
        ],
        &[
            "query",
            "SELECT ?s ?o { ?s ?p ?o FILTER(!isBlank(?s) && !isBlank(?o)) } ORDER BY ?s ?p ?o LIMIT 100",
            "--cite",
            "-F",
            "json",
        ],
        &["query", "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY ?c", "--cite"],
        &["query", "SELECT ?c ?d { ?c rdfs:subClassOf+ ?d } ORDER BY ?c ?d", "--cite"],
        &["query", "SELECT ?c { ?c a owl:Class MINUS { ?x a ?c } } ORDER BY ?c", "--cite"],
        &["read"],
    ];
    let others = others.map(|words| words.iter().map(|word| (*word).to_owned()).collect());
    for arguments in saved.chain(others) {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let there = ask(&endpoint.url, &arguments);
        let requests = endpoint.requests();
        most = most.max(requests);
        assert!(there == ask_here(&arguments), "{arguments:?} gives {}{}", there.1, there.2);
    }
    assert!(most <= 30, "{most} requests");
}

/// Each of 100 rows rests on three triples of claims of its own, and on a path of its own.
#[test]
fn a_hundred_cited_rows_are_some_ten_requests() {
    let mut data = String::new();
    for i in 0..100 {
        data += &format!(
            "<x:c{i}> a dos:Claim ; dos:document <x:d{}> ; dos:quote \"q{i}\" . <x:c{i}> {{ <x:a{i}> <x:p> <x:b{i}> ; <x:q> {i} }}
             <x:e{i}> {{ <x:b{i}> <x:next> <x:m{i}> . <x:m{i}> <x:next> <x:n{i}> . <x:n{i}> <x:end> \"{i}\" }}\n",
            i % 7
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let data = format!("PREFIX dos: <https://w3id.org/dossier/ontology#>\n{data}");
    std::fs::write(here.join("data.trig"), &data).unwrap();
    let endpoint = Endpoint::over(merged(&data));
    for (query, most) in [
        ("SELECT ?a ?b ?n { ?a <x:p> ?b ; <x:q> ?n } ORDER BY ?n", 9),
        ("SELECT ?a ?z { ?a <x:p> ?b ; <x:q> ?n . ?b <x:next>+ ?z } ORDER BY ?n ?z", 20),
        ("SELECT ?a ?z { ?a <x:q> ?n ; <x:p>/<x:next>*/<x:end> ?z } ORDER BY ?n ?z", 14),
        ("SELECT ?a { ?a <x:q> ?n MINUS { ?a <x:none> ?z } } ORDER BY ?n", 9),
        ("SELECT ?b (SUM(?n) AS ?m) { ?a <x:p> ?b ; <x:q> ?n } GROUP BY ?b ORDER BY ?m", 9),
        (
            "SELECT ?a ?g { GRAPH ?g { ?a <x:p> ?b } ?a <x:q> ?n FILTER EXISTS { ?b <x:next> ?m } } ORDER BY ?n",
            12,
        ),
    ] {
        let arguments = ["query", query, "--cite", "--terms", "label"];
        let there = run(here, &[&arguments[..], &["--endpoint", &endpoint.url]].concat());
        let requests = endpoint.requests();
        assert!(requests <= most, "{requests} requests for {query}");
        let expected = run(here, &[&arguments[..], &["--data", "data.trig"]].concat());
        assert!(there == expected, "{query} gives {}{}", there.1, there.2);
    }
}

#[test]
fn the_reason_of_an_empty_answer_is_that_of_the_data() {
    let endpoint = sco();
    for query in [
        "SELECT * { ?m org:member country:IND }",
        "SELECT * { ?m org:memberr ?c }",
        "SELECT * { ?m a org:Membership ; org:member ?c ; dos:since \"1999\"^^xsd:gYear }",
        "SELECT * { ?m org:member ?c ; dos:since ?y FILTER(?y > \"2030\"^^xsd:gYear) }",
        "SELECT * { ?c skos:prefLabel \"China\"@fr }",
        "SELECT * { GRAPH ?g { ?m a owl:Nothing } }",
        "SELECT (COUNT(*) AS ?n) { ?m org:member country:XX }",
        "ASK { ?m a org:Membership , owl:Class }",
    ] {
        let there = ask(&endpoint.url, &["query", query]);
        let requests = endpoint.requests();
        assert!((2..=40).contains(&requests), "{requests} requests for {query}");
        // What is warned of before is not asked of an endpoint.
        let expected = ask_here(&["query", query, "--quiet"]);
        assert_eq!((there.0, &there.1), (expected.0, &expected.1), "{query}");
    }
}

#[test]
fn an_answer_is_one_request() {
    let endpoint = sco();
    assert_eq!(ask(&endpoint.url, &["run", "members", "--terms", "iri"]).0, 0);
    assert_eq!(endpoint.requests(), 1);
    // What has nothing to do with an endpoint is refused without asking it.
    assert_eq!(ask(&endpoint.url, &["list"]).0, 2);
    assert_eq!(endpoint.requests(), 0);
    let page = ["query", "SELECT * { ?s ?p ?o }", "--limit", "5", "-F", "csv"];
    assert_eq!(ask(&endpoint.url, &page).1.lines().count(), 6);
    assert!(endpoint.asked()[0].query.contains("LIMIT 6"));
}

#[test]
fn a_query_is_plain_and_names_what_it_takes() {
    let endpoint = sco();
    let url = endpoint.url.replace("http://", "http://ann:s%20cret@");
    let query = "SELECT ?m { ?m org:organization sco:SCO . ?m org:member ?c }";
    assert_eq!(ask(&url, &["query", query, "-F", "csv"]).0, 0);
    let asked = endpoint.asked().pop().unwrap();
    let header = |name| asked.header(name);
    assert_eq!(header("content-type"), Some("application/x-www-form-urlencoded"));
    assert!(header("accept").unwrap().starts_with("application/sparql-results+json,"));
    assert!(header("user-agent").unwrap().starts_with("dossier/"));
    assert_eq!(header("authorization"), Some("Basic YW5uOnMgY3JldA=="));
    assert!(asked.query.starts_with("SELECT ?m\n"), "{}", asked.query);
}

#[test]
fn an_ask_may_be_answered_as_virtuoso_does() {
    for (bindings, expected) in
        [(r#"{"__ASK_RETVAL":{"type":"literal","value":"1"}}"#, "yes\n"), ("", "no\n")]
    {
        let body = format!(
            r#"{{"head":{{"vars":["__ASK_RETVAL"]}},"results":{{"bindings":[{bindings}]}}}}"#
        );
        let endpoint = Endpoint::that_writes(response("200 OK", JSON, &body), true);
        let answer = ask(&endpoint.url, &["query", "ASK {}", "--quiet"]);
        assert_eq!(answer, (0, expected.to_owned(), String::new()));
    }
}

#[test]
fn variables_are_sent_in_ascii_and_come_back_by_their_names() {
    let endpoint = Endpoint::over(merged("<x:a> <x:p> <x:b> ; <x:q> <x:c> ."));
    let query = "SELECT ?é ?v1 ?ü { ?é <x:p>/^<x:p> ?v1 ; <x:q> ?ü } ORDER BY ?é";
    let (code, out, err) = ask(&endpoint.url, &["query", query, "--cite", "-F", "csv"]);
    assert_eq!(
        (code, out.as_str()),
        (0, "é,v1,ü,citations\r\nx:a,x:a,x:c,background\r\n"),
        "{err}"
    );
    assert!(endpoint.asked().iter().all(|asked| asked.query.is_ascii()));
}

#[test]
fn a_shell_asks_an_endpoint() {
    let endpoint = sco();
    let lines = "members year=2016\nASK { country:IN ?p ?o }\n.format csv\nSELECT ?s { ?s a dos:Document }\n";
    let shell = |arguments: &[&str]| {
        let mut command = dossier(Path::new("/"), &[&["shell"], arguments].concat());
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), lines.as_bytes()).unwrap();
        told(child.wait_with_output().unwrap())
    };
    let there = shell(&["--endpoint", &endpoint.url]);
    assert_eq!(there, shell(&[]));
    assert!(there.1.contains("yes"), "{}", there.1);
    assert!(endpoint.requests() < 10);
}

#[test]
fn what_rests_on_a_blank_node_is_not_cited() {
    let data = "<x:c> { <x:a> <x:p> [ <x:q> 1 ] , 2 }";
    let endpoint = Endpoint::over(merged(data));
    let csv = |query| {
        let (code, out, err) = ask(&endpoint.url, &["query", query, "--cite", "-F", "csv"]);
        assert_eq!(code, 0, "{err}");
        (out, err)
    };
    let (out, err) = csv("SELECT ?o { <x:a> <x:p> ?o FILTER(isBlank(?o)) }");
    assert!(out.ends_with(",\r\n"), "{out}");
    assert!(err.contains("it rests on a blank node, which an endpoint cannot look up"), "{err}");
    let (out, err) = csv("SELECT ?n { <x:a> <x:p>/<x:q> ?n }");
    assert_eq!(out, "n,citations\r\n1,\r\n");
    assert!(err.contains("1 row, partial: it rests on a blank node"), "{err}");
    assert_eq!(
        csv("SELECT ?n { <x:a> <x:p> ?n FILTER(isLiteral(?n)) }").0,
        "n,citations\r\n2,<x:c>\r\n"
    );
}

#[test]
fn names_that_do_not_come_in_time_are_left_out() {
    let row =
        r#"{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"x:a"}}]}}"#;
    let endpoint = Endpoint::that_answers_once(response("200 OK", JSON, row));
    let start = Instant::now();
    let (code, out, err) =
        ask(&endpoint.url, &["query", "SELECT * { ?s ?p ?o }", "--timeout", "400ms"]);
    assert!(code == 0 && out.contains("x:a"), "{code} {out}{err}");
    assert!(start.elapsed() < Duration::from_millis(1200), "{:?}", start.elapsed());
}

/// The exit code, the output, and the lines of what the program says on an endpoint that writes this.
fn said(bytes: Vec<u8>) -> (i32, String, Vec<String>) {
    let endpoint = Endpoint::that_writes(bytes, true);
    let url = endpoint.url.replace("http://", "http://mary:secret@");
    let (code, out, err) = ask(&url, &["query", "SELECT * { ?s ?p ?o }", "-F", "csv"]);
    assert!(!err.contains("secret") && !err.contains("mary"), "{err}");
    let err = err.replace(&endpoint.url, "URL");
    let lines = err.lines().map(|line| line.trim_start_matches([' ', '=', '|']).to_owned());
    (code, out, lines.filter(|line| !line.is_empty()).collect())
}

/// What is said of an address that is not that of an endpoint.
const ELSEWHERE: &str =
    "help: use the address that accepts queries: it often ends in `/sparql` or `/query`";

#[test]
fn each_refusal_says_what_to_do() {
    let response = |status, text| response(status, "text/plain", text);
    let html =
        |status| support::endpoint::response(status, "text/html; charset=utf-8", "<h1>Hi</h1>");
    for (bytes, expected) in [
        (
            response("500 Internal Server Error", "out of\n  \u{1b}[31m memory\n"),
            &[
                "error: the endpoint `URL` failed (HTTP 500)",
                "note: the server says: out of [31m memory",
                "help: check the log of the server",
            ][..],
        ),
        (
            response("400 Bad Request", "Parse error: line 1"),
            &[
                "error: the endpoint `URL` rejects the query (HTTP 400)",
                "note: the server says: Parse error: line 1",
                "help: `--show-query` prints the query as it is sent; it may use features that this server lacks",
            ],
        ),
        (
            response("401 Unauthorized", ""),
            &[
                "error: the endpoint `URL` denies access to this user (HTTP 401)",
                "help: check the user, the password and the permissions",
            ],
        ),
        (
            response("503 Service Unavailable", "later"),
            &[
                "error: the endpoint `URL` is too busy (HTTP 503)",
                "note: the server says: later",
                "help: try again later",
            ],
        ),
        (
            b"HTTP/1.1 301 Moved\r\nLocation: https://x.example/q\r\nContent-Length: 0\r\n\r\n"
                .to_vec(),
            &[
                "error: the endpoint `URL` has moved (HTTP 301): redirects are not followed",
                "help: use `--endpoint https://x.example/q`",
            ],
        ),
        (html("404 Not Found"), &["error: no endpoint at `URL` (HTTP 404)", ELSEWHERE]),
        (
            html("200 OK"),
            &["error: `URL` is not a SPARQL endpoint: it returned a web page", ELSEWHERE],
        ),
        (
            support::endpoint::response("200 OK", "image/png", "x"),
            &["error: `URL` is not a SPARQL endpoint: it returned `image/png`", ELSEWHERE],
        ),
        (
            support::endpoint::response("200 OK", JSON, "{\"boolean\": true}"),
            &[
                "error: the endpoint `URL` returned the results of another query",
                "help: check for a proxy that caches responses",
            ],
        ),
    ] {
        let (code, out, lines) = said(bytes);
        assert_eq!((code, out.as_str()), (4, ""));
        assert_eq!(lines, expected);
    }
}

/// A response with headers of its own, and two rows or another text.
fn with_headers(status: &str, headers: &str, media_type: &str, body: &str) -> Vec<u8> {
    let text = String::from_utf8(response(status, media_type, body)).unwrap();
    text.replacen("\r\n", &format!("\r\n{headers}\r\n"), 1).into_bytes()
}

const ROWS: &str = r#"{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"x:a"}},{"s":{"type":"uri","value":"x:b"}}]}}"#;

#[test]
fn headers_of_a_refusal_say_what_to_do() {
    for (bytes, expected) in [
        (
            with_headers("429 Too Many", "Retry-After: 9", "text/html", "<h1>Slow down</h1>"),
            &[
                "error: the endpoint `URL` is too busy (HTTP 429)",
                "note: the server says: Slow down",
                "help: try again in 9 s",
            ][..],
        ),
        (
            with_headers("301 Moved", "Location: /sparql/", "text/plain", ""),
            &[
                "error: the endpoint `URL` has moved (HTTP 301): redirects are not followed",
                "help: use `--endpoint URL/`",
            ],
        ),
        (
            with_headers("405 Not Allowed", "Allow: GET", "text/plain", ""),
            &[
                "error: the endpoint `URL` does not accept queries by POST (HTTP 405); it allows GET",
                "help: queries are sent by POST only: use an address of this server that accepts them; it often ends in `/sparql` or `/query`",
            ],
        ),
        (
            response(
                "403 Forbidden",
                "text/html",
                "<title>Forbidden</title><p>Respect the robot policy",
            ),
            &[
                "error: the endpoint `URL` denies access to this user (HTTP 403)",
                "note: the server says: Forbidden Respect the robot policy",
                "help: check the user, the password and the permissions",
            ],
        ),
        (
            response("200 OK", JSON, r#"{"exception":"Tried to allocate 4 GB","status":"ERROR"}"#),
            &[
                "error: the endpoint `URL` sent an error instead of results",
                "note: the server says: Tried to allocate 4 GB",
                "help: try again, or request less at once: the server may have run out of time or memory",
            ],
        ),
    ] {
        let (code, out, lines) = said(bytes);
        assert_eq!((code, out.as_str()), (4, ""));
        assert_eq!(lines, expected);
    }
}

#[test]
fn incomplete_results_are_reported() {
    let virtuoso = "X-SQL-State: S1TAT\r\nX-SQL-Message: Timed out";
    for (status, headers, message) in [
        ("206 Partial Content", "X-None: 1", "returned incomplete results"),
        ("200 OK", virtuoso, "returned incomplete results: Timed out"),
        ("200 OK", "X-SPARQL-MaxRows: 2", "returns at most 2 rows: there may be more"),
    ] {
        let (code, out, lines) = said(with_headers(status, headers, JSON, ROWS));
        assert_eq!((code, out.as_str()), (5, "s\r\nx:a\r\nx:b\r\n"), "{lines:?}");
        assert_eq!(lines[0], format!("error: the endpoint `URL` {message}"));
        assert_eq!(lines[1], "note: incomplete results: stopped after 2 rows");
        let endpoint = Endpoint::that_writes(with_headers(status, headers, JSON, ROWS), true);
        let query = ["query", "SELECT ?s { ?s ?p ?o }", "--cite", "--endpoint", &endpoint.url];
        let (code, out, _) = run(Path::new("/"), &query);
        assert!(code == 5 && !out.contains("verified"), "{code} {out}");
    }
    let complete = with_headers("200 OK", "X-SPARQL-MaxRows: 3", JSON, ROWS);
    assert_eq!(said(complete).0, 0);
    let asked_for =
        Endpoint::that_writes(with_headers("200 OK", "X-SPARQL-MaxRows: 2", JSON, ROWS), true);
    let query = ["query", "SELECT ?s { ?s ?p ?o } LIMIT 2", "-F", "csv"];
    assert_eq!(ask(&asked_for.url, &query).0, 0);
    let no = with_headers("200 OK", virtuoso, JSON, r#"{"head":{},"boolean":false}"#);
    assert_eq!(ask(&Endpoint::that_writes(no, true).url, &["query", "ASK { ?s ?p ?o }"]).0, 5);
}

#[test]
fn the_value_that_is_not_an_iri_is_shown() {
    for value in ["#Wine", "x:a b", "_:node1"] {
        let rows = ROWS.replace("x:b", value);
        let (code, out, lines) = said(response("200 OK", JSON, &rows));
        assert_eq!((code, out.as_str()), (4, "s\r\nx:a\r\n"), "{lines:?}");
        let message =
            format!("error: the response of the endpoint `URL` has an invalid IRI: `{value}`");
        assert_eq!(lines[0], message);
    }
}

#[test]
fn secrets_in_an_address_are_masked() {
    let endpoint =
        Endpoint::that_writes(response("403 No", "text/plain", "bad key hush-hush"), true);
    let url = format!("{}?api-key=hush-hush&x=1", endpoint.url);
    let (code, _, err) = ask(&url, &["query", "ASK {}"]);
    assert!(code == 4 && !err.contains("hush"), "{err}");
    assert!(
        err.contains("?api-key=***&x=1` denies access") && err.contains("says: bad key ***"),
        "{err}"
    );
}

#[test]
fn what_is_no_server_is_told() {
    for bytes in [b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), Vec::new(), b"HTTP/1.1 2".to_vec()] {
        let (code, out, lines) = said(bytes);
        assert_eq!((code, out.as_str()), (4, ""));
        assert!(lines[0].starts_with("error: cannot query the endpoint `URL`: "), "{lines:?}");
        assert!(lines[1].starts_with("help: "), "{lines:?}");
    }
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (code, _, err) = ask(&format!("http://{nobody}/"), &["query", "ASK {}"]);
    let refused = "cannot be reached: connection refused\n";
    assert!(
        code == 4 && err.starts_with(&format!("error: the endpoint `http://{nobody}/` {refused}")),
        "{err}"
    );
    let plain = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", plain.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in plain.incoming() {
            std::io::Write::write_all(&mut stream.unwrap(), b"220 mail ready\r\n").unwrap();
        }
    });
    let (code, _, err) = ask(&url, &["query", "ASK {}"]);
    assert!(
        code == 4 && err.starts_with(&format!("error: cannot connect securely to `{url}`: ")),
        "{err}"
    );
    for wrong in ["example.org/sparql", "ftp://ann:secret@b/"] {
        let (code, _, err) = ask(wrong, &["query", "ASK {}"]);
        assert!(code == 2 && !err.contains("secret"), "{err}");
        assert!(err.starts_with("error: the address of the endpoint is not an"), "{err}");
    }
}

/// The beginning of the rows of an answer, and one row more.
const HALF: &str =
    r#"{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"x:a"}},"#;

#[test]
fn rows_before_a_break_are_there_and_the_break_is_told() {
    let broken_off =
        format!("HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: 1000\r\n\r\n{HALF}");
    for (bytes, expected) in [
        (broken_off.into_bytes(), "error: the response of the endpoint `URL` is truncated"),
        (response("200 OK", JSON, HALF), "error: the response of the endpoint `URL` is invalid"),
        (
            response("200 OK", JSON, &format!("{HALF} Timeout!")),
            "error: the response of the endpoint `URL` is invalid",
        ),
    ] {
        let (code, out, lines) = said(bytes);
        assert_eq!((code, out.as_str()), (4, "s\r\nx:a\r\n"), "{lines:?}");
        assert_eq!(lines[0], expected);
        assert!(
            lines.last().unwrap().starts_with("help: the results before it are valid"),
            "{lines:?}"
        );
    }
}

#[test]
fn waiting_ends_when_the_time_is_over() {
    let silent = Endpoint::that_writes(Vec::new(), false);
    let half =
        format!("HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: 1000\r\n\r\n{HALF}");
    let stuck = Endpoint::that_writes(half, false);
    for (endpoint, out) in [(silent, ""), (stuck, "s\r\nx:a\r\n")] {
        let start = Instant::now();
        let query = ["query", "SELECT * { ?s ?p ?o }", "-F", "csv", "--timeout", "300ms"];
        let (code, written, err) = ask(&endpoint.url, &query);
        assert_eq!((code, written.as_str()), (5, out), "{err}");
        assert!(err.contains("stopped at the limit of 300ms"), "{err}");
        assert!(start.elapsed() < Duration::from_millis(1200), "{:?}", start.elapsed());
    }
}

#[cfg(unix)]
#[test]
fn waiting_ends_at_ctrl_c() {
    let silent = Endpoint::that_writes(Vec::new(), false);
    let mut command = dossier(Path::new("/"), &["query", "ASK {}", "--endpoint", &silent.url]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while silent.asked().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let start = Instant::now();
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let (code, out, err) = told(child.wait_with_output().unwrap());
    assert_eq!((code, out.as_str(), err.trim()), (130, "", "error: interrupted"));
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
