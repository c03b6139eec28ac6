//! Making a dossier and adding documents to it, from files as people have them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::program::{dossier, run, told};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tempfile::TempDir;

/// A page as a browser saves it. Its text is of the project's own.
const PAGE: &str = r#"<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>The Lamp League</title><meta name="author" content="Ida Moss"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/about">About us</a></li></ul></nav>
<article><h1>The Lamp League</h1>
<p>The Lamp League is a society of <a href="k">lamp keepers</a>, founded in 1871 in Harrow&nbsp;Bay. It has “seven” members<sup>[1]</sup> and a rule book, which nobody has read in full since the fog of 1902.</p>
<h2>Members</h2><p>These are its members, in the order in which they joined the society over the years:</p>
<ul><li>Norrland, since 1871</li><li>Sudland, since 1880</li></ul>
<table><tr><th>Year</th><th>Lamps</th></tr><tr><td>1871</td><td>12</td></tr></table>
<p>It was dissolved, in part, in 1950, and its lamps went to a museum that is open on Fridays.</p></article>
<footer>All rights reserved</footer></body></html>
"#;

/// A folder with a new dossier `tea`.
fn tea() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, err) = run(folder.path(), &["new", "tea", "--about", "The \"Tea\" Society"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let tea = folder.path().join("tea");
    (folder, tea)
}

/// Returns what a command prints that succeeds.
fn printed(folder: &Path, arguments: &[&str]) -> String {
    let (code, out, err) = run(folder, arguments);
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}\n{out}");
    out
}

/// Returns the message of a command that is refused.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let (code, out, err) = run(folder, arguments);
    assert_eq!((code == 0, out.as_str()), (false, ""), "{arguments:?}");
    err
}

/// The paths of all files in a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { paths.extend(files(&path)) } else { paths.push(path) }
    }
    paths.sort();
    paths
}

#[test]
fn a_new_dossier_answers_cites_and_has_no_findings() {
    let (_folder, tea) = tea();
    assert_eq!(
        printed(&tea, &["check"]),
        "checked 1 document, 1 claim, 1 omission, 1 saved query with 1 expected answer, 1 check query\n\
         no errors or warnings\n"
    );
    let answer = printed(&tea, &["run", "begun", "--cite", "--format", "markdown"]);
    assert!(answer.contains("Dossier on The \"Tea\" Society"), "{answer}");
    assert!(answer.contains("“The dossier on The \"Tea\" Society was begun in 20"), "{answer}");
    for file in ["data/background.ttl", "data/claims.trig", "ontology/tea.ttl"] {
        let text = fs::read_to_string(tea.join(file)).unwrap();
        assert!(!text.contains("{{"), "{text}");
    }
}

#[test]
fn a_new_dossier_has_the_names_that_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    printed(here, &["new", "a b/Café 7", "--prefix", "x=urn:x#"]);
    let cafe = here.join("a b/Café 7");
    assert_eq!(
        printed(&cafe, &["query", "SELECT ?c { ?c a x:Collection }", "--format", "csv"]),
        "c\r\nurn:x#collection\r\n"
    );
    // An empty folder is filled.
    fs::create_dir(here.join("empty")).unwrap();
    printed(&here.join("empty"), &["new", "."]);
    printed(&here.join("empty"), &["check"]);
}

/// Git keeps no empty folders, so a clone may lack some.
#[test]
fn a_dossier_without_some_of_its_folders_is_still_one() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    printed(here, &["new", "tea", "--empty", "--about", "The Tea Society"]);
    assert!(here.join("tea/data/documents/.gitkeep").is_file());
    assert!(here.join("tea/queries/.gitkeep").is_file());
    let clone = here.join("clone");
    fs::create_dir_all(clone.join("ontology/sub")).unwrap();
    fs::copy(here.join("tea/ontology/tea.ttl"), clone.join("ontology/tea.ttl")).unwrap();
    let checked = "checked 0 documents, 0 claims, ";
    assert!(printed(&clone, &["check"]).starts_with(checked));
    // The message names the dossier if it is not the one of the current folder.
    let above = printed(&clone.join("ontology/sub"), &["check"]);
    assert!(above.starts_with("checked the dossier in ../..: 0 documents"), "{above}");
    let built_in = printed(here, &["check", "--quiet"]);
    assert!(built_in.contains("checked the built-in dossier: 1 document, 28 claims"), "{built_in}");
    let overview = printed(&clone, &[]);
    assert!(overview.contains("dossier add PAGE.html") && !overview.contains("list"), "{overview}");
    fs::write(here.join("page.html"), PAGE).unwrap();
    printed(&clone, &["add", "../page.html"]);
    let read = printed(&clone, &["read"]);
    assert!(read.contains("⟨not covered: "), "{read}");
}

