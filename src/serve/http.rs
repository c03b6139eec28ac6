//! Connections: each request is routed, answered in a thread, and its response sent.

use crate::budget::Cancellation;
use crate::web::{Address, Body, Media, Request, Response, Route, Site};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::time::Duration;

/// How often it is looked at whether the server is to stop.
const LOOK: Duration = Duration::from_millis(50);

/// What a server listens on and answers from.
pub(crate) struct Server {
    /// The site.
    pub site: Site,
    /// Where it listens.
    pub listener: TcpListener,
}

/// Serves until the work is stopped.
///
/// # Errors
/// Fails if the system refuses to listen.
pub(crate) fn serve(server: Server, cancellation: &Cancellation) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        server.listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(server.listener)?;
        loop {
            let (stream, _) = tokio::select! {
                accepted = listener.accept() => accepted?,
                () = tokio::time::sleep(LOOK) => {
                    if cancellation.stopped().is_some() { return Ok(()) }
                    continue;
                }
            };
            let site = server.site.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request| answer(site.clone(), request));
                // A connection that breaks concerns nobody but its client.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    })
}

async fn answer(
    site: Site,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let (address, media) = match Address::route(request.uri().path(), request.uri().query()) {
        Route::Found(address, media) => (address, media.unwrap_or(Media::Html)),
        Route::Moved(address) => return Ok(sent(Response::see_other(address.path(None)))),
        Route::Unknown => (Address::Asset(String::new()), Media::Html),
    };
    let request = Request { address, media };
    let done = tokio::task::spawn_blocking(move || sent(site.respond(&request))).await;
    Ok(done.unwrap_or_else(|_| {
        sent(Response::new(500, "text/plain; charset=utf-8", Body::Whole(Vec::new())))
    }))
}

fn sent(response: Response) -> hyper::Response<Full<Bytes>> {
    let mut builder = hyper::Response::builder().status(response.status);
    for (name, value) in response.headers {
        builder = builder.header(name, value);
    }
    let body = match response.body {
        Body::Whole(bytes) => bytes,
        Body::Streamed(write) => {
            let mut bytes = Vec::new();
            let _ = write(&mut bytes);
            bytes
        }
    };
    builder.body(Full::new(Bytes::from(body))).unwrap_or_default()
}
