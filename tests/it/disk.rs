//! Stores on disk, by the program as users run it: a load is whole or nothing, whatever happens to it.

#![cfg(feature = "disk")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::program::{dossier, run};
#[cfg(target_os = "linux")]
use crate::support::small_disk::SmallDisk;
use dossier::internals::{Embedded, Store};
use oxigraph::model::{Literal, NamedNode};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;

/// How many triples the default graph has.
fn count(folder: &Path, store: &str) -> String {
    let query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }";
    let (code, out, err) =
        run(folder, &["query", query, "--store", store, "-F", "csv", "--quiet", "--no-diagnose"]);
    assert_eq!(code, 0, "{err}");
    out.lines().nth(1).unwrap().to_owned()
}

#[test]
fn what_is_loaded_is_asked_like_files() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("a.trig"), "<x:c> { <x:a> <x:p> [], 1 } <x:a> <x:q> _:b .").unwrap();
    std::fs::write(here.join("b.nt"), "<x:a> <x:p> _:b .\n").unwrap();
    let (code, _, err) = run(here, &["load", "a.trig", "b.nt", "--store", "st"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("loaded 4 quads from 2 files"), "{err}");
    // What a claim states is in the default graph too; blank nodes of two files are two.
    assert_eq!(count(here, "st"), "4");
    // Loaded once more, what has a name is there already, and what has none is something else.
    assert_eq!(run(here, &["load", "a.trig", "--store", "st"]).0, 0);
    assert_eq!(count(here, "st"), "6");
    let rows = |data: &[&str]| {
        let query = "SELECT ?g ?o { GRAPH ?g { ?s <x:p> ?o } FILTER(!isBlank(?o)) }";
        run(here, &[&["query", query, "-F", "csv"], data].concat()).1
    };
    assert_eq!(rows(&["--store", "st"]), rows(&["--data", "a.trig"]));
}

#[test]
fn a_dossier_is_loaded_with_its_passages() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    assert_eq!(run(here, &["load", "--store", "st", "--quiet"]).0, 0);
    for arguments in [
        &["run", "members", "--cite"][..],
        &["query", "SELECT (COUNT(*) AS ?n) { ?s a dos:Passage }"],
        &["show", "China"],
        &["export", "--graph", "claims"],
        &["export", "--graph", "all"],
    ] {
        let on_disk = run(here, &[arguments, &["--store", "st"]].concat());
        assert_eq!(on_disk, run(here, arguments), "{arguments:?}");
    }
}

#[test]
fn stores_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("a.trig"), "<x:c> { <x:a> <x:p> 01 } <x:a> <x:p> 1 . [] <x:q> 2 .")
        .unwrap();
    std::fs::write(here.join("b.trig"), "<x:a> <x:q> 3 . <x:c> { <x:a> <x:p> 1 } _:n <x:q> 2 .")
        .unwrap();
    assert_eq!(run(here, &["load", "a.trig", "--store", "a", "--quiet"]).0, 0);
    assert_eq!(run(here, &["load", "b.trig", "--store", "b", "--quiet"]).0, 0);
    for same in [["a", "a.trig"], ["b.trig", "b"], ["a", "a"]] {
        assert_eq!(run(here, &[&["diff"], &same[..]].concat()).0, 0, "{same:?}");
    }
    for different in [["a", "b"], ["a.trig", "b"], ["a", "b.trig"]] {
        let (code, out, err) = run(here, &[&["diff"], &different[..]].concat());
        assert_eq!(
            (code, out.as_str()),
            (1, "+ <x:a> <x:q> \"3\"^^xsd:integer .\n"),
            "{different:?} {err}"
        );
    }
    // A dossier has no passages of its own.
    assert_eq!(run(here, &["load", "--store", "sco", "--quiet"]).0, 0);
    let root = env!("CARGO_MANIFEST_DIR");
    assert_eq!(run(here, &["diff", root, "sco"]), run(here, &["diff", "sco", root]));
    assert_eq!(run(here, &["diff", root, "sco"]).0, 0);
}