#[test]
fn what_cannot_be_made_is_refused_and_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("file"), "").unwrap();
    fs::create_dir(here.join("full")).unwrap();
    fs::write(here.join("full/a"), "").unwrap();
    for (arguments, message) in [
        (&["new", "full"][..], "error: `full` is not empty"),
        (&["new", "file/tea"], "error: cannot make a dossier in `file/tea`: not a directory"),
        (&["new", "tea", "--about", " "], "error: the dossier has no subject"),
        (&["new", "tea", "--prefix", "t a=urn:x#"], "error: invalid prefix `t a`"),
        (&["new", "tea", "--prefix", "org=urn:x#"], "error: the prefix `org` stands for"),
        (
            &["new", "tea", "--prefix", "tea=https://example.com/tea"],
            "error: invalid namespace `https://example.com/tea`",
        ),
        (&["new", "tea", "--prefix", "tea"], "expected `PREFIX=IRI`"),
        (&["new"], "FOLDER"),
    ] {
        let err = refused(here, arguments);
        assert!(err.contains(message), "{err}");
    }
    assert_eq!(files(here), [here.join("file"), here.join("full/a")]);
    assert!(!here.join("tea").exists());
}

#[test]
fn a_claim_is_replaced_in_its_place_or_removed() {
    let (_folder, tea) = tea();
    let file = tea.join("data/claims.trig");
    let before = fs::read_to_string(&file).unwrap();
    let add = before.clone()
        + "tea:claim-several a dos:Claim ; dos:document tea:example ; dos:quote \"was begun in\", \"this text\" .\n\
           tea:claim-several { tea:collection tea:begun \"2000\"^^xsd:gYear . }\n";
    fs::write(&file, &add).unwrap();
    let err = refused(&tea, &["claim", "--replace", "claim-several", "--reading", "x"]);
    assert!(err.contains("no part of `tea:claim-several` can be kept: it does not have one document with one quote"), "{err}");
    printed(&tea, &["retract", "claim-several"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    let out = printed(
        &tea,
        &["claim", "--replace", "claim-begun", "--reading", "The year stands there."],
    );
    assert!(out.ends_with("replaced `tea:claim-begun` in data/claims.trig\n"), "{out}");
    let after = fs::read_to_string(&file).unwrap();
    let reading = after.find("dos:reading \"The year stands there.\"").unwrap();
    assert!(reading < after.find("tea:omission-replace").unwrap(), "{after}");
    let out = printed(&tea, &["retract", "tea:claim-begun", "--dry-run"]);
    assert!(
        out.ends_with(
            "other answers than expected: `begun`\nin no other claim: `tea:collection`\n"
        ),
        "{out}"
    );
}

#[test]
fn a_shell_sees_what_its_commands_change() {
    let (_folder, tea) = tea();
    let mut child = dossier(&tea, &["shell"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let script = "claim example \"begun in 20\" --new \"Bea | collection\" --say \"Bea | begun | 2001\" --reading \"2001.\"\n\
        claim example \"was begun\" --new \"Cleo | collection\" --say \"Cleo | begun | 2002\" --reading \"2002.\"\n\
        retract claim-begun\nrun begun --format csv\n";
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let (_, out, _) = told(child.wait_with_output().unwrap());
    let rows = "collection,begun\r\nhttps://example.com/tea/cleo,2002\r\n";
    assert!(out.ends_with(rows), "{out}");
}

#[test]
fn an_empty_dossier_is_filled_without_rdf() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let out = printed(here, &["new", "lamps", "--empty"]);
    assert!(!out.contains("begun"), "{out}");
    let lamps = here.join("lamps");
    fs::write(lamps.join("league.html"), PAGE).unwrap();
    printed(&lamps, &["add", "league.html"]);
    printed(
        &lamps,
        &[
            "claim",
            "league",
            "The Lamp League … founded in 1871",
            "--new",
            "society | class",
            "--new",
            "The Lamp League | society",
            "--new",
            "founded | property | year | society",
            "--say",
            "The Lamp League | founded | 1871",
        ],
    );
    let out = printed(&lamps, &["show", "The Lamp League", "--format", "csv"]);
    assert!(out.contains("1871"), "{out}");
    let (code, out, err) = run(&lamps, &["check"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.ends_with("no errors or warnings\n"), "{out}");
    let terms = fs::read_to_string(lamps.join("ontology/lamps.ttl")).unwrap();
    assert!(terms.contains("lamps:founded a owl:DatatypeProperty ;\n    rdfs:label \"founded\"@en ;\n    rdfs:domain lamps:Society ;\n    rdfs:range xsd:gYear ."), "{terms}");
}

#[test]
fn expected_answers_may_have_labels() {
    let (_folder, tea) = tea();
    let expected = tea.join("queries/expected/begun.csv");
    let text = fs::read_to_string(&expected).unwrap();
    assert!(text.contains("tea:collection"), "{text}");
    let with_label = text.replace("tea:collection", "\"Dossier on The \"\"Tea\"\" Society\"");
    fs::write(&expected, &with_label).unwrap();
    printed(&tea, &["check"]);
    // What is accepted uses labels as the file does.
    let claim = [
        "claim",
        "--replace",
        "claim-begun",
        "--say",
        "tea:collection | a | collection",
        "--say",
        "tea:collection | begun | 2001",
        "--reading",
        "It was 2001.",
    ];
    let out = printed(&tea, &claim);
    assert!(out.contains("other answers than expected: `begun`"), "{out}");
    printed(&tea, &["check", "--accept", "begun"]);
    let text = fs::read_to_string(&expected).unwrap();
    assert!(text.contains("\"Dossier on The \"\"Tea\"\" Society\",2001"), "{text}");
    // A label of two things is not one of them.
    let background = tea.join("data/background.ttl");
    let more = fs::read_to_string(&background).unwrap()
        + "tea:other rdfs:label \"Dossier on The \\\"Tea\\\" Society\"@en .\n";
    fs::write(&background, more).unwrap();
    let (code, out, _) = run(&tea, &["check"]);
    assert_eq!(code, 1);
    assert!(
        out.contains("could be `tea:collection` or `tea:other`: write one of these names"),
        "{out}"
    );
}

#[test]
fn an_update_replaces_the_original() {
    let (_folder, tea) = tea();
    fs::write(tea.join("league.html"), PAGE).unwrap();
    printed(&tea, &["add", "league.html"]);
    let before = fs::read_to_string(tea.join("data/documents.ttl")).unwrap();
    fs::write(tea.join("new.htm"), PAGE.replace("1880", "1881")).unwrap();
    let (code, out, err) = run(&tea, &["update", "league", "new.htm", "--accept"]);
    assert_eq!(code, 0, "{out}{err}");
    let originals = tea.join("data/documents/originals");
    assert_eq!(files(&originals), [originals.join("league.htm")]);
    assert!(fs::read_to_string(originals.join("league.htm")).unwrap().contains("since 1881"));
    let after = fs::read_to_string(tea.join("data/documents.ttl")).unwrap();
    let digest = |text: &str| text.split("dos:sha256 \"").nth(1).unwrap()[..64].to_owned();
    assert_ne!(digest(&before), digest(&after));
    // Text that needs no original has none.
    fs::copy(tea.join("data/documents/league.txt"), tea.join("plain.txt")).unwrap();
    let (code, out, err) = run(&tea, &["update", "league", "plain.txt", "--accept"]);
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(files(&originals), [""; 0].map(PathBuf::from));
    let err = refused(&tea, &["add", "plain.txt"]);
    assert!(err.contains("already in the dossier"), "{err}");
}

#[test]
fn a_saved_page_becomes_a_document() {
    let (folder, tea) = tea();
    fs::write(folder.path().join("Lamp League.html"), PAGE).unwrap();
    let out =
        printed(&tea, &["add", "../Lamp League.html", "--source", "https://example.org/lamps"]);
    assert_eq!(
        out,
        "added `tea:lamp-league`: 84 words in 10 passages\n\
         \x20 title      The Lamp League\n\
         \x20 file       data/documents/originals/lamp-league.html\n\
         \x20 file       data/documents/lamp-league.txt\n\
         \x20 file       data/documents.ttl\n\
         \x20 left out   6 words: “Home About us”, “All rights reserved”\n\
         \x20            `--whole` keeps them\n"
    );
    assert_eq!(
        fs::read_to_string(tea.join("data/documents/lamp-league.txt")).unwrap(),
        "The Lamp League\n\n\
         The Lamp League is a society of lamp keepers, founded in 1871 in Harrow Bay. It has “seven” members[1] \
         and a rule book, which nobody has read in full since the fog of 1902.\n\n\
         Members\n\n\
         These are its members, in the order in which they joined the society over the years:\n\n\
         - Norrland, since 1871\n- Sudland, since 1880\n\n\
         Year | Lamps\n1871 | 12\n\n\
         It was dissolved, in part, in 1950, and its lamps went to a museum that is open on Fridays.\n"
    );
    let original = fs::read_to_string(tea.join("data/documents/originals/lamp-league.html"));
    assert_eq!(original.unwrap(), PAGE);
    let known = "SELECT ?title ?author ?source ?day ?digest { tea:lamp-league dcterms:title ?title ; \
         dcterms:creator ?author ; prov:wasDerivedFrom ?source ; dos:added ?day ; dos:sha256 ?digest }";
    let rows = printed(&tea, &["query", known, "--format", "csv"]);
    let row = rows.lines().nth(1).unwrap();
    assert!(row.starts_with("The Lamp League,Ida Moss,https://example.org/lamps,20"), "{row}");
    assert_eq!(row.rsplit(',').next().unwrap().len(), 64);
    printed(&tea, &["check"]);
    let again = refused(&tea, &["add", "../Lamp League.html", "--as", "other"]);
    assert!(
        again.contains("`Lamp League.html` is already in the dossier, as `tea:lamp-league`"),
        "{again}"
    );
}

#[test]
fn all_of_a_page_is_kept_if_that_is_asked_for() {
    let (folder, tea) = tea();
    fs::write(folder.path().join("page.html"), PAGE).unwrap();
    let out =
        printed(&tea, &["add", "../page.html", "--whole", "--title", "Lamps", "--as", "tea:all"]);
    assert!(out.starts_with("added `tea:all`: "), "{out}");
    assert!(out.contains("title      Lamps\n") && !out.contains("left out"), "{out}");
    let text = fs::read_to_string(tea.join("data/documents/all.txt")).unwrap();
    assert!(text.starts_with("- Home\n- About us\n\n") && text.ends_with("All rights reserved\n"));
}

#[test]
fn texts_are_stored_as_they_are() {
    let (folder, tea) = tea();
    let here = folder.path();
    // Nothing has to be changed in the first; the second has other line ends, and its accents are marks of their own.
    fs::write(here.join("plain.txt"), "Tea\n\nTea is old.\n").unwrap();
    fs::write(here.join("other.txt"), "\u{feff}Cafe\u{301}\r\n\r\nIt is old.").unwrap();
    let out = printed(&tea, &["add", "../plain.txt"]);
    assert!(!out.contains("originals"), "{out}");
    let out = printed(&tea, &["add", "../other.txt"]);
    assert!(out.contains("originals/other.txt"), "{out}");
    let text = fs::read_to_string(tea.join("data/documents/other.txt")).unwrap();
    assert_eq!(text, "Café\n\nIt is old.\n");
    // Markdown stays Markdown.
    fs::write(here.join("notes.md"), "# Tea\n\n- It is old.\n").unwrap();
    let out = printed(&tea, &["add", "../notes.md"]);
    assert!(out.contains("title      Tea\n") && out.contains("data/documents/notes.md\n"), "{out}");
    // The rule of a table would be a row in plain text.
    fs::write(here.join("table.md"), "# Tea\n\n| Tea | Price |\n| --- | --- |\n| Assam | 5 |\n")
        .unwrap();
    let out = printed(&tea, &["add", "../table.md"]);
    assert!(out.contains(" in 3 passages\n"), "{out}");
    fs::write(here.join("new.md"), "# Tea\n\n| Tea | Price |\n| --- | --- |\n| Ceylon | 7 |\n")
        .unwrap();
    let out = printed(&tea, &["update", "table", "../new.md"]);
    assert!(out.contains("¶1 row 2") && !out.contains("---"), "{out}");
    // From standard input.
    let mut child = dossier(&tea, &["add", "-", "--as", "typed"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all("Typed.\n".as_bytes()).unwrap();
    let (code, out, err) = told(child.wait_with_output().unwrap());
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("added `tea:typed`: 1 word in 1 passage\n"), "{out}");
}

#[cfg(unix)]
#[test]
fn a_converter_prints_the_text() {
    let (folder, tea) = tea();
    fs::write(folder.path().join("report.pdf"), "%PDF-1.4\nTea is old.\n").unwrap();
    // Without a shell: by standard input, by its place, and as the last argument.
    for (name, via) in [("one", "tail -n 1 -"), ("two", "tail -n 1 {}"), ("three", "tail -n 1")] {
        printed(&tea, &["add", "../report.pdf", "--as", name, "--via", via]);
        let text = fs::read_to_string(tea.join(format!("data/documents/{name}.txt"))).unwrap();
        assert_eq!(text, "Tea is old.\n");
        fs::remove_file(tea.join("data/documents.ttl")).unwrap();
    }
    let mut child = dossier(&tea, &["add", "-", "--as", "piped", "--via", "tail -n 1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"%PDF-1.4\nTea is new.\n").unwrap();
    let (code, _, err) = told(child.wait_with_output().unwrap());
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(fs::read_to_string(tea.join("data/documents/piped.txt")).unwrap(), "Tea is new.\n");
    for (via, message) in [
        ("no-such-program", "cannot run `no-such-program`: no such file or directory"),
        ("false", "`false` failed: exit status: 1"),
        ("true", "`true` printed nothing"),
        ("tail 'open", "a quote is not closed"),
        ("", "expected a program"),
    ] {
        let err = refused(&tea, &["add", "../report.pdf", "--as", "four", "--via", via]);
        assert!(err.contains(message), "{err}");
    }
    assert!(!tea.join("data/documents/four.txt").exists());
}

#[test]
fn what_is_no_text_is_refused_and_nothing_changes() {
    let (folder, tea) = tea();
    let here = folder.path();
    for (name, bytes) in [
        ("report.pdf", &b"%PDF-1.4"[..]),
        ("report.docx", b"PK\x03\x04word/"),
        ("empty.txt", b" \n"),
        ("script.html", b"<html><body><script>show()</script></body></html>"),
        ("latin.txt", b"Caf\xE9 is old.\n"),
        ("binary.txt", b"\0\x01\x02\x03"),
        ("good.txt", b"Tea is old.\n"),
        ("example.txt", b"Tea is new.\n"),
    ] {
        fs::write(here.join(name), bytes).unwrap();
    }
    let before = files(&tea);
    for (arguments, message) in [
        (&["add", "../report.pdf"][..], "is a PDF, not text"),
        (&["add", "../report.pdf"], "--via 'pdftotext - -'"),
        (&["add", "../report.docx"], "--via 'pandoc -t plain --wrap=none'"),
        (&["add", "../empty.txt"], "`empty.txt` has no text"),
        (&["add", "../script.html"], "`script.html` has no text"),
        (&["add", "../latin.txt"], "`latin.txt` is not UTF-8: see line 1"),
        (&["add", "../binary.txt"], "`binary.txt` is binary data, not text"),
        (&["add", "../nowhere.txt"], "cannot read `../nowhere.txt`: no such file or directory"),
        (&["add", "../example.txt"], "there is a document `example` already"),
        (&["add", "../good.txt", "--as", "a/b"], "`a/b` cannot be the name of a document"),
        (&["add", "../good.txt", "--as", "x y"], "cannot be the name of a document"),
        (&["add", "../good.txt", "--as", "tea:../x"], "cannot be the name of a document"),
        (&["add", "../good.txt", "--source", "example.org"], "`example.org` is not an address"),
    ] {
        let err = refused(&tea, arguments);
        assert!(err.contains(message), "{err}");
    }
    assert_eq!(files(&tea), before);
    fs::create_dir(tea.join("data/documents/originals")).unwrap();
    fs::write(tea.join("data/documents/originals/page.html"), "another").unwrap();
    fs::write(here.join("page.html"), PAGE).unwrap();
    let err = refused(here, &["--dossier", "tea", "add", "page.html"]);
    let message = "cannot write `tea/data/documents/originals/page.html`: it exists already";
    assert!(err.contains(message), "{err}");
    assert!(!tea.join("data/documents/page.txt").exists());
    let err = refused(here, &["add", "good.txt"]);
    assert!(err.contains("the built-in dossier cannot be changed"), "{err}");
    for part in ["ontology", "data", "queries"] {
        fs::create_dir_all(here.join("bare").join(part)).unwrap();
    }
    let err = refused(here, &["--dossier", "bare", "add", "good.txt"]);
    assert!(err.contains("the dossier declares no prefix for names of its own"), "{err}");
    let bytes = vec![b'a'; 50_000_001];
    fs::write(here.join("large.txt"), bytes).unwrap();
    let err = refused(&tea, &["add", "../large.txt"]);
    assert!(err.contains("`../large.txt` has more than 50 MB"), "{err}");
}

#[test]
fn a_term_is_changed_in_its_place() {
    let (_folder, tea) = tea();
    let file = tea.join("ontology/union.ttl");
    let text = "@prefix tea: <https://example.com/tea/> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n\
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n<https://example.com/tea/union> a owl:Ontology .\n\n\
        # What is kept.\ntea:kept a owl:ObjectProperty ; # A comment.\n    \
        rdfs:label \"kept\"@en, \"gehalten\"@de ;\n    # Things of two classes.\n    \
        rdfs:domain [ a owl:Class ; owl:unionOf (tea:Collection tea:Shelf) ] . # Another.\n\n\
        tea:Shelf a owl:Class ; rdfs:label \"shelf\"@en .\n";
    fs::write(&file, text).unwrap();
    let out = printed(&tea, &["declare", "held | property | shelf", "--replace", "kept", "-n"]);
    assert!(out.ends_with("would change `tea:kept` in ontology/union.ttl\n"), "{out}");
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    printed(&tea, &["declare", "held | property | shelf", "--replace", "kept"]);
    let after = fs::read_to_string(&file).unwrap();
    let (head, rest) = after.split_once("# What is kept.\n").unwrap();
    assert!(
        text.starts_with(head)
            && rest.ends_with("\n\ntea:Shelf a owl:Class ; rdfs:label \"shelf\"@en .\n"),
        "{after}"
    );
    for part in [
        "# A comment.\n# Things of two classes.\n# Another.\ntea:kept a owl:ObjectProperty ;",
        "\"gehalten\"@de",
        "\"held\"@en",
        "owl:unionOf ( tea:Collection tea:Shelf )",
        "rdfs:range tea:Shelf",
    ] {
        assert!(rest.contains(part), "{part}\n{after}");
    }
    assert!(!rest.contains("\"kept\"@en"), "{after}");
    // Said in two files, it is nobody's to change.
    fs::write(
        tea.join("ontology/more.ttl"),
        "<https://example.com/tea/more> a <http://www.w3.org/2002/07/owl#Ontology> .\n\
         <https://example.com/tea/kept> <http://www.w3.org/2000/01/rdf-schema#comment> \"c\" .\n",
    )
    .unwrap();
    let err = refused(&tea, &["declare", "kept | property | shelf", "--replace", "held"]);
    assert!(err.contains("several files declare `tea:kept`"), "{err}");
    let err = refused(&tea, &["declare", "assertion | class", "--replace", "dos:Claim"]);
    assert!(err.contains("`dos:Claim` belongs to the core ontology"), "{err}");
}
