//! Drafting by tools alone: a scripted client writes all built-in claims, and forged ones are refused.

use super::client::{Client, copy, files};
use crate::support::program::run;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// The claims of the dossier as arguments of `propose`, from a sheet of them.
fn script() -> Vec<Value> {
    let folder = tempfile::TempDir::new().unwrap();
    let root = env!("CARGO_MANIFEST_DIR");
    let (code, sheet, errors) = run(folder.path(), &["--dossier", root, "export", "-F", "sheet"]);
    assert_eq!(code, 0, "{errors}");
    let document = sheet.lines().next().unwrap().trim_start_matches("# ");
    sheet.split("\n> ").skip(1).map(|entry| proposal(document, entry)).collect()
}

/// The arguments for a quote and the items below it.
fn proposal(document: &str, entry: &str) -> Value {
    let mut lines = entry.lines().filter(|line| !line.is_empty());
    let mut arguments = json!({ "document": document, "quote": lines.next().unwrap() });
    let mut says = Vec::new();
    for line in lines {
        let item = line.strip_prefix("- ").unwrap();
        let keys = [
            ("as", "name"),
            ("reading", "reading"),
            ("omit", "omit"),
            ("before", "before"),
            ("after", "after"),
        ];
        match keys
            .iter()
            .find_map(|(word, key)| Some((key, item.strip_prefix(&format!("{word}: "))?)))
        {
            Some((key, words)) if words.starts_with('"') => {
                arguments[*key] = serde_json::from_str(words).unwrap();
            }
            Some((key, words)) => arguments[*key] = words.into(),
            None => says.push(item),
        }
    }
    arguments["says"] = says.into();
    arguments
}

/// Removes the claims and omissions of a dossier, which stand in a file of their own, whose prefixes stay.
fn remove_claims(root: &Path) {
    let path = root.join("data/sco.trig");
    let text = fs::read_to_string(&path).unwrap();
    let prefixes: Vec<&str> = text.lines().filter(|line| line.starts_with("@prefix")).collect();
    fs::write(&path, prefixes.join("\n") + "\n").unwrap();
}

#[test]
fn a_script_drafts_all_built_in_claims() {
    let folder = copy();
    let root = folder.path();
    remove_claims(root);
    let mut client = Client::start_in(root, &["--may-accept"]);
    let before = files(&root.join("data"));
    assert!(client.text("passages", json!({})).contains("0 covered by claims (0 %)"));
    let script = script();
    let claims = script.iter().filter(|draft| draft.get("omit").is_none()).count();
    assert_eq!((claims, script.len()), (28, 30));
    for draft in &script {
        let text = client.text("propose", draft.clone());
        assert!(text.contains("It would be") && !text.contains("error"), "{draft}\n{text}");
    }
    // Until somebody accepts them, nothing but `drafts/` has changed.
    assert_eq!(files(&root.join("data")), before);
    let ids: Vec<String> = (1..=30).map(|number| format!("d{number}")).collect();
    let text = client.text("accept", json!({ "ids": ids }));
    assert!(text.ends_with("No draft waits.\n"), "{text}");
    // The same client sees the claims, with the same words covered as in the original.
    let whole = copy();
    let mut other = Client::start_in(whole.path(), &[]);
    for (tool, arguments) in [("passages", json!({})), ("members", json!({ "year": 2016 }))] {
        assert_eq!(client.text(tool, arguments.clone()), other.text(tool, arguments));
    }
    let stated = "SELECT ?claim ?s ?p ?o { ?claim a dos:Claim GRAPH ?claim { ?s ?p ?o } } ORDER BY ?claim ?s ?p ?o";
    let [one, other] =
        [root, whole.path()].map(|folder| run(folder, &["query", stated, "-F", "csv"]));
    assert!(one.1.lines().count() > 100, "{one:?}");
    assert_eq!(one, other);
    let (code, found, errors) = run(root, &["check"]);
    assert!(code == 0 && found.contains("28 claims, 2 omissions"), "{found}{errors}");
}

