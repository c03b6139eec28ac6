//! Which format a client gets.

use super::client::Server;

#[test]
fn the_client_chooses_the_format() {
    let server = Server::start(&[]);
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let (select, ask) = ("SELECT * { ?s a dos:Claim }", "ASK {}");
    let construct = "CONSTRUCT WHERE { ?s a dos:Claim }";
    let describe = "DESCRIBE sco:SCO";
    for (query, accept, expected) in [
        (select, "", "application/sparql-results+json"),
        (select, "*/*", "application/sparql-results+json"),
        (select, "application/json", "application/sparql-results+json"),
        (select, "application/xml", "application/sparql-results+xml"),
        (select, "text/csv", "text/csv; charset=utf-8"),
        (
            select,
            "text/*;q=0.5, text/tab-separated-values",
            "text/tab-separated-values; charset=utf-8",
        ),
        // Never a graph for rows.
        (
            select,
            "text/turtle, application/sparql-results+xml;q=0.1",
            "application/sparql-results+xml",
        ),
        (ask, "application/sparql-results+xml;charset=utf-8", "application/sparql-results+xml"),
        (ask, "*/*", "application/sparql-results+json"),
        (construct, "*/*", "text/turtle; charset=utf-8"),
        (construct, "application/ld+json", "application/ld+json"),
        (
            construct,
            "application/sparql-results+json;q=0.9, application/n-triples;q=0.2",
            "application/n-triples",
        ),
        (describe, "application/rdf+xml, */*;q=0.1", "application/rdf+xml"),
    ] {
        let reply = server.query(query, accept);
        assert_eq!(reply.status, 200, "{query} {accept}: {}", reply.text());
        assert_eq!(reply.header("content-type").as_deref(), Some(expected), "{query} {accept}");
        assert_eq!(reply.header("vary").as_deref(), Some("Accept, Accept-Encoding"));
    }
    for (query, accept) in [(select, "text/turtle"), (construct, "text/csv"), (ask, "*/*;q=0")] {
        let reply = server.query(query, accept);
        assert_eq!(reply.status, 406, "{query} {accept}");
        let problem = reply.text();
        assert!(
            problem.contains("format-not-offered") && problem.contains("use one of "),
            "{problem}"
        );
    }
    // A browser is led to the page.
    let page = server.query(ask, browser);
    assert_eq!(page.status, 303);
    assert_eq!(page.header("location").as_deref(), Some("/query?query=ASK%20%7B%7D"));
    // A suffix, or a field for clients that cannot set headers, counts more.
    let suffix = server.get("/sparql.csv?query=ASK%7B%7D", &[("Accept", browser)]);
    assert_eq!(suffix.text(), "true\n");
    for format in ["csv", "text%2Fcsv"] {
        let field = server.get(&format!("/sparql?format={format}&query=ASK%7B%7D"), &[]);
        assert_eq!(field.text(), "true\n");
    }
    assert_eq!(server.get("/sparql.ttl?query=ASK%7B%7D", &[]).status, 406);
}