#[test]
fn of_a_broken_file_nothing_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("good.nt"), "<x:a> <x:p> 1 .\n".replace('1', "\"1\"")).unwrap();
    std::fs::write(here.join("bad.nt"), "<x:b> <x:p> \"2\" .\n<x:c> <x p> \"3\" .\n").unwrap();
    let (code, _, err) = run(here, &["load", "good.nt", "bad.nt", "--store", "st"]);
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("bad.nt:2:"), "{err}");
    assert!(!here.join("st").exists());
    assert_eq!(run(here, &["load", "good.nt", "--store", "st"]).0, 0);
    assert_eq!(run(here, &["load", "bad.nt", "--store", "st"]).0, 3);
    assert_eq!(count(here, "st"), "1");
    let (code, _, err) = run(here, &["load", "bad.nt", "--lenient", "--store", "st"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("skipped 1 invalid statement"), "{err}");
    assert_eq!(count(here, "st"), "2");
}

#[test]
fn a_store_has_one_writer_or_many_readers() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("a.nt"), "<x:a> <x:p> <x:b> .\n").unwrap();
    assert_eq!(run(here, &["load", "a.nt", "--store", "st"]).0, 0);
    {
        let _writer = Embedded::open_to_write(&here.join("st")).unwrap();
        for arguments in [&["query", "ASK {}"][..], &["load", "a.nt"], &["compact"]] {
            let (code, _, err) = run(here, &[arguments, &["--store", "st"]].concat());
            assert_eq!(code, 4, "{err}");
            assert!(err.contains("the store `st` is in use by another process"), "{err}");
        }
    }
    let _reader = Store::open(&here.join("st")).unwrap();
    assert_eq!(count(here, "st"), "1");
    assert_eq!(run(here, &["load", "a.nt", "--store", "st"]).0, 4);
}

#[test]
fn a_copy_is_a_store_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("a.nt"), "<x:a> <x:p> <x:b> .\n").unwrap();
    std::fs::write(here.join("b.nt"), "<x:a> <x:p> <x:c> .\n").unwrap();
    assert_eq!(run(here, &["load", "a.nt", "--store", "st"]).0, 0);
    assert_eq!(run(here, &["backup", "copy", "--store", "st"]).0, 0);
    assert_eq!(run(here, &["load", "b.nt", "--store", "st"]).0, 0);
    assert_eq!(run(here, &["compact", "--store", "st"]).0, 0);
    assert_eq!((count(here, "st").as_str(), count(here, "copy").as_str()), ("2", "1"));
    let (code, _, err) = run(here, &["backup", "copy", "--store", "st"]);
    assert_eq!(code, 2, "{err}");
    let (code, _, err) = run(here, &["query", "ASK {}", "--store", "nowhere"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.starts_with("error: `nowhere` is missing\n"), "{err}");
    std::fs::create_dir(here.join("other")).unwrap();
    std::fs::write(here.join("other/file"), "").unwrap();
    let (code, _, err) = run(here, &["load", "b.nt", "--store", "other"]);
    assert_eq!(code, 2, "{err}");
}

