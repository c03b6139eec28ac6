//! What is wrong with some bytes of a text.

use super::{Diagnostic, Excerpt};
use std::ops::Range;

/// An error at some bytes of a text whose name whoever found it does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The bytes.
    pub span: Range<usize>,
    /// What is wrong there, without its place.
    pub diagnostic: Box<Diagnostic>,
}

impl Fault {
    /// An error with nothing but its place, its id and its message.
    pub(crate) fn new(span: Range<usize>, id: &'static str, message: impl Into<String>) -> Self {
        Self { span, diagnostic: Box::new(Diagnostic::error(id, message)) }
    }

    /// Says what to do about it.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.diagnostic.help = Some(help.into());
        self
    }

    /// The error, with its place in the text.
    pub(crate) fn within(self, origin: &str, text: &str) -> Diagnostic {
        self.diagnostic.at(Excerpt::new(origin, text, self.span))
    }
}
