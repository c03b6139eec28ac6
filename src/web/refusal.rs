//! Refusals: an error with the status of HTTP, and its description as a page or as
//! [problem details](https://www.rfc-editor.org/rfc/rfc9457).

use super::links::Links;
use super::media::Media;
use super::negotiation::preferred_of;
use super::page;
use super::response::{Body, Response};
use crate::diagnostic::{Diagnostic, Error, ErrorKind, error};
use serde::Serialize;

/// An error and the status of HTTP.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    /// The status code.
    pub status: u16,
    /// The error.
    pub error: Error,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
}

impl Refusal {
    /// Creates a refusal.
    pub(crate) fn new(status: u16, problem: Diagnostic) -> Self {
        Self { status, error: problem.usage(), headers: Vec::new() }
    }

    /// Returns the same refusal with another header.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Creates the refusal of a method. `allowed` are those that are possible.
    pub(crate) fn method(method: &str, allowed: &'static str) -> Self {
        let problem = error!("request-method", "`{method}` is not possible here")
            .help(format!("use one of {allowed}"));
        Self::new(405, problem).with("allow", allowed)
    }

    /// Creates the refusal of an address at which there is nothing.
    pub(crate) fn nothing_here(path: &str) -> Self {
        let problem = error!("address-unknown", "there is nothing at `{path}`")
            .help("the page at `/` shows what there is");
        Self::new(404, problem)
    }

    /// Creates the refusal of a request whose client accepts no format on offer.
    pub(crate) fn not_acceptable(offers: &[Media]) -> Self {
        let names: Vec<&str> = offers.iter().map(|media| media.names()[0]).collect();
        let problem = error!("format-not-offered", "the answer is not available in this format")
            .help(format!("use one of {}", names.join(", ")));
        Self::new(406, problem)
    }

    /// Returns the response, as a page if the client prefers one.
    pub(crate) fn response(&self, links: &Links, accept: Option<&str>) -> Response {
        // (A client that accepts neither is better served with an explanation than without one.)
        let offers = [PROBLEM, HTML];
        let wanted = preferred_of(accept, &offers, |names| names);
        let response = if wanted == Some(&HTML) {
            let page = page::problem(&self.error, links).into_string().into_bytes();
            Response::new(self.status, Media::Html.content_type(), Body::Whole(page))
        } else {
            let text = details(self.status, &self.error);
            Response::new(self.status, PROBLEM[0], Body::Whole(text))
        };
        let response = response.with("cache-control", "no-store").with("vary", "Accept");
        self.headers.iter().fold(response, |all, (name, value)| all.with(name, value.clone()))
    }
}

/// The media types of a page and of problem details. Clients that accept JSON can read the latter.
const HTML: &[&str] = &["text/html", "application/xhtml+xml"];
const PROBLEM: &[&str] = &[
    "application/problem+json",
    "application/json",
    "application/sparql-results+json",
    "application/ld+json",
];

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let refusal = Self { status: status_of(&error), error, headers: Vec::new() };
        if refusal.status == 503 { refusal.with("retry-after", "5") } else { refusal }
    }
}

/// Returns the status code of HTTP for an error.
fn status_of(error: &Error) -> u16 {
    let id = error.problems.first().and_then(|problem| problem.id.as_deref()).unwrap_or_default();
    match (error.kind, id) {
        (_, "sparql-update" | "service-refused") => 403,
        (_, "address-unknown" | "query-unknown" | "document-unknown" | "claim-unknown") => 404,
        (ErrorKind::Usage, "format-unsuitable") => 406,
        (ErrorKind::Usage | ErrorKind::Input, _) => 400,
        (ErrorKind::Limit, _) => 503,
        (ErrorKind::Store | ErrorKind::Interrupted, _) => 500,
    }
}

/// Problem details.
#[derive(Serialize)]
struct Details<'a> {
    title: &'static str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    /// All of them, if there are several.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    problems: &'a [Diagnostic],
}

/// Returns the problem details of an error, as JSON.
fn details(status: u16, error: &Error) -> Vec<u8> {
    let problems = error.problems.as_slice();
    let first = problems.first();
    let place = first.and_then(|problem| problem.excerpt.as_deref());
    let details = Details {
        title: title(status),
        status,
        detail: first.map_or("", |problem| &problem.message),
        id: first.and_then(|problem| problem.id.as_deref()),
        line: place.map(|place| place.line),
        column: place.map(|place| place.column),
        help: first.and_then(|problem| problem.help.as_deref()),
        problems: if problems.len() > 1 { problems } else { &[] },
    };
    let mut text = serde_json::to_vec(&details).unwrap_or_default();
    text.push(b'\n');
    text
}

/// Returns the phrase for a status code.
const fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}
