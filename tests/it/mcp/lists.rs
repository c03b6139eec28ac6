//! What a client can list: tools, resources, templates, prompts, completions, instructions.

use super::client::{Client, NEW, OLD, copy};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

#[test]
fn both_generations_of_the_protocol_are_spoken() {
    let mut new = Client::start_new(&[]);
    let mut old = Client::start(&[]);
    let (one, other) = (new.request("tools/list", json!({})), old.request("tools/list", json!({})));
    assert_eq!(one["result"]["tools"], other["result"]["tools"]);
    assert_eq!(one["result"]["resultType"], "complete");
    assert!(one["result"]["ttlMs"].is_u64() && one["result"]["cacheScope"].is_string(), "{one}");
    assert!(other["result"].get("resultType").is_none(), "{other}");
    let arguments = json!({ "year": 2016 });
    assert_eq!(new.text("members", arguments.clone()), old.text("members", arguments));
    // What each generation lacks.
    assert_eq!(new.request("ping", json!({}))["error"]["code"], -32601);
    assert_eq!(old.request("ping", json!({}))["result"], json!({}));
    assert_eq!(old.request("nonsense", json!({}))["error"]["code"], -32601);
}

#[test]
fn an_unknown_revision_is_refused_with_those_that_are_spoken() {
    let mut client = Client::open(&std::env::temp_dir(), &[]);
    let mut meta = super::client::meta();
    meta["io.modelcontextprotocol/protocolVersion"] = "1999-01-01".into();
    let reply = client.request("tools/list", json!({ "_meta": meta }));
    assert_eq!(reply["error"]["code"], -32022, "{reply}");
    assert!(reply["error"]["data"]["supported"].as_array().unwrap().contains(&NEW.into()));
}

#[test]
fn the_list_of_tools_is_short_and_says_what_each_does() {
    let mut client = Client::start(&[]);
    let list = client.request("tools/list", json!({}))["result"].clone();
    assert!(list.to_string().len() < 12_000, "{} bytes", list.to_string().len());
    let tools = list["tools"].as_array().unwrap();
    let tool = |name: &str| tools.iter().find(|tool| tool["name"] == name).unwrap();
    let members = tool("members");
    let description = members["description"].as_str().unwrap();
    assert!(
        description.starts_with("Who are the members, and since when? Those of today"),
        "{description}"
    );
    assert!(description.ends_with("Example: year: 2016"), "{description}");
    assert_eq!(members["inputSchema"]["properties"]["year"]["type"], "string");
    assert_eq!(members["annotations"], json!({ "readOnlyHint": true, "openWorldHint": false }));
    let states = tool("status")["inputSchema"].clone();
    assert_eq!(states["properties"]["state"]["enum"].as_array().unwrap().len(), 9);
    assert_eq!(states["required"], json!(["state"]));
    for tool in tools {
        assert!(tool.get("outputSchema").is_none(), "{tool}");
        assert!(!tool["description"].as_str().unwrap().is_empty(), "{tool}");
    }
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names[names.len() - 5..], ["find", "show", "read", "schema", "sparql"]);
}

#[test]
fn options_choose_the_tools() {
    let options = ["--tools", "few", "--prefix", "sco_", "--no-sparql"];
    let expected = ["find", "show", "read", "schema", "list_questions", "run_question"];
    assert_eq!(Client::start(&options).tools(), expected.map(|name| format!("sco_{name}")));
    let only = Client::start(&["--only", "committee-*", "--only", "members"]).tools();
    assert_eq!(
        only[1..4],
        ["candidates", "committee-mandate", "committee-origin"],
        "by tag and name"
    );
    // More than 40 saved queries are too many for a tool each.
    let folder = copy();
    for number in 0..15 {
        let path = folder.path().join(format!("queries/extra{number}.rq"));
        fs::write(path, "#+ summary: Is there anything?\nASK { ?s ?p ?o }\n").unwrap();
    }
    let tools = Client::start_in(folder.path(), &[]).tools();
    assert!(tools.contains(&"run_question".to_owned()) && !tools.contains(&"members".to_owned()));
    let tools = Client::start_in(folder.path(), &["--tools", "each"]).tools();
    assert!(!tools.contains(&"run_question".to_owned()) && tools.contains(&"extra14".to_owned()));
}

#[test]
fn instructions_say_what_there_is() {
    let mut client = Client::open(&std::env::temp_dir(), &["--prefix", "x_"]);
    let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "a", "version": "1" } });
    let reply = client.request("initialize", hello);
    let instructions = reply["result"]["instructions"].as_str().unwrap();
    assert!(instructions.len() <= 1_500, "{}", instructions.len());
    for words in [
        "Shanghai Cooperation Organisation",
        "`x_find`",
        "cite each fact with its quote",
        "do not fill it in",
    ] {
        assert!(instructions.contains(words), "{words}: {instructions}");
    }
}

