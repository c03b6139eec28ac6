//! Saved queries: front matter, parameters, binding of arguments, expected answers. Also ad-hoc queries, and patterns for
//! the statements of claims.

mod ad_hoc;
mod annotate;
mod arguments;
mod bound_query;
mod expected;
mod folder;
mod front_matter;
mod json;
mod parameter;
mod pattern;
mod saved_query;
mod shell_word;

pub(crate) use ad_hoc::bind_ad_hoc;
pub use arguments::Parameter;
pub(crate) use arguments::expected_one_of;
pub use bound_query::BoundQuery;
pub use expected::Expected;
pub(crate) use expected::UnwritableTerm;
pub use folder::Catalogue;
pub use front_matter::FrontMatter;
pub(crate) use front_matter::{ignored_line, split_front_matter};
pub(crate) use json::write_json;
pub(crate) use parameter::typed_variable;
pub use parameter::{Declaration, ValueType};
pub(crate) use pattern::{Pattern, PatternValues};
pub use saved_query::SavedQuery;
pub(crate) use shell_word::in_shell;
