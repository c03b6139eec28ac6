//! Saved queries: front matter, parameters, binding of arguments, expected answers; and queries that are typed.

mod ad_hoc;
mod arguments;
mod bound;
mod expected;
mod folder;
mod front_matter;
mod parameter;
mod saved;
mod shell_word;

pub use ad_hoc::{ask_ad_hoc, parse_ad_hoc};
pub use arguments::{Parameter, ResolveIri};
pub use bound::Asked;
pub use expected::Expected;
pub use folder::Catalogue;
pub use front_matter::{FrontMatter, ParameterNotes, Scalar, Scalars};
pub use parameter::{Declaration, ValueType};
pub use saved::SavedQuery;
pub use shell_word::in_shell;
