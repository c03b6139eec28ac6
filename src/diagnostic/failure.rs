//! Errors: a class, which determines the exit code, and the diagnostics to report.

use super::Diagnostic;
use std::borrow::Cow;
use std::fmt;
use std::io;

/// A `Result` whose error defaults to this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error: one class and at least one [`Diagnostic`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The class, which determines the exit code.
    pub kind: ErrorKind,
    /// The diagnostics. There are several if several files or values are at fault.
    pub problems: Vec<Diagnostic>,
}

/// The classes of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request is wrong: an unknown name, or a missing or invalid value.
    Usage,
    /// A query, a file or the data is invalid or cannot be read.
    Input,
    /// The store failed.
    Store,
    /// A limit of time, rows or memory was reached.
    Limit,
    /// The work was interrupted.
    Interrupted,
}

/// The reason why output is incomplete.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The writer failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The computation of the output failed, or the format cannot express it.
    #[error("{0}")]
    Failed(#[from] Error),
}

impl ErrorKind {
    /// Returns whether the work was stopped from outside. The results before it are correct but incomplete.
    pub const fn is_stop(self) -> bool {
        matches!(self, Self::Limit | Self::Interrupted)
    }

    /// Returns the exit code for such an error.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::Input => 3,
            Self::Store => 4,
            Self::Limit => 5,
            Self::Interrupted => 130,
        }
    }
}

impl Error {
    /// Adds the folder to the paths of files in the diagnostics.
    #[must_use]
    pub fn inside(mut self, folder: &str) -> Self {
        let folder = folder.trim_end_matches('/');
        for problem in &mut self.problems {
            if let Some(excerpt) = &mut problem.excerpt {
                excerpt.origin = format!("{folder}/{}", excerpt.origin);
            }
        }
        self
    }
}

impl Diagnostic {
    /// Makes this an error of class [`ErrorKind::Usage`].
    pub(crate) fn usage(self) -> Error {
        Error { kind: ErrorKind::Usage, problems: vec![self] }
    }

    /// Makes this an error of class [`ErrorKind::Input`].
    pub fn input(self) -> Error {
        Error { kind: ErrorKind::Input, problems: vec![self] }
    }

    /// Makes this an error of class [`ErrorKind::Store`].
    pub fn store(self) -> Error {
        Error { kind: ErrorKind::Store, problems: vec![self] }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// The maximum length of one word in a message, in characters.
const LONGEST_WORD: usize = 200;

/// Shortens excessively long words of a message, such as a name of a megabyte, with `…` in the middle.
pub(crate) fn abridge(message: &str) -> Cow<'_, str> {
    let is_long =
        |word: &str| word.len() > LONGEST_WORD && word.chars().nth(LONGEST_WORD).is_some();
    if !message.split_whitespace().any(is_long) {
        return Cow::Borrowed(message);
    }
    let mut short = String::new();
    for piece in message.split_inclusive(char::is_whitespace) {
        if is_long(piece) {
            let end: Vec<char> = piece.chars().rev().take(LONGEST_WORD / 4).collect();
            short.extend(piece.chars().take(LONGEST_WORD / 2));
            short.push('…');
            short.extend(end.iter().rev());
        } else {
            short.push_str(piece);
        }
    }
    Cow::Owned(short)
}

/// Returns the message of an OS error in lower case, without its code.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    lower_first(text.split(" (os error").next().unwrap_or_default())
}

/// Lower-cases the first letter of a sentence. A first word with several capitals, such as `SPARQL`, stays as it is.
pub(crate) fn lower_first(sentence: &str) -> String {
    let word = sentence.split_whitespace().next().unwrap_or_default();
    if word.chars().skip(1).any(char::is_uppercase) {
        return sentence.to_owned();
    }
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_capitals_within_a_sentence() {
        assert_eq!(lower_first("Expecting an IRI"), "expecting an IRI");
        assert_eq!(lower_first("SPARQL results need a head"), "SPARQL results need a head");
        assert_eq!(lower_first("RDF/XML is expected"), "RDF/XML is expected");
        assert_eq!(lower_first("TimeoutException: no"), "TimeoutException: no");
        assert_eq!(lower_first("A word"), "a word");
        assert_eq!(lower_first(""), "");
    }

    #[test]
    fn long_words_of_a_message_are_shortened() {
        let message = format!("nothing here is called `{}` today", "y".repeat(1_000_000));
        let short = abridge(&message);
        assert!(short.starts_with("nothing here is called `yyy") && short.ends_with("yyy` today"));
        assert!(short.contains('…') && short.len() < 300, "{short}");
        assert_eq!(abridge("as it is"), "as it is");
    }
}
