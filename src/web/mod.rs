//! What stands at each address: pages for people and answers for programs, as values.
//!
//! A [`Request`] is an [`Address`] and a [`Media`] type; a [`Site`] answers it from its session with a [`Response`].
//! [`Incoming`] is a request as HTTP has it, of which the site makes one: it routes and negotiates.
//! Nothing here knows HTTP's connections or threads: `serve` calls it in threads and in worker processes. `publish`
//! writes the same pages to files.
//!
//! ```text
//!   Incoming ┬ path, query ─ address ─────▶ Address ─┐
//!            ├ Accept, suffix ─ negotiation ▶ Media ─┴─▶ Request ─ Site ─▶ Response
//!            │                                                      │
//!            │              page (HTML, with links) ◀───────────────┼──────▶ answer (results, graphs)
//!            └ /sparql, /data, /void ─ protocol ────────────────────┴──────▶ refusal (errors)
//! ```

mod address;
mod answer;
mod assets;
mod incoming;
mod links;
mod media;
mod negotiation;
mod page;
mod protocol;
mod publish;
mod refusal;
mod response;
mod site;

pub(crate) use incoming::Incoming;
pub(crate) use links::Links;
pub(crate) use negotiation::accepts_gzip;
pub(crate) use page::MOST_COMBINATIONS;
pub(crate) use publish::{publish, published_path};
pub(crate) use refusal::Refusal;
pub(crate) use response::{Body, Response};
pub(crate) use site::Site;

use crate::diagnostic::WriteError;
use crate::session::Session;

/// Returns the status and the page at an address of a server, or the address that it leads to. What has no page is
/// returned as JSON.
pub fn page_at(session: &Session, path: &str, query: Option<&str>) -> (u16, String) {
    let accept = Some("text/html, application/json;q=0.1".to_owned());
    let (status, headers, body) = response_to(session, "GET", path, query, accept, None, b"");
    let location = headers.into_iter().find(|(name, _)| *name == "location");
    let body = || String::from_utf8_lossy(&body).into_owned();
    (status, location.map_or_else(body, |(_, location)| location))
}

/// Returns the status, the headers and the body of the response to a request. A response that is not whole has the
/// status 0.
pub fn response_to(
    session: &Session,
    method: &str,
    path: &str,
    query: Option<&str>,
    accept: Option<String>,
    content_type: Option<String>,
    body: &[u8],
) -> (u16, Vec<(&'static str, String)>, Vec<u8>) {
    let site = Site::new(session.clone(), Links::live(None)).with_version(Some("1"));
    let incoming = Incoming {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.map(str::to_owned),
        origin: "http://localhost".to_owned(),
        accept,
        content_type,
        body: body.to_owned(),
        ..Incoming::default()
    };
    let mut response = site.receive(&incoming);
    loop {
        let Response { status, headers, body } = response;
        let write = match body {
            Body::Whole(bytes) => return (status, headers, bytes),
            Body::Streamed(write) => write,
        };
        let mut bytes = Vec::new();
        response = match write(&mut bytes) {
            Ok(()) => return (status, headers, bytes),
            Err(WriteError::Failed(error)) => site.fail(error, &incoming),
            Err(WriteError::Io(_)) => return (0, headers, bytes),
        };
    }
}
