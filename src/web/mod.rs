//! What stands at each address: pages for people and answers for programs, as values.
//!
//! A [`Request`] is an [`Address`] and a [`Media`] type; a [`Site`] answers it from its session with a [`Response`].
//! Nothing here knows HTTP's connections or threads: `serve` calls it in threads and in worker processes. `publish`
//! writes the same pages to files.
//!
//! ```text
//!   path, query ─ address ─▶ Address ─┐
//!   Accept, suffix ─ media ─▶ Media ──┴─▶ Request ─ Site ─▶ Response
//!                                                    │
//!                     page (HTML, with links) ◀──────┼──────▶ answer (results, graphs), problem (errors)
//! ```

mod address;
mod answer;
mod assets;
mod links;
mod media;
mod page;
mod publish;
#[allow(dead_code, clippy::type_complexity, reason = "the server uses all of it")]
mod response;
#[allow(dead_code, reason = "the server uses all of it")]
mod site;

pub(crate) use address::{Address, Route};
pub(crate) use links::Links;
pub(crate) use media::Media;
pub(crate) use page::MOST_COMBINATIONS;
pub(crate) use publish::publish;
pub(crate) use response::{Body, Response};
pub(crate) use site::{Request, Site};

use crate::session::Session;

/// Returns the status and the page at an address of a server, or the address that it leads to.
pub fn page_at(session: &Session, path: &str, query: Option<&str>) -> (u16, String) {
    let site = Site::new(session.clone(), Links::live(""));
    let request = match Address::route(path, query) {
        Route::Found(address, _) => Request { address, media: Media::Html },
        Route::Moved(address) => return (303, address.path(None)),
        Route::Unknown => return (404, String::new()),
    };
    let response = site.respond(&request);
    match response.body {
        Body::Whole(bytes) => (response.status, String::from_utf8_lossy(&bytes).into_owned()),
        Body::Streamed(_) => (response.status, String::new()),
    }
}
