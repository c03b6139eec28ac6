//! What can go wrong, as values: a class, which decides the exit code, and the problems, each with what, where and
//! what to do. Nothing here prints; the front ends render.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// A `Result` whose error, unless another one is named, is this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done: one class and at least one [`Problem`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The class, which decides the exit code.
    pub kind: ErrorKind,
    /// What went wrong. More than one where several files or values are at fault at once.
    pub problems: Vec<Problem>,
}

/// The classes of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// How much something that was found matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It is wrong.
    Error,
    /// It is probably wrong, or incomplete.
    Warning,
    /// It is worth knowing.
    Info,
}

impl Severity {
    /// The name, as in the front matter of a check.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// One thing that is wrong: what, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// Where it is wrong.
    pub excerpt: Option<Box<Excerpt>>,
    /// What is worth knowing besides, such as the usage of a query.
    pub note: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// A problem with nothing but its message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), excerpt: None, note: None, help: None }
    }

    /// Says where the problem is.
    #[must_use]
    pub fn at(mut self, excerpt: Excerpt) -> Self {
        self.excerpt = Some(Box::new(excerpt));
        self
    }

    /// Adds what is worth knowing besides.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Says what to do about the problem.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Proposes what was probably meant, if there is something near.
    #[must_use]
    pub fn did_you_mean(self, nearest: Option<&str>) -> Self {
        match nearest {
            Some(nearest) => self.help(format!("did you mean `{nearest}`?")),
            None => self,
        }
    }

    /// The problem as an error of what was asked for.
    pub fn usage(self) -> Error {
        Error { kind: ErrorKind::Usage, problems: vec![self] }
    }

    /// The problem as an error of a query, a file or the data.
    pub fn input(self) -> Error {
        Error { kind: ErrorKind::Input, problems: vec![self] }
    }

    /// The problem as an error of the store.
    pub fn store(self) -> Error {
        Error { kind: ErrorKind::Store, problems: vec![self] }
    }
}

/// A place in a text: one line of it, and what to point at in that line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The name of the text: a file's path, or `query`.
    pub origin: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column of the first character that is pointed at, in characters, counted from 1.
    pub column: usize,
    /// The words of the line, without its end.
    pub text: String,
    /// What is pointed at: bytes of `text`.
    pub span: Range<usize>,
}

impl Excerpt {
    /// The longest part of a line that is shown. Data files can be one single line.
    const LONGEST: usize = 240;

