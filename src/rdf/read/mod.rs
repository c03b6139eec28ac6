//! Reads RDF files: formats, compression, limits and the location of errors.

mod batch;
mod blank_nodes;
mod bounds;
mod compression;
mod contexts;
mod error;
mod file;
mod input;
mod json_ld;
mod language_tags;
mod lines;
mod page;
mod rdf_xml;
mod read_ahead;
mod statements;
mod stream;
mod whole_file;

pub(crate) use batch::SkippedStatements;
pub(crate) use blank_nodes::{BlankNodeNames, keep_apart};
pub(crate) use bounds::BoundedLines;
pub use compression::Compression;
pub use contexts::Contexts;
pub(crate) use error::{json_problem, unreadable};
pub use file::RdfFile;
pub(crate) use file::format_of;
pub use input::{Again, Origin, RdfInput};
pub(crate) use language_tags::LanguageTags;
pub use read_ahead::ReadAhead;
pub use stream::RdfStream;
pub(crate) use stream::ReadOptions;
pub use whole_file::read_file;
