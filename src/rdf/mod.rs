//! Files of RDF: how they are read, written, formatted and compared. Nothing here sees a store.

pub mod diff;
pub(crate) mod fmt;
pub(crate) mod read;
pub(crate) mod write;