/// A store that is there keeps what it has, nothing of a load that found no room is left, and with room it succeeds.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_a_store_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let Some(disk) = SmallDisk::mounted("16m") else { return };
    std::fs::write(here.join("a.nt"), "<x:a> <x:p> <x:b> .\n").unwrap();
    let mut much = String::new();
    for i in 0..600_000_u64 {
        // What is hard to compress.
        let noise = i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let _ = writeln!(much, "<x:{noise}> <x:p> \"{:x}\" .", noise.rotate_left(29));
    }
    std::fs::write(here.join("much.nt"), much).unwrap();
    let at = |name: &str| disk.path().join(name).to_str().unwrap().to_owned();
    let (old, new) = (at("old"), at("new"));
    assert_eq!(run(here, &["load", "a.nt", "--store", &old]).0, 0);
    for store in [&old, &new] {
        let (code, out, err) = run(here, &["load", "much.nt", "--store", store]);
        assert_eq!((code, out.as_str()), (4, ""), "{err}");
        assert!(err.starts_with("error: cannot write the store: no space left"), "{err}");
        assert!(err.contains("free some space") && err.contains("the store is unchanged"), "{err}");
    }
    assert_eq!(count(here, &old), "1");
    assert!(!Path::new(&new).exists());
    let names = Path::new(&old).read_dir().unwrap().map(|file| file.unwrap().file_name());
    assert!(!names.into_iter().any(|name| name.to_string_lossy().starts_with("bulk-")));
    assert_eq!(run(here, &["load", "a.nt", "--store", &new]).0, 0);
}

const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/// Enough of things with two properties that queries are planned; every tenth has a class too.
fn things(first: usize, last: usize) -> String {
    let mut triples = String::new();
    for i in first..last {
        let _ = writeln!(triples, "<x:s{i}> <x:p> <x:o{}> .\n<x:s{i}> <x:q> \"{i}\" .", i % 100);
        if i % 10 == 0 {
            let _ = writeln!(triples, "<x:s{i}> <{TYPE}> <x:C> .");
        }
    }
    triples
}

#[test]
fn statistics_stay_right() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    // The second file has a part of the first once more.
    std::fs::write(here.join("a.nt"), things(0, 4_000)).unwrap();
    std::fs::write(here.join("b.nt"), things(3_000, 5_000)).unwrap();
    let stats = |data: &[&str]| run(here, &[&["stats"], data].concat());
    let join = "SELECT ?s { ?s <x:q> ?n . ?s <x:p> <x:o10> . ?s a <x:C> } ORDER BY ?s";
    let explained = |data: &[&str]| run(here, &[&["query", join, "--explain"], data].concat()).1;
    let is_planned = |data: &[&str]| {
        explained(data).lines().last().is_some_and(|line| !line.contains("not planned"))
    };

    assert_eq!(run(here, &["load", "a.nt", "--store", "st", "--quiet"]).0, 0);
    assert_eq!(stats(&["--store", "st"]), stats(&["--data", "a.nt"]));
    assert!(is_planned(&["--store", "st"]));
    assert_eq!(run(here, &["load", "b.nt", "--store", "st", "--quiet"]).0, 0);
    assert_eq!(stats(&["--store", "st"]), stats(&["--data", "a.nt", "b.nt"]));
    assert_eq!(run(here, &["backup", "copy", "--store", "st"]).0, 0);
    for store in ["st", "copy"] {
        assert!(is_planned(&["--store", store]), "{store}");
        let (_, rows, err) = run(here, &["query", join, "--store", store, "-F", "csv"]);
        assert_eq!((rows.lines().count(), err.as_str()), (51, ""), "{store}");
    }
    // A load that fails changes nothing.
    std::fs::write(here.join("bad.nt"), "<x:s> <x p> <x:o> .").unwrap();
    assert_eq!(run(here, &["load", "bad.nt", "--store", "st"]).0, 3);
    assert!(is_planned(&["--store", "st"]));

    // A build in which they are others made them.
    let file = here.join("copy/statistics.json");
    let kept = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, kept.replacen("\"like\":\"", "\"like\":\"other", 1)).unwrap();
    assert!(!is_planned(&["--store", "copy"]));
    assert_eq!(run(here, &["compact", "--store", "copy"]).0, 0);
    assert!(is_planned(&["--store", "copy"]));

    // Another program writes to it.
    {
        let other = oxigraph::store::Store::open(here.join("st")).unwrap();
        let name = |iri: &str| NamedNode::new(iri).unwrap();
        let quad = oxigraph::model::Quad::new(
            name("x:new"),
            name("x:p"),
            name("x:o10"),
            oxigraph::model::GraphName::DefaultGraph,
        );
        other.insert(&quad).unwrap();
    }
    assert!(!is_planned(&["--store", "st"]));
    let (_, _, err) = run(here, &["query", join, "--store", "st"]);
    assert!(err.contains("out of date") && err.contains("dossier compact --store st"), "{err}");
    assert_eq!(run(here, &["query", join, "--store", "st", "--quiet", "--no-diagnose"]).2, "");
    std::fs::write(here.join("c.nt"), "<x:new> <x:p> <x:o10> .\n").unwrap();
    let all = stats(&["--data", "a.nt", "b.nt", "c.nt"]);
    assert_eq!(stats(&["--store", "st", "--quiet"]), all);
    assert_eq!(run(here, &["compact", "--store", "st"]).0, 0);
    assert!(is_planned(&["--store", "st"]));
    assert_eq!(stats(&["--store", "st"]), all);
}

