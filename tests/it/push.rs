//! Pushing a dossier to a server: all of it arrives once, whatever happens on the way, and each failure says what to do.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
use crate::support::graph_store::{GraphStore, Instead, Kind, Received, USUAL, response};
use crate::support::program::{dossier, run, told};
use dossier::internals::diff::DatasetDiff;
use dossier::{Data, Dossier, Session};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{GraphName, NamedNode, Quad};
use oxigraph::store::Store;
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

const BY_UPDATE: Kind = Kind { is_union: false, has_data: false };
const UNION: Kind = Kind { is_union: true, has_data: true };
const BACKGROUND: &str = "https://w3id.org/dossier/push#background";

/// Runs `dossier push` on the built-in dossier.
fn push(server: &GraphStore, arguments: &[&str]) -> (i32, String, String) {
    let endpoint = server.endpoint();
    run(Path::new("/"), &[&["push", "--endpoint", &endpoint], arguments].concat())
}

/// Pushes, and checks that it succeeds.
fn pushed(server: &GraphStore, arguments: &[&str]) -> String {
    let (code, out, err) = push(server, arguments);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    err
}

/// The built-in dossier as a store has it.
fn here() -> Vec<Quad> {
    let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    session.stored_quads().unwrap().map(Result::unwrap).collect()
}

/// What a server with this layout has of quads.
fn laid_out(quads: Vec<Quad>, is_union: bool) -> Vec<Quad> {
    if !is_union {
        return quads;
    }
    let triple = |quad: &Quad| oxigraph::model::Triple::from(quad.clone());
    let named = quads.iter().filter(|quad| !quad.graph_name.is_default_graph());
    let named: std::collections::HashSet<_> = named.map(triple).collect();
    let kept = quads
        .into_iter()
        .filter(|quad| !quad.graph_name.is_default_graph() || !named.contains(&triple(quad)));
    kept.map(|quad| match quad.graph_name {
        GraphName::DefaultGraph => {
            Quad { graph_name: NamedNode::new_unchecked(BACKGROUND).into(), ..quad }
        }
        _ => quad,
    })
    .collect()
}

fn assert_same(store: &Store, expected: &[Quad]) {
    let there: Vec<Quad> = store.iter().map(Result::unwrap).collect();
    let diff = DatasetDiff::between(expected, &there);
    assert!(diff.is_empty(), "missing: {:#?}\nadded: {:#?}", diff.removed, diff.added);
}

#[test]
fn a_server_has_what_the_dossier_has() {
    for kind in [USUAL, BY_UPDATE, UNION, Kind { is_union: true, has_data: false }] {
        for batch in [&[][..], &["--batch", "100"], &["--batch", "7"]] {
            let is_union = kind.is_union;
            let server = GraphStore::start(Kind { ..kind });
            let err = pushed(&server, batch);
            assert!(err.contains(": 28 claims with 157 triples, "), "{err}");
            assert_same(&server.store, &laid_out(here(), is_union));
        }
    }
}

#[test]
fn answers_and_citations_are_those_of_the_dossier() {
    for kind in [USUAL, Kind { is_union: true, has_data: true }] {
        let server = GraphStore::start(kind);
        pushed(&server, &[]);
        for arguments in [
            &["run", "members", "--cite"][..],
            &["run", "bodies", "--cite"],
            &["run", "left-out", "--cite"],
            &["show", "China"],
            &["query", "SELECT ?o { doc:sco ?p ?o } ORDER BY ?o", "--cite"],
        ] {
            let endpoint = server.endpoint();
            let there = run(Path::new("/"), &[arguments, &["--endpoint", &endpoint]].concat());
            assert_eq!(there, run(Path::new("/"), arguments), "{arguments:?}");
        }
    }
}

/// The sizes of the batches are bounded, and a claim is in one of them.
#[test]
fn a_claim_is_in_one_batch() {
    let server = GraphStore::start(USUAL);
    pushed(&server, &["--batch", "60"]);
    let writes = server.writes();
    let batches: Vec<String> = writes
        .iter()
        .filter(|request| request.path == "/ds/data")
        .map(|request| String::from_utf8(request.body.clone()).unwrap())
        .collect();
    assert!(batches.len() > 20, "{}", batches.len());
    assert!(batches.iter().all(|batch| batch.lines().count() <= 121));
    let graph = "<https://w3id.org/dossier/sco/claim/founding-members> .";
    let with_claim = batches.iter().filter(|batch| batch.lines().any(|line| line.ends_with(graph)));
    assert_eq!(with_claim.count(), 1);
}

