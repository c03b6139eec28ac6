//! What Tab offers: names of commands, options and their values here; all that the dossier and the data know comes from
//! the library.

use super::dot::Dot;
use super::line::Kind;
use super::state::State;
use clap::builder::PossibleValue;
use dossier::catalogue::{SavedQuery, in_shell};
use dossier::complete::{Candidate, Completion};
use dossier::format::Format;

/// The words that begin a query.
const FORMS: [&str; 5] = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX"];

/// What can stand at the cursor of a line. Where the store fails there is nothing.
pub fn complete(state: &State, line: &str, cursor: usize) -> Completion {
    let before = line.get(..cursor).unwrap_or(line);
    let start = before.len() - before.trim_start().len();
    if !before[start..].contains(|c: char| c.is_whitespace() || c == '{' || c == '(') {
        return Completion { start, candidates: first(state, &before[start..]) };
    }
    match state.kind(line) {
        Kind::Query => state.completer().sparql(line, cursor).unwrap_or_default(),
        Kind::Dot => dot(before),
        Kind::Command => command(state, before),
        Kind::Empty | Kind::Unknown => Completion::default(),
    }
}

/// What a line can begin with.
fn first(state: &State, typed: &str) -> Vec<Candidate> {
    let shown = state.grammar().get_subcommands().filter(|command| !command.is_hide_set());
    let commands = shown.map(|command| {
        Candidate::meaning(command.get_name(), command.get_about().map(ToString::to_string))
    });
    let dots = Dot::ALL.into_iter().map(|(_, name, _, what)| Candidate::meaning(name, Some(what)));
    let forms = FORMS.into_iter().map(Candidate::plain);
    let fits = |candidate: &Candidate| {
        let beginning = candidate.text.get(..typed.len());
        let is_form = FORMS.contains(&candidate.text.as_str()) && !typed.is_empty();
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
        Some(".format") => Format::all().map(Format::name).chain(["default"]).collect(),
        Some(".timer") => vec!["on", "off"],
        _ => Vec::new(),
    };
    let candidates = words.into_iter().filter(|word| word.starts_with(typed)).map(Candidate::plain);
    Completion { start, candidates: candidates.collect() }
}

fn command(state: &State, before: &str) -> Completion {
    let start = last_word(before);
    let typed = before[start..].replace(['\'', '"'], "");
    let words = shlex::split(&before[..start]).unwrap_or_default();
    let Some(name) = words.first() else { return Completion::default() };
    let Some(grammar) = state.grammar().find_subcommand(name) else { return Completion::default() };
    let completer = state.completer();
    // A query in quotes is completed inside of them.
    if name == "query"
        && let Some(quote) = before[start..].chars().next().filter(|c| matches!(c, '\'' | '"'))
    {
        let inside = start + quote.len_utf8();
        let text = &before[inside..];
        let completion = completer.sparql(text, text.len()).unwrap_or_default();
        return Completion { start: inside + completion.start, ..completion };
    }
    let option = words.last().and_then(|word| option_of(grammar, word));
    let candidates = if let Some(option) = option {
        let query = words.iter().skip(1).find(|word| !word.starts_with('-'));
        let query = query.filter(|_| name == "run" && option.get_id() == "format");
        let query = query.and_then(|query| state.session().catalogue().get(query).ok());
        values(option, query.as_ref(), &typed)
    } else if typed.starts_with('-') {
        options(grammar, &typed)
    } else {
        let given: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        match name.as_str() {
            "run" => match given.iter().find(|word| !word.starts_with('-')) {
                None => completer.saved_queries(&typed).unwrap_or_default(),
                Some(query) => {
                    let query = state.session().catalogue().get(query);
                    let arguments = query.and_then(|q| completer.arguments(&q, &given, &typed));
                    in_quotes(arguments.unwrap_or_default())
                }
            },
            "show" => in_quotes(completer.things(None, &typed).unwrap_or_default()),
            "help" => first(state, &typed)
                .into_iter()
                .filter(|known| state.names().any(|name| name == known.text))
                .collect(),
            _ => Vec::new(),
        }
    };
    Completion { start, candidates }
}

/// Words as one types them in a shell.
fn in_quotes(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let quoted = |candidate: Candidate| Candidate { text: in_shell(&candidate.text), ..candidate };
    candidates.into_iter().map(quoted).collect()
}

/// Where the last word of a command begins, quotes respected.
fn last_word(text: &str) -> usize {
    let (mut start, mut quote) = (0, None);
    for (i, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '\'' | '"') => quote = Some(c),
            None if c.is_whitespace() => start = i + c.len_utf8(),
            Some(_) | None => {}
        }
    }
    start
}

/// The option that a word names, if a value follows it.
fn option_of<'a>(grammar: &'a clap::Command, word: &str) -> Option<&'a clap::Arg> {
    let takes = |argument: &&clap::Arg| {
        argument.get_action().takes_values() && !argument.is_require_equals_set()
    };
    let long = word.strip_prefix("--");
    let short = word.strip_prefix('-').and_then(|short| {
        let mut letters = short.chars();
        letters.next().filter(|_| letters.next().is_none())
    });
    grammar.get_arguments().filter(takes).find(|argument| {
        (long.is_some() && argument.get_long() == long)
            || (short.is_some() && argument.get_short() == short)
    })
}

/// The values of an option; for the format of a saved query's answer, those that can hold it.
fn values(option: &clap::Arg, query: Option<&SavedQuery>, typed: &str) -> Vec<Candidate> {
    let names = option.get_possible_values();
    let names = names.iter().map(PossibleValue::get_name).filter(|name| {
        let is_graph = matches!(Format::from_name(name), Some(Format::Graph(_)));
        name.starts_with(typed) && query.is_none_or(|query| query.is_graph() == is_graph)
    });
    names.map(Candidate::plain).collect()
}

fn options(grammar: &clap::Command, typed: &str) -> Vec<Candidate> {
    let shown = grammar.get_arguments().filter(|argument| !argument.is_hide_set());
    shown
        .filter_map(|argument| {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let summary = help.split([':', ';', ',']).next().unwrap_or_default().to_owned();
            Some(Candidate::meaning(format!("--{}", argument.get_long()?), Some(summary)))
        })
        .filter(|candidate| candidate.text.starts_with(typed))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_formats_that_an_option_accepts_are_offered() {
        let option = clap::Arg::new("format").value_parser(crate::cli::data_options::GRAPH_FORMAT);
        let offered = values(&option, None, "t").into_iter().map(|candidate| candidate.text);
        assert_eq!(offered.collect::<Vec<_>>(), ["turtle", "trig"]);
    }

    #[test]
    fn quotes_hold_a_word_together() {
        for (text, start) in [
            ("run members", 4),
            ("run members ", 12),
            ("run status 'state=New Zea", 11),
            ("run status state='New Zea", 11),
            ("run status 'state=New Zealand' ", 31),
        ] {
            assert_eq!(last_word(text), start, "{text}");
        }
    }
}
