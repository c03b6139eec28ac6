//! What Tab offers: commands of the shell itself and words of SPARQL here; all else comes from the engine that the command
//! line's shells ask, and from the library.

use super::dot::Dot;
use super::line::LineKind;
use super::state::ShellState;
use crate::catalogue::in_shell;
use crate::cli::completion::{CommandLine, candidates, quoted};
use crate::complete::{Candidate, Completion};
use crate::format::Format;
use crate::sparql::keywords_after;

/// What can stand at the cursor of a line. Where the store fails there is nothing.
pub(super) fn complete(state: &ShellState, line: &str, cursor: usize) -> Completion {
    let before = line.get(..cursor).unwrap_or(line);
    let start = before.len() - before.trim_start().len();
    if !before[start..].contains(ends_word) {
        return Completion { start, candidates: first(state, &before[start..]) };
    }
    let query = if before[start..].starts_with(".query ") { start + ".query ".len() } else { 0 };
    match state.kind(line) {
        LineKind::Dot if query == 0 => dot(before),
        LineKind::Query | LineKind::Dot => {
            let found = state.completer().sparql(&line[query..], before.len() - query);
            let found = found.unwrap_or_default();
            Completion { start: query + found.start, ..found }
        }
        LineKind::Command => command(state, before),
        LineKind::Empty | LineKind::Unknown => Completion::default(),
    }
}

/// Whether a word of a query ends at a character.
fn ends_word(character: char) -> bool {
    character.is_whitespace() || matches!(character, '{' | '(')
}

/// What a line can begin with.
fn first(state: &ShellState, typed: &str) -> Vec<Candidate> {
    // No line begins with an option.
    let commands = of_words(state, &[typed.to_owned()]).into_iter();
    let commands = commands.filter(|candidate| !candidate.text.starts_with('-'));
    let dots = Dot::ALL.into_iter().map(|(_, name, _, what)| Candidate::meaning(name, Some(what)));
    let words = keywords_after("").unwrap_or_default();
    let forms = words.iter().copied().map(Candidate::plain);
    let fits = |candidate: &Candidate| {
        let beginning = candidate.text.get(..typed.len());
        let is_form = words.contains(&candidate.text.as_str()) && !typed.is_empty();
        beginning.is_some_and(|beginning| {
            beginning == typed || (is_form && beginning.eq_ignore_ascii_case(typed))
        })
    };
    commands.chain(dots).chain(forms).filter(fits).collect()
}

fn dot(before: &str) -> Completion {
    let start = before.rfind(char::is_whitespace).map_or(0, |i| i + 1);
    let typed = &before[start..];
    let words: Vec<&str> = match before.split_whitespace().next() {
        Some(".format") => Format::built().map(Format::name).chain(["default"]).collect(),
        Some(".timer") => vec!["on", "off"],
        _ => Vec::new(),
    };
    let candidates = words.into_iter().filter(|word| word.starts_with(typed)).map(Candidate::plain);
    Completion { start, candidates: candidates.collect() }
}

/// What the last of these words can go on with.
fn of_words(state: &ShellState, words: &[String]) -> Vec<Candidate> {
    candidates(state.grammar().clone(), words, Some(state.completer()))
}

fn command(state: &ShellState, before: &str) -> Completion {
    let CommandLine { words, start, quote } = CommandLine::read(before, "");
    let candidates = of_words(state, &words);
    // Of a query in quotes the last word is replaced alone.
    if let ([name, .., begun], Some(_)) = (words.as_slice(), quote)
        && name == "query"
        && let Some((inside, last)) = split_last(begun, &candidates)
        && before.ends_with(last)
    {
        let rest = |candidate: Candidate| Candidate {
            text: quoted(&candidate.text[inside..], quote),
            ..candidate
        };
        let start = before.len() - last.len();
        return Completion { start, candidates: candidates.into_iter().map(rest).collect() };
    }
    let word = |candidate: Candidate| Candidate { text: in_shell(&candidate.text), ..candidate };
    Completion { start, candidates: candidates.into_iter().map(word).collect() }
}