fn is_batch(request: &Received) -> bool {
    let text = String::from_utf8_lossy(&request.body);
    request.path != "/ds/query" && text.lines().count() > 5
}

/// The connection is cut at one batch after the other, before or after the server has done its work.
#[test]
fn an_interrupted_push_continues() {
    for kind in [USUAL, BY_UPDATE, Kind { is_union: true, has_data: true }] {
        for has_done in [false, true] {
            let (count, is_union) = (AtomicUsize::new(0), kind.is_union);
            let server = GraphStore::interfering(Kind { ..kind }, move |request| {
                if !is_batch(request) || count.fetch_add(1, Ordering::Relaxed) % 3 < 2 {
                    Instead::Nothing
                } else if has_done {
                    Instead::DoAndCut
                } else {
                    Instead::Write(Vec::new())
                }
            });
            let mut arguments = vec!["--batch", "100"];
            let mut tries = 0;
            loop {
                let (code, _, err) = push(&server, &arguments);
                tries += 1;
                assert!(tries < 30, "{err}");
                if code == 0 {
                    break;
                }
                assert_eq!(code, 4, "{err}");
                assert!(err.contains("failed at a batch: "), "{err}");
                assert!(err.contains("note: the server has "), "{err}");
                assert!(err.contains("repeat the command with `--resume` to continue"), "{err}");
                if tries == 1 {
                    let (code, _, err) = push(&server, &arguments);
                    assert_eq!(code, 4, "{err}");
                    let unfinished = "error: an earlier push of this dossier stopped after ";
                    assert!(err.starts_with(unfinished), "{err}");
                    arguments.push("--resume");
                }
            }
            assert!(tries > 2, "{tries}");
            assert_same(&server.store, &laid_out(here(), is_union));
        }
    }
}

