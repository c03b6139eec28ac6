//! What programs get: formats, citations, addresses, caching.

use super::client::{Server, encoded};
use std::io::Read as _;

#[test]
fn saved_queries_are_answered_with_citations() {
    let server = Server::start(&[]);
    let cited = server.get("/ask/members/year=2016.json", &[]).json();
    assert_eq!(cited["results"]["bindings"].as_array().unwrap().len(), 6);
    assert_eq!(cited["citations"].as_array().unwrap().len(), 6);
    let plain = server.get("/ask/members/year=2016.json?cite=0", &[]).json();
    assert_eq!(plain["results"], cited["results"]);
    assert!(plain.get("citations").is_none());
    let csv = server.get("/ask/members/year=2016.csv?cite=0", &[]);
    let text = csv.text();
    assert!(
        text.starts_with("member,since\r\nhttps://w3id.org/dossier/country/CN,2001\r\n"),
        "{text}"
    );
    assert_eq!(csv.header("content-type").as_deref(), Some("text/csv; charset=utf-8"));

    // A form's fields lead to the one address, with the format and the switches.
    let moved = server.get("/ask/members.csv?year=2016&cite=0", &[]);
    assert_eq!(moved.status, 303);
    assert_eq!(moved.header("location").as_deref(), Some("/ask/members/year=2016.csv?cite=0"));

    for (target, status, id, help) in [
        ("/ask/membres", 404, "query-unknown", "did you mean `members`?"),
        ("/ask/members/yaer=2016", 400, "parameter-unknown", "did you mean `year`?"),
        ("/ask/members?cite=maybe", 400, "request-parameter", "write `cite=1` or `cite=0`"),
        ("/asks", 404, "address-unknown", "the page at `/` shows what there is"),
        ("/thing/nobody", 404, "name-unknown", ""),
        ("/read/nothing", 404, "document-unknown", ""),
    ] {
        let reply = server.get(target, &[]);
        let problem = reply.json();
        assert_eq!((reply.status, problem["id"].as_str()), (status, Some(id)), "{target}");
        assert_eq!(reply.header("content-type").as_deref(), Some("application/problem+json"));
        assert!(problem["help"].as_str().unwrap_or_default().contains(help), "{problem}");
    }
}

#[test]
fn things_documents_and_claims_have_data() {
    let server = Server::start(&[]);
    let rows = server.get("/thing/sco:SCO.json", &[]).json();
    let count = rows["results"]["bindings"].as_array().unwrap().len();
    assert!(count > 5);
    assert_eq!(rows["citations"].as_array().unwrap().len(), count);
    let turtle = server.get("/thing/sco:SCO.ttl", &[]);
    assert!(turtle.text().contains("dos:IntergovernmentalOrganisation"), "{}", turtle.text());
    let trig = server.get("/thing/sco:SCO.trig", &[]).text();
    assert!(trig.contains("dos:quote"), "{trig}");
    let claim = server.get("/claim/claim:mandate", &[("Accept", "application/trig")]).text();
    assert!(claim.contains("claim:mandate {") && claim.contains("dos:quote"), "{claim}");
    let document = server.get("/read/sco", &[("Accept", "text/markdown")]);
    assert_eq!(document.header("content-type").as_deref(), Some("text/markdown; charset=utf-8"));
    assert!(document.text().starts_with("# "), "{}", document.text());
    let json = server.get("/read/sco.json", &[]);
    assert_eq!(json.header("content-type").as_deref(), Some("application/json"));
    assert!(json.json().is_object());
    let links = json.header("link").unwrap();
    assert!(links.contains("</read/sco.md>; rel=\"alternate\"; type=\"text/markdown\""), "{links}");
}

#[test]
fn clients_can_keep_answers() {
    let server = Server::start(&[]);
    let target = "/ask/members.json";
    let first = server.get(target, &[]);
    let tag = first.header("etag").unwrap();
    assert_eq!(first.header("vary").as_deref(), Some("Accept, Accept-Encoding"));
    for known in [tag.as_str(), "\"x\", *", &format!("\"x\", {tag}"), tag.trim_start_matches("W/")]
    {
        let again = server.get(target, &[("If-None-Match", known)]);
        if known.contains('*') {
            // Only alone does it stand for everything.
            assert_eq!(again.status, 200);
            continue;
        }
        assert_eq!((again.status, again.body.len()), (304, 0), "{known}");
        assert_eq!(again.header("etag").as_ref(), Some(&tag));
    }
    assert_eq!(server.get(target, &[("If-None-Match", "*")]).status, 304);
    // Another format, other arguments, another answer.
    for other in ["/ask/members.csv", "/ask/members/year=2016.json", "/ask/members.json?cite=0"] {
        assert_ne!(server.get(other, &[]).header("etag").unwrap(), tag, "{other}");
    }
}