/// The index of the default graph answers as the store does, and where it is not whole, the store does.
#[test]
fn an_index_answers_as_the_store_does() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let mut data = things(0, 3_000);
    data.push_str(
        "<x:s1> <x:r> \"04\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n<x:s2> <x:r> \"vier\"@de .\n\
         <x:s3> <x:r> _:b .\n_:b <x:r> \"4.0\"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n\
         <x:s4> <x:r> <x:s3> .\n",
    );
    std::fs::write(here.join("a.nt"), data).unwrap();
    let queries = [
        "SELECT ?s { ?s <x:q> ?n . ?s <x:p> <x:o10> . ?s a <x:C> } ORDER BY ?s",
        "SELECT ?s { ?s <x:r> 4 ; <x:q> ?n }",
        "SELECT ?s { ?s <x:q> ?n ; <x:r> \"4\"^^<http://www.w3.org/2001/XMLSchema#int> }",
        "SELECT ?s ?r { ?s <x:r> ?r . ?s <x:q> ?n FILTER(?r = 4) }",
        "SELECT ?n { <x:s4> <x:r>+ ?n FILTER(!isBlank(?n)) } ORDER BY STR(?n)",
        "SELECT ?p (COUNT(*) AS ?n) { ?s a <x:C> . ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
        "SELECT ?p { <x:s4> ?p <x:s3> . <x:s3> ?q ?o } ORDER BY ?p",
        "SELECT ?n { VALUES ?n { \"1\" \"no\" } ?s <x:q> ?n . ?s <x:p> ?o } ORDER BY ?n",
        "ASK { ?s <x:r> \"vier\"@de . ?s <x:p> <x:o2> }",
        "CONSTRUCT { ?s <x:is> ?r } { ?s <x:r> ?r . ?s <x:p> ?o FILTER(isIRI(?r)) }",
        "DESCRIBE <x:s10>",
        "SELECT ?g { GRAPH ?g { ?s ?p ?o } }",
    ];
    let answers = |data: &[&str]| {
        queries
            .map(|query| run(here, &[&["query", query, "--quiet", "--no-diagnose"], data].concat()))
    };
    assert_eq!(run(here, &["load", "a.nt", "--store", "st", "--quiet"]).0, 0);
    let index = here.join("st/triples.index");
    let expected = answers(&["--data", "a.nt", "--no-plan"]);
    assert!(expected.iter().filter(|(_, out, _)| out.lines().count() > 3).count() > 8);
    let same = || {
        assert_eq!(answers(&["--store", "st"]), expected);
        assert_eq!(answers(&["--store", "st", "--no-plan"]), expected);
    };
    same();
    assert_eq!(answers(&["--data", "a.nt"]), expected);
    let whole = std::fs::read(&index).unwrap();
    for length in [0, 10, 200, whole.len() / 2, whole.len() - 1] {
        std::fs::remove_file(&index).unwrap();
        std::fs::write(&index, &whole[..length]).unwrap();
        same();
    }
    std::fs::remove_file(&index).unwrap();
    same();
    // What was broken off while it was written goes.
    let unfinished = here.join("st/unfinished-index");
    std::fs::write(&unfinished, "").unwrap();
    assert_eq!(run(here, &["compact", "--store", "st"]).0, 0);
    assert!(index.is_file() && !unfinished.exists());
    same();
}

