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
#[cfg(feature = "mcp")]
pub(crate) use page::{Kind, hits};
pub(crate) use publish::publish;
pub(crate) use refusal::Refusal;
pub(crate) use response::{Body, Response};
pub(crate) use site::{Site, typed_query};

use crate::session::Session;

/// Returns the status and the page at an address of a server, or the address that it leads to.
pub fn page_at(session: &Session, path: &str, query: Option<&str>) -> (u16, String) {
    let site = Site::new(session.clone(), Links::live(""));
    let response = site.receive(&Incoming {
        method: "GET".to_owned(),
        path: path.to_owned(),
        query: query.map(str::to_owned),
        accept: Some("text/html".to_owned()),
        ..Incoming::default()
    });
    let location = response.headers.into_iter().find(|(name, _)| *name == "location");
    let text = match (location, response.body) {
        (Some((_, location)), _) => location,
        (None, Body::Whole(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
        (None, Body::Streamed(_)) => String::new(),
    };
    (response.status, text)
}
