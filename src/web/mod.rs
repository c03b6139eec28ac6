//! What stands at each address: pages for people and answers for programs, as values.
//!
//! A [`Request`] is an [`Address`] and a [`Media`] type; a [`Site`] answers it from its session with a [`Response`].
//! [`Incoming`] is a request as HTTP has it, of which the site makes one: it routes and negotiates.
//! Nothing here knows HTTP's connections or threads: `serve` calls it in threads and in worker processes, `publish`
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
mod incoming;
mod links;
mod media;
mod negotiation;
mod page;
mod protocol;
mod refusal;
mod response;
mod site;

pub(crate) use incoming::Incoming;
pub(crate) use links::Links;
pub(crate) use negotiation::accepts_gzip;
pub(crate) use refusal::Refusal;
pub(crate) use response::{Body, Response};
pub(crate) use site::Site;
