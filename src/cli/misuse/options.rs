//! Options that the grammar refuses where they stand.

use super::habits;
use super::line::{Line, option_of};
use crate::cli::effect;
use crate::diagnostic::nearest;
use crate::format::{Format, ResultFormat};
use clap::Command;
use clap::error::{ContextKind, ContextValue};
use std::ops::Range;

/// Returns what was meant by an option that is not one of the command's.
pub(super) fn unknown(option: &str, line: &Line<'_>) -> Option<String> {
    if let Some(tip) = negative(option, line) {
        return Some(tip);
    }
    if let Some(tip) = one_dash(option, line).or_else(|| one_hyphen(option, line)) {
        return Some(tip);
    }
    let at = line.place(option)?;
    if option == "--limit-rows"
        && line.command().is_none_or(|(_, command)| option_of(command, option).is_none())
    {
        let tip = "`--limit-rows` limits query results: use it with `run`, `query` or `shell`";
        return Some(tip.to_owned());
    }
    misplaced(at, option, line)
        .or_else(|| instead(at, option, line))
        .or_else(|| parameter(at, option, line))
        .or_else(|| verbose(option, line))
        .or_else(|| elsewhere(option, line))
}

/// Returns the option that was meant by one with a single dash, of which the grammar reads the first letter.
fn one_dash(option: &str, line: &Line<'_>) -> Option<String> {
    let is_it =
        |word: &&String| !word.starts_with("--") && word.len() > 2 && word.starts_with(option);
    let word = line.words.iter().find(is_it).filter(|_| option.len() == 2)?;
    let (_, command) = line.command()?;
    let long = format!("-{word}");
    let name = long.split('=').next()?;
    if line.has_parameter(name.trim_start_matches('-')) {
        return parameter(line.place(word)?, name, line);
    }
    line.option(command, name)?;
    let at = line.place(word)?;
    Some(format!("write `{long}`: `{}`", line.with(at..at + 1, [long.as_str()])))
}

/// Returns what was meant by options that exclude each other.
pub(super) fn conflicting(line: &Line<'_>) -> Option<String> {
    without_data(line).or_else(|| instead(line.place("-f")?, "-f", line))
}

/// Returns how the files of a command are named that takes them without an option.
pub(super) fn without_data(line: &Line<'_>) -> Option<String> {
    let at = line.place("--data").filter(|at| line.word(*at) == "--data")?;
    let (_, command) = line.command()?;
    let takes_files = command.get_positionals().any(|argument| argument.get_id() == "files");
    let is_idle = line.option(command, "--data").is_none();
    (takes_files && is_idle).then(|| format!("remove `--data`: `{}`", line.with(at..at + 1, [])))
}

/// Returns what to write instead of a value that an option refuses.
pub(super) fn invalid_value(error: &clap::Error, option: &str, line: &Line<'_>) -> Option<String> {
    let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else {
        return None;
    };
    let name = option.split([' ', '=']).next().unwrap_or_default();
    if line.has_parameter(name.trim_start_matches('-')) {
        return parameter(line.place(name)?, name, line);
    }
    let (_, command) = line.command().filter(|_| option.starts_with("--format "))?;
    let formats = line.option(command, "--format")?.get_possible_values();
    let takes = |format: &str| formats.iter().any(|known| known.matches(format, false));
    let is_spreadsheet = habits::is_spreadsheet(value);
    if takes("ntriples") && !takes("table") {
        let is_for_rows = Format::from_extension(value).is_some_and(Format::is_for_rows);
        let name = command.get_name();
        let tip = format!("`{name}` writes graphs: use `query` or `run` to write rows");
        return (is_for_rows || is_spreadsheet).then_some(tip);
    }
    if takes("markdown") && habits::is_for_office(value) {
        let meant = renamed(value, line)?("markdown", &[]);
        return Some(format!("write `markdown`, which programs such as Pandoc convert: `{meant}`"));
    }
    (takes("csv") && is_spreadsheet).then(|| spreadsheet(value, line))?
}

/// Returns how rows are written for a program that opens spreadsheets.
fn spreadsheet(format: &str, line: &Line<'_>) -> Option<String> {
    let meant = renamed(format, line)?;
    Some(if ResultFormat::Xlsx.is_built() {
        format!("write `xlsx`: `{}`", meant("xlsx", &[]))
    } else {
        format!("write `csv` with `--bom`: `{}`", meant("csv", &["--bom"]))
    })
}

