//! Files that are not what they should be, by the program as users run it: what is said, the exit code, and that nothing
//! is lost or half-written. What can stand in a case file stands in `tests/cmd`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::support::missing::skip;
use crate::support::program::{dossier, run, told};
#[cfg(target_os = "linux")]
use crate::support::small_disk::SmallDisk;
use dossier::Compression;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const COUNT: &str = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }";

/// How many triples some files have.
fn count(folder: &Path, files: &[&str]) -> String {
    let arguments = [&["query", COUNT, "-F", "csv", "--quiet", "--data"], files].concat();
    let (code, out, err) = run(folder, &arguments);
    assert_eq!((code, err.as_str()), (0, ""));
    out.lines().nth(1).unwrap().to_owned()
}

/// The whole complaint about a file, which is the same wherever it is read to its end.
fn complaint(folder: &Path, file: &str) -> String {
    let (code, out, err) = run(folder, &["query", "ASK {}", "--data", file]);
    assert_eq!((code, out.as_str()), (3, ""), "{err}");
    let converted = run(folder, &["convert", file, "-o", "converted.nq"]);
    assert_eq!(converted, (3, String::new(), err.clone()));
    assert!(!folder.join("converted.nq").exists());
    err
}

fn compressed(compression: Compression, bytes: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    compression.compress(&mut file, |out| out.write_all(bytes)).unwrap();
    file
}

/// So many triples that they are parsed in several parts.
fn many(triples: usize) -> String {
    let mut text = String::new();
    for i in 0..triples {
        let _ = writeln!(text, "<http://example.com/s{i}> <http://example.com/p> \"{i}\" .");
    }
    text
}

#[test]
fn compressed_files_are_read_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let text = many(9_000);
    for compression in Compression::ALL {
        let extension = compression.extension();
        let whole = compressed(compression, text.as_bytes());
        fs::write(here.join(format!("whole.nt.{extension}")), &whole).unwrap();
        assert_eq!(count(here, &[&format!("whole.nt.{extension}")]), "9000");

        let program = if extension == "zst" { "zstd" } else { extension };
        let program = match program {
            "gz" => "gzip",
            "bz2" => "bzip2",
            other => other,
        };
        let cut = format!("cut.nt.{extension}");
        for length in [0, whole.len() / 2, whole.len() - 1] {
            fs::write(here.join(&cut), &whole[..length]).unwrap();
            let expected = format!(
                "error: cannot read `{cut}`: its {program} data is truncated\n \
                 |\n = help: it is incomplete: download it again\n"
            );
            assert_eq!(complaint(here, &cut), expected, "{length} bytes");
        }
        let named = format!("named.nt.{extension}");
        fs::write(here.join(&named), &text).unwrap();
        let expected = format!(
            "error: cannot read `{named}`: its {program} data is invalid\n \
             |\n = help: download it again, or rename it if it is not compressed\n"
        );
        assert_eq!(complaint(here, &named), expected);
        let misnamed = format!("misnamed-{extension}.nt");
        fs::write(here.join(&misnamed), &whole).unwrap();
        let expected = format!(
            "error: `{misnamed}` is compressed\n |\n = help: name it `….{extension}`, or decompress standard input\n"
        );
        assert_eq!(complaint(here, &misnamed), expected);
    }
}

/// The same place, whether a file is compressed or not, and however many threads parse it.
#[test]
fn a_broken_line_is_found_in_any_part_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let text = many(9_000);
    let lines: Vec<&str> = text.lines().collect();
    for broken in [1, 4_321, 9_000] {
        let mut lines = lines.clone();
        lines[broken - 1] = "<http://example.com/a> <http://example.com/b c> \"é\" .";
        let text = lines.join("\n");
        fs::write(here.join("a.nt"), &text).unwrap();
        fs::write(here.join("a.nt.gz"), compressed(Compression::Gzip, text.as_bytes())).unwrap();
        let told = complaint(here, "a.nt");
        assert!(told.contains(&format!("a.nt:{broken}:")), "{told}");
        assert!(told.contains("invalid IRI code point ' '"), "{told}");
        assert!(told.contains(&format!("{broken} | {}", lines[broken - 1])), "{told}");
        assert_eq!(complaint(here, "a.nt.gz"), told.replace("a.nt:", "a.nt.gz:"));
        let mut reading = dossier(here, &["query", "ASK {}", "--data", "-", "--from", "ntriples"]);
        let read = reading.stdin(File::open(here.join("a.nt")).unwrap()).output().unwrap();
        assert_eq!(told_of(read, "standard input", "a.nt"), told);
    }
    // Of two broken files both are told about, and each once.
    fs::write(here.join("b.nt"), "<x:a> <x:b> .\n".repeat(20_000)).unwrap();
    let (code, _, err) = run(here, &["query", "ASK {}", "--data", "a.nt", "b.nt"]);
    assert_eq!((code, err.matches("error: ").count()), (3, 2), "{err}");
    assert!(err.contains("b.nt:1:13"), "{err}");
}

