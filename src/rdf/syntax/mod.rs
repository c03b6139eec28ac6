//! Reads the text of Turtle, TriG, N-Triples and N-Quads with its comments and positions, which the RDF parser does not
//! report. The parser decides what is valid; this only reads what the parser has accepted.
//!
//! ```text
//!   outline  positions     what each file says about an IRI, and where; where each statement stands
//!      └──┬─────┘
//!       reader ── term     IRIs, literals and blank nodes, as they are written; prefixes and bases
//!         │
//!       token              the end of each token, comments included
//! ```

mod outline;
mod positions;
mod reader;
mod term;
mod token;

pub(crate) use outline::Outline;
pub(crate) use positions::each_statement;
pub(super) use reader::{TextItem, TokenReader, before_gap};
pub(super) use token::TurtleTokenKind;
pub(crate) use token::comments_of;