#[test]
fn a_continued_push_sends_nothing_twice() {
    let count = AtomicUsize::new(0);
    let server = GraphStore::interfering(USUAL, move |request| {
        let is_fifth = is_batch(request) && count.fetch_add(1, Ordering::Relaxed) == 4;
        if is_fifth { Instead::Write(Vec::new()) } else { Instead::Nothing }
    });
    assert_eq!(push(&server, &["--batch", "100"]).0, 4);
    let quads = |server: &GraphStore| -> Vec<String> {
        let writes = server.writes().into_iter().filter(is_batch);
        writes
            .flat_map(|request| {
                let text = String::from_utf8(request.body).unwrap();
                text.lines()
                    .filter(|line| !line.contains("/push"))
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .collect()
    };
    let before = quads(&server);
    // The batches may have another size now.
    let err = pushed(&server, &["--batch", "150", "--resume"]);
    assert!(err.contains("00 quads already"), "{err}");
    let after = quads(&server);
    assert!(before.len() >= 500 && after.len() < 1728, "{} {}", before.len(), after.len());
    // The last batch before the cut did not arrive.
    let arrived = before.len() + after.len() - 1728;
    assert!((100..=200).contains(&arrived), "{arrived}");
    assert_same(&server.store, &here());
    let (code, _, err) = push(&server, &["--resume"]);
    let there = "error: the server already has 30 of the 30 named graphs of the dossier\n";
    assert!(code == 4 && err.starts_with(there), "{err}");
    assert!(err.contains("there is no unfinished push of this data"), "{err}");
}

fn quads_of(trig: &str) -> Vec<Quad> {
    let parser = RdfParser::from_format(RdfFormat::TriG);
    parser.for_slice(trig).map(Result::unwrap).collect()
}

/// A folder with data, and the server's name for what is pushed from it.
fn push_data(server: &GraphStore, data: &str, arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("data.trig"), data).unwrap();
    let endpoint = server.endpoint();
    let words = ["push", "--data", "data.trig", "--endpoint", &endpoint];
    run(folder.path(), &[&words[..], arguments].concat())
}

#[test]
fn graphs_are_replaced_and_others_are_not_touched() {
    const HEAD: &str = "PREFIX dos: <https://w3id.org/dossier/ontology#>\n";
    let before = format!(
        "{HEAD}<x:c1> a dos:Claim ; dos:quote \"old\" . <x:c1> {{ <x:a> <x:p> 1 , 2 }}
         <x:c2> a dos:Claim ; dos:quote \"same\" . <x:c2> {{ <x:a> <x:p> 2 ; <x:q> [ <x:r> 3 ] }}"
    );
    let after = format!(
        "{HEAD}<x:c1> a dos:Claim ; dos:quote \"new\" . <x:c1> {{ <x:a> <x:p> 5 }}
         <x:c3> a dos:Claim ; dos:quote \"more\" . <x:c3> {{ <x:a> <x:p> 6 }}"
    );
    // What another has on the server.
    let foreign = "<x:own> { <x:a> <x:p> 1 } <x:a> <x:p> 1 . <x:z> <x:own> <x:z> .";
    for kind in [USUAL, UNION] {
        let is_union = kind.is_union;
        let server = GraphStore::start(kind);
        server.store.extend(quads_of(foreign)).unwrap();
        assert_eq!(push_data(&server, &before, &[]).0, 0);
        server.writes();
        let (code, _, err) = push_data(&server, &after, &[]);
        let there = "error: the server already has 1 of the 2 named graphs of the dossier\n";
        assert!(code == 4 && err.starts_with(there), "{err}");
        assert!(err.contains("help: `--replace` replaces them"), "{err}");
        assert!(server.writes().is_empty());
        let (code, _, err) = push_data(&server, &after, &["--replace"]);
        assert!(code == 0 && err.contains("note: replacing 1 named graph\n"), "{err}");
        // (What the claims of the first push state is in the second graph, and stays with it.)
        let expected = format!(
            "{after}\n<x:c2> a dos:Claim ; dos:quote \"same\" .
             <x:c2> {{ <x:a> <x:p> 2 ; <x:q> _:b . _:b <x:r> 3 }}"
        );
        let mut quads = quads_of(&expected);
        let merged: Vec<Quad> = quads
            .iter()
            .map(|quad| Quad { graph_name: GraphName::DefaultGraph, ..quad.clone() })
            .collect();
        quads.extend(merged);
        let mut quads = laid_out(quads, is_union);
        quads.extend(quads_of(foreign));
        assert_same(&server.store, &quads);
    }
}

/// The exit code and the lines of the messages, with the server's address as URL.
fn said(interfere: impl Fn(&Received) -> Instead + Send + Sync + 'static) -> (i32, Vec<String>) {
    said_with(interfere, &[])
}

fn said_with(
    interfere: impl Fn(&Received) -> Instead + Send + Sync + 'static,
    arguments: &[&str],
) -> (i32, Vec<String>) {
    let server = GraphStore::interfering(USUAL, interfere);
    let (code, out, err) = push(&server, arguments);
    assert_eq!(out, "");
    let err = err.replace(&server.url, "URL");
    let lines = err.lines().map(|line| line.trim_start_matches([' ', '=', '|']).to_owned());
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("note: sending "));
    (code, lines.collect())
}

fn is_write(request: &Received) -> bool {
    request.path != "/ds/query"
        || request.header("content-type") == Some("application/sparql-update")
}

#[test]
fn a_server_that_accepts_nothing_is_reported() {
    for (status, expected) in [
        (
            "401 Unauthorized",
            &[
                "error: `URL/data` does not let this user write (HTTP 401)",
                "note: the server says: go away",
                "help: put a user and a password in the address: `https://USER:PASSWORD@…`",
            ][..],
        ),
        (
            "403 Forbidden",
            &[
                "error: `URL/data` does not let this user write (HTTP 403)",
                "note: the server says: go away",
                "help: put a user and a password in the address: `https://USER:PASSWORD@…`",
            ],
        ),
        (
            "405 Not Allowed",
            &[
                "error: `URL/query` has no known address that accepts data",
                "note: tried `URL/data`: HTTP 405",
                "note: tried `URL/store`: HTTP 405",
                "note: tried `URL/update`: HTTP 405",
                "note: tried `URL/query`: HTTP 405",
                "help: have the server accept updates, or name its address with `--update URL` or `--graph-store URL`",
            ],
        ),
        // As Virtuoso does without permission.
        (
            "500 Internal Server Error",
            &[
                "error: `URL/query` has no known address that accepts data",
                "note: tried `URL/data`: HTTP 500: go away",
                "note: tried `URL/store`: HTTP 500: go away",
                "note: tried `URL/update`: HTTP 500: go away",
                "note: tried `URL/query`: HTTP 500: go away",
                "help: have the server accept updates, or name its address with `--update URL` or `--graph-store URL`",
            ],
        ),
    ] {
        let (code, lines) = said(move |request| {
            let refuse = || Instead::Write(response(status, "text/plain", "go away"));
            if is_write(request) { refuse() } else { Instead::Nothing }
        });
        assert_eq!((code, lines), (4, expected.iter().map(|&line| line.to_owned()).collect()));
    }
}

