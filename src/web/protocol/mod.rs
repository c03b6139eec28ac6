//! What programs ask: the [SPARQL 1.1 Protocol](https://www.w3.org/TR/sparql11-protocol/) for queries, its service
//! description, the graphs of the store, statistics, and a description of the saved queries.
//!
//! ```text
//!   /sparql        queries; without one, the service description
//!   /data          the graphs, by the Graph Store Protocol; only reading
//!   /void          statistics as VoID, and the saved queries as `sh:SPARQLExecutable`
//!   /openapi.json  the saved queries as OpenAPI
//! ```

mod description;
mod fields;
mod graph_store;
mod openapi;
mod operation;
mod query;
mod void;

pub(super) use operation::Operation;

use super::incoming::Incoming;
use super::media::Media;
use super::refusal::Refusal;
use super::response::Response;
use super::site::Site;
use crate::format::GraphFormat;

/// What stands at an address for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    Sparql,
    GraphStore,
    Void,
    OpenApi,
}

/// The path of the endpoint.
pub(super) const SPARQL: &str = "/sparql";

/// The formats of a graph, the preferred one first.
pub(super) const GRAPHS: [Media; 6] = [
    Media::Graph(GraphFormat::Turtle),
    Media::Graph(GraphFormat::NTriples),
    Media::Graph(GraphFormat::RdfXml),
    Media::Graph(GraphFormat::JsonLd),
    Media::Graph(GraphFormat::TriG),
    Media::Graph(GraphFormat::NQuads),
];

impl Service {
    /// Returns the service at a path, and the format that a suffix of it names.
    pub(super) fn at(path: &str) -> Option<(Self, Option<Media>)> {
        if path == "/openapi.json" {
            return Some((Self::OpenApi, None));
        }
        let (name, suffix) = match path.rsplit_once('.') {
            Some((name, suffix)) if !suffix.contains('/') => {
                (name, Some(Media::of_suffix(suffix)?))
            }
            _ => (path, None),
        };
        let service = match name {
            SPARQL => Self::Sparql,
            // The results that the page for queries shows, in another format.
            "/query" if !matches!(suffix, None | Some(Media::Html)) => Self::Sparql,
            "/data" => Self::GraphStore,
            "/void" | "/.well-known/void" => Self::Void,
            _ => return None,
        };
        Some((service, suffix))
    }

    /// Answers a request.
    ///
    /// # Errors
    /// Fails if the request is refused.
    pub(super) fn answer(
        self,
        site: &Site,
        incoming: &Incoming,
        suffix: Option<Media>,
    ) -> Result<Response, Refusal> {
        if self == Self::Sparql {
            return match Operation::of(incoming)? {
                Operation::Describe => description::answer(site, incoming, suffix),
                Operation::Query(query) => query::answer(site, incoming, &query, suffix),
            };
        }
        if !incoming.is_read() {
            return Err(Refusal::method(&incoming.method, "GET, HEAD"));
        }
        match self {
            Self::Sparql | Self::GraphStore => graph_store::answer(site, incoming, suffix),
            Self::Void => void::answer(site, incoming, suffix),
            Self::OpenApi => openapi::answer(site, incoming),
        }
    }
}
