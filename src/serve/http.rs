//! HTTP: a request becomes a value, and frames become its response.

use super::body::FrameBody;
use super::guard::{Admitted, Guard, preflight_headers, security_headers};
use super::lanes::{Answer, Lanes};
use super::log::{Entry, Log};
#[cfg(feature = "mcp")]
use super::mcp::ModelEndpoint;
use super::response_cache::KnownResponse;
use super::server::LiveSite;
use crate::diagnostic::error;
use crate::web::{Body, Incoming, Refusal, Response, accepts_gzip};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming as IncomingBody;
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap,
    HeaderName, HeaderValue, IF_NONE_MATCH, TRANSFER_ENCODING, VARY,
};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// The longest body of a request, in bytes, and how long a client may take for it.
const LONGEST_BODY: usize = 1_000_000;
const BODY_TIME: Duration = Duration::from_secs(30);

/// What all requests share.
pub(super) struct Shared {
    pub site: LiveSite,
    pub guard: Guard,
    pub lanes: Arc<Lanes>,
    #[cfg(feature = "mcp")]
    pub models: ModelEndpoint,
    pub log: Log,
}

/// Answers a request.
pub(super) async fn respond(
    shared: Arc<Shared>,
    request: hyper::Request<IncomingBody>,
) -> Result<hyper::Response<FrameBody>, Infallible> {
    let (site, generation) = shared.site.current();
    let uri = request.uri();
    let query = uri.query().filter(|_| shared.lanes.settings.logs_queries);
    let entry = Entry::new(Arc::clone(&shared.log), request.method().as_str(), uri.path(), query);
    let is_head = request.method() == hyper::Method::HEAD;
    // What follows a body of unknown length is not read as another request: it may have been smuggled in.
    let is_last = request.headers().contains_key(TRANSFER_ENCODING);
    let mut incoming = incoming_of(&request);
    let admitted = shared.guard.admit(uri.authority(), request.headers());
    let reader = admitted.as_ref().ok().and_then(|admitted| admitted.reader.clone());
    let answer = answer(&shared, site.clone(), generation, request, admitted, &mut incoming).await;
    let mut response = match answer {
        Ok(Reply::Answer(answer)) => arriving(answer, is_head, entry),
        Ok(Reply::Known(known)) => known_before(known, is_head, entry),
        Ok(Reply::Preflight) => preflight(reader.is_some(), entry),
        #[cfg(feature = "mcp")]
        Ok(Reply::Model(response)) => whole(response, is_head, entry),
        Err(refusal) => {
            let is_closing = matches!(refusal.status, 400 | 403 | 408 | 413 | 415);
            let mut response = whole(site.refuse(&refusal, &incoming), is_head, entry);
            if is_closing {
                // (Its body may not have been read.)
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            response
        }
    };
    if is_last {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    protect(response.headers_mut(), shared.guard.has_readers(), reader.as_deref());
    Ok(response)
}

/// What a request is answered with.
enum Reply {
    Answer(Answer),
    Known(KnownResponse),
    Preflight,
    #[cfg(feature = "mcp")]
    Model(Response),
}

async fn answer(
    shared: &Shared,
    site: crate::web::Site,
    generation: u64,
    request: hyper::Request<IncomingBody>,
    admitted: Result<Admitted, Refusal>,
    incoming: &mut Incoming,
) -> Result<Reply, Refusal> {
    let Admitted { origin, reader } = admitted?;
    incoming.origin = origin;
    if request.method() == hyper::Method::OPTIONS {
        return match reader {
            Some(_) => Ok(Reply::Preflight),
            None => Err(Refusal::method("OPTIONS", "GET, HEAD, POST, QUERY")),
        };
    }
    #[cfg(feature = "mcp")]
    if incoming.path == ModelEndpoint::PATH {
        let mut model_request = hyper::Request::new(());
        *model_request.method_mut() = request.method().clone();
        *model_request.headers_mut() = request.headers().clone();
        let body = body_of(request).await?;
        return Ok(Reply::Model(shared.models.answer(model_request.map(|()| body)).await));
    }
    if !incoming.is_read() {
        incoming.body = body_of(request).await?;
    }
    if let Some(known) = shared.lanes.known(incoming, generation) {
        return Ok(Reply::Known(known));
    }
    shared.lanes.answer(site, generation, incoming.clone()).await.map(Reply::Answer)
}

fn incoming_of(request: &hyper::Request<IncomingBody>) -> Incoming {
    let headers = request.headers();
    // A list of several lines is one list.
    let list = |name: HeaderName| {
        let values: Vec<&str> =
            headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    };
    Incoming {
        method: request.method().as_str().to_owned(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().map(str::to_owned),
        origin: String::new(),
        accept: list(ACCEPT),
        content_type: list(CONTENT_TYPE),
        if_none_match: list(IF_NONE_MATCH),
        gzip: list(ACCEPT_ENCODING).is_some_and(|accepted| accepts_gzip(&accepted)),
        body: Vec::new(),
    }
}

/// Reads the body of a request.
async fn body_of(request: hyper::Request<IncomingBody>) -> Result<Vec<u8>, Refusal> {
    let headers = request.headers();
    let is_encoded = headers.get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity");
    if is_encoded {
        let problem =
            error!("request-media-type", "the body is compressed").help("send it as it is");
        return Err(Refusal::new(415, problem));
    }
    let too_long = || {
        let problem =
            error!("request-too-long", "the body is longer than 1 MB").help("send a shorter query");
        Refusal::new(413, problem)
    };
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|n| n > LONGEST_BODY) {
        return Err(too_long());
    }
    let body = Limited::new(request.into_body(), LONGEST_BODY).collect();
    match tokio::time::timeout(BODY_TIME, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes().into()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_long()),
        Ok(Err(_)) => {
            let problem = error!("request-body", "the body of the request broke off")
                .help("send as many bytes as `Content-Length` says");
            Err(Refusal::new(400, problem))
        }
        Err(_) => {
            let problem = error!("request-body", "the body of the request did not arrive in time")
                .help("send it within 30 s");
            Err(Refusal::new(408, problem))
        }
    }
}

/// Returns the response to an answer that arrives.
fn arriving(answer: Answer, is_head: bool, entry: Entry) -> hyper::Response<FrameBody> {
    let Answer { head, frames, stop } = answer;
    let entry = entry.with_status(head.status);
    let headers = head.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let body = if is_head {
        drop(stop);
        FrameBody::whole(Vec::new(), entry.without_body())
    } else {
        FrameBody::arriving(frames, head.length, entry, stop)
    };
    let mut response = built(head.status, headers, body);
    if is_head && let Some(length) = head.length {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    response
}

/// Returns a response that was sent before.
fn known_before(known: KnownResponse, is_head: bool, entry: Entry) -> hyper::Response<FrameBody> {
    let KnownResponse { head, body } = known;
    let length = body.len();
    let entry = entry.with_status(head.status);
    let body = if is_head || length == 0 {
        FrameBody::whole(Vec::new(), entry.without_body())
    } else {
        FrameBody::whole(body, entry)
    };
    let headers = head.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let mut response = built(head.status, headers, body);
    if is_head {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    response
}

/// Returns a response that is whole.
fn whole(response: Response, is_head: bool, entry: Entry) -> hyper::Response<FrameBody> {
    let Response { status, headers, body } = response;
    let bytes = match body {
        Body::Whole(bytes) if !is_head => bytes,
        _ => Vec::new(),
    };
    let body = FrameBody::whole(bytes, entry.with_status(status).without_body());
    built(status, headers.iter().map(|(name, value)| (*name, value.as_str())), body)
}

fn preflight(is_allowed: bool, entry: Entry) -> hyper::Response<FrameBody> {
    let body = FrameBody::whole(Vec::new(), entry.with_status(204).without_body());
    let mut response = built(204, std::iter::empty(), body);
    if is_allowed {
        for (name, value) in preflight_headers() {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

fn built<'a>(
    status: u16,
    headers: impl Iterator<Item = (&'a str, &'a str)>,
    body: FrameBody,
) -> hyper::Response<FrameBody> {
    let mut response = hyper::Response::new(body);
    *response.status_mut() =
        hyper::StatusCode::from_u16(status).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        // A value that cannot be a header, as it has a line break, is left out.
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

fn protect(headers: &mut HeaderMap, has_readers: bool, reader: Option<&str>) {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_owned();
    for (name, value) in security_headers(&content_type, has_readers, reader) {
        // A response may know better what it needs; `vary` is a list.
        let is_known = headers.contains_key(&name) && name != VARY;
        if let Ok(value) = value.parse::<HeaderValue>()
            && !is_known
        {
            headers.append(name, value);
        }
    }
}