#[test]
fn a_page_is_not_an_acceptance() {
    let page = |request: &Received| {
        let page = || Instead::Write(response("200 OK", "text/html; charset=utf-8", "<h1>Hi</h1>"));
        if is_write(request) { page() } else { Instead::Nothing }
    };
    let (code, lines) = said(page);
    assert_eq!(code, 4);
    assert_eq!(lines[1], "note: tried `URL/data`: it returned a web page");
    // An address that accepts what nobody sees.
    let (code, lines) = said(|request| {
        let accept = || Instead::Write(response("200 OK", "application/json", "{}"));
        if is_write(request) { accept() } else { Instead::Nothing }
    });
    assert_eq!(code, 4);
    assert_eq!(lines[1], "note: tried `URL/data`: accepts data that the endpoint does not show");
}

#[test]
fn a_refused_batch_says_what_to_do() {
    for (status, expected) in [
        (
            "413 Too Large",
            &[
                "error: a batch of 1728 quads is too large for `URL/data` (HTTP 413)",
                "note: the server says: no",
                "note: the server has 0 of 1728 quads",
                "help: repeat the command with `--resume --batch 432`",
            ][..],
        ),
        (
            "400 Bad Request",
            &[
                "error: `URL/data` rejects a batch (HTTP 400)",
                "note: the server says: no",
                "note: the server has 0 of 1728 quads",
                "help: see what the server reports; repeat the command with `--resume` to continue",
            ],
        ),
        (
            "403 Forbidden",
            &[
                "error: `URL/data` does not let this user write (HTTP 403)",
                "note: the server says: no",
                "note: the server has 0 of 1728 quads",
                "help: put a user and a password in the address: `https://USER:PASSWORD@…`",
            ],
        ),
        (
            "500 Internal Server Error",
            &[
                "error: the server failed at a batch: `URL/data` (HTTP 500)",
                "note: the server says: no",
                "note: the server has 0 of 1728 quads",
                "help: check the log of the server; repeat the command with `--resume` to continue",
            ],
        ),
    ] {
        let (code, lines) = said(move |request| {
            let refuse = || Instead::Write(response(status, "text/plain", "no"));
            if is_batch(request) { refuse() } else { Instead::Nothing }
        });
        assert_eq!((code, lines), (4, expected.iter().map(|&line| line.to_owned()).collect()));
    }
}

#[test]
fn addresses_can_be_named() {
    let server = GraphStore::start(USUAL);
    let url = server.url.clone();
    let (code, _, err) = push(&server, &["--update", &format!("{url}/nothing")]);
    let expected = format!("error: `{url}/nothing` does not accept data: HTTP 405\n");
    assert!(code == 4 && err.starts_with(&expected), "{err}");
    let update = format!("{url}/update").replace("http://", "http://ann:secret@");
    let err = pushed(&server, &["--update", &update]);
    assert!(err.starts_with(&format!("note: sending updates to `{url}/update`")), "{err}");
    assert!(!err.contains("secret"), "{err}");
    let writes = server.writes();
    assert!(writes.iter().any(|write| write.header("authorization").is_some()));
    let (code, _, err) = push(&server, &["--graph-store", "nowhere"]);
    assert!(code == 2 && err.contains("not an `http` or `https` URL"), "{err}");
}

#[test]
fn what_is_lost_is_noticed() {
    // The server forgets the claims' quotes, and one claim.
    let (code, lines) = said_with(
        |request| {
            if !is_batch(request) {
                return Instead::Nothing;
            }
            Instead::Write(response("200 OK", "application/json", "{}"))
        },
        &[],
    );
    assert_eq!(code, 4);
    assert_eq!(lines[0], "error: `URL/query` does not have what it was sent");
    assert_eq!(
        lines[1],
        "note: claims: 0 of 157 triples, for example `claim:acronym` (0 of 1), `claim:address` (0 of 6), `claim:agreement-2009` (0 of 8)"
    );
    let rest = lines.join("\n");
    for expected in [
        "note: other named graphs: 0 of 494 triples",
        "note: the default graph: 0 of 1077 triples",
        "note: evidence of claims: 0 of ",
        "note: evidence of passages: 0 of ",
        "note: 28 of 28 sampled claims differ",
    ] {
        assert!(rest.contains(expected), "{rest}");
    }
}

