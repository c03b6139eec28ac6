//! A request as HTTP has it, without its connection: what a thread and a worker process answer alike.

use serde::{Deserialize, Serialize};

/// A request of HTTP.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Incoming {
    /// The method.
    pub method: String,
    /// The path, percent-encoded.
    pub path: String,
    /// The query string.
    pub query: Option<String>,
    /// The scheme and the authority that the client used, such as `http://localhost:3840`.
    pub origin: String,
    /// The value of `Accept`.
    pub accept: Option<String>,
    /// The value of `Content-Type`.
    pub content_type: Option<String>,
    /// The value of `If-None-Match`.
    pub if_none_match: Option<String>,
    /// Whether the response may be compressed.
    pub gzip: bool,
    /// The body.
    #[serde(skip)]
    pub body: Vec<u8>,
}

impl Incoming {
    /// Returns whether the request only reads what stands at an address.
    pub(crate) fn is_read(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD")
    }
}
