//! SPARQL text: its tokens, its tree, its colours, the diagnostics of its syntax, its layout, and the serializer that
//! turns algebra into text.

mod edits;
mod highlight;
mod layout;
pub(crate) mod lexer;
mod serializer;
mod syntax;
pub(crate) mod tree;

pub(crate) use edits::with_edits;
pub(crate) use highlight::Highlight;
pub use highlight::highlighted;
pub use layout::format_query;
pub use serializer::to_sparql;
pub(crate) use serializer::{pattern_to_text, to_ascii_sparql};
pub(crate) use syntax::{
    ParsedQuery, begins_query, begins_request, clause_of, declarations, explain_turtle, functions,
    keywords_after, parse_among, tree_of,
};
pub use syntax::{declared_prefixes, is_accepted, is_complete, parse};
