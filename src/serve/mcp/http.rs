//! Models over HTTP: `/mcp` of a server, without sessions and with plain JSON as responses.

use super::desk::{Desk, ModelOptions};
use super::handler::Handler;
use crate::serve::lanes::Lanes;
use crate::serve::server::LiveSite;
use crate::web::{Body, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use std::sync::Arc;

/// What stands at `/mcp`.
pub(in crate::serve) struct ModelEndpoint(StreamableHttpService<Handler, NeverSessionManager>);

/// The headers of a response that are passed on.
const HEADERS: [&str; 3] = ["content-type", "allow", "mcp-protocol-version"];

impl ModelEndpoint {
    /// Its path.
    pub(in crate::serve) const PATH: &'static str = "/mcp";

    /// Creates the endpoint.
    pub(in crate::serve) fn new(site: LiveSite, lanes: Arc<Lanes>, options: ModelOptions) -> Self {
        let handler = Handler(Arc::new(Desk::new(site, lanes, options)));
        // (The guard of the server knows who may ask; it has looked before.)
        let config = StreamableHttpServerConfig::default()
            .disable_allowed_hosts()
            .disable_allowed_origins()
            .with_legacy_session_mode(false)
            .with_json_response(true);
        let sessions = Arc::new(NeverSessionManager::default());
        Self(StreamableHttpService::new(move || Ok(handler.clone()), sessions, config))
    }

    /// Answers a request. If the future is dropped, the work is stopped.
    pub(in crate::serve) async fn answer(&self, request: hyper::Request<Vec<u8>>) -> Response {
        let request = request.map(|body| Full::new(Bytes::from(body)));
        let (head, body) = self.0.handle(request).await.into_parts();
        // (No response is a stream: the handler sends nothing before its result.)
        let body = match body.collect().await {
            Ok(body) => body.to_bytes().to_vec(),
            Err(never) => match never {},
        };
        let value = |name: &'static str| {
            let value = head.headers.get(name)?.to_str().ok()?.to_owned();
            Some((name, value))
        };
        let mut headers: Vec<(&'static str, String)> =
            HEADERS.into_iter().filter_map(value).collect();
        headers.push(("cache-control", "no-store".to_owned()));
        Response { status: head.status.as_u16(), headers, body: Body::Whole(body) }
    }
}