fn told_of(output: Output, name: &str, file: &str) -> String {
    let (code, out, err) = told(output);
    assert_eq!((code, out.as_str()), (3, ""));
    err.replace(name, file)
}

/// A label means one node in all parts of a file, and names are given in the order in which they stand.
#[test]
fn blank_nodes_of_a_file_are_those_of_its_labels() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let mut text = "_:z <http://example.com/first> _:a .\n".to_owned();
    text.push_str(&many(9_000));
    text.push_str("_:a <http://example.com/last> _:z .\n");
    fs::write(here.join("a.nt"), text).unwrap();
    let query = "SELECT * { ?z <http://example.com/first> ?a . ?a <http://example.com/last> ?z }";
    let rows = |files: &[&str]| {
        run(here, &[&["query", query, "-F", "csv", "--quiet", "--data"], files].concat()).1
    };
    assert_eq!(rows(&["a.nt"]), "a,z\r\n_:b1-2,_:b1-1\r\n");
    let mut two: Vec<String> = rows(&["a.nt", "a.nt"]).lines().map(str::to_owned).collect();
    two.sort();
    assert_eq!(two, ["_:b1-2,_:b1-1", "_:b2-2,_:b2-1", "a,z"]);
}

#[test]
fn what_is_no_rdf_is_called_so() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let help = " |\n = help: check that it is the right file, and that its download is complete\n";
    let picture = [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &[0xff; 100]].concat();
    for name in ["picture.nt", "picture.ttl", "picture.jsonld", "picture.rdf", "picture.trig"] {
        fs::write(here.join(name), &picture).unwrap();
        let expected = format!("error: `{name}` is a picture, not RDF\n{help}");
        assert_eq!(complaint(here, name), expected);
    }
    for name in ["zeros.nt", "zeros.nq", "zeros.ttl", "zeros.jsonld", "zeros.rdf"] {
        fs::write(here.join(name), vec![0; 300_000]).unwrap();
        let expected = format!("error: `{name}` is a file of zeros, not RDF\n{help}");
        assert_eq!(complaint(here, name), expected);
    }
    fs::write(here.join("json.ttl"), "{\"name\": \"Anna\", \"knows\": [1, 2]}\n").unwrap();
    let told = complaint(here, "json.ttl");
    assert!(told.contains("json.ttl:1:1"), "{told}");
    // No statement is a graph too: https://www.w3.org/TR/n-triples/#n-triples-grammar and the like.
    for name in ["empty.nt", "empty.nq", "empty.ttl", "empty.trig"] {
        fs::write(here.join(name), "").unwrap();
        assert_eq!(count(here, &[name]), "0", "{name}");
    }
    for name in ["empty.jsonld", "empty.rdf"] {
        fs::write(here.join(name), "").unwrap();
        let told = complaint(here, name);
        assert!(told.starts_with("error: ") && told.contains(name), "{told}");
    }
    fs::create_dir(here.join("folder")).unwrap();
    fs::write(here.join("folder/readme.txt"), "no RDF").unwrap();
    let (code, _, err) = run(here, &["query", "ASK {}", "--data", "folder"]);
    let expected = "error: `folder` contains no RDF files\n |\n = help: RDF files have names that end in .ttl, .trig, .nt, .nq, .rdf or .jsonld\n";
    assert_eq!((code, err.as_str()), (3, expected));
}

