//! Files of RDF: how they are read, written, formatted and compared. Nothing here sees a store.

pub mod diff;
pub mod fmt;
pub mod read;
pub mod write;
