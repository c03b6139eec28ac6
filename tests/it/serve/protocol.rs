//! The SPARQL 1.1 Protocol: W3C's tests where they are there, and what servers get wrong.

use super::client::{Server, encoded};
use dossier::oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfParser};
use dossier::oxigraph::model::Term;
use dossier::oxigraph::sparql::{QueryResults, SparqlEvaluator};
use dossier::oxigraph::store::Store;
use std::fs;
use std::path::{Path, PathBuf};

/// The tests of the protocol, if they are beside the repository.
fn suite() -> Option<PathBuf> {
    let suite = "../shared/suites/rdf-tests/sparql/sparql11/protocol";
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join(suite);
    suite.join("manifest.ttl").is_file().then_some(suite)
}

/// A request of a test, and what is expected.
struct Case {
    name: String,
    method: String,
    target: String,
    content_type: Option<String>,
    body: Vec<u8>,
    statuses: Vec<u16>,
    boolean: Option<bool>,
    format: Option<String>,
}

fn rows(store: &Store, query: &str) -> Vec<Vec<Option<String>>> {
    let text = format!(
        "PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
         PREFIX ht: <http://www.w3.org/2011/http#> PREFIX cnt: <http://www.w3.org/2011/content#>
         PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> {query}"
    );
    let results = SparqlEvaluator::new().parse_query(&text).unwrap().on_store(store).execute();
    let QueryResults::Solutions(solutions) = results.unwrap() else { panic!("no rows") };
    let value = |term: &Option<Term>| {
        term.as_ref().map(|term| match term {
            Term::Literal(literal) => literal.value().to_owned(),
            Term::NamedNode(iri) => iri.as_str().to_owned(),
            Term::BlankNode(node) => node.as_str().to_owned(),
            #[cfg(feature = "rdf-12")]
            Term::Triple(_) => term.to_string(),
        })
    };
    solutions.map(|row| row.unwrap().values().iter().map(value).collect()).collect()
}

/// The cases of the suite. Of a test of updates, the first request, which is the update.
fn cases(suite: &Path) -> Vec<Case> {
    let store = Store::new().unwrap();
    let parser =
        RdfParser::from_format(RdfFormat::Turtle).with_base_iri("http://example/").unwrap();
    store.load_from_reader(parser, fs::File::open(suite.join("manifest.ttl")).unwrap()).unwrap();
    let found = rows(
        &store,
        "SELECT ?test ?method ?path ?type ?chars ?encoding ?boolean ?format
           (GROUP_CONCAT(STR(?status)) AS ?statuses) {
           ?test a mf:ProtocolTest ; mf:action/ht:requests/rdf:first ?r .
           ?r ht:methodName ?method ; ht:absolutePath ?path ; ht:resp ?resp .
           ?resp mf:expectedStatus ?status .
           OPTIONAL { ?resp mf:expectedBoolean ?boolean }
           OPTIONAL { ?resp mf:expectedFormat ?format }
           OPTIONAL { ?r ht:body ?body . ?body cnt:chars ?chars ; cnt:characterEncoding ?encoding }
           OPTIONAL { ?r ht:headers/rdf:rest*/rdf:first ?h . ?h ht:fieldName ?n ; ht:fieldValue ?type
             FILTER(LCASE(?n) = 'content-type') }
         } GROUP BY ?test ?r ?method ?path ?type ?chars ?encoding ?boolean ?format ORDER BY ?test",
    );
    let case = |row: Vec<Option<String>>| {
        let [test, method, path, content_type, chars, encoding, boolean, format, statuses] =
            <[_; 9]>::try_from(row).unwrap();
        let chars = chars.unwrap_or_default();
        let body = match encoding.as_deref() {
            Some("UTF-16") => chars.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => chars.into_bytes(),
        };
        let statuses = statuses.unwrap();
        let class = |status: &str| status.split("StatusCode").nth(1)?[..1].parse().ok();
        Case {
            name: test.unwrap().rsplit('#').next().unwrap().to_owned(),
            method: method.unwrap(),
            target: path.unwrap().replacen("/sparql/", "/sparql", 1),
            content_type,
            body,
            statuses: statuses.split(' ').filter_map(class).collect(),
            boolean: boolean.map(|boolean| boolean == "true"),
            format,
        }
    };
    found.into_iter().map(case).collect()
}

/// A server with the graphs of the suite.
fn server_of(suite: &Path, folder: &Path) -> Server {
    let mut data = String::new();
    for number in 1..=3 {
        let triples = fs::read_to_string(suite.join(format!("data{number}.nt"))).unwrap();
        data +=
            &format!("<http://kasei.us/2009/09/sparql/data/data{number}.rdf> {{ {triples} }}\n");
    }
    fs::write(folder.join("data.trig"), data).unwrap();
    Server::start_in(folder, &["--data", "data.trig"])
}

