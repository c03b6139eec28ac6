//! Answers for programs: what stands at an address, in a format of results or of graphs.

use super::address::Address;
use super::media::Media;
use super::page;
use super::response::{Body, Response};
use super::site::Site;
use crate::answer::write::Terms;
use crate::cite::CitationOptions;
use crate::diagnostic::{Result, WriteError, error};
use crate::format::Format;

/// Answers a request in a format that is not a page.
///
/// # Errors
/// Fails if nothing has the name, or the format does not suit it.
pub(super) fn answer_in(site: &Site, address: &Address, media: Media) -> Result<Response> {
    match address {
        Address::Question { name, arguments } => question(site, name, arguments, media),
        Address::Picture(drawing) => {
            let (_, svg) = page::drawn(site, *drawing)?;
            Ok(Response::new(200, media.content_type(), Body::Whole(svg.into_bytes())))
        }
        _ => Err(error!("name-unknown", "nothing stands here").usage()),
    }
}

fn question(
    site: &Site,
    name: &str,
    arguments: &[(String, String)],
    media: Media,
) -> Result<Response> {
    let saved = site.session.catalogue().get(name)?;
    let query = site.session.bind(&saved, arguments)?;
    let session = site.session.clone();
    let format = match media {
        Media::Results(format) => Some(Format::Results(format)),
        Media::Graph(format) => Some(Format::Graph(format)),
        Media::Html | Media::Picture(_) => None,
    };
    let body = Body::Streamed(Box::new(move |out| -> Result<(), WriteError> {
        let answer = session.answer(&query, None, Some(CitationOptions::default()))?;
        session.write(answer, format, Terms::Iri, out)
    }));
    Ok(Response::new(200, media.content_type(), body))
}
