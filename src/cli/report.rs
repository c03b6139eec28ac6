//! What is wrong with arguments.

use super::reporter::{say, shown};
use dossier::diagnostic::nearest;
use std::borrow::Borrow;

/// What has a name, for clap: an error names the nearest one, and all that there are.
pub fn named<T, Name: Borrow<str>>(
    name: &str,
    all: impl IntoIterator<Item = T>,
    name_of: impl Fn(&T) -> Name,
) -> Result<T, String> {
    let mut names = Vec::new();
    for thing in all {
        let known = name_of(&thing);
        if known.borrow() == name {
            return Ok(thing);
        }
        names.push(known);
    }
    Err(match nearest(name, names.iter().map(Borrow::borrow)) {
        Some(nearest) => format!("did you mean `{nearest}`? There are {}", names.join(", ")),
        None => format!("there are {}", names.join(", ")),
    })
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
