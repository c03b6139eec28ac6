//! A server: a site over HTTP.

mod http;

pub(crate) use http::{Server, serve};