    /// The place of some bytes of a text. A place of several lines is shown by its first line.
    ///
    /// `span` is clipped to the text and to whole characters, so that no position is a wrong one.
    pub fn new(origin: impl Into<String>, text: &str, span: Range<usize>) -> Self {
        let floor = |index: usize| {
            (0..=index.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
        };
        let start = floor(span.start);
        let end = floor(span.end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
        let shown_start = if start - line_start > Self::LONGEST {
            floor(start - Self::LONGEST / 2)
        } else {
            line_start
        };
        let shown_end = floor(line_end.min(shown_start + Self::LONGEST)).max(start);
        let shown = text[shown_start..shown_end].trim_end_matches('\r');
        let from = (start - shown_start).min(shown.len());
        Self {
            origin: origin.into(),
            line: text[..line_start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            span: from..(end - shown_start).clamp(from, shown.len()),
            text: shown.to_owned(),
        }
    }

    /// The place of a line and a column (both from 1, the column in characters) of a text.
    pub fn at_line(origin: impl Into<String>, text: &str, line: usize, column: usize) -> Self {
        let start: usize =
            text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = &text[start..];
        let offset =
            rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(i, _)| i);
        let length = rest[offset..].chars().next().map_or(0, char::len_utf8);
        Self::new(origin, text, start + offset..start + offset + length)
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

impl From<Problem> for Vec<Problem> {
    fn from(problem: Problem) -> Self {
        vec![problem]
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Excerpt { origin, line, column, .. }) = self.excerpt.as_deref() {
            write!(f, "{origin}:{line}:{column}: ")?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
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

/// The most characters of a name that is compared with others: a comparison takes the product of both lengths.
const LONGEST_NAME: usize = 200;

/// The most characters of one word in a message.
const LONGEST_WORD: usize = 200;

/// Shortens the words of a message that are too long to be read, such as a name of a megabyte, with `…` in the middle.
pub fn abridged(message: &str) -> Cow<'_, str> {
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

/// What was probably meant by a name that does not exist: the nearest of the candidates, if one is near enough.
///
/// Case does not count. Near enough is a third of the characters wrong (by Damerau and Levenshtein), or a name that
/// begins or ends with what was given. Of two that are as near the first one wins.
///
/// The work is bounded: there is none for a name of more than `LONGEST_NAME` characters, and candidates that are too
/// long or too short to be near enough are not compared.
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if given.chars().nth(LONGEST_NAME).is_some() {
        return None;
    }
    let given = given.to_lowercase();
    let length = given.chars().count();
    let allowed = 1.max(length / 3);
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().nth(LONGEST_NAME).is_none())
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            let difference = lower.chars().count().abs_diff(length);
            let contained = length >= 3 && (lower.starts_with(&given) || lower.ends_with(&given));
            if difference > allowed && !contained {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&given, &lower);
            (distance <= allowed || contained).then_some((distance, candidate))
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// What an error of the operating system says, without its number and its capital.
pub fn reason(error: &std::io::Error) -> String {
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
    fn an_excerpt_points_at_its_line() {
        let text = "first\nsécond line\nthird";
        let at = text.find("line").unwrap();
        let excerpt = Excerpt::new("f", text, at..at + 4);
        assert_eq!((excerpt.line, excerpt.column), (2, 8));
        assert_eq!(&excerpt.text[excerpt.span.clone()], "line");
        assert_eq!(Excerpt::at_line("f", text, 2, 8).span.start, excerpt.span.start);
    }

    #[test]
    fn an_excerpt_takes_any_span() {
        let text = "é\n";
        for start in 0..6 {
            for end in 0..6 {
                let excerpt = Excerpt::new("f", text, start..end);
                assert!(excerpt.text.get(excerpt.span).is_some());
            }
        }
        assert_eq!(Excerpt::new("f", "", 3..9).line, 1);
        assert!(Excerpt::at_line("f", "a\nb", 9, 9).span.is_empty());
    }

    #[test]
    fn an_excerpt_of_a_long_line_stays_short() {
        let text = "x".repeat(10_000);
        let excerpt = Excerpt::new("f", &text, 5_000..5_001);
        assert!(excerpt.text.len() <= Excerpt::LONGEST);
        assert_eq!(excerpt.column, 5_001);
    }

    #[test]
    fn nearest_is_near() {
        let names = ["members", "founders", "code-history"];
        assert_eq!(nearest("member", names), Some("members"));
        assert_eq!(nearest("FUONDERS", names), Some("founders"));
        assert_eq!(nearest("history", names), Some("code-history"));
        assert_eq!(nearest("xyz", names), None);
        assert_eq!(nearest("", names), None);
    }

    #[test]
    fn long_names_cost_no_time() {
        let long = "y".repeat(1_000_000);
        assert_eq!(nearest(&long, [long.as_str(), "y"]), None);
        assert_eq!(nearest("yyyy", [long.as_str()]), None);
    }

    #[test]
    fn long_words_of_a_message_are_shortened() {
        let message = format!("nothing here is called `{}` today", "y".repeat(1_000_000));
        let short = abridged(&message);
        assert!(short.starts_with("nothing here is called `yyy") && short.ends_with("yyy` today"));
        assert!(short.contains('…') && short.len() < 300, "{short}");
        assert_eq!(abridged("as it is"), "as it is");
    }
}
