//! The format of a file: named by an option, or told by the extension of the file's name.

use crate::catalogue::in_shell;
use crate::cli::misuse::{is_for_office, is_spreadsheet};
use crate::diagnostic::Diagnostic;
use crate::format::{Format, ResultFormat};
use crate::rdf::read::Compression;
use std::path::Path;

/// Returns the format that `--format` names, else that of the output file's extension: in `data.ttl.gz`, `ttl`.
///
/// # Errors
/// If no format has that extension, or the file is called like a format.
pub(crate) fn chosen_format<F>(
    named: Option<F>,
    path: Option<&Path>,
    from_extension: impl Fn(&str) -> Option<F>,
) -> anyhow::Result<Option<F>> {
    if named.is_some() {
        return Ok(named);
    }
    let Some(path) = path.filter(|path| *path != Path::new("-")) else { return Ok(None) };
    let inner =
        if Compression::of(path).is_some() { path.with_extension("") } else { path.to_owned() };
    let Some(extension) = inner.extension().and_then(|extension| extension.to_str()) else {
        return match path.to_str() {
            Some(name) if from_extension(name).is_some() && !path.exists() => {
                let message = format!("`-o` expects the name of a file, but `{name}` is a format");
                let help = format!("write `-F {name}`, or `-o ./{name}` for a file with this name");
                Err(Diagnostic::error("output-is-format", message).help(help).usage().into())
            }
            // (It is a format of others.)
            Some(name)
                if is_spreadsheet(name) && from_extension("csv").is_some() && !path.exists() =>
            {
                let message = format!("`-o` expects the name of a file, but `{name}` is a format");
                let file =
                    if ResultFormat::Xlsx.is_built() { "FILE.xlsx" } else { "FILE.csv --bom" };
                let help = format!("write `-o {file}`, or `-o ./{name}` for a file with this name");
                Err(Diagnostic::error("output-is-format", message).help(help).usage().into())
            }
            _ => Ok(None),
        };
    };
    match from_extension(extension) {
        Some(format) => Ok(Some(format)),
        None => {
            let message = format!("cannot infer a format from the name `{}`", path.display());
            let help = if is_for_office(extension) {
                for_office(path, from_extension)
            } else if is_spreadsheet(extension) && from_extension("csv").is_some() {
                for_spreadsheets(path)
            } else if Format::from_extension(extension).is_some_and(Format::is_for_rows)
                && from_extension("ttl").is_some()
            {
                format!(
                    "`.{extension}` is for rows, which `dossier run` and `dossier query` write; here, {}",
                    listed(from_extension)
                )
            } else {
                listed(from_extension)
            };
            Err(Diagnostic::error("format-unknown", message).help(help).usage().into())
        }
    }
}

/// The extensions of the formats that commands write, the usual ones.
const EXTENSIONS: [&str; 19] = [
    "csv", "tsv", "md", "json", "xml", "jsonl", "xlsx", "txt", "ttl", "trig", "nt", "nq", "rdf",
    "jsonld", "svg", "html", "mmd", "dot", "ged",
];

/// Returns the extensions that a command reads as formats, as far as this build writes them.
fn known<F>(from_extension: impl Fn(&str) -> Option<F>) -> impl Iterator<Item = &'static str> {
    let is_built = |extension: &&str| *extension != "xlsx" || ResultFormat::Xlsx.is_built();
    EXTENSIONS
        .into_iter()
        .filter(is_built)
        .filter(move |extension| from_extension(extension).is_some())
}

/// Returns which names of files tell a format.
fn listed<F>(from_extension: impl Fn(&str) -> Option<F>) -> String {
    let known: Vec<String> = known(from_extension).map(|known| format!("`.{known}`")).collect();
    let all = match known.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => known.concat(),
    };
    format!("end the name in {all}, or set the format with `--format`")
}

/// Returns what to write for a program that opens spreadsheets.
fn for_spreadsheets(path: &Path) -> String {
    let file = |extension: &str| {
        let name = path.with_extension(extension);
        format!("-o {}", in_shell(&name.to_string_lossy()))
    };
    if ResultFormat::Xlsx.is_built() {
        format!("write a workbook with `{}`", file("xlsx"))
    } else {
        format!("for a spreadsheet, write CSV with `{} --bom`", file("csv"))
    }
}

/// Returns what to write for a program that opens texts, such as Word, whose own formats are not written.
fn for_office<F>(path: &Path, from_extension: impl Fn(&str) -> Option<F>) -> String {
    let has = |extension: &str| from_extension(extension).is_some();
    let file = |extension: &str| {
        let name = path.with_extension(extension);
        format!("`-o {}`", in_shell(&name.to_string_lossy()))
    };
    if has("html") {
        return format!("word processors open HTML: write {}", file("html"));
    }
    if !has("md") {
        return listed(from_extension);
    }
    let markdown =
        format!("for Word or PDF, write Markdown with {}, which Pandoc converts", file("md"));
    if !has("csv") {
        return markdown;
    }
    format!("{markdown}, or CSV with {}, and copy the table from a spreadsheet", file("csv"))
}
