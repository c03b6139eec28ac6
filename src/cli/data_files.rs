//! The words behind `--data`: which of them are files. And those behind `--dossier`, which can stand at several places.

use super::inputs::format_of_name;
use clap::Command;
use std::ffi::{OsStr, OsString};
use std::path::Path;

const DATA: &str = "--data";
const DOSSIER: &str = "--dossier";

/// What the next word can be.
enum Next {
    /// Anything.
    Any,
    /// The first file of `--data`.
    File,
    /// Another file of it, or anything.
    Another,
}

/// Gives each file behind `--data` an option of its own: `--data a.ttl b.ttl` becomes `--data a.ttl --data b.ttl`.
///
/// The option takes the next word. Each further word is another file if it is `-`, if it exists and is not a query, or if
/// its name ends like that of an RDF file;
/// the command's own words can stand behind the files. A query in the place of the first file is left to the command.
pub(super) fn separated(words: Vec<OsString>, grammar: &Command) -> Vec<OsString> {
    let mut separated = Vec::with_capacity(words.len());
    let mut next = Next::Any;
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let is_option = word.as_encoded_bytes().starts_with(b"-") && word != "-";
        next = match next {
            _ if word == "--" => {
                separated.push(word);
                separated.extend(words);
                break;
            }
            Next::File if is_query(&word) => {
                let option = separated.pop();
                separated.push(word);
                separated.extend(option);
                Next::File
            }
            Next::File if !is_option => {
                separated.push(word);
                Next::Another
            }
            Next::Another if is_file(&word) && !is_command(&word, grammar) => {
                separated.extend([DATA.into(), word]);
                Next::Another
            }
            _ => {
                let next = match word.to_str() {
                    Some(DATA) => Next::File,
                    Some(word) if word.starts_with("--data=") => Next::Another,
                    _ => Next::Any,
                };
                separated.push(word);
                next
            }
        };
    }
    separated
}

/// Moves all `--dossier` to the front if there are several: clap would ignore those before the command if there are others
/// behind it.
pub(super) fn gathered(words: Vec<OsString>) -> Vec<OsString> {
    let is_joined = |word: &OsString| word.as_encoded_bytes().starts_with(b"--dossier=");
    let is_named = |word: &&OsString| **word == *DOSSIER || is_joined(word);
    if words.iter().take_while(|word| **word != *"--").filter(is_named).count() < 2 {
        return words;
    }
    let mut words = words.into_iter();
    let mut front: Vec<OsString> = words.next().into_iter().collect();
    let mut rest = Vec::new();
    while let Some(word) = words.next() {
        if word == "--" {
            rest.push(word);
            rest.extend(words);
            break;
        }
        if is_joined(&word) {
            front.push(word);
        } else if word == DOSSIER {
            match words.next() {
                Some(folder) => front.extend([word, folder]),
                None => rest.push(word),
            }
        } else {
            rest.push(word);
        }
    }
    front.extend(rest);
    front
}

/// Whether a word names a file of data. An IRI names a thing, however it ends.
fn is_file(word: &OsStr) -> bool {
    let is_iri = word.to_string_lossy().contains("://");
    let path = Path::new(word);
    word == "-"
        || path.exists() && !is_query_file(path)
        || !is_iri && format_of_name(path).is_some()
}

/// Whether the name of a file says that it is a query or an update.
pub(super) fn is_query_file(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    ["rq", "sparql", "ru"].iter().any(|known| known.eq_ignore_ascii_case(extension))
}

/// Whether a word is the text of a query.
fn is_query(word: &OsStr) -> bool {
    let text = word.to_string_lossy();
    text.contains('{') && text.contains(char::is_whitespace) && !Path::new(word).exists()
}

fn is_command(word: &OsStr, grammar: &Command) -> bool {
    grammar.find_subcommand(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dossiers_are_gathered() {
        for (typed, meant) in [
            ("dossier|--dossier|a|run|x", "dossier|--dossier|a|run|x"),
            ("dossier|run|--dossier|a|x|--dossier=b", "dossier|--dossier|a|--dossier=b|run|x"),
            ("dossier|run|--dossier|a|--dossier", "dossier|--dossier|a|run|--dossier"),
            ("dossier|run|--dossier|a|--|--dossier|b", "dossier|run|--dossier|a|--|--dossier|b"),
        ] {
            let gathered = gathered(typed.split('|').map(OsString::from).collect());
            let words: Vec<String> =
                gathered.into_iter().map(|word| word.into_string().unwrap()).collect();
            assert_eq!(words.join("|"), meant, "{typed}");
        }
    }

    #[test]
    fn files_are_told_from_other_words() {
        let grammar = Command::new("dossier").subcommand(Command::new("src"));
        for (typed, meant) in [
            ("show|--data|a.ttl|ex:a", "show|--data|a.ttl|ex:a"),
            (
                "--data|a.ttl|b.nt.gz|-|run|members",
                "--data|a.ttl|--data|b.nt.gz|--data|-|run|members",
            ),
            ("query|--data|a.ttl|queries/members.rq", "query|--data|a.ttl|queries/members.rq"),
            ("--data=a.ttl|tests|src", "--data=a.ttl|--data|tests|src"),
            ("--data|nothing|http://x.y/z.ttl", "--data|nothing|http://x.y/z.ttl"),
            ("query|--data|ASK {}|a.ttl|b.ttl", "query|ASK {}|--data|a.ttl|--data|b.ttl"),
            ("--data|a.ttl|-o|b.ttl", "--data|a.ttl|-o|b.ttl"),
            ("--data|--from|ttl", "--data|--from|ttl"),
            ("--|--data|a.ttl|b.ttl", "--|--data|a.ttl|b.ttl"),
        ] {
            let words = typed.split('|').map(OsString::from).collect();
            let separated: Vec<String> = separated(words, &grammar)
                .into_iter()
                .map(|word| word.into_string().unwrap())
                .collect();
            assert_eq!(separated.join("|"), meant, "{typed}");
        }
    }
}
