//! Several dossiers: merged into one, they give the same answers as when they are asked together.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support::program::run;
use crate::support::{cases, saved_cases};
use dossier::{Data, Dossier, Session};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/several.in")
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn session(folders: &[PathBuf]) -> Session {
    let dossiers = folders.iter().map(|folder| Dossier::open(folder).unwrap()).collect();
    Session::open(Dossier::join(dossiers).unwrap(), &Data::Dossier).unwrap()
}

/// The rows of a saved query, sorted.
fn rows(session: &Session, query: &str, arguments: &[(String, String)]) -> Vec<String> {
    let saved = session.catalogue().get(query).unwrap();
    let bound = session.bind(&saved, arguments).unwrap();
    let answer = session.answer(&bound, None, None).unwrap();
    let mut rows: Vec<String> = answer
        .rows()
        .unwrap()
        .map(|row| {
            let row = row.unwrap();
            let cells = row.solution.values().iter();
            cells
                .map(|cell| cell.as_ref().map(ToString::to_string).unwrap_or_default())
                .collect::<Vec<_>>()
                .join("|")
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn a_merged_dossier_is_as_clean_as_its_parts() {
    let folder = tempfile::tempdir().unwrap();
    let examples = examples();
    let [harbour, museum] = ["harbour", "museum"].map(|name| examples.join(name));
    let [harbour, museum] = [&harbour, &museum].map(|path| path.to_str().unwrap());
    let (code, sheet, note) = run(folder.path(), &["same-as", harbour, museum]);
    assert_eq!(code, 0);
    assert_eq!(
        sheet,
        "accept,label,class,first,second\n\
         ,Ann Moor,https://example.com/coast/Keeper,https://example.com/coast/ann-moor,\
         https://example.com/museum/person-7\n"
    );
    assert_eq!(
        note,
        "note: 1 pair is perhaps the same: write `yes` as `accept` of those that are, then merge \
         with `--same-as`\n"
    );
    write(folder.path(), "same.csv", &sheet.replace("\n,", "\nyes,"));
    let line = ["merge", harbour, museum, "-o", "coast", "--same-as", "same.csv"];
    let (code, out, err) = run(folder.path(), &line);
    assert_eq!(
        (code, err.as_str()),
        (0, "note: compare each answer that differs with the documents\n")
    );
    assert_eq!(
        out,
        "merged harbour and museum into `coast`: 17 files\n  \
           1 thing has the IRI of another one\n  \
           the prefix `claim:` of museum is `museum-claim:`\n  \
           the prefix `doc:` of museum is `museum-doc:`\n  \
           the document <https://example.com/museum/history> is \
             <https://example.com/museum/museum-history>\n  \
           museum/data/background.ttl is data/museum-background.ttl\n  \
           museum/data/lights.trig is data/museum-lights.trig\n  \
           museum/queries/lights.rq is queries/museum-lights.rq\n  \
           museum/queries/expected/lights.csv is queries/expected/museum-lights.csv\n  \
           museum/data/documents/history.txt is data/documents/museum-history.txt\n\n\
         Answers that differ over all data, and were written anew\n  \
           lights: 1 row in harbour, 3 rows now\n  \
           museum-lights: 2 rows in museum, 3 rows now\n\n\
         Next\n  dossier check --dossier coast\n"
    );
    // All that is left is the contradiction between the two.
    let (code, out, _) = run(folder.path(), &["--dossier", "coast", "check", "-F", "lines"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("[lit-twice]") && out.lines().count() == 1, "{out}");
    let line = ["--dossier", "coast", "run", "keepers", "lighthouse=South Light", "-F", "csv"];
    let (_, out, _) = run(folder.path(), &line);
    assert_eq!(out, "keeper\r\nhttps://example.com/coast/ann-moor\r\n");
    // The parts stay as they are, and nothing else is written.
    let left: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn all_files_of_a_dossier_are_merged() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for (name, file) in [("a", "data/documents/originals/page.html"), ("b", "ontology/core.ttl")] {
        write(
            &here.join(name),
            "queries/patterns/lit.rq",
            &format!("# {name}\nCONSTRUCT {{ ?_a_iri <x:p> 1 }} {{}}\n"),
        );
        write(&here.join(name), "drafts/waiting.jsonl", "");
        write(&here.join(name), "notes.txt", "left out");
        write(
            &here.join(name),
            file,
            "@prefix owl: <http://www.w3.org/2002/07/owl#> . <x:o> a owl:Ontology .",
        );
    }
    let (code, out, err) = run(here, &["merge", "a", "b", "-o", "x/c"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("b/queries/patterns/lit.rq is queries/patterns/b-lit.rq\n"), "{out}");
    assert!(err.contains("note: the drafts of `a` are left out\n"), "{err}");
    for path in [
        "queries/patterns/lit.rq",
        "queries/patterns/b-lit.rq",
        "data/documents/originals/page.html",
        "ontology/core.ttl",
    ] {
        assert!(here.join("x/c").join(path).is_file(), "{path}");
    }
    assert!(!here.join("x/c/notes.txt").exists());
}

/// A dossier that is served to others must not show private files of this machine, whichever of several it is.
#[cfg(unix)]
#[test]
fn links_out_of_one_of_several_dossiers_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for name in ["a", "b"] {
        write(
            &here.join(name),
            "queries/q.rq",
            "#+ summary: Is there anything?\nASK { ?s ?p ?o }\n",
        );
    }
    write(here, "secret.txt", "Secret.\n");
    fs::create_dir_all(here.join("b/data/documents")).unwrap();
    std::os::unix::fs::symlink(here.join("secret.txt"), here.join("b/data/documents/s.txt"))
        .unwrap();
    let (code, _, err) = run(here, &["publish", "site", "--dossier", "a", "--dossier", "b"]);
    let message = "error: `b/data/documents/s.txt` is a link to a file outside of the dossier\n";
    assert!(code == 3 && err.contains(message), "{code} {err}");
    assert!(!here.join("site").exists());
}

/// Claims that are the same in both are written once, with or without other statements in their files.
#[test]
fn claims_that_both_have_are_written_once() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let harbour = examples().join("harbour");
    for name in ["a", "b"] {
        for file in [
            "ontology/harbour.ttl",
            "data/background.ttl",
            "data/lights.trig",
            "data/documents/history.txt",
        ] {
            let text = fs::read_to_string(harbour.join(file)).unwrap();
            write(&here.join(name), file, &text);
        }
    }
    let shared = here.join("b/data/lights.trig");
    let lights = fs::read_to_string(&shared).unwrap();
    fs::write(&shared, format!("# Copied.\n{lights}")).unwrap();
    let (code, out, err) = run(here, &["merge", "a", "b", "-o", "c"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.starts_with("merged a and b into `c`: 4 files\n  2 shared claims are written once\n"),
        "{out}"
    );
    let more = "coast:ann-moor <http://www.w3.org/2000/01/rdf-schema#comment> \"A keeper.\" .\n";
    fs::write(&shared, format!("{lights}\n# More.\n{more}")).unwrap();
    let (code, out, err) = run(here, &["merge", "a", "b", "-o", "d"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("\n  b/data/lights.trig is data/b-lights.trig\n"), "{out}");
    let left = fs::read_to_string(here.join("d/data/b-lights.trig")).unwrap();
    assert!(left.ends_with(&format!("# More.\n{more}")) && !left.contains("dos:Claim"), "{left}");
    let (_, out, _) = run(here, &["--dossier", "c", "check"]);
    assert!(out.ends_with("\nno errors or warnings\n"), "{out}");
}

/// The queries of the dossier of this repository, whose prefixes get other names.
#[test]
fn saved_queries_answer_the_same_when_merged() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let museum = examples().join("museum");
    let line = ["merge", museum.to_str().unwrap(), root.to_str().unwrap(), "-o", "both"];
    let (code, out, err) = run(folder.path(), &line);
    assert!(code == 0 && out.contains("\n  the prefix `claim:` of "), "{out}{err}");
    let together = session(&[museum, root.to_owned()]);
    let merged = session(&[folder.path().join("both")]);
    let built_in = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    let cases = saved_cases(&built_in);
    assert!(cases.len() > 40);
    for (case, (query, arguments)) in cases {
        let (before, after) =
            (rows(&together, &query, &arguments), rows(&merged, &query, &arguments));
        assert_eq!(before, after, "{case}");
    }
    let (_, out, _) = run(folder.path(), &["--dossier", "both", "check"]);
    assert!(out.ends_with("\nno errors or warnings (3 notes)\n"), "{out}");
}

/// A document belongs to the text of its own dossier, whatever that of another is called.
#[test]
fn texts_of_one_name_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let data = |name: &str, quote: &str| {
        format!(
            "PREFIX dos: <https://w3id.org/dossier/ontology#>\n\
             <https://example.com/{name}/report> a dos:Document .\n\
             <https://example.com/{name}/c> a dos:Claim ; dos:quote \"{quote}\" ;\n\
             dos:document <https://example.com/{name}/report> .\n\
             <https://example.com/{name}/c> {{ <x:{name}> <x:p> 1 }}\n"
        )
    };
    for (name, text) in
        [("a", Some("Tea is green.\n")), ("b", None), ("c", Some("Tea is black.\n"))]
    {
        write(&here.join(name), "data/claims.trig", &data(name, "Tea is"));
        fs::create_dir_all(here.join(name).join("queries")).unwrap();
        if let Some(text) = text {
            write(&here.join(name), "data/documents/report.txt", text);
        }
    }
    for (parts, merged) in [(["a", "b"], "ab"), (["b", "a"], "ba"), (["a", "c"], "ac")] {
        let (code, _, err) = run(here, &["merge", parts[0], parts[1], "-o", merged]);
        assert_eq!(code, 0, "{err}");
        let query = "SELECT ?claim { ?claim <http://www.w3.org/ns/oa#start> ?start }";
        let folders: [Vec<PathBuf>; 2] =
            [parts.iter().map(|part| here.join(part)).collect(), vec![here.join(merged)]];
        for folders in folders {
            let session = session(&folders);
            let bound = session.ad_hoc_query("query", query, &[]).unwrap();
            let found = session.answer(&bound, None, None).unwrap().rows().unwrap().count();
            let with_text = parts.iter().filter(|part| **part != "b").count();
            assert_eq!(found, with_text, "{folders:?}");
        }
    }
}

/// A dossier of claims: the number of its namespace, and for each claim the thing, its value and its document.
type Sketch = (u8, Vec<(u8, u8, u8)>);

/// Writes a dossier. Its prefixes `claim:` and `doc:` are those of all, and so are the names of its documents.
fn write_dossier(root: &Path, (namespace, claims): &Sketch) {
    let prefixes = format!(
        "PREFIX dcterms: <http://purl.org/dc/terms/>\nPREFIX dos: <https://w3id.org/dossier/ontology#>\n\
         PREFIX t: <https://example.com/t/>\nPREFIX claim: <https://example.com/{namespace}/claim/>\n\
         PREFIX doc: <https://example.com/{namespace}/>\n"
    );
    write(
        root,
        "ontology/o.ttl",
        &format!(
            "PREFIX owl: <http://www.w3.org/2002/07/owl#>\nPREFIX sh: <http://www.w3.org/ns/shacl#>\n\
             PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n\
             PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\nPREFIX t: <https://example.com/t/>\n\
             t:p a owl:DatatypeProperty ; rdfs:label \"p\" .\n\
             <https://example.com/{namespace}/o> a owl:Ontology ; sh:declare \
             [ sh:prefix \"claim\" ; sh:namespace \"https://example.com/{namespace}/claim/\"^^xsd:anyURI ], \
             [ sh:prefix \"t\" ; sh:namespace \"https://example.com/t/\"^^xsd:anyURI ] .\n"
        ),
    );
    let mut data = prefixes.clone();
    let mut texts: BTreeMap<u8, String> = BTreeMap::new();
    for (number, (thing, value, document)) in claims.iter().enumerate() {
        let quote = format!("Thing {thing} has the value {value} in line {number}");
        texts.entry(*document).or_default().push_str(&format!("{quote} of {namespace}.\n\n"));
        data.push_str(&format!(
            "claim:c{number} a dos:Claim ; dos:document doc:d{document} ; dos:quote \"{quote}\" .\n\
             claim:c{number} {{ t:x{thing} t:p {value} . }}\n"
        ));
    }
    for (document, text) in texts {
        data.push_str(&format!(
            "doc:d{document} a dos:Document ; dcterms:title \"Document {document} of {namespace}\" .\n"
        ));
        write(root, &format!("data/documents/d{document}.txt"), &text);
    }
    write(root, "data/claims.trig", &data);
    for (name, query) in [
        ("values", "SELECT ?thing ?value { ?thing t:p ?value }"),
        ("claims", "SELECT ?claim ?thing { GRAPH ?claim { ?thing t:p ?value } }"),
        ("first", "SELECT ?thing ?value { GRAPH claim:c0 { ?thing t:p ?value } }"),
        ("titles", "SELECT ?claim ?title { ?claim dos:document/dcterms:title ?title }"),
        ("passages", "SELECT ?claim ?start { ?claim <http://www.w3.org/ns/oa#start> ?start }"),
    ] {
        write(
            root,
            &format!("queries/{name}.rq"),
            &format!("#+ summary: {name}?\n{prefixes}{query}\n"),
        );
    }
}

fn sketch() -> impl Strategy<Value = Sketch> {
    (0..2_u8, prop::collection::vec((0..3_u8, 0..3_u8, 0..2_u8), 0..4))
}

proptest! {
    #![proptest_config(cases(16))]

    #[test]
    fn merged_dossiers_answer_as_they_do_together(one in sketch(), other in sketch()) {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        write_dossier(&here.join("a"), &one);
        write_dossier(&here.join("b"), &other);
        let (code, _, err) = run(here, &["merge", "a", "b", "-o", "c"]);
        // The same names with other claims.
        if one.0 == other.0 && code == 3 {
            prop_assert!(err.contains("error: two dossiers call different "), "{}", err);
            prop_assert!(!here.join("c").exists());
            return Ok(());
        }
        prop_assert_eq!(code, 0, "{}", err);
        let together = session(&[here.join("a"), here.join("b")]);
        let merged = session(&[here.join("c")]);
        let names = merged.catalogue().names().unwrap();
        for name in ["values", "claims", "first", "titles", "passages"] {
            let of_b = format!("b-{name}");
            // A query that is the same in both is there once.
            let of_b = if names.contains(&of_b) { of_b } else { name.to_owned() };
            for (full, merged_name) in [(format!("a/{name}"), name.to_owned()), (format!("b/{name}"), of_b)] {
                let (before, after) = (rows(&together, &full, &[]), rows(&merged, &merged_name, &[]));
                prop_assert_eq!(before, after, "{} {}", full, merged_name);
            }
        }
        let errors = |name: &str| {
            let (_, out, _) = run(here, &["--dossier", name, "check", "-F", "lines"]);
            out.lines().filter(|line| line.contains(": error: ")).map(str::to_owned).collect()
        };
        let [a, b, c]: [Vec<String>; 3] = ["a", "b", "c"].map(errors);
        prop_assert!(c.len() <= a.len() + b.len(), "{:?}", c);
        let (_, out, _) = run(here, &["--dossier", "c", "check", "-F", "lines"]);
        prop_assert!(!out.contains("prefix-inconsistent"), "{}", out);
    }
}
