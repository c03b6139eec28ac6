//! `/mcp` of a server: headers, who may ask, and that nothing there writes.

use super::client::{NEW, OLD, copy, meta};
use crate::serve::client::{Reply, Server};
use serde_json::{Value, json};
use std::io::Write as _;
use std::time::{Duration, Instant};

const JSON: (&str, &str) = ("Content-Type", "application/json");
const ACCEPT: (&str, &str) = ("Accept", "application/json, text/event-stream");

fn post(server: &Server, headers: &[(&str, &str)], body: &Value) -> Reply {
    let headers = [&[JSON, ACCEPT][..], headers].concat();
    server.send("POST", "/mcp", &headers, body.to_string().as_bytes())
}

fn request(method: &str, mut parameters: Value) -> Value {
    parameters["_meta"] = meta();
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters })
}

#[test]
fn each_request_stands_for_itself() {
    let server = Server::start(&[]);
    let call = request("tools/call", json!({ "name": "members", "arguments": { "year": 2016 } }));
    let version = ("MCP-Protocol-Version", NEW);
    let headers = [version, ("Mcp-Method", "tools/call"), ("Mcp-Name", "members")];
    let reply = post(&server, &headers, &call);
    assert_eq!(
        (reply.status, reply.header("content-type").as_deref()),
        (200, Some("application/json"))
    );
    assert_eq!(reply.header("cache-control").as_deref(), Some("no-store"));
    assert!(reply.json()["result"]["content"][0]["text"].as_str().unwrap().starts_with("6 rows."));
    // What the headers say must be what the body says.
    for wrong in [
        [version, ("Mcp-Method", "tools/list"), ("Mcp-Name", "members")],
        [version, ("Mcp-Method", "tools/call"), ("Mcp-Name", "deeds")],
        [("MCP-Protocol-Version", OLD), ("Mcp-Method", "tools/call"), ("Mcp-Name", "members")],
    ] {
        let reply = post(&server, &wrong, &call);
        assert_eq!(
            (reply.status, &reply.json()["error"]["code"]),
            (400, &json!(-32020)),
            "{wrong:?}"
        );
    }
    let mut unknown = request("tools/list", json!({}));
    unknown["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = "1999-01-01".into();
    let headers = [("MCP-Protocol-Version", "1999-01-01"), ("Mcp-Method", "tools/list")];
    let reply = post(&server, &headers, &unknown);
    assert_eq!((reply.status, &reply.json()["error"]["code"]), (400, &json!(-32022)));
    let reply =
        post(&server, &[version, ("Mcp-Method", "nonsense")], &request("nonsense", json!({})));
    assert_eq!((reply.status, &reply.json()["error"]["code"]), (404, &json!(-32601)));
}

#[test]
fn the_revision_before_needs_no_session() {
    let server = Server::start(&[]);
    let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": OLD, "capabilities": {}, "clientInfo": { "name": "a", "version": "1" } } });
    let reply = post(&server, &[], &hello);
    assert_eq!(reply.json()["result"]["protocolVersion"], OLD);
    assert_eq!(reply.header("mcp-session-id"), None);
    let version = ("MCP-Protocol-Version", OLD);
    let done = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    assert_eq!(post(&server, &[version], &done).status, 202);
    let list = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" });
    let tools = post(&server, &[version], &list).json()["result"]["tools"].clone();
    assert!(tools.as_array().unwrap().len() > 30);
}

#[test]
fn others_are_refused() {
    let server = Server::start(&[]);
    let list = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" });
    for header in [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Host", "evil.example"),
        ("Host", "127.0.0.1.evil.example"),
        ("Sec-Fetch-Site", "cross-site"),
    ] {
        assert_eq!(post(&server, &[header], &list).status, 403, "{header:?}");
    }
    let origin = format!("http://localhost:{}", server.port);
    assert_eq!(post(&server, &[("Origin", &origin)], &list).status, 200);
    for (method, allowed) in [("GET", "POST"), ("DELETE", "POST")] {
        let reply = server.send(method, "/mcp", &[], b"");
        assert_eq!(
            (reply.status, reply.header("allow").as_deref()),
            (405, Some(allowed)),
            "{method}"
        );
    }
    for (body, status) in [
        (b"{".to_vec(), 415),
        ("[".repeat(100_000).into_bytes(), 415),
        (b"\xff".to_vec(), 415),
        (vec![b'x'; 1_000_001], 413),
    ] {
        let reply = server.send("POST", "/mcp", &[JSON, ACCEPT], &body);
        assert_eq!(reply.status, status, "{} bytes", body.len());
    }
    assert_eq!(server.get("/", &[]).status, 200);
}

#[test]
fn nothing_writes_over_http() {
    let folder = copy();
    let server = Server::start_in(folder.path(), &[]);
    let list = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" });
    let tools = post(&server, &[], &list).json()["result"]["tools"].clone();
    for tool in tools.as_array().unwrap() {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
    }
    let call = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {
        "name": "propose", "arguments": { "document": "sco", "quote": "Acronym: SCO" } } });
    assert_eq!(post(&server, &[], &call).json()["error"]["code"], -32602);
    assert!(!folder.path().join("drafts").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_client_that_leaves_stops_its_work() {
    let server = Server::start(&["--timeout", "100s"]);
    let query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }";
    let call = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {
        "name": "sparql", "arguments": { "query": query } } });
    server.wait_until("a spare worker", |server| server.children().len() == 1);
    let spare = server.children();
    let mut stream = server.connect();
    let bytes = server.request("POST", "/mcp", &[JSON, ACCEPT], call.to_string().as_bytes());
    stream.write_all(&bytes).unwrap();
    server.wait_until("a worker and a spare one", |server| server.children().len() == 2);
    let started = Instant::now();
    drop(stream);
    server.wait_until("the worker is gone", |server| {
        let children = server.children();
        children.len() == 1 && children != spare
    });
    assert!(started.elapsed() < Duration::from_secs(10));
}
