//! The commands: each a struct of arguments and what it does.

pub mod ask;
pub mod backup;
pub mod check;
pub mod compact;
pub mod completions;
pub mod convert;
pub mod diff;
pub mod export;
pub mod format;
pub mod help;
mod json_ld;
pub mod list;
pub mod load;
pub mod man;
pub mod overview;
pub mod query;
pub mod read;
pub mod run;
pub mod show;
pub mod stats;

use crate::diagnostic::Diagnostic;

/// The name and the value of an argument `name=value`.
pub fn argument(text: &str) -> Result<(String, String), Diagnostic> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(Diagnostic::error("argument-syntax", format!("`{text}` is not an argument"))
            .help("write `name=value`")),
    }
}

/// The arguments of a query.
pub fn arguments(texts: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let arguments: Result<Vec<_>, _> = texts.iter().map(|text| argument(text)).collect();
    Ok(arguments.map_err(Diagnostic::usage)?)
}