#[test]
fn the_suite_of_w3c_passes() {
    let Some(suite) = suite() else {
        std::io::Write::write_all(
            &mut std::io::stderr(),
            b"skipped: W3C's tests of the protocol are not beside the repository\n",
        )
        .unwrap();
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let server = server_of(&suite, folder.path());
    let (mut queries, mut refused, mut updates) = (0, 0, 0);
    for case in cases(&suite) {
        let headers: Vec<(&str, &str)> =
            case.content_type.as_deref().map(|value| ("Content-Type", value)).into_iter().collect();
        let reply = server.send(&case.method, &case.target, &headers, &case.body);
        let said =
            format!("{}: {} {}", case.name, reply.status, String::from_utf8_lossy(&reply.body));
        if case.name.starts_with("update_") {
            // This server does not change data: it says so.
            assert_eq!(reply.status, 403, "{said}");
            assert_eq!(reply.json()["id"], "update-refused");
            updates += 1;
            continue;
        }
        assert!(case.statuses.contains(&(reply.status / 100)), "{said}");
        if let Some(expected) = case.boolean {
            assert_eq!(reply.json()["boolean"], expected, "{said}");
        }
        let content_type = reply.header("content-type").unwrap_or_default();
        match case.format.as_deref() {
            Some("boolean") => assert!(reply.json()["boolean"].is_boolean(), "{said}"),
            Some("tabular") => {
                assert_eq!(content_type, "application/sparql-results+json", "{said}");
            }
            Some("RDF") => assert_eq!(content_type, "text/turtle; charset=utf-8", "{said}"),
            _ => {}
        }
        if case.name.contains("update") {
            refused += 1;
        } else {
            queries += 1;
        }
    }
    assert_eq!((queries, refused, updates), (20, 7, 7));
}

#[test]
fn the_service_describes_itself() {
    let server = Server::start(&[]);
    for accept in ["", "*/*", "text/turtle", "application/rdf+xml", "application/ld+json"] {
        let reply = server.get("/sparql", &[("Accept", accept)]);
        assert_eq!(reply.status, 200, "{accept}");
        let format = match reply.header("content-type").unwrap().split(';').next().unwrap() {
            "application/rdf+xml" => RdfFormat::RdfXml,
            "application/ld+json" => RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
            _ => RdfFormat::Turtle,
        };
        let store = Store::new().unwrap();
        store.load_from_reader(RdfParser::from_format(format), reply.body.as_slice()).unwrap();
        let endpoints = rows(
            &store,
            "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
             SELECT ?e { ?s a sd:Service ; sd:endpoint ?e ; sd:supportedLanguage sd:SPARQL11Query ;
               sd:resultFormat ?f ; sd:defaultDataset/sd:defaultGraph ?g
               FILTER(STRENDS(STR(?f), 'SPARQL_Results_JSON')) }",
        );
        let expected = format!("http://localhost:{}/sparql", server.port);
        assert_eq!(endpoints, [[Some(expected)]], "{accept}");
    }
    let page = server.get("/sparql", &[("Accept", "text/html")]);
    assert_eq!((page.status, page.header("location").as_deref()), (303, Some("/query")));
}

#[test]
fn graphs_can_be_read_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("a.trig"),
        "<x:s> <x:p> 1 . <x:g%41> { <x:s> <x:p> 2 } <x:gA> {<x:s> <x:p> 3}",
    )
    .unwrap();
    let server = Server::start_in(folder.path(), &["--data", "a.trig"]);
    let lines = |target: &str| {
        let reply = server.get(target, &[("Accept", "application/n-quads")]);
        assert_eq!(reply.status, 200, "{target}: {}", reply.text());
        let mut lines: Vec<String> = reply.text().lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let integer = |n| format!("\"{n}\"^^<http://www.w3.org/2001/XMLSchema#integer>");
    // Decoded once: `%2541` is `%41`.
    assert_eq!(lines("/data?graph=x%3Ag%2541"), [format!("<x:s> <x:p> {} .", integer(2))]);
    assert_eq!(lines("/data?graph=x%3AgA"), [format!("<x:s> <x:p> {} .", integer(3))]);
    assert_eq!(lines("/data?default").len(), 3);
    assert_eq!(
        lines("/data"),
        [
            format!("<x:s> <x:p> {} .", integer(1)),
            format!("<x:s> <x:p> {} <x:g%41> .", integer(2)),
            format!("<x:s> <x:p> {} <x:gA> .", integer(3)),
        ]
    );
    for (target, status, id) in [
        ("/data?graph=x%3Anothing", 404, "graph-unknown"),
        ("/data?graph=nothing", 400, "request-parameter"),
        ("/data?graph=x%3AgA&default", 400, "request-parameter"),
        ("/data?grpah=x%3AgA", 400, "request-parameter"),
    ] {
        let reply = server.get(target, &[]);
        assert_eq!((reply.status, reply.json()["id"].as_str()), (status, Some(id)), "{target}");
    }
    for method in ["PUT", "POST", "DELETE", "PATCH"] {
        let reply = server.send(
            method,
            "/data?default",
            &[("Content-Type", "text/turtle")],
            b"<x:s> <x:p> 4 .",
        );
        assert_eq!((reply.status, reply.header("allow").as_deref()), (405, Some("GET, HEAD")));
    }
    assert_eq!(lines("/data?default").len(), 3);
}