/// What an XML parser does not mind is an error, also where a file is not held in memory.
#[test]
fn rdf_xml_that_breaks_off_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let start = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:x=\"http://example.com/\">\n";
    let one =
        "<rdf:Description rdf:about=\"http://example.com/a\"><x:p>1</x:p></rdf:Description>\n";
    fs::write(here.join("a.rdf"), format!("{start}{one}")).unwrap();
    let told = complaint(here, "a.rdf");
    assert!(told.contains("the file ends inside this element\n --> a.rdf:1:1"), "{told}");
    fs::write(here.join("a.rdf"), format!("{start}{one}</rdf:RDF>")).unwrap();
    assert_eq!(count(here, &["a.rdf"]), "1");
}

/// Longer than what a parser holds of a file at once, which is 16 MiB.
#[test]
fn literals_may_have_any_length() {
    const LENGTH: usize = (16 << 20) + 1;
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let literal = "x".repeat(LENGTH);
    let query = "SELECT ?b (STRLEN(?o) AS ?n) { ?b <http://example.com/q> ?c . ?c <http://example.com/p> ?o }";
    let text = format!(
        "_:b <http://example.com/q> _:c .\n_:c <http://example.com/p> \"{literal}\" .\n{}",
        many(10)
    );
    for name in ["a.nt", "a.ttl"] {
        fs::write(here.join(name), &text).unwrap();
        let (code, out, err) = run(here, &["query", query, "-F", "csv", "--data", name]);
        assert_eq!((code, err.as_str()), (0, ""), "{name}");
        assert_eq!(out, format!("b,n\r\n_:b1-1,{LENGTH}\r\n"), "{name}");
    }
    // What comes through a pipe cannot be read once more.
    let arguments = ["convert", "-", "--from", "turtle", "--format", "ntriples"];
    let mut reading = dossier(here, &arguments);
    reading.stdin(File::open(here.join("a.ttl")).unwrap()).stdout(Stdio::null());
    let (code, _, err) = told(reading.output().unwrap());
    let expected = "error: `standard input`: a term in it is longer than 16 MiB\n |\n = help: convert it to N-Triples or N-Quads, whose terms may have any length\n";
    assert_eq!((code, err.as_str()), (3, expected));
}

/// Who writes to a pipe and dies in the middle of a line has not written a whole file.
#[test]
fn a_pipe_that_breaks_off_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let text = many(9_000);
    let cut = &text[..text.len() - 9];
    for arguments in [
        &["query", "ASK {}", "--data", "-", "--from", "ntriples"][..],
        &["convert", "-", "--from", "ntriples", "-o", "converted.ttl"],
    ] {
        let mut reading = dossier(here, arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        reading.stdin.take().unwrap().write_all(cut.as_bytes()).unwrap();
        let (code, out, err) = told(reading.wait_with_output().unwrap());
        assert_eq!((code, out.as_str()), (3, ""), "{err}");
        assert!(err.contains("standard input:9000:"), "{err}");
    }
    assert!(!here.join("converted.ttl").exists());
}