/// Returns what writes the line with another format, and words behind it, in the place of one.
fn renamed<'a>(format: &str, line: &'a Line<'a>) -> Option<impl Fn(&str, &[&str]) -> String + 'a> {
    let option_in_front = |at: usize| match line.word(at).strip_suffix(format)? {
        "" => {
            let is_format = ["--format", "-F"].contains(&line.word(at.checked_sub(1)?));
            is_format.then_some("")
        }
        option => ["--format=", "-F=", "-F"].contains(&option).then_some(option),
    };
    let find = |at: usize| Some((at, option_in_front(at)?));
    let (at, option) = (0..line.words.len()).find_map(find)?;
    let option = option.to_owned();
    Some(move |name: &str, others: &[&str]| {
        let named = format!("{option}{name}");
        line.with(at..at + 1, [named.as_str()].into_iter().chain(others.iter().copied()))
    })
}

/// Returns how a number behind an option is written that has a sign, so that it looks like an option itself: of `-5s`,
/// clap reports `-5`.
fn negative(option: &str, line: &Line<'_>) -> Option<String> {
    let is_number = option.strip_prefix('-')?.starts_with(|c: char| c.is_ascii_digit());
    let at = line.words.iter().position(|word| is_number && word.starts_with(option))?;
    let number = line.word(at).strip_prefix('-')?;
    let option = line.word(at.checked_sub(1)?);
    let command = line.command().map_or(line.grammar, |(_, command)| command);
    let takes_value = option_of(command, option)
        .or_else(|| option_of(line.grammar, option))
        .is_some_and(|option| option.get_action().takes_values());
    let meant = line.with(at..at + 1, [number]);
    takes_value.then(|| format!("`{option}` expects a value without a sign: `{meant}`"))
}

/// Returns how a long option is written that was given one hyphen: of `-cite`, clap reports `-c`.
fn one_hyphen(option: &str, line: &Line<'_>) -> Option<String> {
    let is_it =
        |word: &&String| word.len() > 2 && word.starts_with(option) && !word.starts_with("--");
    let word = line.words.iter().find(is_it).filter(|_| option.len() == 2)?;
    let long = format!("-{}", word.split('=').next()?);
    let (_, command) = line.command()?;
    line.option(command, &long)?;
    let at = line.words.iter().position(|other| other == word)?;
    let meant = line.with(at..at + 1, [format!("-{word}").as_str()]);
    Some(format!("write `{long}`: `{meant}`"))
}

/// Returns how an option of a command is written that stands before it.
fn misplaced(at: usize, argument: &str, line: &Line<'_>) -> Option<String> {
    let (behind, command) = line.command().filter(|(behind, _)| *behind > at)?;
    let option = option_of(command, argument)?;
    let has_value = option.get_action().takes_values()
        && !option.is_require_equals_set()
        && line.word(at) == argument;
    let end = if has_value { behind.min(at + 2) } else { at + 1 };
    let words = |range: Range<usize>| line.words[range].iter().map(String::as_str);
    let meant = line.with(at..behind + 1, words(end..behind + 1).chain(words(at..end)));
    Some(format!("write `{argument}` after `{}`: `{meant}`", command.get_name()))
}

/// Returns how the option of another tool is written here.
fn instead(at: usize, argument: &str, line: &Line<'_>) -> Option<String> {
    let name = argument.trim_start_matches('-');
    let Some((_, command)) = line.command() else {
        let command = match habits::option(argument, false, "query") {
            Some("") => "query",
            _ => line.grammar.find_subcommand(name)?.get_name(),
        };
        return Some(format!("write `{command}`: `{}`", line.with(at..at + 1, [command])));
    };
    let (_, value) = line.word(at).split_once('=').unwrap_or(("", line.word(at + 1)));
    let is_format = |text: &str| Format::from_extension(text).is_some();
    let unsigned = value.strip_prefix('-').unwrap_or_default();
    let value = if unsigned.starts_with(|c: char| c.is_ascii_digit()) { unsigned } else { value };
    let is_one_word = line.word(at).contains('=');
    let end = if is_one_word { at + 1 } else { (at + 2).min(line.words.len()) };
    // (The name of a format as an option, such as `--json`, has no value.)
    let (option, value, end) = if argument.starts_with("--") && is_format(name) {
        ("--format", name, at + 1)
    } else {
        (habits::option(argument, is_format(value), command.get_name())?, value, end)
    };
    let words = match line.option(command, option) {
        _ if option.is_empty() => vec![value],
        Some(option) if option.get_id() == "format" => vec!["-F", value],
        Some(_) => vec![option, value],
        None => return None,
    };
    let meant = line.with(at..end, words.iter().copied());
    let written = words.first().filter(|_| words.len() > 1);
    Some(match written {
        Some(option) => format!("write `{option}`: `{meant}`"),
        None => format!("remove `{argument}`: `{meant}`"),
    })
}

