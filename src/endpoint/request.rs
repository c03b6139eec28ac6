//! One request to an endpoint, which the caller may abandon.
//!
//! A separate thread sends the request and reads the response, so that the caller can watch the clock. An abandoned
//! request is left to that thread, which ends when the next bytes arrive.

use super::address::Address;
use oxigraph::sparql::CancellationToken;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;
use ureq::http::HeaderMap;
use ureq::http::header::{ACCEPT, ALLOW, AUTHORIZATION, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use ureq::{Agent, RequestBuilder, typestate::WithBody};

/// The interval at which the waiting caller checks whether to go on.
const LOOK: Duration = Duration::from_millis(10);

/// The timeout for connecting. The time for a response is up to the limits.
const CONNECTING: Duration = Duration::from_secs(30);

/// The size of the chunks of a response in bytes, and the most chunks that may wait for the reader.
const CHUNK: usize = 1 << 16;
const CHUNKS: usize = 4;

/// The HTTP status Partial Content.
const PARTIAL: u16 = 206;

/// The status and headers of a response.
pub(super) struct ResponseHead {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body in lower case, without parameters; empty if there is none.
    pub media_type: String,
    /// The target of a redirect.
    pub location: Option<String>,
    /// When to retry: seconds, or a date.
    pub retry_after: Option<String>,
    /// The allowed methods.
    pub allow: Option<String>,
    /// The server's message about incomplete results; empty if the server only marks them as incomplete.
    pub incomplete: Option<String>,
    /// The row limit of the server.
    pub max_rows: Option<usize>,
}

/// Why a request has no response.
pub(super) enum RequestError {
    /// The caller stopped waiting.
    Stopped,
    /// The request failed.
    Failed(ureq::Error),
}

/// A part of a response, as sent by the reading thread.
enum ResponsePart {
    Head(Result<ResponseHead, ureq::Error>),
    Chunk(io::Result<Vec<u8>>),
    End,
}

/// The body of a response. Reading ends with an error when the token is cancelled.
pub(super) struct ResponseBody {
    parts: Receiver<ResponsePart>,
    token: CancellationToken,
    chunk: io::Cursor<Vec<u8>>,
    has_ended: bool,
}

/// Returns the HTTP agent, which reuses connections.
///
/// It does not follow redirects, because it would repeat the request without the query.
pub(super) fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .timeout_resolve(Some(CONNECTING))
        .timeout_connect(Some(CONNECTING))
        .user_agent(concat!("dossier/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}

/// What is sent to a server.
pub(super) enum Message {
    /// A query, as a POST form, which every endpoint supports ([SPARQL 1.1 Protocol,
    /// 2.1.2](https://www.w3.org/TR/sparql11-protocol/#query-via-post-urlencoded)).
    Query(String),
    /// Data or an update, as the body of a POST request with this media type.
    Content { media_type: &'static str, bytes: Vec<u8> },
}

/// Sends a message by POST.
pub(super) fn send(
    agent: &Agent,
    address: &Address,
    message: Message,
    accept: &str,
    token: &CancellationToken,
) -> Result<(ResponseHead, ResponseBody), RequestError> {
    let mut request = agent.post(address.target()).header(ACCEPT, accept);
    if let Some(authorization) = address.authorization() {
        request = request.header(AUTHORIZATION, authorization);
    }
    let (sender, parts) = sync_channel(CHUNKS);
    thread::Builder::new()
        .spawn(move || read(request, &message, &sender))
        .map_err(|error| RequestError::Failed(error.into()))?;
    let mut body = ResponseBody {
        parts,
        token: token.clone(),
        chunk: io::Cursor::default(),
        has_ended: false,
    };
    match body.next() {
        None => Err(RequestError::Stopped),
        Some(ResponsePart::Head(head)) => Ok((head.map_err(RequestError::Failed)?, body)),
        Some(_) => Err(RequestError::Failed(ureq::Error::ConnectionFailed)),
    }
}

/// Sends a request, and passes on the response as long as there is a receiver.
fn read(request: RequestBuilder<WithBody>, message: &Message, sender: &SyncSender<ResponsePart>) {
    let response = match message {
        Message::Query(query) => request.send_form([("query", query.as_str())]),
        Message::Content { media_type, bytes } => {
            request.header(CONTENT_TYPE, *media_type).send(bytes.as_slice())
        }
    };
    let response = match response {
        Ok(response) => response,
        Err(error) => {
            let _ = sender.send(ResponsePart::Head(Err(error)));
            return;
        }
    };
    let head = ResponseHead::new(response.status().as_u16(), response.headers());
    if sender.send(ResponsePart::Head(Ok(head))).is_err() {
        return;
    }
    let mut reader = response.into_body().into_reader();
    loop {
        let mut chunk = vec![0; CHUNK];
        let part = match reader.read(&mut chunk) {
            Ok(0) => ResponsePart::End,
            Ok(read) => {
                chunk.truncate(read);
                ResponsePart::Chunk(Ok(chunk))
            }
            Err(error) => ResponsePart::Chunk(Err(error)),
        };
        let is_last = !matches!(part, ResponsePart::Chunk(Ok(_)));
        if sender.send(part).is_err() || is_last {
            return;
        }
    }
}

impl ResponseHead {
    fn new(status: u16, headers: &HeaderMap) -> Self {
        let text = |name: &str| {
            headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        // Virtuoso sends partial results with this state when a query reaches its time limit.
        let is_partial =
            status == PARTIAL || text("x-sql-state").is_some_and(|s| s.trim() == "S1TAT");
        Self {
            status,
            media_type: media_type(headers),
            location: text(LOCATION.as_str()),
            retry_after: text(RETRY_AFTER.as_str()),
            allow: text(ALLOW.as_str()),
            incomplete: is_partial.then(|| text("x-sql-message").unwrap_or_default()),
            max_rows: text("x-sparql-maxrows").and_then(|most| most.trim().parse().ok()),
        }
    }

    /// Returns whether the server did what it was sent.
    pub(super) const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// Returns whether the body holds results, complete or partial.
    pub(super) const fn has_results(&self) -> bool {
        matches!(self.status, 200 | PARTIAL)
    }
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let whole = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    whole.trim().to_ascii_lowercase()
}

impl ResponseBody {
    /// Returns the next part, or `None` if the token is cancelled first. If the thread ended too early, the response
    /// broke off.
    fn next(&mut self) -> Option<ResponsePart> {
        loop {
            if self.token.is_cancelled() {
                return None;
            }
            match self.parts.recv_timeout(LOOK) {
                Ok(part) => return Some(part),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Some(ResponsePart::Chunk(Err(io::ErrorKind::UnexpectedEof.into())));
                }
            }
        }
    }
}

impl Read for ResponseBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.chunk.read(buffer)?;
            if read > 0 || self.has_ended {
                return Ok(read);
            }
            match self.next() {
                None => return Err(io::ErrorKind::TimedOut.into()),
                Some(ResponsePart::Chunk(chunk)) => self.chunk = io::Cursor::new(chunk?),
                Some(ResponsePart::Head(_) | ResponsePart::End) => self.has_ended = true,
            }
        }
    }
}
