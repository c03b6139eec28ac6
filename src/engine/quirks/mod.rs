//! What is worked around in Oxigraph, each in one place.

mod functions;
mod literal_forms;
mod long_decimal;
mod size;
mod sort_key;
mod sorting;
mod zero_length;

pub use literal_forms::Respelled;
pub(crate) use literal_forms::{stored_form, stored_term};
pub(crate) use long_decimal::LongDecimal;
pub(crate) use size::check_size;
pub use sorting::SORT_KEY;
pub(crate) use sorting::prepared;
