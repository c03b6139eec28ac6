//! Queries as values: their syntax and why a text is none, saved ones with their front matter and parameters, arguments
//! bound in the algebra, and the writer that turns the algebra back into text. Nothing here sees a store.

mod ad_hoc;
mod arguments;
mod asked;
mod catalogue;
mod expected;
mod front_matter;
mod parameter;
mod saved;
mod shell_word;

pub use ad_hoc::{ask_ad_hoc, parse_ad_hoc};
pub use arguments::{Parameter, ResolveIri};
pub use asked::Asked;
pub use catalogue::Catalogue;
pub use expected::Expected;
pub use front_matter::{FrontMatter, ParameterNotes, Scalar, Scalars};
pub use parameter::{Declaration, ValueType};
pub use saved::SavedQuery;
pub use shell_word::in_shell;