#[test]
fn answers_at_the_endpoint_can_be_kept_too() {
    let server = Server::start(&[]);
    let ask = |query: &str, tag: &str| {
        let target = format!("/sparql?query={}", encoded(query));
        server.get(&target, &[("If-None-Match", tag)])
    };
    let states = "SELECT * { ?s a dos:State }";
    let tag = ask(states, "").header("etag").unwrap();
    let again = ask(states, &tag);
    assert_eq!((again.status, again.header("etag").as_ref()), (304, Some(&tag)));
    assert_eq!(ask("SELECT ?s { ?s a dos:State }", &tag).status, 200);
    // What changes without the data, and what is sent in a body, cannot be known again.
    for changing in ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"] {
        let query = format!("SELECT * {{ FILTER EXISTS {{ ?a ?b ?c BIND({changing} AS ?x) }} }}");
        let reply = ask(&query, "*");
        assert_eq!((reply.status, reply.header("etag")), (200, None), "{changing}");
    }
    let body = ("Content-Type", "application/sparql-query");
    let reply = server.send("POST", "/sparql", &[body, ("If-None-Match", "*")], states.as_bytes());
    assert_eq!((reply.status, reply.header("etag")), (200, None));
    // An error has no tag.
    let reply = ask("SELECT", &tag);
    assert_eq!((reply.status, reply.header("etag")), (400, None));
    assert_eq!(reply.header("cache-control").as_deref(), Some("no-store"));
    // Others change the data of an endpoint.
    let endpoint = crate::endpoint::sco();
    let server = Server::start(&["--endpoint", &endpoint.url]);
    assert_eq!(server.query(states, "").header("etag"), None);
    assert_eq!(server.get("/ask/members.json", &[]).header("etag"), None);
}

#[test]
fn what_readers_typed_is_not_shared() {
    let server = Server::start(&["--cors", "https://a.example", "--cors", "https://b.example"]);
    let control = |reply: super::client::Reply| reply.header("cache-control").unwrap();
    for target in [
        "/sparql?query=ASK%7B%7D",
        "/query?query=ASK%7B%7D",
        "/search?q=iran",
        "/complete?before=SEL&after=",
        "/data?default",
    ] {
        let reply = server.get(target, &[("Accept", "text/html, */*;q=0.1")]);
        // (A browser is led from the endpoint to the page.)
        let reply = if reply.status == 303 { server.get(target, &[]) } else { reply };
        assert_eq!(control(reply), "private, no-cache", "{target}");
    }
    let query = ("Content-Type", "application/sparql-query");
    assert_eq!(control(server.send("POST", "/sparql", &[query], b"ASK {}")), "private, no-cache");
    for target in ["/", "/ask/members.json", "/read/sco", "/void", "/sparql"] {
        assert_eq!(control(server.get(target, &[])), "no-cache", "{target}");
    }
    // A response from the server's own cache names the site that asks, not the one that asked before.
    for origin in ["https://a.example", "https://b.example"] {
        for _ in 0..2 {
            let reply = server.get("/ask/members.json", &[("Origin", origin)]);
            assert_eq!(reply.header("access-control-allow-origin").as_deref(), Some(origin));
            assert!(reply.header("vary").unwrap().contains("Origin"));
        }
    }
    let plain = server.get("/ask/members.json", &[]);
    assert_eq!(plain.header("access-control-allow-origin"), None);
}

#[test]
fn a_changing_saved_query_is_asked_anew() {
    let folder = super::client::dossier(&[
        ("chance", "SELECT ?x { BIND(STRUUID() AS ?x) }"),
        ("fixed", "SELECT ?x { BIND(1 AS ?x) }"),
    ]);
    let server = Server::start_in(folder.path(), &[]);
    let ask = |name: &str| server.get(&format!("/ask/{name}.csv?cite=0"), &[]);
    assert_ne!(ask("chance").text(), ask("chance").text());
    assert_eq!(ask("chance").header("etag"), None);
    assert!(ask("fixed").header("etag").is_some());
}

#[test]
fn behind_another_server_links_lead_there() {
    let server = Server::start(&["--url", "https://data.example/"]);
    let forwarded = [
        ("Forwarded", "proto=https;host=evil.example"),
        ("X-Forwarded-Host", "evil.example"),
        ("Accept", "text/html;q=0.1, */*"),
    ];
    for target in ["/sparql", "/void", "/openapi.json", "/"] {
        let text = server.get(target, &forwarded).text();
        assert!(!text.contains("evil.example") && !text.contains("localhost"), "{target}: {text}");
        assert!(target == "/" || text.contains("https://data.example"), "{target}: {text}");
    }
    let page = server.get("/ask/members", &[("Accept", "text/html")]).text();
    assert!(page.contains("<link rel=\"canonical\" href=\"https://data.example/ask/members\">"));
    // The other server calls this one by its own name or by that of clients.
    assert_eq!(server.get("/", &[("Host", "data.example")]).status, 200);
    let own = [("Origin", "https://data.example"), ("Content-Type", "application/sparql-query")];
    assert_eq!(server.send("POST", "/sparql", &own, b"ASK {}").status, 200);
    let base = server.query("SELECT (<x> AS ?iri) {}", "text/csv").text();
    assert_eq!(base, "iri\r\nhttps://data.example/x\r\n");
    let ordinary = Server::start(&[]);
    let reply = ordinary.get("/sparql", &forwarded);
    assert!(reply.text().contains(&format!("<http://localhost:{}/sparql>", ordinary.port)));
}

