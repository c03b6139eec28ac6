//! Files that a dossier does not read although somebody probably meant it to.

use crate::catalogue::in_shell;
use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::dossier::{Dossier, OtherFile, SourceFile, last_part};
use crate::session::Session;
use crate::sparql::lexer::{Token, token_from, tokens};
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

/// The extensions that programs append to the name of a file.
const APPENDED: [&str; 5] = ["txt", "bak", "old", "orig", "download"];

/// What the files would be that are not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unread {
    Ontology,
    Data,
    Documents,
    Queries,
    Answers,
}

impl Unread {
    /// Returns the folder for such files.
    const fn folder(self) -> &'static str {
        match self {
            Self::Ontology => "ontology",
            Self::Data => "data",
            Self::Documents => "data/documents",
            Self::Queries => "queries",
            Self::Answers => "queries/expected",
        }
    }

    /// Returns what a file is whose format belongs in another folder than its own.
    fn elsewhere(folder: &str, ending: &str) -> Option<Self> {
        match (folder, ending) {
            ("data/documents" | "documents" | "queries", "ttl" | "trig") => Some(Self::Data),
            ("ontology" | "data" | "data/documents" | "queries/expected", "rq") => {
                Some(Self::Queries)
            }
            _ => None,
        }
    }

    /// Returns what the files of a folder are.
    fn of(folder: &str) -> Self {
        match folder {
            "ontology" => Self::Ontology,
            "data" => Self::Data,
            "data/documents" | "documents" => Self::Documents,
            "queries/expected" => Self::Answers,
            _ => Self::Queries,
        }
    }
}

/// Reports the files that are not read, and returns what they would be, as far as other findings may follow from that.
pub(super) fn check(session: &Session, findings: &mut Vec<Diagnostic>) -> Result<Vec<Unread>> {
    let documents: BTreeSet<String> =
        (session.store().things(rdf::TYPE, dos::DOCUMENT_CLASS.into())?)
            .iter()
            .map(|document| words(last_part(document.as_str())))
            .collect();
    let mut hidden = Vec::new();
    for (unread, finding) in unread_files(session.dossier(), Some(&documents), |_| true)? {
        hidden.extend(unread);
        findings.push(finding);
    }
    Ok(hidden)
}

/// Returns the warnings about ignored files and folders without which a dossier lacks data, terms or saved queries.
///
/// # Errors
/// If a folder cannot be read.
pub(crate) fn hidden_files(dossier: &Dossier) -> Result<Vec<Diagnostic>> {
    let parts = dossier.parts();
    if !parts.is_empty() {
        let found = parts.iter().map(|part| hidden_files(&part.dossier));
        return Ok(found.collect::<Result<Vec<_>>>()?.concat());
    }
    let found = unread_files(dossier, None, is_hidden)?.into_iter();
    let is_hidden = |unread: Unread| unread != Unread::Answers;
    Ok(found
        .filter_map(|(unread, finding)| unread.filter(|it| is_hidden(*it)).map(|_| finding))
        .collect())
}

/// Returns the warnings about files that are not read, each with what its file would be if it is hardly kept on purpose.
fn unread_files(
    dossier: &Dossier,
    documents: Option<&BTreeSet<String>>,
    is_wanted: impl Fn(&OtherFile) -> bool,
) -> Result<Vec<(Option<Unread>, Diagnostic)>> {
    let folders = dossier.misplaced_folders().into_iter().map(|(name, right)| {
        let message = format!("the folder `{name}/` is ignored: its files belong in `{right}/`");
        let finding = Diagnostic::warning("file-unread", message);
        (Some(Unread::of(right)), finding.help(format!("move them to `{right}/`")))
    });
    let mut found: Vec<_> = folders.collect();
    for (name, unread) in beside_folders(dossier, documents)? {
        let message = format!("`{name}` is ignored: it is not in `{}/`", unread.folder());
        let finding = Diagnostic::warning("file-unread", message);
        let help = format!("move it to `{}/{name}`", unread.folder());
        found.push((Some(unread), finding.help(help)));
    }
    let mut files = dossier.other_files()?;
    files.retain(is_wanted);
    if files.is_empty() {
        return Ok(found);
    }
    let known = Known::of(dossier)?;
    let none = BTreeSet::new();
    let documents = documents.unwrap_or(&none);
    let root = dossier.root().unwrap_or(Path::new(""));
    let exists = |path: &str| root.join(path).exists();
    for file in &files {
        let finding = match misnamed_turtle(dossier, file, &exists)? {
            Some(finding) => Some(finding),
            None => finding(file, &known, documents, &exists),
        };
        let ending = file.name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let elsewhere = Unread::elsewhere(file.folder, ending);
        let unread = match file.name.rsplit_once('.') {
            _ if elsewhere.is_some() => elsewhere,
            Some((stem, "md" | "txt")) if documents.contains(&words(stem)) => {
                Some(Unread::Documents)
            }
            Some((_, "csv")) if file.folder == "queries" => Some(Unread::Answers),
            _ if file.folder == "queries/expected" => Some(Unread::Answers),
            _ => is_hidden(file).then(|| Unread::of(file.folder)),
        };
        found.extend(finding.map(|finding| (unread, finding)));
    }
    Ok(found)
}

