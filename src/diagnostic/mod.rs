//! Everything that the program reports, as one type: an error, a finding of a check, a warning about a query, the reason
//! for an empty answer. Nothing here prints; the front ends render.

mod excerpt;
mod failure;
mod fault;
mod json;
mod nearest;
mod register;

pub use excerpt::Excerpt;
pub(crate) use failure::lower_first;
pub use failure::{Error, ErrorKind, Result, WriteError};
pub(crate) use failure::{abridge, reason};
pub(crate) use fault::Fault;
pub(crate) use nearest::{did_you_mean, did_you_mean_shown, nearest};
pub(crate) use register::Entry;
pub use register::register;

use oxigraph::model::NamedNode;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::path::Path;

/// An error with an id of the register, and a message as `format!` makes one.
macro_rules! error {
    ($id:literal, $($message:tt)+) => {
        $crate::diagnostic::Diagnostic::error($id, format!($($message)+))
    };
}
pub(crate) use error;

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

/// One thing to report: what, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its entry in the register; for a finding of a dossier's own check, the name of the check. `None` for a failure
    /// inside the program, of which there is nothing to look up.
    pub id: Option<Cow<'static, str>>,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// Where it is wrong.
    pub excerpt: Option<Box<Excerpt>>,
    /// The thing of the dossier that it is about.
    pub about: Option<Box<NamedNode>>,
    /// What is worth knowing besides, such as the usage of a query.
    pub remarks: Vec<Remark>,
    /// What to do about it.
    pub help: Option<String>,
}

/// What is said below a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remark {
    /// What is so.
    Note(String),
    /// One of several things that can be done.
    Help(String),
    /// A claim that the diagnostic rests on.
    Quote(Evidence),
}

/// A claim beside a diagnostic, with the words that it quotes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// All of it in a sentence, for people.
    #[serde(skip)]
    pub sentence: String,
    /// The IRI of the claim.
    pub claim: String,
    /// The IRI of the document.
    pub document: String,
    /// The words.
    pub quote: String,
    /// The passages that they stand in.
    pub places: Vec<String>,
    /// The first character of the document that is quoted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// The character behind the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
}

impl Diagnostic {
    /// A failure inside the program, which has no entry in the register.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            id: None,
            severity: Severity::Error,
            message: message.into(),
            excerpt: None,
            about: None,
            remarks: Vec::new(),
            help: None,
        }
    }

    /// A diagnostic with nothing but its id, its severity and its message.
    pub fn of(
        severity: Severity,
        id: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self { id: Some(id.into()), severity, ..Self::new(message) }
    }

    /// An error.
    pub fn error(id: &'static str, message: impl Into<String>) -> Self {
        Self::of(Severity::Error, id, message)
    }

    /// A warning.
    pub fn warning(id: &'static str, message: impl Into<String>) -> Self {
        Self::of(Severity::Warning, id, message)
    }

    /// The same under another id: what is wrong with a file is a finding of a check, too.
    #[must_use]
    pub fn with_id(self, id: &'static str) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    /// Says where it is, if that is known.
    #[must_use]
    pub fn at(mut self, excerpt: impl Into<Option<Excerpt>>) -> Self {
        if let Some(excerpt) = excerpt.into() {
            self.excerpt = Some(Box::new(excerpt));
        }
        self
    }

    /// Says what thing of the dossier it is about.
    #[must_use]
    pub fn about(mut self, thing: &NamedNode) -> Self {
        self.about = Some(Box::new(thing.clone()));
        self
    }

    /// Adds what is worth knowing besides.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.remarks.push(Remark::Note(note.into()));
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The diagnostic in one line, as compilers write and editors read them: `file:line:column: severity: message [id]`.
    /// What has no place begins with `dossier` in its stead. The file stands in `folder`.
    pub fn line(&self, folder: &Path) -> String {
        let place = match self.excerpt.as_deref() {
            Some(Excerpt { origin, line, column, .. }) => {
                let path = folder.join(origin);
                format!("{}:{line}:{column}", path.strip_prefix(".").unwrap_or(&path).display())
            }
            None => "dossier".to_owned(),
        };
        let id = self.id.as_deref().map_or_else(String::new, |id| format!(" [{id}]"));
        let message = self.message.replace('\n', " ");
        format!("{place}: {}: {message}{id}", self.severity.name())
    }

    /// Proposes the name that was probably meant; where none is near, says `otherwise`.
    #[must_use]
    pub fn suggest<H: Into<String>>(
        self,
        nearest: Option<&str>,
        otherwise: impl FnOnce() -> H,
    ) -> Self {
        match nearest {
            Some(name) => self.help(did_you_mean(name)),
            None => self.help(otherwise()),
        }
    }
}

impl From<Diagnostic> for Vec<Diagnostic> {
    fn from(diagnostic: Diagnostic) -> Self {
        vec![diagnostic]
    }
}

impl fmt::Display for Diagnostic {
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
