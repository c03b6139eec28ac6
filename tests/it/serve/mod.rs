//! The server: the real program on a free port, asked over raw sockets.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod answers;
pub mod client;
mod command;
mod fuzz;
mod limits;
mod load;
mod negotiation;
mod protocol;
mod security;