#[test]
fn proposals_are_json() {
    let server = Server::start(&[]);
    for (accept, status) in
        [("", 200), ("*/*", 200), ("application/json", 200), ("text/html", 406), ("text/csv", 406)]
    {
        let reply = server.get("/complete?before=SEL&after=", &[("Accept", accept)]);
        assert_eq!(reply.status, status, "{accept}");
        if status == 200 {
            assert_eq!(reply.header("content-type").as_deref(), Some("application/json"));
            assert_eq!(reply.json()["candidates"][0]["text"], "SELECT");
        }
    }
    assert_eq!(server.get("/complete.json?before=SEL&after=", &[]).status, 200);
}

#[test]
fn queries_are_laid_out() {
    let server = Server::start(&[]);
    let html = [("Accept", "text/html")];
    let target = |text| format!("/query?query={}&layout=1", encoded(text));
    let page = server.get(&target("select*{?s ?p \"<b>\"}"), &html);
    assert_eq!(page.status, 200);
    let laid_out = "\nSELECT * {\n  ?s ?p &quot;&lt;b&gt;&quot; .\n}\n</textarea>";
    assert!(page.text().contains(laid_out), "{}", page.text());
    assert!(page.header("cache-control").is_some_and(|value| value.contains("private")));
    // Wrong text comes back as it is.
    let wrong = server.get(&target("select*{?s <b>}"), &html);
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("\nselect*{?s &lt;b&gt;}</textarea>"), "{}", wrong.text());
    assert!(wrong.text().contains("class=\"message error\""), "{}", wrong.text());
    assert_eq!(server.get(&target("ASK{}"), &[("Accept", "text/csv")]).status, 406);
    assert_eq!(server.send("POST", &target("ASK{}"), &[], b"").status, 405);
}

#[test]
fn long_answers_are_compressed_if_wanted() {
    let server = Server::start(&[]);
    let target = "/ask/timeline.json";
    let plain = server.get(target, &[]);
    let packed = server.get(target, &[("Accept-Encoding", "gzip")]);
    assert_eq!(packed.header("content-encoding").as_deref(), Some("gzip"));
    assert!(packed.body.len() < plain.body.len() / 2);
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(packed.body.as_slice()).read_to_end(&mut text).unwrap();
    assert_eq!(text, plain.body);
    assert_eq!(
        server.get(target, &[("Accept-Encoding", "gzip;q=0")]).header("content-encoding"),
        None
    );
    let short = "/sparql?query=ASK%7B%7D";
    assert_eq!(server.get(short, &[("Accept-Encoding", "gzip")]).header("content-encoding"), None);
}

#[test]
fn head_is_get_without_a_body() {
    let server = Server::start(&[]);
    for target in ["/", "/ask/members.csv", "/sparql?query=ASK%7B%7D", "/data?default", "/nothing"]
    {
        let get = server.get(target, &[]);
        let head = server.send("HEAD", target, &[], b"");
        let (mut of_get, mut of_head) = (get.header_names(), head.header_names());
        for headers in [&mut of_get, &mut of_head] {
            headers.remove("date");
            headers.remove("transfer-encoding");
        }
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{target}");
        assert_eq!(of_head, of_get, "{target}");
    }
}

#[test]
fn a_spreadsheet_gets_no_formulas_if_it_asks() {
    let server = Server::start(&[]);
    let query = encoded("SELECT * { VALUES (?a ?b) { ('=1+1' -5) ('@x' '-1+2') } }");
    let exact = server.get(&format!("/sparql.csv?query={query}"), &[]);
    assert_eq!(exact.text(), "a,b\r\n=1+1,-5\r\n@x,-1+2\r\n");
    let safe = server.get(&format!("/sparql.csv?query={query}&safe=1"), &[]);
    assert_eq!(safe.text(), "a,b\r\n'=1+1,-5\r\n'@x,'-1+2\r\n");
    assert_eq!(safe.header("content-disposition").as_deref(), Some("attachment"));
}

#[test]
fn programs_find_the_saved_queries() {
    let server = Server::start(&[]);
    let openapi = server.get("/openapi.json", &[]).json();
    let members = &openapi["paths"]["/ask/members"]["get"];
    assert_eq!(members["operationId"], "members");
    assert_eq!(members["parameters"][0]["name"], "year");
    assert_eq!(openapi["servers"][0]["url"], format!("http://localhost:{}", server.port));
    let void = server.get("/void", &[]).text();
    assert!(void.contains("sh:SPARQLSelectExecutable"), "{void}");
    assert_eq!(server.get("/.well-known/void", &[]).text(), void);
}
