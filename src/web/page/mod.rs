//! The pages, as HTML. Text is escaped by the type of the markup; what links lead to is checked in `term` and
//! [`links`](super::links).
//!
//! ```text
//!   overview  question  query  document  thing  claim  search  picture  problem    a page each
//!              │ form, variants
//!              └ results ┘     segments    statement
//!                                  ▼
//!              layout  notes  message  code  term                                      what they share
//! ```

mod claim;
mod code;
mod completion;
mod document;
mod form;
mod layout;
mod message;
mod notes;
mod overview;
mod picture;
mod problem;
mod query;
mod question;
mod results;
mod search;
mod segments;
mod statement;
mod term;
mod thing;
mod variants;

pub(super) use completion::completion;
pub(super) use document::FORMATS as DOCUMENT_FORMATS;
pub(super) use picture::{FORMATS as PICTURE_FORMATS, drawn};
pub(super) use problem::problem;
pub(super) use question::title_of;
pub(super) use term::{address_of, name_of};
pub(crate) use variants::MOST_COMBINATIONS;
pub(super) use variants::variants;

use super::address::Address;
use super::assets::asset;
use super::media::Media;
use super::response::{Body, Response};
use super::site::Site;
use crate::diagnostic::{Result, error};

/// Returns the page at an address.
///
/// # Errors
/// Fails if nothing has the name, or the page cannot be made.
pub(super) fn page_of(site: &Site, address: &Address) -> Result<Response> {
    let (status, page) = match address {
        Address::Overview => (200, overview::overview(site)?),
        Address::Question { name, arguments } => question::question(site, name, arguments)?,
        Address::Thing(name) => (200, thing::thing(site, name)?),
        Address::Document(name) => (200, document::document(site, name)?),
        Address::Claim(name) => (200, claim::claim(site, name)?),
        Address::Picture(drawing) => (200, picture::picture(site, *drawing)?),
        Address::Search(words) => (200, search::search(site, words)?),
        Address::Query(text) => query::query(site, text)?,
        Address::Layout(text) => query::laid_out(site, text)?,
        Address::Asset(name) => return asset_of(name),
        Address::Completion { .. } => {
            return Err(error!("format-unsuitable", "proposals are not available as a page")
                .help("ask for JSON")
                .usage());
        }
    };
    Ok(html(status, page.into_string()))
}

/// Returns the response with a page.
pub(super) fn html(status: u16, page: String) -> Response {
    Response::new(status, Media::Html.content_type(), Body::Whole(page.into_bytes()))
}

/// Returns the response with a file that pages use.
fn asset_of(name: &str) -> Result<Response> {
    let Some(asset) = asset(name) else {
        return Err(error!("address-unknown", "there is no file `{name}`")
            .help("the page at `/` shows what there is")
            .usage());
    };
    let body = Body::Whole(asset.text.clone().into_bytes());
    Ok(Response::new(200, asset.content_type, body))
}
