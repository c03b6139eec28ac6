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