/// What is loaded stays where its index cannot be kept, which is said, and `compact` makes the index.
#[test]
fn a_store_is_whole_without_its_index() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("a.nt"), "<x:a> <x:p> <x:b> .\n").unwrap();
    std::fs::write(here.join("b.nt"), "<x:a> <x:p> <x:c> .\n").unwrap();
    assert_eq!(run(here, &["load", "a.nt", "--store", "st"]).0, 0);
    let index = here.join("st/triples.index");
    std::fs::remove_file(&index).unwrap();
    std::fs::create_dir_all(index.join("in the way")).unwrap();
    let (code, out, err) = run(here, &["load", "b.nt", "--store", "st"]);
    assert_eq!((code, out.as_str()), (4, ""), "{err}");
    assert!(err.starts_with("error: cannot save the index of `st`: "), "{err}");
    assert!(err.contains("the store itself is complete; `dossier compact` rebuilds what"), "{err}");
    assert_eq!(count(here, "st"), "2");
    std::fs::remove_dir_all(&index).unwrap();
    assert_eq!(run(here, &["compact", "--store", "st"]).0, 0);
    assert!(index.is_file());
    assert_eq!(count(here, "st"), "2");
}

/// What each answer of a query has, in the first column, sorted.
fn answers(folder: &Path, query: &str, more: &[&str]) -> Vec<String> {
    let (code, out, err) =
        run(folder, &[&["query", query, "-F", "csv", "--no-diagnose"], more].concat());
    assert_eq!((code, err.as_str()), (0, ""), "{query}");
    let mut rows: Vec<String> = out.lines().skip(1).map(str::to_owned).collect();
    rows.sort();
    rows
}

/// An index is not taken for that of another store, and `compact` makes it anew, whatever it is like.
#[test]
fn an_index_is_that_of_its_store_and_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for (name, first) in [("a", 0), ("b", 3_000)] {
        std::fs::write(here.join("data.nt"), things(first, first + 3_000)).unwrap();
        assert_eq!(run(here, &["load", "data.nt", "--store", name]).0, 0);
    }
    let query = "SELECT ?s { ?s <x:p> <x:o7> ; <x:q> ?n }";
    let right = answers(here, query, &["--store", "b"]);
    assert_eq!(right.len(), 30);
    let index = here.join("b/triples.index");
    std::fs::remove_file(&index).unwrap();
    std::fs::copy(here.join("a/triples.index"), &index).unwrap();
    assert_eq!(answers(here, query, &["--store", "b", "--quiet"]), right);
    let (_, _, err) = run(here, &["query", query, "--store", "b"]);
    assert!(err.contains("index of the store `b`") && err.contains("compact"), "{err}");
    assert_eq!(run(here, &["compact", "--store", "b"]).0, 0);
    let mut bytes = std::fs::read(&index).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0);
    std::fs::remove_file(&index).unwrap();
    std::fs::write(&index, bytes).unwrap();
    assert_ne!(run(here, &["query", query, "--store", "b", "-F", "csv"]).1.lines().count(), 31);
    assert_eq!(run(here, &["compact", "--store", "b"]).0, 0);
    assert_eq!(answers(here, query, &["--store", "b"]), right);
}

