//! Arguments that the grammar of the command line refuses: what was probably meant, and the report.

use super::reporter::{say, shown};
use crate::catalogue::in_shell;
use crate::dossier::Dossier;
use crate::format::{Format, GraphFormat};
use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::path::Path;

/// The keywords that a query of SPARQL begins with.
const QUERIES: [&str; 6] = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE"];

/// Adds to an error of clap what was probably meant, in the place of clap's own guesses where these mislead.
///
/// # Arguments
/// `words` are all arguments, without the name of the program; `grammar` is what refuses them.
pub(super) fn advise(error: &mut clap::Error, words: &[String], grammar: &Command) {
    let invalid = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) => argument.clone(),
        Some(ContextValue::Strings(arguments)) => arguments.first().cloned().unwrap_or_default(),
        _ => String::new(),
    };
    let misplaced = match error.kind() {
        ErrorKind::UnknownArgument => misplaced(&invalid, words, grammar),
        _ => None,
    };
    let is_misplaced = misplaced.is_some();
    let tip = misplaced.or_else(|| match error.kind() {
        ErrorKind::InvalidSubcommand => subcommand(error, words),
        ErrorKind::UnknownArgument => unknown(&invalid, words),
        ErrorKind::MissingRequiredArgument if invalid == "<NAME>" => {
            Some("`list` shows the saved queries with their names".to_owned())
        }
        ErrorKind::MissingRequiredArgument
            if words.iter().any(|word| word == "--data") && invalid != "<FILE>..." =>
        {
            Some("`--data` takes all words behind it: put it at the end of the command".to_owned())
        }
        _ => None,
    });
    if suggests_hidden(error, words, grammar) {
        error.remove(ContextKind::SuggestedArg);
        error.remove(ContextKind::Usage);
    }
    if let Some(tip) = tip {
        // The grammar's usage names the option that looks most like it.
        if is_misplaced || invalid == "--limit-rows" {
            error.remove(ContextKind::Usage);
        }
        error.remove(ContextKind::SuggestedArg);
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
}

/// What was meant by a word where a command is expected.
fn subcommand(error: &clap::Error, words: &[String]) -> Option<String> {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let first = word.split_whitespace().next().unwrap_or_default();
    if QUERIES.iter().any(|keyword| keyword.eq_ignore_ascii_case(first)) {
        return Some("`dossier query '…'` answers SPARQL".to_owned());
    }
    let folder = words.iter().skip_while(|word| *word != "--dossier").nth(1);
    let dossier = match folder {
        Some(folder) => Dossier::open(Path::new(folder)).ok(),
        None => std::env::current_dir()
            .ok()
            .map(|here| Dossier::find(&here).unwrap_or_else(Dossier::built_in)),
    };
    if dossier.and_then(|dossier| dossier.query_names().ok())?.contains(word) {
        return Some(format!("`dossier run {}` runs the saved query", in_shell(word)));
    }
    let is_near = error.get(ContextKind::SuggestedSubcommand).is_some();
    (!is_near)
        .then(|| format!("`dossier show {}` shows what is said about a thing", in_shell(word)))
}

/// Whether an option is suggested that the command does not show, since it has no effect there.
fn suggests_hidden(error: &clap::Error, words: &[String], grammar: &Command) -> bool {
    let Some(ContextValue::String(suggested)) = error.get(ContextKind::SuggestedArg) else {
        return false;
    };
    let command = words.iter().find_map(|word| grammar.find_subcommand(word));
    let long = suggested.trim_start_matches("--");
    command.is_some_and(|command| {
        command.get_arguments().any(|arg| arg.is_hide_set() && arg.get_long() == Some(long))
    })
}

