//! How things are said: problems with their places, notes, numbers with their nouns.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use dossier::error::{Problem, nearest};
use std::io::{IsTerminal as _, Write as _};

/// Says problems, one after the other.
pub fn problems(problems: &[Problem]) {
    let renderer = renderer();
    for problem in problems {
        let mut group = Group::with_title(Level::ERROR.primary_title(&problem.message));
        if let Some(excerpt) = &problem.excerpt {
            group = group.element(
                Snippet::source(&excerpt.text)
                    .line_start(excerpt.line)
                    .path(&excerpt.origin)
                    .annotation(AnnotationKind::Primary.span(excerpt.span.clone())),
            );
        }
        if let Some(note) = &problem.note {
            group = group.element(Level::NOTE.message(note));
        }
        if let Some(help) = &problem.help {
            group = group.element(Level::HELP.message(help));
        }
        say(&renderer.render(&[group]));
    }
}

/// Says something that is worth knowing and no error.
pub fn note(note: &str) {
    let group = Group::with_title(Level::NOTE.primary_title(note));
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

/// The words for a name that is none of those that there are.
pub fn not_one_of(name: &str, names: &[&str]) -> String {
    match nearest(name, names.iter().copied()) {
        Some(nearest) => format!("did you mean `{nearest}`? There are {}", names.join(", ")),
        None => format!("there are {}", names.join(", ")),
    }
}

/// Colours on a terminal, unless they are not wanted.
fn renderer() -> Renderer {
    if std::io::stderr().is_terminal() && is_colourful() {
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

/// Nobody may be listening; that is no reason to fail.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
