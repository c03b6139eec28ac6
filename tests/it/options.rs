//! Every option that says what is asked, at every command: it has an effect there, or it is refused.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::program::run;
use std::fs;
use std::path::Path;

const OPTIONS: [&str; 9] =
    ["dossier", "data", "store", "endpoint", "from", "base", "context-for", "lenient", "no-plan"];

/// A line for each command, in a folder with the files of [`fill`], and the options that act there.
const COMMANDS: [(&[&str], &[&str]); 36] = [
    (&[], &OPTIONS),
    (&["list"], &["dossier", "data", "from", "base", "context-for", "lenient"]),
    (&["run", "members"], &OPTIONS),
    (&["query", "SELECT ?s ?o { ?s <x:p> ?o }"], &OPTIONS),
    (&["show", "http://example.com/a"], &OPTIONS),
    (&["search", "a"], &OPTIONS),
    (&["draw", "http://example.com/a"], &OPTIONS),
    (&["read"], &OPTIONS),
    (&["check"], &["dossier", "data", "from", "base", "context-for", "no-plan"]),
    (&["update", "sco", "a.ttl"], &["dossier"]),
    (&["export"], &OPTIONS),
    (&["convert", "a.ttl", "-F", "ttl"], &["dossier", "from", "base", "context-for", "lenient"]),
    (&["format", "a.ttl", "--check"], &["dossier", "from"]),
    (&["diff", "a.ttl", "b.ttl"], &["dossier", "from", "base", "context-for"]),
    (&["load", "a.ttl"], &["dossier", "store", "from", "base", "context-for", "lenient"]),
    (
        &["push", "--dry-run"],
        &["dossier", "data", "store", "endpoint", "from", "base", "context-for", "lenient"],
    ),
    (&["new", "tea"], &[]),
    (&["add", "a.ttl"], &["dossier"]),
    (&["draft", "a.ttl"], &["dossier"]),
    (&["accept", "--all-clean"], &["dossier"]),
    (&["reject", "d1", "--because", "no"], &["dossier"]),
    (&["retract", "claim-name", "--dry-run"], &["dossier"]),
    (&["declare", "tea house | class", "--dry-run"], &["dossier"]),
    (&["pattern", "name", "acronym", "name=SCO", "--summary", "A name", "-n"], &["dossier"]),
    (&["claim", "sco", "Acronym: SCO", "--say", "SCO | acronym | SCO"], &["dossier"]),
    (&["backup", "copy"], &["store"]),
    (&["compact"], &["store"]),
    (&["merge", "other", "third", "-o", "both"], &[]),
    (&["same-as", "other", "third"], &[]),
    (
        &["publish", "site"],
        &["dossier", "data", "store", "from", "base", "context-for", "lenient", "no-plan"],
    ),
    (&["completions", "bash"], &[]),
    (&["man"], &[]),
    (&["help", "members"], &["dossier"]),
    (&["stats"], &OPTIONS),
    // (That they act is tested with the server.)
    (&["serve"], &OPTIONS),
    (&["mcp"], &OPTIONS),
];

fn fill(here: &Path) {
    for (name, text) in [
        ("a.ttl", "<> <x:p> 1 .\n<http://example.com/a> <x:p> 1 .\n"),
        ("b.ttl", "<> <x:p> 2 .\n<http://example.com/a> <x:p> 2 .\n"),
        ("c", "<> <x:p> 3 .\n"),
        (
            "d.jsonld",
            r#"{"@context": "http://example.com/context", "@id": "http://example.com/a", "p": "v"}"#,
        ),
        ("context.json", r#"{"@context": {"p": "x:p"}}"#),
        ("broken.nt", "<x:a> <x:p> <x:b> .\n<x:a> <x:p> .\n"),
    ] {
        fs::write(here.join(name), text).unwrap();
    }
    for folder in ["ontology", "data", "queries"] {
        fs::create_dir_all(here.join("other").join(folder)).unwrap();
    }
    fs::write(here.join("other/data/a.ttl"), "<http://example.com/a> <x:p> <x:b> .\n").unwrap();
    let ontology = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n\
        <x:o> a <http://www.w3.org/2002/07/owl#Ontology> ; sh:declare [ sh:prefix \"ex\" ;\n\
        sh:namespace \"http://example.com/\"^^<http://www.w3.org/2001/XMLSchema#anyURI> ] .\n";
    fs::write(here.join("other/ontology/o.ttl"), ontology).unwrap();
    let query = "#+ summary: Who?\nSELECT * { ?s ?p ?o }\n";
    fs::write(here.join("other/queries/members.rq"), query).unwrap();
}

/// An option with a value.
fn with_value(option: &str) -> Vec<&str> {
    match option {
        "dossier" => vec!["--dossier", "other"],
        "data" => vec!["--data", "a.ttl"],
        "store" => vec!["--store", "nothing"],
        "endpoint" => vec!["--endpoint", "http://127.0.0.1:9/"],
        "from" => vec!["--from", "nt"],
        "base" => vec!["--base", "http://example.com/"],
        "context-for" => vec!["--context-for", "http://example.com/context=context.json"],
        "lenient" => vec!["--lenient"],
        _ => vec!["--no-plan"],
    }
}

#[test]
fn what_has_no_effect_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fill(here);
    for (command, acting) in COMMANDS {
        for option in OPTIONS.into_iter().filter(|option| !acting.contains(option)) {
            let behind = [command, &with_value(option)].concat();
            let before = [&with_value(option), command].concat();
            for line in [behind, before] {
                let (code, out, err) = run(here, &line);
                let message = format!("error: `--{option}` has no effect on `{}`\n", command[0]);
                assert_eq!((code, out.as_str()), (2, ""), "{line:?}");
                assert!(err.starts_with(&message), "{line:?}: {err}");
            }
        }
        // Help shows what acts, and nothing else.
        if let Some(name) = command.first() {
            let (_, help, _) = run(here, &[name, "--help"]);
            for option in OPTIONS {
                let is_shown = help.contains(&format!("      --{option} "))
                    || help.contains(&format!("      --{option}\n"));
                assert_eq!(is_shown, acting.contains(&option), "{name} --{option}: {help}");
            }
        }
    }
}