#[test]
fn resources_are_listed_completed_and_read() {
    let mut client = Client::start(&[]);
    let list = client.request("resources/list", json!({}))["result"]["resources"].clone();
    let uris: Vec<&str> =
        list.as_array().unwrap().iter().map(|one| one["uri"].as_str().unwrap()).collect();
    assert_eq!(
        (uris[0], *uris.last().unwrap()),
        ("dossier://document/doc:sco", "dossier://ontology")
    );
    for uri in &uris {
        let content = client.request("resources/read", json!({ "uri": uri }));
        assert!(!content["result"]["contents"][0]["text"].as_str().unwrap().is_empty(), "{uri}");
    }
    let templates = client.request("resources/templates/list", json!({}));
    let templates = templates["result"]["resourceTemplates"].as_array().unwrap().clone();
    assert_eq!(templates.len(), 3);
    for (kind, typed, expected) in [
        ("claim", "founding", "claim:founding-members"),
        ("query", "mem", "members"),
        ("document", "SCO", "doc:sco"),
    ] {
        let uri = format!("dossier://{kind}/{{name}}");
        assert!(templates.iter().any(|template| template["uriTemplate"] == *uri));
        let completion = client.request(
            "completion/complete",
            json!({ "ref": { "type": "ref/resource", "uri": uri }, "argument": { "name": "name", "value": typed } }),
        );
        assert_eq!(completion["result"]["completion"]["values"][0], expected, "{completion}");
        let uri = format!("dossier://{kind}/{expected}");
        let content = client.request("resources/read", json!({ "uri": uri }))["result"].clone();
        assert!(content["contents"][0]["mimeType"].is_string(), "{content}");
    }
    let claim =
        client.request("resources/read", json!({ "uri": "dossier://claim/claim:joined-2017" }));
    let claim = claim["result"]["contents"][0]["text"].as_str().unwrap();
    assert!(claim.contains("Quote: “India and Pakistan became members in 2017”"), "{claim}");
    for (uri, words) in [
        (
            "dossier://query/membrs",
            "there is no resource at `dossier://query/membrs` (did you mean `members`?)",
        ),
        ("dossier://claim/claim:nothing-at-all-like-it", "list the names"),
        ("dossier://thing/x", "use one of dossier://document/{name}"),
        ("file:///etc/passwd", "there is no resource"),
        ("dossier://query/..%2F..%2Fetc%2Fpasswd", "there is no resource"),
    ] {
        let reply = client.request("resources/read", json!({ "uri": uri }));
        assert!(reply["error"]["message"].as_str().unwrap().contains(words), "{uri}: {reply}");
    }
}

#[test]
fn prompts_take_a_question() {
    let mut client = Client::start(&[]);
    let prompts = client.request("prompts/list", json!({}))["result"]["prompts"].clone();
    let names: Vec<&Value> = prompts.as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["answer", "check-statement"]);
    let arguments = json!({ "statement": "India joined in 2016." });
    let prompt =
        client.request("prompts/get", json!({ "name": "check-statement", "arguments": arguments }));
    let text = prompt["result"]["messages"][0]["content"]["text"].as_str().unwrap();
    assert!(text.contains("\n\n> India joined in 2016.\n\n"), "{text}");
    for (name, words) in
        [("anwser", "unknown prompt"), ("answer", "the argument `question` is missing")]
    {
        let reply = client.request("prompts/get", json!({ "name": name, "arguments": {} }));
        assert!(reply["error"]["message"].as_str().unwrap().contains(words), "{reply}");
    }
}

/// Adds a saved query to a dossier.
fn add_query(root: &Path, name: &str) {
    let query = "#+ summary: What is there?\nPREFIX dos: <https://w3id.org/dossier/ontology#>\nSELECT ?thing { ?thing a dos:State }\n";
    fs::write(root.join("queries").join(name), query).unwrap();
}

#[test]
fn a_client_learns_that_a_list_has_changed() {
    let folder = copy();
    let mut client = Client::start_in(folder.path(), &[]);
    assert!(!client.tools().contains(&"more".to_owned()));
    add_query(folder.path(), "more.rq");
    let notices = [client.read(), client.read()].map(|notice| notice["method"].clone());
    assert_eq!(
        notices,
        ["notifications/tools/list_changed", "notifications/resources/list_changed"]
    );
    assert!(client.tools().contains(&"more".to_owned()));
    // Whatever changes no list is not told.
    let background = folder.path().join("data/background.ttl");
    let text = fs::read_to_string(&background).unwrap_or_default();
    fs::write(&background, text + "\n# the same\n").unwrap();
    fs::write(folder.path().join("queries/broken.rq"), "SELEC").unwrap();
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(client.request("ping", json!({}))["result"], json!({}));
    let (rest, code) = client.end();
    assert_eq!((rest, code), (Vec::new(), Some(0)));
}

#[test]
fn a_client_of_the_current_revision_asks_for_notices() {
    let folder = copy();
    let mut client = Client::start_new_in(folder.path(), &[]);
    let wanted =
        json!({ "notifications": { "toolsListChanged": true, "promptsListChanged": true } });
    let id = client.begin("subscriptions/listen", wanted);
    let begun = client.read();
    assert_eq!(begun["method"], "notifications/subscriptions/acknowledged", "{begun}");
    let accepted = &begun["params"]["notifications"];
    assert_eq!(accepted["toolsListChanged"], true, "{begun}");
    assert_ne!(accepted["promptsListChanged"], true, "{begun}");
    add_query(folder.path(), "more.rq");
    let notice = client.read();
    assert_eq!(notice["method"], "notifications/tools/list_changed", "{notice}");
    assert_eq!(notice["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"], id, "{notice}");
    // What was not asked for is not sent.
    assert!(client.tools().contains(&"more".to_owned()));
}

#[test]
fn lists_that_never_change_are_not_promised() {
    let folder = copy();
    let capabilities = |folder: &Path, arguments: &[&str]| {
        let mut client = Client::open(folder, arguments);
        let hello = json!({ "protocolVersion": OLD, "capabilities": {}, "clientInfo": { "name": "script", "version": "1" } });
        client.request("initialize", hello)["result"]["capabilities"].clone()
    };
    let live = capabilities(folder.path(), &[]);
    assert_eq!(
        (&live["tools"]["listChanged"], &live["resources"]["listChanged"]),
        (&json!(true), &json!(true))
    );
    assert_ne!(live["prompts"]["listChanged"], true);
    let built_in = capabilities(&std::env::temp_dir(), &[]);
    assert_ne!(built_in["tools"]["listChanged"], true, "{built_in}");
}