#[test]
fn updates_are_refused_in_every_way() {
    let server = Server::start(&[]);
    let before = server.get("/data", &[("Accept", "application/n-quads")]).body;
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    for text in ["DROP ALL", "INSERT DATA { <x:a> <x:b> <x:c> }", "LOAD <http://example.com/>"] {
        let encoded = encoded(text);
        for reply in [
            server.get(&format!("/sparql?update={encoded}"), &[]),
            server.get(&format!("/sparql?query={encoded}"), &[]),
            server.send("POST", "/sparql", &[form], format!("update={encoded}").as_bytes()),
            server.send("POST", "/sparql", &[form], format!("query={encoded}").as_bytes()),
            server.send(
                "POST",
                "/sparql",
                &[("Content-Type", "application/sparql-update")],
                text.as_bytes(),
            ),
            server.send(
                "QUERY",
                "/sparql",
                &[("Content-Type", "application/sparql-query")],
                text.as_bytes(),
            ),
        ] {
            assert_eq!(reply.status, 403, "{text}: {reply:?}");
        }
    }
    assert_eq!(server.get("/data", &[("Accept", "application/n-quads")]).body, before);
}

#[test]
fn text_arrives_as_it_is() {
    let server = Server::start(&[]);
    let query = "SELECT ('é+%41 \u{1F9C9}&=' AS ?x) {}";
    let expected = "é+%41 \u{1F9C9}&=";
    let value = |reply: &super::client::Reply| {
        reply.json()["results"]["bindings"][0]["x"]["value"].as_str().unwrap().to_owned()
    };
    assert_eq!(value(&server.query(query, "")), expected);
    let form = format!("query={}", encoded(query));
    let of_form = "application/x-www-form-urlencoded;charset=UTF-8";
    for (method, content_type, body) in [
        ("POST", of_form, form.as_str()),
        ("POST", "application/sparql-query; charset=utf-8", query),
        ("QUERY", "application/sparql-query", query),
    ] {
        let reply =
            server.send(method, "/sparql", &[("Content-Type", content_type)], body.as_bytes());
        assert_eq!(value(&reply), expected, "{method} {content_type}");
    }
    // A password that nobody wants, and other headers of clients, do no harm.
    let headers = [("Authorization", "Basic eDp5"), ("Content-Type", "application/sparql-query")];
    assert_eq!(server.send("POST", "/sparql", &headers, b"ASK {}").status, 200);
}

#[test]
fn errors_say_where_and_what_to_do() {
    let server = Server::start(&[]);
    let reply = server.query("SELECT ?s {\n  ?s a dos:Claim FITLER(?s = 1) }", "text/csv");
    let problem = reply.json();
    assert_eq!(reply.status, 400);
    assert_eq!((problem["line"].as_u64(), problem["column"].as_u64()), (Some(2), Some(18)));
    assert_eq!(problem["help"], "did you mean `FILTER`?");
    for (method, target, status, id) in [
        ("DELETE", "/sparql", 405, "request-method"),
        ("POST", "/ask/members", 405, "request-method"),
        ("GET", "/sparql?query=%FF", 400, "request-not-utf-8"),
    ] {
        let reply = server.send(method, target, &[], b"");
        assert_eq!((reply.status, reply.json()["id"].as_str()), (status, Some(id)), "{target}");
    }
    let unknown = server.get("/sparql?qurey=ASK%7B%7D", &[]);
    assert_eq!(unknown.json()["help"], "did you mean `query`?");
    let several = server.get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", &[]);
    assert_eq!(several.json()["id"], "request-parameter");
    let cited = server
        .get(&format!("/sparql?cite=1&query={}", encoded("SELECT * { ?s a dos:Mandate }")), &[]);
    assert_eq!(cited.json()["citations"].as_array().unwrap().len(), 1);
}
