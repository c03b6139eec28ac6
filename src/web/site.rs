//! A site: a session and how its pages are linked. It answers requests.

use super::address::{Address, Route};
use super::answer::{self, Options};
use super::incoming::Incoming;
use super::links::Links;
use super::media::Media;
use super::negotiation::preferred;
use super::page;
use super::protocol::{Operation, Service};
use super::refusal::Refusal;
use super::response::{Body, Response};
use crate::budget::Limits;
use crate::cache::Cache;
use crate::catalogue::SavedQuery;
#[cfg(feature = "mcp")]
use crate::check::SharedDoubts;
use crate::cite::untraceable;
use crate::diagnostic::{Error, Result};
use crate::search::{SearchIndex, SharedSearchIndex};
use crate::session::Session;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use spargebra::Query;
use std::sync::Arc;

/// The most rows or triples of a page, and the most rows in formats that are read as a whole.
pub(super) const MOST_ROWS: usize = 10_000;

/// The most saved queries that are kept in memory.
const MOST_SAVED: usize = 1_000;

/// What is asked for: an address in a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// The address.
    pub address: Address,
    /// The format.
    pub media: Media,
}

/// A dossier and its data as pages and answers. Clones share both.
#[derive(Clone)]
pub(crate) struct Site {
    pub(super) session: Session,
    pub(super) links: Links,
    version: Option<Arc<str>>,
    saved: Cache<String, Arc<SavedQuery>>,
    /// The most rows or triples of an answer, if the format does not decide.
    pub(super) most_rows: Option<usize>,
    search: SharedSearchIndex,
    #[cfg(feature = "mcp")]
    doubts: SharedDoubts,
}

impl Site {
    /// Creates the site of a session.
    pub(crate) fn new(session: Session, links: Links) -> Self {
        let saved = Cache::new(MOST_SAVED);
        Self {
            session,
            links,
            version: None,
            saved,
            most_rows: None,
            search: SharedSearchIndex::default(),
            #[cfg(feature = "mcp")]
            doubts: SharedDoubts::default(),
        }
    }

    /// Returns the same site with the version of its data, which clients can compare with that of earlier answers.
    #[must_use]
    pub(crate) fn with_version(self, version: Option<&str>) -> Self {
        Self { version: version.map(Into::into), ..self }
    }

    /// Returns the same site, whose answers to queries have at most so many rows or triples in any format.
    #[must_use]
    pub(crate) fn with_most_rows(self, most_rows: Option<usize>) -> Self {
        Self { most_rows, ..self }
    }

    /// Returns the same site, whose answers are limited.
    #[must_use]
    pub(crate) fn with_limits(&self, limits: &Limits) -> Self {
        Self { session: self.session.with_limits(limits), ..self.clone() }
    }

    /// Returns the index of what can be found.
    ///
    /// # Errors
    /// Fails if the saved queries or the texts cannot be read, or the store fails.
    pub(super) fn search_index(&self) -> Result<&SearchIndex> {
        self.search.of(&self.session)
    }

    /// Returns the index of what can be found, for what shares the session.
    #[cfg(feature = "mcp")]
    pub(crate) const fn shared_search_index(&self) -> &SharedSearchIndex {
        &self.search
    }

    /// Returns the doubts about claims, for what shares the session.
    #[cfg(feature = "mcp")]
    pub(crate) const fn shared_doubts(&self) -> &SharedDoubts {
        &self.doubts
    }

    /// Returns the saved query with a name. Each is read once: a changed file belongs to another site.
    ///
    /// # Errors
    /// Fails if there is none, or it is invalid.
    pub(super) fn saved_query(&self, name: &str) -> Result<Arc<SavedQuery>> {
        self.saved.get_or_find(name, || {
            Ok((name.to_owned(), Arc::new(self.session.catalogue().get(name)?)))
        })
    }

    /// Returns the session.
    #[cfg(feature = "mcp")]
    pub(crate) const fn session(&self) -> &Session {
        &self.session
    }