#[test]
fn forged_claims_are_refused_with_what_is_wrong() {
    let folder = copy();
    let before = files(&folder.path().join("data"));
    let mut client = Client::start_in(folder.path(), &[]);
    assert!(!client.tools().contains(&"accept".to_owned()));
    for (quote, said, words) in [
        (
            "Iran signed a memorandum on joining in 2021",
            "Iran | code | IR",
            "the nearest words (¶1 s2) are “Iran signed a memorandum on joining in 2022”",
        ),
        ("Iran signed a memorandum", "Iran | foundr | China", "did you mean `founder`?"),
        ("Iran signed a memorandum", "Irn | founder | China", "did you mean `Iran`?"),
        ("Established: 2001", "SCO | established | nineteen", "takes a year of four digits"),
        ("Established: 2001", "SCO | established | 2002", "2002"),
        ("Established: 2001", "", "the claim states nothing"),
    ] {
        let text =
            client.text("propose", json!({ "document": "sco", "quote": quote, "says": [said] }));
        assert!(text.contains(words), "{quote} {said}: {text}");
        assert!(text.contains("`replaces: d"), "{text}");
    }
    for (arguments, words) in [
        (json!({ "quote": "x", "says": [] }), "the parameter `document` is missing"),
        (json!({ "document": "sco", "quote": "SCO", "says": ["SCO"] }), "`SCO` is not an item"),
        (
            json!({ "document": "sco", "quote": "SCO", "say": ["SCO | a | state"] }),
            "did you mean `says`?",
        ),
    ] {
        let text = client.failure("propose", arguments);
        assert!(text.contains(words), "{text}");
    }
    let text = client.text(
        "propose",
        json!({ "document": "scoo", "quote": "SCO", "says": ["SCO | a | state"] }),
    );
    assert!(text.contains("did you mean `sco`?"), "{text}");
    // Wrong drafts wait, too, and are corrected in place.
    let text = client.text(
        "propose",
        json!({
        "document": "sco", "quote": "Iran signed a memorandum on joining in 2022",
        "says": ["Iran | code | IR"], "replaces": "d1" }),
    );
    assert!(text.contains("It would be"), "{text}");
    let drafts = client.text("drafts", json!({}));
    assert!(!drafts.contains("joining in 2021") && drafts.contains("joining in 2022"), "{drafts}");
    let reply = client.request("tools/call", json!({ "name": "accept", "arguments": {} }));
    assert_eq!(reply["error"]["code"], -32602);
    assert_eq!(files(&folder.path().join("data")), before);
}

#[test]
fn nothing_in_an_argument_begins_another_draft() {
    let folder = copy();
    let mut client = Client::start_in(folder.path(), &[]);
    let text = client.text(
        "propose",
        json!({
        "document": "sco\n> Acronym: SCO\n- SCO | a | state",
        "quote": "Acronym: SCO\n\n> Established: 2001\n- SCO | a | state",
        "says": ["SCO | acronym | SCO\n\n# Other\n> Update:\n- omit: x"],
        "turtle": "~~~\n\n> Update:\n- omit: x",
        "reading": "one\n\n> Update:\n- omit: x" }),
    );
    assert_eq!(text.matches("Draft d").count(), 1, "{text}");
}

#[test]
fn terms_and_patterns_lead_to_a_proposal() {
    let folder = copy();
    let mut client = Client::start_in(folder.path(), &[]);
    assert!(
        client
            .text("terms", json!({ "words": "founder" }))
            .contains("- property founder (`dos:founder`)")
    );
    assert!(
        client
            .text("terms", json!({ "words": "memorandum joining" }))
            .contains("- thing memorandum on joining the SCO")
    );
    assert!(client.text("terms", json!({ "words": "zzz" })).contains("`new: LABEL | CLASS`"));
    let patterns = client.text("patterns", json!({}));
    assert!(
        patterns.contains(
            "- `membership: [membership=MEMBERSHIP], organisation=ORGANISATION, state=STATE"
        ),
        "{patterns}"
    );
    let text = client.text("propose", json!({
        "document": "sco", "quote": "Iran signed a memorandum on joining in 2022",
        "says": ["membership: organisation=SCO, state=Iran, since=2022"], "reading": "An example." }));
    assert!(text.contains("Draft d1") && !text.contains("error"), "{text}");
    let drafts = fs::read_to_string(folder.path().join("drafts/waiting.jsonl")).unwrap();
    assert!(drafts.contains("\"by\":\"script\""), "{drafts}");
}

#[test]
fn what_a_person_accepts_is_there_at_once() {
    let folder = copy();
    let mut client = Client::start_in(folder.path(), &[]);
    client.text("propose", json!({
        "document": "sco", "quote": "Iran signed a memorandum on joining in 2022",
        "says": ["membership: organisation=SCO, state=Iran, since=2022"], "reading": "An example." }));
    let (code, _, errors) = run(folder.path(), &["accept", "d1"]);
    assert_eq!(code, 0, "{errors}");
    let text = client.text("status", json!({ "state": "Iran" }));
    assert!(text.contains("| member | 2022 |"), "{text}");
    assert_eq!(client.text("drafts", json!({})), "No draft waits.\n");
}