/// Returns what shows more than the results, in the place of an option that makes other tools say more.
fn verbose(option: &str, line: &Line<'_>) -> Option<String> {
    if !habits::is_verbose(option) {
        return None;
    }
    let instead = match line.command() {
        None => "`--version` prints the version, and `dossier help` lists the commands",
        Some((_, command)) if option_of(command, "--explain").is_some() => {
            "`--explain` shows how the query is evaluated, and `--show-query` prints it without running it"
        }
        Some((_, command)) if command.get_name() == "check" => {
            "`check` prints every finding, and `dossier help ID` explains one by its id"
        }
        Some(_) => "notes and warnings are printed unless `--quiet` is set",
    };
    Some(format!("`dossier` has no verbose mode: {instead}"))
}

/// Returns how a parameter of a saved query is given.
fn parameter(at: usize, argument: &str, line: &Line<'_>) -> Option<String> {
    let query = line.saved_query()?;
    let names = query.parameters.iter().map(|parameter| parameter.declaration.name.as_str());
    let name = nearest(argument.trim_start_matches('-'), names)?;
    let (value, end) = match line.word(at).split_once('=') {
        Some((_, value)) => (value, at + 1),
        None => (line.word(at + 1), (at + 2).min(line.words.len())),
    };
    let value = if value.is_empty() { "VALUE" } else { value };
    let meant = line.with(at..end, [format!("{name}={value}").as_str()]);
    Some(format!("write parameters without `--`: `{meant}`"))
}

/// Returns the commands that have an option which the command does not have.
fn elsewhere(argument: &str, line: &Line<'_>) -> Option<String> {
    let (command_at, command) = line.command()?;
    if command.get_name() == "update" && argument == "--dry-run" {
        let at = line.place(argument)?;
        let meant = line.with(at..at + 1, []);
        return Some(format!("`update` writes nothing without `--accept`: `{meant}`"));
    }
    let others = line.grammar.get_subcommands().filter(|command| !command.is_hide_set());
    let has_it = |command: &&Command| {
        option_of(command, argument).is_some_and(|option| !option.is_hide_set())
    };
    let others = others.filter(has_it);
    let names: Vec<String> = others.map(|command| format!("`{}`", command.get_name())).collect();
    if names.is_empty() {
        let is_of_shell = line.grammar.get_name().is_empty() && effect::acts_anywhere(argument);
        let shell =
            format!("set `{argument}` when you start the shell: `dossier shell {argument} …`");
        return is_of_shell.then_some(shell);
    }
    // What reads the same files and has the option.
    let neighbour: &[&str] = match command.get_name() {
        "convert" => &["export", "--data"],
        "format" => &["convert"],
        _ => &[],
    };
    if let Some(name) = neighbour.first()
        && names.contains(&format!("`{name}`"))
    {
        let neighbour_command = line.grammar.find_subcommand(name)?;
        let files = line.files(command_at + 1, neighbour_command);
        if !files.is_empty() {
            let behind = command_at + 1..line.words.len();
            let options = behind.clone().filter(|at| !files.contains(at));
            let words = files.iter().copied().chain(options).map(|at| line.word(at));
            let words = neighbour.iter().copied().chain(words);
            let meant = line.with(command_at..behind.end, words);
            return Some(format!("`{argument}` is an option of `{name}`: `{meant}`"));
        }
    }
    let (last, others) = names.split_last()?;
    let all =
        if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) };
    Some(format!("`{argument}` is an option of {all}"))
}