/// Where the last word of a query begins, and that word: nothing if candidates differ from the query before it.
fn split_last<'a>(query: &'a str, candidates: &[Candidate]) -> Option<(usize, &'a str)> {
    let inside = query.rfind(ends_word).map_or(0, |i| i + 1);
    let (kept, last) = query.split_at_checked(inside)?;
    candidates.iter().all(|candidate| candidate.text.starts_with(kept)).then_some((inside, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Limits;
    use crate::cli::completion::ShellKind;
    use crate::cli::context::Context;
    use crate::cli::reporter::Reporter;
    use crate::cli::shell::Commands;
    use crate::cli::supervise::LimitOptions;
    use crate::cli::{Cli, Line, grammar, run_line};
    use clap::{Command, CommandFactory as _, Parser as _};
    use std::collections::BTreeSet;

    fn state() -> ShellState {
        let data = Cli::parse_from(["dossier"]).data;
        let context = Context::new(data, Limits::default(), Reporter::new(true));
        let session = context.session().unwrap().clone();
        let commands = Commands { grammar: Line::command(), run: run_line };
        let state = ShellState::new(context, session, LimitOptions::of_shell(), commands);
        state.completer().fill().unwrap();
        state
    }

    /// What is offered at the end of a line, with which piece of the line it replaces.
    fn offered(state: &ShellState, line: &str) -> (usize, Vec<String>) {
        let completion = complete(state, line, line.len());
        let texts = completion.candidates.into_iter().map(|candidate| candidate.text);
        (completion.start, texts.collect())
    }

    /// What bash is offered for the word at the end of the same line, but for what the shell hides.
    fn in_bash(shell: &Command, line: &str) -> BTreeSet<String> {
        let asked = [format!("dossier {line}"), String::new()];
        let shown = |candidate: &Candidate| {
            let option = candidate.text.strip_prefix("--").and_then(|long| long.split('=').next());
            let is_there = |command: &Command| {
                let mut options = command.get_arguments().filter_map(clap::Arg::get_long);
                option.is_none_or(|option| options.any(|long| long == option))
            };
            let mut commands = shell.get_subcommands();
            let hidden = commands.find(|command| command.get_name() == candidate.text);
            let command = line.split(' ').next().and_then(|name| shell.find_subcommand(name));
            command.is_some_and(is_there) && !hidden.is_some_and(Command::is_hide_set)
        };
        let candidates = ShellKind::Bash.candidates(grammar(), &asked);
        candidates.into_iter().filter(shown).map(|candidate| candidate.text).collect()
    }

    /// For each command, each of its options, and the words that the dossier and the data tell.
    #[test]
    fn the_shell_offers_what_bash_is_offered() {
        let state = state();
        let mut lines = vec![];
        for command in state.grammar().get_subcommands().filter(|command| !command.is_hide_set()) {
            let name = command.get_name();
            lines.extend(["", "-", "--", "--no"].map(|begun| format!("{name} {begun}")));
            let options = command.get_arguments().filter_map(clap::Arg::get_long);
            for option in options.filter(|option| *option != "help") {
                lines.extend(["", " ", "=", " t"].map(|end| format!("{name} --{option}{end}")));
            }
        }
        for line in [
            "run mem",
            "run deeds state=Ru",
            "run members --cite ",
            "run -F csv members ",
            "run members -Fc",
            "run deeds state=China ",
            "run acted-together --format ",
            "run members --limit 3 y",
            "show Kazakh",
            "help exi",
            "help sh",
            "query SEL",
            "convert tests/",
            "export -F tu",
        ] {
            lines.push(line.to_owned());
        }
        for line in lines {
            let (start, offered) = offered(&state, &line);
            let words = offered.iter().map(|text| CommandLine::read(text, "").words.join(" "));
            let words: BTreeSet<String> = words.collect();
            assert_eq!(words, in_bash(state.grammar(), &line), "{line}");
            assert_eq!(start, line.rfind(' ').unwrap() + 1, "{line}");
        }
    }

    #[test]
    fn what_is_in_quotes_is_completed_inside_of_them() {
        let state = state();
        for (line, start, expected) in [
            ("query 'SELECT * { ?s a dos:Sta", 23, "dos:State"),
            ("query \"SELECT * {Kazakh", 17, "country:KZ"),
            ("run deeds 'state=Russian F", 10, "'state=Russian Federation'"),
            ("run deeds state='Russian F", 10, "'state=Russian Federation'"),
            ("run deeds state=Russian\\ F", 10, "'state=Russian Federation'"),
        ] {
            assert_eq!(offered(&state, line), (start, vec![expected.to_owned()]), "{line}");
        }
    }

    #[test]
    fn what_is_no_use_in_the_shell_is_not_offered() {
        let state = state();
        for line in ["shel", "completions b", "-", "run members --dat", "--time"] {
            let (_, offered) = offered(&state, line);
            assert!(line == "completions b" || offered.is_empty(), "{line}: {offered:?}");
        }
        assert_eq!(offered(&state, "SEL").1, ["SELECT"]);
        assert_eq!(offered(&state, ".ti").1, [".timer"]);
        assert_eq!(offered(&state, ".format tu").1, ["turtle"]);
        assert_eq!(offered(&state, ".query ASK {?s a dos:Sta"), (17, vec!["dos:State".to_owned()]));
    }
}
