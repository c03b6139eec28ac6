//! Words that are not options, where the grammar expects others.

use super::habits;
use super::line::Line;
use super::options::without_data;
use crate::cli::inputs::format_of_name;
use crate::dossier::Dossier;
use crate::format::Format;
use crate::sparql::begins_query;
use clap::Command;
use clap::error::{ContextKind, ContextValue};
use std::path::Path;

/// Returns what was meant by a word where a command is expected.
pub(super) fn command(error: &clap::Error, line: &Line<'_>) -> Option<String> {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let at = line.place(word)?;
    let all = line.run_of_words(at);
    let is_file = names_file(word);
    let query = all.clone().skip(1).find(|at| begins_query(line.word(*at)));
    if let (true, Some(query)) = (is_file, query) {
        let meant = ["query", line.word(query), "--data", word];
        return Some(format!("query a file: `{}`", line.with(at..query + 1, meant)));
    }
    if let Some(option) = option_of_path(word) {
        let purpose = if all.len() > 1 { "give it with its option" } else { "describe it" };
        return Some(format!("{purpose}: `{}`", line.with(at..at + 1, [option, word])));
    }
    let text = line.words[all.clone()].join(" ");
    if query.is_none() && begins_query(word) && text.contains(['{', '?', ':', '<']) {
        return Some(format!("run a query: `{}`", line.with(all, ["query", &text])));
    }
    if line.names_saved_query(word) {
        return Some(format!("run the saved query: `{}`", line.with(at..at, ["run"])));
    }
    let next = line.word(at + 1);
    if habits::command(word) == Some("query") && line.names_saved_query(next) {
        return Some(format!("run the saved query: `{}`", line.with(at..at + 1, ["run"])));
    }
    if let Some(command) = habits::command(word) {
        return Some(format!("write `{command}`: `{}`", line.with(at..at + 1, [command])));
    }
    if error.get(ContextKind::SuggestedSubcommand).is_some() {
        return None;
    }
    Some(format!("show an entity: `{}`", line.with(all, ["show", &text])))
}

/// Returns what was meant by a word where the command expects none.
pub(super) fn unknown(word: &str, line: &Line<'_>) -> Option<String> {
    let at = line.place(word)?;
    let (command_at, command) = line.command()?;
    if let Some(before) = at.checked_sub(1)
        && let Some(option) = line.option(command, line.word(before))
        && option.is_require_equals_set()
    {
        let whole = format!("{}={word}", line.word(before));
        return Some(format!("write `{whole}`: `{}`", line.with(before..at + 1, [whole.as_str()])));
    }
    let all = line.run_of_words(command_at + 1);
    let first = line.word(command_at + 1);
    if command.get_name() == "query" && names_file(first) {
        return Some(format!("query a file: `{}`", line.with(all, [word, "--data", first])));
    }
    if let Some(option) = option_left_out(word, command, line) {
        return Some(format!("write `{option}`: `{}`", line.with(at..at + 1, [option, word])));
    }
    let what = match command.get_name() {
        "query" => "query",
        "show" | "read" => "name",
        "diff" => return Some(third_side(at, line)),
        "check" if line.names_saved_query(word) => {
            let meant = line.with(at..at + 1, []);
            return Some(format!("`check` checks all saved queries at once: `{meant}`"));
        }
        "check" => {
            return Some(
                "`check` works on a dossier: name its folder with `--dossier DIR`".to_owned(),
            );
        }
        name => {
            let meant = if begins_query(word) {
                "query"
            } else if name == "list" && line.names_saved_query(word) {
                "run"
            } else {
                return None;
            };
            let meant_line = line.with(command_at..at + 1, [meant, word]);
            return Some(format!("write `{meant}`: `{meant_line}`"));
        }
    };
    let mut all = line.words_around(at, (command_at, command));
    // (The first words can be further files of `--data`.)
    all.start = all.clone().find(|at| !names_file(line.word(*at)))?;
    let text = line.words[all.clone()].join(" ");
    Some(format!("put the whole {what} in quotes: `{}`", line.with(all, [text.as_str()])))
}

