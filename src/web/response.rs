//! Responses as values: a status, headers, and a body that may be written later.

use crate::diagnostic::WriteError;
use crate::write_whole::WriteWhole;

/// A response.
pub(crate) struct Response {
    /// The status code of HTTP.
    pub status: u16,
    /// The headers, with their names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Body,
}

/// Writes the body of a response.
pub(crate) type WriteBody = Box<dyn FnOnce(&mut dyn WriteWhole) -> Result<(), WriteError> + Send>;

/// The body of a response.
pub(crate) enum Body {
    /// All of it.
    Whole(Vec<u8>),
    /// What writes it. An error after the first byte means that the response is not whole: whoever sends it must not
    /// end it as if it were.
    Streamed(WriteBody),
}

impl Response {
    /// Returns a response with a body.
    pub(crate) fn new(status: u16, content_type: &str, body: Body) -> Self {
        Self { status, headers: vec![("content-type", content_type.to_owned())], body }
    }

    /// Returns a response that leads to another address.
    pub(crate) fn see_other(location: String) -> Self {
        Self { status: 303, headers: vec![("location", location)], body: Body::Whole(Vec::new()) }
    }

    /// Returns the same response with another header.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
