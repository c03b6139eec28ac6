//! SPARQL text: its tokens, the diagnostics of its syntax, and the serializer that turns algebra into text.

mod edits;
pub(crate) mod lexer;
mod serializer;
mod syntax;

pub(crate) use edits::with_edits;
pub use serializer::to_sparql;
pub(crate) use serializer::{pattern_to_text, to_ascii_sparql};
pub use syntax::{declared_prefixes, is_complete, parse};
pub(crate) use syntax::{explain_turtle, parse_among};
