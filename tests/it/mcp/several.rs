//! Two dossiers that contradict each other, asked by a tool.

use super::client::Client;
use serde_json::json;
use std::path::Path;

#[test]
fn an_answer_cites_both() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/several.in");
    let mut client = Client::start_in(&folder, &["--dossier", "harbour", "--dossier", "museum"]);
    let tools = client.request("tools/list", json!({}));
    let names: Vec<&str> = tools["result"]["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    assert!(names.starts_with(&["harbour_lights", "keepers", "museum_lights", "visitors"]));
    // A claim is drafted for one dossier.
    assert!(!names.contains(&"propose"), "{names:?}");
    let answer = client
        .request("tools/call", json!({ "name": "museum_lights", "arguments": {} }))
        .to_string();
    for part in ["1868", "1871", "harbour:claim:lit", "museum:claim:lit", "has shone since 1871"] {
        assert!(answer.contains(part), "{part}: {answer}");
    }
    let doubt = "In doubt: a lighthouse was first lit in two different years";
    assert!(answer.contains(doubt), "{answer}");
    assert!(answer.contains("by `harbour:claim:lit` and `museum:claim:lit`"), "{answer}");
    let call = json!({ "name": "read", "arguments": { "document": "museum:doc:history" } });
    let text = client.request("tools/call", call).to_string();
    assert!(text.contains("kept by Ann Moor"), "{text}");
}
