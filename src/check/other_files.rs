//! Files that a dossier does not read although somebody probably meant it to.

use crate::catalogue::in_shell;
use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::dossier::{Dossier, OtherFile, last_part};
use crate::session::Session;
use crate::sparql::lexer::token_from;
use crate::vocabulary::{dos, rdf};
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
    findings.extend(dossier.misplaced_folders().into_iter().map(|(name, right)| {
        let message = format!("the folder `{name}/` is ignored: its files belong in `{right}/`");
        Diagnostic::warning("file-unread", message).help(format!("move them to `{right}/`"))
    }));
    let files = dossier.other_files()?;
    if files.is_empty() {
        return Ok(());
    }
    let known = Known::of(dossier)?;
    let root = dossier.root().unwrap_or(Path::new(""));
    let exists = |path: &str| root.join(path).exists();
    let documents: BTreeSet<String> =
        (session.store().things(rdf::TYPE, dos::DOCUMENT_CLASS.into())?)
            .iter()
            .map(|document| words(last_part(document.as_str())))
            .collect();
    for file in &files {
        findings.extend(match misnamed_turtle(dossier, file, &exists)? {
            Some(finding) => Some(finding),
            None => finding(file, &known, &documents, &exists),
        });
    }
    Ok(())
}

/// Returns the warning about a file of Turtle whose name says that it is another format of RDF, so that it cannot be
/// converted from that.
fn misnamed_turtle(
    dossier: &Dossier,
    file: &OtherFile,
    exists: &dyn Fn(&str) -> bool,
) -> Result<Option<Diagnostic>> {
    let OtherFile { folder, name, .. } = file;
    let Some((stem, ending)) = name.rsplit_once('.') else { return Ok(None) };
    let is_rdf = ["rdf", "owl", "rdfs", "nt", "jsonld"].contains(&ending.to_lowercase().as_str());
    if !["ontology", "data"].contains(folder) || !is_rdf {
        return Ok(None);
    }
    let path = format!("{folder}/{name}");
    let Some(source) = dossier.other_file(&path)? else { return Ok(None) };
    let is_turtle = source.text().is_ok_and(|text| {
        let word = token_from(text, 0).map_or("", |token| &text[token.span]);
        ["@prefix", "@base", "PREFIX", "BASE"].iter().any(|known| word.eq_ignore_ascii_case(known))
    });
    let message = format!("`{path}` is ignored: it is Turtle, whose files end in `.ttl`");
    Ok(is_turtle.then(|| {
        Diagnostic::warning("file-unread", message).help(rename_to(
            &format!("{folder}/{stem}.ttl"),
            "rename",
            exists,
        ))
    }))
}

/// Tells to give a file another path, unless there is a file already.
fn rename_to(to: &str, verb: &str, exists: &dyn Fn(&str) -> bool) -> String {
    if exists(to) {
        return format!("remove it: `{to}` is read instead");
    }
    format!("{verb} it to `{to}`")
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
fn finding(
    file: &OtherFile,
    known: &Known,
    documents: &BTreeSet<String>,
    exists: &dyn Fn(&str) -> bool,
) -> Option<Diagnostic> {
    let OtherFile { folder, name, read } = file;
    let (stem, ending) = name.rsplit_once('.')?;
    if EXPLAINING.contains(&stem.to_lowercase().as_str()) {
        return None;
    }
    let path = format!("{folder}/{name}");
    let extension = ending.to_lowercase();
    let rename = |to: &str, ending: &str| {
        let to = format!("{to}/{stem}.{ending}");
        let verb = if to.starts_with(&format!("{folder}/{stem}")) { "rename" } else { "move" };
        rename_to(&to, verb, exists)
    };
    // Editors add `.txt`, and file managers hide it.
    if extension == "txt" && stem.rsplit_once('.').is_some_and(|(_, end)| read.contains(&end)) {
        let message = format!("`{path}` is ignored: its name ends in `.txt`");
        let id = if read.contains(&"rq") { "query-unread" } else { "file-unread" };
        return Some(Diagnostic::of(Severity::Warning, id, message).help(rename_to(
            &format!("{folder}/{stem}"),
            "rename",
            exists,
        )));
    }
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
            // The text of a document that is there.
            if documents.contains(&words(stem)) && ["md", "txt"].contains(&extension) {
                (why, rename("data/documents", extension))
            } else {
                (why, format!("add it as a document: `dossier add {}{via}`", in_shell(&path)))
            }
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