/// A copy that cannot be made leaves the store with its index and its statistics.
#[test]
fn a_failed_copy_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("data.nt"), things(0, 3_000)).unwrap();
    assert_eq!(run(here, &["load", "data.nt", "--store", "st"]).0, 0);
    std::fs::create_dir(here.join("there")).unwrap();
    for (copy, code, why) in [
        ("there", 2, "error: `there` already exists"),
        ("no/such", 4, "error: cannot create the copy `no/such`: no such file or directory"),
    ] {
        let (found, _, err) = run(here, &["backup", copy, "--store", "st"]);
        assert_eq!(found, code, "{err}");
        assert!(err.starts_with(why), "{err}");
        let query = "SELECT ?s { ?s <x:p> <x:o7> ; <x:q> ?n }";
        assert_eq!(answers(here, query, &["--store", "st"]).len(), 30);
    }
}

/// Of two loads into one new folder, one at least is done, and none takes away what the other has loaded.
#[test]
fn a_store_that_has_lost_its_beginning_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("a.nt"), "<x:a> <x:p> <x:b> .\n").unwrap();
    assert_eq!(run(here, &["load", "a.nt", "--store", "st", "--quiet"]).0, 0);
    std::fs::remove_file(here.join("st/CURRENT")).unwrap();
    let expected = "error: the store `st` is damaged: its file `CURRENT` is missing\n";
    for command in [&["query", "ASK {}"][..], &["load", "a.nt"], &["compact"], &["stats"]] {
        let (code, _, err) = run(here, &[command, &["--store", "st"]].concat());
        assert!(code == 4 && err.starts_with(expected), "{command:?}: {code} {err}");
    }
    assert!(!here.join("st/CURRENT").exists());
}

#[test]
fn two_loads_into_a_new_store_do_not_harm_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("a.nt"), things(0, 100)).unwrap();
    for round in 0..20 {
        let store = format!("st{round}");
        let load = || {
            let mut command = dossier(here, &["load", "a.nt", "--store", &store]);
            command.stderr(Stdio::piped()).spawn().unwrap()
        };
        let done = [load(), load()].map(|load| load.wait_with_output().unwrap());
        assert!(done.iter().any(|done| done.status.success()));
        for done in done.iter().filter(|done| !done.status.success()) {
            let err = String::from_utf8_lossy(&done.stderr);
            assert_eq!(done.status.code(), Some(4), "{err}");
            assert!(err.contains("is in use by another process"), "{err}");
        }
        assert_eq!(count(here, &store), "210");
    }
}

/// Blank nodes of what is loaded later are others, also those of a dossier that is loaded once more.
#[test]
fn blank_nodes_of_two_dossiers_stay_apart() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let declared = "SELECT (COUNT(DISTINCT ?b) AS ?n) { ?o sh:declare ?b FILTER(isBlank(?b)) }";
    let expected = answers(here, declared, &[]);
    for times in 1..3_usize {
        assert_eq!(run(here, &["load", "--store", "st", "--quiet"]).0, 0);
        let count: usize = expected[0].parse().unwrap();
        assert_eq!(answers(here, declared, &["--store", "st"]), [(times * count).to_string()]);
    }
}

/// A load that is stopped leaves no folder if there was none, and else the store as it was, with its index.
#[test]
fn a_load_that_is_stopped_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("much.nt"), things(0, 300_000)).unwrap();
    std::fs::write(here.join("a.nt"), things(0, 3_000)).unwrap();
    assert_eq!(run(here, &["load", "a.nt", "--store", "old"]).0, 0);
    for store in ["new", "old"] {
        let load = ["load", "much.nt", "--store", store, "--timeout", "300ms", "--quiet"];
        let (code, out, err) = run(here, &load);
        assert_eq!((code, out.as_str()), (5, ""), "{err}");
        assert_eq!(err, "error: stopped at the limit of 300ms\n");
    }
    assert!(!here.join("new").exists());
    let query = "SELECT ?s { ?s <x:p> <x:o7> ; <x:q> ?n }";
    assert_eq!(answers(here, query, &["--store", "old"]).len(), 30);
    let names = here.join("old").read_dir().unwrap().map(|file| file.unwrap().file_name());
    assert!(!names.into_iter().any(|name| name.to_string_lossy().starts_with("bulk-")));
}

