//! Pushes the data of a session to a server: in bounded batches, resumable, and compared with the server at the end.
//!
//! ```text
//!   survey      what there is, counted        server     where the server accepts data, what it has
//!      │                                         │
//!   batches     bounded, each claim whole     addresses  the conventions of known servers
//!      └────────────────┬────────────────────────┘
//!                    verify   counts of each kind of graph, and a sample of the claims
//! ```
//!
//! A mark in a named graph of its own records how many quads are sent. Each batch carries its mark, so that a server
//! with transactions has either both or neither. The mark is removed once the server has been compared with the data.

mod addresses;
mod batches;
mod errors;
mod queries;
mod server;
mod survey;
mod triple_set;
mod verify;

pub(crate) use batches::BatchLimit;
pub(crate) use survey::{ServerLayout, Survey};

use crate::budget::Limits;
use crate::diagnostic::Result;
use crate::endpoint::{Address, WriteFault, WriteMethod};
use crate::parallel::beside;
use crate::session::Session;
use batches::Batches;
use errors::Sent;
use oxigraph::model::NamedNode;
use queries::{marks, removal};
use server::{Server, Unfinished, Writers};
use verify::Verification;

/// The number of graphs that one request removes.
const REMOVED: usize = 50;

/// The addresses of a server.
pub(crate) struct PushTarget {
    /// The one that answers queries.
    pub endpoint: Address,
    /// The one that runs updates, if it is known.
    pub update: Option<Address>,
    /// The one that accepts quads, if it is known.
    pub graph_store: Option<Address>,
}

/// What to do about data that a server has already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    /// Fail.
    Refuse,
    /// Replace the graphs of the dossier.
    Replace,
    /// Continue an earlier push.
    Resume,
}

