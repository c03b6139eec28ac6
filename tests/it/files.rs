//! The files that the program writes: the same bytes in every process and for any order of the data, and compressed as
//! their names say.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::Dataset;
use oxigraph::model::dataset::CanonicalizationAlgorithm;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

/// What is laid out, and does not depend on the labels of blank nodes.
const LAID_OUT: [&[&str]; 5] = [
    &["-F", "trig"],
    &["-F", "jsonld"],
    &["-F", "nquads", "--canonical"],
    &["-F", "turtle"],
    &["-F", "rdfxml"],
];

/// Those of them that hold named graphs.
const WITH_GRAPHS: usize = 3;

/// The dossiers of the case files that are whole; `.` is that of the repository.
const DOSSIERS: [&str; 5] = [
    ".",
    "tests/cmd/diff.in/after",
    "tests/cmd/evidence.in",
    "tests/cmd/footnotes.in",
    "tests/cmd/read.in",
];

/// Lists, chains, a cycle and nodes that only their neighbours tell apart, in two graphs.
const TANGLED: &str = r#"<x:a> <x:list> _:l1 .
_:l1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .
_:l1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:l2 .
_:l2 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> _:inner .
_:l2 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .
_:inner <x:label> "a \"b\"\nc"@en .
_:one <x:knows> _:two .
_:two <x:knows> _:three .
_:three <x:knows> _:one .
_:three <x:name> "three" .
<x:b> <x:has> _:four .
<x:b> <x:has> _:five .
_:four <x:has> _:six .
_:five <x:has> _:seven .
_:seven <x:name> "seven" .
<x:c> <x:sees> _:six .
_:alike1 <x:is> "alike" .
_:alike2 <x:is> "alike" .
"#;

/// The same graph once more, where the format has named graphs.
fn in_a_graph(lines: &str) -> String {
    lines.replace(" .\n", " <x:g> .\n")
}

fn dossier(arguments: &[&str]) -> Vec<u8> {
    // Each process has hash maps in another order.
    let output = Command::new(env!("CARGO_BIN_EXE_dossier"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .arg("--quiet")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The same lines in another order, with other labels of blank nodes.
fn shuffled(lines: &str, seed: usize) -> String {
    let mut keyed: Vec<(usize, String)> = lines
        .lines()
        .enumerate()
        .map(|(i, line)| {
            // A permutation of the numbers, which jumps as far as it likes.
            let key = (i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_usize ^ (seed << 7)) >> 20;
            (key, line.replace("_:", &format!("_:x{seed}y")))
        })
        .collect();
    keyed.sort();
    keyed.into_iter().map(|(_, line)| line + "\n").collect()
}

fn assert_one_text(lines: &str, formats: &[&[&str]], what: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.nq");
    let path = path.to_str().unwrap();
    let convert = |lines: &str, format: &[&str]| {
        fs::write(path, lines).unwrap();
        dossier(&[&["convert", path], format].concat())
    };
    for format in formats {
        let text = convert(lines, format);
        assert!(!text.is_empty());
        let other = shuffled(lines, 1);
        assert_ne!(other, lines);
        assert!(convert(&other, format) == text, "{what} as {format:?}");
    }
}

#[test]
fn the_order_of_the_data_and_of_hash_maps_does_not_matter() {
    assert_one_text(TANGLED, &LAID_OUT, "the tangle");
    let both = TANGLED.to_owned() + &in_a_graph(TANGLED);
    assert_one_text(&both, &LAID_OUT[..WITH_GRAPHS], "the tangle, twice");
    for folder in DOSSIERS {
        let export = ["--dossier", folder, "export", "-F", "nquads", "--graph"];
        let lines = |part| String::from_utf8(dossier(&[&export[..], &[part]].concat())).unwrap();
        assert_one_text(&lines("facts"), &LAID_OUT, folder);
        assert_one_text(&lines("all"), &LAID_OUT[..WITH_GRAPHS], folder);
    }
}

/// Sorted lines keep the labels of blank nodes, and are the same for the same labels.
#[test]
fn sorted_lines_are_the_same_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.nq");
    let sorted = |lines: String| {
        fs::write(&path, lines).unwrap();
        dossier(&["convert", path.to_str().unwrap(), "-F", "nquads", "--sorted"])
    };
    let labelled = |seed| shuffled(TANGLED, seed).replace(&format!("_:x{seed}y"), "_:");
    assert!(sorted(labelled(1)) == sorted(labelled(2)));
}

#[test]
fn an_export_is_the_same_in_every_process() {
    for folder in DOSSIERS {
        for format in &LAID_OUT[..WITH_GRAPHS] {
            let export = [&["--dossier", folder, "export", "--graph", "claims"], *format].concat();
            assert!(dossier(&export) == dossier(&export), "{export:?}");
        }
    }
}

fn decompressed(path: &Path) -> Vec<u8> {
    let file = fs::File::open(path).unwrap();
    let mut text = Vec::new();
    if path.extension().unwrap() == "gz" {
        flate2::read::GzDecoder::new(file).read_to_end(&mut text).unwrap();
    } else {
        zstd::Decoder::new(file).unwrap().read_to_end(&mut text).unwrap();
    }
    text
}

#[test]
fn compressed_files_hold_what_is_exported() {
    let folder = tempfile::tempdir().unwrap();
    for (extension, syntax) in [
        ("ttl", RdfFormat::Turtle),
        ("trig", RdfFormat::TriG),
        ("nt", RdfFormat::NTriples),
        ("nq", RdfFormat::NQuads),
        ("rdf", RdfFormat::RdfXml),
    ] {
        let plain = folder.path().join(format!("facts.{extension}"));
        dossier(&["export", "-o", plain.to_str().unwrap()]);
        let expected = fs::read(&plain).unwrap();
        let mut quads: Dataset =
            RdfParser::from_format(syntax).for_slice(&expected).map(Result::unwrap).collect();
        quads.canonicalize(CanonicalizationAlgorithm::Unstable);
        assert!(quads.len() > 100);
        for compression in ["gz", "zst"] {
            let path = folder.path().join(format!("facts.{extension}.{compression}"));
            dossier(&["export", "-o", path.to_str().unwrap()]);
            assert!(decompressed(&path) == expected, "{}", path.display());
            assert!(path.metadata().unwrap().len() < expected.len() as u64 / 2);
            // Nothing in the file tells when it was written.
            let first = fs::read(&path).unwrap();
            dossier(&["export", "-o", path.to_str().unwrap()]);
            assert!(fs::read(&path).unwrap() == first);
        }
    }
}

/// A query's rows are compressed, too.
#[test]
fn compressed_rows_are_the_rows() {
    let folder = tempfile::tempdir().unwrap();
    let plain = dossier(&["run", "members", "-F", "csv"]);
    for name in ["members.csv.gz", "members.csv.zst"] {
        let path = folder.path().join(name);
        dossier(&["run", "members", "-o", path.to_str().unwrap()]);
        assert!(decompressed(&path) == plain);
    }
}