    /// Answers a request. What goes wrong is a response too.
    pub(crate) fn respond(&self, request: &Request) -> Response {
        self.answer(request, Options::of_saved()).unwrap_or_else(|refusal| {
            refusal.response(&self.links, request.media.names().first().copied())
        })
    }

    fn answer(&self, request: &Request, options: Options) -> Result<Response, Refusal> {
        let Request { address, media } = request;
        let response = match media {
            Media::Html => page::page_of(self, address),
            media => answer::answer_in(self, address, *media, options),
        };
        response.map_err(|error| refused_at(address, error))
    }

    /// Returns whether a request holds a query that a stranger wrote, which may take any time and memory.
    pub(crate) fn is_ad_hoc(incoming: &Incoming) -> bool {
        match Service::at(&incoming.path) {
            Some((Service::Sparql, _)) => {
                matches!(Operation::of(incoming), Ok(Operation::Query(_)))
            }
            Some(_) => false,
            // The page for queries of the reader's own, however its path is written.
            None => matches!(
                Address::route(&incoming.path, incoming.query.as_deref()),
                Route::Found(Address::Query(text) | Address::Layout(text), _) if !text.is_empty()
            ),
        }
    }

    /// The path at which tests have work panic.
    #[cfg(test)]
    pub(crate) const INJECTED_PANIC: &str = "/injected-panic";

    /// Answers a request of HTTP.
    pub(crate) fn receive(&self, incoming: &Incoming) -> Response {
        #[cfg(test)]
        if incoming.path == Self::INJECTED_PANIC {
            std::panic::panic_any("injected");
        }
        let response = match Service::at(&incoming.path) {
            Some((service, suffix)) => service.answer(self, incoming, suffix),
            None => self.resource(incoming),
        };
        response.unwrap_or_else(|refusal| self.refuse(&refusal, incoming))
    }

    /// Returns the response to a request that failed.
    pub(crate) fn fail(&self, error: Error, incoming: &Incoming) -> Response {
        self.refuse(&Refusal::from(error), incoming)
    }

    /// Returns the response to a request that is refused.
    pub(crate) fn refuse(&self, refusal: &Refusal, incoming: &Incoming) -> Response {
        refusal.response(&self.links, incoming.accept.as_deref())
    }

    /// Answers a request for something that has an address.
    fn resource(&self, incoming: &Incoming) -> Result<Response, Refusal> {
        if !incoming.is_read() {
            return Err(Refusal::method(&incoming.method, "GET, HEAD"));
        }
        let (query, options, switches) = Options::taken_from(incoming.query.as_deref())?;
        let query = Some(query.as_str()).filter(|query| !query.is_empty());
        let (address, suffix) = match Address::route(&incoming.path, query) {
            Route::Found(address, suffix) => (address, suffix),
            Route::Moved(address) => {
                let suffix = match Address::route(&incoming.path, None) {
                    Route::Found(_, suffix) => suffix,
                    _ => None,
                };
                return Ok(Response::see_other(address.path(suffix) + &switches));
            }
            Route::Unknown => return Err(Refusal::nothing_here(&incoming.path)),
        };
        if matches!(address, Address::Asset(_)) {
            let request = Request { address, media: Media::Html };
            let response = self.answer(&request, Options::of_saved())?;
            // The name of an asset changes with its content.
            return Ok(response.with("cache-control", "public, max-age=31536000, immutable"));
        }
        let offers = answer::offers(self, &address).map_err(|error| refused_at(&address, error))?;
        let media = chosen(incoming, suffix, &offers)?;
        let tag = self.tag(incoming, media).filter(|_| self.is_fixed(&address));
        let request = Request { address, media };
        let response = match &tag {
            Some(tag) if is_known(incoming, tag) => not_modified(),
            _ => self.answer(&request, options)?,
        };
        let Request { address, .. } = request;
        let response = tagged(response, tag);
        let response = cacheable(response, incoming);
        Ok(linked(response, &address, media, &offers))
    }

