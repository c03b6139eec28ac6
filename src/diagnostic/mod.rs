//! Diagnostics: one type for everything that the program reports, such as errors, findings of a check, warnings about a
//! query and diagnoses of empty results. Nothing here prints; the front ends render.

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
use std::path::PathBuf;

/// Creates an error with an id of the register and a `format!` message.
macro_rules! error {
    ($id:literal, $($message:tt)+) => {
        $crate::diagnostic::Diagnostic::error($id, format!($($message)+))
    };
}
pub(crate) use error;

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something is wrong.
    Error,
    /// Something is probably wrong or incomplete.
    Warning,
    /// Something worth knowing.
    Note,
}

impl Severity {
    /// Returns the name, as in the front matter of a check.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A message with its location and a remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its entry in the register, or the name of the check for a finding of a dossier's own check. `None` for an
    /// internal failure, which has no entry.
    pub id: Option<Cow<'static, str>>,
    /// The severity.
    pub severity: Severity,
    /// The message: lower case, no full stop, names in backticks.
    pub message: String,
    /// The location.
    pub excerpt: Option<Box<Excerpt>>,
    /// The thing of the dossier that it concerns.
    pub about: Option<Box<NamedNode>>,
    /// Additional information, such as the usage of a query.
    pub remarks: Vec<Remark>,
    /// The remedy.
    pub help: Option<String>,
}

/// A remark below a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remark {
    /// A fact.
    Note(String),
    /// One of several remedies.
    Help(String),
    /// A claim on which the diagnostic is based.
    Quote(Evidence),
}

/// A claim that supports a diagnostic, with its quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// A sentence for people with all of it.
    #[serde(skip)]
    pub sentence: String,
    /// The IRI of the claim.
    pub claim: String,
    /// The IRI of the document.
    pub document: String,
    /// The quoted words.
    pub quote: String,
    /// The passages that contain them.
    pub places: Vec<String>,
    /// The index of the first quoted character in the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// The index after the last quoted character.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
}

impl Diagnostic {
    /// Creates a diagnostic for an internal failure, which has no entry in the register.
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

    /// Creates a diagnostic from its id, severity and message.
    pub fn of(
        severity: Severity,
        id: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self { id: Some(id.into()), severity, ..Self::new(message) }
    }

    /// Creates an error.
    pub fn error(id: &'static str, message: impl Into<String>) -> Self {
        Self::of(Severity::Error, id, message)
    }

    /// Creates a warning.
    pub fn warning(id: &'static str, message: impl Into<String>) -> Self {
        Self::of(Severity::Warning, id, message)
    }

    /// Changes the id, because an error in a file can also be a finding of a check.
    #[must_use]
    pub fn with_id(self, id: &'static str) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    /// Sets the location, if it is known.
    #[must_use]
    pub fn at(mut self, excerpt: impl Into<Option<Excerpt>>) -> Self {
        if let Some(excerpt) = excerpt.into() {
            self.excerpt = Some(Box::new(excerpt));
        }
        self
    }

    /// Sets the thing of the dossier that it concerns.
    #[must_use]
    pub fn about(mut self, thing: &NamedNode) -> Self {
        self.about = Some(Box::new(thing.clone()));
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.remarks.push(Remark::Note(note.into()));
        self
    }

    /// Sets the remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Formats the diagnostic on one line as compilers do: `file:line:column: severity: message [id]`. Without a
    /// location, it begins with `dossier`. `place_of` tells where a file is.
    pub fn line(&self, place_of: impl Fn(&str) -> PathBuf) -> String {
        let place = match self.excerpt.as_deref() {
            Some(Excerpt { origin, line, column, .. }) => {
                let path = place_of(origin);
                format!("{}:{line}:{column}", path.strip_prefix(".").unwrap_or(&path).display())
            }
            None => "dossier".to_owned(),
        };
        let id = self.id.as_deref().map_or_else(String::new, |id| format!(" [{id}]"));
        let message = self.message.replace('\n', " ");
        format!("{place}: {}: {message}{id}", self.severity.name())
    }

    /// Suggests the nearest name as the remedy, or `otherwise` if there is none.
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
