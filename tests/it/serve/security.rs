//! What a server must not do: whoever asks, whatever they send.

use super::client::{Server, encoded, read};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

#[test]
fn only_own_names_are_served() {
    let server = Server::start(&["--host", "data.example"]);
    let port = server.port;
    for (host, status) in [
        ("evil.example".to_owned(), 403),
        ("127.0.0.1.evil.example".to_owned(), 403),
        ("LOCALHOST.".to_owned(), 200),
        // The port may be that of a tunnel.
        ("localhost:1".to_owned(), 200),
        (format!("[::1]:{port}"), 200),
        (format!("127.0.0.1:{port}"), 200),
        ("data.example".to_owned(), 200),
    ] {
        assert_eq!(server.get("/", &[("Host", &host)]).status, status, "{host}");
    }
    for (request, status) in [
        ("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400),
        ("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 403),
        ("GET http://localhost/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 403),
        ("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 200),
    ] {
        assert_eq!(server.raw(request.as_bytes()).status, status, "{request}");
    }
    let refused = server.get("/", &[("Host", "evil.example")]);
    assert_eq!(refused.json()["id"], "host-refused");
}

#[test]
fn pages_of_other_sites_cannot_ask() {
    let server = Server::start(&[]);
    let own = format!("http://localhost:{}", server.port);
    let query = ("Content-Type", "application/sparql-query");
    for (origin, status) in [("https://evil.example", 403), ("null", 403), (own.as_str(), 200)] {
        let reply = server.send("POST", "/sparql", &[query, ("Origin", origin)], b"ASK {}");
        assert_eq!(reply.status, status, "{origin}");
        assert!(reply.headers.iter().all(|(name, _)| !name.starts_with("access-control")));
    }
    let refused = server.get("/", &[("Origin", "https://evil.example")]);
    assert_eq!(refused.json()["id"], "origin-refused");
    for target in ["/sparql?query=ASK%7B%7D", "/ask/members"] {
        let image = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")];
        assert_eq!(server.get(target, &image).status, 403);
        let link = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")];
        assert_eq!(server.get(target, &link).status, 200);
    }
    let preflight = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")];
    assert_eq!(server.send("OPTIONS", "/sparql", &preflight, b"").status, 403);
    assert_eq!(server.send("OPTIONS", "/sparql", &[], b"").status, 405);
}

#[test]
fn a_named_site_may_read() {
    let server = Server::start(&["--cors", "https://good.example"]);
    let good = ("Origin", "https://good.example");
    let reply = server.get("/sparql?query=ASK%7B%7D", &[good]);
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.header("access-control-allow-origin").as_deref(),
        Some("https://good.example")
    );
    assert_eq!(reply.header("access-control-allow-credentials"), None);
    assert!(reply.header("vary").unwrap().contains("Origin"));
    // Errors can be read, too.
    let error = server.get("/sparql?query=ASK", &[good]);
    assert_eq!(error.status, 400);
    assert!(error.header("access-control-allow-origin").is_some());
    let preflight = server.send("OPTIONS", "/sparql", &[good], b"");
    assert_eq!(preflight.status, 204);
    assert!(preflight.header("access-control-allow-methods").unwrap().contains("POST"));
    assert_eq!(server.get("/", &[("Origin", "https://evil.example")]).status, 403);
}

#[test]
fn every_response_is_protected() {
    let server = Server::start(&[]);
    let picture = server.get("/draw/timeline.svg", &[]);
    assert_eq!(picture.header("content-type").as_deref(), Some("image/svg+xml"));
    assert_eq!(
        picture.header("content-security-policy").as_deref(),
        Some("default-src 'none'; style-src 'unsafe-inline'; sandbox")
    );
    let page = server.get("/", &[("Accept", "text/html")]);
    assert_eq!(
        page.header("content-security-policy").as_deref(),
        Some(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
    );
    for target in ["/", "/ask/members.csv", "/sparql?query=ASK", "/nothing", "/void", "/sparql"] {
        for accept in ["text/html", "*/*"] {
            let reply = server.get(target, &[("Accept", accept)]);
            let header = |name: &str| reply.header(name).unwrap_or_default();
            assert!(
                header("content-security-policy").starts_with("default-src 'none'; "),
                "{target}"
            );
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("referrer-policy"), "no-referrer");
            assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        }
    }
}

#[test]
fn no_query_reaches_other_servers_or_files() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let file = format!("file://{}/secret.ttl", folder.path().display());
    std::fs::write(folder.path().join("secret.ttl"), "<x:a> <x:b> <x:c> .").unwrap();
    let server = Server::start(&[]);
    for query in [
        format!("SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"),
        format!("SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}"),
        format!("SELECT * {{ {{ SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }} }}"),
        format!("SELECT * {{ FILTER EXISTS {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}"),
        format!("SELECT * {{ ?a ?b ?c MINUS {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}"),
        format!("SELECT * {{ VALUES ?url {{ <{url}> }} SERVICE ?url {{ ?s ?p ?o }} }}"),
    ] {
        let reply = server.query(&query, "");
        assert_eq!(
            (reply.status, &reply.json()["id"]),
            (403, &"service-refused".into()),
            "{query}"
        );
    }
    for iri in [&url, &file] {
        for query in [
            format!("SELECT * FROM <{iri}> {{ ?s ?p ?o }}"),
            format!("SELECT * FROM NAMED <{iri}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"),
            format!("SELECT * {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"),
        ] {
            let reply = server.query(&query, "");
            assert_eq!(
                reply.json()["results"]["bindings"].as_array().map(Vec::len),
                Some(0),
                "{query}"
            );
        }
        let encoded = encoded(iri);
        let by_protocol =
            format!("/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D&default-graph-uri={encoded}");
        assert_eq!(server.get(&by_protocol, &[]).json()["boolean"], false);
        assert_eq!(server.get(&format!("/thing/{encoded}.ttl"), &[]).status, 404);
        assert_eq!(server.get(&format!("/data?graph={encoded}"), &[]).status, 404);
    }
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "something has connected");
}

#[test]
fn no_path_leads_out_of_the_dossier() {
    let server = Server::start(&[]);
    for target in [
        "/static/../../etc/passwd",
        "/static/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/static/..%5c..%5cx",
        "/read/../../Cargo.toml",
        "/read/%2e%2e%2fREADME.md",
        "/read/..%2f..%2fREADME",
        "/ask/..%2fchecks%2funcited",
        "/ask/%00",
        "/read/a%00b",
        "/thing/%ff",
        "//evil.example/",
        "/./x",
    ] {
        let reply = server.get(target, &[]);
        assert_eq!(reply.status, 404, "{target}: {reply:?}");
    }
}

#[test]
fn nothing_becomes_a_header() {
    let server = Server::start(&[]);
    for target in [
        "/ask/members?year=2016%0d%0aX-Evil:%201",
        "/ask/members?a=%0d%0aX-Evil:%201",
        "/thing?iri=%0d%0aX-Evil:%201",
        "/thing?iri=//evil.example",
        "/thing?iri=https://evil.example",
        "/ask/x%0d%0aX-Evil:%201?y=1",
        "/sparql?query=%0d%0aX-Evil:%201",
    ] {
        let reply = server.get(target, &[("Accept", "text/html")]);
        assert_eq!(reply.header("x-evil"), None, "{target}");
        if let Some(location) = reply.header("location") {
            let is_own = location.starts_with('/') && !location.starts_with("//");
            assert!(is_own && location.is_ascii(), "{target}: {location}");
        }
    }
}

#[test]
fn no_second_request_is_smuggled_in() {
    let server = Server::start(&[]);
    let head =
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n";
    let inner = "GET /ask/members HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (headers, body) in [
        // Two lengths.
        ("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n", "6\r\nASK {}\r\n0\r\n\r\n"),
        ("Content-Length: 6\r\nContent-Length: 60\r\n\r\n", "ASK {}"),
        ("Content-Length: 6\r\ncontent-length: 6\r\n\r\n", "ASK {}"),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\n\r\n"),
        // Line breaks that others may overlook.
        ("X: a\nContent-Length: 6\r\n\r\n", "ASK {}"),
        ("Content-Length: 6\r\n\n", "ASK {}"),
        ("X: a\rContent-Length: 6\r\n\r\n", "ASK {}"),
        // An encoding that others may overlook.
        ("Transfer-Encoding: xchunked\r\n\r\n", "0\r\n\r\n"),
        ("Transfer-Encoding: chunked, identity\r\n\r\n", "0\r\n\r\n"),
        ("Transfer-Encoding : chunked\r\n\r\n", "0\r\n\r\n"),
        ("X: a\r\n Transfer-Encoding: chunked\r\n\r\n", "0\r\n\r\n"),
        ("Content-Length: +6\r\n\r\n", "ASK {}"),
        ("Content-Length: 6, 6\r\n\r\n", "ASK {}"),
    ] {
        let mut stream = server.connect();
        let _ = stream.write_all(format!("{head}{headers}{body}{inner}").as_bytes());
        let mut replies = Vec::new();
        loop {
            let reply = read(&mut stream, false);
            if reply.status == 0 {
                break;
            }
            replies.push(reply.status);
        }
        assert_eq!(replies, [400], "{headers}");
    }
    // The same in the second request on a connection.
    let mut stream = server.connect();
    let first = format!("{head}Content-Length: 6\r\n\r\nASK {{}}");
    let second = format!("{head}Content-Length: 6\r\nContent-Length: 6\r\n\r\nASK {{}}{inner}");
    stream.write_all(format!("{first}{second}").as_bytes()).unwrap();
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    let all = String::from_utf8_lossy(&all);
    assert_eq!(all.matches("HTTP/1.1 ").count(), 2, "{all}");
    assert!(all.contains("HTTP/1.1 400 "), "{all}");
    // What is right goes on.
    let mut stream = server.connect();
    let close =
        "GET /ask/counts.csv?cite=0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(format!("{first}{first}{close}").as_bytes()).unwrap();
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    assert_eq!(String::from_utf8_lossy(&all).matches("HTTP/1.1 200 ").count(), 3);
    server.wait_until("all is logged", |server| !server.messages().is_empty());
    assert!(!server.messages().contains("/ask/members"), "{}", server.messages());
}

