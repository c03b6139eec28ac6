//! A server: a site over HTTP.
//!
//! ```text
//!   connection ─ http ─▶ guard (who may ask) ─▶ Incoming ─▶ queue (a place, or 503)
//!                                                            │
//!                    saved queries, pages: thread ◀──────────┼──────▶ queries of strangers: worker process
//!                                 │                          │                  │ frames over pipes
//!                              Site::receive             deadline          Site::receive
//!                                 └────── delivery ─▶ frames ─▶ body ◀──────────┘
//! ```
//!
//! Language models ask by tools: at `/mcp`, or over the pipes of `dossier mcp`. Their calls run in the same lanes.
//!
//! Before `http`, `strict_heads` spoils requests that another server could read differently. Responses of the first lane
//! that depend on nothing but the request and the data are kept in a cache.
//!
//! The engine looks at its cancellation only when it reads the store, so a query can be written that nothing in the same
//! process can stop. A query of a stranger therefore runs in a [worker](work): the same program, started before it is
//! needed, killed at the deadline, when the client leaves, or when it takes too much memory.

mod body;
mod delivery;
mod frame;
mod guard;
mod http;
mod lanes;
mod log;
#[cfg(feature = "mcp")]
mod mcp;
mod patient;
mod queue;
mod response_cache;
mod server;
mod strict_heads;
mod worker;
mod workers;

pub(crate) use guard::{Host, WebOrigin};
pub(crate) use log::Log;
#[cfg(feature = "mcp")]
pub(crate) use mcp::{ModelOptions, PipeServer, Refresh};
pub(crate) use server::{LiveSite, Server, Settings};
pub(crate) use worker::{WorkerRequest, setup, work};
pub(crate) use workers::WorkerCommand;
