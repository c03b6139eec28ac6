//! Why something was not done: a class, which decides the exit code, and what is to be reported.

use super::Diagnostic;
use std::borrow::Cow;
use std::fmt;
use std::io;

/// A `Result` whose error, unless another one is named, is this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done: one class and at least one [`Diagnostic`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The class, which decides the exit code.
    pub kind: ErrorKind,
    /// What went wrong. More than one where several files or values are at fault at once.
    pub problems: Vec<Diagnostic>,
}

/// The classes of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What was asked for is wrong: an unknown name, a missing or bad value.
    Usage,
    /// A query, a file or the data is wrong or cannot be read.
    Input,
    /// The store failed.
    Store,
    /// A limit of time, rows or memory is reached.
    Limit,
    /// It was interrupted.
    Interrupted,
}

/// Why something was not written whole.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The writer failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// What was to be written failed half-way, or cannot be written like this.
    #[error("{0}")]
    Failed(#[from] Error),
}

impl ErrorKind {
    /// Whether the work was stopped from outside: what it gave before is right, and not whole.
    pub const fn is_stop(self) -> bool {
        matches!(self, Self::Limit | Self::Interrupted)
    }

    /// The exit code of a process that ends for such an error.
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
    /// Says of files that they stand in a folder, where messages name them by their paths in it.
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
    /// As an error of what was asked for.
    pub(crate) fn usage(self) -> Error {
        Error { kind: ErrorKind::Usage, problems: vec![self] }
    }

    /// As an error of a query, a file or the data.
    pub fn input(self) -> Error {
        Error { kind: ErrorKind::Input, problems: vec![self] }
    }

    /// As an error of the store.
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

/// The most characters of one word in a message.
const LONGEST_WORD: usize = 200;

/// Shortens the words of a message that are too long to be read, such as a name of a megabyte, with `…` in the middle.
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

/// What an error of the operating system says, without its number and its capital.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    lower_first(text.split(" (os error").next().unwrap_or_default())
}

/// A sentence as the middle of another one. A word with more than one capital, such as `SPARQL`, stays as it is.
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