/// Who may read everything runs the program as somebody who may not, if there is a program for that.
#[cfg(unix)]
#[test]
fn what_may_not_be_read_or_written_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("a.nt"), many(1)).unwrap();
    fs::write(here.join("b.nt"), many(1)).unwrap();
    fs::write(here.join("a.ttl"), "<x:a>   <x:p> 1 .").unwrap();
    for folder in ["folder", "full"] {
        fs::create_dir(here.join(folder)).unwrap();
        fs::write(here.join(folder).join("a.nt"), many(1)).unwrap();
        fs::write(here.join(folder).join("a.ttl"), "<x:a>   <x:p> 1 .").unwrap();
    }
    let allow = |name: &str, mode| {
        fs::set_permissions(here.join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    for (name, mode) in
        [("a.nt", 0o000), ("a.ttl", 0o000), ("folder", 0o000), ("full", 0o555), (".", 0o755)]
    {
        allow(name, mode);
    }
    let is_root = File::open(here.join("a.nt")).is_ok();
    let program = Path::new(env!("CARGO_BIN_EXE_dossier"));
    let mine = here.join("dossier");
    if is_root {
        // Where it was built, others may not be allowed to look.
        fs::copy(program, &mine).unwrap();
    }
    let command = |arguments: &[&str]| {
        if !is_root {
            return dossier(here, arguments);
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&mine);
        command.current_dir(here).args(arguments).stdin(Stdio::null());
        command
    };
    let can_run = command(&["--version"]).output().is_ok_and(|output| output.status.success());
    if can_run {
        let said = |arguments: &[&str]| {
            let (code, out, err) = told(command(arguments).output().unwrap());
            assert_eq!(out, "", "{arguments:?}");
            (code, err)
        };
        let unreadable = |name: &str| format!("error: cannot read `{name}`: permission denied\n");
        for (name, path) in [("a.nt", "a.nt"), ("folder", "folder"), ("folder", "folder/*.nt")] {
            let expected = (3, unreadable(name));
            assert_eq!(said(&["query", "ASK {}", "--data", path]), expected);
            assert_eq!(said(&["convert", "b.nt", path, "-F", "turtle"]), expected);
        }
        assert_eq!(said(&["format", "a.ttl"]), (3, unreadable("a.ttl")));
        assert_eq!(said(&["diff", "b.nt", "a.nt"]), (3, unreadable("a.nt")));
        assert_eq!(said(&["run", "x", "--dossier", "folder"]), (3, unreadable("folder")));
        let unwritable =
            |name: &str| (2, format!("error: cannot write `{name}`: permission denied\n"));
        assert_eq!(said(&["convert", "b.nt", "-o", "full/b.ttl"]), unwritable("full/b.ttl"));
        assert_eq!(said(&["export", "-o", "full/b.ttl"]), unwritable("full/b.ttl"));
        assert_eq!(said(&["format", "full/a.ttl"]), unwritable("full/a.ttl"));
        let kept = fs::read_to_string(here.join("full/a.ttl")).unwrap();
        assert_eq!(kept, "<x:a>   <x:p> 1 .");
        if cfg!(feature = "disk") {
            let refused = |what: &str| {
                let help = "ask the owner of the folder for permission to read it, or to write to it if you load";
                (4, format!("error: {what}\n |\n = help: {help}\n"))
            };
            assert_eq!(
                said(&["load", "b.nt", "--store", "full/new"]),
                refused("cannot open the store `full/new`: permission denied")
            );
            assert_eq!(
                said(&["query", "ASK {}", "--store", "folder"]),
                refused("cannot open the store `folder`: permission denied")
            );
        }
    } else {
        skip("this user may read everything, and cannot be another one");
    }
    allow("folder", 0o700);
    allow("full", 0o700);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("a.nt"), many(9_000)).unwrap();
    let full = |name: &str| {
        format!(
            "error: cannot write `{name}`: no space left on device\n |\n = help: free some space, or write to another disk with `-o FILE`\n"
        )
    };
    for arguments in [
        &["convert", "a.nt", "--format", "turtle"][..],
        &["query", "SELECT * { ?s ?p ?o }", "-F", "csv", "--data", "a.nt"],
        &["query", "ASK {}", "--data", "a.nt"],
    ] {
        let mut command = dossier(here, arguments);
        command.stdout(File::options().write(true).open("/dev/full").unwrap());
        let (code, _, err) = told(command.output().unwrap());
        assert_eq!((code, err), (4, full("standard output")), "{arguments:?}");
    }
    let Some(disk) = SmallDisk::mounted("64k") else { return };
    for name in ["out.ttl", "out.ttl.gz"] {
        let out = disk.path().join(name);
        fs::write(&out, "as it was").unwrap();
        let path = out.to_str().unwrap();
        // What is hard to compress.
        let mut noise = String::new();
        for i in 0..20_000_u64 {
            let i = i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let _ = writeln!(
                noise,
                "<http://example.com/{i}> <http://example.com/p> \"{:x}\" .",
                i >> 7
            );
        }
        fs::write(here.join("noise.nt"), noise).unwrap();
        let (code, _, err) = run(here, &["convert", "noise.nt", "-o", path]);
        assert_eq!((code, err), (4, full(path)));
        assert_eq!(fs::read_to_string(&out).unwrap(), "as it was");
        assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 1, "nothing else is left");
        fs::remove_file(&out).unwrap();
    }
}

