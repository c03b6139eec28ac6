use super::arguments;
use super::ask::AskOptions;
use crate::catalogue::{Catalogue, in_shell};
use crate::cli::context::Context;
use crate::cli::inputs::format_of_name;
use crate::diagnostic::Diagnostic;
use crate::dossier::SourceFile;
use crate::rdf::read::unreadable;
use anyhow::Context as _;
use clap::Args;
use std::borrow::Cow;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Run a SPARQL query; the prefixes of the dossier are predefined
#[derive(Debug, Args)]
pub(crate) struct QueryArgs {
    /// The query; - or no argument reads standard input
    #[arg(value_name = "SPARQL", conflicts_with = "file")]
    text: Option<String>,

    /// Read the query from FILE
    #[arg(long, short, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Set a parameter of the query, such as `?_state_iri`
    #[arg(long, value_name = "PARAM=VALUE")]
    bind: Vec<String>,

    #[command(flatten)]
    options: AskOptions,
}

impl QueryArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let (origin, text) = match (&self.text, &self.file) {
            (Some(text), _) if text != "-" => {
                check_is_text(text, context)?;
                ("query".to_owned(), text.clone())
            }
            (Some(_), _) => read_query(Path::new("-"))?,
            (None, Some(file)) => {
                check_is_not_name(file, context)?;
                read_query(file)?
            }
            (None, None) => {
                check_is_piped()?;
                read_query(Path::new("-"))?
            }
        };
        let arguments = arguments(&self.bind)?;
        let session = context.session()?;
        let asked = session.ad_hoc_query(&origin, &text, &arguments)?;
        self.options.ask(context, &asked)
    }
}

/// Checks that a text is no name of a file or of a saved query.
fn check_is_text(text: &str, context: &Context) -> anyhow::Result<()> {
    let path = Path::new(text);
    let is_file = path.extension().is_some_and(|extension| extension == "rq") || path.is_file();
    let (what, help) = if format_of_name(path).is_some() {
        ("an RDF file", format!("`dossier query 'SELECT …' --data {}`", in_shell(text)))
    } else if is_file
        && !path.exists()
        && let Some(name) = saved_query_in(path, context)?
    {
        ("the file of a saved query", format!("`dossier run {}`", in_shell(&name)))
    } else if is_file {
        ("a file", format!("`dossier query -f {}`", in_shell(text)))
    } else if text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '/'))
        && Catalogue::new(context.dossier()?).has(text)?
    {
        ("a saved query", format!("`dossier run {}`", in_shell(text)))
    } else {
        return Ok(());
    };
    let message = format!("expected the text of a query, but `{text}` is {what}");
    Err(Diagnostic::error("query-by-name", message).help(help).usage().into())
}

/// Returns the name of the saved query whose file has this name, in whatever folder.
fn saved_query_in(path: &Path, context: &Context) -> anyhow::Result<Option<String>> {
    if path.extension().is_none_or(|extension| extension != "rq") {
        return Ok(None);
    }
    let names = Catalogue::new(context.dossier()?).names()?;
    Ok(names.into_iter().find(|name| path.file_stem().is_some_and(|stem| stem == name.as_str())))
}

/// Checks that the file of a query is not missing and called like a saved query.
fn check_is_not_name(file: &Path, context: &Context) -> anyhow::Result<()> {
    let Some(name) = file.to_str().filter(|_| !file.exists()) else { return Ok(()) };
    if let Some(saved) = saved_query_in(file, context)? {
        let message = format!("`{name}` does not exist, but there is a saved query `{saved}`");
        return Err(Diagnostic::error("query-by-name", message)
            .help(format!("`dossier run {}`", in_shell(&saved)))
            .usage()
            .into());
    }
    if !Catalogue::new(context.dossier()?).has(name)? {
        return Ok(());
    }
    let message = format!("expected the name of a file, but `{name}` is a saved query");
    Err(Diagnostic::error("query-by-name", message)
        .help(format!("`dossier run {}`", in_shell(name)))
        .usage()
        .into())
}

/// Checks that nobody would have to type what standard input is to say.
fn check_is_piped() -> anyhow::Result<()> {
    if !std::io::stdin().is_terminal() {
        return Ok(());
    }
    Err(Diagnostic::error("option-missing", "missing query")
        .help("for example: `dossier query 'SELECT * { ?s ?p ?o } LIMIT 10'`, `-f FILE`, or `-` for standard input")
        .usage()
        .into())
}

/// The text of a query that is read from a file or standard input, with the name it goes by in messages.
fn read_query(path: &Path) -> anyhow::Result<(String, String)> {
    let (name, text) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Diagnostic::error("not-utf-8", "standard input is not UTF-8").input())?;
        ("query".to_owned(), text)
    } else {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| unreadable(&name, &error).input())?;
        let source = SourceFile { path: name.clone(), bytes: Cow::Owned(bytes) };
        let text = source.text().map_err(Diagnostic::input)?.to_owned();
        (name, text)
    };
    if text.trim().is_empty() {
        let (place, help) = if path == Path::new("-") {
            let help = "pipe one in: `dossier query - < FILE`; or write it as an argument: \
                        `dossier query 'SELECT * { ?s ?p ?o } LIMIT 10'`";
            ("standard input".to_owned(), help)
        } else {
            (format!("`{name}`"), "write a query to it, such as `SELECT * { ?s ?p ?o } LIMIT 10`")
        };
        let message = format!("the query is empty: {place} has no text");
        return Err(Diagnostic::error("text-unfinished", message).help(help).input().into());
    }
    Ok((name, text))
}
