//! A worker, seen from inside: it takes one request, of a page or of a tool, and answers it.

use super::delivery::deliver;
use super::frame::Frame;
#[cfg(feature = "mcp")]
use super::frame::Head;
use crate::diagnostic::Error;
#[cfg(feature = "mcp")]
use crate::mcp::Call;
use crate::web::{Incoming, Site};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// The request of a worker.
pub(crate) struct WorkerRequest(Task);

/// What a worker does.
#[derive(Serialize, Deserialize)]
pub(super) enum Task {
    /// Answers a request of HTTP, whose body follows.
    Page(Incoming),
    /// Calls a tool. The body of the response is the result as JSON.
    #[cfg(feature = "mcp")]
    Tool(Call),
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
        let task = match serde_json::from_slice(&request)? {
            Task::Page(incoming) => Task::Page(Incoming { body, ..incoming }),
            #[cfg(feature = "mcp")]
            Task::Tool(call) => Task::Tool(call),
        };
        Ok(Some(Self(task)))
    }
}

/// Answers a request.
///
/// # Errors
/// Fails if the server does not take the answer.
pub(crate) fn work(site: &Site, request: &WorkerRequest, out: &mut dyn Write) -> io::Result<()> {
    match &request.0 {
        Task::Page(incoming) => {
            let explain = |error: Error| site.fail(error, incoming);
            deliver(site.receive(incoming), incoming.gzip, &explain, &mut |frame| frame.write(out))
        }
        #[cfg(feature = "mcp")]
        Task::Tool(call) => {
            let (index, doubts) = (site.shared_search_index(), site.shared_doubts());
            let result = call.perform(site.session(), index, doubts);
            let result = serde_json::to_vec(&result)?;
            Frame::Head(Head { status: 200, ..Head::default() }).write(out)?;
            Frame::Data(result).write(out)?;
            Frame::End.write(out)
        }
    }
}
