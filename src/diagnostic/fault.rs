//! Errors at byte ranges of a text.

use super::{Diagnostic, Excerpt};
use std::ops::Range;

/// An error at a byte range, found by code that does not know the name of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The byte range.
    pub span: Range<usize>,
    /// The diagnostic, without its location.
    pub diagnostic: Box<Diagnostic>,
}

impl Fault {
    /// Creates an error from its span, id and message.
    pub(crate) fn new(span: Range<usize>, id: &'static str, message: impl Into<String>) -> Self {
        Self { span, diagnostic: Box::new(Diagnostic::error(id, message)) }
    }

    /// Sets the remedy.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.diagnostic.help = Some(help.into());
        self
    }

    /// Returns the diagnostic with its location in the text.
    pub(crate) fn within(self, origin: &str, text: &str) -> Diagnostic {
        self.diagnostic.at(Excerpt::new(origin, text, self.span))
    }
}
