//! The pages, as HTML. Text is escaped by the type of the markup.

mod layout;
mod overview;
mod problem;

pub(super) use problem::problem;

use super::address::Address;
use super::media::Media;
use super::response::{Body, Response};
use super::site::Site;
use crate::diagnostic::{Result, error};

/// Returns the page at an address.
///
/// # Errors
/// Fails if nothing has the name, or the page cannot be made.
pub(super) fn page_of(site: &Site, address: &Address) -> Result<Response> {
    let page = match address {
        Address::Overview => overview::overview(site)?,
        _ => return Err(error!("name-unknown", "nothing stands here").usage()),
    };
    let body = Body::Whole(page.into_string().into_bytes());
    Ok(Response::new(200, Media::Html.content_type(), body))
}