#[test]
fn one_lost_triple_is_noticed() {
    for (update, expected) in [
        (
            "DELETE DATA { GRAPH <https://w3id.org/dossier/sco/claim/acronym> { <https://w3id.org/dossier/sco/SCO> <https://w3id.org/dossier/ontology#acronym> \"SCO\" } }",
            "note: claims: 156 of 157 triples, for example `claim:acronym` (0 of 1)",
        ),
        (
            "DELETE DATA { <https://w3id.org/dossier/sco/SCO> <https://w3id.org/dossier/ontology#acronym> \"SCO\" }",
            "note: merged copy: 2 triples of named graphs are not in the default graph",
        ),
        (
            "DELETE DATA { <https://w3id.org/dossier/sco/claim/acronym> <https://w3id.org/dossier/ontology#quote> \"Acronym: SCO\" }",
            "note: 1 of 28 sampled claims differ, for example `claim:acronym`",
        ),
    ] {
        let (code, lines) = said(move |request| {
            if is_batch(request) { Instead::DoAndThen(update.to_owned()) } else { Instead::Nothing }
        });
        assert_eq!(code, 4);
        assert_eq!(lines[0], "error: `URL/query` does not have what it was sent");
        assert!(lines.iter().any(|line| line == expected), "{lines:#?}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_says_how_to_continue() {
    let count = AtomicUsize::new(0);
    let server = GraphStore::interfering(USUAL, move |request| {
        let is_third = is_batch(request) && count.fetch_add(1, Ordering::Relaxed) >= 2;
        if is_third { Instead::Hang } else { Instead::Nothing }
    });
    let endpoint = server.endpoint();
    let mut command =
        dossier(Path::new("/"), &["push", "--endpoint", &endpoint, "--batch", "100", "--quiet"]);
    let command = command.stdout(std::process::Stdio::piped());
    let child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut batches = 0;
    while batches < 3 {
        batches += server.writes().iter().filter(|request| is_batch(request)).count();
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let (code, out, err) = told(child.wait_with_output().unwrap());
    assert_eq!((code, out.as_str()), (130, ""));
    assert!(err.starts_with("error: interrupted\n"), "{err}");
    assert!(err.contains(" of 1728 quads\n") && !err.contains(" has 0 of"), "{err}");
    assert!(err.contains("help: repeat the command with `--resume` to continue"), "{err}");
}

#[test]
fn a_dry_run_sends_nothing() {
    let server = GraphStore::start(USUAL);
    let (code, out, err) = push(&server, &["--dry-run"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("in all: 1,728 quads in 1 request, about 267.7 kB\n"), "{out}");
    assert!(out.ends_with(&format!("to: {}\n", server.endpoint())), "{out}");
    assert!(server.writes().is_empty());
}

/// Blank nodes that connect more quads than a batch has.
#[test]
fn connected_blank_nodes_are_not_cut() {
    let chain: Vec<String> = (0..40).map(|i| format!("_:n{i} <x:next> _:n{} .", i + 1)).collect();
    let chain = chain.join(" ");
    let server = GraphStore::start(USUAL);
    let (code, _, err) = push_data(&server, &format!("<x:g> {{ {chain} }}"), &["--batch", "30"]);
    let expected =
        "error: 80 quads are connected by blank nodes, more than a batch can have (60)\n";
    assert!(code == 3 && err.contains(expected), "{err}");
    assert!(err.contains("allow larger batches with `--batch 80`"), "{err}");
    let (code, _, err) = push_data(&server, "_:g { <x:a> <x:p> 1 }", &[]);
    assert_eq!(code, 3);
    assert!(
        err.starts_with("error: cannot push a named graph whose name is a blank node"),
        "{err}"
    );
}

proptest! {
    #![proptest_config(support::cases(6))]

    #[test]
    fn random_data_arrives_in_any_batches(
        data in support::random_data::dataset(),
        batch in 1_usize..6,
        is_union in any::<bool>(),
        has_data in any::<bool>(),
    ) {
        let server = GraphStore::start(Kind { is_union, has_data });
        let (code, _, err) = push_data(&server, &data, &["--batch", &batch.to_string()]);
        prop_assert_eq!(code, 0, "{}", err);
        let mut quads = quads_of(&data);
        let merged: Vec<Quad> = quads
            .iter()
            .map(|quad| Quad { graph_name: GraphName::DefaultGraph, ..quad.clone() })
            .collect();
        quads.extend(merged);
        assert_same(&server.store, &laid_out(quads, is_union));
    }
}
