//! A worker, seen from inside: it takes one request, and answers it.

use super::delivery::deliver;
use super::frame::Frame;
use crate::diagnostic::Error;
use crate::web::{Incoming, Site};
use std::io::{self, Read, Write};

/// The request of a worker.
pub(crate) struct WorkerRequest {
    incoming: Incoming,
}

/// Reads what the server sent to set the worker up. Returns `None` if the server has ended.
///
/// # Errors
/// Fails if the input does, or is something else.
pub(crate) fn setup(input: &mut dyn Read) -> io::Result<Option<Vec<u8>>> {
    match Frame::read(input)? {
        Some(Frame::Setup(setup)) => Ok(Some(setup)),
        None => Ok(None),
        Some(_) => Err(io::ErrorKind::InvalidData.into()),
    }
}

impl WorkerRequest {
    /// Says that the data is loaded, and waits for the request. Returns `None` if the server has ended.
    ///
    /// # Errors
    /// Fails if the input or the output does.
    pub(crate) fn wait(input: &mut dyn Read, out: &mut dyn Write) -> io::Result<Option<Self>> {
        Frame::Ready.write(out)?;
        let (request, body) = match (Frame::read(input)?, Frame::read(input)?) {
            (Some(Frame::Request(request)), Some(Frame::Body(body))) => (request, body),
            (None, _) => return Ok(None),
            _ => return Err(io::ErrorKind::InvalidData.into()),
        };
        let incoming: Incoming = serde_json::from_slice(&request)?;
        Ok(Some(Self { incoming: Incoming { body, ..incoming } }))
    }
}

/// Answers a request.
///
/// # Errors
/// Fails if the server does not take the answer.
pub(crate) fn work(site: &Site, request: &WorkerRequest, out: &mut dyn Write) -> io::Result<()> {
    let incoming = &request.incoming;
    let explain = |error: Error| site.fail(error, incoming);
    deliver(site.receive(incoming), incoming.gzip, &explain, &mut |frame| frame.write(out))
}