/// How an option of a command is written that stands before it.
fn misplaced(argument: &str, words: &[String], grammar: &Command) -> Option<String> {
    let is_it = |word: &String| {
        word == argument || word.starts_with(&format!("{argument}=")) && !argument.is_empty()
    };
    let at = words.iter().position(is_it)?;
    let mut commands = words.iter().enumerate().skip(at + 1);
    let (behind, command) =
        commands.find_map(|(place, word)| Some((place, grammar.find_subcommand(word)?)))?;
    let option = command.get_arguments().find(|option| {
        let long = argument.strip_prefix("--");
        let short = argument.strip_prefix('-').and_then(|short| short.parse().ok());
        (long.is_some() && option.get_long() == long)
            || (short.is_some() && option.get_short() == short)
    })?;
    let has_value = option.get_action().takes_values()
        && !option.is_require_equals_set()
        && words.get(at).is_some_and(|word| word == argument);
    let end = if has_value { behind.min(at + 2) } else { at + 1 };
    let (before, moved) = (words.get(..at)?, words.get(at..end)?);
    let (between, rest) = (words.get(end..=behind)?, words.get(behind + 1..)?);
    let order = before.iter().chain(between).chain(moved).chain(rest);
    let line: Vec<String> = order.map(|word| in_shell(word)).collect();
    let program = grammar.get_name();
    let line = [program.to_owned()].into_iter().chain(line).collect::<Vec<_>>().join(" ");
    let name = command.get_name();
    Some(format!("write `{argument}` after `{name}`: `{}`", line.trim()))
}

/// What was meant by an argument that the command does not have.
fn unknown(argument: &str, words: &[String]) -> Option<String> {
    if argument == "--limit-rows" {
        return Some(
            "`--limit-rows` limits the results of a query: use it with `run`, `query` or `shell`"
                .to_owned(),
        );
    }
    let at = words.iter().position(|word| {
        word == argument || argument.is_empty() || word.starts_with(&format!("{argument}="))
    });
    let next = at.and_then(|at| words.get(at + 1)).map(String::as_str).unwrap_or_default();
    let command = words
        .iter()
        .find(|word| ["run", "query", "show", "convert", "list"].contains(&word.as_str()))?;
    match command.as_str() {
        "convert" if argument == "--frame" => {
            Some("`dossier export --data FILE --frame FRAME -F jsonld` frames JSON-LD".to_owned())
        }
        "list" if argument == "--format" || argument == "-F" => {
            Some("`list` has one format, for people".to_owned())
        }
        "run" | "show" if argument == "-f" && Format::from_extension(next).is_some() => {
            Some(format!("write `-F {next}`: the format is a capital F"))
        }
        "run" if argument.starts_with("--") => {
            let name = argument.trim_start_matches('-');
            Some(match next {
                "" => format!("a parameter is given as `{name}=VALUE`, without `--`"),
                value => format!(
                    "a parameter is given without `--`: `{}`",
                    in_shell(&format!("{name}={value}"))
                ),
            })
        }
        "query" if !argument.starts_with('-') => {
            let file = words.iter().skip_while(|word| *word != command).nth(1)?;
            let is_data = Path::new(file)
                .extension()
                .and_then(|extension| extension.to_str())
                .is_some_and(|extension| GraphFormat::from_extension(extension).is_some());
            Some(if is_data {
                format!(
                    "`dossier query {} --data {}` asks a file",
                    in_shell(argument),
                    in_shell(file)
                )
            } else {
                "put the whole query in quotes: `dossier query 'SELECT …'`".to_owned()
            })
        }
        "show" if !argument.starts_with('-') => {
            let things = words.iter().skip_while(|word| *word != command).skip(1);
            let thing: Vec<&str> =
                things.map(String::as_str).take_while(|word| !word.starts_with('-')).collect();
            Some(format!("put the name in quotes: `dossier show {}`", in_shell(&thing.join(" "))))
        }
        _ => None,
    }
}

/// Reports what is wrong with arguments, which may hold anything.
pub(super) fn tell(error: &clap::Error) {
    let text = error.render().to_string();
    let safe = shown(&text);
    if error.use_stderr() && safe != text {
        say(safe.trim_end());
    } else {
        let _ = error.print();
    }
}
