//! Reads, writes, formats and compares RDF files. Nothing here depends on a store.

pub mod diff;
pub(crate) mod fmt;
pub(crate) mod read;
pub(crate) mod syntax;
pub(crate) mod write;
