//! Arguments that the grammar of the command line refuses: what was probably meant, and the report.

mod habits;
mod line;
mod options;
mod words;

pub(super) use habits::{command as command_of_habit, is_for_office, is_spreadsheet};

use super::addressed::RepeatedOptions;
use super::reporter::{say, shown};
use crate::diagnostic::nearest;
use crate::dossier::Dossier;
use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use line::Line;

/// Adds to an error of clap what was probably meant, in the place of clap's own guesses where these mislead.
///
/// # Arguments
/// `words` are all arguments, without the name of the program; `grammar` is what refuses them; `dossier` is the one that
/// is open already, as in the shell.
pub(super) fn advise(
    error: &mut clap::Error,
    words: &[String],
    grammar: &Command,
    dossier: Option<&Dossier>,
) {
    let line = Line { words, grammar, dossier };
    let invalid = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) => argument.clone(),
        Some(ContextValue::Strings(arguments)) => arguments.first().cloned().unwrap_or_default(),
        _ => String::new(),
    };
    let tip = match error.kind() {
        ErrorKind::InvalidSubcommand => words::command(error, &line),
        ErrorKind::UnknownArgument if invalid.starts_with('-') => options::unknown(&invalid, &line),
        ErrorKind::UnknownArgument => words::unknown(&invalid, &line),
        ErrorKind::ArgumentConflict => options::conflicting(&line),
        ErrorKind::MissingRequiredArgument => words::missing(&invalid, &line),
        ErrorKind::ValueValidation => options::invalid_value(error, &invalid, &line),
        _ => None,
    };
    if suggests_hidden(error, &line) || suggests_distant(error, &invalid) {
        error.remove(ContextKind::SuggestedArg);
        error.remove(ContextKind::Usage);
    }
    if error.kind() == ErrorKind::UnknownArgument {
        // (That it could be a value, or the option of whichever command has one that looks like it.)
        error.remove(ContextKind::Suggested);
        error.remove(ContextKind::SuggestedSubcommand);
    }
    if let Some(tip) = tip {
        // (The grammar's usage names the option that looks most like it.)
        if error.kind() == ErrorKind::UnknownArgument {
            error.remove(ContextKind::Usage);
        }
        error.remove(ContextKind::SuggestedArg);
        error.remove(ContextKind::SuggestedSubcommand);
        let tip = RepeatedOptions::of_words(words).add_to(&tip);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
}

/// Whether an option is suggested that the command does not show, since it has no effect there.
fn suggests_hidden(error: &clap::Error, line: &Line<'_>) -> bool {
    let Some(ContextValue::String(suggested)) = error.get(ContextKind::SuggestedArg) else {
        return false;
    };
    line.command().is_some_and(|(_, command)| line.option(command, suggested).is_none())
}

/// Whether an option is suggested that does not look like the one that was given: clap's measure is a generous one.
fn suggests_distant(error: &clap::Error, given: &str) -> bool {
    let Some(ContextValue::String(suggested)) = error.get(ContextKind::SuggestedArg) else {
        return false;
    };
    nearest(given.trim_start_matches('-'), [suggested.trim_start_matches('-')]).is_none()
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
