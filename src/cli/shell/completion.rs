//! What Tab offers: commands of the shell itself and words of SPARQL here; all else comes from the engine that the command
//! line's shells ask, and from the library.

use super::dot::Dot;
use super::line::Kind;
use super::state::State;
use crate::cli::completion::{Words, candidates, quoted};
use dossier::catalogue::in_shell;
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
    // No line begins with an option.
    let commands = of_words(state, &[typed.to_owned()]).into_iter();
    let commands = commands.filter(|candidate| !candidate.text.starts_with('-'));
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

fn of_words(state: &State, words: &[String]) -> Vec<Candidate> {
    candidates(state.grammar().clone(), words, Some(state.completer()))
}

fn command(state: &State, before: &str) -> Completion {
    let Words { words, start, quote } = Words::read(before, "");
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
    let inside =
        query.rfind(|c: char| c.is_whitespace() || c == '{' || c == '(').map_or(0, |i| i + 1);
    let (kept, last) = query.split_at_checked(inside)?;
    candidates.iter().all(|candidate| candidate.text.starts_with(kept)).then_some((inside, last))
}