#[test]
fn loading_the_dossier_itself_takes_no_options_of_files() {
    let folder = tempfile::tempdir().unwrap();
    for option in ["from", "base", "context-for", "lenient"] {
        let line = [&["load", "--store", "st"][..], &with_value(option)].concat();
        let (code, _, err) = run(folder.path(), &line);
        let message = format!("error: `--{option}` has no effect on `load` without files\n");
        assert_eq!(code, 2, "{line:?}");
        assert!(err.starts_with(&message), "{line:?}: {err}");
    }
}

#[cfg(not(feature = "disk"))]
#[test]
fn without_the_feature_a_store_on_disk_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for line in [&["load"][..], &["compact"], &["backup", "copy"], &["query", "ASK {}"]] {
        let (code, _, err) = run(folder.path(), &[line, &["--store", "st"]].concat());
        let message = "error: this program was built without stores on disk\n";
        assert!(code == 2 && err.starts_with(message), "{line:?}: {err}");
    }
}

#[test]
fn what_is_accepted_has_an_effect() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fill(here);
    for (command, acting) in COMMANDS {
        let name = command.first().copied().unwrap_or_default();
        for option in acting {
            // (Loading needs the feature `disk`: tests/disk.rs. A server prints nothing: tests/it/serve, tests/it/mcp.)
            if ["serve", "mcp"].contains(&name) || name == "load" && *option != "store" {
                continue;
            }
            // What the option is compared with, and what it needs to have an effect.
            let (without, with): (Vec<&str>, Vec<&str>) = match *option {
                // (It changes the time that answers take, and nothing else.)
                "no-plan" => continue,
                // (Others that read data do so in the same way, but do not show these IRIs.)
                "base" if acting.contains(&"data") && !["query", "export"].contains(&name) => {
                    continue;
                }
                "from" | "base" | "context-for" | "lenient" if acting.contains(&"data") => {
                    let file = match *option {
                        "from" => "c",
                        "base" => "a.ttl",
                        "context-for" => "d.jsonld",
                        _ => "broken.nt",
                    };
                    let line = [command, &["--data", file]].concat();
                    let with = [&line[..], &with_value(option)].concat();
                    (line, with)
                }
                "context-for" | "lenient" => {
                    let file = if *option == "lenient" { "broken.nt" } else { "d.jsonld" };
                    let line: Vec<&str> = command
                        .iter()
                        .map(|word| if *word == "a.ttl" { file } else { word })
                        .collect();
                    let with = [&line[..], &with_value(option)].concat();
                    (line, with)
                }
                _ => (command.to_vec(), [command, &with_value(option)].concat()),
            };
            assert_ne!(run(here, &without), run(here, &with), "{with:?}");
        }
    }
}

/// A format that is named like the program that opens it: the help is the line to type.
#[test]
fn excel_reads_what_this_program_was_built_with() {
    let folder = tempfile::tempdir().unwrap();
    let xlsx = cfg!(feature = "xlsx");
    for (words, workbook, csv) in [
        (["--format", "excel"], "--format xlsx", "--format csv --bom"),
        (["-F=Excel", "--quiet"], "-F=xlsx --quiet", "-F=csv --bom --quiet"),
        (["-Fxls", "--quiet"], "-Fxlsx --quiet", "-Fcsv --bom --quiet"),
    ] {
        let (code, out, err) = run(folder.path(), &[&["run", "members"], &words[..]].concat());
        let tip = if xlsx {
            format!("tip: write `xlsx`: `dossier run members {workbook}`\n")
        } else {
            format!("tip: write `csv` with `--bom`: `dossier run members {csv}`\n")
        };
        assert!(code == 2 && out.is_empty() && err.contains(&tip), "{words:?}: {err}");
    }
}

#[cfg(not(feature = "mcp"))]
#[test]
fn without_the_feature_no_model_is_served() {
    let (code, out, err) = run(Path::new("."), &["mcp", "--no-sparql"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        err.starts_with("error: this program was built without tools for language models\n"),
        "{err}"
    );
}

#[cfg(not(feature = "xlsx"))]
#[test]
fn without_the_feature_a_workbook_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for line in [&["run", "members", "--format", "xlsx"], &["show", "China", "-o", "a.xlsx"]] {
        let (code, out, err) = run(folder.path(), line);
        let message = "error: this program was built without Excel workbooks\n";
        assert!(code == 2 && out.is_empty() && err.starts_with(message), "{line:?}: {err}");
        assert!(!folder.path().join("a.xlsx").exists());
    }
}

#[cfg(feature = "xlsx")]
#[test]
fn the_name_of_a_file_asks_for_a_workbook() {
    let folder = tempfile::tempdir().unwrap();
    for line in [
        &["run", "counts", "--cite"],
        &["query", "ASK {}", "--quiet"],
        &["show", "China", "--quiet"],
    ] {
        let (code, out, err) = run(folder.path(), &[line, &["-o", "a.xlsx"][..]].concat());
        assert!(code == 0 && out.is_empty() && err.is_empty(), "{line:?}: {err}");
        assert!(fs::read(folder.path().join("a.xlsx")).unwrap().starts_with(b"PK"));
    }
}