#[test]
fn hostile_text_does_not_reach_the_terminal_raw() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let label = "http://www.w3.org/2000/01/rdf-schema#label";
    let labelled = format!("<http://e/a> <{label}> \"Abc\\u001B[31m\\u009B31m\\u202Exyz\" .\n");
    fs::write(here.join("label.ttl"), labelled).unwrap();
    fs::write(here.join("broken.nt"), "<http://e/a> \u{9b}31m \u{202e} \u{200b} x .\n").unwrap();
    fs::write(here.join("b\u{9b}.ttl"), "@prefix e: \u{1b}[31m<http://e/> .\n").unwrap();
    fs::write(here.join("iri.nt"), "<http://e/\u{202e}a> <http://e/p> \"x\" .\n").unwrap();
    let select = "SELECT ?s { ?s ?p ?o }";
    for arguments in [
        &["show", "http://e/a", "--data", "label.ttl"][..],
        &["show", "http://e/a", "-F", "markdown", "--data", "label.ttl"],
        &["show", "Abc\u{1b}[31m\u{9b}31m\u{202e}xy", "--data", "label.ttl"],
        &["stats", "--data", "broken.nt"],
        &["stats", "--data", "b\u{9b}.ttl"],
        &["query", select, "--data", "iri.nt"],
        &["query", "SELECT \u{9b} { \u{1b}[31m }", "--data", "iri.nt"],
        &["list", "--timeout", "\u{1b}[31m"],
        &["\u{9b}31m"],
    ] {
        let (_, out, err) = run(here, arguments);
        let is_raw = |c: char| c != '\n' && (c.is_control() || "\u{202e}\u{200b}".contains(c));
        assert!(!out.contains(is_raw) && !err.contains(is_raw), "{arguments:?}: {out:?} {err:?}");
    }
    let (_, out, _) = run(here, &["query", select, "-F", "csv", "--data", "iri.nt"]);
    assert!(out.contains("http://e/\u{202e}a"));
}

#[cfg(unix)]
#[test]
fn signals_end_the_program_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("v.nt"), many(3_000)).unwrap();
    let product = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }";
    for (signal, code) in [("-TERM", 143), ("-HUP", 129), ("-INT", 130)] {
        let mut program = heeding_hangups()
            .args(["query", product, "-o", "o.csv", "-q", "--data", "v.nt"])
            .current_dir(here)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while fs::read_dir(here).unwrap().count() < 2 {
            assert_eq!(program.try_wait().unwrap(), None, "{signal}");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let id = program.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        assert_eq!(program.wait().unwrap().code(), Some(code), "{signal}");
        assert_eq!(fs::read_dir(here).unwrap().count(), 1, "{signal}");
    }
}

/// The program, which ends at a hang-up even if the test, as under `nohup`, was told to go on.
#[cfg(unix)]
fn heeding_hangups() -> Command {
    let program = env!("CARGO_BIN_EXE_dossier");
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    if ignored.is_none_or(|mask| mask & 1 == 0) {
        return Command::new(program);
    }
    let mut command = Command::new("env");
    command.args(["--default-signal=HUP", program]);
    command
}

#[test]
fn lines_of_a_shell_script_are_bounded_and_text() {
    let folder = tempfile::tempdir().unwrap();
    let script = |bytes: &[u8]| {
        fs::write(folder.path().join("script"), bytes).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_dossier"))
            .arg("shell")
            .stdin(File::open(folder.path().join("script")).unwrap())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    };
    let (code, out, err) = script(b".timer\n\xff\n.timer\n");
    assert_eq!((code, out.as_str()), (3, "off\noff\n"));
    assert!(err.contains("not UTF-8") && err.contains("line 2"), "{err}");
    let (code, out, err) = script(&[&b".timer\n"[..], &vec![b'x'; 17_000_000]].concat());
    assert_eq!((code, out.as_str()), (3, "off\n"));
    assert!(err.contains("longer than 16 MB") && err.len() < 500, "{err}");
    let (code, _, err) = script(&vec![b'x'; 300_000]);
    assert_eq!(code, 2);
    assert!(err.len() < 1_000, "{err}");
}
