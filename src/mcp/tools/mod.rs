//! The tools: a file for each, or for a group that shares its work.

pub(super) mod drafting;
pub(super) mod few;
pub(super) mod find;
pub(super) mod read;
pub(super) mod saved;
pub(super) mod schema;
pub(super) mod show;
pub(super) mod sparql;
