//! Files that a dossier does not read although somebody probably meant it to.

use crate::catalogue::in_shell;
use crate::diagnostic::{Diagnostic, Result};
use crate::dossier::{Dossier, OtherFile};
use crate::session::Session;
use std::collections::BTreeSet;
use std::path::Path;

/// The names of files that stand beside others to explain them.
const EXPLAINING: [&str; 9] = [
    "readme",
    "license",
    "licence",
    "notice",
    "changelog",
    "contributing",
    "copying",
    "authors",
    "todo",
];

/// The extensions of RDF that `dossier convert` reads.
const RDF: [&str; 10] =
    ["trig", "nt", "nq", "rdf", "owl", "rdfs", "jsonld", "turtle", "ntriples", "nquads"];

pub(super) fn check(session: &Session, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let dossier = session.dossier();
    let files = dossier.other_files()?;
    if files.is_empty() {
        return Ok(());
    }
    let known = Known::of(dossier)?;
    let root = dossier.root().unwrap_or(Path::new(""));
    let exists = |path: &str| root.join(path).exists();
    findings.extend(files.iter().filter_map(|file| finding(file, &known, &exists)));
    Ok(())
}

/// The files that are read, so that the file from which one was made is not reported.
struct Known {
    /// The names of documents as `dossier add` makes them of file names.
    texts: BTreeSet<String>,
    /// The paths of RDF files without their extensions.
    rdf: BTreeSet<String>,
}

impl Known {
    fn of(dossier: &Dossier) -> Result<Self> {
        let texts = dossier.texts()?.iter().map(|source| words(source.stem())).collect();
        let mut rdf = BTreeSet::new();
        for source in dossier.data()?.iter().chain(&dossier.ontology()?) {
            let stem = source.path.rsplit_once('.').map_or(&*source.path, |(stem, _)| stem);
            rdf.insert(stem.to_owned());
        }
        Ok(Self { texts, rdf })
    }
}

/// Returns a name without what differs between the name of a file and that of its document.
fn words(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_lowercase()
}

/// Returns the warning about a file, unless it is probably kept on purpose.
fn finding(file: &OtherFile, known: &Known, exists: &dyn Fn(&str) -> bool) -> Option<Diagnostic> {
    let OtherFile { folder, name, read } = file;
    let (stem, ending) = name.rsplit_once('.')?;
    if EXPLAINING.contains(&stem.to_lowercase().as_str()) {
        return None;
    }
    let path = format!("{folder}/{name}");
    let extension = ending.to_lowercase();
    let rename = |to: &str, ending: &str| {
        let to = format!("{to}/{stem}.{ending}");
        if exists(&to) {
            return format!("remove it: `{to}` is read instead");
        }
        let verb = if to.starts_with(&format!("{folder}/{stem}")) { "rename" } else { "move" };
        format!("{verb} it to `{to}`")
    };
    if read.contains(&extension.as_str()) {
        let message = format!("`{path}` is ignored: write its extension in lower case");
        return Some(Diagnostic::warning("file-unread", message).help(rename(folder, &extension)));
    }
    let (why, help) = match (*folder, extension.as_str()) {
        ("queries" | "queries/checks" | "queries/patterns", "sparql") => {
            let message = format!("`{path}` is ignored: a saved query is a `.rq` file");
            return Some(Diagnostic::warning("query-unread", message).help(rename(folder, "rq")));
        }
        ("queries", "csv") => {
            ("expected answers are in `queries/expected/`", rename("queries/expected", "csv"))
        }
        ("queries/expected", "tsv" | "json" | "srj" | "xlsx" | "txt") => (
            "an expected answer is a `.csv` file",
            "`dossier check --accept` lists the cases without an answer, and how to write one"
                .to_owned(),
        ),
        ("ontology" | "data", extension) if RDF.contains(&extension) => {
            if known.rdf.contains(&format!("{folder}/{stem}")) {
                return None;
            }
            let has_graphs = *folder == "data" && ["nq", "nquads", "jsonld"].contains(&extension);
            let to = format!("{folder}/{stem}.{}", if has_graphs { "trig" } else { "ttl" });
            let why = if *folder == "data" {
                "data is read from `.ttl` and `.trig` files"
            } else {
                "the ontology is read from `.ttl` files"
            };
            (why, format!("convert it: `dossier convert {} -o {}`", in_shell(&path), in_shell(&to)))
        }
        ("data", "csv" | "tsv") => (
            "tables are not loaded",
            format!(
                "draft claims from it: `dossier draft {}` (see `dossier help sheets`); or keep it outside of `data/`",
                in_shell(&path)
            ),
        ),
        ("data/documents", "markdown") => {
            ("a document is a `.txt` or `.md` file", rename(folder, "md"))
        }
        ("data/documents", "text") => {
            ("a document is a `.txt` or `.md` file", rename(folder, "txt"))
        }
        ("data" | "data/documents" | "documents", extension) => {
            let via = via(extension)?;
            if known.texts.contains(&words(stem)) {
                return None;
            }
            let why = if *folder == "data/documents" {
                "a document is a `.txt` or `.md` file"
            } else {
                "documents are in `data/documents/`"
            };
            (why, format!("add it as a document: `dossier add {}{via}`", in_shell(&path)))
        }
        _ => return None,
    };
    let message = format!("`{path}` is ignored: {why}");
    Some(Diagnostic::warning("file-unread", message).help(help))
}

/// Returns the option with which `dossier add` reads a text of some kind, or `None` if it is not a text.
fn via(extension: &str) -> Option<&'static str> {
    match extension {
        "txt" | "text" | "md" | "markdown" | "html" | "htm" | "xhtml" => Some(""),
        "pdf" => Some(" --via 'pdftotext - -'"),
        "docx" | "odt" | "rtf" | "epub" => Some(" --via 'pandoc -t plain --wrap=none'"),
        _ => None,
    }
}
