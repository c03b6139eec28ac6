//! The server: the real program on a free port, asked over raw sockets.

mod answers;
mod client;
mod command;
mod limits;
mod negotiation;
mod protocol;
mod security;
