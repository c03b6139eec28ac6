//! The commands: each a struct of arguments and what it does.

pub(super) mod ask;
pub(super) mod backup;
pub(super) mod check;
pub(super) mod compact;
pub(super) mod completions;
pub(super) mod convert;
pub(super) mod diff;
pub(super) mod export;
pub(super) mod format;
pub(super) mod help;
mod json_ld;
pub(super) mod list;
pub(super) mod load;
pub(super) mod man;
pub(super) mod overview;
pub(super) mod query;
pub(super) mod read;
pub(super) mod run;
pub(super) mod show;
pub(super) mod stats;

use crate::diagnostic::Diagnostic;

/// The name and the value of an argument `name=value`.
pub(super) fn argument(text: &str) -> Result<(String, String), Diagnostic> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(Diagnostic::error(
            "argument-syntax",
            format!("invalid argument `{text}`: expected `name=value`"),
        )),
    }
}

/// The arguments of a query.
pub(super) fn arguments(texts: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let arguments: Result<Vec<_>, _> = texts.iter().map(|text| argument(text)).collect();
    Ok(arguments.map_err(Diagnostic::usage)?)
}