/// Returns the files beside the folders of a dossier of which one of the folders has none, each with what it would be.
///
/// A file of Turtle that declares a document which the data lacks is one of them, too.
fn beside_folders(
    dossier: &Dossier,
    documents: Option<&BTreeSet<String>>,
) -> Result<Vec<(String, Unread)>> {
    let mut found = Vec::new();
    for name in dossier.names_beside_folders() {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let mut is_needed = false;
        let unread = match ending {
            "rq" => Unread::Queries,
            "trig" => Unread::Data,
            "ttl" => {
                let source = dossier.other_file(&name)?;
                let text = source.as_ref().and_then(|source| source.text().ok());
                is_needed =
                    text.zip(documents).is_some_and(|(text, known)| declares_unknown(text, known));
                if text.is_some_and(|text| text.contains("owl:Ontology")) {
                    Unread::Ontology
                } else {
                    Unread::Data
                }
            }
            _ => continue,
        };
        let files = match unread {
            Unread::Ontology => dossier.ontology()?.split_off(1),
            Unread::Data => dossier.data()?,
            _ => dossier.queries()?,
        };
        // (Beside data in TriG, Turtle is more likely to be exported.)
        let is_there = |file: &SourceFile| ending == "ttl" || file.extension() == ending;
        if is_needed || !files.iter().any(is_there) {
            found.push((name, unread));
        }
    }
    Ok(found)
}

/// Returns whether a text in Turtle declares a document that is not among the known ones.
fn declares_unknown(text: &str, known: &BTreeSet<String>) -> bool {
    let tokens = tokens(text);
    let word = |token: &Token| &text[token.span.clone()];
    tokens.windows(3).any(|three| {
        let [name, a, class] = three else { return false };
        word(a) == "a"
            && word(class) == "dos:Document"
            && word(name).split_once(':').is_some_and(|(_, local)| !known.contains(&words(local)))
    })
}

/// Returns whether a file that is not read was meant to be: it is RDF, or a query, whatever its name says.
fn is_hidden(OtherFile { folder, name, read }: &OtherFile) -> bool {
    let name = name.to_lowercase();
    let appended = name.rsplit_once('.').filter(|(_, ending)| APPENDED.contains(ending));
    let Some((_, ending)) = appended.map_or(&*name, |(stem, _)| stem).rsplit_once('.') else {
        return false;
    };
    if Unread::elsewhere(folder, ending).is_some() {
        return true;
    }
    match *folder {
        "ontology" | "data" => read.contains(&ending) || RDF.contains(&ending),
        "queries" | "queries/checks" | "queries/patterns" => ["rq", "sparql"].contains(&ending),
        _ => false,
    }
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

/// Tells to give a file another path, or one that no file has.
fn rename_to(to: &str, verb: &str, exists: &dyn Fn(&str) -> bool) -> String {
    if !exists(to) {
        return format!("{verb} it to `{to}`");
    }
    match to.rsplit_once('.') {
        Some((stem, ending @ ("ttl" | "trig" | "rq"))) => {
            let other = (2..).map(|number| format!("{stem}-{number}.{ending}"));
            let free = other.into_iter().find(|other| !exists(other)).unwrap_or_default();
            format!(
                "`{to}` is there already: {verb} this one to `{free}`, or remove it if it has nothing else"
            )
        }
        _ => format!("`{to}` is there already: compare the two, and remove this one"),
    }
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
    // Editors add `.txt`, and file managers hide it. Of a copy, the file itself is there.
    let is_appended = APPENDED.contains(&extension.as_str())
        && (extension == "txt" || !exists(&format!("{folder}/{stem}")));
    if is_appended && stem.rsplit_once('.').is_some_and(|(_, end)| read.contains(&end)) {
        let message = format!("`{path}` is ignored: its name ends in `.{ending}`");
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
    if let Some(unread) = Unread::elsewhere(folder, &extension) {
        let right = unread.folder();
        let (id, what) = match unread {
            Unread::Queries => ("query-unread", "saved queries are"),
            _ => ("file-unread", "data is"),
        };
        let message = format!("`{path}` is ignored: {what} in `{right}/`");
        return Some(
            Diagnostic::of(Severity::Warning, id, message).help(rename(right, &extension)),
        );
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