    /// Returns whether the same data always means the same response at an address.
    fn is_fixed(&self, address: &Address) -> bool {
        match address {
            Address::Question { name, .. } => {
                self.saved_query(name).is_ok_and(|saved| depends_on_data_only(&saved.query))
            }
            Address::Query(text) => self
                .session
                .client_query(text)
                .is_ok_and(|query| depends_on_data_only(&query.query)),
            _ => true,
        }
    }

    /// Returns the tag of the response to a request, or `None` if the version of the data is unknown.
    pub(super) fn tag(&self, incoming: &Incoming, media: Media) -> Option<String> {
        let version = self.version.as_deref()?;
        let mut hash = Sha256::new();
        for part in [
            version,
            env!("CARGO_PKG_VERSION"),
            &incoming.origin,
            &incoming.path,
            incoming.query.as_deref().unwrap_or_default(),
            media.content_type(),
        ] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let hash = BASE64_URL_SAFE_NO_PAD.encode(&hash.finalize()[..12]);
        // (Weak: a compressed response has the same tag.)
        Some(format!("W/\"{hash}\""))
    }
}

/// Returns the format of a response: that of the suffix, else the one that the client prefers.
///
/// # Errors
/// Fails if it is not on offer.
pub(super) fn chosen(
    incoming: &Incoming,
    suffix: Option<Media>,
    offers: &[Media],
) -> Result<Media, Refusal> {
    let chosen = match suffix {
        Some(media) => Some(media).filter(|media| offers.contains(media)),
        None => preferred(incoming.accept.as_deref(), offers),
    };
    chosen.ok_or_else(|| Refusal::not_acceptable(offers))
}

/// Returns whether the client has the response with a tag.
pub(super) fn is_known(incoming: &Incoming, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    incoming.if_none_match.as_deref().is_some_and(|known| {
        known.trim() == "*" || known.split(',').any(|known| opaque(known) == opaque(tag))
    })
}

/// Returns the response to a client that has it already.
pub(super) const fn not_modified() -> Response {
    Response { status: 304, headers: Vec::new(), body: Body::Whole(Vec::new()) }
}

/// Returns a response with its tag, unless it says that something is wrong.
pub(super) fn tagged(response: Response, tag: Option<String>) -> Response {
    match tag {
        Some(tag) if matches!(response.status, 200 | 304) => response.with("etag", tag),
        _ => response,
    }
}

/// Returns a response that caches may keep if they ask each time whether it is still the same. What readers typed, which
/// stands in query strings and bodies, is for their own caches alone.
pub(super) fn cacheable(response: Response, incoming: &Incoming) -> Response {
    let is_typed = !incoming.is_read() || incoming.query.as_ref().is_some_and(|q| !q.is_empty());
    let control = if is_typed { "private, no-cache" } else { "no-cache" };
    response.with("cache-control", control).with("vary", "Accept, Accept-Encoding")
}

/// Returns whether a query has the same results as long as the data is the same: it asks no other endpoint, and neither
/// the clock nor chance.
pub(super) fn depends_on_data_only(query: &Query) -> bool {
    untraceable(query).is_none()
}

/// Returns a response with links to its alternatives.
fn linked(response: Response, address: &Address, media: Media, offers: &[Media]) -> Response {
    let plain = address.path(None);
    let link = |other: &Media| {
        let path = address.path(Some(*other));
        let kind = answer::media_type_of(address, *other);
        (path != plain).then(|| format!("<{path}>; rel=\"alternate\"; type=\"{kind}\""))
    };
    let links = offers.iter().filter(|other| **other != media).filter_map(link);
    links.fold(response, |response, link| response.with("link", link))
}

/// Returns the refusal for an error at an address. An unknown name is an unknown address.
fn refused_at(address: &Address, error: Error) -> Refusal {
    let is_unknown =
        error.problems.first().and_then(|problem| problem.id.as_deref()) == Some("name-unknown");
    let mut refusal = Refusal::from(error);
    if is_unknown && !matches!(address, Address::Question { .. }) {
        refusal.status = 404;
    }
    refusal
}
