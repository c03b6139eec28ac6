//! Workarounds for Oxigraph, and for other libraries whose errors can be distinguished only by the text of their
//! messages.
//!
//! Read [`QUIRKS`] before upgrading one of these libraries. `tests/it/quirks.rs` runs each quirk on the bare engine. It
//! fails if the engine no longer has the quirk, if the workaround is missing, or if the version of the crate differs
//! from the list.

mod barriers;
mod by_graph;
mod counts;
mod functions;
mod literal_forms;
mod long_decimal;
mod merge;
mod minus;
mod paths;
mod register;
mod size;
mod solutions;
mod sort_key;
mod sorting;
mod zero_length;

pub(super) use functions::{compiled_pattern, has_long_numbers, lower_case_language};
pub(crate) use literal_forms::LiteralForms;
pub(crate) use literal_forms::{stored_form, stored_term};
pub(crate) use long_decimal::LongDecimal;
pub use register::{QUIRKS, Workaround};
pub(super) use register::{rewrite, rewrite_again};
pub(crate) use size::check_size;
pub(super) use sort_key::{long_number_parts, number_parts, sort_key};
pub(crate) use sorting::SORT_KEY;
pub(crate) use sorting::prepared;
