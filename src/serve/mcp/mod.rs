//! Language models as clients: `mcp` bound to the protocol, over HTTP and over pipes.
//!
//! ```text
//!   /mcp of a server ─ http ──┐
//!                             ├─▶ handler (the protocol's library) ─▶ desk ─▶ lanes ─▶ mcp::Call
//!   dossier mcp ──── pipes ───┘
//! ```

mod changes;
mod desk;
mod handler;
mod http;
mod pipes;
mod values;

pub(crate) use desk::{ModelOptions, Refresh};
pub(super) use http::ModelEndpoint;
pub(crate) use pipes::PipeServer;
