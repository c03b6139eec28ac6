//! A site: a session and how its pages are linked. It answers requests.

use super::address::Address;
use super::answer;
use super::links::Links;
use super::media::Media;
use super::page;
use super::response::Response;
use crate::budget::Limits;
use crate::diagnostic::{Error, ErrorKind};
use crate::session::Session;

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
}

impl Site {
    /// Creates the site of a session.
    pub(crate) const fn new(session: Session, links: Links) -> Self {
        Self { session, links }
    }

    /// Returns the same site, whose answers are limited.
    #[must_use]
    pub(crate) fn with_limits(&self, limits: &Limits) -> Self {
        Self { session: self.session.with_limits(limits), links: self.links.clone() }
    }

    /// Answers a request. What goes wrong is a response too.
    pub(crate) fn respond(&self, request: &Request) -> Response {
        let response = match request.media {
            Media::Html => page::page_of(self, &request.address),
            media => answer::answer_in(self, &request.address, media),
        };
        response.unwrap_or_else(|error| self.problem(&error, request))
    }

    /// Returns the response that explains an error.
    pub(crate) fn problem(&self, error: &Error, _request: &Request) -> Response {
        page::html(status_of(error), page::problem(error, &self.links).into_string())
    }
}

/// Returns the status code of HTTP for an error.
fn status_of(error: &Error) -> u16 {
    match error.kind {
        ErrorKind::Usage => 404,
        ErrorKind::Input => 400,
        ErrorKind::Limit => 503,
        ErrorKind::Store | ErrorKind::Interrupted => 500,
    }
}