/// What happens during a push.
pub(crate) enum PushEvent<'a> {
    /// The server accepts data at an address.
    Opened { address: &'a Address, method: WriteMethod, layout: ServerLayout },
    /// An earlier push continues after so many quads.
    Resumed(u64),
    /// Graphs that the server has are removed.
    Replacing(usize),
    /// The server has so many quads, of all.
    Sent { quads: u64, of: u64 },
    /// The server is compared with the data.
    Verifying,
    /// The mark of the push could not be removed.
    MarkLeft(&'a NamedNode),
}

/// What was pushed.
pub(crate) struct Pushed {
    pub layout: ServerLayout,
    /// The number of quads that were sent now.
    pub quads: u64,
    pub requests: u64,
    /// The number of claims that were compared triple by triple.
    pub sampled: usize,
}

/// Returns the limit of a batch for a way to send data, with so many quads if that is given.
///
/// Servers parse an update as a whole, so that its batches are smaller.
pub(crate) fn batch_limit(method: WriteMethod, quads: Option<usize>) -> BatchLimit {
    let (usual, bytes) = match method {
        WriteMethod::GraphStore => (400_000, 1 << 27),
        WriteMethod::Update => (5_000, 1 << 22),
    };
    // Whoever wants more quads in a batch gets the bytes for them.
    let quads = quads.unwrap_or(usual);
    BatchLimit { quads, bytes: bytes.max(quads.saturating_mul(bytes / usual)) }
}

/// Returns the number of batches and their size in bytes, without a server.
///
/// # Errors
/// Fails if the store fails, or the batches cannot be made.
pub(crate) fn planned(
    session: &Session,
    survey: &Survey,
    layout: ServerLayout,
    limit: BatchLimit,
) -> Result<(u64, u64)> {
    let mut batches = Batches::new(session, survey, layout, limit)?;
    let (mut count, mut bytes) = (0, 0);
    while let Some(batch) = batches.next_batch()? {
        count += 1;
        bytes += batch.bytes as u64;
    }
    Ok((count, bytes))
}

/// Checks that a server answers queries.
///
/// # Errors
/// Fails if it does not.
pub(crate) fn check_server(target: &PushTarget, limits: &Limits) -> Result<()> {
    Server::connect(target, limits).map(drop)
}

/// Pushes the data of a session to a server, and compares the server with it.
///
/// # Errors
/// Fails if the server does not accept the data, has some of it already, or differs at the end; if the store fails; or
/// if the work is stopped.
pub(crate) fn push(
    session: &Session,
    survey: &Survey,
    target: &PushTarget,
    quads_of_batch: Option<usize>,
    existing: Existing,
    on: &mut dyn FnMut(PushEvent<'_>),
) -> Result<Pushed> {
    let server = Server::connect(target, session.limits())?;
    let marker = marker(survey);
    let earlier = server.unfinished(&marker)?;
    if let Some(Unfinished { sent: quads @ 1.., .. }) = earlier
        && existing == Existing::Refuse
    {
        let of = survey.quads(server.layout(&marker)?);
        return Err(errors::unfinished(Sent { quads, of }));
    }
    let resumed = earlier.filter(|earlier| existing == Existing::Resume && earlier.sent > 0);
    let removed = match resumed {
        Some(_) => Vec::new(),
        None => to_remove(&server, survey, existing)?,
    };
    let (mut writers, layout) = server.open(&marker)?;
    let (address, method) = (writers.data.address(), writers.data.method());
    on(PushEvent::Opened { address, method, layout });
    let is_fresh = match earlier {
        Some(earlier) => earlier.is_fresh,
        None => is_fresh(&server, &marker, layout, &writers)?,
    };
    if !removed.is_empty() {
        on(PushEvent::Replacing(removed.len()));
        remove(&server, &mut writers, &removed, layout)?;
    }
    let limit = batch_limit(writers.data.method(), quads_of_batch);
    let mut batches = Batches::new(session, survey, layout, limit)?;
    let mut sent = Sent { quads: 0, of: survey.quads(layout) };
    if let Some(earlier) = resumed {
        batches.skip(earlier.sent)?;
        sent.quads = earlier.sent;
        on(PushEvent::Resumed(earlier.sent));
    }
    let before = sent.quads;
    let mut count = 0;
    let mut next = batches.next_batch()?;
    while let Some(batch) = next {
        let size = batch.quads.len();
        let mut quads = batch.quads;
        quads.ground.extend(marks(&marker, sent.quads + size as u64, None).ground);
        // The next batch is made while the server works on this one.
        let mut following = Ok(None);
        let inserted =
            beside(|| server.insert(&writers, &quads), || following = batches.next_batch());
        inserted.map_err(|fault| match fault {
            WriteFault::Stopped => errors::stopped(server.stopped(), sent),
            fault => errors::batch_failed(&writers.data, &fault, sent, size),
        })?;
        sent.quads += size as u64;
        count += 1;
        on(PushEvent::Sent { quads: sent.quads, of: sent.of });
        next = following.map_err(|error| annotated(error, sent))?;
    }
    on(PushEvent::Verifying);
    let verification = Verification { server: &server, session, survey, layout, is_fresh };
    let (differences, sampled) =
        verification.differences().map_err(|error| annotated(error, sent))?;
    if !differences.is_empty() {
        return Err(errors::mismatch(&target.endpoint, differences));
    }
    if server.remove(&mut writers, &marker).is_err() {
        on(PushEvent::MarkLeft(&marker));
    }
    Ok(Pushed { layout, quads: sent.quads - before, requests: count, sampled })
}

/// Returns the name of the graph that records a push of this data.
fn marker(survey: &Survey) -> NamedNode {
    // (Digits make a valid IRI.)
    NamedNode::new_unchecked(format!("https://w3id.org/dossier/push/{}", survey.digest))
}

/// Returns the graphs to remove from a server before a push begins.
fn to_remove(server: &Server<'_>, survey: &Survey, existing: Existing) -> Result<Vec<NamedNode>> {
    let names: Vec<NamedNode> = survey.graphs.iter().map(|graph| graph.name.clone()).collect();
    let found = server.existing(&names)?;
    if found.is_empty() || existing == Existing::Replace {
        return Ok(found);
    }
    Err(errors::conflict(found.len(), names.len(), existing == Existing::Resume))
}

/// Returns whether the server has nothing where the default graph goes, and records it.
fn is_fresh(
    server: &Server<'_>,
    marker: &NamedNode,
    layout: ServerLayout,
    writers: &Writers,
) -> Result<bool> {
    let is_fresh = server.has_no_triples(layout)?;
    server.insert(writers, &marks(marker, 0, Some(is_fresh))).map_err(|fault| {
        errors::batch_failed(&writers.data, &fault, Sent { quads: 0, of: 0 }, 2)
    })?;
    Ok(is_fresh)
}

/// Removes graphs from a server.
fn remove(
    server: &Server<'_>,
    writers: &mut Writers,
    graphs: &[NamedNode],
    layout: ServerLayout,
) -> Result<()> {
    for names in graphs.chunks(REMOVED) {
        server.update(writers, &removal(names, layout)).map_err(|error| {
            if error.kind.is_stop() { errors::stopped_while_replacing(error) } else { error }
        })?;
    }
    Ok(())
}

/// Adds to the error of stopped work how much the server has.
fn annotated(error: crate::diagnostic::Error, sent: Sent) -> crate::diagnostic::Error {
    if error.kind.is_stop() { errors::stopped(error, sent) } else { error }
}
