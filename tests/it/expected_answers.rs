//! Expected answers: writing those that were looked at, the files that other tools write, and how a difference is shown.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::program::run;
use crate::support::saved_cases;
use dossier::{Data, Dossier, Expected, Session};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with a new dossier `tea`, whose query `clubs` has the example `all` without arguments.
fn tea() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, err) = run(folder.path(), &["new", "tea", "--about", "The Tea Society"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let tea = folder.path().join("tea");
    write(
        &tea,
        "queries/letters.rq",
        "#+ summary: Which letters?\n#+ examples:\n#+   all: {}\n\
         SELECT ?letter ?number { VALUES (?letter ?number) { ('a'@en 1) ('b'@en 2) ('c'@en 3) } }\n\
         ORDER BY ?letter\n",
    );
    (folder, tea)
}

fn write(folder: &Path, path: &str, text: &str) {
    fs::write(folder.join(path), text).unwrap();
}

/// The answers that the built-in dossier expects are those that are written, term by term.
#[test]
fn accepted_answers_are_those_of_the_built_in_dossier() {
    let folder = tempfile::tempdir().unwrap();
    for part in ["ontology", "data", "data/documents", "queries", "queries/checks"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(part);
        fs::create_dir_all(folder.path().join(part)).unwrap();
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap).filter(|e| e.path().is_file())
        {
            fs::copy(entry.path(), folder.path().join(part).join(entry.file_name())).unwrap();
        }
    }
    let built_in = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    let cases: Vec<String> = saved_cases(&built_in).into_keys().collect();
    let mut arguments = vec!["--dossier", ".", "check", "--accept"];
    arguments.extend(cases.iter().map(String::as_str));
    let (code, out, err) = run(folder.path(), &arguments);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out.lines().filter(|line| line.starts_with("wrote ")).count(), cases.len());
    let written = Dossier::open(folder.path()).unwrap();
    let answers = |dossier: &Dossier| -> BTreeMap<String, Expected> {
        let files = dossier.expected().unwrap();
        let parsed = files.iter().map(|file| {
            let answer = Expected::parse(file, built_in.prefixes()).unwrap();
            (file.path.clone(), Expected { lines: Vec::new(), ..answer })
        });
        parsed.collect()
    };
    assert_eq!(answers(&written), answers(&Dossier::built_in()));
    let (_, again, _) = run(folder.path(), &arguments);
    assert_eq!(again.lines().filter(|line| line.starts_with("unchanged ")).count(), cases.len());
}

#[test]
fn an_example_without_arguments_needs_no_second_file() {
    let (_folder, tea) = tea();
    let (_, out, _) = run(&tea, &["check", "--format", "lines"]);
    let warning = "queries/letters.rq:1:1: warning: `dossier run letters` has no expected answer [case-without-answer]\n";
    assert!(out.ends_with(warning) && out.lines().count() == 1, "{out}");
    for name in ["letters", "letters.all"] {
        let path = format!("queries/expected/{name}.csv");
        write(&tea, &path, "letter@en,number\na,1\nb,2\nc,3\n");
        let (code, out, _) = run(&tea, &["check", "--format", "lines"]);
        assert_eq!((code, out.as_str()), (0, ""), "{name}");
        fs::remove_file(tea.join(path)).unwrap();
    }
    let (_, out, _) = run(&tea, &["check", "--accept", "letters"]);
    assert_eq!(out, "wrote queries/expected/letters.csv: 3 rows\n");
    let text = fs::read_to_string(tea.join("queries/expected/letters.csv")).unwrap();
    assert_eq!(text, "letter@en,number\na,1\nb,2\nc,3\n");
}

#[test]
fn what_cannot_be_accepted_is_all_reported_and_nothing_is_written() {
    let (_folder, tea) = tea();
    write(&tea, "queries/any.rq", "#+ summary: Is there one?\nASK { ?s ?p ?o }\n");
    write(
        &tea,
        "queries/blank.rq",
        "#+ summary: Which node?\nSELECT ?node { ?node <http://www.w3.org/ns/shacl#prefix> 'dos' }\n",
    );
    write(&tea, "queries/broken.rq", "SELECT\n");
    let (code, out, err) =
        run(&tea, &["check", "--accept", "letters", "leters", "any", "blank", "broken"]);
    assert_eq!((code, out.as_str()), (2, ""));
    for message in [
        "no saved query has the case `leters`\n |\n = help: did you mean `letters`?",
        "`any` returns no rows, so its answer cannot be a table",
        "row 1 of `blank` has a blank node as `node`",
        "error: the query ends too early",
        "queries/broken.rq:1:7",
    ] {
        assert!(err.contains(message), "{message}\n{err}");
    }
    assert!(!tea.join("queries/expected/letters.csv").exists());
}

#[test]
fn the_rows_that_differ_stand_side_by_side() {
    let (_folder, tea) = tea();
    let path = "queries/expected/letters.csv";
    write(&tea, path, "letter@en,number\nb,2\nc,4\nd,5\n");
    let (code, out, _) = run(&tea, &["check"]);
    assert_eq!(code, 1);
    let shown = "\
error[answer-differs]: row 1 is unexpected: `\"a\"@en, \"1\"^^xsd:integer`
 --> queries/expected/letters.csv:2:1
  |
2 | b,2
  | ^^^
  |
  = note: expected                 | found
          -                        | \"a\"@en, \"1\"^^xsd:integer
          \"c\"@en, \"4\"^^xsd:integer | \"c\"@en, \"3\"^^xsd:integer
          \"d\"@en, \"5\"^^xsd:integer | -
  = help: run `dossier run letters`, and correct the data, the query or the file; if the new answer is right, `dossier check --accept letters`
";
    assert!(out.starts_with(shown), "{out}");
}

/// A spreadsheet or `run --format csv` writes lines that end in CRLF, and values without their types.
#[test]
fn the_results_of_run_lack_only_the_types() {
    let (_folder, tea) = tea();
    let (_, results, _) = run(&tea, &["run", "letters", "--format", "csv"]);
    let path = "queries/expected/letters.csv";
    write(&tea, path, &results.replace('\n', "\r\n"));
    let (_, out, _) = run(&tea, &["check"]);
    assert!(out.contains(" --> queries/expected/letters.csv:2:1\n"), "{out}");
    assert!(
        out.contains("= note: the type of `letter` differs: its column is called `letter@en`\n"),
        "{out}"
    );
    write(&tea, path, &results.replacen("letter,", "letter@en,", 1));
    let (code, out, _) = run(&tea, &["check", "--format", "lines"]);
    assert_eq!((code, out.as_str()), (0, ""));
    write(
        &tea,
        "queries/documents.rq",
        "#+ summary: Which documents?\nPREFIX dos: <https://w3id.org/dossier/ontology#>\n\
         SELECT ?document { ?document a dos:Document }\n",
    );
    let (_, results, _) = run(&tea, &["run", "documents", "--format", "csv"]);
    assert!(results.contains("\nhttp"), "{results}");
    write(&tea, "queries/expected/documents.csv", &results);
    let (code, out, _) = run(&tea, &["check", "--format", "lines"]);
    assert_eq!((code, out.as_str()), (0, ""));
}
