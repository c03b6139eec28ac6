//! Random requests: whatever comes, there is a response, and the server goes on.

use super::client::Server;
use crate::support::cases;
use dossier::internals::response_to;
use dossier::{Data, Dossier, Limits, Session};
use proptest::prelude::*;
use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::time::Duration;

/// A text of some characters that have a meaning somewhere, and of words.
fn text(words: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    let part = prop_oneof![
        6 => prop::sample::select(words).prop_map(str::to_owned),
        2 => "[/.?&=%+#;:,<>{}\"'\\\\^|~ -]",
        1 => "%[0-9a-fA-F]{2}",
        1 => "%[\\PC]{0,2}",
        1 => "[\\x00-\\x1f\\x7f]",
        1 => "\\PC",
    ];
    prop::collection::vec(part, 0..most).prop_map(|parts| parts.concat())
}

const IN_PATHS: [&str; 40] = [
    "/",
    "ask",
    "members",
    "status",
    "profile",
    "year=2016",
    "state=",
    "country:IR",
    "thing",
    "sco:SCO",
    "%3Chttp://a%3E",
    "read",
    "doc:sco",
    "sco",
    "claim",
    "claim:mandate",
    "draw",
    "overview",
    "timeline",
    "search",
    "query",
    "complete",
    "static",
    "app.",
    "..",
    "sparql",
    "data",
    "void",
    ".well-known",
    "openapi",
    ".json",
    ".csv",
    ".ttl",
    ".html",
    ".svg",
    ".xml",
    ".jsonl",
    ".txt",
    "/ask/",
    "/thing/",
];

const IN_QUERIES: [&str; 40] = [
    "query=",
    "default-graph-uri=",
    "named-graph-uri=",
    "update=",
    "using-graph-uri=",
    "cite=",
    "safe=",
    "format=",
    "output=",
    "graph=",
    "default",
    "iri=",
    "q=",
    "before=",
    "after=",
    "year=",
    "state=",
    "&",
    "1",
    "0",
    "json",
    "csv",
    "x:a",
    "ASK",
    "SELECT",
    "CONSTRUCT",
    "DESCRIBE",
    "INSERT",
    "SERVICE",
    "{",
    "}",
    "?s",
    "+",
    "*",
    "dos:Claim",
    "FILTER",
    "<x:a>",
    "'a'",
    "LIMIT",
    "%20",
];

const IN_HEADERS: [&str; 24] = [
    "text/html",
    "application/json",
    "text/csv",
    "text/turtle",
    "application/ld+json",
    "application/sparql-results+json",
    "application/sparql-query",
    "application/sparql-update",
    "application/x-www-form-urlencoded",
    "*/*",
    "text/*",
    "charset=",
    "utf-8",
    "UTF-16",
    ";q=",
    "0.5",
    "0",
    "1.0000",
    "gzip",
    "identity",
    ",",
    "W/\"",
    "bytes=0-1",
    "*",
];

/// The statuses that a site answers with.
const STATUSES: [u16; 14] = [200, 303, 304, 400, 403, 404, 405, 406, 408, 413, 415, 500, 501, 503];

const METHODS: [&str; 9] =
    ["GET", "GET", "GET", "HEAD", "POST", "QUERY", "PUT", "OPTIONS", "G\u{e9}T"];

fn session() -> Session {
    Session::open(Dossier::built_in(), &Data::Dossier).unwrap()
}

fn check(session: &Session, request: &Request) {
    let Request { method, path, query, accept, content_type, body } = request;
    let (status, headers, body) = response_to(
        session,
        method,
        path,
        query.as_deref(),
        accept.clone(),
        content_type.clone(),
        body.as_bytes(),
    );
    assert!(STATUSES.contains(&status) && status != 500, "{request:?}: {status}");
    for (name, value) in &headers {
        assert!(!value.contains(['\r', '\n', '\0']), "{request:?}: {name}: {value}");
    }
    let header = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, v)| v);
    if let Some(location) = header("location") {
        assert!(location.starts_with('/') && !location.starts_with("//"), "{request:?}");
    }
    if matches!(status, 400..) {
        assert!(!body.is_empty() && header("cache-control").unwrap() == "no-store");
    }
    if header("content-type").is_some_and(|kind| kind.contains("json") && !kind.contains("jsonl")) {
        let json: Result<serde_json::Value, _> = serde_json::from_slice(&body);
        assert!(json.is_ok(), "{request:?}");
    }
}

/// A request as the site sees it.
#[derive(Debug)]
struct Request {
    method: &'static str,
    path: String,
    query: Option<String>,
    accept: Option<String>,
    content_type: Option<String>,
    body: String,
}

fn request() -> impl Strategy<Value = Request> {
    let header = || prop::option::of(text(&IN_HEADERS, 6));
    (
        prop::sample::select(&METHODS[..]),
        text(&IN_PATHS, 6),
        prop::option::of(text(&IN_QUERIES, 10)),
        header(),
        header(),
        text(&IN_QUERIES, 10),
    )
        .prop_map(|(method, path, query, accept, content_type, body)| Request {
            method,
            path: format!("/{}", path.trim_start_matches('/')),
            query,
            accept,
            content_type,
            body,
        })
}

/// Runs in one test, since opening a session takes longer than many requests.
#[test]
fn every_request_has_a_response() {
    let session = session().with_limits(&Limits::default());
    proptest!(cases(400), |(request in request())| check(&session, &request));
}

/// The lines of a head, as they may come from anybody.
fn head() -> impl Strategy<Value = Vec<u8>> {
    let name = prop::sample::select(
        &[
            "Host",
            "host",
            "Accept",
            "Accept-Encoding",
            "Content-Type",
            "Content-Length",
            "Transfer-Encoding",
            "Connection",
            "Expect",
            "Origin",
            "Sec-Fetch-Site",
            "Sec-Fetch-Mode",
            "If-None-Match",
            "Upgrade",
            "Forwarded",
            "X-Forwarded-Host",
            "",
        ][..],
    );
    let value = prop_oneof![
        3 => Just("localhost".to_owned()),
        1 => Just("chunked".to_owned()),
        1 => Just("100-continue".to_owned()),
        1 => "[0-9]{1,3}",
        1 => Just("evil.example".to_owned()),
        2 => text(&IN_HEADERS, 4),
    ];
    let end = prop::sample::select(&["\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", " \r\n"][..]);
    let separator = prop::sample::select(&[": ", ":", " : ", ""][..]);
    let line = (name, separator, value, end)
        .prop_map(|(name, separator, value, end)| format!("{name}{separator}{value}{end}"));
    let version = prop::sample::select(&["HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", ""][..]);
    let method = prop::sample::select(&METHODS[..]);
    (method, text(&IN_PATHS, 5), version, prop::collection::vec(line, 0..6), text(&IN_QUERIES, 8))
        .prop_map(|(method, path, version, lines, body)| {
            let host = if lines.len() % 2 == 0 { "Host: localhost\r\n" } else { "" };
            format!("{method} /{path} {version}\r\n{host}{}\r\n{body}", lines.concat()).into_bytes()
        })
}

#[test]
fn no_head_stops_the_server() {
    let server = Server::start(&["--quiet"]);
    proptest!(cases(60), |(bytes in head())| {
        let mut stream = server.connect();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let mut reply = Vec::new();
        let _ = stream.read_to_end(&mut reply);
        prop_assert!(reply.is_empty() || reply.starts_with(b"HTTP/1."), "{:?}", reply);
    });
    assert_eq!(server.get("/ask/counts.csv?cite=0", &[]).status, 200);
}