#[test]
fn a_secret_of_an_endpoint_stays_secret() {
    let endpoint = crate::endpoint::sco();
    let url = endpoint.url.replacen("http://", "http://user:SECRET@", 1) + "?api-key=HIDDEN";
    let server = Server::start(&["--endpoint", &url]);
    assert_eq!(server.query("ASK { ?s a dos:Claim }", "").json()["boolean"], true);
    let mut all = String::new();
    for target in [
        "/",
        "/sparql",
        "/openapi.json",
        "/void",
        "/sparql?query=ASK%7B%7D",
        "/ask/members",
        "/data",
        "/thing/sco:SCO",
        "/thing/nobody",
        "/read/sco",
        "/search?q=iran",
        "/query?query=SELECT+*+%7B+%3Fs+a+dos%3AState+%7D",
        "/complete?before=SELECT+&after=",
        "/sparql?query=SELECT",
    ] {
        let page = server.get(target, &[("Accept", "text/html")]);
        all += &format!("{page:?}");
        all += &String::from_utf8_lossy(&page.body);
        all += &format!("{:?}", server.get(target, &[]));
        all += &String::from_utf8_lossy(&server.get(target, &[]).body);
    }
    #[cfg(target_os = "linux")]
    {
        let children = server.children();
        assert!(!children.is_empty());
        for child in children {
            all += &std::fs::read_to_string(format!("/proc/{child}/cmdline")).unwrap_or_default();
        }
    }
    all += &server.messages();
    assert!(!all.contains("SECRET") && !all.contains("HIDDEN"), "{all}");
    // If nobody answers at the endpoint, neither.
    let dead = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://user:SECRET@{}/?api-key=HIDDEN", dead.local_addr().unwrap());
    drop(dead);
    let arguments = ["serve", "--port", "0", "--endpoint", &url];
    let (_, out, err) = crate::support::program::run(&std::env::temp_dir(), &arguments);
    let said = out + &err;
    assert!(said.contains("127.0.0.1"), "{said}");
    assert!(!said.contains("SECRET") && !said.contains("HIDDEN"), "{said}");
    let service = server.query("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "");
    assert_eq!(service.status, 403);
}

#[test]
fn a_parameter_is_a_value_whatever_it_contains() {
    let folder = super::client::dossier(&[(
        "q",
        "SELECT ?given { VALUES ?n { 1 } BIND(?_text AS ?given) }",
    )]);
    let server = Server::start_in(folder.path(), &[]);
    for value in [
        "x> } INSERT DATA { <x:a> <x:b> <x:c> } #",
        "\" } UNION { ?s ?p ?o } #",
        "\\u0027 } #",
        "\x27\x27\x27\n\"\"\"",
        "?n",
        "<x:a>",
        "\"1\"^^xsd:integer",
        "a/b?c=d&e=f;g",
        "%41+%2B",
    ] {
        let json = server.get(&format!("/ask/q/text={}.json", encoded(value)), &[]).json();
        let rows = json["results"]["bindings"].as_array();
        let rows = rows.unwrap_or_else(|| panic!("{value}: {json}"));
        let expected = serde_json::json!({ "type": "literal", "value": value });
        assert_eq!((rows.len(), &rows[0]["given"]), (1, &expected), "{value}");
    }
}

#[test]
fn a_parameter_does_not_change_the_query() {
    let server = Server::start(&[]);
    for value in [
        "x%3E%20%7D%20INSERT",
        "%22%20%7D%20%23",
        "%5Cu0027",
        "sco:SCO%3E",
        "2016%22%5E%5Exsd:integer",
    ] {
        for target in [format!("/ask/members/year={value}"), format!("/ask/profile/body={value}")] {
            let reply = server.get(&target, &[]);
            assert!(matches!(reply.status, 400 | 404), "{target}: {reply:?}");
        }
    }
}
