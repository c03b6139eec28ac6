//! The answer to a query of a client.

use super::SPARQL;
use super::operation::ProtocolQuery;
use crate::catalogue::BoundQuery;
use crate::diagnostic::{Error, Result};
use crate::format::Format;
use crate::web::answer::{Options, RESULTS, answer_to, formats_of};
use crate::web::incoming::Incoming;
use crate::web::media::Media;
use crate::web::refusal::Refusal;
use crate::web::response::Response;
use crate::web::site::{
    Site, cacheable, chosen, depends_on_data_only, is_known, not_modified, tagged,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use spargebra::Query;
use spargebra::algebra::QueryDataset;

/// The longest query, in bytes, that is put into an address for a page.
const LONGEST_LINK: usize = 4096;

/// Answers a query.
///
/// # Errors
/// Fails if the query is invalid or uses another endpoint, or no format suits the client.
pub(super) fn answer(
    site: &Site,
    incoming: &Incoming,
    asked: &ProtocolQuery,
    suffix: Option<Media>,
) -> Result<Response, Refusal> {
    let mut query = parsed(site, &asked.text, &incoming.origin)?;
    let is_with_dataset = !asked.default_graphs.is_empty() || !asked.named_graphs.is_empty();
    if is_with_dataset {
        *dataset_of(&mut query.query) = Some(QueryDataset {
            default: asked.default_graphs.clone(),
            named: Some(asked.named_graphs.clone()),
        });
    }
    let mut offers = formats_of(&query.query).to_vec();
    let page = format!("/query?query={}", utf8_percent_encode(&asked.text, NON_ALPHANUMERIC));
    if !is_with_dataset && page.len() <= LONGEST_LINK {
        offers.push(Media::Html);
    }
    let named = asked.format.as_deref().and_then(format).filter(|media| offers.contains(media));
    let media = chosen(incoming, suffix.or(named), &offers)?;
    if media == Media::Html {
        return Ok(Response::see_other(page).with("vary", "Accept"));
    }
    // (A query in a body is not part of the tag.)
    let is_fixed = incoming.is_read() && depends_on_data_only(&query.query);
    let tag = if is_fixed { site.tag(incoming, media) } else { None };
    let response = match &tag {
        Some(tag) if is_known(incoming, tag) => not_modified(),
        _ => {
            let options = Options { cite: asked.cite, safe: asked.safe };
            answer_to(site, query, media, options)
        }
    };
    Ok(cacheable(tagged(response, tag), incoming))
}

/// Parses a query. The base of relative IRIs is the address of the endpoint.
fn parsed(site: &Site, text: &str, origin: &str) -> Result<BoundQuery> {
    let result = site.session.client_query(text);
    let is_relative = |error: &Error| {
        error.problems.iter().any(|problem| problem.id.as_deref() == Some("iri-relative"))
    };
    if !result.as_ref().is_err_and(is_relative) {
        return result;
    }
    let text = format!("BASE <{origin}{SPARQL}>\n{text}");
    site.session.client_query(&text).map_err(|mut error| {
        // The line in the text as it came.
        let places = error.problems.iter_mut().filter_map(|problem| problem.excerpt.as_mut());
        places.for_each(|place| place.line -= 1);
        error
    })
}

fn dataset_of(query: &mut Query) -> &mut Option<QueryDataset> {
    match query {
        Query::Select { dataset, .. }
        | Query::Construct { dataset, .. }
        | Query::Describe { dataset, .. }
        | Query::Ask { dataset, .. } => dataset,
    }
}

/// Returns the format that a client names as for other endpoints: by a suffix, a name or a media type.
fn format(name: &str) -> Option<Media> {
    let of_name = || match Format::from_name(name)? {
        Format::Results(format) => Some(Media::Results(format)),
        Format::Graph(format) => Some(Media::Graph(format)),
    };
    let of_type = || {
        let all = RESULTS.iter().chain(&super::GRAPHS);
        all.copied().find(|media| media.names().contains(&name))
    };
    Media::of_suffix(name).or_else(of_name).or_else(of_type)
}
