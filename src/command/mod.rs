//! The commands: each a struct of arguments and what it does.

pub mod ask;
pub mod export;
pub mod list;
pub mod overview;
pub mod query;
pub mod run;
pub mod show;

use dossier::error::{Problem, nearest};

/// A number with its noun: `1 row`, `2 rows`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {}", plural(noun)) }
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    }
}

/// The words for a name that is none of those that there are.
pub fn not_one_of(name: &str, names: &[&str]) -> String {
    match nearest(name, names.iter().copied()) {
        Some(nearest) => format!("did you mean `{nearest}`? There are {}", names.join(", ")),
        None => format!("there are {}", names.join(", ")),
    }
}

/// The name and the value of an argument `name=value`.
pub fn argument(text: &str) -> Result<(String, String), Problem> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(Problem::new(format!("`{text}` is no argument")).help("write `name=value`")),
    }
}

/// The arguments of a query.
pub fn arguments(texts: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let arguments: Result<Vec<_>, _> = texts.iter().map(|text| argument(text)).collect();
    Ok(arguments.map_err(Problem::usage)?)
}