/// Oxigraph 0.5 looks too far in a store on disk where a number ends in a byte of ones: what is read without a query is
/// looked at once more.
#[test]
fn what_is_looked_up_is_what_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let integer = "http://www.w3.org/2001/XMLSchema#integer";
    let triples = (200..600).map(|i| format!("<x:{i}> <x:p> \"{i}\"^^<{integer}> .\n"));
    std::fs::write(here.join("a.nt"), triples.collect::<String>()).unwrap();
    assert_eq!(run(here, &["load", "a.nt", "--store", "st"]).0, 0);
    let store = Store::open(&here.join("st")).unwrap().without_planning();
    for i in [200, 255, 256, 511] {
        let (property, object) = (NamedNode::new_unchecked("x:p"), Literal::from(i));
        let found = store.subjects(property.as_ref(), object.as_ref().into()).unwrap();
        assert_eq!(found, [NamedNode::new_unchecked(format!("x:{i}")).into()]);
        assert_eq!(store.triples(None, None, Some(object.as_ref().into()), None).count(), 1);
    }
    drop(store);
    let bare = oxigraph::store::Store::open_read_only(here.join("st")).unwrap();
    let object = Literal::from(255);
    let found = bare.quads_for_pattern(None, None, Some(object.as_ref().into()), None).count();
    assert!(found > 1, "the quirk `lookups on disk` can go");
}

/// A load that is killed leaves what was there, or all of it, and the next one is like any.
#[test]
fn a_killed_load_leaves_all_or_nothing() {
    let kills = std::env::var("DOSSIER_TEST_FACTOR")
        .map_or(8, |factor| 10 * factor.parse::<u32>().expect("DOSSIER_TEST_FACTOR is a number"));
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let mut triples = String::new();
    for i in 0..10_000 {
        let _ = writeln!(triples, "<x:s{i}> <x:p> \"{i}\" .");
    }
    std::fs::write(here.join("many.nt"), triples).unwrap();
    std::fs::write(here.join("one.nt"), "<x:a> <x:p> <x:b> .\n").unwrap();
    assert_eq!(run(here, &["load", "one.nt", "--store", "st"]).0, 0);
    // Copied and counted in this process: only what is killed, and what comes after it, is the program itself.
    let copy = |name: &str| {
        Embedded::open_to_write(&here.join("st")).unwrap().backup(&here.join(name)).unwrap();
    };
    let size = |name: &str| Store::open(&here.join(name)).unwrap().size().unwrap();
    copy("whole");
    let begun = std::time::Instant::now();
    assert_eq!(run(here, &["load", "many.nt", "--store", "whole"]).0, 0);
    let whole = begun.elapsed();
    for kill in 0..kills {
        copy("tried");
        let mut load = dossier(here, &["load", "many.nt", "--store", "tried", "--quiet"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Over the whole time of a load, and a little more.
        std::thread::sleep(whole.mul_f64(1.1 * f64::from(kill) / f64::from(kills)));
        let _ = load.kill();
        load.wait().unwrap();
        let left = size("tried");
        assert!([1, 10_001].contains(&left), "{left} after kill {kill}");
        // The next load is like any.
        if kill % 8 == 0 {
            assert_eq!(count(here, "tried"), left.to_string());
            assert_eq!(run(here, &["load", "many.nt", "--store", "tried"]).0, 0);
            assert_eq!(count(here, "tried"), "10001");
        } else {
            drop(Embedded::open_to_write(&here.join("tried")).unwrap());
        }
        let unfinished = std::fs::read_dir(here.join("tried")).unwrap().filter(|file| {
            file.as_ref().is_ok_and(|file| file.file_name().to_string_lossy().starts_with("bulk-"))
        });
        assert_eq!(unfinished.count(), 0);
        std::fs::remove_dir_all(here.join("tried")).unwrap();
    }
}