/// Returns what to do with words behind the two sides of a diff.
fn third_side(at: usize, line: &Line<'_>) -> String {
    let surplus = line.run_of_words(at);
    let names: Vec<String> = surplus.clone().map(|at| format!("`{}`", line.word(at))).collect();
    let meant = line.with(surplus, []);
    format!("`diff` compares two files or folders: remove {}: `{meant}`", names.join(" and "))
}

/// Returns the option that stands before a word.
fn option_left_out(word: &str, command: &Command, line: &Line<'_>) -> Option<&'static str> {
    let is_whole_query = |word: &String| begins_query(word) && word.contains('{');
    let parts = ["facts", "claims", "ontology", "all"];
    let option = if command.get_name() == "export" && parts.contains(&word) {
        "--graph"
    } else if command.get_name() == "export" && names_file(word) && !Path::new(word).exists() {
        "-o"
    } else if command.get_name() == "claim" && word.contains('|') {
        "--say"
    } else if command.get_name() == "push" && word.contains("://") {
        "--endpoint"
    } else if let Some(option) = option_of_path(word) {
        option
    } else if word.contains('=') && line.words.iter().any(is_whole_query) {
        "--bind"
    } else if Format::from_extension(word).is_some() {
        "-F"
    } else {
        return None;
    };
    // (A name in several words can hold that of a format.)
    let is_in_name = option == "-F" && ["query", "show", "read"].contains(&command.get_name());
    line.option(command, option).filter(|_| !is_in_name).map(|_| option)
}

/// Returns what to add for a missing argument.
pub(super) fn missing(invalid: &str, line: &Line<'_>) -> Option<String> {
    if let Some(tip) = without_data(line) {
        return Some(tip);
    }
    let data = line.place("--data");
    let value = data.map_or("", |at| line.word(at + 1));
    // The word that was meant for the command stands where the file is expected.
    if let (Some(at), true) = (data, data.is_some_and(|at| line.words.len() > at + 2))
        && !names_file(value)
        && !Path::new(value).exists()
    {
        let meant = line.with(at..at + 2, [value, "--data"]);
        return Some(format!("put `--data` before its file: `{meant}`"));
    }
    let tip = match (line.command()?.1.get_name(), invalid) {
        ("run", "<NAME>") => "`dossier list` shows the names of the saved queries",
        ("diff", _) => "name two files, folders or stores: `dossier diff OLD NEW`",
        ("merge", _) => "name the dossiers and a folder: `dossier merge A B -o FOLDER`",
        ("same-as", _) => "name the dossiers: `dossier same-as A B`",
        ("show", _) => "name a thing by its label, CURIE or IRI: `dossier show 'LABEL'`",
        ("accept", _) => {
            "name drafts, as in `dossier accept d1`, or write `--all-clean`; `dossier draft` lists them"
        }
        ("add", _) => "name a text or a saved web page: `dossier add PAGE.html`",
        ("new", _) => "name a folder for the dossier: `dossier new tea --about 'The Tea Society'`",
        ("declare", _) => "for example: `dossier declare 'ferry line | class'`",
        ("pattern", _) => {
            "for example: `dossier pattern office CLAIM holder=Ada --summary 'A person holds an office'`"
        }
        ("claim", _) => {
            "name the document and quote its words: `dossier claim DOCUMENT 'WORDS' --say 'SUBJECT | PROPERTY | VALUE'`"
        }
        _ => return None,
    };
    Some(tip.to_owned())
}

/// Returns the option that names a file of RDF or a dossier.
fn option_of_path(word: &str) -> Option<&'static str> {
    match Dossier::open(Path::new(word)) {
        Ok(_) => Some("--dossier"),
        Err(_) => names_file(word).then_some("--data"),
    }
}

/// Whether a word ends like a file of RDF.
fn names_file(word: &str) -> bool {
    format_of_name(Path::new(word)).is_some()
}
