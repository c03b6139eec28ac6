//! What is worked around in Oxigraph, and in other libraries where only the text of a message tells what went wrong.
//!
//! [`QUIRKS`] is the page to read when one of them is upgraded. `tests/it/quirks.rs` asks the bare engine about each
//! quirk and fails where the engine no longer has it, where the workaround is missing, and where a crate has become
//! another version than the list speaks of.

mod barriers;
mod by_graph;
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

pub(crate) use literal_forms::LiteralForms;
pub(crate) use literal_forms::{stored_form, stored_term};
pub(crate) use long_decimal::LongDecimal;
pub use register::{QUIRKS, Workaround};
pub(super) use register::{rewrite, rewrite_again};
pub(crate) use size::check_size;
pub(crate) use sorting::SORT_KEY;
pub(crate) use sorting::prepared;
