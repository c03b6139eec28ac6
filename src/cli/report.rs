//! How things are said: notes, numbers with their nouns.

use super::supervise::is_left;
use annotate_snippets::{Group, Level, Renderer};
use dossier::diagnostic::{did_you_mean, nearest};
use dossier::engine::Respelled;
use dossier::error::abridged;
use dossier::printable::printable;
use dossier::rdf::read::Skipped;
use dossier::vocabulary::Prefixes;
use oxigraph::model::Literal;
use std::collections::BTreeSet;
use std::io::{self, IsTerminal as _, Write};
use std::path::Path;

/// Makes a text of a message printable, and shortens what is too long in it.
pub(super) fn shown(text: &str) -> String {
    printable(&abridged(text)).into_owned()
}

/// Says that a store on disk lacks what its queries are planned with or answered from.
pub fn without_index(store: &Path) {
    let store = store.display();
    note(&format!(
        "the statistics or the index beside the store `{store}` are missing or not right any more, so its queries take longer; `dossier compact --store {store}` makes both"
    ));
}

/// Says that literals are kept in another form than they are written in, if some are.
pub fn respelled(respelled: Option<&Respelled>, prefixes: &Prefixes) {
    let Some(respelled) = respelled else { return };
    let verb = if respelled.count == 1 { "is" } else { "are" };
    let show = |literal: &Literal| prefixes.show_term(&literal.clone().into());
    note(&format!(
        "{} {verb} kept in another form, such as {} as {}",
        counted(respelled.count, "literal"),
        show(&respelled.written),
        show(&respelled.stored),
    ));
}

/// Says that language tags are kept without their capital letters, if some are.
pub fn lowered(tags: &BTreeSet<String>) {
    let Some(first) = tags.first() else { return };
    let verb = if tags.len() == 1 { "is" } else { "are" };
    note(&format!(
        "{} {verb} kept in lower case, such as `{first}` as `{}`",
        counted(tags.len(), "language tag"),
        first.to_ascii_lowercase(),
    ));
}

/// Says what was left out of files, if anything was. It is said to those as well who want no notes: they have not all of
/// the data.
pub fn skipped(skipped: &Skipped) {
    let count = usize::try_from(skipped.count).unwrap_or(usize::MAX);
    if count == 0 {
        return;
    }
    let is = if count == 1 { "is" } else { "are" };
    note(&format!("{} {is} left out:", counted(count, "broken statement")));
    for problem in &skipped.first {
        note(&problem.message);
    }
    if count > skipped.first.len() {
        note("and so on");
    }
}

/// Says something that is worth knowing and no error.
pub fn note(note: &str) {
    let note = shown(note);
    let group = Group::with_title(Level::NOTE.primary_title(&*note));
    say(&renderer().render(&[group]));
}

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

/// What has a name, for clap: an error names the nearest one, and all that there are.
pub fn named<T>(
    name: &str,
    all: impl IntoIterator<Item = T>,
    name_of: impl Fn(&T) -> &'static str,
) -> Result<T, String> {
    let mut names = Vec::new();
    for thing in all {
        let known = name_of(&thing);
        if known == name {
            return Ok(thing);
        }
        names.push(known);
    }
    Err(match nearest(name, names.iter().copied()) {
        Some(near) => {
            format!("{} There are {}", did_you_mean(near), names.join(", "))
        }
        None => format!("there are {}", names.join(", ")),
    })
}

/// Colours on a terminal, unless they are not wanted.
pub(super) fn renderer() -> Renderer {
    if io::stderr().is_terminal() && is_colourful() {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
}

/// Whether colours are [wanted](https://no-color.org) on a terminal.
pub fn is_colourful() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
}

/// Reports what is wrong with arguments, which may hold anything.
pub fn misuse(error: &clap::Error) {
    let text = error.render().to_string();
    let safe = shown(&text);
    if error.use_stderr() && safe != text {
        say(safe.trim_end());
    } else {
        let _ = error.print();
    }
}

/// Nobody may be listening; that is no reason to fail.
pub(super) fn say(text: &str) {
    if is_left() {
        return;
    }
    let _ = writeln!(io::stderr().lock(), "{text}");
}
