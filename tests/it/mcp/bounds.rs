//! Limits, cancellation, and what must never stand on standard output.

use super::client::{Client, OLD};
use serde_json::json;
use std::time::{Duration, Instant};

/// A query that takes longer than anybody waits.
const LONG: &str =
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }";

/// A query that nothing in its own process can stop.
fn bomb() -> String {
    let doubled = (0..40).map(|i| format!("BIND(CONCAT(?v{i},?v{i}) AS ?v{})", i + 1));
    let doubled: Vec<String> = doubled.collect();
    format!("SELECT ?v40 {{ BIND(\"x\" AS ?v0) {} }}", doubled.join(" "))
}

#[test]
fn calls_end_at_their_limits() {
    let mut client = Client::start(&["--timeout", "1s", "--limit-memory", "300MB"]);
    for query in [LONG, &bomb()] {
        let started = Instant::now();
        let text = client.failure("sparql", json!({ "query": query }));
        assert!(text.contains("limit"), "{text}");
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    }
    // Others are answered.
    assert!(client.text("members", json!({ "year": 2016 })).starts_with("6 rows."));
}

#[test]
fn a_cancelled_call_frees_its_place() {
    let mut client = Client::start(&["--timeout", "100s"]);
    let places = std::thread::available_parallelism().unwrap().get();
    for _ in 0..places + 2 {
        let id =
            client.begin("tools/call", json!({ "name": "sparql", "arguments": { "query": LONG } }));
        let reason = json!({ "requestId": id, "reason": "no longer needed" });
        client.send(
            &json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": reason }),
        );
    }
    // (A cancelled call has no response.)
    let started = Instant::now();
    let text = client.text("sparql", json!({ "query": "ASK { ?s ?p ?o }" }));
    assert!(text.starts_with("**yes**"), "{text}");
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn the_output_holds_nothing_but_messages() {
    let mut client = Client::open(&std::env::temp_dir(), &[]);
    for line in [
        "",
        "{",
        "null",
        "[]",
        "\u{1b}[2J",
        "{\"jsonrpc\":\"2.0\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
    ] {
        client.send_line(line);
    }
    client.send_line(&"[".repeat(100_000));
    client.send(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": OLD, "capabilities": {}, "clientInfo": { "name": "a", "version": "1" } } }));
    // (Each line that is read is checked. There may be errors without an id before.)
    while client.read()["id"] != 1 {}
    client.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
    client.send_line("{\"jsonrpc\":\"2.0\",\"method\":");
    for query in ["SELECT", "SELECT * { ?s ?p \"\u{0}\" }", &"(".repeat(50_000), LONG] {
        client.begin("tools/call", json!({ "name": "sparql", "arguments": { "query": query } }));
    }
    client.begin("tools/call", json!({ "name": "members", "arguments": { "year": "x" } }));
    let (rest, code) = client.end();
    for line in rest {
        assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok(), "{line}");
    }
    assert_eq!(code, Some(0));
}

#[test]
fn a_client_that_leaves_at_once_is_no_error() {
    let (rest, code) = Client::open(&std::env::temp_dir(), &[]).end();
    assert_eq!((rest, code), (Vec::new(), Some(0)));
}
